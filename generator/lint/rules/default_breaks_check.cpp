#include "dialect/default_check.hpp"
#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

/// The new column that the check is about: the one that comes with it, or one
/// that the migration has added before.
const ColumnFact* column_of(const Step& step, const ConstraintFact& check) {
  if (step.is(Fact::Kind::add_column)) return step.new_column();
  const TableState& table = step.table;
  const ColumnFact* found = nullptr;
  for (const std::string& name : check.columns) {
    const ColumnFact* column = table.find_column(name);
    const bool is_fresh = table.added.count(name) > table.filled.count(name);
    if (column != nullptr && is_fresh) found = column;
  }
  return found;
}

Found finds(const Step& step) {
  if (step.fact.is_filled) return {};
  for (const ConstraintFact* check : step.added_checks()) {
    const ColumnFact* column = column_of(step, *check);
    const bool breaks = check->is_validated && column != nullptr &&
                        default_breaks(*column, check->expression);
    if (breaks) return step.table_name() + "." + column->name;
  }
  return {};
}

}  // namespace

const Rule rules::default_breaks_check = {
    "default-breaks-check",
    Level::error,
    "",
    "adds a column whose default breaks its check, which fails where there "
    "are rows",
    "give it a default that obeys the check",
    "Every row that is there gets the default, so that the check holds on "
    "empty tables alone.",
    "",
    "ALTER TABLE t ADD COLUMN c int DEFAULT 1 CHECK (c > 0);",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
