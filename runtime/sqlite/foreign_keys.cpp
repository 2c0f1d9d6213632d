#include "sqlite/foreign_keys.hpp"

#include <algorithm>
#include <iterator>

#include "core/text.hpp"

namespace schemagen::sqlite {
namespace {

using core::cat;
using core::Words;

std::string lower(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add(std::vector<std::string>& names, std::string name) {
  // The authorizer names the same table once per column.
  if (!names.empty() && names.back() == name) return;
  if (!holds(names, name)) names.push_back(std::move(name));
}

bool mentions_references(std::string_view script) {
  constexpr std::string_view kWord = "references";
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
  };
  return std::search(script.begin(), script.end(), kWord.begin(), kWord.end(),
                     same) != script.end();
}

// A NULL parent or key column reads as "".
std::string text_of(const Cell& cell) { return cell.value_or(""); }

}  // namespace

void ForeignKeyWatch::listen(bool on) {
  if (engine_.handle() == nullptr || !engine_.is_owned()) return;
  sqlite3_set_authorizer(engine_.handle(), on ? &authorize : nullptr, this);
}

int ForeignKeyWatch::authorize(void* self, int action, const char* first,
                               const char* second, const char* schema,
                               const char*) {
  auto* watch = static_cast<ForeignKeyWatch*>(self);
  if (watch->is_heard_ && first != nullptr &&
      (schema == nullptr || std::string_view(schema) != "temp")) {
    watch->hear(action, first, second == nullptr ? "" : second);
  }
  return SQLITE_OK;
}

void ForeignKeyWatch::hear(int action, std::string_view first,
                           std::string_view second) {
  if (first.substr(0, 7) == "sqlite_" && action != SQLITE_DROP_INDEX) return;
  switch (action) {
    case SQLITE_INSERT:
      return add(children_, lower(first));
    case SQLITE_UPDATE:
      add(children_, lower(first));
      return add(parents_, lower(first));
    case SQLITE_DELETE:
      return add(parents_, lower(first));
    case SQLITE_DROP_TABLE:
      add(reshaped_, lower(first));
      return add(parents_, lower(first));
    case SQLITE_CREATE_TABLE:
      add(reshaped_, lower(first));
      return add(children_, lower(first));
    case SQLITE_DROP_INDEX:
      return add(parents_, lower(second));
    default:
      return;
  }
}

// ALTER says its kind only in its words: adding a column cannot harm those who
// refer to the table, every other form can.
void ForeignKeyWatch::note_statement(std::string_view sql) {
  Words words(sql);
  if (!words.take("ALTER") || !words.take("TABLE")) return;
  std::string table = lower(words.next());
  if (sql.substr(words.skip_blank(), 1) == ".") {
    words.next();
    table = lower(words.next());
  }
  add(children_, table);
  add(reshaped_, table);
  if (words.take("ADD")) return;
  add(parents_, table);
  if (!words.take("RENAME")) return;
  links_known_ = false;
  if (words.take("TO")) rename(table, lower(words.next()));
}

void ForeignKeyWatch::rename(const std::string& from, const std::string& to) {
  std::replace(children_.begin(), children_.end(), from, to);
  add(parents_, to);
  renames_.emplace_back(from, to);
}

void ForeignKeyWatch::forget() {
  links_known_ = false;
  links_.clear();
}

Result<Done> ForeignKeyWatch::begin(std::string_view script) {
  children_.clear();
  parents_.clear();
  reshaped_.clear();
  renames_.clear();
  makes_links_ = mentions_references(script);
  before_.clear();
  tables_before_.clear();
  knows_before_ = wants_before_;
  wants_before_ = false;
  if (knows_before_) {
    if (auto read = read_links(); !read) return read;
    auto tables = engine_.rows(
        "SELECT name FROM main.sqlite_master WHERE type = 'table'");
    if (!tables) return tables.failure();
    for (const Row& row : *tables) {
      tables_before_.push_back(lower(text_of(row[0])));
    }
    std::vector<std::string> all;
    for (const Link& link : links_) add(all, link.child);
    for (const std::string& table : all) {
      if (auto read = add_violations(table, before_); !read) return read;
    }
  }
  resume();
  return Done{};
}

Result<Done> ForeignKeyWatch::read_links() {
  links_.clear();
  auto rows = engine_.rows(
      "SELECT m.name, f.\"table\" FROM main.sqlite_master AS m, "
      "pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'");
  if (!rows) return rows.failure();
  for (const Row& row : *rows) {
    links_.push_back({lower(text_of(row[0])), lower(text_of(row[1]))});
  }
  links_known_ = true;
  return Done{};
}

bool ForeignKeyWatch::has_links(const std::string& table) const {
  const auto is_it = [&](const Link& link) { return link.child == table; };
  return std::any_of(links_.begin(), links_.end(), is_it);
}

Result<Done> ForeignKeyWatch::read_links_of(const std::string& table) {
  const auto is_old = [&](const Link& link) { return link.child == table; };
  links_.erase(std::remove_if(links_.begin(), links_.end(), is_old),
               links_.end());
  auto rows =
      engine_.rows("SELECT \"table\" FROM pragma_foreign_key_list(?)", {table});
  if (!rows) return rows.failure();
  for (const Row& row : *rows) {
    links_.push_back({table, lower(text_of(row[0]))});
  }
  return Done{};
}

std::vector<std::string> ForeignKeyWatch::suspects() const {
  std::vector<std::string> tables;
  for (const Link& link : links_) {
    if (!engine_.is_owned() || holds(children_, link.child) ||
        holds(parents_, link.parent)) {
      add(tables, link.child);
    }
  }
  return tables;
}

Result<bool> ForeignKeyWatch::finish() {
  pause();
  if (engine_.is_owned() && children_.empty() && parents_.empty()) return true;
  if (!links_known_ || !engine_.is_owned()) {
    if (auto read = read_links(); !read) return read.failure();
  } else {
    for (const std::string& table : reshaped_) {
      if (!makes_links_ && !has_links(table)) continue;
      if (auto read = read_links_of(table); !read) {
        return read.failure();
      }
    }
  }
  std::vector<std::string> found;
  for (const std::string& table : suspects()) {
    auto hit = has_violation(table);
    if (!hit) return hit.failure();
    if (!*hit) continue;
    if (!knows_before_) {
      wants_before_ = true;
      return false;
    }
    if (auto read = add_violations(table, found); !read) {
      return read.failure();
    }
  }
  std::sort(found.begin(), found.end());
  std::sort(before_.begin(), before_.end());
  std::vector<std::string> fresh;
  std::set_difference(found.begin(), found.end(), before_.begin(),
                      before_.end(), std::back_inserter(fresh));
  if (fresh.empty()) return true;
  for (std::string& key : fresh) {
    std::replace(key.begin(), key.end(), '\x1f', ' ');
  }
  return core::refuse(
      ErrorCode::refused,
      {"it leaves rows that refer to nothing: ", core::listed(fresh, 5),
       "; delete or mend them in the script"});
}

// A parent that lost its key makes the check itself fail: a violation too.
Result<bool> ForeignKeyWatch::has_violation(const std::string& table) {
  auto rows = engine_.rows("SELECT 1 FROM pragma_foreign_key_check(?) LIMIT 1",
                           {table});
  if (rows) return !rows->empty();
  if (rows.error().database_text.find("foreign key mismatch") !=
      std::string::npos) {
    return true;
  }
  return rows.failure();
}

Result<Done> ForeignKeyWatch::add_violations(const std::string& table,
                                             std::vector<std::string>& found) {
  auto rows = engine_.rows(
      "SELECT rowid, parent, fkid FROM pragma_foreign_key_check(?)", {table});
  if (!rows) {
    found.push_back(rows.error().database_text);
    return Done{};
  }
  for (const Row& row : *rows) {
    auto key = key_of(table, row);
    if (!key) return key.failure();
    found.push_back(std::move(*key));
  }
  return Done{};
}

// Tables may be renamed and keys renumbered by the script, so a violation is
// known by its table's first name, its row and the values that lead nowhere.
Result<std::string> ForeignKeyWatch::key_of(const std::string& table,
                                            const Row& violation) {
  std::string key = cat({origin_of(table), "\x1f"});
  if (!violation[0]) return key + "without rowid";
  auto columns = engine_.rows(
      "SELECT \"from\" FROM pragma_foreign_key_list(?) WHERE id = ? + 0 "
      "ORDER BY seq",
      {table, violation[2]});
  if (!columns) return columns.failure();
  std::string sql = "SELECT '' ";
  for (const Row& column : *columns) {
    sql += cat({"|| ' ' || quote(", quote(text_of(column[0])), ")"});
  }
  sql += cat({" FROM ", quote(table), " WHERE rowid = ? + 0"});
  auto values = engine_.cell(sql, {violation[0]});
  if (!values) return values.failure();
  return cat({key, "row ", *violation[0], ":", text_of(*values)});
}

std::string ForeignKeyWatch::origin_of(const std::string& table) const {
  std::string name = table;
  for (auto it = renames_.rbegin(); it != renames_.rend(); ++it) {
    if (it->second == name) name = it->first;
  }
  // The fresh table of a rebuild has no past of its own.
  return holds(tables_before_, name) ? name : table;
}

}  // namespace schemagen::sqlite
