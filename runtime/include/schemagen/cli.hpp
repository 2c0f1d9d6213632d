// The commands of a migrator for any program. Link SchemaGen::cli.
#pragma once

#include "schemagen/migration.hpp"

namespace schemagen {

/// Runs the command in argv[1..] against --url or DATABASE_URL and returns 0
/// when done, 1 when a migration failed or was refused, 2 for all else.
int run_cli(int argc, const char* const* argv, const MigrationSet& migrations);

/// What `status --json` prints, for a status page: reads by a connection of its
/// own and changes nothing; what goes wrong is in it as `last_error`.
std::string status_json(const MigrationSet& migrations, std::string_view url);

}  // namespace schemagen
