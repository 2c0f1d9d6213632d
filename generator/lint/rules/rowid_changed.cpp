#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool changes = step.is(Fact::Kind::change_options);
  if (!changes || step.fact.to != "rowid") return {};
  return step.table_name();
}

}  // namespace

const Rule rules::rowid_changed = {
    "rowid-changed",
    Level::warning,
    "sqlite",
    "changes whether a table has a rowid",
    "look for uses of rowid, last_insert_rowid() and incremental blobs "
    "first",
    "A table WITHOUT ROWID has none of them, and one that gains a "
    "rowid numbers its rows anew.",
    "",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
