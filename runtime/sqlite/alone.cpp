// Scripts outside a transaction. SQLite has no lock that outlives one, so each
// statement takes its turn: BEGIN IMMEDIATE, is it still mine to do, the
// statement, its progress, COMMIT. Two starters then share the work and never
// do a statement twice. What SQLite refuses inside a transaction (VACUUM,
// journal_mode) runs outside, and a BEGIN of the script itself keeps its block.
#include "core/text.hpp"
#include "sqlite/connection.hpp"

namespace schemagen::sqlite {
namespace {

using core::cat;
using core::HistoryRow;
using core::Words;

bool needs_no_transaction(const Error& error) {
  return error.database_text.find("within a transaction") !=
             std::string::npos ||
         error.database_text.find("within transaction") != std::string::npos ||
         error.database_text.find("inside a transaction") != std::string::npos;
}

std::string_view statement_text(const ScriptRun& run, std::size_t index) {
  const EmbeddedStatement& statement = run.statements[index];
  return run.text.substr(statement.offset, statement.length);
}

bool opens_block(std::string_view sql) {
  return Words(sql).take("BEGIN") || Words(sql).take("SAVEPOINT");
}

// Only these are sure to run dry when they are repeated.
bool is_repeatable(std::string_view sql) {
  return Words(sql).take("UPDATE") || Words(sql).take("DELETE");
}

}  // namespace

Result<std::int64_t> Connection::run_alone(const ScriptRun& run,
                                           std::size_t index, HistoryRow& row) {
  if (run.statements == nullptr) return run_outside(run, index, row);
  const std::string_view sql = statement_text(run, index);
  if (in_transaction() || opens_block(sql)) {
    return run_in_own_block(run, index, row);
  }
  std::int64_t all = 0;
  for (;;) {
    std::int64_t rows = 0;
    auto turn = take_turn(run, index, row, rows);
    if (!turn) {
      rollback();
      // A commit that failed took the statement's progress back as well.
      row.statements_done = static_cast<std::int64_t>(index);
      return turn.failure();
    }
    all += rows;
    if (*turn == Turn::done || *turn == Turn::taken) return all;
    if (*turn == Turn::outside) return run_outside(run, index, row);
  }
}

Result<bool> Connection::is_my_turn(HistoryRow& row, std::size_t index) {
  auto rows = engine_.rows(cat({"SELECT state, statements_done FROM main.",
                                table(), " WHERE id = ?"}),
                           {row.id});
  if (!rows) return rows.failure();
  return !rows->empty() && rows->front()[0] == row.state &&
         rows->front()[1] == std::to_string(index);
}

Result<std::int64_t> Connection::run_indexed(const ScriptRun& run,
                                             std::size_t index) {
  Piece piece;
  piece.text = statement_text(run, index);
  piece.offset = run.statements[index].offset;
  piece.number = index + 1;
  piece.guard = run.statements[index].guard;
  Statement statement;
  if (auto saved = save_settings(piece.text); !saved) {
    return saved.failure();
  }
  if (auto made = engine_.prepare(piece.text, statement); !made) {
    return place(std::move(made.error()), run, piece);
  }
  auto rows = run_piece(run, piece, statement);
  if (!rows) return place(std::move(rows.error()), run, piece);
  return rows;
}

Result<Connection::Turn> Connection::take_turn(const ScriptRun& run,
                                               std::size_t index,
                                               HistoryRow& row,
                                               std::int64_t& rows) {
  TransactionKind kind;
  kind.flags = run.flags;
  if (auto begun = begin(kind); !begun) return begun.failure();
  auto mine = is_my_turn(row, index);
  if (!mine) return mine.failure();
  if (!*mine) {
    rollback();
    return Turn::taken;
  }
  if (auto ready = prepare_script(run); !ready) return ready.failure();
  auto changed = run_indexed(run, index);
  if (!changed) {
    if (!needs_no_transaction(changed.error())) {
      return changed.failure();
    }
    rollback();
    return Turn::outside;
  }
  auto stands = finish_script(run);
  if (!stands) return stands.failure();
  if (!*stands) {
    rollback();
    return Turn::repeat;
  }
  rows = *changed;
  const bool again = (run.flags & kBatch) != 0 && rows > 0 &&
                     is_repeatable(statement_text(run, index));
  if (!again) {
    row.statements_done = static_cast<std::int64_t>(index) + 1;
    if (auto done = record(row); !done) return done.failure();
  }
  if (auto done = commit(); !done) return done.failure();
  return again ? Turn::repeat : Turn::done;
}

// The script's own transaction holds the progress too, so a crash in it takes
// both back.
Result<std::int64_t> Connection::run_in_own_block(const ScriptRun& run,
                                                  std::size_t index,
                                                  HistoryRow& row) {
  const bool opens = opens_block(statement_text(run, index));
  const std::int64_t done = row.statements_done;
  row.statements_done = static_cast<std::int64_t>(index) + 1;
  Result<Done> noted = Done{};
  Result<std::int64_t> rows = std::int64_t{0};
  if (opens) {
    rows = run_indexed(run, index);
    if (rows) noted = record(row);
  } else {
    noted = record(row);
    if (noted) rows = run_indexed(run, index);
  }
  if (rows && noted) return rows;
  rollback();
  row.statements_done = done;
  reread_progress(row);
  if (!noted) return noted.failure();
  return rows;
}

Result<std::int64_t> Connection::run_outside(const ScriptRun& run,
                                             std::size_t index,
                                             HistoryRow& row) {
  Result<std::int64_t> rows = std::int64_t{0};
  if (run.statements != nullptr) {
    rows = run_indexed(run, index);
  } else if (auto all = run_pieces(run, false); !all) {
    rows = std::move(all.error());
  }
  keys_.pause();
  if (!rows) {
    rollback();
    return rows;
  }
  TransactionKind kind;
  kind.flags = run.flags;
  if (auto begun = begin(kind); !begun) return begun.failure();
  auto mine = is_my_turn(row, index);
  if (mine && *mine) {
    row.statements_done = static_cast<std::int64_t>(index) + 1;
    if (auto noted = record(row); !noted) {
      rollback();
      return noted.failure();
    }
  }
  if (auto committed = commit(); !committed) {
    rollback();
    return committed.failure();
  }
  return rows;
}

void Connection::reread_progress(HistoryRow& row) {
  auto done = engine_.cell(
      cat({"SELECT statements_done FROM main.", table(), " WHERE id = ?"}),
      {row.id});
  if (!done || !*done) return;
  row.statements_done = 0;
  for (char c : **done)
    row.statements_done = row.statements_done * 10 + c - '0';
}

}  // namespace schemagen::sqlite
