#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::rename_enum_value)) return {};
  return step.table_name() + " '" + step.fact.name + "' to '" + step.fact.to +
         "'";
}

}  // namespace

const Rule rules::rename_enum_value = {
    "rename-enum-value",
    Level::warning,
    "postgres",
    "renames an enum value that running programs write by its old name",
    "stop the old programs first, or add the new value beside the old "
    "one",
    "An older program that writes the old name fails, and one that "
    "reads the new name may not know it.",
    "",
    "ALTER TYPE colour ADD VALUE 'azure';\nswitch the programs over, "
    "then UPDATE the rows",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
