#include "sqlite/foreign_keys.hpp"

#include <cstdlib>
#include <cstring>

#include "core/text.hpp"

namespace schemagen::sqlite {
namespace {

using core::same_ignoring_case;
using core::Words;

std::string lower(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

void add(Names& names, std::string_view name) {
  if (!holds(names, name)) names.push_back(lower(name));
}

bool mentions_references(std::string_view script) {
  constexpr std::string_view kWord = "references";
  for (; script.size() >= kWord.size(); script.remove_prefix(1)) {
    if (same_ignoring_case(script.substr(0, kWord.size()), kWord)) return true;
  }
  return false;
}

using Keys = std::vector<const std::string*>;

int compare_keys(const void* a, const void* b) {
  return (*static_cast<const std::string* const*>(a))
      ->compare(**static_cast<const std::string* const*>(b));
}

Keys sorted(const Names& names) {
  Keys keys;
  keys.reserve(names.size());
  for (const std::string& name : names) keys.push_back(&name);
  std::qsort(keys.data(), keys.size(), sizeof keys[0], compare_keys);
  return keys;
}

// Those of `found` that are not in `before`; one that is twice in `found` must
// be twice in it.
Names fresh_keys(const Names& found, const Names& before) {
  Names fresh;
  const Keys olds = sorted(before);
  std::size_t at = 0;
  for (const std::string* key : sorted(found)) {
    while (at < olds.size() && *olds[at] < *key) ++at;
    if (at < olds.size() && *olds[at] == *key) {
      ++at;
    } else {
      fresh.push_back(*key);
    }
  }
  return fresh;
}

}  // namespace

void ForeignKeyWatch::listen(bool on) {
  if (engine_.handle() == nullptr || !engine_.is_owned()) return;
  sqlite3_set_authorizer(engine_.handle(), on ? &authorize : nullptr, this);
}

int ForeignKeyWatch::authorize(void* self, int action, const char* first,
                               const char* second, const char* schema,
                               const char*) {
  auto* watch = static_cast<ForeignKeyWatch*>(self);
  // Code of the program, before or after a script, may change tables as well.
  if (!watch->is_heard_ &&
      (action == SQLITE_CREATE_TABLE || action == SQLITE_DROP_TABLE ||
       action == SQLITE_ALTER_TABLE)) {
    watch->forget();
  }
  if (watch->is_heard_ && first != nullptr &&
      (schema == nullptr || strcmp(schema, "temp") != 0)) {
    watch->hear(action, first, second);
  }
  return SQLITE_OK;
}

void ForeignKeyWatch::hear(int action, std::string_view first,
                           const char* second) {
  if (action == SQLITE_DROP_INDEX && second != nullptr) {
    add(parents_, second);
  }
  if (core::starts_with(first, "sqlite_")) return;
  const bool drops = action == SQLITE_DROP_TABLE;
  const bool creates = action == SQLITE_CREATE_TABLE;
  const bool updates = action == SQLITE_UPDATE;
  if (updates || creates || action == SQLITE_INSERT) add(children_, first);
  if (updates || drops || action == SQLITE_DELETE) add(parents_, first);
  if (drops || creates) add(reshaped_, first);
}

// ALTER says its kind only in its words: adding a column cannot harm those who
// refer to the table, every other form can.
void ForeignKeyWatch::note_statement(std::string_view sql) {
  Words words(sql);
  if (!words.take("ALTER") || !words.take("TABLE")) return;
  std::string table = words.name();
  add(children_, table);
  add(reshaped_, table);
  if (words.take("ADD")) return;
  add(parents_, table);
  if (!words.take("RENAME")) return;
  forget();
  if (words.take("TO")) rename(table, words.next());
}

void ForeignKeyWatch::rename(std::string_view from, std::string_view to) {
  for (std::string& child : children_) {
    if (same_ignoring_case(child, from)) child = lower(to);
  }
  add(parents_, to);
  renames_.push_back({lower(from), lower(to)});
}

bool ForeignKeyWatch::enter() {
  Query query(engine_, "PRAGMA main.data_version");
  const std::int64_t version = query.next() ? query.number(0) : -1;
  if (version != data_version_) forget();
  data_version_ = version;
  return engine_.ok();
}

bool ForeignKeyWatch::begin(std::string_view script) {
  for (Names* names :
       {&children_, &parents_, &reshaped_, &tables_before_, &before_}) {
    names->clear();
  }
  renames_.clear();
  makes_links_ = mentions_references(script);
  knows_before_ = wants_before_;
  wants_before_ = false;
  if (knows_before_) {
    if (!read_links() ||
        !engine_.list(tables_before_,
                      "SELECT name FROM main.sqlite_master WHERE type = "
                      "'table'")) {
      return false;
    }
    Names all;
    for (const Link& link : links_) add(all, link.child);
    for (const std::string& table : all) {
      if (!add_violations(table, before_)) return false;
    }
  }
  resume();
  return true;
}

// A table without the word in its text has no keys; asking each of a thousand
// tables for them would cost more than the migrations do.
bool ForeignKeyWatch::read_links() {
  links_.clear();
  Query query(engine_,
              "SELECT m.name, f.\"table\" FROM main.sqlite_master AS m, "
              "pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table' AND "
              "instr(lower(m.sql), 'references') > 0");
  while (query.next()) {
    links_.push_back({lower(query.text(0)), lower(query.text(1))});
  }
  links_known_ = engine_.ok();
  return links_known_;
}

bool ForeignKeyWatch::has_links(std::string_view table) const {
  for (const Link& link : links_) {
    if (link.child == table) return true;
  }
  return false;
}

bool ForeignKeyWatch::read_links_of(const std::string& table) {
  for (std::size_t i = links_.size(); i-- > 0;) {
    if (links_[i].child != table) continue;
    links_[i] = std::move(links_.back());
    links_.pop_back();
  }
  Query query(engine_, "SELECT \"table\" FROM pragma_foreign_key_list(%Q)",
              table.c_str());
  while (query.next()) links_.push_back({table, lower(query.text(0))});
  return engine_.ok();
}

Names ForeignKeyWatch::suspects() const {
  Names tables;
  for (const Link& link : links_) {
    if (!engine_.is_owned() || holds(children_, link.child) ||
        holds(parents_, link.parent)) {
      add(tables, link.child);
    }
  }
  return tables;
}

bool ForeignKeyWatch::finish(bool& again) {
  pause();
  if (engine_.is_owned() && children_.empty() && parents_.empty()) return true;
  if (!links_known_ || !engine_.is_owned()) {
    if (!read_links()) return false;
  } else {
    for (const std::string& table : reshaped_) {
      if ((makes_links_ || has_links(table)) && !read_links_of(table)) {
        return false;
      }
    }
  }
  Names found;
  for (const std::string& table : suspects()) {
    bool hit = false;
    if (!has_violation(table, hit)) return false;
    if (!hit) continue;
    if (!knows_before_) {
      wants_before_ = true;
      again = true;
      return true;
    }
    if (!add_violations(table, found)) return false;
  }
  Names fresh = fresh_keys(found, before_);
  if (fresh.empty()) return true;
  for (std::string& key : fresh) {
    for (char& c : key) {
      if (c == '\x1f') c = ' ';
    }
  }
  return engine_.failure().refuse(
      ErrorCode::refused,
      "it leaves rows that refer to nothing: %s; delete or "
      "mend them in the script",
      core::listed(fresh, 5).c_str());
}

// A parent that lost its key makes the check itself fail: a violation too.
bool ForeignKeyWatch::has_violation(const std::string& table, bool& hit) {
  Cell one;
  if (engine_.cell(one, "SELECT 1 FROM pragma_foreign_key_check(%Q) LIMIT 1",
                   table.c_str())) {
    hit = one.has_value();
    return true;
  }
  hit = strstr(engine_.failure()->database_text.c_str(),
               "foreign key mismatch") != nullptr;
  if (hit) engine_.failure().take();
  return hit;
}

// Tables may be renamed and keys renumbered by the script, so a violation is
// known by its table's first name, its row and the values that lead nowhere.
bool ForeignKeyWatch::add_violations(const std::string& table, Names& found) {
  Query query(engine_, "SELECT rowid, fkid FROM pragma_foreign_key_check(%Q)",
              table.c_str());
  while (query.next()) {
    std::string key = origin_of(table);
    key += "\x1f";
    const Cell row = query.cell(0);
    if (!row) {
      key += "without rowid";
    } else {
      Cell columns;
      Cell values;
      if (!engine_.cell(columns,
                        "SELECT group_concat(printf(' || '' '' || "
                        "quote(\"%%w\")', \"from\"), '') FROM (SELECT \"from\" "
                        "FROM pragma_foreign_key_list(%Q) WHERE id = %s ORDER "
                        "BY seq)",
                        table.c_str(), query.text(1)) ||
          !engine_.cell(values, "SELECT ''%s FROM \"%w\" WHERE rowid = %s",
                        columns ? columns->c_str() : "", table.c_str(),
                        row->c_str())) {
        return false;
      }
      key +=
          core::print("row %s:%s", row->c_str(), values ? values->c_str() : "");
    }
    found.push_back(std::move(key));
  }
  if (!engine_.ok()) found.push_back(engine_.failure().take()->database_text);
  return true;
}

std::string ForeignKeyWatch::origin_of(const std::string& table) const {
  std::string name = table;
  for (auto it = renames_.rbegin(); it != renames_.rend(); ++it) {
    if (it->parent == name) name = it->child;
  }
  // The fresh table of a rebuild has no past of its own.
  return holds(tables_before_, name) ? name : table;
}

}  // namespace schemagen::sqlite
