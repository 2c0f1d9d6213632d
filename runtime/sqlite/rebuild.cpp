#include "sqlite/rebuild.hpp"

#include "core/text.hpp"

namespace schemagen::sqlite {
namespace {

using core::same_ignoring_case;
using core::Words;

constexpr const char* kRewrite =
    "drop or rewrite it in the script, before the table is rebuilt";

// "t" of DROP TABLE [IF EXISTS] t; "" for other statements.
std::string dropped_table(std::string_view sql) {
  Words words(sql);
  if (!words.take("DROP") || !words.take("TABLE")) return {};
  if (words.take("IF")) words.take("EXISTS");
  return words.name();
}

struct Rename {
  std::string from;
  std::string to;  // "" for other statements
};

Rename table_rename(std::string_view sql) {
  Rename rename;
  Words words(sql);
  if (!words.take("ALTER") || !words.take("TABLE")) return rename;
  rename.from = words.name();
  if (words.take("RENAME") && words.take("TO")) rename.to = words.next();
  return rename;
}

bool holds(const Names& names, std::string_view name) {
  for (std::size_t i = names.size(); i-- > 0;) {
    if (same_ignoring_case(names[i], name)) return true;
  }
  return false;
}

std::string* find(Names& names, std::string_view name) {
  for (std::string& each : names) {
    if (same_ignoring_case(each, name)) return &each;
  }
  return nullptr;
}

}  // namespace

bool RebuildGuard::begin(const Names& tables) {
  stop();
  if (tables.empty()) return true;
  tables_ = &tables;
  return engine_.list(olds_,
                      "SELECT name FROM main.sqlite_master WHERE type = "
                      "'table'") &&
         find_broken(broken_before_);
}

void RebuildGuard::stop() {
  set_legacy_rename(false);
  tables_ = nullptr;
  olds_.clear();
  dropped_.clear();
  broken_before_.clear();
}

RebuildGuard::Dropped* RebuildGuard::waiting_for(std::string_view name) {
  for (Dropped& dropped : dropped_) {
    if (!dropped.is_back && same_ignoring_case(dropped.table, name)) {
      return &dropped;
    }
  }
  return nullptr;
}

// The swap's rename must leave views, triggers and keys of other tables as they
// are: they name the table that is about to be there again. Elsewhere SQLite
// would fail on them, "error in view".
void RebuildGuard::set_legacy_rename(bool on) {
  if (engine_.handle() == nullptr) return;
  constexpr int kLegacy = SQLITE_DBCONFIG_LEGACY_ALTER_TABLE;
  if (on) {
    sqlite3_db_config(engine_.handle(), kLegacy, -1, &legacy_before_);
    sqlite3_db_config(engine_.handle(), kLegacy, 1, nullptr);
  } else if (legacy_before_ >= 0) {
    sqlite3_db_config(engine_.handle(), kLegacy, legacy_before_, nullptr);
    legacy_before_ = -1;
  }
}

bool RebuildGuard::before_statement(std::string_view sql) {
  if (tables_ == nullptr) return true;
  const std::string dropped = dropped_table(sql);
  if (!dropped.empty()) {
    if (std::string* old = find(olds_, dropped)) old->clear();
    return !holds(*tables_, dropped) || save(dropped);
  }
  const Rename rename = table_rename(sql);
  if (rename.to.empty()) return true;
  if (std::string* old = find(olds_, rename.from)) {
    forget(rename.to);
    *old = rename.to;
  } else if (waiting_for(rename.to) != nullptr) {
    set_legacy_rename(true);
  }
  return true;
}

// An old table takes the name of one that went for good: no swap, and nothing
// of the one that went belongs to it.
void RebuildGuard::forget(std::string_view name) {
  for (Dropped& each : dropped_) {
    if (!same_ignoring_case(each.table, name)) continue;
    each.is_back = true;
    each.sequence.reset();
    each.triggers.clear();
  }
}

bool RebuildGuard::save(std::string table) {
  Query rows(engine_, "SELECT count(*) FROM \"%w\"", table.c_str());
  // A DROP TABLE IF EXISTS of nothing, or one that fails by itself.
  if (!rows.next()) {
    engine_.failure().take();
    return true;
  }
  dropped_.emplace_front();
  Dropped& dropped = dropped_.front();
  dropped.rows = rows.number(0);
  Cell has_counters;
  Query triggers(engine_,
                 "SELECT name, sql FROM main.sqlite_master WHERE type = "
                 "'trigger' AND tbl_name = %Q COLLATE NOCASE ORDER BY rowid",
                 table.c_str());
  while (triggers.next()) {
    core::append(dropped.triggers, triggers.text(0));
    core::append(dropped.triggers, triggers.text(1));
  }
  dropped.table = std::move(table);
  return engine_.cell(has_counters,
                      "SELECT 1 FROM main.sqlite_master WHERE name = "
                      "'sqlite_sequence'") &&
         (!has_counters ||
          engine_.cell(dropped.sequence,
                       "SELECT seq FROM main.sqlite_sequence WHERE name = %Q "
                       "COLLATE NOCASE",
                       dropped.table.c_str()));
}

bool RebuildGuard::after_statement(std::string_view sql) {
  if (tables_ == nullptr) return true;
  set_legacy_rename(false);
  const Rename rename = table_rename(sql);
  if (rename.to.empty()) return true;
  Dropped* dropped = waiting_for(rename.to);
  return dropped == nullptr || check_rows(*dropped);
}

bool RebuildGuard::check_rows(Dropped& dropped) {
  dropped.is_back = true;
  const char* table = dropped.table.c_str();
  Query query(engine_, "SELECT count(*) FROM \"%w\"", table);
  if (!query.next()) return false;
  if (query.number(0) == dropped.rows) return true;
  return engine_.failure().refuse(
      ErrorCode::refused,
      "rebuilding %s kept %lld of its %lld rows; copy all of "
      "them, and delete rows that are to go in a statement "
      "of their own before",
      table, static_cast<long long>(query.number(0)),
      static_cast<long long>(dropped.rows));
}

bool RebuildGuard::finish() {
  if (tables_ == nullptr) return true;
  for (const Dropped& dropped : dropped_) {
    if (!restore_sequence(dropped) || !restore_triggers(dropped)) return false;
  }
  Names broken;
  if (!find_broken(broken)) return false;
  for (const std::string& one : broken) {
    if (!holds(broken_before_, one)) {
      return engine_.failure().refuse(ErrorCode::refused, "%s; %s", one.c_str(),
                                      kRewrite);
    }
  }
  stop();
  return true;
}

// The copied rows set the counter to the greatest id that is left; ids of
// deleted rows must not be given out again.
bool RebuildGuard::restore_sequence(const Dropped& dropped) {
  if (!dropped.sequence) return true;
  Cell counts;
  if (!engine_.cell(
          counts,
          "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name = "
          "%Q COLLATE NOCASE AND upper(sql) LIKE '%%AUTOINCREMENT%%'",
          dropped.table.c_str())) {
    return false;
  }
  const char* seq = dropped.sequence->c_str();
  return !counts ||
         (engine_.run("UPDATE main.sqlite_sequence SET seq = max(seq, %Q + 0) "
                      "WHERE name = %Q",
                      seq, counts->c_str()) &&
          engine_.run("INSERT INTO main.sqlite_sequence (name, seq) SELECT "
                      "name, %Q + 0 FROM (SELECT %Q AS name) WHERE name NOT IN "
                      "(SELECT name FROM main.sqlite_sequence)",
                      seq, counts->c_str()));
}

bool RebuildGuard::restore_triggers(const Dropped& dropped) {
  for (std::size_t i = 0; i < dropped.triggers.size(); i += 2) {
    const char* name = dropped.triggers[i].c_str();
    Cell there;
    if (!engine_.cell(there,
                      "SELECT 1 FROM main.sqlite_master WHERE type = 'trigger' "
                      "AND name = %Q COLLATE NOCASE",
                      name)) {
      return false;
    }
    if (there || engine_.run("%s", dropped.triggers[i + 1].c_str())) continue;
    const ErrorBox why = engine_.failure().take();
    return engine_.failure().refuse(ErrorCode::refused,
                                    "trigger %s cannot be put back: %s; %s",
                                    name, why->database_text.c_str(), kRewrite);
  }
  return true;
}

// Views and triggers are compiled late: one that names a lost column would fail
// in the application. Preparing what uses them finds out now.
bool RebuildGuard::find_broken(Names& broken) {
  Query query(
      engine_,
      "SELECT 'view ',name,printf('SELECT * FROM main.\"%%w\"', name) FROM "
      "main.sqlite_master WHERE type='view' UNION ALL "
      "SELECT 'a trigger of ',tbl_name,printf(column1,tbl_name,(SELECT "
      "group_concat(printf('\"%%w\" = \"%%w\"', c.name, c.name), ', ') FROM "
      "pragma_table_xinfo(tbl_name) c WHERE c.hidden=0)) FROM (SELECT "
      "DISTINCT t.tbl_name FROM main.sqlite_master t JOIN "
      "main.sqlite_master m ON m.type='table' AND m.name=t.tbl_name "
      "COLLATE NOCASE WHERE t.type='trigger'), (VALUES ('UPDATE main.\"%%w\" "
      "SET %%s'), ('DELETE FROM main.\"%%w\"'), ('INSERT INTO main.\"%%w\" "
      "DEFAULT VALUES'))");
  while (query.next()) {
    probe(broken, query.text(0), query.text(1), query.text(2));
  }
  return engine_.ok();
}

void RebuildGuard::probe(Names& broken, const char* what, const char* name,
                         const char* sql) {
  if (Query(engine_).prepare(sql)) return;
  const ErrorBox why = engine_.failure().take();
  core::append(broken, core::print("%s%s no longer works: %s", what, name,
                                   why->database_text.c_str()));
}

}  // namespace schemagen::sqlite
