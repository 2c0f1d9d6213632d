#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (step.is(Fact::Kind::disable_triggers)) return step.table_name();
  const bool sets = step.is(Fact::Kind::set_setting) &&
                    step.fact.name == "session_replication_role";
  if (!sets || step.fact.to != "replica") return {};
  return step.fact.name;
}

}  // namespace

const Rule rules::triggers_off = {
    "triggers-off",
    Level::warning,
    "postgres",
    "turns triggers off, those of foreign keys too, so that rows may come "
    "which refer to nothing",
    "disable the triggers that are meant by name, or DISABLE TRIGGER USER",
    "Foreign keys are kept by triggers. What is written meanwhile is never "
    "checked, not when they are on again either.",
    "SHARE ROW EXCLUSIVE, for a moment",
    "ALTER TABLE t DISABLE TRIGGER USER;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
