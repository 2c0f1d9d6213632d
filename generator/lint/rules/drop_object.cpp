#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

/// Something stands under the name again when the script has run.
bool is_made_again(const Step& step) {
  for (std::size_t i = step.place + 1; i < step.facts.size(); ++i) {
    const Fact& later = step.facts[i];
    const bool makes = later.kind == Fact::Kind::create_object ||
                       later.kind == Fact::Kind::create_table;
    const bool renames = later.kind == Fact::Kind::rename_table ||
                         later.kind == Fact::Kind::rename_object;
    if (makes && later.table == step.fact.table) return true;
    if (renames && later.renamed == step.fact.table) return true;
  }
  return false;
}

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::drop_object) || step.fact.to.empty()) return {};
  if (!step.world.is_used(step.fact.table) || is_made_again(step)) return {};
  return step.fact.to + " " + step.table_name();
}

}  // namespace

const Rule rules::drop_object = {
    "drop-object",
    Level::warning,
    "",
    "drops a view, function or sequence that running programs may use",
    "stop the old programs first, or drop it a release later",
    "Between the migration and the last restart, older programs fail. One "
    "that the same script makes again is not meant, nor a trigger's function.",
    "ACCESS EXCLUSIVE on a view or sequence, for a moment",
    "release N: stop using it\nrelease N + 1: DROP VIEW v;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
