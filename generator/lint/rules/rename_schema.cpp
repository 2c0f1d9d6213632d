#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::rename_schema)) return {};
  return step.fact.name + " to " + step.fact.to;
}

}  // namespace

const Rule rules::rename_schema = {
    "rename-schema",
    Level::warning,
    "postgres",
    "renames a schema that running programs know by its old name",
    "stop the old programs first",
    "Every name in it changes at once.",
    "ACCESS EXCLUSIVE, for a moment",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
