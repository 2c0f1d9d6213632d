#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool adds = step.is(Fact::Kind::add_enum_value);
  if (!adds || !step.fact.to.empty()) return {};
  return step.table_name() + " '" + step.fact.name + "'";
}

}  // namespace

const Rule rules::enum_order_unstated = {
    "enum-order-unstated",
    Level::off,
    "postgres",
    "adds an enum value without saying where it sorts",
    "write BEFORE or AFTER another value",
    "It sorts last, which is seldom decided.",
    "",
    "ALTER TYPE colour ADD VALUE 'azure' AFTER 'blue';",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
