#include "sqlite/foreign_keys.hpp"

#include <cstdlib>
#include <cstring>

#include "core/text.hpp"

namespace schemagen::sqlite {
namespace {

using core::same_ignoring_case;
using core::Words;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view name) {
  std::string text = core::copy_of(name);
  for (char& c : text) c = lower(c);
  return text;
}

// Whether a name in lower case sorts before `name`, in whatever case; behind
// the last letter comes its NUL. Every script asks this of every reference of
// the schema, so it makes no string.
bool sorts_before(const std::string& lowered, std::string_view name) {
  std::size_t i = 0;
  for (const char each : name) {
    const char c = lower(each);
    if (lowered[i] != c) return lowered[i] < c;
    ++i;
  }
  return false;
}

bool mentions_references(std::string_view script) {
  constexpr std::string_view kWord = "references";
  for (; script.size() >= kWord.size(); script.remove_prefix(1)) {
    if (same_ignoring_case(core::part_of(script, 0, kWord.size()), kWord))
      return true;
  }
  return false;
}

using Keys = std::vector<const std::string*>;

int compare_keys(const void* a, const void* b) {
  return (*static_cast<const std::string* const*>(a))
      ->compare(**static_cast<const std::string* const*>(b));
}

Keys sorted(const Names& names) {
  Keys keys(names.size());
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = &names[i];
  if (!keys.empty()) {
    std::qsort(keys.data(), keys.size(),
               sizeof keys[0],  // NOLINT: pointers are what it sorts
               compare_keys);
  }
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
      core::append(fresh, *key);
    }
  }
  return fresh;
}

// A name cannot hold a NUL.
std::string link_start(std::string_view child) {
  std::string link = lower(child);
  link += '\0';
  return link;
}

}  // namespace

std::size_t NameSet::place(std::string_view name) const {
  std::size_t low = 0;
  std::size_t high = names_.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (sorts_before(names_[middle], name)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

bool NameSet::has(std::string_view name) const {
  const std::size_t at = place(name);
  return at < names_.size() && same_ignoring_case(names_[at], name);
}

void NameSet::add(std::string_view name) {
  if (has(name)) return;
  std::string added = lower(name);
  const std::size_t at = place(added);
  core::append(names_, added);
  for (std::size_t i = names_.size() - 1; i > at; --i) {
    names_[i] = std::move(names_[i - 1]);
  }
  names_[at] = std::move(added);
}

bool NameSet::has_start(const std::string& start) const {
  const std::size_t at = place(start);
  return at < names_.size() && core::starts_with(names_[at], start);
}

bool NameSet::take(const std::string& start) {
  if (!has_start(start)) return false;
  do {
    names_.erase(names_.begin() + static_cast<std::ptrdiff_t>(place(start)));
  } while (has_start(start));
  return true;
}

void ForeignKeyWatch::listen(const char* history_table) {
  history_ = history_table;
  if (engine_.handle() == nullptr || !engine_.is_owned()) return;
  sqlite3_set_authorizer(engine_.handle(),
                         history_table == nullptr ? nullptr : &authorize, this);
}

int ForeignKeyWatch::authorize(void* self, int action, const char* first,
                               const char* second, const char* schema,
                               const char*) {
  auto* watch = static_cast<ForeignKeyWatch*>(self);
  for (const char* name : {first, second}) {
    if (name != nullptr && same_ignoring_case(name, watch->history_)) {
      watch->heard_history_ = true;
    }
  }
  // Code of the program, before or after a script, may change tables as well.
  if (!watch->is_heard_ &&
      (action == SQLITE_CREATE_TABLE || action == SQLITE_DROP_TABLE ||
       action == SQLITE_ALTER_TABLE)) {
    watch->forget();
  }
  if (watch->is_heard_ && first != nullptr &&
      (schema == nullptr || !same_ignoring_case(schema, "temp"))) {
    watch->hear(action, first, second);
  }
  return SQLITE_OK;
}

void ForeignKeyWatch::hear(int action, std::string_view first,
                           const char* second) {
  if (action == SQLITE_DROP_INDEX && second != nullptr) {
    parents_.add(second);
  }
  if (core::starts_with(first, "sqlite_")) return;
  const bool drops = action == SQLITE_DROP_TABLE;
  const bool creates = action == SQLITE_CREATE_TABLE;
  // REPLACE, which takes rows away, is told as an INSERT.
  const bool writes = action == SQLITE_UPDATE || action == SQLITE_INSERT;
  if (writes || creates) children_.add(first);
  if (writes || drops || action == SQLITE_DELETE) parents_.add(first);
  if (drops || creates) reshaped_.add(first);
}

// ALTER says its kind only in its words: adding a column cannot harm those who
// refer to the table, every other form can.
void ForeignKeyWatch::note_statement(std::string_view sql) {
  Words words(sql);
  if (!words.take("ALTER") || !words.take("TABLE")) return;
  std::string table = words.name();
  children_.add(table);
  reshaped_.add(table);
  if (words.take("ADD")) return;
  parents_.add(table);
  if (!words.take("RENAME")) return;
  forget();
  if (words.take("TO")) rename(table, words.next());
}

void ForeignKeyWatch::rename(std::string_view from, std::string_view to) {
  if (children_.has(from)) children_.add(to);
  parents_.add(to);
  core::append(renames_, lower(from));
  core::append(renames_, lower(to));
}

bool ForeignKeyWatch::enter() {
  holds_ = false;
  Query query(engine_, "PRAGMA main.data_version");
  const std::int64_t version = query.next() ? query.number(0) : -1;
  if (version != data_version_) forget();
  data_version_ = version;
  return engine_.ok();
}

bool ForeignKeyWatch::begin(std::string_view script) {
  resume();
  makes_links_ = mentions_references(script) || (holds_ && makes_links_);
  if (holds_) return true;
  for (NameSet* names : {&children_, &parents_, &reshaped_, &tables_before_}) {
    names->clear();
  }
  before_.clear();
  renames_.clear();
  knows_before_ = wants_before_;
  wants_before_ = false;
  if (knows_before_) {
    Query tables(engine_,
                 "SELECT name FROM main.sqlite_master WHERE type = 'table'");
    while (tables.next()) tables_before_.add(tables.text(0));
    if (!engine_.ok() || !read_links()) return false;
    NameSet all;
    for (const std::string& link : links_) all.add(link.c_str());
    for (const std::string& table : all) {
      if (!add_violations(table, before_)) return false;
    }
  }
  return true;
}

// A table without the word in its text has no keys; asking each of a thousand
// tables for them would cost more than the migrations do.
bool ForeignKeyWatch::read_links() {
  links_.clear();
  Query query(
      engine_,
      "SELECT m.name, f.\"table\" FROM main.sqlite_master AS m, "
      "pragma_foreign_key_list(m.name,'main') AS f WHERE m.type = 'table' AND "
      "instr(lower(m.sql), 'references') > 0");
  while (query.next()) {
    links_.add(link_start(query.text(0)) + query.text(1));
  }
  links_known_ = engine_.ok();
  return links_known_;
}

// Of a table that was made, dropped or altered.
bool ForeignKeyWatch::reread_links(const std::string& table) {
  const std::string start = link_start(table);
  if (!links_.take(start) && !makes_links_) return true;
  Query query(engine_,
              "SELECT \"table\" FROM pragma_foreign_key_list(%Q,'main')",
              table.c_str());
  while (query.next()) links_.add(start + query.text(0));
  return engine_.ok();
}

// Links are sorted by child; only parents ask for all of them.
NameSet ForeignKeyWatch::suspects() const {
  NameSet tables;
  if (engine_.is_owned() && parents_.empty()) {
    for (const std::string& child : children_) {
      if (links_.has_start(link_start(child))) tables.add(child);
    }
    return tables;
  }
  for (const std::string& link : links_) {
    const char* child = link.c_str();
    if (!engine_.is_owned() || children_.has(child) ||
        parents_.has(child + strlen(child) + 1)) {
      tables.add(child);
    }
  }
  return tables;
}

bool ForeignKeyWatch::finish(bool goes_on, ScriptEnd& end) {
  pause();
  if (engine_.is_owned() && children_.empty() && parents_.empty()) return true;
  if (!links_known_ || !engine_.is_owned()) {
    if (!read_links()) return false;
  } else {
    for (const std::string& table : reshaped_) {
      if (!reread_links(table)) return false;
    }
  }
  Names found;
  for (const std::string& table : suspects()) {
    bool hit = false;
    if (!has_violation(table, hit)) return false;
    if (!hit) continue;
    if (!knows_before_) {
      wants_before_ = true;
      end = ScriptEnd::again;
      return true;
    }
    if (!add_violations(table, found)) return false;
  }
  Names fresh = fresh_keys(found, before_);
  holds_ = !fresh.empty() && goes_on;
  if (holds_) end = ScriptEnd::held;
  if (holds_ || fresh.empty()) return true;
  end = ScriptEnd::unmended;
  for (std::string& key : fresh) {
    for (char& c : key) {
      if (c == '\x1f') c = ' ';
    }
  }
  return engine_.failure().refuse(
      ErrorCode::refused,
      "it leaves references to nothing: %s; mend them in it or in the next one",
      core::listed(fresh, 5).c_str());
}

// A parent that lost its key makes the check itself fail: a violation too.
bool ForeignKeyWatch::has_violation(const std::string& table, bool& hit) {
  Cell one;
  if (engine_.cell(one,
                   "SELECT 1 FROM pragma_foreign_key_check(%Q,'main') LIMIT 1",
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
  Query query(engine_,
              "SELECT rowid, fkid FROM pragma_foreign_key_check(%Q,'main')",
              table.c_str());
  while (query.next()) {
    std::string key = origin_of(table);
    key.append("\x1f");
    const Cell row = query.cell(0);
    if (!row) {
      key.append("without rowid");
    } else {
      Cell columns;
      Cell values;
      if (!engine_.cell(
              columns,
              "SELECT group_concat(printf(' || '' '' || "
              "quote(\"%%w\")', \"from\"), '') FROM (SELECT \"from\" "
              "FROM pragma_foreign_key_list(%Q,'main') WHERE id = %s ORDER "
              "BY seq)",
              table.c_str(), query.text(1)) ||
          !engine_.cell(values, "SELECT ''%s FROM main.\"%w\" WHERE rowid = %s",
                        columns ? columns->c_str() : "", table.c_str(),
                        row->c_str())) {
        return false;
      }
      key.append(
          core::print("row %s:%s", row->c_str(), values ? values->c_str() : "")
              .c_str());
    }
    core::append(found, key);
  }
  if (!engine_.ok())
    core::append(found, engine_.failure().take()->database_text);
  return true;
}

std::string ForeignKeyWatch::origin_of(const std::string& table) const {
  std::string name = table;
  for (std::size_t i = renames_.size(); i > 0; i -= 2) {
    if (renames_[i - 1] == name) name = renames_[i - 2];
  }
  // The fresh table of a rebuild has no past of its own.
  return tables_before_.has(name) ? name : table;
}

}  // namespace schemagen::sqlite
