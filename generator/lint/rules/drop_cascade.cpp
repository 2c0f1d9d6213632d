#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const Fact::Kind kind = step.fact.kind;
  if (!step.fact.cascades || kind == Fact::Kind::truncate) return {};
  if (step.fact.name.empty()) return step.table_name();
  return step.fact.name;
}

}  // namespace

const Rule rules::drop_cascade = {
    "drop-cascade",
    Level::error,
    "postgres",
    "drops whatever depends on it, unnamed",
    "drop the dependants by name first",
    "CASCADE takes views, keys and constraints along that nobody "
    "reviewed, and a down script cannot bring them back.",
    "ACCESS EXCLUSIVE on everything that goes",
    "DROP VIEW v;\nALTER TABLE t DROP COLUMN c;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
