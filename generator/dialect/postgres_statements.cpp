// Tables, constraints and indexes as PostgreSQL's SQL. Every constraint has a
// name by model/names.hpp, so that a later migration can say which it means.
#include <algorithm>

#include "dialect/postgres.hpp"
#include "model/names.hpp"
#include "model/sql_tokens.hpp"

namespace schemagen::gen::postgres {
namespace {

std::vector<std::string> mentioned(const std::string& sql) {
  std::vector<std::string> names;
  for (const SqlToken& token : cut_tokens(sql)) {
    if (token.kind == SqlToken::Kind::identifier ||
        token.kind == SqlToken::Kind::quoted_identifier) {
      names.push_back(identifier_name(token));
    }
  }
  return names;
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

std::string foreign_key_sql(const ForeignKey& key) {
  std::string text = "FOREIGN KEY (" + quote_list(key.columns) +
                     ") REFERENCES " + quote(TableName{key.schema, key.table});
  if (!key.references.empty()) text += " (" + quote_list(key.references) + ")";
  const std::string on_delete = action_sql(key.on_delete);
  const std::string on_update = action_sql(key.on_update);
  if (!on_delete.empty()) text += " ON DELETE " + on_delete;
  if (!on_update.empty()) text += " ON UPDATE " + on_update;
  return text;
}

/// The grammar takes a function call as it is and wants brackets around any
/// other expression; the user writes either.
std::string expression_sql(const std::string& expression) {
  if (parses("CREATE INDEX i ON t " + enclosed(expression))) return expression;
  std::string text, part;
  int depth = 0;
  for (const SqlToken& token : cut_tokens(expression)) {
    if (token.text == "(") ++depth;
    if (token.text == ")") --depth;
    if (token.text == "," && depth == 0) {
      text += enclosed(part) + ", ";
      part.clear();
      continue;
    }
    part += token.text;
  }
  return text + enclosed(part);
}

Object index_object(const Table& table, const Index& index) {
  Object object;
  object.kind = Object::Kind::index;
  object.name = index_name(table, index);
  object.is_unique = index.unique && index.where.empty();
  std::string columns;
  for (const IndexColumn& column : index.columns) {
    object.columns.push_back(column.name);
    columns += (columns.empty() ? "" : ", ") + quote(column.name) +
               (column.descending ? " DESC" : "");
  }
  if (!index.expression.empty()) columns = expression_sql(index.expression);
  object.definition = index.unique ? "UNIQUE " : "";
  if (!index.method.empty()) {
    object.definition += "USING " + quote(index.method) + " ";
  }
  object.definition += enclosed(columns);
  if (!index.where.empty())
    object.definition += " WHERE " + closed(index.where);
  for (const std::string* sql : {&index.expression, &index.where}) {
    if (sql->empty()) continue;
    object.carries_sql = true;
    for (std::string& name : mentioned(*sql)) {
      object.columns.push_back(std::move(name));
    }
  }
  return object;
}

void append_checks(const Table& table, const Schema& schema,
                   std::vector<Object>& objects) {
  for (const Column& column : table.columns) {
    if (!column.generated.empty()) continue;
    for (const ImpliedCheck& implied :
         implied_checks(column.type, schema, quote(column.name))) {
      objects.push_back({Object::Kind::check,
                         implied_check_name(table, column, implied.rule),
                         "CHECK (" + implied.sql + ")",
                         {column.name},
                         true,
                         false,
                         nullptr});
    }
  }
  for (const Check& check : table.checks) {
    std::vector<std::string> columns = mentioned(check.sql);
    objects.push_back({Object::Kind::check, check_name(table, check),
                       "CHECK " + enclosed(check.sql), std::move(columns), true,
                       false, nullptr});
  }
}

/// CREATE TABLE drops a unique over the columns of another key without a word;
/// ALTER TABLE makes it.
bool is_doubled(const std::vector<Object>& objects, const Object& object) {
  return object.kind == Object::Kind::unique &&
         std::any_of(objects.begin(), objects.end(), [&](const Object& other) {
           return &other < &object && other.is_unique &&
                  other.kind != Object::Kind::index &&
                  other.columns == object.columns;
         });
}

constexpr std::string_view kMoveHead = " BEGIN EXECUTE 'ALTER TABLE ";
constexpr std::string_view kMoveTail =
    " SET SCHEMA ' || quote_ident(current_schema()); END ";

std::string_view behind_comments(std::string_view sql) {
  for (const SqlToken& token : cut_tokens(sql)) {
    const bool is_blank = token.kind == SqlToken::Kind::space ||
                          token.kind == SqlToken::Kind::comment;
    if (!is_blank) break;
    sql.remove_prefix(token.text.size());
  }
  return sql;
}

}  // namespace

std::vector<Object> objects_of(const Table& table, const Schema& schema) {
  std::vector<Object> objects;
  if (!table.primary_key.empty()) {
    objects.push_back({Object::Kind::primary, primary_key_name(table),
                       "PRIMARY KEY (" + quote_list(table.primary_key) + ")",
                       table.primary_key, false, true, nullptr});
  }
  for (const Unique& unique : table.uniques) {
    objects.push_back({Object::Kind::unique, unique_name(table, unique),
                       "UNIQUE (" + quote_list(unique.columns) + ")",
                       unique.columns, false, true, nullptr});
  }
  append_checks(table, schema, objects);
  for (const Index& index : table.indexes) {
    objects.push_back(index_object(table, index));
  }
  for (const ForeignKey& key : table.foreign_keys) {
    objects.push_back({Object::Kind::foreign, foreign_key_name(table, key),
                       foreign_key_sql(key), key.columns, false, false, &key});
  }
  return objects;
}

bool is_not_null(const Table& table, const Column& column) {
  const auto& key = table.primary_key;
  return !column.nullable ||
         std::find(key.begin(), key.end(), column.name) != key.end();
}

std::string column_sql(const Table& table, const Column& column,
                       const Schema& schema) {
  std::string text = quote(column.name) + " " + type_sql(column.type, schema) +
                     collate_sql(column);
  if (!column.generated.empty()) {
    text += " GENERATED ALWAYS AS " + enclosed(column.generated) + " STORED";
  }
  if (is_not_null(table, column)) text += " NOT NULL";
  if (column.autoincrement) text += " GENERATED BY DEFAULT AS IDENTITY";
  const std::string value = default_sql(column, schema);
  return value.empty() ? text : text + " DEFAULT " + value;
}

std::vector<Object> doubled_uniques(const Table& table, const Schema& schema) {
  std::vector<Object> doubled;
  const std::vector<Object> objects = objects_of(table, schema);
  for (const Object& object : objects) {
    if (is_doubled(objects, object)) doubled.push_back(object);
  }
  return doubled;
}

std::string create_table_sql(const Table& table, const Schema& schema) {
  std::vector<std::string> lines;
  for (const Column* column : table.columns_in_order()) {
    lines.push_back(column_sql(table, *column, schema));
  }
  const std::vector<Object> objects = objects_of(table, schema);
  for (const Object& object : objects) {
    if (object.kind == Object::Kind::index ||
        object.kind == Object::Kind::foreign || is_doubled(objects, object)) {
      continue;
    }
    lines.push_back("CONSTRAINT " + quote(object.name) + " " +
                    object.definition);
  }
  std::string text = "CREATE TABLE " + quote(name_of(table)) + " (";
  for (const std::string& line : lines) {
    text += (&line == &lines.front() ? "\n  " : ",\n  ") + line;
  }
  return text + "\n)";
}

std::string create_index_sql(const TableName& table, const Object& index) {
  static const std::string kUnique = "UNIQUE ";
  const bool unique = index.definition.compare(0, 7, kUnique) == 0;
  return std::string("CREATE ") + (unique ? kUnique : "") + "INDEX " +
         quote(index.name) + " ON " + quote(table) + " " +
         index.definition.substr(unique ? kUnique.size() : 0);
}

std::string comment_sql(const std::string& on, const std::string& text) {
  return "COMMENT ON " + on + " IS " +
         (text.empty() ? "NULL" : quote_text(text));
}

std::string move_home_sql(const std::string& table) {
  std::string tag = "$schemagen$";
  while (table.find(tag) != std::string::npos) tag.insert(1, "_");
  std::string sql = "DO " + tag;
  sql.append(kMoveHead);
  for (const char c : table) sql.append(c == '\'' ? 2 : 1, c);
  return sql.append(kMoveTail) + tag;
}

std::string moved_home(const std::string& sql) {
  const std::string_view statement = behind_comments(sql);
  const std::size_t begin = statement.find(kMoveHead) + kMoveHead.size();
  const std::size_t end = statement.rfind(kMoveTail);
  if (end == std::string_view::npos || end < begin) return {};
  std::string table;
  for (std::size_t i = begin; i < end; ++i) {
    if (statement[i] == '\'') ++i;
    table += statement[i];
  }
  // Whatever else it says, only the whole of what we write is ours.
  if (statement != move_home_sql(table)) return {};
  return "ALTER TABLE " + table + " SET SCHEMA ";
}

}  // namespace schemagen::gen::postgres
