#include <algorithm>

#include "lint/rules.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

/// What the script calls the key's parent in the end.
void follow_renames(const Step& step, ConstraintFact& key) {
  for (std::size_t i = step.place; i < step.facts.size(); ++i) {
    const Fact& later = step.facts[i];
    if (!(later.table == key.parent)) continue;
    if (later.kind == Fact::Kind::rename_table) key.parent = later.renamed;
    if (later.kind == Fact::Kind::rename_column) {
      std::replace(key.parent_columns.begin(), key.parent_columns.end(),
                   later.name, later.to);
    }
  }
}

bool has_no_parent_key(const Step& step, ConstraintFact key) {
  // A table that refers to itself is there only behind its statement.
  const bool asks_later = key.binds_late || key.parent == step.fact.table;
  if (asks_later) follow_renames(step, key);
  const World& world = asks_later ? step.end : step.world;
  const TableState& parent = world.find(key.parent);
  if (!parent.is_known || !parent.knows_columns) return false;
  return key.parent_columns.empty() ? !parent.has_primary_key()
                                    : !parent.is_key(key.parent_columns);
}

Found finds(const Step& step) {
  if (step.is(Fact::Kind::drop_constraint)) return {};
  for (const ConstraintFact& key : step.fact.constraints) {
    if (key.kind != ConstraintFact::Kind::foreign_key) continue;
    if (!has_no_parent_key(step, key)) continue;
    const std::string parent = Step::name_of(key.parent);
    return key.parent_columns.empty()
               ? parent
               : parent + " (" + join(key.parent_columns, ", ") + ")";
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
