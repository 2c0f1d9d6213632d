#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::create_index) || step.fact.is_concurrent) return {};
  return step.fact.name.empty() ? step.table_name() : step.fact.name;
}

}  // namespace

const Rule rules::index_blocks_writes = {
    "index-blocks-writes",
    Level::warning,
    "postgres",
    "blocks writing to the table until the index is built",
    "build it CONCURRENTLY in a migration of its own, as `schemagen "
    "generate --online` does",
    "On a large table that is minutes.",
    "SHARE, for as long as the build takes",
    "-- schemagen: no-transaction\nCREATE INDEX CONCURRENTLY i ON t "
    "(c);",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
