#include "lint/rules.hpp"
#include "lint/type_change.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::set_type)) return {};
  const ColumnFact* old = step.table.find_column(step.fact.name);
  if (old == nullptr) return {};
  const std::string& now = step.new_column()->type;
  const bool keeps = old->affinity.empty() ? keeps_values(old->type, now)
                                           : keeps_stored(*old, step.fact);
  if (keeps) return {};
  return step.column_name() + " from " + old->type + " to " + now;
}

}  // namespace

const Rule rules::narrow_column_type = {
    "narrow-column-type",
    Level::error,
    "",
    "gives a column a type that cannot hold every old value",
    "look for values that do not fit first, mend them in the same "
    "migration, and say so",
    "A value that does not fit stops the migration (a number out of "
    "range, text that is no number) or is changed silently (a "
    "timestamp to a date, decimals rounded, on SQLite '007' to 7, and by CAST "
    "every other text to 0).",
    "ACCESS EXCLUSIVE, for as long as the rewrite takes",
    "add a column of the new type beside it\nfill it in batches, "
    "mending what does not fit\nswitch the programs over, then drop "
    "the old one",
    /*on_new_tables=*/false,
    &finds,
    /*needs_rows=*/true};

}  // namespace schemagen::gen
