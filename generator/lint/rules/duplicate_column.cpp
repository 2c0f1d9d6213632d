#include <set>

#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  std::set<std::string> seen;
  for (const ColumnFact& column : step.fact.columns) {
    const bool is_there = step.is(Fact::Kind::add_column) &&
                          !step.fact.if_exists && !step.fact.by_rebuild &&
                          step.table.find_column(column.name) != nullptr;
    if (is_there || !seen.insert(column.name).second) {
      return step.table_name() + "." + column.name;
    }
  }
  for (const auto* list : {&step.fact.assigned, &step.fact.copy.columns}) {
    for (const std::string& name : *list) {
      if (!seen.insert(name).second) return step.table_name() + "." + name;
    }
  }
  return {};
}

}  // namespace

const Rule rules::duplicate_column = {
    "duplicate-column",
    Level::error,
    "",
    "names a column twice",
    "delete or rename one",
    "The database refuses it when the script runs; PostgreSQL's parser "
    "alone does not.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
