#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool changes = step.is(Fact::Kind::change_options);
  if (!changes || step.fact.to != "strict") return {};
  return step.table_name();
}

}  // namespace

const Rule rules::strict_over_rows = {
    "strict-over-rows",
    Level::error,
    "sqlite",
    "makes a table STRICT, which refuses values of another type that "
    "are there",
    "look for them with typeof() first, mend them in the same "
    "migration, and say so",
    "A table that is not STRICT may hold text in an INTEGER column; "
    "the copy into the STRICT one then fails.",
    "",
    "SELECT * FROM t WHERE typeof(c) NOT IN ('integer', 'null');",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
