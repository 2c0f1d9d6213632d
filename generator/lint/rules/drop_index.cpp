#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::drop_index) || step.fact.by_rebuild) return {};
  return step.fact.name;
}

}  // namespace

const Rule rules::drop_index = {
    "drop-index",
    Level::note,
    "",
    "drops an index, and queries that leaned on it turn slow",
    "look whether anything still uses it (on PostgreSQL "
    "pg_stat_user_indexes)",
    "Nothing fails, it only takes longer, and nobody sees why. A "
    "unique index also kept values apart.",
    "ACCESS EXCLUSIVE, for a moment",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
