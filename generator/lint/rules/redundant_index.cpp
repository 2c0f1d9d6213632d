#include "lint/rules.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

/// What stands there already begins with the columns of the new one.
Found new_one(const Step& step) {
  for (const std::string& other : step.table.serving(step.fact.index)) {
    if (!step.drops_index(other)) return step.fact.name + ", beside " + other;
  }
  return {};
}

/// The new one begins with the columns of what stands there.
Found old_one(const Step& step, const std::vector<std::string>& made,
              const std::string& name) {
  for (const IndexFact& other : step.table.indexes) {
    const bool is_shorter = is_plain(other) && begins_with(made, other);
    if (is_shorter && other.name != step.fact.name &&
        !step.drops_index(other.name)) {
      return other.name + ", beside " + name;
    }
  }
  return {};
}

Found finds(const Step& step) {
  if (step.is(Fact::Kind::create_index)) {
    const IndexFact& made = step.fact.index;
    const Found found = new_one(step);
    if (found || made.is_partial() || !is_tree(made)) return found;
    return old_one(step, made.columns, step.fact.name);
  }
  for (const auto kind :
       {ConstraintFact::Kind::unique, ConstraintFact::Kind::primary_key}) {
    const ConstraintFact* key = step.adds(kind);
    if (key == nullptr || !key->index.empty()) continue;
    return old_one(step, key->columns,
                   "the key over " + join(key->columns, ", "));
  }
  return {};
}

}  // namespace

const Rule rules::redundant_index = {
    "redundant-index",
    Level::warning,
    "",
    "leaves an index that another one begins with",
    "leave the shorter one out, or drop it",
    "Both cost space and time at each write, and the longer one serves "
    "the same queries.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
