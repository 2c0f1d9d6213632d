#include <algorithm>

#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

/// The check of a new column speaks of others, which have values already. While
/// the new one is NULL, a comparison with it lets every row through.
bool reads_old_columns(const Step& step, const ConstraintFact& check) {
  const ColumnFact& column = *step.new_column();
  const auto& names = check.columns;
  const bool is_about_itself =
      std::find(names.begin(), names.end(), column.name) != names.end();
  if (column.is_generated || (is_about_itself && !column.has_default)) {
    return false;
  }
  return std::any_of(names.begin(), names.end(), [&](const auto& name) {
    return name != column.name && step.table.find_column(name) != nullptr &&
           step.table.added.count(name) <= step.table.filled.count(name);
  });
}

/// A check over columns that the migration adds, whose values are known.
bool is_fresh(const Step& step, const ConstraintFact& check) {
  const TableState& table = step.table;
  const bool is_known = table.knows_columns || !table.added.empty();
  if (step.fact.by_rebuild || !is_known) return false;
  return std::none_of(
      check.columns.begin(), check.columns.end(), [&](const auto& name) {
        return table.find_column(name) != nullptr &&
               table.added.count(name) <= table.filled.count(name);
      });
}

Found finds(const Step& step) {
  const bool is_column = step.is(Fact::Kind::add_column);
  if (is_column && step.fact.by_rebuild) return {};
  for (const ConstraintFact* check : step.added_checks()) {
    if (!check->is_validated || step.table.obeys(*check)) continue;
    const bool depends_on_rows =
        is_column ? reads_old_columns(step, *check) : !is_fresh(step, *check);
    if (depends_on_rows) return step.check_name(*check);
  }
  return {};
}

}  // namespace

const Rule rules::check_over_rows = {
    "check-over-rows",
    Level::error,
    "",
    "fails when a row that is there breaks the new check",
    "look for such rows first, mend them in the same migration, and "
    "say so",
    "Whether it works depends on the rows of each database in the "
    "field. A check that only lets more through than the old one is "
    "not meant, nor one over columns that the migration adds.",
    "ACCESS EXCLUSIVE, for as long as the scan takes",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (...) NOT VALID;\nmend the "
    "rows, and in a later migration:\nALTER TABLE t VALIDATE "
    "CONSTRAINT c;",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
