#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool adds = step.is(Fact::Kind::add_column) && !step.fact.by_rebuild;
  if (!adds || !step.new_column()->is_stored) return {};
  return step.column_name();
}

}  // namespace

const Rule rules::add_stored_column = {
    "add-stored-column",
    Level::warning,
    "postgres",
    "computes a stored column for every row, which rewrites the table",
    "add a plain column and a trigger, and fill it in batches, where "
    "the table is large",
    "The values of a STORED generated column lie in the rows.",
    "ACCESS EXCLUSIVE, for as long as the rewrite takes",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
