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

/// The name in CREATE [UNIQUE] INDEX CONCURRENTLY name, "" for all else.
std::string concurrent_index(std::string_view statement) {
  core::Words words(statement);
  if (!words.take("CREATE")) return {};
  words.take("UNIQUE");
  if (!words.take("INDEX") || !words.take("CONCURRENTLY")) return {};
  if (words.take("IF") && words.take("NOT")) words.take("EXISTS");
  return words.take("ON") ? std::string() : words.next();
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

Error refused(std::string text) {
  Error error;
  error.code = ErrorCode::refused;
  error.message = std::move(text);
  return error;
}

bool is_commit(const PgResult& result) {
  return std::string_view(PQcmdStatus(result.get())) == "COMMIT";
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

Result<Done> PostgresDriver::place(Error error, const ScriptRun& run,
                                   std::size_t index,
                                   const Failure& failure) const {
  std::size_t offset = 0;
  std::string_view text = run.text;
  if (run.statements != nullptr) {
    error.statement = static_cast<int>(index) + 1;
    offset = run.statements[index].offset;
    text = text.substr(offset, run.statements[index].length);
  }
  offset += failure.position > 0 ? byte_of(text, failure.position)
                                 : core::Words(text).skip_blank();
  place_error(error, run.text, offset);
  return error;
}

Result<Done> PostgresDriver::check_script(const ScriptRun& run, bool alone) {
  if (alone) {
    if (Result<Done> direct = refuse_pooler(); !direct) return direct;
  }
  for (std::size_t index = 0; index < run.count; ++index) {
    const std::string name = created_extension(run.text.substr(
        run.statements[index].offset, run.statements[index].length));
    if (name.empty()) continue;
    Result<Done> there = check_extension(name);
    if (!there) return place(there.error(), run, index, Failure{});
  }
  return Done{};
}

/// An extension is no part of the database: the server has it or not, and the
/// user may create it or not.
Result<Done> PostgresDriver::check_extension(const std::string& name) {
  Result<PgResult> found = connection_.run(
      "SELECT pg_catalog.bool_or(v.installed OR NOT v.superuser OR "
      "(pg_catalog.to_jsonb(v) ->> 'trusted')::pg_catalog.bool OR r.rolsuper) "
      "FROM pg_catalog.pg_available_extension_versions v, "
      "pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER "
      "AND v.name IN ($1::text, pg_catalog.lower($1::text))",
      Row{name});
  if (!found) return found.error();
  const Cell may = cell_of(found->get(), 0, 0);
  if (!may) {
    return refused("this server has no extension " + quoted(name) +
                   "; install it there (most come with postgresql-contrib)");
  }
  if (*may == "t") return Done{};
  return refused("only a superuser may create the extension " + quoted(name) +
                 "; let one create it in this database before");
}

Result<Done> PostgresDriver::prepare_script(const ScriptRun& /*run*/) {
  return Done{};
}

Result<bool> PostgresDriver::finish_script(const ScriptRun& /*run*/) {
  return true;
}

Result<Done> PostgresDriver::run_statement(const ScriptRun& run,
                                           std::size_t index, Step& step) {
  const bool cut = run.statements != nullptr;
  std::vector<PgResult> results;
  Result<Done> done = connection_.run_each(
      cut ? slice(run, index) : std::string(run.text), results, step.failure);
  if (!done) return place(done.error(), run, index, step.failure);
  for (PgResult& result : results) {
    const bool guard = cut && run.statements[index].guard;
    if (const char* why = refusal_of(result.get(), guard)) {
      return place(refused(why), run, index, step.failure);
    }
    step.rows += rows_changed(result.get());
  }
  return Done{};
}

Result<Done> PostgresDriver::run_whole(const ScriptRun& run) {
  std::vector<PgResult> results;
  Failure failure;
  Result<Done> done =
      connection_.run_each(std::string(run.text), results, failure);
  const bool ended = std::any_of(results.begin(), results.end(), is_commit) ||
                     (done && !in_transaction());
  for (PgResult& result : results) {
    if (const char* why = refusal_of(result.get(), false)) {
      return place(refused(why), run, 0, failure);
    }
  }
  if (ended) {
    return refused(
        "the script ended the migration's transaction, and what ran before "
        "stays; take COMMIT and ROLLBACK out of it");
  }
  if (!done) return place(done.error(), run, 0, failure);
  return done;
}

Result<Done> PostgresDriver::run_script(const ScriptRun& run) {
  if (run.statements == nullptr) return run_whole(run);
  for (std::size_t index = 0; index < run.count; ++index) {
    const Clock::time_point start = Clock::now();
    Step step;
    Result<Done> done = run_statement(run, index, step);
    if (!done) return done;
    if (connection_.status() != PQTRANS_INTRANS) {
      return place(
          refused("the statement ended the migration's transaction, and what "
                  "ran before it stays; take COMMIT and ROLLBACK out of the "
                  "script"),
          run, index, Failure{});
    }
    tell(run, index, step.rows, start);
  }
  return Done{};
}

// Outside the migration's transaction ----------------------------------------

/// A concurrent build that failed leaves an index that no query uses, and that
/// IF NOT EXISTS would take for the finished one.
Result<Done> PostgresDriver::drop_invalid_index(const std::string& name) {
  Result<PgResult> found = connection_.run(
      "SELECT n.nspname, c.relname FROM pg_catalog.pg_index i "
      "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE NOT i.indisvalid AND c.relkind = 'i' "
      "AND c.relname IN ($1::text, pg_catalog.lower($1::text))",
      Row{name});
  if (!found) return found.error();
  for (int row = 0; row < PQntuples(found->get()); ++row) {
    Result<Done> dropped = command("DROP INDEX CONCURRENTLY " +
                                   quoted(text_of(found->get(), row, 0)) + "." +
                                   quoted(text_of(found->get(), row, 1)));
    if (!dropped) return dropped;
  }
  return Done{};
}

/// Whether the process that was killed at this statement had finished it and
/// only could not say so any more.
Result<bool> PostgresDriver::was_done_before(const std::string& statement,
                                             const Failure& failure) {
  if (failure.sqlstate == kUndefinedObject) {
    return drops_concurrently(statement);
  }
  const std::string name = concurrent_index(statement);
  if (failure.sqlstate != kDuplicateTable || name.empty()) return false;
  Result<PgResult> found = connection_.run(
      "SELECT 1 FROM pg_catalog.pg_index i "
      "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
      "WHERE i.indisvalid AND c.relname IN ($1::text, "
      "pg_catalog.lower($1::text))",
      Row{name});
  if (!found) return found.error();
  return PQntuples(found->get()) > 0;
}

Result<Done> PostgresDriver::record_step(core::HistoryRow& row,
                                         std::size_t index) {
  core::HistoryRow next = row;
  next.statements_done = static_cast<std::int64_t>(index) + 1;
  if (Result<Done> done = record(next); !done) return done;
  row.statements_done = next.statements_done;
  return Done{};
}

/// For what the engine refuses in a transaction: the statement, then its row.
Result<std::int64_t> PostgresDriver::run_bare(const ScriptRun& run,
                                              std::size_t index,
                                              core::HistoryRow& row,
                                              bool resumed) {
  const std::string statement =
      run.statements == nullptr ? std::string(run.text) : slice(run, index);
  const std::string name = concurrent_index(statement);
  std::string settings = timeouts("SET");
  // It has to wait for every older transaction, and nobody queues behind it.
  if (is_concurrent(statement)) settings += "; SET lock_timeout = 0";
  if (Result<Done> set = command(settings); !set) return set.error();
  if (!name.empty()) {
    if (Result<Done> gone = drop_invalid_index(name); !gone) {
      return gone.error();
    }
  }
  Step step;
  Result<Done> done = run_statement(run, index, step);
  if (!done && resumed) {
    Result<bool> before = was_done_before(statement, step.failure);
    if (before && *before) done = Done{};
  }
  if (!done) {
    const bool lost = done.error().code == ErrorCode::connection;
    if (!lost && !name.empty()) (void)bool(drop_invalid_index(name));
    return done.error();
  }
  if (Result<Done> noted = record_step(row, index); !noted) {
    return noted.error();
  }
  return step.rows;
}

/// For all other statements: the statement and its row in one transaction.
Result<std::int64_t> PostgresDriver::run_recorded(const ScriptRun& run,
                                                  std::size_t index,
                                                  core::HistoryRow& row,
                                                  Failure& failure) {
  if (Result<Done> begun = begin(TransactionKind{}); !begun) {
    return begun.error();
  }
  Step step;
  Result<Done> done = run_statement(run, index, step);
  failure = step.failure;
  core::HistoryRow next = row;
  if (done) done = record_step(next, index);
  if (done) done = commit();
  if (!done) {
    rollback();
    return done.error();
  }
  row = std::move(next);
  return step.rows;
}

/// A script that opened its own transaction: the row belongs to it too.
Result<std::int64_t> PostgresDriver::run_in_own(const ScriptRun& run,
                                                std::size_t index,
                                                core::HistoryRow& row) {
  Step step;
  Result<Done> done = run_statement(run, index, step);
  if (done && index + 1 == run.count && in_transaction()) {
    done = place(refused("the script leaves a transaction open; end it with "
                         "COMMIT"),
                 run, index, Failure{});
  }
  if (done) done = record_step(row, index);
  if (done) return step.rows;
  rollback();
  return done.error();
}

/// Each round is a transaction of its own, so locks are short and what is done
/// stays done.
Result<std::int64_t> PostgresDriver::run_batch(const ScriptRun& run,
                                               std::size_t index,
                                               core::HistoryRow& row) {
  if (Result<Done> set = command(timeouts("SET")); !set) return set.error();
  std::int64_t total = 0;
  for (;;) {
    Step step;
    Result<Done> done = run_statement(run, index, step);
    if (!done) return done.error();
    total += step.rows;
    if (step.rows == 0) break;
  }
  if (Result<Done> noted = record_step(row, index); !noted) {
    return noted.error();
  }
  return total;
}

Result<std::int64_t> PostgresDriver::run_alone(const ScriptRun& run,
                                               std::size_t index,
                                               core::HistoryRow& row) {
  session_touched_ = true;
  const bool resumed = half_done_.erase(std::string(run.id)) > 0;
  if (run.statements == nullptr) return run_bare(run, index, row, resumed);
  const std::string statement = slice(run, index);
  if (in_transaction() || opens_transaction(statement)) {
    return run_in_own(run, index, row);
  }
  if (is_concurrent(statement)) return run_bare(run, index, row, resumed);
  if ((run.flags & kBatch) != 0 && changes_rows(statement)) {
    return run_batch(run, index, row);
  }
  Failure failure;
  Result<std::int64_t> rows = run_recorded(run, index, row, failure);
  const bool refused_inside = failure.sqlstate == kActiveTransaction ||
                              failure.sqlstate == kTransactionTermination;
  return !rows && refused_inside ? run_bare(run, index, row, resumed) : rows;
}

}  // namespace schemagen::postgres
