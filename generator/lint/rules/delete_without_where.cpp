#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::delete_rows) || step.fact.has_where) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::delete_without_where = {
    "delete-without-where",
    Level::error,
    "",
    "deletes every row of the table",
    "add a WHERE, or say why all rows may go",
    "A DELETE without WHERE is more often a slip than a plan. USING alone "
    "restricts nothing: one row of the other table is enough.",
    "ROW EXCLUSIVE",
    "DELETE FROM t WHERE ...;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
