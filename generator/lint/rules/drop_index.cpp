#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::drop_index) || step.fact.by_rebuild) return {};
  for (const IndexFact& index : step.table.indexes) {
    if (index.name != step.fact.name) continue;
    for (const std::string& other : step.table.serving(index)) {
      if (!step.drops_index(other)) return {};
    }
  }
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
    "unique index also kept values apart. One that a longer index stands in "
    "for is not meant.",
    "ACCESS EXCLUSIVE, for a moment",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
