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
  Connection(sqlite3* handle, bool owned) : engine_(handle, owned) {}

  Result<Done> open(std::string path) {
    engine_.open(std::move(path));
    return engine_.taken();
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
  Result<Done> attach(const MigrateOptions& options) override;
  void detach() noexcept override;
  int server_version() override { return sqlite3_libversion_number(); }
  std::string version_text(int version) override;
  Result<Done> lock() override { return Done{}; }
  Result<Done> unlock() override { return Done{}; }
  bool lock_lasts() const noexcept override { return false; }
  Result<Done> begin(const TransactionKind& kind) override;
  Result<Done> commit() override;
  void rollback() noexcept override;
  bool in_transaction() override;
  Result<Done> savepoint() override;
  Result<Done> release_savepoint() override;
  Result<Done> rollback_to_savepoint() override;
  bool groups_migrations() const noexcept override { return true; }
  Result<Done> reconnect() override;

  // Driver: history (history.cpp)
  Result<std::optional<core::HistoryRow>> newest() override;
  Result<std::vector<core::HistoryRow>> history() override;
  Result<std::pair<Cell, Cell>> scripts_of(std::string_view id) override;
  Result<Done> create_history() override;
  Result<Done> record(const core::HistoryRow& row) override;
  Result<Done> set_chain(std::string_view id, std::string_view chain) override;
  Result<Done> erase(std::string_view id) override;

  // Driver: scripts (script.cpp)
  Result<Done> prepare_script(const ScriptRun& run) override;
  Result<Done> run_script(const ScriptRun& run) override;
  Result<bool> finish_script(const ScriptRun& run) override;
  Result<Done> reset_session() override;
  Result<std::int64_t> run_alone(const ScriptRun& run, std::size_t index,
                                 core::HistoryRow& row) override;

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

  // What returns bool keeps its error in the engine.
  const char* table() const;
  bool read_rows(std::vector<core::HistoryRow>& rows, const char* suffix);
  bool set_foreign_keys(bool on);
  bool save_settings(std::string_view sql);
  bool start(const TransactionKind& kind);
  bool record_row(const core::HistoryRow& row);

  bool run_one(std::string_view sql, const Row& parameters,
               std::vector<Row>* rows);
  bool run_pieces(const ScriptRun& run, bool in_transaction);
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

  Engine engine_;
  ForeignKeyWatch keys_{engine_};
  RebuildGuard rebuilds_{engine_};
  Settings settings_{engine_};
  const MigrateOptions* options_ = nullptr;  // while attached
  int foreign_keys_before_ = -1;             // -1: not read
  bool keys_are_on_ = false;                 // in the open transaction
  std::chrono::steady_clock::time_point deadline_{};
};

}  // namespace schemagen::sqlite
