// Pairs the tables, columns, enums and values of two schemas, once it is known
// what was renamed.
#include <algorithm>
#include <cstddef>

#include "model/sql_tokens.hpp"
#include "model/text.hpp"
#include "plan/identity.hpp"

namespace schemagen::gen {
namespace {

/// Engines refuse to drop a column that a generated one still computes with.
std::vector<const Column*> dependents_first(
    std::vector<const Column*> columns) {
  std::vector<const Column*> ordered;
  while (!columns.empty()) {
    auto next =
        std::find_if(columns.begin(), columns.end(), [&](const Column* column) {
          return std::none_of(
              columns.begin(), columns.end(), [&](const Column* other) {
                return other != column && !other->generated.empty() &&
                       mentions_name(other->generated, column->name);
              });
        });
    if (next == columns.end()) next = columns.begin();
    ordered.push_back(*next);
    columns.erase(next);
  }
  return ordered;
}

std::vector<ColumnPair> match_columns(const Table& from, const Table& to,
                                      const Identity& identity) {
  std::set<std::string> taken;
  std::vector<ColumnPair> pairs;
  const TableName table = name_of(to);
  for (const Column& column : to.columns) {
    auto renamed = identity.columns.find({table, column.name});
    if (renamed == identity.columns.end()) continue;
    taken.insert(renamed->second);
  }
  for (const Column& column : to.columns) {
    ColumnPair pair{nullptr, &column};
    auto renamed = identity.columns.find({table, column.name});
    if (renamed != identity.columns.end()) {
      pair.from = from.find_column(renamed->second);
    } else if (taken.count(column.name) == 0 &&
               identity.replaced_columns.count({table, column.name}) == 0) {
      pair.from = from.find_column(column.name);
      if (pair.from != nullptr) taken.insert(column.name);
    }
    pairs.push_back(pair);
  }
  std::vector<const Column*> gone;
  for (const Column& column : from.columns) {
    if (taken.count(column.name) == 0) gone.push_back(&column);
  }
  for (const Column* column : dependents_first(gone)) {
    pairs.push_back({column, nullptr});
  }
  return pairs;
}

TablePair match_table(const Table* from, const Table& to,
                      const Identity& identity) {
  TablePair pair{from, &to, {}};
  if (from != nullptr) pair.columns = match_columns(*from, to, identity);
  return pair;
}

std::vector<EnumPair> match_enums(const Schema& from, const Schema& to,
                                  const Identity& identity) {
  std::vector<EnumPair> pairs;
  std::set<std::string> taken;
  for (const auto& renamed : identity.enums) taken.insert(renamed.second);
  for (const Enum& value : to.enums) {
    EnumPair pair{nullptr, &value};
    auto renamed = identity.enums.find(value.name);
    if (renamed != identity.enums.end()) {
      pair.from = from.find_enum(renamed->second);
    } else if (taken.count(value.name) == 0) {
      pair.from = from.find_enum(value.name);
      if (pair.from != nullptr) taken.insert(value.name);
    }
    pairs.push_back(pair);
  }
  for (const Enum& value : from.enums) {
    if (taken.count(value.name) == 0) pairs.push_back({&value, nullptr});
  }
  return pairs;
}

using Names = std::map<std::string, std::string>;  // old -> new

Names renamed_columns(const TableName& to, const Identity& identity) {
  Names names;
  auto at = identity.columns.lower_bound({to, ""});
  for (; at != identity.columns.end() && at->first.first == to; ++at) {
    names[at->second] = at->first.second;
  }
  return names;
}

void rename(std::string& name, const Names& names) {
  auto found = names.find(name);
  if (found != names.end()) name = found->second;
}

void rename(std::vector<std::string>& list, const Names& names) {
  for (std::string& name : list) rename(name, names);
}

void rename_sql(std::string& sql, const Names& names) {
  if (!sql.empty()) sql = rename_identifiers(sql, names);
}

void carry_columns(Table& table, const Names& names, const Identity& identity) {
  for (Column& column : table.columns) {
    rename(column.name, names);
    rename_sql(column.generated, names);
    for (const auto& [to, from] : identity.enums) {
      if (column.type.enum_name == from) {
        column.type.enum_name = to;
        break;
      }
    }
  }
}

void carry_constraints(Table& table, const Names& names) {
  rename(table.primary_key, names);
  for (Unique& unique : table.uniques) rename(unique.columns, names);
  for (Index& index : table.indexes) {
    for (IndexColumn& column : index.columns) rename(column.name, names);
    rename_sql(index.expression, names);
    rename_sql(index.where, names);
  }
  for (Check& check : table.checks) {
    rename_sql(check.sql, names);
    rename(check.column, names);
  }
}

void carry_foreign_keys(Table& table, const Names& names,
                        const Identity& identity) {
  for (ForeignKey& key : table.foreign_keys) {
    rename(key.columns, names);
    TableName target{key.schema, key.table};
    for (const auto& [to, from] : identity.tables) {
      if (from == target) {
        key.schema = to.schema;
        key.table = to.name;
        break;
      }
    }
    rename(key.references, renamed_columns({key.schema, key.table}, identity));
  }
}

}  // namespace

bool operator==(const TableName& a, const TableName& b) {
  return a.schema == b.schema && a.name == b.name;
}

bool operator<(const TableName& a, const TableName& b) {
  return a.schema != b.schema ? a.schema < b.schema : a.name < b.name;
}

TableName name_of(const Table& table) { return {table.schema, table.name}; }

std::string display(const TableName& name) {
  return name.schema.empty() ? name.name : name.schema + "." + name.name;
}

Matching match(const Schema& from, const Schema& to, const Identity& identity) {
  Matching matching;
  matching.enums = match_enums(from, to, identity);
  std::set<TableName> taken;
  for (const auto& renamed : identity.tables) taken.insert(renamed.second);
  for (const Table& table : to.tables) {
    const TableName name = name_of(table);
    const Table* old = nullptr;
    auto renamed = identity.tables.find(name);
    if (renamed != identity.tables.end()) {
      old = from.find_table(renamed->second.schema, renamed->second.name);
    } else if (taken.count(name) == 0 &&
               identity.replaced_tables.count(name) == 0) {
      old = from.find_table(name.schema, name.name);
      if (old != nullptr) taken.insert(name);
    }
    matching.tables.push_back(match_table(old, table, identity));
  }
  for (const Table& table : from.tables) {
    if (taken.count(name_of(table)) == 0) {
      matching.tables.push_back({&table, nullptr, {}});
    }
  }
  return matching;
}

Table carry(const TablePair& pair, const Identity& identity) {
  Table table = *pair.from;
  if (identity.renames_nothing() || pair.to == nullptr) return table;
  table.name = pair.to->name;
  table.schema = pair.to->schema;
  const Names names = renamed_columns(name_of(table), identity);
  carry_columns(table, names, identity);
  carry_constraints(table, names);
  carry_foreign_keys(table, names, identity);
  return table;
}

}  // namespace schemagen::gen
