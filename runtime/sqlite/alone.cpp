// Scripts outside a transaction. SQLite has no lock that outlives one, so each
// statement takes its turn: BEGIN IMMEDIATE, is it still mine to do, the
// statement, its progress, COMMIT. Two starters then share the work and never
// do a statement twice. What SQLite refuses inside a transaction (VACUUM,
// journal_mode) runs outside, and a BEGIN of the script itself keeps its block.
#include <cstring>

#include "core/text.hpp"
#include "sqlite/connection.hpp"

namespace schemagen::sqlite {
namespace {

using core::HistoryRow;
using core::Words;

bool needs_no_transaction(const Error& error) {
  const char* text = error.database_text.c_str();
  return strstr(text, "within a transaction") != nullptr ||
         strstr(text, "within transaction") != nullptr ||
         strstr(text, "inside a transaction") != nullptr;
}

bool opens_block(std::string_view sql) {
  return Words(sql).take("BEGIN") || Words(sql).take("SAVEPOINT");
}

// Only these are sure to run dry when they are repeated.
bool is_repeatable(std::string_view sql) {
  Words words(sql);
  if (!words.take("WITH")) return words.take("UPDATE") || words.take("DELETE");
  std::string word = words.next();
  while (!word.empty() && !core::same_ignoring_case(word, "INSERT")) {
    word = words.next();
  }
  return word.empty();
}

}  // namespace

bool Connection::run_alone(const ScriptRun& run, std::size_t index,
                           HistoryRow& row, std::int64_t& rows) {
  if (run.count == 0) return true;  // nothing but comments
  if (in_transaction() || opens_block(piece_of(run, index).text)) {
    return run_in_own_block(run, index, row, rows);
  }
  Turn turn = Turn::repeat;
  while (turn == Turn::repeat) {
    std::int64_t changed = 0;
    if (!take_turn(run, index, row, changed, turn)) {
      rollback();
      // A commit that failed took the statement's progress back as well.
      row.statements_done = static_cast<std::int64_t>(index);
      return false;
    }
    rows += changed;
  }
  return turn != Turn::outside || run_outside(run, index, row, rows);
}

bool Connection::is_my_turn(const HistoryRow& row, std::size_t index,
                            bool& mine) {
  Query query(engine_,
              "SELECT 1 FROM main.\"%w\" WHERE id = ? AND state = ? AND "
              "statements_done = ?",
              table());
  query.bind(row.id);
  query.bind(row.state);
  query.bind(static_cast<std::int64_t>(index));
  mine = query.next();
  return failure_.ok();
}

bool Connection::run_indexed(const ScriptRun& run, std::size_t index,
                             std::int64_t& rows) {
  const Piece piece = piece_of(run, index);
  Query statement(engine_);
  return (save_settings(piece.text) && statement.prepare(piece.text) &&
          run_piece(run, piece, statement, rows)) ||
         place(run, piece);
}

bool Connection::take_turn(const ScriptRun& run, std::size_t index,
                           HistoryRow& row, std::int64_t& rows, Turn& turn) {
  const std::string_view sql = piece_of(run, index).text;
  TransactionKind kind;
  kind.flags = run.flags;
  bool mine = false;
  if (!begin(kind) || !is_my_turn(row, index, mine)) return false;
  if (!mine) {
    rollback();
    turn = Turn::taken;
    return true;
  }
  if (!prepare_script(run) || !is_inside()) return false;
  if (!run_indexed(run, index, rows)) {
    if (!needs_no_transaction(*failure_) && !Words(sql).take("DETACH")) {
      return false;
    }
    failure_.take();
    rollback();
    turn = Turn::outside;
    return true;
  }
  ScriptEnd end = ScriptEnd::done;
  if (!finish_script(run, end)) return false;
  if (end != ScriptEnd::done) {
    rollback();
    rows = 0;
    turn = Turn::repeat;
    return true;
  }
  const bool again =
      (run.flags & kBatch) != 0 && rows > 0 && is_repeatable(sql);
  turn = again ? Turn::repeat : Turn::done;
  if (!again) {
    row.statements_done = static_cast<std::int64_t>(index) + 1;
    if (!record(row, false)) return false;
  }
  return commit();
}

// The script's own transaction holds the progress too, so a crash in it takes
// both back; so does its ROLLBACK, which is progress itself.
bool Connection::run_in_own_block(const ScriptRun& run, std::size_t index,
                                  HistoryRow& row, std::int64_t& rows) {
  keys_.forget();
  const std::string_view sql = piece_of(run, index).text;
  const bool opens = opens_block(sql);
  const std::int64_t done = row.statements_done;
  row.statements_done = static_cast<std::int64_t>(index) + 1;
  if ((opens || record(row, false)) && run_indexed(run, index, rows)) {
    const bool is_open = in_transaction();
    if (is_open && index + 1 == run.count) {
      failure_.refuse(ErrorCode::refused, core::kLeavesOpen);
    } else if (opens ? record(row, false)
                     : is_open || !Words(sql).take("ROLLBACK") ||
                           (begin(TransactionKind{}) && record(row, false) &&
                            commit())) {
      return true;
    }
  }
  ErrorBox cause = failure_.take();
  rollback();
  row.statements_done = done;
  reread_progress(row);
  return failure_.keep(std::move(cause));
}

bool Connection::run_outside(const ScriptRun& run, std::size_t index,
                             HistoryRow& row, std::int64_t& rows) {
  const bool done = run_indexed(run, index, rows);
  keys_.pause();
  keys_.forget();
  TransactionKind kind;
  kind.flags = run.flags;
  bool mine = false;
  if (done && begin(kind) && is_my_turn(row, index, mine)) {
    if (mine) row.statements_done = static_cast<std::int64_t>(index) + 1;
    if ((!mine || record(row, false)) && commit()) return true;
  }
  rollback();
  return false;
}

void Connection::reread_progress(HistoryRow& row) {
  Query query(engine_, "SELECT statements_done FROM main.\"%w\" WHERE id = ?",
              table());
  query.bind(row.id);
  if (query.next()) row.statements_done = query.number(0);
  failure_.take();
}

}  // namespace schemagen::sqlite
