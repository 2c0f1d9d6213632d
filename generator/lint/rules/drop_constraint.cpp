#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

/// A check that said no more than the NOT NULL that now stands there.
bool is_spare(const TableState& table, const ConstraintFact& gone) {
  if (gone.kind != ConstraintFact::Kind::check || gone.columns.size() != 1) {
    return false;
  }
  const ColumnFact* column = table.find_column(gone.columns[0]);
  TableState alone;
  alone.constraints = {gone};
  alone.constraints[0].is_validated = true;
  return column != nullptr && column->not_null &&
         alone.proves_not_null(column->name);
}

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::drop_constraint)) return {};
  const ConstraintFact* gone = step.fact.constraints.empty()
                                   ? step.table.find_constraint(step.fact.name)
                                   : &step.fact.constraints.front();
  if (gone != nullptr && step.is_put_back(*gone)) return {};
  if (gone != nullptr && is_spare(step.table, *gone)) return {};
  if (!step.fact.name.empty()) {
    return step.table_name() + " (" + step.fact.name + ")";
  }
  if (!gone->expression.empty()) return step.check_name(*gone);
  return step.columns_name(gone->columns);
}

}  // namespace

const Rule rules::drop_constraint = {
    "drop-constraint",
    Level::warning,
    "",
    "drops a constraint, so that rows may come which break it",
    "say why the rule no longer holds",
    "What the database kept true is from now on up to the programs. "
    "One that the same transaction puts back, as it was, looser, or as a "
    "unique index, is not meant.",
    "ACCESS EXCLUSIVE, for a moment",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
