#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool detaches = step.is(Fact::Kind::detach_partition);
  if (!detaches || step.fact.is_concurrent) return {};
  return step.fact.name;
}

}  // namespace

const Rule rules::detach_blocks = {
    "detach-blocks",
    Level::warning,
    "postgres",
    "keeps everybody out of the partitioned table until the partition "
    "is off",
    "DETACH PARTITION ... CONCURRENTLY in a migration with `-- "
    "schemagen: no-transaction`",
    "It waits for every query on the parent, and everybody waits "
    "behind it.",
    "ACCESS EXCLUSIVE on the parent",
    "-- schemagen: no-transaction\nALTER TABLE t DETACH PARTITION p "
    "CONCURRENTLY;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
