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

  core::ErrorSlot& failure() noexcept override { return failure_; }
  bool attach(const MigrateOptions& options, Observer* observer) override;
  void detach() noexcept override;
  int server_version() override;
  std::string version_text(int version) override;
  std::string user() override;

  bool lock() override;
  bool unlock() override;
  bool lock_lasts() const noexcept override { return !pooled_; }
  bool begin(const TransactionKind& kind) override;
  bool commit() override;
  void rollback() noexcept override;
  bool in_transaction() override;
  void sleep(std::chrono::milliseconds time) override;
  bool savepoint() override;
  bool release_savepoint() override;
  bool rollback_to_savepoint() override;
  bool groups_migrations() const noexcept override { return false; }
  bool reconnect() override;

  bool read_history(std::vector<core::HistoryRow>& rows,
                    bool newest_only) override;
  bool read_scripts(core::HistoryRow& row) override;
  bool create_history() override;
  bool record(const core::HistoryRow& row, bool is_new) override;
  bool set_chain(const core::HistoryRow& row) override;
  bool erase(std::string_view id) override;

  bool check_script(const ScriptRun& run, bool alone) override;
  bool is_complete(const char* sql) override;
  bool prepare_script(const ScriptRun& run) override;
  bool run_script(const ScriptRun& run) override;
  bool finish_script(const ScriptRun& run, ScriptEnd& end) override;
  bool reset_session() override;
  bool run_alone(const ScriptRun& run, std::size_t index, core::HistoryRow& row,
                 std::int64_t& rows) override;

 private:
  /// One statement of a script and what became of it.
  struct Step {
    std::int64_t rows = 0;
    Failure failure;
  };

  /// The rows of a query; nullptr, and the error in the slot, when it failed.
  PgResult ask(std::string_view sql, const Row& parameters = {});
  bool command(std::string_view sql);
  bool read_session();
  bool has_standard_strings() const;
  std::string timeouts(const char* set) const;
  std::string reset_text() const;
  /// `'text'` for SQL; "NULL" for no value.
  std::string literal(const Cell& text) const;

  // The lock.
  bool try_lock(bool& taken);
  bool try_begin(const std::string& sql, bool& taken);
  template <class Attempt>
  bool wait_for(Attempt attempt);
  std::string holder();

  // The history table.
  std::string table() const;
  bool find_table();
  bool change_row(const std::string& sql);
  std::string insert_text(const std::string& values) const;

  // Scripts.
  bool refuse_pooler();
  bool check_extension(const std::string& name);
  bool run_statement(const ScriptRun& run, std::size_t index, Step& step);
  bool run_whole(const ScriptRun& run);
  /// Gives the kept error its place in the script; returns false.
  bool place(const ScriptRun& run, std::size_t index, const Failure& failure);
  bool run_recorded(const ScriptRun& run, std::size_t index,
                    core::HistoryRow& row, Step& step);
  bool run_bare(const ScriptRun& run, std::size_t index, core::HistoryRow& row,
                bool resumed, Step& step);
  bool run_in_own(const ScriptRun& run, std::size_t index,
                  core::HistoryRow& row, Step& step);
  bool run_batch(const ScriptRun& run, std::size_t index, core::HistoryRow& row,
                 Step& step);
  bool record_step(core::HistoryRow& row, std::size_t index);
  bool drop_invalid_index(const std::string& name, const std::string& table);
  bool set_session_again(const ScriptRun& run, std::size_t index);
  bool was_done_before(const std::string& statement, const Failure& failure);

  Connection& connection_;
  core::ErrorSlot failure_;
  const MigrateOptions* options_ = nullptr;
  Observer* observer_ = nullptr;
  std::string schema_;   ///< of the history table; "" = not looked for yet
  bool exists_ = false;  ///< the history table does
  bool locked_ = false;
  bool pooled_ = false;  ///< the lock is that of each transaction
  bool durable_ = true;
  bool session_touched_ = false;  ///< a script ran since the last reset
  bool prepares_ = true;          ///< the INSERT of a row may be prepared
  bool prepared_ = false;         ///< the server knows it
  std::string database_;          ///< its name on the server
  std::string key_;               ///< of the advisory lock

  // Of a borrowed connection: what it had before us.
  PQnoticeReceiver notices_ = nullptr;
  std::string encoding_;
  std::string role_;
  std::vector<std::pair<std::string, std::string>> settings_;

  // No-transaction scripts.
  std::set<std::string> half_done_;  ///< ids that an earlier process began
  std::int64_t before_block_ = 0;    ///< done before the script's own BEGIN
};

}  // namespace schemagen::postgres
