#include <algorithm>

#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

/// A new column's values: nothing, or one of its own for every row.
bool is_distinct(const ColumnFact& column) {
  return column.is_numbered || column.default_counts ||
         (!column.not_null && !column.has_default);
}

Found finds(const Step& step) {
  const ConstraintFact* constraint = step.adds(ConstraintFact::Kind::unique);
  if (constraint == nullptr) {
    constraint = step.adds(ConstraintFact::Kind::primary_key);
  }
  const bool is_index =
      step.is(Fact::Kind::create_index) && step.fact.index.is_unique;
  if (constraint == nullptr && !is_index) return {};
  if (constraint != nullptr && !constraint->index.empty()) return {};
  if (step.is(Fact::Kind::add_column) && is_distinct(*step.new_column())) {
    return {};
  }
  const IndexFact& index = step.fact.index;
  const auto& columns = is_index ? index.columns : constraint->columns;
  const auto& keys = is_index ? index.keys : columns;
  if (step.table.is_unique(keys, index.condition)) return {};
  if (step.table.is_empty_in(keys) || step.table.is_distinct_in(keys)) {
    return {};
  }
  const bool has_no_name =
      std::find(columns.begin(), columns.end(), "") != columns.end();
  return has_no_name && !index.name.empty() ? index.name
                                            : step.columns_name(keys);
}

}  // namespace

const Rule rules::unique_over_rows = {
    "unique-over-rows",
    Level::error,
    "",
    "fails when rows that are there hold a value twice",
    "look for doubles first, mend them in the same migration, and say "
    "so",
    "Whether it works depends on the rows of each database in the "
    "field, not on the tests.",
    "ACCESS EXCLUSIVE for a constraint, SHARE for an index",
    "",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
