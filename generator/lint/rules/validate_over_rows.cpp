#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool validates = step.is(Fact::Kind::validate_constraint);
  if (!validates || step.is_alone) return {};
  return step.table_name() + " (" + step.fact.name + ")";
}

}  // namespace

const Rule rules::validate_over_rows = {
    "validate-over-rows",
    Level::warning,
    "postgres",
    "fails when a row that is there breaks the constraint",
    "let it stand in a migration of its own, so that nothing else is "
    "rolled back with it",
    "NOT VALID left the old rows unseen; this is the moment that finds "
    "them.",
    "SHARE UPDATE EXCLUSIVE, which lets reading and writing go on",
    "",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
