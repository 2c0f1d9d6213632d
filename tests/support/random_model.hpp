// Random models, random edits and rows to go with them, for property tests of
// every engine. The same numbers give the same model on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/schema.hpp"
#include "plan/plan.hpp"

namespace schemagen::test {

/// A pair of models with what the user has to say about the way between.
struct Evolution {
  gen::Schema before;
  gen::Schema after;
  gen::Consents consents;
  std::vector<std::string> edits;  ///< for messages: "rename column a.b to c"
};

/// `tables` tables, then `edits` edits. Every table has an `id` that no edit
/// takes away.
Evolution random_evolution(std::uint64_t seed, int tables, int edits);

/// INSERT statements for `schema` that its constraints allow, parents first,
/// `rows` of them per table with the ids 1 to `rows`; enum values that an edit
/// might drop are not used.
std::vector<std::string> random_rows(const gen::Schema& schema,
                                     const std::string& dialect,
                                     std::uint64_t seed, int rows);

/// The columns whose values must survive from `before` to `after`, by table:
/// (old table, old column) and (new table, new column).
struct Survivor {
  std::string old_table, old_column, new_table, new_column;
};
std::vector<Survivor> survivors(const gen::Plan& plan);

}  // namespace schemagen::test
