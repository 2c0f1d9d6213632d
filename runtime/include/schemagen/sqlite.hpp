// SQLite. Link SchemaGen::sqlite.
#pragma once

#include "schemagen/database.hpp"

struct sqlite3;

namespace schemagen::sqlite {

/// Opens (and creates) a database: a path, "sqlite:PATH", "sqlite://PATH" or
/// ":memory:".
Result<std::unique_ptr<Database>> open(std::string_view path);
extern const Connector kConnector;  ///< open(), for generated code

/// Works on the caller's connection, which must outlive the result and have no
/// open transaction. Settings that a migration changes are restored.
std::unique_ptr<Database> borrow(sqlite3* connection);

}  // namespace schemagen::sqlite
