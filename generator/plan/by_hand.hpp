// What only the user can write: where values that flags send to a place which
// is taken go, and what stands in a table that is only just made.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plan/identity.hpp"

namespace schemagen::gen {

/// New names that flags have claimed, by their owners.
struct Flagged {
  std::vector<TableName> tables;
  std::vector<std::pair<TableName, std::string>> columns;
  std::vector<std::pair<std::string, std::string>> values;
};

// A claimed name that a thing of the old schema has, and keeps, is no rename:
// the two become one. Whatever goes by it is dropped behind a block.
void move_tables(const Schema& from, const Schema& to,
                 const std::vector<TableName>& claimed, Agreement& agreement);
void move_columns(const Schema& from, const Schema& to,
                  const std::vector<std::pair<TableName, std::string>>& claimed,
                  Agreement& agreement);
void move_values(
    const Schema& from, const Schema& to,
    const std::vector<std::pair<std::string, std::string>>& claimed,
    Agreement& agreement);

/// A column by the names of its table before and after, and its old one.
struct Leaving {
  TableName from, to;
  std::string column;
};
void move_column(const Leaving& leaving, const TableName& target,
                 const std::string& now, Agreement& agreement);

/// Tables that the plan makes and that rows which are there need rows of.
void find_new_rows(Plan& plan);

}  // namespace schemagen::gen
