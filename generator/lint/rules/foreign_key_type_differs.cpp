#include <algorithm>

#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

bool differs(const ColumnFact& a, const ColumnFact& b) {
  return a.affinity.empty() ? a.type != b.type : a.affinity != b.affinity;
}

Found finds(const Step& step) {
  if (step.is(Fact::Kind::drop_constraint)) return {};
  for (const ConstraintFact& key : step.fact.constraints) {
    if (key.kind != ConstraintFact::Kind::foreign_key) continue;
    const TableState& parent = step.world.find(key.parent);
    const std::size_t count =
        std::min(key.columns.size(), key.parent_columns.size());
    for (std::size_t i = 0; i < count; ++i) {
      const ColumnFact* there = parent.find_column(key.parent_columns[i]);
      const ColumnFact* here = step.table.find_column(key.columns[i]);
      for (const ColumnFact& column : step.fact.columns) {
        if (column.name == key.columns[i]) here = &column;
      }
      if (here != nullptr && there != nullptr && differs(*here, *there)) {
        return step.table_name() + "." + here->name + " is " + here->type +
               ", " + Step::name_of(key.parent) + "." + there->name + " is " +
               there->type;
      }
    }
  }
  return {};
}

}  // namespace

const Rule rules::foreign_key_type_differs = {
    "foreign-key-type-differs",
    Level::warning,
    "",
    "refers to a column of another type",
    "give both columns the same type",
    "Each lookup converts, an index may not serve, and a narrower "
    "column cannot hold every key.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
