#include "core/migration_file.hpp"
#include "core/text.hpp"
#include "sqlite/connection.hpp"

namespace schemagen::sqlite {
namespace {

using core::cat;
using core::make_error;
using core::Words;

bool controls_transaction(std::string_view sql) {
  for (std::string_view word :
       {"BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"}) {
    if (Words(sql).take(word)) return true;
  }
  return false;
}

// Where in `sql` the engine saw the error; its first word where it cannot say.
std::size_t error_offset(sqlite3* handle, std::string_view sql) {
#if SQLITE_VERSION_NUMBER >= 3038000
  const int offset = sqlite3_error_offset(handle);
  if (offset >= 0) return static_cast<std::size_t>(offset);
#endif
  (void)handle;
  return Words(sql).skip_blank();
}

}  // namespace

// Many a PRAGMA takes effect while it is prepared, so this comes before.
Result<Done> Connection::save_settings(std::string_view sql) {
  if (options_ == nullptr || !Words(sql).take("PRAGMA")) return Done{};
  keys_.pause();
  auto saved = settings_.save();
  keys_.resume();
  return saved;
}

// Rows and changes of one statement; a second one after it is refused.
Result<std::vector<Row>> Connection::run_one(std::string_view sql,
                                             const Row& parameters,
                                             std::int64_t* changes) {
  if (auto saved = save_settings(sql); !saved) return saved.failure();
  Statement statement;
  std::string_view tail;
  if (auto made = engine_.prepare(sql, statement, &tail); !made) {
    return made.failure();
  }
  if (core::has_statement(tail)) {
    return core::refuse(
        ErrorCode::usage,
        {"there is more than one statement; run one at a time"});
  }
  std::vector<Row> rows;
  if (statement.get() == nullptr) return rows;
  if (auto bound = engine_.bind(statement, parameters); !bound) {
    return bound.failure();
  }
  const int before = sqlite3_total_changes(engine_.handle());
  const int columns = sqlite3_column_count(statement.get());
  for (;;) {
    auto more = engine_.step(statement);
    if (!more) return more.failure();
    if (!*more) break;
    if (changes != nullptr) continue;
    Row row;
    for (int i = 0; i < columns; ++i) row.push_back(statement.text(i));
    rows.push_back(std::move(row));
  }
  if (changes != nullptr) {
    *changes = sqlite3_total_changes(engine_.handle()) == before
                   ? 0
                   : sqlite3_changes(engine_.handle());
  }
  return rows;
}

Result<std::int64_t> Connection::execute(std::string_view sql,
                                         const Row& parameters) {
  std::int64_t changes = 0;
  auto done = run_one(sql, parameters, &changes);
  if (!done) return done.failure();
  return changes;
}

Result<std::vector<Row>> Connection::query(std::string_view sql,
                                           const Row& parameters) {
  return run_one(sql, parameters, nullptr);
}

Result<Done> Connection::prepare_script(const ScriptRun& run) {
  if (auto begun = rebuilds_.begin(run.rebuilds); !begun) return begun;
  if (keys_are_on_) return Done{};
  return keys_.begin(run.text);
}

Result<bool> Connection::finish_script(const ScriptRun&) {
  keys_.pause();
  if (auto done = rebuilds_.finish(); !done) return done.failure();
  // With the keys on, SQLite itself has refused what breaks them.
  if (keys_are_on_) return true;
  return keys_.finish();
}

Result<Done> Connection::reset_session() { return settings_.restore(); }

int Connection::is_too_late(void* self) {
  const auto* connection = static_cast<Connection*>(self);
  return std::chrono::steady_clock::now() > connection->deadline_ ? 1 : 0;
}

void Connection::start_clock() {
  if (options_ == nullptr || options_->statement_timeout.count() == 0) return;
  constexpr int kSteps = 10'000;
  deadline_ = std::chrono::steady_clock::now() + options_->statement_timeout;
  sqlite3_progress_handler(engine_.handle(), kSteps, &is_too_late, this);
}

void Connection::stop_clock() {
  if (options_ == nullptr || options_->statement_timeout.count() == 0) return;
  sqlite3_progress_handler(engine_.handle(), 0, nullptr, nullptr);
}

Error Connection::place(Error error, const ScriptRun& run,
                        const Piece& piece) const {
  if (error.statement != 0) return error;
  error.statement = static_cast<int>(piece.number);
  const bool is_refusal = error.database_text.empty();
  place_error(
      error, run.text,
      piece.offset + (is_refusal ? Words(piece.text).skip_blank()
                                 : error_offset(engine_.handle(), piece.text)));
  return error;
}

Result<Done> Connection::refuse_control(const Piece& piece) const {
  if (!controls_transaction(piece.text)) return Done{};
  return core::refuse(ErrorCode::refused,
                      {Words(piece.text).next(),
                       " may not stand in a migration that runs in a "
                       "transaction; remove it, or say `-- schemagen: "
                       "no-transaction` in the script's head"});
}

Result<Done> Connection::run_script(const ScriptRun& run) {
  return run_pieces(run, true);
}

// Embedded statements were cut at build time; a stored script is cut here, by
// SQLite itself, as it runs.
Result<Done> Connection::run_pieces(const ScriptRun& run, bool in_transaction) {
  const bool is_cut = run.statements != nullptr;
  std::size_t at = 0;
  for (std::size_t i = 0; is_cut ? i < run.count : at < run.text.size(); ++i) {
    Piece piece;
    piece.number = i + 1;
    piece.offset = is_cut ? run.statements[i].offset : at;
    piece.text = is_cut
                     ? run.text.substr(piece.offset, run.statements[i].length)
                     : run.text.substr(at);
    const auto begun = std::chrono::steady_clock::now();
    Statement statement;
    std::string_view tail;
    if (in_transaction) {
      if (auto fine = refuse_control(piece); !fine) {
        return place(std::move(fine.error()), run, piece);
      }
    }
    if (auto saved = save_settings(piece.text); !saved) return saved;
    if (auto made = engine_.prepare(piece.text, statement, &tail); !made) {
      return place(std::move(made.error()), run, piece);
    }
    if (!is_cut) {
      piece.text.remove_suffix(tail.size());
      at += piece.text.size();
    }
    if (statement.get() == nullptr) continue;
    piece.guard = is_cut ? run.statements[i].guard : core::is_guard(piece.text);
    auto rows = run_piece(run, piece, statement);
    if (!rows) return place(std::move(rows.error()), run, piece);
    if (in_transaction && !this->in_transaction()) {
      return place(make_error(ErrorCode::refused,
                              "it ended the transaction of its migration"),
                   run, piece);
    }
    if (run.observer != nullptr) {
      run.observer->on_statement(
          run.id, piece.number, is_cut ? run.count : 0, *rows,
          std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::steady_clock::now() - begun));
    }
  }
  return Done{};
}

Result<std::int64_t> Connection::run_piece(const ScriptRun& run,
                                           const Piece& piece,
                                           Statement& statement) {
  if (!run.rebuilds.empty()) {
    keys_.pause();
    auto before = rebuilds_.before_statement(piece.text);
    keys_.resume();
    if (!before) return before.failure();
  }
  auto rows = step_through(piece, statement);
  if (!rows) return rows;
  keys_.note_statement(piece.text);
  if (!run.rebuilds.empty()) {
    keys_.pause();
    auto after = rebuilds_.after_statement(piece.text);
    keys_.resume();
    if (!after) return after.failure();
  }
  return rows;
}

Result<std::int64_t> Connection::step_through(const Piece& piece,
                                              Statement& statement) {
  const int before = sqlite3_total_changes(engine_.handle());
  start_clock();
  Result<std::int64_t> result = std::int64_t{0};
  for (;;) {
    auto more = engine_.step(statement);
    if (!more) {
      result = std::move(more.error());
      if (result.error().database_text == "interrupted") {
        result.error().message =
            "it took longer than the statement timeout allows";
      }
      break;
    }
    if (!*more) break;
    if (!piece.guard) continue;
    result = make_error(ErrorCode::refused,
                        statement.text(0).value_or("a guard said no"));
    break;
  }
  stop_clock();
  if (result && sqlite3_total_changes(engine_.handle()) != before) {
    *result = sqlite3_changes(engine_.handle());
  }
  return result;
}

}  // namespace schemagen::sqlite
