#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::drop_table) || !step.foreign_keys_on) return {};
  for (const auto& [name, table] : step.world.tables()) {
    for (const ConstraintFact& one : table.constraints) {
      const bool refers = one.kind == ConstraintFact::Kind::foreign_key &&
                          one.parent == step.fact.table;
      if (refers && !(name == step.fact.table)) {
        return step.table_name() + ", from " + Step::name_of(name);
      }
    }
  }
  return {};
}

}  // namespace

const Rule rules::drop_cascades_to_rows = {
    "drop-cascades-to-rows",
    Level::error,
    "sqlite",
    "drops or rebuilds, with foreign keys on, a table that others "
    "refer to",
    "remove `-- schemagen: foreign-keys on`",
    "With foreign keys on, DROP TABLE first deletes every row, and ON "
    "DELETE CASCADE or SET NULL takes the rows of other tables along; "
    "without such an action the script fails.",
    "",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
