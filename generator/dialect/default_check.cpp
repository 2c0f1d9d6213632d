// Comparisons of constants mean the same on both engines, so SQLite answers for
// both; what it cannot read or does not know stays unanswered.
#include "dialect/default_check.hpp"

#include <sqlite3.h>

#include <memory>

#include "dialect/dialect.hpp"

namespace schemagen::gen {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};

bool run(sqlite3* database, const std::string& sql) {
  return sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) ==
         SQLITE_OK;
}

}  // namespace

bool default_breaks(const ColumnFact& column, const std::string& check) {
  if (column.is_generated || check.empty()) return false;
  if (column.has_default && column.default_value.empty()) return false;
  sqlite3* opened = nullptr;
  sqlite3_open(":memory:", &opened);
  const std::unique_ptr<sqlite3, Close> database(opened);
  const std::string name = find_dialect("sqlite")->quote(column.name);
  const std::string value =
      column.has_default ? " DEFAULT (" + column.default_value + ")" : "";
  const std::string row = "CREATE TABLE r (" + name + " " + column.type + value;
  // A table without the check shows that it is the check which refuses.
  return run(opened, row + "); INSERT INTO r DEFAULT VALUES; SELECT (" + check +
                         ") FROM r; DROP TABLE r") &&
         run(opened, row + " CHECK (" + check + "))") &&
         !run(opened, "INSERT INTO r DEFAULT VALUES");
}

}  // namespace schemagen::gen
