#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool makes =
      step.is(Fact::Kind::create_table) || step.is(Fact::Kind::drop_table);
  if (!makes || !step.fact.table.schema.empty()) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::schema_unstated = {
    "schema-unstated",
    Level::off,
    "postgres",
    "names a table without its schema",
    "write app.users",
    "Which table is meant depends on the search_path of whoever runs "
    "the migration.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
