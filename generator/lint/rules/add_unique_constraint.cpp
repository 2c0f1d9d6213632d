#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const ConstraintFact* unique = step.adds(ConstraintFact::Kind::unique);
  if (unique == nullptr || !unique->index.empty() || step.fact.by_rebuild)
    return {};
  return step.columns_name(unique->columns);
}

}  // namespace

const Rule rules::add_unique_constraint = {
    "add-unique-constraint",
    Level::warning,
    "postgres",
    "builds a unique index while nobody may use the table",
    "build it concurrently and then take it over, as `schemagen "
    "generate --online` does",
    "ADD UNIQUE holds the strongest lock for the whole build; USING "
    "INDEX only for a moment.",
    "ACCESS EXCLUSIVE, for as long as the build takes",
    "-- schemagen: no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY i "
    "ON t (c);\nin a later migration:\nALTER TABLE t ADD CONSTRAINT i "
    "UNIQUE USING INDEX i;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
