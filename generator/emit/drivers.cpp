// The drivers that this build of the tool has, one row each.
#include "emit/prepared.hpp"
#include "schemagen/sqlite.hpp"
#ifdef SCHEMAGEN_HAS_POSTGRES
#include "schemagen/postgres.hpp"
#endif

namespace schemagen::gen {
namespace {

struct DriverRow {
  const char* dialect;
  const Connector* connector;
};

constexpr DriverRow kDrivers[] = {
    {"sqlite", &sqlite::kConnector},
#ifdef SCHEMAGEN_HAS_POSTGRES
    {"postgres", &postgres::kConnector},
#endif
};

}  // namespace

const Connector* find_driver(const std::string& dialect) {
  for (const DriverRow& row : kDrivers) {
    if (dialect == row.dialect) return row.connector;
  }
  return nullptr;
}

}  // namespace schemagen::gen
