#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

/// PostgreSQL knows that a new column without a value refers to nothing.
bool is_null_everywhere(const Step& step) {
  if (!step.is(Fact::Kind::add_column)) return false;
  const ColumnFact* column = step.new_column();
  return !column->has_default && !column->is_generated;
}

Found finds(const Step& step) {
  const ConstraintFact* key = step.adds(ConstraintFact::Kind::foreign_key);
  if (key == nullptr || !key->is_validated || step.fact.by_rebuild) return {};
  if (is_null_everywhere(step)) return {};
  return step.columns_name(key->columns);
}

}  // namespace

const Rule rules::add_foreign_key_validated = {
    "add-foreign-key-validated",
    Level::warning,
    "postgres",
    "checks every row while both tables are locked against writing",
    "add it NOT VALID and VALIDATE it in a later migration, as "
    "`schemagen generate --online` does",
    "NOT VALID takes the lock for a moment only; validating later lets "
    "writes go on.",
    "SHARE ROW EXCLUSIVE on both tables, for as long as the scan takes",
    "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES u NOT "
    "VALID;\nin a later migration:\nALTER TABLE t VALIDATE CONSTRAINT "
    "f;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
