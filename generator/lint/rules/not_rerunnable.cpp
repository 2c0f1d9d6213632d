#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  using Kind = Fact::Kind;
  if (step.is_transactional || step.fact.if_exists) return {};
  if (step.fact.is_concurrent || step.fact.by_rebuild) return {};
  switch (step.fact.kind) {
    case Kind::add_column:
    case Kind::drop_column:
      return step.column_name();
    case Kind::drop_table:
    case Kind::rename_table:
    case Kind::add_constraint:
    case Kind::drop_constraint:
      return step.table_name();
    case Kind::create_index:
    case Kind::drop_index:
      return step.fact.name;
    default:
      return {};
  }
}

}  // namespace

const Rule rules::not_rerunnable = {
    "not-rerunnable",
    Level::warning,
    "",
    "cannot be run twice, in a script that is not one transaction",
    "write IF NOT EXISTS or IF EXISTS, or move it into a migration "
    "that is one transaction",
    "When the process dies between a statement and the note that it "
    "was done, the next start runs the statement again. Indexes built "
    "CONCURRENTLY are looked after by the runtime.",
    "",
    "CREATE TABLE IF NOT EXISTS t (...);\nALTER TABLE t ADD COLUMN IF "
    "NOT EXISTS c int;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
