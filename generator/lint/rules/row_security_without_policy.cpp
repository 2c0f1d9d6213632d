#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

/// What lint cannot look into may make policies.
bool is_opaque(const Step& step) {
  for (const Fact& fact : step.facts) {
    if (fact.kind == Fact::Kind::opaque) return true;
  }
  return false;
}

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::hide_rows) || is_opaque(step)) return {};
  if (step.end.find(step.fact.table).has_policy) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::row_security_without_policy = {
    "row-security-without-policy",
    Level::warning,
    "postgres",
    "hides every row from all roles but the owner",
    "make the policies in the same migration",
    "Where row level security is on and no policy lets rows through, queries "
    "of other roles find nothing and their INSERTs fail. Superusers, the "
    "table's owner and roles with BYPASSRLS see no difference, so that tests "
    "seldom show it.",
    "ACCESS EXCLUSIVE, for a moment",
    "CREATE POLICY p ON t USING (...);\nALTER TABLE t ENABLE ROW LEVEL "
    "SECURITY;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
