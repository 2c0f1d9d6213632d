#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::swallow_writes)) return {};
  return step.table_name() + " (" + step.fact.name + ")";
}

}  // namespace

const Rule rules::rule_swallows_writes = {
    "rule-swallows-writes",
    Level::warning,
    "postgres",
    "lets writes vanish without an error",
    "revoke the right to write, or raise an error in a trigger",
    "DO INSTEAD NOTHING tells the program that nothing is wrong, and the row "
    "is neither written nor changed.",
    "ACCESS EXCLUSIVE, for a moment",
    "REVOKE INSERT ON t FROM app;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
