#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::rename_column)) return {};
  return step.column_name() + " to " + step.fact.to;
}

}  // namespace

const Rule rules::rename_column = {
    "rename-column",
    Level::warning,
    "",
    "renames a column that running programs know by its old name",
    "stop the old programs first, or add the new column beside the old "
    "one",
    "Between the migration and the last restart, older programs fail.",
    "ACCESS EXCLUSIVE, for a moment",
    "release N: add the new column, write both\nrelease N + 1: read "
    "the new one\nrelease N + 2: drop the old one",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
