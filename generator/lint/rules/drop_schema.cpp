#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::drop_schema)) return {};
  return step.fact.name;
}

}  // namespace

const Rule rules::drop_schema = {
    "drop-schema",
    Level::error,
    "postgres",
    "drops a whole schema or database",
    "drop its tables one by one, so that a review sees each",
    "Everything in it goes, whatever the scripts know of it.",
    "ACCESS EXCLUSIVE on everything in it",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
