#include "plan/plan.hpp"

#include <algorithm>

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
void add_replaced(const Plan& plan, Identity& back) {
  std::set<TableName> made;
  std::set<std::pair<TableName, std::string>> added;
  for (const Change& change : plan.changes) {
    if (auto* create = std::get_if<CreateTable>(&change)) {
      made.insert(name_of(create->table));
    } else if (auto* add = std::get_if<AddColumn>(&change)) {
      added.insert({add->table, add->column.name});
    }
  }
  for (const Change& change : plan.changes) {
    if (auto* drop = std::get_if<DropTable>(&change)) {
      if (made.count(name_of(drop->table)) != 0) {
        back.replaced_tables.insert(name_of(drop->table));
      }
    } else if (auto* gone = std::get_if<DropColumn>(&change)) {
      TableName now = gone->table;
      for (const auto& [from, to] : plan.renamed_tables) {
        if (from == gone->table) now = to;
      }
      if (added.count({now, gone->column.name}) == 0) continue;
      TableName before = now;
      for (const auto& [from, to] : plan.renamed_tables) {
        if (to == now) before = from;
      }
      back.replaced_columns.insert({before, gone->column.name});
    }
  }
}

Identity turned_round(const Plan& plan) {
  Identity back;
  std::map<TableName, TableName> before;  // name in `to` -> name in `from`
  for (const auto& [from, to] : plan.renamed_tables) {
    back.tables[from] = to;
    before[to] = from;
  }
  for (const Plan::RenamedColumn& column : plan.renamed_columns) {
    auto table = before.find(column.table);
    const TableName& owner =
        table == before.end() ? column.table : table->second;
    back.columns[{owner, column.from}] = column.to;
  }
  std::map<std::string, std::string> enums;
  for (const auto& [from, to] : plan.renamed_enums) {
    back.enums[from] = to;
    enums[to] = from;
  }
  for (const Plan::RenamedValue& value : plan.renamed_values) {
    auto e = enums.find(value.enum_name);
    const std::string& owner = e == enums.end() ? value.enum_name : e->second;
    back.values[{owner, value.from}] = value.to;
  }
  add_replaced(plan, back);
  return back;
}

}  // namespace

Plan make_plan(const Schema& from, const Schema& to, const Consents& consents,
               Diagnostics& diagnostics) {
  Plan plan;
  plan.from = from;
  plan.to = to;
  const Agreement agreement = agree(from, to, consents, diagnostics);
  const Matching matching = match(plan.from, plan.to, agreement.identity);
  check_losses(plan.from, plan.to, agreement, matching, diagnostics);
  record(agreement.identity, plan);
  plan.changes = find_changes(plan, matching, agreement.identity);
  return plan;
}

Plan reverse(const Plan& plan) {
  Plan back;
  back.direction =
      plan.direction == Direction::up ? Direction::down : Direction::up;
  back.from = plan.to;
  back.to = plan.from;
  const Identity identity = turned_round(plan);
  record(identity, back);
  const Matching matching = match(back.from, back.to, identity);
  back.changes = find_changes(back, matching, identity);
  return back;
}

}  // namespace schemagen::gen
