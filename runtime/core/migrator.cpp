#include "schemagen/migrator.hpp"

#include "core/choices.hpp"
#include "core/session.hpp"

namespace schemagen {

Migrator::Migrator(Database& database, const MigrationSet& migrations,
                   MigrateOptions options)
    : database_(database),
      migrations_(migrations),
      options_(std::move(options)) {}

Result<Report> Migrator::up() {
  core::Session session(database_, migrations_, options_);
  return core::UpChoice().carry_out(session);
}

}  // namespace schemagen
