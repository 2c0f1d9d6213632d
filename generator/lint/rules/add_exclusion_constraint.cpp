#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool adds = step.adds(ConstraintFact::Kind::exclusion) != nullptr &&
                    !step.fact.by_rebuild;
  if (!adds) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::add_exclusion_constraint = {
    "add-exclusion-constraint",
    Level::warning,
    "postgres",
    "builds an exclusion constraint while nobody may use the table, "
    "and fails when rows conflict",
    "run it while the programs are stopped, or keep the rule in a "
    "trigger",
    "PostgreSQL can neither build it concurrently nor add it NOT VALID.",
    "ACCESS EXCLUSIVE, for as long as the build takes",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
