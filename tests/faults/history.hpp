// Fixed histories for the fault tests and the benches.
#pragma once

#include <string>

#include "schemagen/migration.hpp"
#include "support/embedded.hpp"

namespace schemagen::faults {

/// Adds a migration with the next id of one fixed second after another.
void add_next(test::Embedded& history, const char* name, const std::string& up,
              const char* down);

/// "mixed": twelve migrations of every kind; "hundred": a hundred small ones,
/// each leaving one row in the table `log`. Both for SQLite and PostgreSQL.
const MigrationSet& history(const std::string& name);

}  // namespace schemagen::faults
