// What the Migrator needs of an engine beside Database. The Migrator holds all
// policy (order, retries, groups, what is recorded when); a driver knows how
// its engine locks, keeps its history table, runs a script and cleans up.
//
// The course of an up on both engines:
//   attach; newest row; [history; lock; begin; create_history; history;
//   { savepoint; prepare_script; run_script; finish_script; record; release |
//   run_alone...; } commit; unlock]; detach
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/history.hpp"
#include "core/script_run.hpp"
#include "schemagen/database.hpp"
#include "schemagen/migrator.hpp"

namespace schemagen {

/// What the next transaction is for.
struct TransactionKind {
  unsigned flags = 0;  ///< of its migration: kForeignKeysOn matters on SQLite
  /// False: a crash may lose this commit, since later ones are sure to come
  /// and the next start would redo it (PostgreSQL: synchronous_commit off).
  bool durable = true;
};

/// Fills error.line and error.column with those of text[offset], from 1.
void place_error(Error& error, std::string_view text, std::size_t offset);

class Driver {
 public:
  virtual ~Driver() = default;

  /// What returns false has put its Error here.
  virtual core::ErrorSlot& failure() noexcept = 0;

  // Session ------------------------------------------------------------------

  /// Before everything else of one Migrator call; both outlive detach().
  /// Refuses a transaction that the caller left open, and a call from inside
  /// of another (ErrorCode::usage). Writes nothing; false leaves all as it was.
  virtual bool attach(const MigrateOptions& options, Observer* observer) = 0;
  /// After everything else, on every path: rolls back what is open, unlocks,
  /// puts the session's settings back. May be called twice.
  virtual void detach() noexcept = 0;
  /// 3040001 for SQLite 3.40.1, 150018 for PostgreSQL 15.18.
  virtual int server_version() = 0;
  /// "3.35" of 3035000, "15" of 150000: for messages.
  virtual std::string version_text(int version) = 0;
  /// The database's user, for `applied_by`; "" where there is none.
  virtual std::string user() { return {}; }

  // Lock and transactions ----------------------------------------------------

  /// Makes this session the only one that migrates, within
  /// options.lock_timeout; tells observer->on_lock_wait while waiting.
  /// ErrorCode::locked names the holder. On SQLite begin() is the lock.
  virtual bool lock() = 0;
  /// An Error when the lock was not held any more.
  virtual bool unlock() = 0;
  /// Whether lock() keeps others out between two transactions as well. Else
  /// each begin() takes the lock anew, and others may have migrated meanwhile.
  virtual bool lock_lasts() const noexcept = 0;

  virtual bool begin(const TransactionKind& kind) = 0;
  virtual bool commit() = 0;
  virtual void rollback() noexcept = 0;
  /// False: the engine has rolled all back (disk full, RAISE(ROLLBACK)).
  virtual bool in_transaction() = 0;
  /// Before what met a lock is tried again.
  virtual void sleep(std::chrono::milliseconds time) = 0;
  virtual bool savepoint() = 0;
  virtual bool release_savepoint() = 0;
  virtual bool rollback_to_savepoint() = 0;
  /// True: the Migrator may put many migrations into one transaction.
  virtual bool groups_migrations() const noexcept = 0;
  /// After a lost connection (ErrorCode::connection): connects again and takes
  /// the lock again. A borrowed connection cannot.
  virtual bool reconnect() = 0;

  // History ------------------------------------------------------------------

  /// All rows by id, or only the one with the greatest, without the texts of
  /// their scripts; none when there is no table. The newest is one query, and
  /// its time may be left out.
  /// Creates nothing, neither table nor file.
  virtual bool read_history(std::vector<core::HistoryRow>& rows,
                            bool newest_only) = 0;
  /// Fills the row's script and down_script.
  virtual bool read_scripts(core::HistoryRow& row) = 0;
  /// Makes the table where it is absent; under the lock, in a transaction.
  virtual bool create_history() = 0;
  /// Inserts the row; unless it `is_new`, replaces the one with its id.
  virtual bool record(const core::HistoryRow& row, bool is_new) = 0;
  virtual bool set_chain(const core::HistoryRow& row) = 0;
  virtual bool erase(std::string_view id) = 0;

  // Scripts ------------------------------------------------------------------

  /// What can be refused before the first statement of a whole run: a script
  /// that this server cannot carry out, or an `alone` one where nothing would
  /// keep a second starter from running it at the same time.
  virtual bool check_script(const ScriptRun& /*run*/, bool /*alone*/) {
    return true;
  }
  /// Whether `sql` ends where a statement does; false where that is unknown.
  virtual bool is_complete(const char* sql) = 0;
  /// In the migration's transaction, before its first statement: what must be
  /// put back afterwards is read here.
  virtual bool prepare_script(const ScriptRun& run) = 0;
  /// All statements in order. An Error carries statement, line, column and
  /// database_text; a guard that returns a row is ErrorCode::refused with that
  /// text; a lock timeout of a statement is ErrorCode::locked (it is retried);
  /// a script that ended our transaction is refused.
  virtual bool run_script(const ScriptRun& run) = 0;
  /// After the last statement, before the row is recorded: puts back, checks.
  virtual bool finish_script(const ScriptRun& run, ScriptEnd& end) = 0;
  /// Forgets what the migration did to the session (SET, SET ROLE, PRAGMA).
  /// After each migration; may run in or outside a transaction.
  virtual bool reset_session() = 0;

  /// One statement of a no-transaction script, outside our transaction, then
  /// `row` with statements_done = index + 1, so that a crash in between leaves
  /// as little doubt as the engine allows. A batch statement (kBatch) is
  /// repeated until it changes no row. An invalid concurrent index is found
  /// and rebuilt here. `rows` is what it changed.
  virtual bool run_alone(const ScriptRun& run, std::size_t index,
                         core::HistoryRow& row, std::int64_t& rows) = 0;
};

}  // namespace schemagen
