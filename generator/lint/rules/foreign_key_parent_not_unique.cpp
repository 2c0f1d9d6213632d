#include "lint/rules.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (step.is(Fact::Kind::drop_constraint)) return {};
  for (const ConstraintFact& key : step.fact.constraints) {
    if (key.kind != ConstraintFact::Kind::foreign_key) continue;
    if (key.parent_columns.empty() || key.parent == step.fact.table) continue;
    const TableState& parent = step.world.find(key.parent);
    if (!parent.is_known || !parent.knows_columns) continue;
    if (!parent.is_unique(key.parent_columns)) {
      return Step::name_of(key.parent) + " (" + join(key.parent_columns, ", ") +
             ")";
    }
  }
  return {};
}

}  // namespace

const Rule rules::foreign_key_parent_not_unique = {
    "foreign-key-parent-not-unique",
    Level::error,
    "",
    "refers to columns that nothing keeps unique",
    "refer to the primary key, or make the columns unique first",
    "PostgreSQL refuses it at once; SQLite takes it and then fails at "
    "every write to either table (foreign key mismatch).",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
