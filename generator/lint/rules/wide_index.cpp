#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const IndexFact& index = step.fact.index;
  if (!step.is(Fact::Kind::create_index) || index.is_unique) return {};
  if (index.columns.size() <= 3) return {};
  return step.fact.name;
}

}  // namespace

const Rule rules::wide_index = {
    "wide-index",
    Level::off,
    "",
    "makes an index over more than three columns",
    "keep the columns that select, and leave the rest to the table",
    "Every write pays for it, and queries seldom use the columns "
    "behind the third.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
