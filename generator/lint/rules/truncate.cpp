#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::truncate)) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::truncate = {
    "truncate",
    Level::error,
    "postgres",
    "empties a table, and with CASCADE others as well",
    "delete the rows that are meant, or say why all may go",
    "Rows are gone for good, and readers wait until the commit.",
    "ACCESS EXCLUSIVE",
    "DELETE FROM t WHERE ...;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
