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
  OpenFunction open;
};

constexpr DriverRow kDrivers[] = {
    {"sqlite", &sqlite::open},
#ifdef SCHEMAGEN_HAS_POSTGRES
    {"postgres", &postgres::open},
#endif
};

}  // namespace

OpenFunction find_driver(const std::string& dialect) {
  for (const DriverRow& row : kDrivers) {
    if (dialect == row.dialect) return row.open;
  }
  return nullptr;
}

}  // namespace schemagen::gen
