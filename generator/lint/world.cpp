#include "lint/world.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

using Kind = Fact::Kind;
using Constraint = ConstraintFact::Kind;

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// Every one of `columns` is among `all`; expressions never are.
bool is_within(const std::vector<std::string>& columns,
               const std::vector<std::string>& all) {
  return !columns.empty() &&
         std::all_of(columns.begin(), columns.end(), [&](const auto& name) {
           return !name.empty() && contains(all, name);
         });
}

template <class List>
void erase_named(List& list, const std::string& name) {
  list.erase(std::remove_if(list.begin(), list.end(),
                            [&](const auto& one) { return one.name == name; }),
             list.end());
}

void rename_in(std::vector<std::string>& list, const std::string& from,
               const std::string& to) {
  std::replace(list.begin(), list.end(), from, to);
}

std::vector<std::string> words_of(const std::string& sql) {
  std::vector<std::string> words;
  for (const SqlToken& token : cut_tokens(sql)) {
    if (token.kind != SqlToken::Kind::space) words.emplace_back(token.text);
  }
  // (a) is a, however often.
  while (words.size() > 2 && words.front() == "(" && words.back() == ")") {
    int depth = 0;
    std::size_t close = 0;
    for (; close < words.size(); ++close) {
      if (words[close] == "(") ++depth;
      if (words[close] == ")" && --depth == 0) break;
    }
    if (close + 1 != words.size()) break;
    words.erase(words.begin());
    words.pop_back();
  }
  return words;
}

/// The statements that keep everybody else out until the commit, readers too.
bool locks_out(const Fact& fact) {
  switch (fact.kind) {
    case Kind::add_column:
    case Kind::drop_column:
    case Kind::rename_column:
    case Kind::set_type:
    case Kind::set_not_null:
    case Kind::drop_not_null:
    case Kind::set_default:
    case Kind::drop_default:
    case Kind::drop_constraint:
    case Kind::rename_constraint:
    case Kind::rename_table:
    case Kind::truncate:
      return true;
    case Kind::add_constraint:
      // Readers pass while a reference is added.
      return fact.constraints.empty() ||
             fact.constraints[0].kind != Constraint::foreign_key;
    case Kind::drop_index:
      return !fact.is_concurrent;
    case Kind::lock_table:
      return fact.is_exclusive;
    default:
      return false;
  }
}

/// One comparison, so that a looser bound makes the whole looser.
bool is_simple(const std::vector<std::string>& words) {
  for (const char* word : {"not", "or", "case", "is", "select"}) {
    if (contains(words, word)) return false;
  }
  const auto ands = std::count(words.begin(), words.end(), "and");
  return ands <= (contains(words, "between") ? 1 : 0);
}

/// The number at `at`, its sign included; `at` goes behind it.
bool read_number(const std::vector<std::string>& words, std::size_t& at,
                 long double& value) {
  const bool negative = at < words.size() && words[at] == "-";
  if (negative) ++at;
  if (at >= words.size()) return false;
  char* end = nullptr;
  value = std::strtold(words[at].c_str(), &end);
  if (end == words[at].c_str() || *end != '\0') return false;
  if (negative) value = -value;
  ++at;
  return true;
}

bool is_wider_range(const std::vector<std::string>& narrow,
                    const std::vector<std::string>& wide) {
  std::size_t i = 0, j = 0;
  std::string before;
  bool is_between = false;
  while (i < narrow.size() && j < wide.size()) {
    std::size_t at = i, to = j;
    long double a = 0, b = 0;
    const bool is_bound = before == "<=" || before == "<" || before == ">=" ||
                          before == ">" || before == "between" ||
                          (before == "and" && is_between);
    if (is_bound && read_number(narrow, at, a) && read_number(wide, to, b)) {
      const bool is_lower =
          before == ">=" || before == ">" || before == "between";
      if (is_lower ? b > a : b < a) return false;
      is_between = is_between || before == "between";
      i = at;
      j = to;
      before.clear();
      continue;
    }
    if (narrow[i] != wide[j]) return false;
    before = narrow[i];
    ++i;
    ++j;
  }
  return i == narrow.size() && j == wide.size();
}

/// x IN (...) with more values.
bool is_longer_list(const std::vector<std::string>& narrow,
                    const std::vector<std::string>& wide) {
  const auto in = std::find(narrow.begin(), narrow.end(), "in");
  const auto head = in - narrow.begin();
  if (in == narrow.end() ||
      head + 1 >= std::distance(narrow.begin(), narrow.end()) ||
      static_cast<std::size_t>(head) + 2 > wide.size() ||
      !std::equal(narrow.begin(), in + 1, wide.begin())) {
    return false;
  }
  const std::set<std::string> more(wide.begin() + head, wide.end());
  return narrow.back() == ")" && wide.back() == ")" &&
         std::all_of(in, narrow.end(), [&](const std::string& word) {
           return more.count(word) > 0;
         });
}

}  // namespace

bool is_looser_check(const std::string& narrower, const std::string& wider) {
  const auto narrow = words_of(narrower);
  const auto wide = words_of(wider);
  if (narrow == wide) return true;
  if (!is_simple(narrow) || !is_simple(wide)) return false;
  return is_longer_list(narrow, wide) || is_wider_range(narrow, wide);
}

void rename_columns(IndexFact& index,
                    const std::map<std::string, std::string>& names) {
  for (std::string& column : index.columns) {
    const auto found = names.find(column);
    if (found != names.end()) column = found->second;
  }
  for (std::string& key : index.keys) {
    const auto found = names.find(key);
    key = found != names.end() ? found->second
                               : normalize(rename_identifiers(key, names));
  }
  index.condition = normalize(rename_identifiers(index.condition, names));
}

bool is_row_key(const ConstraintFact& one) {
  return one.kind == Constraint::unique || one.kind == Constraint::primary_key;
}

bool is_tree(const IndexFact& index) {
  return index.method.empty() || index.method == "btree";
}

bool is_plain(const IndexFact& index) {
  return !index.is_unique && !index.is_partial() && !index.includes_more &&
         is_tree(index) && !index.columns.empty() &&
         !contains(index.columns, "");
}

bool begins_with(const std::vector<std::string>& all, const IndexFact& index) {
  return all.size() >= index.columns.size() &&
         std::equal(index.columns.begin(), index.columns.end(), all.begin());
}

const ColumnFact* TableState::find_column(const std::string& name) const {
  for (const ColumnFact& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

const ConstraintFact* TableState::find_constraint(
    const std::string& name) const {
  for (const ConstraintFact& constraint : constraints) {
    if (constraint.name == name) return &constraint;
  }
  return nullptr;
}

std::vector<std::string> TableState::evened(
    std::vector<std::string> keys) const {
  for (std::string& key : keys) {
    for (const ColumnFact& column : columns) {
      if (key == column.name + " collate " + column.collation) {
        key = column.name;
      }
    }
  }
  return keys;
}

bool TableState::is_unique(std::vector<std::string> names,
                           const std::string& condition) const {
  names = evened(std::move(names));
  const auto holds = [&](const ConstraintFact& c) {
    return is_row_key(c) && is_within(c.columns, names);
  };
  const auto index_holds = [&](const IndexFact& index) {
    return index.is_unique && is_within(index.keys, names) &&
           (!index.is_partial() || index.condition == condition);
  };
  return std::any_of(constraints.begin(), constraints.end(), holds) ||
         std::any_of(former_constraints.begin(), former_constraints.end(),
                     holds) ||
         std::any_of(indexes.begin(), indexes.end(), index_holds) ||
         std::any_of(former_indexes.begin(), former_indexes.end(), index_holds);
}

bool TableState::is_key(const std::vector<std::string>& names) const {
  const auto is_same = [&](const std::vector<std::string>& keys) {
    return keys.size() == names.size() &&
           std::is_permutation(keys.begin(), keys.end(), names.begin());
  };
  return std::any_of(constraints.begin(), constraints.end(),
                     [&](const ConstraintFact& one) {
                       return is_row_key(one) && is_same(one.columns);
                     }) ||
         std::any_of(indexes.begin(), indexes.end(),
                     [&](const IndexFact& index) {
                       return index.is_unique && !index.is_partial() &&
                              is_same(index.keys);
                     });
}

bool TableState::has_primary_key() const {
  return std::any_of(constraints.begin(), constraints.end(),
                     [](const ConstraintFact& one) {
                       return one.kind == Constraint::primary_key;
                     });
}

std::vector<std::string> TableState::serving(const IndexFact& index) const {
  std::vector<std::string> found;
  if (!is_plain(index)) return found;
  for (const IndexFact& other : indexes) {
    const bool is_like = !other.is_partial() && is_tree(other);
    if (is_like && other.name != index.name &&
        begins_with(other.columns, index)) {
      found.push_back(other.name);
    }
  }
  for (const ConstraintFact& other : constraints) {
    if (is_row_key(other) && begins_with(other.columns, index)) {
      found.push_back("the key over " + join(other.columns, ", "));
    }
  }
  return found;
}

bool TableState::is_empty_in(const std::vector<std::string>& names) const {
  return std::any_of(names.begin(), names.end(), [&](const auto& name) {
    const ColumnFact* column = find_column(name);
    return column != nullptr && added.count(name) > 0 &&
           filled.count(name) == 0 && !column->not_null &&
           !column->has_default && !column->is_generated;
  });
}

bool TableState::is_distinct_in(const std::vector<std::string>& names) const {
  return std::any_of(names.begin(), names.end(), [&](const auto& name) {
    const ColumnFact* column = find_column(name);
    return column != nullptr && added.count(name) > filled.count(name) &&
           (column->is_numbered || column->default_counts);
  });
}

bool TableState::proves_not_null(const std::string& column) const {
  const auto wanted = words_of(normalize("\"" + column + "\" is not null"));
  return std::any_of(constraints.begin(), constraints.end(),
                     [&](const ConstraintFact& c) {
                       return c.kind == Constraint::check && c.is_validated &&
                              words_of(c.expression) == wanted;
                     });
}

bool TableState::obeys(const ConstraintFact& wanted) const {
  const auto covers = [&](const ConstraintFact& c) {
    if (c.kind != wanted.kind || !c.is_validated) return false;
    if (c.kind == Constraint::check) {
      return is_looser_check(c.expression, wanted.expression);
    }
    return c.columns == wanted.columns && c.parent == wanted.parent &&
           c.parent_columns == wanted.parent_columns;
  };
  return std::any_of(constraints.begin(), constraints.end(), covers) ||
         std::any_of(former_constraints.begin(), former_constraints.end(),
                     covers);
}

void World::begin_migration() {
  for (auto it = tables_.begin(); it != tables_.end();) {
    it = it->second.is_temporary ? tables_.erase(it) : std::next(it);
  }
  for (auto& [name, table] : tables_) {
    table.added.clear();
    table.filled.clear();
    table.cleared.clear();
    table.is_emptied = false;
    table.former_constraints.clear();
    table.former_indexes.clear();
    table.is_locked = false;
  }
}

const TableState& World::find(const TableName& table) const {
  static const TableState unknown;
  const auto found = tables_.find(table);
  return found == tables_.end() ? unknown : found->second;
}

TableState* World::find_known(const TableName& table) {
  const auto found = tables_.find(table);
  return found == tables_.end() ? nullptr : &found->second;
}

TableName World::owner_of_index(const std::string& index) const {
  for (const auto& [name, table] : tables_) {
    for (const IndexFact& one : table.indexes) {
      if (one.name == index) return name;
    }
    // A unique's index has the constraint's name.
    for (const ConstraintFact& one : table.constraints) {
      if (one.name == index) return name;
    }
  }
  return {};
}

bool World::is_used(const TableName& object) const {
  const auto found = objects_.find(object);
  return found == objects_.end() || found->second;
}

void World::apply(const Fact& fact, bool is_new, bool is_transactional) {
  const bool locks = is_transactional && locks_out(fact);
  for (const ColumnFact& column : fact.columns) {
    if (!column.is_serial) continue;
    const std::string name = fact.table.name + "_" + column.name + "_seq";
    objects_.emplace(TableName{fact.table.schema, name}, !is_new);
  }
  if (fact.kind == Kind::create_table) {
    const bool is_there = tables_.count(fact.table) > 0;
    if (is_there && fact.if_exists) return;
    TableState table;
    table.is_known = true;
    table.knows_columns = fact.knows_columns;
    table.is_new = is_new || fact.is_temporary;
    table.is_temporary = fact.is_temporary;
    table.is_strict = fact.is_strict;
    table.is_without_rowid = fact.is_without_rowid;
    table.columns = fact.columns;
    table.constraints = fact.constraints;
    tables_[fact.table] = std::move(table);
  } else if (fact.kind == Kind::drop_table) {
    tables_.erase(fact.table);
  } else if (fact.kind == Kind::rename_table) {
    const auto old = tables_.find(fact.table);
    const TableName& to = fact.renamed;
    TableState moved;
    if (old != tables_.end()) {
      moved = std::move(old->second);
      tables_.erase(old);
    }
    moved.is_locked |= locks;
    tables_[to] = std::move(moved);
    for (auto& [name, table] : tables_) {
      for (ConstraintFact& constraint : table.constraints) {
        if (constraint.parent == fact.table) constraint.parent = to;
      }
    }
  } else if (fact.kind == Kind::drop_index || fact.kind == Kind::rename_index) {
    TableState* table = find_known(owner_of_index(fact.name));
    if (table == nullptr) return;
    table->is_locked |= locks;
    for (IndexFact& index : table->indexes) {
      if (index.name != fact.name) continue;
      if (fact.kind == Kind::rename_index) {
        index.name = fact.to;
        return;
      }
      table->former_indexes.push_back(index);
    }
    if (fact.kind == Kind::drop_index) erase_named(table->indexes, fact.name);
  } else if (fact.kind == Kind::drop_schema) {
    for (auto it = tables_.begin(); it != tables_.end();) {
      const bool goes = it->first.schema == fact.table.schema;
      it = goes ? tables_.erase(it) : std::next(it);
    }
  } else if (fact.kind == Kind::rename_schema) {
    rename_schema(fact.table.schema, fact.renamed.schema);
  } else if (fact.kind == Kind::create_object) {
    // One that is replaced stays what it was.
    objects_.emplace(fact.table, !is_new && !fact.is_private);
  } else if (fact.kind == Kind::drop_object) {
    objects_.erase(fact.table);
  } else if (fact.kind == Kind::rename_object) {
    objects_[fact.renamed] = is_used(fact.table);
    objects_.erase(fact.table);
  } else if (fact.kind == Kind::opaque) {
    // It may have filled any of them.
    for (auto& [name, table] : tables_) table.is_emptied = false;
  } else if (!fact.table.name.empty()) {
    // A table that no script made is known by what scripts do to it.
    TableState& table = tables_[fact.table];
    alter(fact, table);
    table.is_locked |= locks;
    table.is_emptied |= fact.empties && is_transactional;
  }
}

void World::rename_schema(const std::string& from, const std::string& to) {
  std::map<TableName, TableState> renamed;
  for (auto& [name, table] : tables_) {
    for (ConstraintFact& constraint : table.constraints) {
      if (constraint.parent.schema == from) constraint.parent.schema = to;
    }
    const bool moves = name.schema == from;
    renamed[{moves ? to : name.schema, name.name}] = std::move(table);
  }
  tables_ = std::move(renamed);
}

void World::drop_column(TableState& table, const std::string& name) {
  erase_named(table.columns, name);
  const auto mentions = [&](const auto& one) {
    return contains(one.columns, name);
  };
  for (const ConstraintFact& one : table.constraints) {
    if (mentions(one)) table.former_constraints.push_back(one);
  }
  auto& constraints = table.constraints;
  constraints.erase(
      std::remove_if(constraints.begin(), constraints.end(), mentions),
      constraints.end());
  auto& indexes = table.indexes;
  indexes.erase(std::remove_if(indexes.begin(), indexes.end(), mentions),
                indexes.end());
}

void World::add_constraint(TableState& table, ConstraintFact constraint) {
  for (const IndexFact& index : table.indexes) {
    if (index.name == constraint.index) constraint.columns = index.columns;
  }
  // The index goes by the constraint's name from now on.
  if (!constraint.index.empty()) erase_named(table.indexes, constraint.index);
  const bool is_key = constraint.kind == Constraint::primary_key;
  for (ColumnFact& column : table.columns) {
    column.not_null |= is_key && contains(constraint.columns, column.name);
  }
  table.constraints.push_back(std::move(constraint));
}

void World::alter(const Fact& fact, TableState& table) {
  ColumnFact* column = nullptr;
  for (ColumnFact& each : table.columns) {
    if (each.name == fact.name) column = &each;
  }
  switch (fact.kind) {
    case Kind::add_column:
      if (column != nullptr && fact.if_exists) return;
      for (const ColumnFact& added : fact.columns) {
        table.columns.push_back(added);
        table.added.insert(added.name);
      }
      for (const ConstraintFact& c : fact.constraints) {
        table.constraints.push_back(c);
      }
      return;
    case Kind::drop_column:
      return drop_column(table, fact.name);
    case Kind::rename_column:
      if (column != nullptr) column->name = fact.to;
      for (IndexFact& index : table.indexes) {
        rename_columns(index, {{fact.name, fact.to}});
      }
      for (ConstraintFact& one : table.constraints) {
        rename_in(one.columns, fact.name, fact.to);
        one.expression = normalize(
            rename_identifiers(one.expression, {{fact.name, fact.to}}));
      }
      for (auto& [name, other] : tables_) {
        for (ConstraintFact& one : other.constraints) {
          if (one.parent == fact.table) {
            rename_in(one.parent_columns, fact.name, fact.to);
          }
        }
      }
      for (auto* names : {&table.added, &table.filled, &table.cleared}) {
        if (names->erase(fact.name) > 0) names->insert(fact.to);
      }
      return;
    case Kind::set_type:
      if (column != nullptr) column->type = fact.columns.at(0).type;
      return;
    case Kind::set_not_null:
    case Kind::drop_not_null:
      if (column != nullptr) {
        column->not_null = fact.kind == Kind::set_not_null;
      }
      return;
    case Kind::set_default:
    case Kind::drop_default:
      if (column != nullptr) {
        column->has_default = fact.kind == Kind::set_default;
      }
      return;
    case Kind::add_constraint:
      for (const ConstraintFact& c : fact.constraints) {
        add_constraint(table, c);
      }
      return;
    case Kind::drop_constraint:
      if (const ConstraintFact* gone = table.find_constraint(fact.name)) {
        table.former_constraints.push_back(*gone);
      }
      return erase_named(table.constraints, fact.name);
    case Kind::rename_constraint:
    case Kind::validate_constraint:
      for (ConstraintFact& each : table.constraints) {
        if (each.name != fact.name) continue;
        if (fact.kind == Kind::validate_constraint) each.is_validated = true;
        if (fact.kind == Kind::rename_constraint) each.name = fact.to;
      }
      return;
    case Kind::create_index:
      table.indexes.push_back(fact.index);
      table.indexes.back().keys = table.evened(fact.index.keys);
      return;
    case Kind::create_policy:
      table.has_policy = true;
      return;
    case Kind::update_rows:
      table.filled.insert(fact.assigned.begin(), fact.assigned.end());
      return;
    case Kind::delete_rows:
      table.cleared.insert(fact.cleared.begin(), fact.cleared.end());
      return;
    case Kind::insert_rows:
      table.is_emptied = false;
      table.filled.insert(fact.copy.columns.begin(), fact.copy.columns.end());
      return;
    default:
      return;
  }
}

}  // namespace schemagen::gen
