#include "lint/rule.hpp"

#include <algorithm>

#include "model/text.hpp"

namespace schemagen::gen {

std::string Step::name_of(const TableName& table) {
  return table.schema.empty() ? table.name : table.schema + "." + table.name;
}

std::string Step::table_name() const { return name_of(fact.table); }

std::string Step::column_name() const { return table_name() + "." + fact.name; }

std::string Step::columns_name(const std::vector<std::string>& columns) const {
  if (columns.empty()) return table_name();
  return table_name() + " (" + join(columns, ", ") + ")";
}

std::string Step::check_name(const ConstraintFact& check) const {
  std::string text;
  for (char c : check.expression) {
    const bool closes = c == ')' || c == ',';
    const bool is_spare = !text.empty() && text.back() == ' ' &&
                          (closes || (c == ' ' && text.size() > 1));
    if (is_spare) text.pop_back();
    if (c == ' ' && !text.empty() && text.back() == '(') continue;
    text += c;
  }
  return table_name() + " (" + text + ")";
}

namespace {

bool is_adding(const Fact& fact) {
  return fact.kind == Fact::Kind::add_constraint ||
         fact.kind == Fact::Kind::add_column;
}

}  // namespace

const ConstraintFact* Step::adds(ConstraintFact::Kind kind) const {
  for (const ConstraintFact& constraint : fact.constraints) {
    if (is_adding(fact) && constraint.kind == kind) return &constraint;
  }
  return nullptr;
}

std::vector<const ConstraintFact*> Step::added_checks() const {
  std::vector<const ConstraintFact*> checks;
  for (const ConstraintFact& constraint : fact.constraints) {
    const bool is_check = constraint.kind == ConstraintFact::Kind::check;
    if (is_adding(fact) && is_check) checks.push_back(&constraint);
  }
  return checks;
}

bool Step::is_in_transaction() const {
  bool is_in = is_transactional;
  for (std::size_t i = 0; i < place; ++i) {
    if (facts[i].kind == Fact::Kind::begin) is_in = true;
    if (facts[i].kind == Fact::Kind::commit) is_in = is_transactional;
  }
  return is_in;
}

bool Step::is_put_back(const ConstraintFact& gone) const {
  if (!is_in_transaction()) return false;
  TableState before;
  before.constraints = {gone};
  before.constraints[0].is_validated = true;
  TableState after;
  after.columns = table.columns;
  for (std::size_t i = place + 1; i < facts.size(); ++i) {
    if (facts[i].kind == Fact::Kind::commit) break;
    if (!(facts[i].table == fact.table)) continue;
    if (facts[i].kind == Fact::Kind::create_index) {
      after.indexes.push_back(facts[i].index);
    }
    if (facts[i].kind != Fact::Kind::add_constraint) continue;
    for (const ConstraintFact& one : facts[i].constraints) {
      if (before.obeys(one)) return true;
    }
  }
  return is_row_key(gone) && after.is_unique(gone.columns);
}

bool Step::drops_index(const std::string& index) const {
  return std::any_of(facts.begin() + static_cast<std::ptrdiff_t>(place),
                     facts.end(), [&](const Fact& later) {
                       return later.kind == Fact::Kind::drop_index &&
                              later.name == index;
                     });
}

const ColumnFact* Step::new_column() const {
  return fact.columns.size() == 1 && fact.kind != Fact::Kind::create_table
             ? &fact.columns.front()
             : nullptr;
}

}  // namespace schemagen::gen
