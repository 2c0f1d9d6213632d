#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const ConstraintFact* check = step.adds(ConstraintFact::Kind::check);
  if (check == nullptr || step.is(Fact::Kind::add_column)) return {};
  const TableState& table = step.table;
  if (!check->is_validated || table.obeys(*check)) return {};
  bool is_fresh = !step.fact.by_rebuild;
  for (const std::string& name : check->columns) {
    const bool is_column = table.find_column(name) != nullptr;
    const bool is_added = table.added.count(name) > 0;
    if (is_column && (!is_added || table.filled.count(name) > 0)) {
      is_fresh = false;
    }
  }
  const bool is_known = table.knows_columns || !table.added.empty();
  if (is_fresh && is_known) return {};
  return step.check_name(*check);
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
    &finds};

}  // namespace schemagen::gen
