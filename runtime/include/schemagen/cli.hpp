// The commands of a migrator for any program. Link SchemaGen::cli.
#pragma once

#include "schemagen/migration.hpp"

namespace schemagen {

/// Runs the command in argv[1..] against --url or DATABASE_URL and returns the
/// exit code: 0 done, 1 a migration failed or was refused, 2 usage, input or
/// environment. Prints to standard output and standard error.
int run_cli(int argc, const char* const* argv, const MigrationSet& migrations);

}  // namespace schemagen
