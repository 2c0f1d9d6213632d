// What must be in the rows after a step of a plan, value by value.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "plan/plan.hpp"
#include "schemagen/database.hpp"

namespace schemagen::test {

/// NULL, or a value with its storage class where the engine has one.
using Cell = std::optional<std::string>;
/// By row name (is_row_name), by column; generated columns are left out.
using TableCells = std::map<std::string, std::map<std::string, Cell>>;

TableCells read_cells(Database& database, const gen::Table& table);

/// The rows before a step, to be held against those after it.
class KeptRows {
 public:
  KeptRows(Database& database, const gen::Plan& plan);

  /// What a step up or down has lost or changed though the plan says that it
  /// stays; "" when nothing has.
  std::string lost_by_step() const;

  /// The same after the step and its way back, whose script names `invented`
  /// columns: whatever it does not name is what it was.
  std::string lost_by_return(const std::set<std::string>& invented) const;

 private:
  Database& database_;
  const gen::Plan& plan_;
  std::map<gen::TableName, TableCells> before_;
};

}  // namespace schemagen::test
