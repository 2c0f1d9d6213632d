#include <algorithm>

#include "lint/rules.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

bool gets_unique_later(const Step& step, const ConstraintFact& key) {
  return key.binds_late &&
         std::any_of(
             step.facts.begin() + static_cast<std::ptrdiff_t>(step.place),
             step.facts.end(), [&](const Fact& later) {
               return later.kind == Fact::Kind::create_index &&
                      later.table == key.parent && later.index.is_unique &&
                      !later.index.is_partial() &&
                      std::is_permutation(later.index.columns.begin(),
                                          later.index.columns.end(),
                                          key.parent_columns.begin(),
                                          key.parent_columns.end());
             });
}

Found finds(const Step& step) {
  if (step.is(Fact::Kind::drop_constraint)) return {};
  for (const ConstraintFact& key : step.fact.constraints) {
    if (key.kind != ConstraintFact::Kind::foreign_key) continue;
    if (key.parent_columns.empty() || key.parent == step.fact.table) continue;
    const TableState& parent = step.world.find(key.parent);
    if (!parent.is_known || !parent.knows_columns) continue;
    if (!parent.is_unique(key.parent_columns) &&
        !gets_unique_later(step, key)) {
      return Step::name_of(key.parent) + " (" + join(key.parent_columns, ", ") +
             ")";
    }
  }
  return {};
}

}  // namespace

const Rule rules::foreign_key_parent_not_unique = {
    "foreign-key-parent-not-unique",
    Level::error,
    "",
    "refers to columns that nothing keeps unique",
    "refer to the primary key, or make the columns unique first",
    "PostgreSQL refuses it at once; SQLite takes it and then fails at "
    "every write to either table (foreign key mismatch).",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
