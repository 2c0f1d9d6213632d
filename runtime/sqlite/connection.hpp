// SQLite as Database and Driver. begin() is the lock: BEGIN IMMEDIATE keeps
// every other writer out, dies with its process, and leaves no row and no file.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/driver.hpp"
#include "sqlite/foreign_keys.hpp"
#include "sqlite/rebuild.hpp"
#include "sqlite/settings.hpp"

namespace schemagen::sqlite {

// The greater base comes first: its functions then need no thunks.
class Connection final : public Driver, public Database {
 public:
  Connection(sqlite3* handle, bool owned) : engine_(handle, owned, failure_) {}

  Result<Done> open(std::string path) {
    engine_.open(std::move(path));
    return failure_.taken();
  }

  // Database
  using Database::execute;
  using Database::query;
  std::string_view dialect() const noexcept override { return "sqlite"; }
  Result<std::int64_t> execute(std::string_view sql,
                               const Row& parameters) override;
  Result<std::vector<Row>> query(std::string_view sql,
                                 const Row& parameters) override;
  Driver& driver() noexcept override { return *this; }

  // Driver: session, lock and transactions (transactions.cpp)
  core::ErrorSlot& failure() noexcept override { return failure_; }
  bool attach(const MigrateOptions& options, Observer* observer) override;
  void detach() noexcept override;
  int server_version() override { return sqlite3_libversion_number(); }
  std::string version_text(int version) override;
  bool lock() override { return true; }
  bool unlock() override { return true; }
  bool lock_lasts() const noexcept override { return false; }
  bool begin(const TransactionKind& kind) override;
  bool commit() override;
  void rollback() noexcept override;
  bool in_transaction() override;
  void sleep(std::chrono::milliseconds time) override {
    sqlite3_sleep(static_cast<int>(time.count()));
  }
  bool savepoint() override;
  bool release_savepoint() override;
  bool rollback_to_savepoint() override;
  bool groups_migrations() const noexcept override { return true; }
  bool reconnect() override;

  // Driver: history (history.cpp)
  bool read_history(std::vector<core::HistoryRow>& rows,
                    bool newest_only) override;
  bool read_scripts(core::HistoryRow& row) override;
  bool create_history() override;
  bool record(const core::HistoryRow& row, bool is_new) override;
  bool set_chain(const core::HistoryRow& row) override;
  bool erase(std::string_view id) override;

  // Driver: scripts (script.cpp)
  bool is_complete(const char* sql) override {
    return sqlite3_complete(sql) != 0;
  }
  bool prepare_script(const ScriptRun& run) override;
  bool run_script(const ScriptRun& run) override;
  bool finish_script(const ScriptRun& run, ScriptEnd& end) override;
  bool reset_session() override;
  bool run_alone(const ScriptRun& run, std::size_t index, core::HistoryRow& row,
                 std::int64_t& rows) override;

 private:
  /// A statement of a script, in one piece with its place.
  struct Piece {
    std::string_view text;
    std::size_t offset = 0;
    std::size_t number = 0;  ///< from 1
    bool guard = false;
  };
  /// What run_alone() met.
  enum class Turn { done, repeat, outside, taken };

  const char* table() const;
  bool change_row(Query& query);
  bool put_rows(const char* verb, const core::HistoryRow* rows,
                std::size_t count);
  /// Puts the new rows that wait for the commit into the table.
  bool write_rows();
  void forget_rows(std::size_t from, std::size_t written);
  bool set_foreign_keys(bool on);
  bool save_settings(std::string_view sql);

  bool show_history();
  bool is_inside();
  bool run_one(std::string_view sql, const Row& parameters,
               std::vector<Row>* rows);
  static Piece piece_of(const ScriptRun& run, std::size_t index);
  bool run_piece(const ScriptRun& run, const Piece& piece, Query& statement,
                 std::int64_t& rows);
  bool step_through(const Piece& piece, Query& statement, std::int64_t& rows);
  std::int64_t changes_since(int total) const;
  bool place(const ScriptRun& run, const Piece& piece);
  bool refuse_control(const Piece& piece);
  void start_clock();
  void stop_clock();
  static int is_too_late(void* self);

  bool take_turn(const ScriptRun& run, std::size_t index, core::HistoryRow& row,
                 std::int64_t& rows, Turn& turn);
  bool run_in_own_block(const ScriptRun& run, std::size_t index,
                        core::HistoryRow& row, std::int64_t& rows);
  bool run_outside(const ScriptRun& run, std::size_t index,
                   core::HistoryRow& row, std::int64_t& rows);
  bool is_my_turn(const core::HistoryRow& row, std::size_t index, bool& mine);
  bool run_indexed(const ScriptRun& run, std::size_t index, std::int64_t& rows);
  void reread_progress(core::HistoryRow& row);

  core::ErrorSlot failure_;
  Engine engine_;
  ForeignKeyWatch keys_{engine_};
  RebuildGuard rebuilds_{engine_};
  Settings settings_{engine_};
  const MigrateOptions* options_ = nullptr;  // while attached
  int foreign_keys_before_ = -1;             // -1: not read
  bool keys_are_on_ = false;                 // in the open transaction
  // New rows of the open transaction; the first written_ are in the table. What
  // was so at the savepoint is so again after going back to it.
  std::vector<core::HistoryRow> new_rows_;
  std::size_t written_ = 0;
  std::size_t rows_before_ = 0;
  std::size_t written_before_ = 0;
  std::chrono::steady_clock::time_point deadline_{};
};

}  // namespace schemagen::sqlite
