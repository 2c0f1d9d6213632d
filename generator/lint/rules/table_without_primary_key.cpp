#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool makes = step.is(Fact::Kind::create_table) &&
                     step.fact.knows_columns && !step.fact.is_temporary;
  if (!makes) return {};
  for (const ConstraintFact& one : step.fact.constraints) {
    if (one.kind == ConstraintFact::Kind::primary_key) return {};
  }
  return step.table_name();
}

}  // namespace

const Rule rules::table_without_primary_key = {
    "table-without-primary-key",
    Level::off,
    "",
    "makes a table without a primary key",
    "give it one",
    "Rows that cannot be told apart cannot be updated, deduplicated or "
    "replicated one by one.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
