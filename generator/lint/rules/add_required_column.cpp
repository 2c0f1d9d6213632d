#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const ColumnFact* column = step.new_column();
  if (!step.is(Fact::Kind::add_column) || !column->not_null) return {};
  if (column->has_default || column->is_generated || step.fact.is_filled) {
    return {};
  }
  return step.column_name();
}

}  // namespace

const Rule rules::add_required_column = {
    "add-required-column",
    Level::error,
    "",
    "adds a column that demands a value and has none for the rows that "
    "are there",
    "give it a DEFAULT, or add it optional, fill it and then demand it",
    "It works on an empty table and fails on a filled one.",
    "ACCESS EXCLUSIVE",
    "ALTER TABLE t ADD COLUMN c text;\nUPDATE t SET c = '' WHERE c IS "
    "NULL;\nALTER TABLE t ALTER COLUMN c SET NOT NULL;",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
