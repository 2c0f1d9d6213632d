#include "postgres/driver.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "core/checksum.hpp"

namespace schemagen::postgres {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr const char* kInUse =
    "a Migrator is at work on this connection; inside of its callbacks use "
    "another connection";
constexpr const char* kStandardStrings = "standard_conforming_strings";
/// The first server that applies statement_timeout to each statement of a
/// message.
constexpr int kTimesEachStatement = 130000;

void no_notice(void* /*unused*/, const PGresult* /*notice*/) {}

/// The first 64 bits of a digest: two programs in one database, or two history
/// tables of one program, never wait for each other.
std::string lock_key(const std::string& database, const std::string& schema,
                     const std::string& table) {
  const std::string hex = core::sha256("schemagen lock 1\n" + database + "\n" +
                                       schema + "\n" + table);
  const unsigned long long bits =
      std::strtoull(hex.substr(0, 16).c_str(), nullptr, 16);
  return std::to_string(static_cast<long long>(bits));
}

std::string seconds(milliseconds time) {
  const auto tenths = time.count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

/// Waits a little longer each time, and never past the deadline.
void pause(int attempt, Clock::time_point deadline) {
  const milliseconds step(std::min(10 << std::min(attempt, 6), 500));
  const auto left =
      std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  std::this_thread::sleep_for(std::max(milliseconds(1), std::min(step, left)));
}

}  // namespace

PgResult PostgresDriver::ask(std::string_view sql, const Row& parameters) {
  Result<PgResult> result = connection_.run(sql, parameters);
  if (result) return std::move(*result);
  failure_.keep(result.failure());
  return nullptr;
}

bool PostgresDriver::command(std::string_view sql) {
  return ask(sql) != nullptr;
}

bool PostgresDriver::attach(const MigrateOptions& options, Observer* observer) {
  if (options_ != nullptr) return failure_.refuse(ErrorCode::usage, kInUse);
  const PGTransactionStatusType status = connection_.status();
  if (status == PQTRANS_UNKNOWN) {
    return failure_.refuse(
        ErrorCode::connection,
        "the connection to PostgreSQL is closed; open a new one");
  }
  if (status != PQTRANS_IDLE) {
    return failure_.refuse(
        ErrorCode::usage,
        "the connection has an open transaction; commit it or roll it "
        "back before migrating");
  }
  options_ = &options;
  observer_ = observer;
  schema_ = options.history_schema;
  exists_ = false;
  half_done_.clear();
  // The names of a borrowed connection are its owner's.
  prepares_ = connection_.owned();
  PGconn* handle = connection_.handle();
  notices_ = PQsetNoticeReceiver(handle, no_notice, nullptr);
  encoding_ = pg_encoding_to_char(PQclientEncoding(handle));
  if (encoding_ != "UTF8" && PQsetClientEncoding(handle, "UTF8") != 0) {
    detach();
    return failure_.refuse(
        ErrorCode::connection,
        "the connection refuses the encoding UTF8; open a new one");
  }
  return true;
}

void PostgresDriver::detach() noexcept {
  if (options_ == nullptr) return;
  rollback();
  unlock();
  failure_.take();
  if (session_touched_ && !pooled_) connection_.try_run(reset_text().c_str());
  session_touched_ = false;
  if (prepared_) connection_.try_run("DEALLOCATE schemagen_record");
  prepared_ = false;
  pooled_ = false;
  PGconn* handle = connection_.handle();
  if (encoding_ != "UTF8") PQsetClientEncoding(handle, encoding_.c_str());
  PQsetNoticeReceiver(handle, notices_, nullptr);
  settings_.clear();
  role_.clear();
  options_ = nullptr;
}

int PostgresDriver::server_version() {
  return PQserverVersion(connection_.handle());
}

std::string PostgresDriver::version_text(int version) {
  const int major = version / 10000;
  if (major >= 10) return std::to_string(major);
  return std::to_string(major) + "." + std::to_string(version / 100 % 100);
}

std::string PostgresDriver::user() {
  const char* name = PQuser(connection_.handle());
  const std::string user = name == nullptr ? "" : name;
  return pooled_ ? user + " through a pooler" : user;
}

/// RESET goes back to what the connection was opened with. What its owner has
/// SET since is remembered here, once, before the first script; behind a pooler
/// nothing of a session is its owner's.
bool PostgresDriver::read_session() {
  if (connection_.owned() || pooled_) return true;
  PgResult found =
      ask("SELECT 'role', pg_catalog.current_setting('role') UNION ALL "
          "SELECT name, setting FROM pg_catalog.pg_settings "
          "WHERE source = 'session'");
  if (found == nullptr) return false;
  settings_.clear();
  for (int row = 0; row < PQntuples(found.get()); ++row) {
    std::string name = text_of(found.get(), row, 0);
    std::string value = text_of(found.get(), row, 1);
    if (name == "role") {
      role_ = std::move(value);
    } else {
      settings_.emplace_back(std::move(name), std::move(value));
    }
  }
  return true;
}

std::string PostgresDriver::literal(const Cell& text) const {
  if (!text) return "NULL";
  char* quoted =
      PQescapeLiteral(connection_.handle(), text->c_str(), text->size());
  std::string sql = quoted == nullptr ? "NULL" : quoted;
  PQfreemem(quoted);
  return sql;
}

/// RESET ALL leaves roles and temporary tables alone, and inside a transaction
/// it also undoes what SET LOCAL said about this commit.
std::string PostgresDriver::reset_text() const {
  std::string sql = "RESET SESSION AUTHORIZATION; RESET ALL";
  if (connection_.owned()) sql += "; DISCARD TEMP";
  for (const auto& [name, value] : settings_) {
    sql += "; SELECT pg_catalog.set_config('" + name + "', " + literal(value) +
           ", false)";
  }
  sql += role_.empty() || role_ == "none" ? "; RESET ROLE"
                                          : "; SET ROLE " + quoted(role_);
  if (encoding_ != "UTF8") sql += "; SET client_encoding = 'UTF8'";
  if (!durable_) sql += "; SET LOCAL synchronous_commit = off";
  return sql;
}

/// Deferred constraints are asked with the history row and not by COMMIT, so
/// that the error is still the migration's own.
bool PostgresDriver::reset_session() {
  if (!session_touched_) return true;
  const bool goes_on = in_transaction() && options_->all_or_nothing;
  session_touched_ = goes_on;
  if (!in_transaction()) return command(reset_text());
  // A text is read in the encoding that was set before it.
  const char* now = pg_encoding_to_char(PQclientEncoding(connection_.handle()));
  if (std::string_view(now) != "UTF8" && !command(reset_text())) return false;
  constexpr const char* kAsk = "SET CONSTRAINTS ALL IMMEDIATE";
  if (!goes_on) {
    connection_.owe(std::string(kAsk) + "; " + reset_text());
    return true;
  }
  // The next migration of this transaction begins as the first one did.
  connection_.owe(std::string("SAVEPOINT schemagen_asks; ") + kAsk +
                  "; ROLLBACK TO schemagen_asks; RELEASE schemagen_asks");
  connection_.owe(reset_text() + "; SET LOCAL " + kStandardStrings + " = on; " +
                  timeouts("SET LOCAL"));
  return true;
}

// Lock ------------------------------------------------------------------------

/// A pooler answers the client with a process number of its own making. Behind
/// one, the lock of a session would belong to whoever gets that server
/// connection next, so it is not even asked for: CASE runs one branch only.
bool PostgresDriver::try_lock(bool& taken) {
  const PgResult answer =
      ask("SELECT CASE WHEN pg_catalog.pg_backend_pid() = $2::pg_catalog.int4 "
          "THEN pg_catalog.pg_try_advisory_lock($1::pg_catalog.int8) END",
          Row{key_, std::to_string(PQbackendPID(connection_.handle()))});
  if (answer == nullptr) return false;
  const Cell got = cell_of(answer.get(), 0, 0);
  pooled_ = !got.has_value();
  locked_ = !pooled_ && *got == "t";
  taken = pooled_ || locked_;
  return true;
}

/// Behind a pooler one server connection is ours for one transaction, and so
/// is a lock that ends with it.
bool PostgresDriver::try_begin(const std::string& sql, bool& taken) {
  const PgResult answer =
      ask(sql + "; SELECT pg_catalog.pg_try_advisory_xact_lock(" + key_ + ")");
  if (answer == nullptr) return false;
  taken = text_of(answer.get(), 0, 0) == "t";
  if (!taken) rollback();
  return true;
}

bool PostgresDriver::refuse_pooler() {
  const PgResult found = ask("SELECT pg_catalog.pg_backend_pid()");
  if (found == nullptr) return false;
  if (text_of(found.get(), 0, 0) ==
      std::to_string(PQbackendPID(connection_.handle()))) {
    return true;
  }
  return failure_.refuse(
      ErrorCode::refused,
      "it runs outside a transaction, and the connection goes through "
      "a pooler (PgBouncer or the like), where only a transaction can "
      "hold the lock that keeps two migrators apart; give migrations "
      "the address of the server itself");
}

std::string PostgresDriver::holder() {
  PgResult found =
      ask("SELECT a.pid, a.application_name, a.usename, a.client_addr "
          "FROM pg_catalog.pg_locks l "
          "JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
          "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
          "AND l.database = (SELECT oid FROM pg_catalog.pg_database "
          "WHERE datname = pg_catalog.current_database()) "
          "AND ((l.classid::pg_catalog.int8 << 32) | l.objid::pg_catalog.int8) "
          "= $1::pg_catalog.int8",
          Row{key_});
  if (found == nullptr || PQntuples(found.get()) == 0) {
    failure_.take();
    return "another process";
  }
  std::string text = "process " + text_of(found.get(), 0, 0);
  const std::string name = text_of(found.get(), 0, 1);
  if (!name.empty()) text += " (" + name + ")";
  text += " of user " + text_of(found.get(), 0, 2);
  const std::string address = text_of(found.get(), 0, 3);
  return address.empty() ? text : text + " at " + address;
}

/// Polls. A session that blocks in pg_advisory_lock would keep a snapshot open
/// and so deadlock with the holder's CREATE INDEX CONCURRENTLY.
template <class Attempt>
bool PostgresDriver::wait_for(Attempt attempt) {
  const Clock::time_point start = Clock::now();
  const Clock::time_point deadline = start + options_->lock_timeout;
  for (int tries = 0;; ++tries) {
    bool taken = false;
    if (!attempt(taken)) return false;
    if (taken) return true;
    const std::string who = holder();
    const auto waited =
        std::chrono::duration_cast<milliseconds>(Clock::now() - start);
    if (observer_ != nullptr) observer_->on_lock_wait(waited, who);
    if (Clock::now() >= deadline) {
      return failure_.refuse(ErrorCode::locked,
                             "%s holds the migration lock of this database and "
                             "did not release it within %s; wait for it to "
                             "end, or raise the lock timeout",
                             who.c_str(),
                             seconds(options_->lock_timeout).c_str());
    }
    pause(tries, deadline);
  }
}

bool PostgresDriver::lock() {
  if (!find_table()) return false;
  key_ = lock_key(database_, schema_, options_->history_table);
  return wait_for([this](bool& taken) { return try_lock(taken); }) &&
         read_session() && find_table();
}

/// A lost connection has released it; only `false` says that it was not ours.
bool PostgresDriver::unlock() {
  if (!locked_) return true;
  locked_ = false;
  const PgResult freed =
      ask("SELECT pg_catalog.pg_advisory_unlock(" + key_ + ")");
  if (freed == nullptr) failure_.take();
  if (freed == nullptr || text_of(freed.get(), 0, 0) == "t") return true;
  return failure_.refuse(
      ErrorCode::refused,
      "the migration lock was released before the run was over, so "
      "another process may have migrated at the same time; take "
      "DISCARD ALL and pg_advisory_unlock_all() out of the scripts");
}

// Transactions ----------------------------------------------------------------

/// Literals of generated scripts count on standard_conforming_strings, of which
/// the server reports each change; a pooler's report is of another session.
bool PostgresDriver::has_standard_strings() const {
  const char* now = PQparameterStatus(connection_.handle(), kStandardStrings);
  return !pooled_ && now != nullptr && std::string_view(now) == "on";
}

/// `set` is "SET LOCAL" in a transaction and "SET" outside one.
std::string PostgresDriver::timeouts(const char* set) const {
  const std::string word(set);
  std::string sql = word + " lock_timeout = " +
                    std::to_string(options_->statement_lock_timeout.count());
  // Said even when there is none: the role may have one for its programs.
  sql += "; " + word + " statement_timeout = " +
         std::to_string(options_->statement_timeout.count());
  if (!has_standard_strings()) {
    sql += "; " + word + " " + kStandardStrings + " = on";
  }
  return sql;
}

/// BEGIN goes along with the first statement of the transaction, where that is
/// the same to the script: strings are read before a SET in their message is
/// carried out, older servers measure statement_timeout over a whole message,
/// and the owner of a borrowed connection may send statements past us.

bool PostgresDriver::begin(const TransactionKind& kind) {
  durable_ = kind.durable;
  const std::string sql = "BEGIN; " + timeouts("SET LOCAL");
  session_touched_ = true;  // reset_text() says how durable the commit is
  if (pooled_) {
    return wait_for([&](bool& taken) { return try_begin(sql, taken); });
  }
  const bool may_owe = connection_.owned() && has_standard_strings() &&
                       server_version() >= kTimesEachStatement;
  if (!may_owe) return command(sql);
  connection_.owe(sql);
  return true;
}

/// COMMIT of a transaction that failed answers ROLLBACK and no error.
bool PostgresDriver::commit() {
  durable_ = true;
  const PgResult result = ask("COMMIT");
  if (result == nullptr) return false;
  if (std::string_view(PQcmdStatus(result.get())) == "COMMIT") return true;
  return failure_.refuse(
      ErrorCode::database,
      "the transaction had failed before COMMIT and was rolled back");
}

void PostgresDriver::rollback() noexcept {
  durable_ = true;
  connection_.forget_owed();
  exists_ = false;  // the table may have been made in what is undone here
  if (in_transaction()) connection_.try_run("ROLLBACK");
}

void PostgresDriver::sleep(milliseconds time) {
  std::this_thread::sleep_for(time);
}

bool PostgresDriver::in_transaction() {
  const PGTransactionStatusType status = connection_.status();
  return connection_.owes() || status == PQTRANS_INTRANS ||
         status == PQTRANS_INERROR;
}

bool PostgresDriver::savepoint() { return command("SAVEPOINT schemagen"); }

bool PostgresDriver::release_savepoint() {
  return command("RELEASE SAVEPOINT schemagen");
}

bool PostgresDriver::rollback_to_savepoint() {
  connection_.forget_owed();
  return command("ROLLBACK TO SAVEPOINT schemagen");
}

/// The server may be on its way up again, and the old session may still hold
/// the lock while it finishes its COMMIT: both are waited for.
bool PostgresDriver::reconnect() {
  if (!connection_.owned()) {
    return failure_.refuse(
        ErrorCode::connection,
        "the connection to PostgreSQL was lost and belongs to the "
        "program; connect again and start once more");
  }
  const bool was_locked = locked_;
  connection_.forget_owed();
  prepared_ = false;
  locked_ = false;
  durable_ = true;
  session_touched_ = false;
  exists_ = false;
  const Clock::time_point deadline = Clock::now() + options_->lock_timeout;
  PGconn* handle = connection_.handle();
  for (int attempt = 0;; ++attempt) {
    PQreset(handle);
    if (PQstatus(handle) == CONNECTION_OK) break;
    if (Clock::now() >= deadline) {
      return failure_.refuse(
          ErrorCode::connection,
          "the connection to PostgreSQL was lost and the server does "
          "not answer; start once more when it does");
    }
    pause(attempt + 3, deadline);
  }
  if (was_locked) return lock();
  if (!pooled_) return true;
  // The lost session is through with its transaction when the lock is free.
  const bool free = begin(TransactionKind{});
  rollback();
  return free;
}

}  // namespace schemagen::postgres
