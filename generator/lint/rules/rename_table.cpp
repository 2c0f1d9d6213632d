#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::rename_table)) return {};
  return step.table_name() + " to " + step.fact.to;
}

}  // namespace

const Rule rules::rename_table = {
    "rename-table",
    Level::warning,
    "",
    "renames a table that running programs know by its old name",
    "stop the old programs first, or leave a view under the old name",
    "Between the migration and the last restart, older programs fail.",
    "ACCESS EXCLUSIVE, for a moment",
    "ALTER TABLE users RENAME TO people;\nCREATE VIEW users AS SELECT "
    "* FROM people;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
