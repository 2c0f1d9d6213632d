#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool rebuilds = step.is(Fact::Kind::drop_table) && step.fact.by_rebuild;
  if (!rebuilds || step.is_declared_rebuild) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::rebuild_undeclared = {
    "rebuild-undeclared",
    Level::warning,
    "sqlite",
    "rebuilds a table that the script's head does not name",
    "begin the script with `-- schemagen: rebuild <table>`",
    "Triggers and the AUTOINCREMENT counter go with the old table, and "
    "views may break. For tables that the head names, the runtime puts "
    "back what is missing.",
    "",
    "-- schemagen: rebuild users",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
