#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::grant) || step.fact.to == "public") return {};
  return step.table_name();
}

}  // namespace

const Rule rules::privileges = {
    "privileges",
    Level::note,
    "postgres",
    "changes roles, rights or owners",
    "keep them where the servers are administrated, if they differ "
    "from server to server",
    "Roles belong to a server, not to a database, and the roles of "
    "tests are seldom those of the field.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
