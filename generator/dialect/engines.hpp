// What dialect.cpp and catalog.cpp know of each engine: its entry points. A new
// engine adds its lines here and its rows there.
#pragma once

#include "dialect/catalog.hpp"
#include "dialect/dialect.hpp"

namespace schemagen::gen {

const Dialect* sqlite_dialect();
const Dialect* postgres_dialect();

Result<Catalog> read_sqlite_catalog(Database& database);
Result<Catalog> read_postgres_catalog(Database& database);
std::optional<Catalog> foresee_sqlite_catalog(const Script& script);

}  // namespace schemagen::gen
