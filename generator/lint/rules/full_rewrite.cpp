#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::rewrite)) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::full_rewrite = {
    "full-rewrite",
    Level::warning,
    "",
    "rewrites whole tables while nobody may use them",
    "leave it to maintenance outside migrations",
    "VACUUM FULL, CLUSTER, SET TABLESPACE, SET UNLOGGED and SQLite's "
    "VACUUM copy everything.",
    "ACCESS EXCLUSIVE, for as long as the copy takes",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
