// What run_cli prints about a database: for people, as JSON and for Prometheus.
// Functions from values to text; scripts rely on the JSON keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/json.hpp"
#include "schemagen/migrator.hpp"

namespace schemagen::cli {

struct StatusReport {
  std::string set;       ///< the MigrationSet's name
  std::string dialect;   ///< as in EmbeddedDialect
  std::string database;  ///< the URL as it may be shown
  std::string current;   ///< id, "" = none
  std::vector<MigrationState> states;
};

/// "applied", "pending", "changed", ...
std::string_view kind_name(MigrationState::Kind kind);

/// The database has a row of it that says it was carried out.
bool is_applied(const MigrationState& state);

/// It is neither applied nor simply pending.
bool is_problem(const MigrationState& state);

std::string status_text(const StatusReport& report);
/// `failure` (may be null) is why `report` could not be filled.
std::string status_json(const StatusReport& report, const Error* failure);
std::string status_prometheus(const StatusReport& report);

/// One line per migration.
std::string list_text(const std::vector<MigrationState>& states);
void append_states(Json& json, const std::vector<MigrationState>& states);

/// What a run did, or how far it came. `verb` is "applied" or "undone".
std::string run_text(const Report& report, std::string_view verb);
/// `key` and `text` are what the command tells beside, where it does.
std::string run_json(std::string_view command, const Report& report,
                     const Error* failure, std::string_view key = {},
                     std::string_view text = {});

/// "error: ..." and below it what the message itself does not say.
std::string error_text(const Error& error);
void append_error(Json& json, const Error& error);

/// 1 where a migration failed or was refused, 2 for usage, input, environment.
int exit_code(const Error& error);

/// "1 migration", "3 migrations".
std::string counted(std::size_t count, std::string_view noun);

/// "12 ms", "3.4 s".
std::string duration_text(std::int64_t milliseconds);

}  // namespace schemagen::cli
