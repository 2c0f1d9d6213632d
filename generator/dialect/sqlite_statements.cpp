// The statements that say what a table is.
#include <algorithm>

#include "dialect/sqlite.hpp"
#include "model/names.hpp"
#include "model/text.hpp"

namespace schemagen::gen::sqlite {
namespace {

bool is_integer_key(const Column& column) {
  const std::string spelled = spelled_type(column.type);
  if (!spelled.empty()) return fold_case(spelled) == "integer";
  switch (column.type.kind) {
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::uint8:
    case TypeKind::uint16:
    case TypeKind::uint32:
      return true;
    case TypeKind::uint64:
      return column.autoincrement;  // the engine's numbers stay below 2^63
    default:
      return false;
  }
}

const char* action_sql(Action action) {
  switch (action) {
    case Action::no_action:
      return "";
    case Action::restrict_:
      return "RESTRICT";
    case Action::cascade:
      return "CASCADE";
    case Action::set_null:
      return "SET NULL";
    case Action::set_default:
      return "SET DEFAULT";
  }
  return "";
}

std::string named(const std::string& name) {
  return name.empty() ? "" : "CONSTRAINT " + quote(name) + " ";
}

std::string columns_sql(const Index& index) {
  if (!index.expression.empty()) return index.expression;
  std::string text;
  for (const IndexColumn& column : index.columns) {
    text += (text.empty() ? "" : ", ") + quote(column.name);
    if (column.descending) text += " DESC";
  }
  return text;
}

std::string options_sql(const Table& table) {
  std::string text;
  if (table.strict) text += " STRICT";
  if (table.without_rowid)
    text += table.strict ? ", WITHOUT ROWID" : " WITHOUT ROWID";
  return text;
}

/// Implied checks and the user's on this column, in a stable order.
std::string column_checks(const Table& table, const Column& column,
                          const Schema& schema) {
  std::string text;
  if (&column != rowid_key(table) || column.type.kind != TypeKind::uint64) {
    for (const std::string& check : implied_checks(column, schema)) {
      text += " CHECK (" + check + ")";
    }
  } else {
    text += " CHECK (" + quote(column.name) + " >= 0)";
  }
  for (const Check& check : table.checks) {
    if (check.column == column.name) text += " " + check_sql(check);
  }
  return text;
}

}  // namespace

const Column* rowid_key(const Table& table) {
  if (table.primary_key.size() != 1 || table.without_rowid) return nullptr;
  for (const Column& column : table.columns) {
    if (column.name == table.primary_key[0]) {
      return is_integer_key(column) ? &column : nullptr;
    }
  }
  return nullptr;
}

std::string check_sql(const Check& check) {
  return named(check.name) + "CHECK " + enclosed(check.sql);
}

namespace {

std::string references_sql(const ForeignKey& key) {
  std::string text = "REFERENCES " + quote(key.table) + " (" +
                     quote_list(key.references) + ")";
  if (key.on_delete != Action::no_action) {
    text += std::string(" ON DELETE ") + action_sql(key.on_delete);
  }
  if (key.on_update != Action::no_action) {
    text += std::string(" ON UPDATE ") + action_sql(key.on_update);
  }
  return text;
}

std::string foreign_key_sql(const ForeignKey& key) {
  return named(key.name) + "FOREIGN KEY (" + quote_list(key.columns) + ") " +
         references_sql(key);
}

}  // namespace

std::string column_sql(const Table& table, const Column& column,
                       const Schema& schema) {
  const bool is_rowid = &column == rowid_key(table);
  std::string text = quote(column.name) + " ";
  text += is_rowid ? "INTEGER" : type_sql(column.type, schema, table.strict);
  if (!column.nullable && column.generated.empty()) text += " NOT NULL";
  if (table.primary_key.size() == 1 && table.primary_key[0] == column.name) {
    text += " PRIMARY KEY";
    if (column.autoincrement && is_rowid) text += " AUTOINCREMENT";
  }
  const std::string value = default_sql(column, schema);
  if (!value.empty()) text += " DEFAULT " + value;
  text += collate_sql(column);
  text += column_checks(table, column, schema);
  // A key of one column stands with it: so DROP COLUMN can take both.
  for (const ForeignKey& key : table.foreign_keys) {
    if (key.columns.size() == 1 && key.columns[0] == column.name) {
      text += " " + named(key.name) + references_sql(key);
    }
  }
  if (!column.generated.empty()) {
    text += " GENERATED ALWAYS AS " + enclosed(column.generated);
    text += column.stored ? " STORED" : " VIRTUAL";
  }
  return text;
}

std::vector<std::string> constraint_lines(const Table& table) {
  std::vector<std::string> lines;
  if (table.primary_key.size() > 1) {
    lines.push_back("PRIMARY KEY (" + quote_list(table.primary_key) + ")");
  }
  for (const Check& check : table.checks) {
    if (check.column.empty()) lines.push_back(check_sql(check));
  }
  for (const ForeignKey& key : table.foreign_keys) {
    if (key.columns.size() != 1) lines.push_back(foreign_key_sql(key));
  }
  return lines;
}

std::string create_table_sql(const Table& table, const std::string& name,
                             const Schema& schema) {
  std::vector<std::string> lines;
  for (const Column* column : table.columns_in_order()) {
    lines.push_back(column_sql(table, *column, schema));
  }
  for (std::string& line : constraint_lines(table)) {
    lines.push_back(std::move(line));
  }
  std::string text = "CREATE TABLE " + quote(name) + " (";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += (i == 0 ? "\n  " : ",\n  ") + lines[i];
  }
  return text + "\n)" + options_sql(table);
}

std::vector<NamedIndex> index_statements(const Table& table) {
  std::vector<NamedIndex> all;
  for (const Unique& unique : table.uniques) {
    const std::string name = unique_name(table, unique);
    all.push_back({name, "CREATE UNIQUE INDEX " + quote(name) + " ON " +
                             quote(table.name) + " (" +
                             quote_list(unique.columns) + ")"});
  }
  for (const Index& index : table.indexes) {
    const std::string name = index_name(table, index);
    std::string sql = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
    sql += quote(name) + " ON " + quote(table.name) + " " +
           enclosed(columns_sql(index));
    if (!index.where.empty()) sql += " WHERE " + index.where;
    if (index.where.find("--") != std::string::npos) sql += "\n";
    all.push_back({name, std::move(sql)});
  }
  return all;
}

}  // namespace schemagen::gen::sqlite
