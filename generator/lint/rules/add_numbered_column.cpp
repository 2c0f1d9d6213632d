#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool adds = step.is(Fact::Kind::add_column) && !step.fact.by_rebuild;
  if (!adds || !step.new_column()->is_numbered) return {};
  return step.column_name();
}

}  // namespace

const Rule rules::add_numbered_column = {
    "add-numbered-column",
    Level::warning,
    "postgres",
    "numbers every row, which rewrites the table",
    "add a plain column, fill it in batches, then make it the identity",
    "A serial or identity column takes a number of its sequence for "
    "each row.",
    "ACCESS EXCLUSIVE, for as long as the rewrite takes",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
