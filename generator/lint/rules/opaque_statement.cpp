#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::opaque)) return {};
  return "";
}

}  // namespace

const Rule rules::opaque_statement = {
    "opaque-statement",
    Level::note,
    "postgres",
    "does what lint cannot look into",
    "write it as plain statements, or review it by hand",
    "DO, CALL and what is newer than the parser may lock or lose "
    "anything.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
