#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::constrain_domain)) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::domain_constraint = {
    "domain-constraint",
    Level::warning,
    "postgres",
    "checks every column of the domain in every table, and fails when "
    "a value breaks it",
    "add the constraint NOT VALID and VALIDATE it in a later migration",
    "One ALTER DOMAIN reads all tables that use the domain.",
    "SHARE on every table that uses the domain",
    "ALTER DOMAIN d ADD CONSTRAINT c CHECK (...) NOT VALID;\nin a "
    "later migration:\nALTER DOMAIN d VALIDATE CONSTRAINT c;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
