#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::set_not_null) || step.fact.by_rebuild) return {};
  if (step.table.proves_not_null(step.fact.name)) return {};
  const ColumnFact* column = step.table.find_column(step.fact.name);
  if (column != nullptr && column->not_null) return {};
  return step.column_name();
}

}  // namespace

const Rule rules::set_not_null = {
    "set-not-null",
    Level::warning,
    "postgres",
    "reads the whole table under the strongest lock to demand values",
    "let a validated CHECK prove it first, as `schemagen generate "
    "--online` writes it",
    "SET NOT NULL scans the table unless a validated CHECK (c IS NOT "
    "NULL) already proves it.",
    "ACCESS EXCLUSIVE, for as long as the scan takes",
    "ALTER TABLE t ADD CONSTRAINT n CHECK (c IS NOT NULL) NOT "
    "VALID;\nin a later migration:\nALTER TABLE t VALIDATE CONSTRAINT "
    "n;\nALTER TABLE t ALTER COLUMN c SET NOT NULL;\nALTER TABLE t "
    "DROP CONSTRAINT n;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
