// A connection as migrations see it: see sqlite.hpp and postgres.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "schemagen/result.hpp"

namespace schemagen {

/// One value as text; no value is NULL.
using Cell = std::optional<std::string>;
using Row = std::vector<Cell>;

class Driver;  // what the Migrator needs beside; private to the runtime

/// One connection, used by one thread at a time.
class Database {
 public:
  virtual ~Database() = default;

  /// "sqlite" or "postgres".
  virtual std::string_view dialect() const noexcept = 0;

  /// Runs one statement with parameters (? on SQLite, $1 on PostgreSQL) and
  /// returns the number of rows it changed.
  virtual Result<std::int64_t> execute(std::string_view sql,
                                       const Row& parameters) = 0;
  Result<std::int64_t> execute(std::string_view sql) {
    return execute(sql, Row{});
  }

  /// Runs one statement and returns its rows.
  virtual Result<std::vector<Row>> query(std::string_view sql,
                                         const Row& parameters) = 0;
  Result<std::vector<Row>> query(std::string_view sql) {
    return query(sql, Row{});
  }

  virtual Driver& driver() noexcept = 0;
};

/// How a database is opened, for generated code; see EmbeddedDialect.
struct Connector {
  Result<std::unique_ptr<Database>> (*open)(std::string_view url);
};

/// Repeats an UPDATE or DELETE whose text limits itself to `batch` rows
/// (`... WHERE id IN (SELECT id ... LIMIT 1000)`) until it changes none, each
/// time in its own transaction where the migration allows it. Returns all rows.
Result<std::int64_t> in_batches(Database& database, std::string_view sql,
                                std::int64_t batch = 1000);

}  // namespace schemagen
