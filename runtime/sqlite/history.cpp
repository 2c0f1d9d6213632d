// The history table on SQLite. New rows may wait for the commit of their group.
#include <utility>

#include "core/text.hpp"
#include "sqlite/connection.hpp"

namespace schemagen::sqlite {
namespace {

using core::HistoryRow;

void read_row(const Query& query, HistoryRow& row) {
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
}

}  // namespace

const char* Connection::table() const {
  return options_ == nullptr ? "schemagen_migrations"
                             : options_->history_table.c_str();
}

// A history that is not there is an empty one.
bool Connection::read_history(std::vector<HistoryRow>& rows, bool newest_only) {
  if (engine_.handle() == nullptr) return true;
  Query query(engine_,
              "SELECT id,name,applied_at,checksum,chain,execution_ms,"
              "compatible,state,statements_done,error,applied_by FROM "
              "main.\"%w\" ORDER BY id%s",
              table(), newest_only ? " DESC LIMIT 1" : "");
  while (query.next()) {
    rows.emplace_back();
    read_row(query, rows.back());
  }
  if (failure_.ok()) return true;
  const std::string said = failure_->database_text;
  if (core::starts_with(said, "no such table:")) {
    failure_.take();
  } else if (core::starts_with(said, "no such column:")) {
    failure_.refuse(ErrorCode::refused, core::kNoHistory, table(),
                    said.c_str());
  }
  return failure_.ok();
}

bool Connection::read_scripts(HistoryRow& row) {
  Query query(engine_,
              "SELECT script, down_script FROM main.\"%w\" WHERE id = ?",
              table());
  query.bind(row.id);
  if (query.next()) {
    row.script = query.cell(0);
    row.down_script = query.cell(1);
  }
  return failure_.ok();
}

bool Connection::create_history() {
  return engine_.run(
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
}

// A row in each savepoint would be one INSERT to parse and the pages of the
// history to keep for each migration, a tenth of a small one. So new rows wait
// for their commit, or for somebody who looks at the table. On a borrowed
// connection nobody tells of such looks.
bool Connection::record(const HistoryRow& row, bool is_new) {
  if (!is_new || !engine_.is_owned()) {
    return write_rows() && put_rows("REPLACE", &row, 1);
  }
  constexpr std::size_t kMost = 256;
  new_rows_.emplace_back();
  new_rows_.back() = HistoryRow(row);
  return new_rows_.size() < kMost || write_rows();
}

bool Connection::write_rows() {
  const std::size_t from = std::exchange(written_, new_rows_.size());
  return from == written_ ||
         put_rows("INSERT", new_rows_.data() + from, written_ - from);
}

void Connection::forget_rows(std::size_t from, std::size_t written) {
  while (new_rows_.size() > from) new_rows_.pop_back();
  written_ = written;
}

// A trigger that turns the row away would leave a migration without it.
bool Connection::change_row(Query& query) {
  query.next();
  return failure_.ok() && (sqlite3_changes(engine_.handle()) != 0 ||
                           failure_.refuse(ErrorCode::refused, core::kNoHistory,
                                           table(), core::kDropsRows));
}

bool Connection::put_rows(const char* verb, const HistoryRow* rows,
                          std::size_t count) {
  if (!is_inside()) return false;
  Query query(engine_,
              "%s INTO main.\"%w\" (id,name,applied_at,checksum,chain,state,"
              "applied_by,script,down_script,error,execution_ms,compatible,"
              "statements_done) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
              verb, table());
  for (; count-- > 0; ++rows) {
    const HistoryRow& row = *rows;
    for (const std::string* text :
         {&row.id, &row.name, &row.applied_at, &row.checksum, &row.chain,
          &row.state, &row.applied_by}) {
      query.bind(*text);
    }
    query.bind_cell(row.script);
    query.bind_cell(row.down_script);
    row.error.empty() ? query.bind_cell({}) : query.bind(row.error);
    query.bind(row.execution_ms);
    query.bind(std::int64_t{row.compatible});
    query.bind(row.statements_done);
    if (!change_row(query)) return false;
    query.reset();
  }
  return true;
}

bool Connection::set_chain(const HistoryRow& row) {
  if (!write_rows()) return false;
  Query query(engine_, "UPDATE main.\"%w\" SET chain = ? WHERE id = ?",
              table());
  query.bind(row.chain);
  query.bind(row.id);
  return change_row(query);
}

bool Connection::erase(std::string_view id) {
  if (!write_rows()) return false;
  Query query(engine_, "DELETE FROM main.\"%w\" WHERE id = ?", table());
  query.bind(id);
  return change_row(query);
}

}  // namespace schemagen::sqlite
