#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::add_column) || step.fact.by_rebuild) return {};
  const ColumnFact* column = step.new_column();
  const bool varies = column->has_default && column->default_varies;
  if (!varies && !column->is_stored) return {};
  return step.column_name();
}

}  // namespace

const Rule rules::non_constant_default = {
    "non-constant-default",
    Level::error,
    "sqlite",
    "adds a column whose default is no constant, which SQLite refuses "
    "where there are rows",
    "add it by a rebuild, or with a constant default and an UPDATE",
    "ALTER TABLE ADD COLUMN takes CURRENT_TIMESTAMP, expressions and "
    "stored generated columns on an empty table only, so that every "
    "test passes and the first database with rows fails.",
    "",
    "",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
