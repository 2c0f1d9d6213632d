#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::lock_table)) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::lock_table = {
    "lock-table",
    Level::warning,
    "postgres",
    "locks a table for the whole transaction",
    "let each statement take the lock that it needs",
    "LOCK TABLE without a mode keeps readers out as well, until the "
    "commit.",
    "ACCESS EXCLUSIVE, or the mode that is named",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
