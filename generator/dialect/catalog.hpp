// What a real database holds, read from its own catalogue, in a form that
// compares: equal schemas give equal catalogues however they were reached (by
// one CREATE or by ten years of ALTERs), whatever the order of columns.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "schemagen/database.hpp"

namespace schemagen::gen {

struct Catalog {
  /// "table users" -> its sorted lines ("column nick text not null", ...).
  /// The history table is left out.
  std::map<std::string, std::vector<std::string>> objects;
  /// Views, triggers, functions, ...: listed, never compared.
  std::vector<std::string> unmodelled;
};

/// Reads the catalogue of the engine that `database` speaks.
Result<Catalog> read_catalog(Database& database);

/// What read_catalog would find after `script` ran in an empty database. No
/// value: only the engine itself can say, run it.
std::optional<Catalog> foresee_catalog(const std::string& dialect,
                                       const Script& script);

/// Lines like "table users: missing column nick ..."; empty when equal.
std::vector<std::string> difference(const Catalog& expected,
                                    const Catalog& actual);

}  // namespace schemagen::gen
