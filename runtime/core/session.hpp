// One call of a Migrator: the attached driver, the history as last read, and
// the writes to it that keep rows and chains together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/callbacks.hpp"
#include "core/driver.hpp"
#include "core/history.hpp"

namespace schemagen::core {

class Session {
 public:
  Session(Database& database, const MigrationSet& set,
          const MigrateOptions& options)
      : database_(database),
        driver_(database.driver()),
        set_(set),
        callbacks_(options.observer),
        options_(options) {
    if (options.observer != nullptr) options_.observer = &callbacks_;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Leaves the connection as it was found.
  ~Session() { driver_.detach(); }

  /// Finds the migrations of this engine and attaches.
  Result<Done> open();
  /// The same, and the history beside the program.
  Result<Reconciled> look();

  Database& database() { return database_; }
  Driver& driver() { return driver_; }
  /// Their observer is the guarded one.
  const MigrateOptions& options() const { return options_; }
  Callbacks& callbacks() { return callbacks_; }
  const EmbeddedDialect& available() const { return *available_; }
  /// nullptr: the program does not have it.
  const EmbeddedMigration* find_available(std::string_view id) const;

  /// The history as last read or written, by id.
  const std::vector<HistoryRow>& rows() const { return rows_; }
  const HistoryRow* find_row(std::string_view id) const;
  Result<Done> read_history();
  /// Whether the newest row is the one last read: nobody else migrated since.
  Result<bool> is_current();
  /// One query: every migration of the program is applied with this text and
  /// nothing else is.
  Result<bool> is_complete();

  /// A row for `migration` as it is applied now; `how` is added to who did it.
  HistoryRow row_for(const EmbeddedMigration& migration, const char* how = "");
  /// Records the row and the chains that it changes.
  Result<Done> write(HistoryRow row);
  Result<Done> remove(std::string_view id);
  /// Refuses rows whose chain does not follow from them: someone edited them.
  Result<Done> check_chains() const;
  Result<Done> mend_chains() { return write_chains(0); }

  /// The present, but always after what the history has seen.
  std::string now() const;

 private:
  Result<Done> write_chains(std::size_t from);

  Database& database_;
  Driver& driver_;
  const MigrationSet& set_;
  Callbacks callbacks_;
  MigrateOptions options_;
  const EmbeddedDialect* available_ = nullptr;
  std::vector<HistoryRow> rows_;
  std::string latest_;  // the greatest applied_at seen
};

ErrorBox not_available(std::string_view id);

}  // namespace schemagen::core
