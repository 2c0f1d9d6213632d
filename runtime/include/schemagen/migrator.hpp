// Applies a set of migrations to a database: once, in order, verified.
#pragma once

#include <chrono>
#include <functional>

#include "schemagen/migration.hpp"

namespace schemagen {

/// A migration as the database and this program know it.
struct MigrationState {
  enum class Kind {
    applied,
    pending,
    changed,  ///< applied with another text
    missing,  ///< applied, not in this program, older than its newest
    newer,    ///< applied, not in this program, newer than its newest
    late,     ///< pending, though a newer one is applied
    started,  ///< a no-transaction script stopped half-way
  };
  std::string id, name, applied_at, error;
  Kind kind = Kind::pending;
  std::int64_t execution_ms = 0;
  bool compatible = false;
  bool undoing = false;  ///< `started`, but by a down
};

/// Gets told what happens; override what is of interest.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_lock_wait(std::chrono::milliseconds /*waited*/,
                            std::string_view /*holder*/) {}
  virtual void on_start(std::string_view /*id*/, std::string_view /*name*/,
                        std::size_t /*number*/, std::size_t /*of*/) {}
  virtual void on_statement(std::string_view /*id*/, std::size_t /*number*/,
                            std::size_t /*of*/, std::int64_t /*rows*/,
                            std::chrono::microseconds /*took*/) {}
  virtual void on_finish(std::string_view, std::chrono::microseconds) {}
  virtual void on_error(const Error& /*error*/) {}
};

struct MigrateOptions {
  std::chrono::milliseconds lock_timeout{60'000};  ///< for the whole wait
  std::chrono::milliseconds statement_lock_timeout{5'000};  ///< PostgreSQL
  std::chrono::milliseconds statement_timeout{0};           ///< 0 = none
  int lock_retries = 5;      ///< of a migration that met statement_lock_timeout
  bool allow_late = false;   ///< apply migrations older than an applied one
  bool allow_newer = false;  ///< start on a newer, incompatible database
  bool allow_data_loss = true;  ///< false: refuse lossy down steps
  bool all_or_nothing = false;  ///< one transaction for the whole run
  std::string history_schema;   ///< PostgreSQL; "" = the connection's own
  std::string history_table = "schemagen_migrations";
  Observer* observer = nullptr;  ///< borrowed
  /// Called inside the migration's transaction; an Error vetoes it.
  std::function<Result<Done>(Database&, std::string_view id)> before, after;
};

/// What a run did: ids in the order in which they were carried out.
struct Report {
  std::vector<std::string> migrations;
  std::vector<std::string> newer;  ///< compatible ones that this program lacks
  /// Undone migrations whose rows do not come back: what their scripts say.
  std::vector<std::string> losses;
};

class Migrator {
 public:
  /// Both are borrowed and must outlive the Migrator.
  Migrator(Database& database, const MigrationSet& migrations,
           MigrateOptions options = {});

  Result<Report> up();
  Result<Report> up_to(std::string_view id);
  Result<Report> up_steps(std::size_t count);
  /// Undoes the last `count` in reverse order of application.
  Result<Report> down(std::size_t count = 1);
  /// Undoes everything applied after `id`; "" undoes all.
  Result<Report> down_to(std::string_view id);
  Result<Report> redo();
  Result<Report> run(std::string_view id);

  /// The SQL that up() would run, with its headings; nothing is run.
  Result<std::string> plan();
  using States = std::vector<MigrationState>;
  Result<States> status();
  Result<States> applied();
  Result<States> pending();
  Result<std::string> current_version();   ///< "" = none
  Result<std::string> previous_version();  ///< "" = none

  /// Records everything up to `id` as applied without running it.
  Result<Report> baseline(std::string_view id);
  /// Accepts this program's text of one applied migration; returns a line that
  /// names both digests. Clears a half-done state as well.
  Result<std::string> repair(std::string_view id);
  /// Compares every applied migration with this program's.
  Result<Done> verify();

 private:
  Database& database_;
  const MigrationSet& migrations_;
  MigrateOptions options_;
};

}  // namespace schemagen
