#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::drop_index) || !step.fact.by_rebuild) return {};
  return step.fact.name;
}

}  // namespace

const Rule rules::index_lost = {
    "index-lost",
    Level::warning,
    "",
    "rebuilds a table without making one of its indexes again",
    "make the index again, or drop it by name first",
    "Indexes go with the old table, and nothing says so.",
    "",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
