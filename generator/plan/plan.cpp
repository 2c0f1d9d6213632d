#include "plan/plan.hpp"

#include <algorithm>

#include "plan/by_hand.hpp"
#include "plan/diff.hpp"
#include "plan/identity.hpp"

namespace schemagen::gen {
namespace {

void record(const Identity& identity, Plan& plan) {
  for (const auto& [to, from] : identity.tables) {
    plan.renamed_tables.push_back({from, to});
  }
  for (const auto& [to, from] : identity.columns) {
    plan.renamed_columns.push_back({to.first, from, to.second});
  }
  for (const auto& [to, from] : identity.enums) {
    plan.renamed_enums.push_back({from, to});
  }
  for (const auto& [to, from] : identity.values) {
    plan.renamed_values.push_back({to.first, from, to.second});
  }
}

/// What shares its name with an object that it is not: the changes drop the
/// one and make the other.
void add_replaced(const Plan& plan, Identity& identity) {
  std::set<TableName> gone;
  std::set<std::pair<TableName, std::string>> dropped;
  for (const Change& change : plan.changes) {
    if (auto* table = std::get_if<DropTable>(&change)) {
      gone.insert(name_of(table->table));
    } else if (auto* column = std::get_if<DropColumn>(&change)) {
      TableName now = column->table;
      for (const auto& [from, to] : plan.renamed_tables) {
        if (from == column->table) now = to;
      }
      dropped.insert({now, column->column.name});
    }
  }
  for (const Change& change : plan.changes) {
    if (auto* create = std::get_if<CreateTable>(&change)) {
      const TableName name = name_of(create->table);
      if (gone.count(name) != 0) identity.replaced_tables.insert(name);
    } else if (auto* add = std::get_if<AddColumn>(&change)) {
      const std::pair<TableName, std::string> column{add->table,
                                                     add->column.name};
      if (dropped.count(column) != 0) identity.replaced_columns.insert(column);
    }
  }
}

}  // namespace

Identity identity_of(const Plan& plan) {
  Identity identity;
  for (const auto& [from, to] : plan.renamed_tables) {
    identity.tables[to] = from;
  }
  for (const Plan::RenamedColumn& column : plan.renamed_columns) {
    identity.columns[{column.table, column.to}] = column.from;
  }
  for (const auto& [from, to] : plan.renamed_enums) identity.enums[to] = from;
  for (const Plan::RenamedValue& value : plan.renamed_values) {
    identity.values[{value.enum_name, value.to}] = value.from;
  }
  add_replaced(plan, identity);
  return identity;
}

Identity turned_round(const Identity& identity) {
  Identity back;
  auto old_table = [&](const TableName& name) {
    auto found = identity.tables.find(name);
    return found == identity.tables.end() ? name : found->second;
  };
  auto old_enum = [&](const std::string& name) {
    auto found = identity.enums.find(name);
    return found == identity.enums.end() ? name : found->second;
  };
  for (const auto& [to, from] : identity.tables) back.tables[from] = to;
  for (const auto& [to, from] : identity.enums) back.enums[from] = to;
  for (const auto& [to, from] : identity.columns) {
    back.columns[{old_table(to.first), from}] = to.second;
  }
  for (const auto& [to, from] : identity.values) {
    back.values[{old_enum(to.first), from}] = to.second;
  }
  back.replaced_tables = identity.replaced_tables;
  for (const auto& [table, column] : identity.replaced_columns) {
    back.replaced_columns.insert({old_table(table), column});
  }
  return back;
}

Plan make_plan(const Schema& from, const Schema& to, const Consents& consents,
               Diagnostics& diagnostics) {
  Plan plan;
  plan.from = from;
  plan.to = to;
  const Agreement agreement = agree(from, to, consents, diagnostics);
  const Matching matching = match(plan.from, plan.to, agreement.identity);
  check_losses(plan.from, plan.to, agreement, matching, diagnostics);
  check_enum_literals(plan.to, agreement.identity, matching, diagnostics);
  record(agreement.identity, plan);
  plan.changes = find_changes(plan, matching, agreement.identity);
  plan.by_hand = agreement.by_hand;
  find_new_rows(plan);
  return plan;
}

Plan reverse(const Plan& plan) {
  Plan back;
  back.direction =
      plan.direction == Direction::up ? Direction::down : Direction::up;
  back.from = plan.to;
  back.to = plan.from;
  const Identity identity = turned_round(identity_of(plan));
  record(identity, back);
  const Matching matching = match(back.from, back.to, identity);
  back.changes = find_changes(back, matching, identity);
  return back;
}

}  // namespace schemagen::gen
