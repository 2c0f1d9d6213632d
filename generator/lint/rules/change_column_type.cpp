#include "lint/rules.hpp"
#include "lint/type_change.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::set_type)) return {};
  const ColumnFact* old = step.table.find_column(step.fact.name);
  const std::string& now = step.new_column()->type;
  if (old == nullptr) return step.column_name() + " to " + now;
  if (keeps_bytes(old->type, now) && step.fact.to.empty()) return {};
  return step.column_name() + " from " + old->type + " to " + now;
}

}  // namespace

const Rule rules::change_column_type = {
    "change-column-type",
    Level::warning,
    "postgres",
    "rewrites the whole table under the strongest lock",
    "add a column of the new type beside it where the table is large",
    "Only a few changes (a longer varchar, varchar to text, a numeric "
    "with more digits before the point) are done without a rewrite. "
    "Indexes on the column are built anew as well.",
    "ACCESS EXCLUSIVE, for as long as the rewrite takes",
    "ALTER TABLE t ADD COLUMN c_new bigint;\nkeep it in step by a "
    "trigger, fill it in batches\nswitch the programs over, then drop "
    "the old one",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
