// Scripts on PostgreSQL: in the migration's transaction, or statement by
// statement where the engine demands it.
#include <algorithm>
#include <chrono>

#include "core/text.hpp"
#include "postgres/driver.hpp"

namespace schemagen::postgres {
namespace {

using Clock = std::chrono::steady_clock;

std::string slice(const ScriptRun& run, std::size_t index) {
  const EmbeddedStatement& statement = run.statements[index];
  return std::string(run.text.substr(statement.offset, statement.length));
}

/// Bytes before the `position`-th character (from 1).
std::size_t byte_of(std::string_view text, std::size_t position) {
  std::size_t at = 0;
  for (std::size_t seen = 1; at < text.size() && seen < position; ++seen) {
    ++at;
    while (at < text.size() && (text[at] & 0xC0) == 0x80) ++at;
  }
  return at;
}

/// Statements that the engine refuses in a transaction for the sake of being
/// gentle: CREATE, DROP, REINDEX ... CONCURRENTLY.
bool is_concurrent(std::string_view statement) {
  core::Words words(statement);
  for (int i = 0; i < 8; ++i) {
    if (words.take("CONCURRENTLY")) return true;
    words.next();
  }
  return false;
}

struct IndexWords {
  std::string name;   ///< "" for no such statement, or where it names none
  std::string table;  ///< as it is written
};

/// Those of CREATE [UNIQUE] INDEX CONCURRENTLY name ON [ONLY] table.
IndexWords concurrent_index(std::string_view statement) {
  core::Words words(statement);
  if (!words.take("CREATE")) return {};
  words.take("UNIQUE");
  if (!words.take("INDEX") || !words.take("CONCURRENTLY")) return {};
  if (words.take("IF") && words.take("NOT")) words.take("EXISTS");
  IndexWords index;
  if (words.take("ON")) return index;
  index.name = words.next();
  if (!words.take("ON")) return {};
  words.take("ONLY");
  const std::size_t begin = words.skip_blank();
  words.name();
  index.table = statement.substr(begin, words.at() - begin);
  return index;
}

bool drops_concurrently(std::string_view statement) {
  core::Words words(statement);
  return words.take("DROP") && words.take("INDEX") &&
         words.take("CONCURRENTLY");
}

/// The name in CREATE EXTENSION [IF NOT EXISTS] name, "" for all else.
std::string created_extension(std::string_view statement) {
  core::Words words(statement);
  if (!words.take("CREATE") || !words.take("EXTENSION")) return {};
  if (words.take("IF") && words.take("NOT")) words.take("EXISTS");
  return words.next();
}

/// A no-transaction script may open a transaction of its own.
bool opens_transaction(std::string_view statement) {
  core::Words words(statement);
  return words.take("BEGIN") || words.take("START");
}

/// SET and RESET of the session, on which later statements may count.
bool changes_session(std::string_view statement) {
  core::Words words(statement);
  if (words.take("RESET")) return true;
  return words.take("SET") && !words.take("LOCAL") &&
         !words.take("TRANSACTION") && !words.take("CONSTRAINTS");
}

/// What a batch repeats; a DDL statement in between runs once.
bool changes_rows(std::string_view statement) {
  core::Words words(statement);
  return words.take("UPDATE") || words.take("DELETE") || words.take("INSERT") ||
         words.take("WITH");
}

/// Generated guards name their column so that they are known even in a script
/// that was not cut (a down out of the history).
constexpr std::string_view kGuardColumn = "schemagen_guard";

const char* refusal_of(const PGresult* result, bool guard) {
  if (PQresultStatus(result) != PGRES_TUPLES_OK) return nullptr;
  if (PQntuples(result) == 0 || PQnfields(result) == 0) return nullptr;
  if (!guard && kGuardColumn != PQfname(result, 0)) return nullptr;
  return PQgetisnull(result, 0, 0) != 0 ? nullptr : PQgetvalue(result, 0, 0);
}

bool is_commit(const PgResult& result) {
  return std::string_view(PQcmdStatus(result.get())) == "COMMIT";
}

/// A SELECT counts the rows that it found.
std::int64_t rows_written(PGresult* result) {
  return core::starts_with(PQcmdStatus(result), "SELECT")
             ? 0
             : rows_changed(result);
}

/// DEALLOCATE and DISCARD, wherever they stand: a function hides them from the
/// results, and a word too many only costs time.
bool speaks_of_prepared(std::string_view script) {
  const auto speaks_of = [&](std::string_view word) {
    return std::search(script.begin(), script.end(), word.begin(), word.end(),
                       [](char a, char b) { return (a | 0x20) == b; }) !=
           script.end();
  };
  return speaks_of("deallocate") || speaks_of("discard");
}

void tell(const ScriptRun& run, std::size_t index, std::int64_t rows,
          Clock::time_point start) {
  if (run.observer == nullptr) return;
  run.observer->on_statement(
      run.id, index + 1, run.count, rows,
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() -
                                                            start));
}

}  // namespace

bool PostgresDriver::place(const ScriptRun& run, std::size_t index,
                           const Failure& failure) {
  std::size_t offset = 0;
  std::string_view text = run.text;
  if (run.statements != nullptr) {
    failure_->statement = static_cast<int>(index) + 1;
    offset = run.statements[index].offset;
    text = text.substr(offset, run.statements[index].length);
  }
  offset += failure.position > 0 ? byte_of(text, failure.position)
                                 : core::Words(text).skip_blank();
  place_error(*failure_, run.text, offset);
  return false;
}

bool PostgresDriver::check_script(const ScriptRun& run, bool alone) {
  if (alone && !refuse_pooler()) return false;
  if (speaks_of_prepared(run.text)) prepares_ = false;
  for (std::size_t index = 0; index < run.count; ++index) {
    const std::string name = created_extension(run.text.substr(
        run.statements[index].offset, run.statements[index].length));
    if (!name.empty() && !check_extension(name)) {
      return place(run, index, Failure{});
    }
  }
  return true;
}

/// An extension is no part of the database: the server has it or not, and the
/// user may create it or not.
bool PostgresDriver::check_extension(const std::string& name) {
  const PgResult found = ask(
      "SELECT pg_catalog.bool_or(v.installed OR NOT v.superuser OR "
      "(pg_catalog.to_jsonb(v) ->> 'trusted')::pg_catalog.bool OR r.rolsuper) "
      "FROM pg_catalog.pg_available_extension_versions v, "
      "pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER "
      "AND v.name IN ($1::text, pg_catalog.lower($1::text))",
      Row{name});
  if (found == nullptr) return false;
  const Cell may = cell_of(found.get(), 0, 0);
  if (!may) {
    return failure_.refuse(ErrorCode::refused,
                           "this server has no extension %s; install it there "
                           "(most come with postgresql-contrib)",
                           quoted(name).c_str());
  }
  return *may == "t" ||
         failure_.refuse(ErrorCode::refused,
                         "only a superuser may create the extension %s; let "
                         "one create it in this database before",
                         quoted(name).c_str());
}

bool PostgresDriver::prepare_script(const ScriptRun& /*run*/) { return true; }

bool PostgresDriver::finish_script(const ScriptRun& /*run*/,
                                   ScriptEnd& /*end*/) {
  return true;
}

bool PostgresDriver::run_statement(const ScriptRun& run, std::size_t index,
                                   Step& step) {
  const bool cut = run.statements != nullptr;
  std::vector<PgResult> results;
  Result<Done> done = connection_.run_each(
      cut ? slice(run, index) : std::string(run.text), results, step.failure);
  if (!failure_.pass(done.failure())) return place(run, index, step.failure);
  for (PgResult& result : results) {
    const bool guard = cut && run.statements[index].guard;
    if (const char* why = refusal_of(result.get(), guard)) {
      failure_.refuse(ErrorCode::refused, "%s", why);
      return place(run, index, step.failure);
    }
    step.rows += rows_written(result.get());
  }
  return true;
}

bool PostgresDriver::run_whole(const ScriptRun& run) {
  std::vector<PgResult> results;
  Failure failure;
  Result<Done> done =
      connection_.run_each(std::string(run.text), results, failure);
  const bool ended = std::any_of(results.begin(), results.end(), is_commit) ||
                     (done && !in_transaction());
  for (PgResult& result : results) {
    if (const char* why = refusal_of(result.get(), false)) {
      failure_.refuse(ErrorCode::refused, "%s", why);
      return place(run, 0, failure);
    }
  }
  if (ended) {
    return failure_.refuse(
        ErrorCode::refused,
        "the script ended the migration's transaction, and what ran before "
        "stays; take COMMIT and ROLLBACK out of it");
  }
  return failure_.pass(done.failure()) || place(run, 0, failure);
}

bool PostgresDriver::run_script(const ScriptRun& run) {
  if (run.statements == nullptr) return run_whole(run);
  for (std::size_t index = 0; index < run.count; ++index) {
    const Clock::time_point start = Clock::now();
    Step step;
    if (!run_statement(run, index, step)) return false;
    if (connection_.status() != PQTRANS_INTRANS) {
      failure_.refuse(
          ErrorCode::refused,
          "the statement ended the migration's transaction, and what ran "
          "before it stays; take COMMIT and ROLLBACK out of the script");
      return place(run, index, Failure{});
    }
    tell(run, index, step.rows, start);
  }
  return true;
}

// Outside the migration's transaction ----------------------------------------

/// A concurrent build that failed leaves an index that no query uses, and that
/// IF NOT EXISTS would take for the finished one.
bool PostgresDriver::drop_invalid_index(const std::string& name,
                                        const std::string& table) {
  const PgResult found =
      ask("SELECT n.nspname, c.relname FROM pg_catalog.pg_index i "
          "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
          "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
          "WHERE NOT i.indisvalid AND c.relkind = 'i' "
          "AND i.indrelid = pg_catalog.to_regclass($2::text) "
          "AND c.relname IN ($1::text, pg_catalog.lower($1::text))",
          Row{name, table});
  if (found == nullptr) return false;
  for (int row = 0; row < PQntuples(found.get()); ++row) {
    if (!command("DROP INDEX CONCURRENTLY " +
                 quoted(text_of(found.get(), row, 0)) + "." +
                 quoted(text_of(found.get(), row, 1)))) {
      return false;
    }
  }
  return true;
}

/// Whether the process that was killed at this statement had finished it and
/// only could not say so any more.
bool PostgresDriver::was_done_before(const std::string& statement,
                                     const Failure& failure) {
  if (failure.sqlstate == kUndefinedObject) {
    return drops_concurrently(statement);
  }
  const IndexWords index = concurrent_index(statement);
  if (failure.sqlstate != kDuplicateTable || index.name.empty()) return false;
  const Result<PgResult> found = connection_.run(
      "SELECT 1 FROM pg_catalog.pg_index i "
      "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
      "WHERE i.indisvalid AND i.indrelid = pg_catalog.to_regclass($2::text) "
      "AND c.relname IN ($1::text, pg_catalog.lower($1::text))",
      Row{index.name, index.table});
  return found && PQntuples(found->get()) > 0;
}

bool PostgresDriver::record_step(core::HistoryRow& row, std::size_t index) {
  const std::int64_t before = row.statements_done;
  row.statements_done = static_cast<std::int64_t>(index) + 1;
  if (record(row, false)) return true;
  row.statements_done = before;
  return false;
}

/// For what the engine refuses in a transaction: the statement, then its row.
bool PostgresDriver::run_bare(const ScriptRun& run, std::size_t index,
                              core::HistoryRow& row, bool resumed, Step& step) {
  const std::string statement =
      run.statements == nullptr ? std::string(run.text) : slice(run, index);
  const IndexWords build = concurrent_index(statement);
  const bool names = !build.name.empty();
  std::string settings = timeouts("SET");
  // It has to wait for every older transaction, and nobody queues behind it.
  if (is_concurrent(statement)) settings += "; SET lock_timeout = 0";
  if (!command(settings) ||
      (names && !drop_invalid_index(build.name, build.table))) {
    return false;
  }
  if (!run_statement(run, index, step)) {
    ErrorBox cause = failure_.take();
    if (!resumed || !was_done_before(statement, step.failure)) {
      const bool lost = cause->code == ErrorCode::connection;
      if (!lost && names) drop_invalid_index(build.name, build.table);
      return failure_.keep(std::move(cause));
    }
  }
  return record_step(row, index);
}

/// For all other statements: the statement and its row in one transaction.
bool PostgresDriver::run_recorded(const ScriptRun& run, std::size_t index,
                                  core::HistoryRow& row, Step& step) {
  const std::int64_t before = row.statements_done;
  if (!begin(TransactionKind{})) return false;
  if (run_statement(run, index, step) && record_step(row, index) && commit()) {
    return true;
  }
  row.statements_done = before;
  rollback();
  return false;
}

/// A script that opened its own transaction: the row belongs to it too, and
/// goes back with it.
bool PostgresDriver::run_in_own(const ScriptRun& run, std::size_t index,
                                core::HistoryRow& row, Step& step) {
  if (!in_transaction()) {
    before_block_ = row.statements_done;
    if (!command(timeouts("SET"))) return false;
  }
  bool done = run_statement(run, index, step);
  if (done && index + 1 == run.count && in_transaction()) {
    failure_.refuse(ErrorCode::refused, core::kLeavesOpen);
    done = place(run, index, Failure{});
  }
  if (done && record_step(row, index)) return true;
  rollback();
  row.statements_done = before_block_;
  return false;
}

/// What the process before set for the statements that are left.
bool PostgresDriver::set_session_again(const ScriptRun& run,
                                       std::size_t index) {
  for (std::size_t i = 0; i < index; ++i) {
    const std::string statement = slice(run, i);
    if (!changes_session(statement)) continue;
    Step step;
    if (!run_statement(run, i, step)) return false;
  }
  return true;
}

/// Each round is a transaction of its own, so locks are short and what is done
/// stays done.
bool PostgresDriver::run_batch(const ScriptRun& run, std::size_t index,
                               core::HistoryRow& row, Step& step) {
  if (!command(timeouts("SET"))) return false;
  for (std::int64_t before = -1; step.rows != before;) {
    before = step.rows;
    if (!run_statement(run, index, step)) return false;
  }
  return record_step(row, index);
}

bool PostgresDriver::run_alone(const ScriptRun& run, std::size_t index,
                               core::HistoryRow& row, std::int64_t& rows) {
  session_touched_ = true;
  const bool resumed = half_done_.erase(std::string(run.id)) > 0;
  const bool is_cut = run.statements != nullptr;
  if (resumed && is_cut && !set_session_again(run, index)) return false;
  const std::string statement = is_cut ? slice(run, index) : std::string();
  Step step;
  bool done = false;
  if (is_cut && (in_transaction() || opens_transaction(statement))) {
    done = run_in_own(run, index, row, step);
  } else if (!is_cut || is_concurrent(statement)) {
    done = run_bare(run, index, row, resumed, step);
  } else if ((run.flags & kBatch) != 0 && changes_rows(statement)) {
    done = run_batch(run, index, row, step);
  } else {
    done = run_recorded(run, index, row, step);
    if (!done && (step.failure.sqlstate == kActiveTransaction ||
                  step.failure.sqlstate == kTransactionTermination)) {
      failure_.take();
      step = Step{};
      done = run_bare(run, index, row, resumed, step);
    }
  }
  rows = step.rows;
  return done;
}

}  // namespace schemagen::postgres
