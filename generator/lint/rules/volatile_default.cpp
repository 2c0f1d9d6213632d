#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const ColumnFact* column = step.new_column();
  const bool adds = step.is(Fact::Kind::add_column) && !step.fact.by_rebuild;
  if (!adds || !column->default_varies || column->is_numbered) return {};
  return step.column_name();
}

}  // namespace

const Rule rules::volatile_default = {
    "volatile-default",
    Level::warning,
    "postgres",
    "computes a default for every row, which rewrites the table",
    "add the column without it, set the default, then fill in batches",
    "Only a default that is one value for all rows is stored once; a "
    "function that differs from row to row is called for each.",
    "ACCESS EXCLUSIVE, for as long as the rewrite takes",
    "ALTER TABLE t ADD COLUMN c uuid;\nALTER TABLE t ALTER COLUMN c "
    "SET DEFAULT gen_random_uuid();\nfill the old rows in batches",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
