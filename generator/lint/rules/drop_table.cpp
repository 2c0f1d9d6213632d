#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool drops = step.is(Fact::Kind::drop_table) && !step.fact.by_rebuild;
  if (!drops || step.table.is_new) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::drop_table = {
    "drop-table",
    Level::error,
    "",
    "drops a table with all its rows",
    "keep it until no program of the field reads it, and say why it "
    "may go",
    "Rows are gone for good, and every running program that still "
    "reads the table fails. A table that is rebuilt is not meant.",
    "ACCESS EXCLUSIVE, for a moment",
    "release N: stop reading and writing the table\nrelease N + 1: "
    "drop it",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
