#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

/// Rows may hold NULL, and nothing has filled them.
bool is_open(const TableState& table, const std::string& name) {
  const ColumnFact* column = table.find_column(name);
  const bool has_default =
      column != nullptr && column->has_default && table.added.count(name) > 0;
  if (has_default || (column != nullptr && column->not_null)) return false;
  return table.filled.count(name) == 0 && table.cleared.count(name) == 0 &&
         !table.proves_not_null(name);
}

/// A key demands values as well, by way of an index that is there perhaps.
Found key_column(const Step& step) {
  const ConstraintFact* key = step.adds(ConstraintFact::Kind::primary_key);
  if (key == nullptr || !key->demands_values) return {};
  std::vector<std::string> columns = key->columns;
  for (const IndexFact& index : step.table.indexes) {
    if (index.name == key->index) columns = index.columns;
  }
  for (const std::string& name : columns) {
    const bool is_there = step.table.find_column(name) != nullptr;
    if (is_there && is_open(step.table, name)) {
      return step.table_name() + "." + name;
    }
  }
  return {};
}

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::set_not_null)) return key_column(step);
  if (step.fact.is_filled || !is_open(step.table, step.fact.name)) return {};
  return step.column_name();
}

}  // namespace

const Rule rules::not_null_over_rows = {
    "not-null-over-rows",
    Level::error,
    "",
    "demands values of a column and nothing here fills the rows that "
    "have none",
    "UPDATE the rows that are NULL before it, or look for them first "
    "and say so",
    "Whether it works depends on the rows of each database in the "
    "field, not on the tests.",
    "ACCESS EXCLUSIVE",
    "UPDATE t SET c = '' WHERE c IS NULL;\nALTER TABLE t ALTER COLUMN "
    "c SET NOT NULL;",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
