#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::drop_not_null)) return {};
  if (step.table.added.count(step.fact.name) > 0) return {};
  return step.column_name();
}

}  // namespace

const Rule rules::drop_not_null = {
    "drop-not-null",
    Level::warning,
    "",
    "lets NULL into a column where older programs expect a value",
    "stop the old programs first, or write NULL only when they are gone",
    "An older program reads into a type that has no room for NULL.",
    "ACCESS EXCLUSIVE, for a moment",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
