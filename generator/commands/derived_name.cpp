#include "commands/derived_name.hpp"

#include <vector>

#include "commands/workspace.hpp"
#include "plan/identity.hpp"

namespace schemagen::gen {
namespace {

Plan plan_with(const Schema& from, const Schema& to,
               std::vector<std::string> renames) {
  Diagnostics consent_is_past;
  return make_plan(from, to, {std::move(renames), {}}, consent_is_past);
}

/// What a rename would look like to somebody who was not told of it.
std::vector<std::string> possible_renames(const Plan& plan) {
  std::vector<std::string> flags;
  for (const Change& gone : plan.changes) {
    for (const Change& fresh : plan.changes) {
      const auto* table = std::get_if<DropTable>(&gone);
      const auto* column = std::get_if<DropColumn>(&gone);
      const auto* e = std::get_if<DropEnum>(&gone);
      const auto* new_table = std::get_if<CreateTable>(&fresh);
      const auto* new_column = std::get_if<AddColumn>(&fresh);
      const auto* new_enum = std::get_if<CreateEnum>(&fresh);
      if (table != nullptr && new_table != nullptr) {
        flags.push_back(display(name_of(table->table)) + "=" +
                        display(name_of(new_table->table)));
      } else if (column != nullptr && new_column != nullptr &&
                 column->table == new_column->table) {
        flags.push_back(display(column->table) + "." + column->column.name +
                        "=" + new_column->column.name);
      } else if (e != nullptr && new_enum != nullptr) {
        flags.push_back("enum:" + e->value.name + "=" + new_enum->value.name);
      }
    }
  }
  return flags;
}

}  // namespace

std::string derived_name(const Plan& plan) {
  const std::string name = snake_name(derive_name(plan));
  return name.empty() ? "changes" : name;
}

bool is_derived(const std::string& name, const Schema& from, const Schema& to) {
  const Plan plan = plan_with(from, to, {});
  if (derived_name(plan) == name) return true;
  for (const std::string& flag : possible_renames(plan)) {
    if (derived_name(plan_with(from, to, {flag})) == name) return true;
  }
  return false;
}

}  // namespace schemagen::gen
