#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::drop_column)) return {};
  return step.column_name();
}

}  // namespace

const Rule rules::drop_column = {
    "drop-column",
    Level::error,
    "",
    "drops a column with all its values",
    "first ship a program that no longer reads it, then drop it, and "
    "say so",
    "Values are gone for good, and running programs that name the "
    "column fail. On SQLite a rebuild that leaves the column out is "
    "the same.",
    "ACCESS EXCLUSIVE, for a moment",
    "release N: make it optional and stop using it\nrelease N + 1: "
    "drop it",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
