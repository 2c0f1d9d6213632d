#include <algorithm>

#include "lint/rules.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::create_index)) return {};
  const IndexFact& made = step.fact.index;
  const auto& columns = made.columns;
  const bool is_plain =
      !made.is_unique && !made.is_partial &&
      (made.method.empty() || made.method == "btree") &&
      std::find(columns.begin(), columns.end(), "") == columns.end();
  if (!is_plain) return {};
  const auto begins = [&](const std::vector<std::string>& all) {
    return all.size() >= columns.size() &&
           std::equal(columns.begin(), columns.end(), all.begin());
  };
  for (const IndexFact& other : step.table.indexes) {
    const bool is_like = !other.is_partial && other.method == made.method;
    if (is_like && begins(other.columns) && other.name != made.name) {
      return step.fact.name + ", beside " + other.name;
    }
  }
  for (const ConstraintFact& other : step.table.constraints) {
    const bool is_key = other.kind == ConstraintFact::Kind::unique ||
                        other.kind == ConstraintFact::Kind::primary_key;
    if (is_key && begins(other.columns)) {
      return step.fact.name + ", beside the key over " +
             join(other.columns, ", ");
    }
  }
  return {};
}

}  // namespace

const Rule rules::redundant_index = {
    "redundant-index",
    Level::warning,
    "",
    "makes an index that another one already begins with",
    "leave it out, or drop the shorter one",
    "Both cost space and time at each write, and the longer one serves "
    "the same queries.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
