// What a code migration needs, and the data that `schemagen embed` generates.
#pragma once

#include "schemagen/database.hpp"
#include "schemagen/embedded.hpp"

/// Opens the namespace of a code migration, SCHEMA_DIR/<id>_<name>.cpp, for
/// `constexpr int revision = 1;` (raise it when what it does changes) and
/// `Result<Done> up(Database&)`, `Result<Done> down(Database&)`.
#define SCHEMAGEN_MIGRATION(id, name) \
  namespace schemagen_migration_##id##_##name
