#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (step.fact.by_rebuild) return {};
  for (const ConstraintFact* check : step.added_checks()) {
    if (check->is_validated) return step.check_name(*check);
  }
  return {};
}

}  // namespace

const Rule rules::add_check_validated = {
    "add-check-validated",
    Level::warning,
    "postgres",
    "reads the whole table under the strongest lock to check it",
    "add it NOT VALID and VALIDATE it in a later migration, as "
    "`schemagen generate --online` does",
    "NOT VALID takes the lock for a moment only; validating later lets "
    "reads and writes go on.",
    "ACCESS EXCLUSIVE, for as long as the scan takes",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (...) NOT VALID;\nin a later "
    "migration:\nALTER TABLE t VALIDATE CONSTRAINT c;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
