// Databases that hold nothing yet, one for each call.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "schemagen/postgres.hpp"
#include "schemagen/sqlite.hpp"
#include "support/postgres_server.hpp"

namespace schemagen::test {

inline std::unique_ptr<Database> opened(
    Result<std::unique_ptr<Database>> database) {
  if (!database) throw std::runtime_error(database.error().message);
  return std::move(*database);
}

inline std::unique_ptr<Database> fresh_sqlite() {
  return opened(sqlite::open(":memory:"));
}

inline std::unique_ptr<Database> fresh_postgres() {
  return opened(postgres::open(PostgresServer::instance().create_database()));
}

inline std::unique_ptr<Database> fresh_database(const std::string& dialect) {
  return dialect == "sqlite" ? fresh_sqlite() : fresh_postgres();
}

/// Servers make no database as fast as they empty one of random models. What is
/// dropped stays in the system's tables until they are vacuumed, and reading
/// the catalogue would get slower and slower.
inline void wipe_postgres(Database& database) {
  static int wiped = 0;
  std::vector<const char*> statements = {
      "DROP SCHEMA IF EXISTS public, app CASCADE", "CREATE SCHEMA public"};
  if (++wiped % 32 == 0) statements.push_back("VACUUM");
  for (const char* sql : statements) {
    if (auto done = database.execute(sql); !done) {
      throw std::runtime_error(done.error().message);
    }
  }
}

}  // namespace schemagen::test
