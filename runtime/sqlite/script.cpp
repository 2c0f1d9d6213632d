// Runs scripts on SQLite statement by statement, at the places that the build
// has cut, and says where in the script an error stands.
#include <cstring>

#include "core/migration_file.hpp"
#include "core/text.hpp"
#include "sqlite/connection.hpp"

namespace schemagen::sqlite {
namespace {

using core::Words;

bool controls_transaction(std::string_view sql) {
  // No list of pointers, which would have to be relocated at every start.
  constexpr char kWords[] =
      "BEGIN\0COMMIT\0END\0ROLLBACK\0SAVEPOINT\0RELEASE\0ATTACH\0DETACH\0";
  const std::string first = Words(sql).next();
  for (const char* word = kWords; *word != '\0'; word += strlen(word) + 1) {
    if (core::same_ignoring_case(first, word)) return true;
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
bool Connection::save_settings(std::string_view sql) {
  Words words(sql);
  if (options_ == nullptr || !words.take("PRAGMA")) return true;
  if (core::same_ignoring_case(words.name(), "journal_mode")) {
    words.next();
    const std::string mode = words.next();
    if (core::same_ignoring_case(mode, "off") ||
        core::same_ignoring_case(mode, "memory")) {
      return failure_.refuse(ErrorCode::refused,
                             "without a journal on the disk nothing can be "
                             "taken back; leave journal_mode as it is");
    }
  }
  keys_.pause();
  const bool saved = settings_.save();
  keys_.resume();
  return saved;
}

// Runs one statement, and collects its rows where they are wanted; a second one
// after it is refused.
bool Connection::run_one(std::string_view sql, const Row& parameters,
                         std::vector<Row>* rows) {
  Query query(engine_);
  std::string_view tail;
  if (!write_rows() || !save_settings(sql) || !query.prepare(sql, &tail)) {
    return false;
  }
  if (core::has_statement(tail)) {
    return failure_.refuse(
        ErrorCode::usage,
        "there is more than one statement; run one at a time");
  }
  const int wanted = sqlite3_bind_parameter_count(query.get());
  const int given = static_cast<int>(parameters.size());
  if (query.get() != nullptr && wanted != given) {
    return failure_.refuse(
        ErrorCode::usage,
        "the statement has %d parameters and %d values were given", wanted,
        given);
  }
  for (const Cell& cell : parameters) query.bind_cell(cell);
  while (query.next()) {
    if (rows == nullptr) continue;
    int column = sqlite3_column_count(query.get());
    rows->emplace_back(column);
    while (column-- > 0) {
      rows->back()[static_cast<std::size_t>(column)] = query.cell(column);
    }
  }
  return failure_.ok();
}

// sqlite3_changes() alone tells of the last statement that changed rows,
// whichever that was.
std::int64_t Connection::changes_since(int total) const {
  return sqlite3_total_changes(engine_.handle()) == total
             ? 0
             : sqlite3_changes(engine_.handle());
}

Result<std::int64_t> Connection::execute(std::string_view sql,
                                         const Row& parameters) {
  if (!engine_.ensure_file()) return failure_.take();
  const int before = sqlite3_total_changes(engine_.handle());
  if (!run_one(sql, parameters, nullptr)) return failure_.take();
  return changes_since(before);
}

Result<std::vector<Row>> Connection::query(std::string_view sql,
                                           const Row& parameters) {
  std::vector<Row> rows;
  if (!run_one(sql, parameters, &rows)) return failure_.take();
  return rows;
}

bool Connection::prepare_script(const ScriptRun& run) {
  return rebuilds_.begin(*run.rebuilds) &&
         (keys_are_on_ || keys_.begin(run.text));
}

bool Connection::finish_script(const ScriptRun& run, ScriptEnd& end) {
  keys_.pause();
  // With the keys on, SQLite itself has refused what breaks them.
  return rebuilds_.finish() && (keys_are_on_ || keys_.finish(run.goes_on, end));
}

// Before a statement that was prepared looks at the history, or has to do with
// it in any other way.
bool Connection::show_history() {
  if (!keys_.heard_history()) return true;
  keys_.pause();
  const bool shown = write_rows();
  keys_.resume();
  return shown;
}

bool Connection::reset_session() { return settings_.restore(); }

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

Connection::Piece Connection::piece_of(const ScriptRun& run,
                                       std::size_t index) {
  const EmbeddedStatement& cut = run.statements[index];
  return {core::part_of(run.text, cut.offset, cut.length), cut.offset,
          index + 1, cut.guard};
}

// Gives the kept error its place in the script.
bool Connection::place(const ScriptRun& run, const Piece& piece) {
  Error& error = *failure_;
  if (error.statement != 0) return false;
  error.statement = static_cast<int>(piece.number);
  const bool is_refusal = error.database_text.empty();
  place_error(
      error, run.text,
      piece.offset + (is_refusal ? Words(piece.text).skip_blank()
                                 : error_offset(engine_.handle(), piece.text)));
  return false;
}

bool Connection::refuse_control(const Piece& piece) {
  if (!controls_transaction(piece.text)) return true;
  return failure_.refuse(ErrorCode::refused,
                         "%s may not stand in a migration that runs in a "
                         "transaction; remove it, or say `-- schemagen: "
                         "no-transaction` in the script's head",
                         Words(piece.text).next().c_str());
}

bool Connection::run_script(const ScriptRun& run) {
  for (std::size_t i = 0; i < run.count; ++i) {
    const Piece piece = piece_of(run, i);
    const auto begun = std::chrono::steady_clock::now();
    Query statement(engine_);
    if (!refuse_control(piece) || !save_settings(piece.text) ||
        !statement.prepare(piece.text) || !show_history() || !is_inside()) {
      return place(run, piece);
    }
    std::int64_t rows = 0;
    if (!run_piece(run, piece, statement, rows)) return place(run, piece);
    if (!is_inside()) return place(run, piece);
    if (run.observer != nullptr) {
      run.observer->on_statement(
          run.id, piece.number, run.count, rows,
          std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::steady_clock::now() - begun));
    }
  }
  return true;
}

// SQLite takes the whole transaction back when memory or the disk is short, be
// it in a question of ours. A statement after that would be kept by itself.
bool Connection::is_inside() {
  return in_transaction() ||
         failure_.refuse(ErrorCode::refused,
                         "it ended the transaction of its migration");
}

bool Connection::run_piece(const ScriptRun& run, const Piece& piece,
                           Query& statement, std::int64_t& rows) {
  const bool rebuilds = !run.rebuilds->empty();
  if (rebuilds) {
    const bool inside = in_transaction();
    keys_.pause();
    if (!rebuilds_.before_statement(piece.text) || (inside && !is_inside())) {
      return false;
    }
    keys_.resume();
  }
  if (!step_through(piece, statement, rows)) return false;
  keys_.note_statement(piece.text);
  if (!rebuilds) return true;
  keys_.pause();
  if (!rebuilds_.after_statement(piece.text)) return false;
  keys_.resume();
  return true;
}

bool Connection::step_through(const Piece& piece, Query& statement,
                              std::int64_t& rows) {
  const int before = sqlite3_total_changes(engine_.handle());
  start_clock();
  while (statement.next()) {
    if (!piece.guard) continue;
    const Cell reason = statement.cell(0);
    failure_.refuse(ErrorCode::refused, "%s",
                    reason ? reason->c_str() : "a guard said no");
  }
  stop_clock();
  rows = changes_since(before);
  if (failure_.ok()) return true;
  if (failure_->database_text == "interrupted") {
    failure_->message = "it took longer than the statement timeout allows";
  }
  return false;
}

}  // namespace schemagen::sqlite
