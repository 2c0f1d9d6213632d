// The history table on PostgreSQL. It is always named with its schema, so a
// script that empties search_path cannot hide it.
#include <cstdlib>

#include "postgres/driver.hpp"

namespace schemagen::postgres {
namespace {

constexpr const char* kTime =
    "pg_catalog.to_char(applied_at AT TIME ZONE 'UTC', "
    "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";

constexpr const char* kReplace =
    " ON CONFLICT (id) DO UPDATE SET (name, applied_at, script, checksum, "
    "down_script, chain, state, error, applied_by, execution_ms, compatible, "
    "statements_done) = (excluded.name, excluded.applied_at, excluded.script, "
    "excluded.checksum, excluded.down_script, excluded.chain, excluded.state, "
    "excluded.error, excluded.applied_by, excluded.execution_ms, "
    "excluded.compatible, excluded.statements_done)";

core::HistoryRow row_of(const PGresult* result, int row) {
  const auto text = [&](int column) { return text_of(result, row, column); };
  const auto number = [&](int column) {
    return std::strtoll(text(column).c_str(), nullptr, 10);
  };
  core::HistoryRow out;
  out.id = text(0);
  out.name = text(1);
  out.applied_at = text(2);
  out.checksum = text(3);
  out.chain = text(4);
  out.execution_ms = number(5);
  out.compatible = text(6) == "t";
  out.state = text(7);
  out.statements_done = number(8);
  out.error = text(9);
  out.applied_by = text(10);
  return out;
}

Cell or_null(const std::string& text) {
  return text.empty() ? Cell() : Cell(text);
}

}  // namespace

std::string PostgresDriver::table() const {
  const std::string name = quoted(options_->history_table);
  return schema_.empty() ? name : quoted(schema_) + "." + name;
}

/// Where the history table is, or would be made: found along the search path
/// like any name, else in the schema where the connection creates things.
bool PostgresDriver::find_table() {
  const PgResult found =
      ask("SELECT n.nspname, pg_catalog.current_schema(), "
          "pg_catalog.current_database() FROM "
          "(SELECT pg_catalog.to_regclass($1) AS oid) t "
          "LEFT JOIN pg_catalog.pg_class c ON c.oid = t.oid "
          "LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
          Row{table()});
  if (found == nullptr) return false;
  const Cell in = cell_of(found.get(), 0, 0);
  exists_ = in.has_value();
  database_ = text_of(found.get(), 0, 2);
  if (!schema_.empty()) return true;
  schema_ = in ? *in : text_of(found.get(), 0, 1);
  if (!schema_.empty()) return true;
  return failure_.refuse(
      ErrorCode::usage,
      "the connection's search_path names no schema that exists; create one "
      "or name the history table's schema (MigrateOptions::history_schema)");
}

/// One query where the table exists, which is every start but the first. Under
/// the lock this also tells which migrations another process left half-way:
/// run_alone judges their next statement by the catalogue.
bool PostgresDriver::read_history(std::vector<core::HistoryRow>& rows,
                                  bool newest_only) {
  if (!newest_only && !exists_ && (!find_table() || !exists_)) {
    return failure_.ok();
  }
  Failure failure;
  Result<PgResult> found = connection_.run(
      std::string("SELECT id, name, ") + (newest_only ? "NULL" : kTime) +
          ", checksum, chain, execution_ms, compatible, state, "
          "statements_done, error, applied_by FROM " +
          table() + " ORDER BY id" + (newest_only ? " DESC LIMIT 1" : ""),
      &failure);
  if (!found) {
    const bool is_missing = failure.sqlstate == kUndefinedTable ||
                            failure.sqlstate == kUndefinedSchema;
    if (is_missing && !exists_) return true;
    if (failure.sqlstate == kUndefinedColumn ||
        failure.sqlstate == kUndefinedFunction) {
      const ErrorBox said = found.failure();
      return failure_.refuse(ErrorCode::refused, core::kNoHistory,
                             table().c_str(), said->database_text.c_str());
    }
    return failure_.keep(found.failure());
  }
  exists_ = true;
  for (int row = 0; row < PQntuples(found->get()); ++row) {
    rows.push_back(row_of(found->get(), row));
    if (locked_ && !newest_only && rows.back().state != core::kApplied) {
      half_done_.insert(rows.back().id);
    }
  }
  return true;
}

bool PostgresDriver::read_scripts(core::HistoryRow& row) {
  const PgResult found =
      ask("SELECT script, down_script FROM " + table() + " WHERE id = $1",
          Row{row.id});
  if (found == nullptr) return false;
  if (PQntuples(found.get()) == 0) return true;
  row.script = cell_of(found.get(), 0, 0);
  row.down_script = cell_of(found.get(), 0, 1);
  return true;
}

/// Looks before it creates: IF NOT EXISTS asks for the privilege to create even
/// where there is nothing to create. The lock makes the look reliable.
bool PostgresDriver::create_history() {
  if (exists_) return true;
  if (!find_table() || exists_) return failure_.ok();
  const PgResult schema = ask(
      "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", Row{schema_});
  if (schema == nullptr) return false;
  if (PQntuples(schema.get()) == 0 &&
      !command("CREATE SCHEMA " + quoted(schema_))) {
    return false;
  }
  // "C": ids sort by their bytes whatever the database's collation is.
  return command("CREATE TABLE " + table() +
                 " (\n"
                 "  id text COLLATE \"C\" PRIMARY KEY,\n"
                 "  name text NOT NULL,\n"
                 "  applied_at timestamptz NOT NULL,\n"
                 "  script text,\n"
                 "  checksum text NOT NULL,\n"
                 "  down_script text,\n"
                 "  chain text NOT NULL,\n"
                 "  execution_ms bigint NOT NULL DEFAULT 0,\n"
                 "  compatible boolean NOT NULL DEFAULT false,\n"
                 "  state text NOT NULL DEFAULT 'applied',\n"
                 "  statements_done bigint NOT NULL DEFAULT 0,\n"
                 "  error text,\n"
                 "  applied_by text\n)");
}

std::string PostgresDriver::insert_text(const std::string& values) const {
  return "INSERT INTO " + table() +
         " (id, name, applied_at, script, checksum, down_script, chain, state, "
         "error, applied_by, execution_ms, compatible, statements_done) VALUES "
         "(" +
         values + ")";
}

/// A trigger or rule that drops the row would leave a migration without it.
bool PostgresDriver::change_row(const std::string& sql) {
  const PgResult done = ask(sql);
  if (done == nullptr) return false;
  return rows_changed(done.get()) > 0 ||
         failure_.refuse(ErrorCode::refused, core::kNoHistory, table().c_str(),
                         core::kDropsRows);
}

/// The INSERT is parsed and planned once, which would cost a seventh of a small
/// migration; behind a pooler the next transaction has another session. Its
/// values are literals, so that the reset of the session goes along.
bool PostgresDriver::record(const core::HistoryRow& row, bool is_new) {
  if (connection_.take_discard()) prepared_ = false;
  const bool prepares = is_new && prepares_ && !pooled_;
  if (prepares && !prepared_) {
    prepared_ = command(
        "PREPARE schemagen_record AS " +
        insert_text("$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13"));
    if (!prepared_) return false;
  }
  std::string values;
  for (const Cell& cell :
       {Cell(row.id), Cell(row.name), Cell(row.applied_at), row.script,
        Cell(row.checksum), row.down_script, Cell(row.chain), Cell(row.state),
        or_null(row.error), or_null(row.applied_by)}) {
    values += literal(cell) + ", ";
  }
  values += std::to_string(row.execution_ms) +
            (row.compatible ? ", true, " : ", false, ") +
            std::to_string(row.statements_done);
  if (!change_row(prepares ? "EXECUTE schemagen_record (" + values + ")"
                           : insert_text(values) + (is_new ? "" : kReplace))) {
    return false;
  }
  exists_ = true;
  return true;
}

bool PostgresDriver::set_chain(const core::HistoryRow& row) {
  return change_row("UPDATE " + table() + " SET chain = " + literal(row.chain) +
                    " WHERE id = " + literal(row.id));
}

bool PostgresDriver::erase(std::string_view id) {
  return change_row("DELETE FROM " + table() +
                    " WHERE id = " + literal(std::string(id)));
}

}  // namespace schemagen::postgres
