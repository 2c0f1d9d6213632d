#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::grant) || step.fact.to != "public") return {};
  return step.table_name();
}

}  // namespace

const Rule rules::grant_to_public = {
    "grant-to-public",
    Level::warning,
    "postgres",
    "gives rights to everybody",
    "name the roles that need them",
    "PUBLIC is every role of the server, those of the future as well.",
    "",
    "GRANT SELECT ON t TO readers;",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
