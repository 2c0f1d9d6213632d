#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::set_not_null) || step.fact.is_filled) return {};
  const TableState& table = step.table;
  const ColumnFact* column = table.find_column(step.fact.name);
  const bool has_default = column != nullptr && column->has_default &&
                           table.added.count(step.fact.name) > 0;
  if (has_default || (column != nullptr && column->not_null)) return {};
  if (table.filled.count(step.fact.name) > 0) return {};
  if (table.proves_not_null(step.fact.name)) return {};
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
    &finds};

}  // namespace schemagen::gen
