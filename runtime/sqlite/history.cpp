#include "core/text.hpp"
#include "sqlite/connection.hpp"

namespace schemagen::sqlite {
namespace {

using core::cat;
using core::HistoryRow;

constexpr std::string_view kColumns =
    "id, name, applied_at, checksum, chain, execution_ms, compatible, state, "
    "statements_done, error, applied_by";

HistoryRow row_of(const Statement& statement) {
  const auto text = [&](int column) {
    return statement.text(column).value_or("");
  };
  HistoryRow row;
  row.id = text(0);
  row.name = text(1);
  row.applied_at = text(2);
  row.checksum = text(3);
  row.chain = text(4);
  row.execution_ms = statement.integer(5);
  row.compatible = statement.integer(6) != 0;
  row.state = text(7);
  row.statements_done = statement.integer(8);
  row.error = text(9);
  row.applied_by = text(10);
  return row;
}

// A history that is not there is an empty one.
bool is_absent(const Error& error) {
  return error.database_text.compare(0, 14, "no such table:") == 0;
}

}  // namespace

std::string Connection::table() const {
  const MigrateOptions* options = options_;
  return options == nullptr ? quote("schemagen_migrations")
                            : quote(options->history_table);
}

Result<std::vector<HistoryRow>> Connection::read_rows(std::string_view suffix) {
  std::vector<HistoryRow> rows;
  if (engine_.handle() == nullptr) return rows;
  Statement statement;
  auto made = engine_.prepare(
      cat({"SELECT ", kColumns, " FROM main.", table(), suffix}), statement);
  if (!made) {
    if (is_absent(made.error())) return rows;
    return made.failure();
  }
  for (;;) {
    auto more = engine_.step(statement);
    if (!more) return more.failure();
    if (!*more) return rows;
    rows.push_back(row_of(statement));
  }
}

Result<std::optional<HistoryRow>> Connection::newest() {
  auto rows = read_rows(" ORDER BY id DESC LIMIT 1");
  if (!rows) return rows.failure();
  std::optional<HistoryRow> row;
  if (!rows->empty()) row = std::move(rows->front());
  return row;
}

Result<std::vector<HistoryRow>> Connection::history() {
  return read_rows(" ORDER BY id");
}

Result<std::pair<Cell, Cell>> Connection::scripts_of(std::string_view id) {
  auto rows = engine_.rows(
      cat({"SELECT script, down_script FROM main.", table(), " WHERE id = ?"}),
      {id});
  if (!rows) return rows.failure();
  if (rows->empty()) return std::pair<Cell, Cell>();
  return std::pair<Cell, Cell>(std::move(rows->front()[0]),
                               std::move(rows->front()[1]));
}

Result<Done> Connection::create_history() {
  return engine_.run(cat({"CREATE TABLE IF NOT EXISTS main.", table(),
                          " (\n"
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
                          ")"}));
}

Result<Done> Connection::record(const HistoryRow& row) {
  return engine_.run(
      cat({"INSERT OR REPLACE INTO main.", table(), " (", kColumns,
           ", script, down_script) VALUES (?, ?, ?, ?, ?, CAST(? AS INTEGER), "
           "CAST(? AS INTEGER), ?, CAST(? AS INTEGER), ?, ?, ?, ?)"}),
      {row.id, row.name, row.applied_at, row.checksum, row.chain,
       std::to_string(row.execution_ms), Value(row.compatible ? "1" : "0"),
       row.state, std::to_string(row.statements_done),
       row.error.empty() ? Value(Cell()) : Value(row.error), row.applied_by,
       row.script, row.down_script});
}

Result<Done> Connection::set_chain(std::string_view id,
                                   std::string_view chain) {
  return engine_.run(
      cat({"UPDATE main.", table(), " SET chain = ? WHERE id = ?"}),
      {chain, id});
}

Result<Done> Connection::erase(std::string_view id) {
  return engine_.run(cat({"DELETE FROM main.", table(), " WHERE id = ?"}),
                     {id});
}

}  // namespace schemagen::sqlite
