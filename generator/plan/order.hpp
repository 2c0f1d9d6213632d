// Orders that do not depend on chance: tables by their foreign keys, renames so
// that no name is taken twice at any moment.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/schema.hpp"
#include "plan/change.hpp"

namespace schemagen::gen {

struct TableOrder {
  std::vector<const Table*> parents_first;
  /// Keys that close a circle: their target stands behind them.
  std::vector<std::pair<const Table*, const ForeignKey*>> closing;
};

/// `tables` by their keys among each other; where keys leave a choice, the
/// order given decides.
TableOrder order_tables(const std::vector<const Table*>& tables);

/// Renames old -> new in an order in which every new name is free; a circle
/// goes through a third name. Names that differ in case only count as taken,
/// and without `by_schema` those that differ in their schema only: SQLite takes
/// them for one.
std::vector<std::pair<TableName, TableName>> order_renames(
    std::vector<std::pair<TableName, TableName>> renames,
    const std::set<TableName>& names, bool by_schema = true);

}  // namespace schemagen::gen
