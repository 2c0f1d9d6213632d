#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const ConstraintFact* key = step.adds(ConstraintFact::Kind::foreign_key);
  if (key == nullptr || !key->is_validated) return {};
  if (step.is(Fact::Kind::add_column)) {
    const ColumnFact* column = step.new_column();
    if (!column->has_default && !column->not_null) return {};
  }
  if (step.table.obeys(*key) || step.table.is_empty_in(key->columns)) return {};
  return step.columns_name(key->columns);
}

}  // namespace

const Rule rules::foreign_key_over_rows = {
    "foreign-key-over-rows",
    Level::error,
    "",
    "fails when a row that is there refers to nothing",
    "look for such rows first, mend them in the same migration, and "
    "say so",
    "Whether it works depends on the rows of each database in the "
    "field. On SQLite the runtime looks for broken references before "
    "it commits.",
    "SHARE ROW EXCLUSIVE on both tables",
    "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES u NOT "
    "VALID;\nmend the rows, and in a later migration:\nALTER TABLE t "
    "VALIDATE CONSTRAINT f;",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
