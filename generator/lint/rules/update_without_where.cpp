#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::update_rows) || step.fact.has_where) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::update_without_where = {
    "update-without-where",
    Level::warning,
    "",
    "writes every row of the table in one transaction",
    "add a WHERE, or do it in batches (`-- schemagen: batch`)",
    "Every row stays locked until the end, and on PostgreSQL the table "
    "doubles. FROM alone restricts nothing.",
    "ROW EXCLUSIVE on the table, and every row",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
