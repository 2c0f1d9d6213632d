// PostgreSQL. Link SchemaGen::postgres.
#pragma once

#include "schemagen/database.hpp"

struct pg_conn;

namespace schemagen::postgres {

/// Connects: "postgresql://..." or libpq's "key=value" form.
Result<std::unique_ptr<Database>> open(std::string_view url);
extern const Connector kConnector;  ///< open(), for generated code

/// Works on the caller's connection, which must outlive the result and have no
/// open transaction.
std::unique_ptr<Database> borrow(pg_conn* connection);

}  // namespace schemagen::postgres
