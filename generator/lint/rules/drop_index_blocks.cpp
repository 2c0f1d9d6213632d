#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool drops = step.is(Fact::Kind::drop_index) && !step.fact.by_rebuild;
  if (!drops || step.fact.is_concurrent) return {};
  return step.fact.name;
}

}  // namespace

const Rule rules::drop_index_blocks = {
    "drop-index-blocks",
    Level::warning,
    "postgres",
    "waits for every query on the table and keeps new ones out until "
    "it may drop the index",
    "DROP INDEX CONCURRENTLY in a migration with `-- schemagen: "
    "no-transaction`",
    "The drop is quick, but it queues behind the slowest query, and "
    "everybody queues behind it.",
    "ACCESS EXCLUSIVE on the table",
    "-- schemagen: no-transaction\nDROP INDEX CONCURRENTLY i;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
