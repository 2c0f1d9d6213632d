#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::add_column) || step.fact.by_rebuild) return {};
  const bool refers = step.adds(ConstraintFact::Kind::foreign_key) != nullptr;
  if (!refers || !step.foreign_keys_on || !step.new_column()->has_default) {
    return {};
  }
  return step.column_name();
}

}  // namespace

const Rule rules::default_breaks_reference = {
    "default-breaks-reference",
    Level::error,
    "sqlite",
    "adds a column that refers to another table and has a default, "
    "which SQLite refuses with foreign keys on",
    "remove `-- schemagen: foreign-keys on`, or let the column default "
    "to NULL",
    "ALTER TABLE ADD COLUMN ... REFERENCES with a default other than "
    "NULL fails on tables with rows while foreign keys are enforced.",
    "",
    "",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
