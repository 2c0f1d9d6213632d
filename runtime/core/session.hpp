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
        options_(options) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Leaves the connection as it was found.
  ~Session();

  /// Finds the migrations of this engine and attaches.
  bool open();
  /// The same, and the history beside the program.
  bool look(Reconciled& state);
  /// Refuses rows whose scripts are not those of their checksums.
  bool check_scripts();

  Database& database() { return database_; }
  Driver& driver() { return driver_; }
  /// What returns false has put its Error here, as the driver does.
  ErrorSlot& failure() { return driver_.failure(); }
  const MigrateOptions& options() const { return options_; }
  Callbacks& callbacks() { return callbacks_; }
  /// The program's, guarded; nullptr when it has none.
  Observer* observer() {
    return options_.observer == nullptr ? nullptr : &callbacks_;
  }
  const EmbeddedDialect& available() const { return *available_; }
  /// nullptr: the program does not have it.
  const EmbeddedMigration* find_available(std::string_view id) const;

  /// The history as last read or written, by id.
  const std::vector<HistoryRow>& rows() const { return rows_; }
  const HistoryRow* find_row(std::string_view id) const;
  bool read_history();
  /// Whether the newest row is the one last read: nobody else migrated since.
  bool is_current(bool& current);
  /// One query: whether every migration of the program is applied with this
  /// text and nothing else is.
  bool is_complete(bool& complete);

  /// A row for `migration` as it is applied now; `how` is added to who did it.
  HistoryRow row_for(const EmbeddedMigration& migration, const char* how = "");
  /// Records the row and the chains that it changes.
  bool write(HistoryRow row);
  bool remove(std::string_view id);
  /// Refuses rows whose chain does not follow from them: someone edited them.
  bool check_chains();
  /// Brings the chains of rows()[from..] up to date after a change there.
  bool write_chains(std::size_t from = 0);

  /// The present, but always after what the history has seen.
  std::string now() const;

 private:
  /// One query: whether the newest row is this one; nullptr: there is none.
  bool newest_is(const EmbeddedMigration* migration, std::string_view state,
                 bool& same);
  /// Where the row is, or would be.
  std::size_t place_of(std::string_view id) const;

  Database& database_;
  Driver& driver_;
  const MigrationSet& set_;
  Callbacks callbacks_;
  const MigrateOptions& options_;
  const EmbeddedDialect* available_ = nullptr;
  bool is_attached_ = false;
  std::vector<HistoryRow> rows_;
  std::string latest_;  // the greatest applied_at seen
};

ErrorBox not_available(std::string_view id);

}  // namespace schemagen::core
