#include "lint/rules.hpp"
#include "lint/type_change.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

/// The script has said so before.
bool is_in_utc(const Step& step) {
  std::string zone;
  for (std::size_t i = 0; i < step.place; ++i) {
    const Fact& fact = step.facts[i];
    const bool sets = fact.kind == Fact::Kind::set_setting &&
                      (fact.name == "timezone" || fact.name == "all");
    if (sets) zone = fold_case(fact.to);
  }
  return step.is_in_transaction() &&
         (zone == "utc" || zone == "etc/utc" || zone == "gmt");
}

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::set_type)) return {};
  const ColumnFact* old = step.table.find_column(step.fact.name);
  const std::string& now = step.new_column()->type;
  if (old == nullptr) return step.column_name() + " to " + now;
  const bool is_cast = step.fact.to.empty();
  if (is_cast && keeps_bytes(old->type, now)) return {};
  const bool needs_utc = is_cast && keeps_bytes_in_utc(old->type, now);
  if (needs_utc && is_in_utc(step)) return {};
  return step.column_name() + " from " + old->type + " to " + now +
         (needs_utc ? " (unless TimeZone is UTC)" : "");
}

}  // namespace

const Rule rules::change_column_type = {
    "change-column-type",
    Level::warning,
    "postgres",
    "rewrites the whole table under the strongest lock",
    "add a column of the new type beside it where the table is large",
    "Only a few changes (a longer varchar, varchar to text, a numeric "
    "with more digits before the point, timestamp to timestamptz and back "
    "while TimeZone is UTC) are done without a rewrite. "
    "Indexes on the column are built anew as well.",
    "ACCESS EXCLUSIVE, for as long as the rewrite takes",
    "ALTER TABLE t ADD COLUMN c_new bigint;\nkeep it in step by a "
    "trigger, fill it in batches\nswitch the programs over, then drop "
    "the old one",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
