#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::change_extension)) return {};
  return step.fact.name;
}

}  // namespace

const Rule rules::extension = {
    "extension",
    Level::warning,
    "postgres",
    "creates, updates or drops an extension",
    "have the administrator do it before, or say that the migration's "
    "role may",
    "Most extensions demand rights that a program's role lacks, and "
    "their files must lie on every server.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
