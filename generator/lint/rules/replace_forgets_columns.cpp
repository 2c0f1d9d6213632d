#include <algorithm>

#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

/// The named columns hold a key, and the row has more of them.
bool forgets(const TableState& table, const std::vector<std::string>& named) {
  if (!table.knows_columns) return !named.empty();
  return table.is_unique(named) &&
         std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const ColumnFact& column) {
                       return !column.is_generated &&
                              std::find(named.begin(), named.end(),
                                        column.name) == named.end();
                     });
}

Found finds(const Step& step) {
  const CopyFact& copy = step.fact.copy;
  const bool replaces = step.is(Fact::Kind::insert_rows) && copy.replaces &&
                        copy.source == step.fact.table;
  if (!replaces || !forgets(step.table, copy.columns)) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::replace_forgets_columns = {
    "replace-forgets-columns",
    Level::error,
    "sqlite",
    "replaces rows by themselves and loses the columns that it does not name",
    "UPDATE the rows, or use ON CONFLICT DO UPDATE",
    "REPLACE deletes the old row first: each column that is not named falls "
    "back to its default or NULL.",
    "",
    "UPDATE t SET a = ... WHERE ...;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
