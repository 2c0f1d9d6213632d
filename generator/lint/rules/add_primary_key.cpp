#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const ConstraintFact* key = step.adds(ConstraintFact::Kind::primary_key);
  if (key == nullptr || !key->index.empty() || step.fact.by_rebuild) return {};
  return step.columns_name(key->columns);
}

}  // namespace

const Rule rules::add_primary_key = {
    "add-primary-key",
    Level::warning,
    "postgres",
    "builds the key's index while nobody may use the table",
    "build a unique index concurrently and take it over with USING "
    "INDEX",
    "ADD PRIMARY KEY also scans for NULLs where the columns are not "
    "NOT NULL yet.",
    "ACCESS EXCLUSIVE, for as long as the build takes",
    "-- schemagen: no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY i "
    "ON t (id);\nin a later migration:\nALTER TABLE t ADD CONSTRAINT "
    "t_pkey PRIMARY KEY USING INDEX i;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
