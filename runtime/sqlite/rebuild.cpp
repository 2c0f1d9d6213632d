#include "sqlite/rebuild.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace schemagen::sqlite {
namespace {

using core::cat;
using core::same_ignoring_case;
using core::Words;

// The name after "main." or alone.
std::string table_name(Words& words, std::string_view sql) {
  std::string name = words.next();
  if (sql.substr(words.skip_blank(), 1) != ".") return name;
  words.next();
  return words.next();
}

// "t" of DROP TABLE [IF EXISTS] t; "" for other statements.
std::string dropped_table(std::string_view sql) {
  Words words(sql);
  if (!words.take("DROP") || !words.take("TABLE")) return {};
  if (words.take("IF")) words.take("EXISTS");
  return table_name(words, sql);
}

struct Rename {
  std::string from;
  std::string to;  // "" for other statements
};

Rename table_rename(std::string_view sql) {
  Words words(sql);
  if (!words.take("ALTER") || !words.take("TABLE")) return {};
  std::string from = table_name(words, sql);
  if (!words.take("RENAME") || !words.take("TO")) return {};
  return {std::move(from), words.next()};
}

template <class List>
bool erase_name(List& names, std::string_view name) {
  auto gone = std::remove_if(
      names.begin(), names.end(),
      [&](const std::string& each) { return same_ignoring_case(each, name); });
  const bool found = gone != names.end();
  names.erase(gone, names.end());
  return found;
}

Error refuse(std::string message) {
  return core::make_error(ErrorCode::refused, std::move(message));
}

}  // namespace

Result<Done> RebuildGuard::begin(const std::vector<std::string>& tables) {
  stop();
  tables_ = tables;
  if (tables_.empty()) return Done{};
  auto olds =
      engine_.rows("SELECT name FROM main.sqlite_master WHERE type = 'table'");
  if (!olds) return olds.failure();
  for (const Row& row : *olds) olds_.push_back(row[0].value_or(""));
  auto found = broken();
  if (!found) return found.failure();
  broken_before_ = std::move(*found);
  return Done{};
}

void RebuildGuard::stop() {
  set_legacy_rename(false);
  tables_.clear();
  olds_.clear();
  dropped_.clear();
  triggers_.clear();
  broken_before_.clear();
}

const std::string* RebuildGuard::name_in(std::string_view name) const {
  for (const std::string& table : tables_) {
    if (same_ignoring_case(table, name)) return &table;
  }
  return nullptr;
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

Result<Done> RebuildGuard::before_statement(std::string_view sql) {
  if (tables_.empty()) return Done{};
  const std::string dropped = dropped_table(sql);
  if (!dropped.empty()) {
    erase_name(olds_, dropped);
    return name_in(dropped) != nullptr ? save(dropped) : Done{};
  }
  const Rename rename = table_rename(sql);
  if (rename.to.empty()) return Done{};
  if (erase_name(olds_, rename.from)) {
    forget(rename.to);
    olds_.push_back(rename.to);
  } else if (waiting_for(rename.to) != nullptr) {
    set_legacy_rename(true);
  }
  return Done{};
}

// An old table takes the name of one that went for good: no swap, and nothing
// of the one that went belongs to it.
void RebuildGuard::forget(std::string_view name) {
  auto is_it = [&](const auto& each) {
    return same_ignoring_case(each.table, name);
  };
  dropped_.erase(std::remove_if(dropped_.begin(), dropped_.end(), is_it),
                 dropped_.end());
  triggers_.erase(std::remove_if(triggers_.begin(), triggers_.end(), is_it),
                  triggers_.end());
}

Result<Done> RebuildGuard::save(const std::string& table) {
  Dropped dropped;
  dropped.table = table;
  auto rows = engine_.cell(cat({"SELECT count(*) FROM ", quote(table)}));
  // A DROP TABLE IF EXISTS of nothing, or one that fails by itself.
  if (!rows) return Done{};
  dropped.rows = rows->value_or("0");
  auto has_counters = engine_.cell(
      "SELECT 1 FROM main.sqlite_master WHERE name = 'sqlite_sequence'");
  if (!has_counters) return has_counters.failure();
  if (*has_counters) {
    auto sequence = engine_.cell(
        "SELECT seq FROM main.sqlite_sequence WHERE name = ? COLLATE NOCASE",
        {table});
    if (!sequence) return sequence.failure();
    dropped.sequence = std::move(*sequence);
  }
  auto triggers = engine_.rows(
      "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND "
      "tbl_name = ? COLLATE NOCASE ORDER BY rowid",
      {table});
  if (!triggers) return triggers.failure();
  for (Row& row : *triggers) {
    triggers_.push_back({row[0].value_or(""), row[1].value_or(""), table});
  }
  dropped_.push_back(std::move(dropped));
  return Done{};
}

Result<Done> RebuildGuard::after_statement(std::string_view sql) {
  if (tables_.empty()) return Done{};
  set_legacy_rename(false);
  const Rename rename = table_rename(sql);
  if (rename.to.empty()) return Done{};
  Dropped* dropped = waiting_for(rename.to);
  return dropped == nullptr ? Result<Done>(Done{}) : check_rows(*dropped);
}

Result<Done> RebuildGuard::check_rows(Dropped& dropped) {
  dropped.is_back = true;
  auto rows =
      engine_.cell(cat({"SELECT count(*) FROM ", quote(dropped.table)}));
  if (!rows) return rows.failure();
  if (rows->value_or("0") == dropped.rows) return Done{};
  return refuse(cat({"rebuilding ", dropped.table, " kept ",
                     rows->value_or("0"), " of its ", dropped.rows,
                     " rows; copy all of them, and delete rows that are to go "
                     "in a statement of their own before"}));
}

Result<Done> RebuildGuard::finish() {
  if (tables_.empty()) return Done{};
  for (const Dropped& dropped : dropped_) {
    if (auto done = restore_sequence(dropped); !done) return done;
  }
  if (auto done = restore_triggers(); !done) return done;
  auto found = broken();
  if (!found) return found.failure();
  for (const std::string& one : *found) {
    if (std::find(broken_before_.begin(), broken_before_.end(), one) ==
        broken_before_.end()) {
      return refuse(cat({one,
                         "; drop or rewrite it in the script, before the "
                         "table is rebuilt"}));
    }
  }
  stop();
  return Done{};
}

// The copied rows set the counter to the greatest id that is left; ids of
// deleted rows must not be given out again.
Result<Done> RebuildGuard::restore_sequence(const Dropped& dropped) {
  if (!dropped.sequence) return Done{};
  auto counts = engine_.cell(
      "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name = ? "
      "COLLATE NOCASE AND upper(sql) LIKE '%AUTOINCREMENT%'",
      {dropped.table});
  if (!counts) return counts.failure();
  if (!*counts) return Done{};
  auto raised = engine_.run(
      "UPDATE main.sqlite_sequence SET seq = max(seq, ? + 0) WHERE name = ?",
      {dropped.sequence, *counts});
  if (!raised) return raised;
  return engine_.run(
      "INSERT INTO main.sqlite_sequence (name, seq) SELECT ?1, ?2 + 0 WHERE "
      "NOT EXISTS (SELECT 1 FROM main.sqlite_sequence WHERE name = ?1)",
      {*counts, dropped.sequence});
}

Result<Done> RebuildGuard::restore_triggers() {
  for (const Trigger& trigger : triggers_) {
    auto there = engine_.cell(
        "SELECT 1 FROM main.sqlite_master WHERE type = 'trigger' AND name = ? "
        "COLLATE NOCASE",
        {trigger.name});
    if (!there) return there.failure();
    if (*there) continue;
    if (auto made = engine_.run(trigger.sql); !made) {
      return refuse(cat({"trigger ", trigger.name,
                         " cannot be put back: ", made.error().database_text,
                         "; drop or rewrite it in the script, before the "
                         "table is rebuilt"}));
    }
  }
  return Done{};
}

// Views and triggers are compiled late: one that names a lost column would fail
// in the application. Preparing what uses them finds out now.
Result<std::vector<std::string>> RebuildGuard::broken() {
  std::vector<std::string> found;
  if (auto done = check_views(found); !done) return done.failure();
  if (auto done = check_triggers(found); !done) return done.failure();
  return found;
}

Result<Done> RebuildGuard::check_views(std::vector<std::string>& broken) {
  auto views =
      engine_.rows("SELECT name FROM main.sqlite_master WHERE type = 'view'");
  if (!views) return views.failure();
  for (const Row& view : *views) {
    const std::string name = view[0].value_or("");
    Statement statement;
    auto made =
        engine_.prepare(cat({"SELECT * FROM main.", quote(name)}), statement);
    if (!made) {
      broken.push_back(cat(
          {"view ", name, " no longer works: ", made.error().database_text}));
    }
  }
  return Done{};
}

Result<Done> RebuildGuard::check_triggers(std::vector<std::string>& broken) {
  auto tables = engine_.rows(
      "SELECT DISTINCT t.tbl_name FROM main.sqlite_master AS t JOIN "
      "main.sqlite_master AS m ON m.type = 'table' AND m.name = t.tbl_name "
      "COLLATE NOCASE WHERE t.type = 'trigger'");
  if (!tables) return tables.failure();
  for (const Row& row : *tables) {
    const std::string table = row[0].value_or("");
    auto columns = engine_.rows(
        "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", {table});
    if (!columns) return columns.failure();
    std::string update = cat({"UPDATE main.", quote(table), " SET "});
    bool first = true;
    for (const Row& column : *columns) {
      const std::string name = quote(column[0].value_or(""));
      update += cat({first ? "" : ", ", name, " = ", name});
      first = false;
    }
    const std::string all[] = {
        update, cat({"DELETE FROM main.", quote(table)}),
        cat({"INSERT INTO main.", quote(table), " DEFAULT VALUES"})};
    for (const std::string& sql : all) {
      Statement statement;
      auto made = engine_.prepare(sql, statement);
      if (made) continue;
      broken.push_back(cat({"a trigger of ", table,
                            " no longer works: ", made.error().database_text}));
      break;
    }
  }
  return Done{};
}

}  // namespace schemagen::sqlite
