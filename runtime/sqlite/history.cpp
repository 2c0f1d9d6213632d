#include "sqlite/connection.hpp"

namespace schemagen::sqlite {
namespace {

using core::HistoryRow;

HistoryRow row_of(const Query& query) {
  HistoryRow row;
  row.id = query.text(0);
  row.name = query.text(1);
  row.applied_at = query.text(2);
  row.checksum = query.text(3);
  row.chain = query.text(4);
  row.execution_ms = query.number(5);
  row.compatible = query.number(6) != 0;
  row.state = query.text(7);
  row.statements_done = query.number(8);
  row.error = query.text(9);
  row.applied_by = query.text(10);
  return row;
}

}  // namespace

const char* Connection::table() const {
  return options_ == nullptr ? "schemagen_migrations"
                             : options_->history_table.c_str();
}

// A history that is not there is an empty one.
bool Connection::read_rows(std::vector<HistoryRow>& rows, const char* suffix) {
  if (engine_.handle() == nullptr) return true;
  Query query(engine_,
              "SELECT id, name, applied_at, checksum, chain, execution_ms, "
              "compatible, state, statements_done, error, applied_by FROM "
              "main.\"%w\" ORDER BY id%s",
              table(), suffix);
  while (query.next()) rows.push_back(row_of(query));
  if (!engine_.ok() &&
      engine_.failure().database_text.compare(0, 14, "no such table:") == 0) {
    engine_.take();
  }
  return engine_.ok();
}

Result<std::optional<HistoryRow>> Connection::newest() {
  std::vector<HistoryRow> rows;
  if (!read_rows(rows, " DESC LIMIT 1")) return engine_.take();
  std::optional<HistoryRow> row;
  if (!rows.empty()) row = std::move(rows.front());
  return row;
}

Result<std::vector<HistoryRow>> Connection::history() {
  std::vector<HistoryRow> rows;
  if (!read_rows(rows, "")) return engine_.take();
  return rows;
}

Result<std::pair<Cell, Cell>> Connection::scripts_of(std::string_view id) {
  Query query(engine_,
              "SELECT script, down_script FROM main.\"%w\" WHERE id = ?",
              table());
  query.bind(id);
  std::pair<Cell, Cell> scripts;
  if (query.next()) scripts = {query.cell(0), query.cell(1)};
  if (!engine_.ok()) return engine_.take();
  return scripts;
}

Result<Done> Connection::create_history() {
  engine_.run(
      "CREATE TABLE IF NOT EXISTS main.\"%w\" (\n"
      "  id TEXT NOT NULL PRIMARY KEY,\n"
      "  name TEXT NOT NULL,\n"
      "  applied_at TEXT NOT NULL,\n"
      "  script TEXT,\n"
      "  checksum TEXT,\n"
      "  down_script TEXT,\n"
      "  chain TEXT,\n"
      "  execution_ms INTEGER NOT NULL DEFAULT 0,\n"
      "  compatible INTEGER NOT NULL DEFAULT 0,\n"
      "  state TEXT NOT NULL DEFAULT 'applied',\n"
      "  statements_done INTEGER NOT NULL DEFAULT 0,\n"
      "  error TEXT,\n"
      "  applied_by TEXT\n"
      ")",
      table());
  return engine_.taken();
}

bool Connection::record_row(const HistoryRow& row) {
  Query query(engine_,
              "INSERT OR REPLACE INTO main.\"%w\" (id, name, applied_at, "
              "checksum, chain, state, applied_by, script, down_script, error, "
              "execution_ms, compatible, statements_done) VALUES (?, ?, ?, ?, "
              "?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?)",
              table());
  for (const std::string* text :
       {&row.id, &row.name, &row.applied_at, &row.checksum, &row.chain,
        &row.state, &row.applied_by}) {
    query.bind(*text);
  }
  query.bind_cell(row.script);
  query.bind_cell(row.down_script);
  query.bind(row.error);
  query.bind(row.execution_ms);
  query.bind(std::int64_t{row.compatible});
  query.bind(row.statements_done);
  query.next();
  return engine_.ok();
}

Result<Done> Connection::record(const HistoryRow& row) {
  record_row(row);
  return engine_.taken();
}

Result<Done> Connection::set_chain(std::string_view id,
                                   std::string_view chain) {
  Query query(engine_, "UPDATE main.\"%w\" SET chain = ? WHERE id = ?",
              table());
  query.bind(chain);
  query.bind(id);
  query.next();
  return engine_.taken();
}

Result<Done> Connection::erase(std::string_view id) {
  Query query(engine_, "DELETE FROM main.\"%w\" WHERE id = ?", table());
  query.bind(id);
  query.next();
  return engine_.taken();
}

}  // namespace schemagen::sqlite
