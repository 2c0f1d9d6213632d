#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::reindex) || step.fact.is_concurrent) return {};
  return step.fact.name.empty() ? step.table_name() : step.fact.name;
}

}  // namespace

const Rule rules::reindex_blocks = {
    "reindex-blocks",
    Level::warning,
    "postgres",
    "keeps writers, and readers who use the index, out until it is "
    "built anew",
    "REINDEX CONCURRENTLY in a migration with `-- schemagen: "
    "no-transaction`",
    "Rebuilding takes as long as building.",
    "ACCESS EXCLUSIVE on the index, SHARE on the table",
    "-- schemagen: no-transaction\nREINDEX INDEX CONCURRENTLY i;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
