#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const std::string& table = step.fact.table.name;
  const bool is_it = table == "sqlite_schema" || table == "sqlite_master" ||
                     table == "sqlite_temp_schema" ||
                     table == "sqlite_temp_master";
  const bool writes = step.is(Fact::Kind::update_rows) ||
                      step.is(Fact::Kind::delete_rows) ||
                      step.is(Fact::Kind::insert_rows);
  if (!is_it || !writes) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::write_schema_table = {
    "write-schema-table",
    Level::error,
    "sqlite",
    "writes the table that holds the schema, past every check of SQLite's",
    "use ALTER TABLE or a rebuild",
    "A slip makes the file unreadable, and a table that is deleted here goes "
    "without a trace. What it changes, lint cannot know.",
    "",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
