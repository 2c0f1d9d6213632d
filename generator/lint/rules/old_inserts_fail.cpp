#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

/// A default that the same transaction sets later, as around a change of type.
bool is_given_later(const Step& step) {
  for (std::size_t i = step.place + 1; i < step.facts.size(); ++i) {
    const Fact& later = step.facts[i];
    const bool is_it = later.kind == Fact::Kind::set_default &&
                       later.table == step.fact.table &&
                       later.name == step.fact.name;
    if (is_it) return step.is_transactional;
  }
  return false;
}

/// A rebuild makes the whole column at once.
bool has_default(const Step& step) {
  const ColumnFact* column = step.new_column();
  return column != nullptr && column->has_default;
}

Found finds(const Step& step) {
  const TableState& table = step.table;
  const ColumnFact* old = table.find_column(step.fact.name);
  if (step.is(Fact::Kind::add_column)) {
    const ColumnFact* column = step.new_column();
    const bool fills_itself = column->has_default || column->is_generated;
    if (!column->not_null || fills_itself || !step.fact.is_filled) return {};
    return step.column_name();
  }
  const bool demands =
      step.is(Fact::Kind::set_not_null) &&
      (old == nullptr || (!old->has_default && !old->not_null)) &&
      !has_default(step) && !is_given_later(step);
  const bool forgets = step.is(Fact::Kind::drop_default) && old != nullptr &&
                       old->not_null && old->has_default &&
                       !is_given_later(step);
  if (!demands && !forgets) return {};
  return step.column_name();
}

}  // namespace

const Rule rules::old_inserts_fail = {
    "old-inserts-fail",
    Level::warning,
    "",
    "leaves a required column without a default, so that older "
    "programs can no longer insert",
    "keep a DEFAULT until the last older program is gone, or stop them "
    "first",
    "A program that does not know the column leaves it out, and the "
    "database refuses the row. The migration itself may well succeed.",
    "",
    "release N: the column has a DEFAULT\nrelease N + 1: drop the "
    "DEFAULT",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
