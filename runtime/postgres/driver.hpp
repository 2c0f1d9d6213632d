// What the Migrator asks of PostgreSQL. Session, lock and transactions are in
// driver.cpp, the history table in history.cpp, scripts in script.cpp.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/driver.hpp"
#include "postgres/connection.hpp"

namespace schemagen::postgres {

class PostgresDriver final : public Driver {
 public:
  explicit PostgresDriver(Connection& connection) : connection_(connection) {}

  Result<Done> attach(const MigrateOptions& options) override;
  void detach() noexcept override;
  int server_version() override;
  std::string version_text(int version) override;
  std::string user() override;

  Result<Done> lock() override;
  Result<Done> unlock() override;
  bool lock_lasts() const noexcept override { return !pooled_; }
  Result<Done> begin(const TransactionKind& kind) override;
  Result<Done> commit() override;
  void rollback() noexcept override;
  bool in_transaction() override;
  Result<Done> savepoint() override;
  Result<Done> release_savepoint() override;
  Result<Done> rollback_to_savepoint() override;
  bool groups_migrations() const noexcept override { return false; }
  Result<Done> reconnect() override;

  Result<std::optional<core::HistoryRow>> newest() override;
  Result<std::vector<core::HistoryRow>> history() override;
  Result<std::pair<Cell, Cell>> scripts_of(std::string_view id) override;
  Result<Done> create_history() override;
  Result<Done> record(const core::HistoryRow& row) override;
  Result<Done> set_chain(std::string_view id, std::string_view chain) override;
  Result<Done> erase(std::string_view id) override;

  Result<Done> check_script(const ScriptRun& run, bool alone) override;
  Result<Done> prepare_script(const ScriptRun& run) override;
  Result<Done> run_script(const ScriptRun& run) override;
  Result<bool> finish_script(const ScriptRun& run) override;
  Result<Done> reset_session() override;
  Result<std::int64_t> run_alone(const ScriptRun& run, std::size_t index,
                                 core::HistoryRow& row) override;

 private:
  /// One statement of a script and what became of it.
  struct Step {
    std::int64_t rows = 0;
    Failure failure;
  };

  Result<Done> command(const std::string& sql);
  Result<Done> read_session();
  std::string timeouts(const char* set) const;
  std::string reset_text() const;

  // The lock.
  Result<bool> try_lock();
  Result<bool> try_begin(const std::string& sql);
  template <class Attempt>
  Result<Done> wait_for(Attempt attempt);
  std::string holder();

  // The history table.
  std::string table() const;
  Result<Done> find_table();
  Result<std::vector<core::HistoryRow>> read_rows(const std::string& tail);

  // Scripts.
  Result<Done> refuse_pooler();
  Result<Done> check_extension(const std::string& name);
  Result<Done> run_statement(const ScriptRun& run, std::size_t index,
                             Step& step);
  Result<Done> run_whole(const ScriptRun& run);
  Result<Done> place(Error error, const ScriptRun& run, std::size_t index,
                     const Failure& failure) const;
  Result<std::int64_t> run_recorded(const ScriptRun& run, std::size_t index,
                                    core::HistoryRow& row, Failure& failure);
  Result<std::int64_t> run_bare(const ScriptRun& run, std::size_t index,
                                core::HistoryRow& row, bool resumed);
  Result<std::int64_t> run_in_own(const ScriptRun& run, std::size_t index,
                                  core::HistoryRow& row);
  Result<std::int64_t> run_batch(const ScriptRun& run, std::size_t index,
                                 core::HistoryRow& row);
  Result<Done> record_step(core::HistoryRow& row, std::size_t index);
  Result<Done> drop_invalid_index(const std::string& name);
  Result<bool> was_done_before(const std::string& statement,
                               const Failure& failure);

  Connection& connection_;
  const MigrateOptions* options_ = nullptr;
  std::string schema_;   ///< of the history table; "" = not looked for yet
  bool exists_ = false;  ///< the history table does
  bool locked_ = false;
  bool pooled_ = false;  ///< the lock is that of each transaction
  bool durable_ = true;
  bool session_touched_ = false;  ///< a script ran since the last reset
  std::string database_;          ///< its name on the server
  std::string key_;               ///< of the advisory lock

  // Of a borrowed connection: what it had before us.
  PQnoticeReceiver notices_ = nullptr;
  std::string encoding_;
  std::string role_;
  std::vector<std::pair<std::string, std::string>> settings_;

  // No-transaction scripts.
  std::set<std::string> half_done_;  ///< ids that an earlier process began
};

}  // namespace schemagen::postgres
