#include <algorithm>

#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

bool needs_quotes(const std::string& name) {
  return !std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Found finds(const Step& step) {
  const bool makes = step.is(Fact::Kind::create_table);
  if (makes && needs_quotes(step.fact.table.name)) return step.table_name();
  if (!makes && !step.is(Fact::Kind::add_column)) return {};
  return first_column(step,
                      [](const ColumnFact& c) { return needs_quotes(c.name); });
}

}  // namespace

const Rule rules::name_needs_quotes = {
    "name-needs-quotes",
    Level::off,
    "",
    "makes a name that has to be quoted for ever",
    "use lower case letters, digits and _",
    "Every query by hand has to spell it with its quotes.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
