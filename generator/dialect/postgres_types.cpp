// How PostgreSQL holds each neutral type; see generator/README.md. Where a type
// is narrower than the one that holds it, a CHECK says so.
#include <cstdlib>

#include "dialect/calendar.hpp"
#include "dialect/postgres.hpp"
#include "model/options.hpp"
#include "model/text.hpp"
#include "model/types.hpp"
#include "plan/type_step.hpp"

namespace schemagen::gen::postgres {
namespace {

std::string decimal_type(const Type& type) {
  if (type.precision <= 0) return "numeric";
  return "numeric(" + std::to_string(type.precision) + "," +
         std::to_string(type.scale) + ")";
}

std::string enum_type(const Type& type, const Schema& schema) {
  const Enum* e = schema.find_enum(type.enum_name);
  if (e == nullptr || e->storage == EnumStorage::text) return "text";
  return e->storage == EnumStorage::integer ? "bigint" : quote(e->name);
}

std::string integer_literal(const Type& type, const std::string& text) {
  const long long number = std::strtoll(text.c_str(), nullptr, 10);
  switch (type.kind) {
    case TypeKind::boolean:
      return number == 0 ? "false" : "true";
    case TypeKind::timestamp:
      return "'" + timestamp_text(number) + "+00'";
    case TypeKind::local_time:
      return "'" + timestamp_text(number) + "'";
    case TypeKind::date:
      return "'" + date_text(number) + "'";
    case TypeKind::time_of_day:
      return type.unit == "ns" ? text
                               : "'" + time_text(number, type.unit) + "'";
    case TypeKind::text:
      return quote_text(text);
    default:
      return text;
  }
}

std::string real_literal(const std::string& text) {
  if (text == "inf") return "'Infinity'";
  if (text == "-inf") return "'-Infinity'";
  return text == "nan" ? "'NaN'" : text;
}

std::string enumerator_literal(const Type& type, const std::string& name,
                               const Schema& schema) {
  const Enum* e = schema.find_enum(type.enum_name);
  const EnumValue* value = e == nullptr ? nullptr : e->find_value(name);
  return value == nullptr ? quote_text(name) : stored_sql(*e, *value);
}

/// A type that only the user's SQL describes: its words say what its zero is.
std::string zero_of_spelled(const std::string& sql) {
  struct Row {
    const char* part;
    const char* zero;
  };
  static constexpr Row kZeros[] = {
      {"[]", "'{}'"},
      {"json", "'null'"},
      {"uuid", "'00000000-0000-0000-0000-000000000000'"},
      {"timestamp", "'1970-01-01 00:00:00+00'"},
      {"date", "'1970-01-01'"},
      {"interval", "'0'"},
      {"time", "'00:00:00'"},
      {"point", "'(0,0)'"},
      {"bool", "false"},
      {"int", "0"},
      {"serial", "0"},
      {"numeric", "0"},
      {"decimal", "0"},
      {"real", "0"},
      {"double", "0"},
      {"float", "0"},
      {"money", "0"},
      {"inet", "'0.0.0.0'"},
      {"cidr", "'0.0.0.0/0'"}};
  const std::string type = fold_case(sql);
  for (const Row& row : kZeros) {
    if (type.find(row.part) != std::string::npos) return row.zero;
  }
  return "''";
}

std::string zero_enum(const Enum* e) {
  if (e == nullptr || e->values.empty()) return "''";
  for (const EnumValue& value : e->values) {
    if (e->storage == EnumStorage::integer && value.number == 0) {
      return stored_sql(*e, value);
    }
  }
  return stored_sql(*e, e->values.front());
}

std::string range_check(const Type& type, const std::string& value) {
  IntegerRange range{};
  integer_range(type.kind, &range);
  return value + " BETWEEN " + range.least + " AND " + range.greatest;
}

std::string enum_check(const Enum& e, const std::string& value) {
  std::string list;
  for (const EnumValue& each : e.values) {
    list += (list.empty() ? "" : ", ") + stored_sql(e, each);
  }
  return value + " IN (" + list + ")";
}

std::string length_check(const char* function, const Type& type,
                         const std::string& value) {
  return std::string(function) + "(" + value + ")" +
         (type.fixed ? " = " : " <= ") + std::to_string(type.max_length);
}

}  // namespace

std::string quote(std::string_view identifier) {
  std::string text = "\"";
  for (const char c : identifier) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

std::string quote_text(std::string_view value) {
  // E'' only where it is needed: plain literals are easier to read.
  const bool escapes = value.find('\\') != std::string_view::npos;
  std::string text = escapes ? "E'" : "'";
  for (const char c : value) text.append(c == '\'' || c == '\\' ? 2 : 1, c);
  return text + '\'';
}

std::string quote_list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + quote(name);
  }
  return text;
}

std::string closed(const std::string& sql) {
  return sql.find("--") == std::string::npos ? sql : sql + "\n";
}

std::string enclosed(const std::string& sql) { return "(" + closed(sql) + ")"; }

std::string quote(const TableName& name) {
  return name.schema.empty() ? quote(name.name)
                             : quote(name.schema) + "." + quote(name.name);
}

std::string stored_text(const Enum& e, const EnumValue& value) {
  return e.storage == EnumStorage::integer ? std::to_string(value.number)
                                           : value.name;
}

std::string stored_sql(const Enum& e, const EnumValue& value) {
  const std::string text = stored_text(e, value);
  return e.storage == EnumStorage::integer ? text : quote_text(text);
}

const Enum* native_enum(const Type& type, const Schema& schema) {
  if (type.kind != TypeKind::enumeration || !spelled_type(type).empty()) {
    return nullptr;
  }
  const Enum* e = schema.find_enum(type.enum_name);
  return e != nullptr && e->storage == EnumStorage::native ? e : nullptr;
}

std::string spelled_type(const Type& type) {
  auto found = type.sql.find("postgres");
  if (found == type.sql.end()) found = type.sql.find("");
  return found == type.sql.end() ? "" : found->second;
}

std::string type_sql(const Type& type, const Schema& schema) {
  std::string spelled = spelled_type(type);
  if (!spelled.empty()) return spelled;
  switch (type.kind) {
    case TypeKind::boolean:
      return "boolean";
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::uint8:
      return "smallint";
    case TypeKind::int32:
    case TypeKind::uint16:
      return "integer";
    case TypeKind::int64:
    case TypeKind::uint32:
    case TypeKind::duration:
      return "bigint";
    case TypeKind::uint64:
      return "numeric(20,0)";
    case TypeKind::float32:
      return "real";
    case TypeKind::float64:
      return "double precision";
    case TypeKind::text:
      if (type.max_length <= 0) return "text";
      return "varchar(" + std::to_string(type.max_length) + ")";
    case TypeKind::blob:
      return "bytea";
    case TypeKind::timestamp:
      return "timestamptz";
    case TypeKind::local_time:
      return "timestamp";
    case TypeKind::date:
      return "date";
    case TypeKind::time_of_day:
      // PostgreSQL's time ends at microseconds.
      return type.unit == "ns" ? "bigint" : "time";
    case TypeKind::decimal:
      return decimal_type(type);
    case TypeKind::enumeration:
      return enum_type(type, schema);
    case TypeKind::uuid:
      return "uuid";
    case TypeKind::json:
      return "jsonb";
    case TypeKind::custom:
      return "text";
  }
  return "text";
}

std::string collate_sql(const Column& column) {
  if (column.collate.empty() || is_sqlite_collation(column.collate)) return "";
  return " COLLATE " + quote(column.collate);
}

std::string literal_sql(const Type& type, const Literal& literal,
                        const Schema& schema) {
  switch (literal.kind) {
    case Literal::Kind::null:
      return "NULL";
    case Literal::Kind::boolean: {
      IntegerRange range{};
      const bool number =
          is_number_sql(spelled_type(type)) ||
          (type.kind != TypeKind::boolean && integer_range(type.kind, &range));
      if (number) return literal.text == "true" ? "1" : "0";
      return literal.text;
    }
    case Literal::Kind::integer:
      return integer_literal(type, literal.text);
    case Literal::Kind::real:
      return real_literal(literal.text);
    case Literal::Kind::text:
      return quote_text(literal.text);
    case Literal::Kind::blob:
      return quote_text("\\x" + literal.text);
    case Literal::Kind::enumerator:
      return enumerator_literal(type, literal.text, schema);
  }
  return "NULL";
}

std::string zero_sql(const Type& type, const Schema& schema) {
  const std::string spelled = spelled_type(type);
  if (!spelled.empty()) return zero_of_spelled(spelled);
  switch (type.kind) {
    case TypeKind::boolean:
      return "false";
    case TypeKind::text: {
      const int length = type.fixed ? type.max_length : 0;
      return "'" + std::string(static_cast<std::size_t>(length), ' ') + "'";
    }
    case TypeKind::blob: {
      const auto bytes =
          static_cast<std::size_t>(type.fixed ? type.max_length : 0);
      return quote_text("\\x" + std::string(2 * bytes, '0'));
    }
    case TypeKind::timestamp:
      return "'" + timestamp_text(0) + "+00'";
    case TypeKind::local_time:
      return "'" + timestamp_text(0) + "'";
    case TypeKind::date:
      return "'" + date_text(0) + "'";
    case TypeKind::time_of_day:
      return type.unit == "ns" ? "0" : "'00:00:00'";
    case TypeKind::enumeration:
      return zero_enum(schema.find_enum(type.enum_name));
    case TypeKind::uuid:
      return "'00000000-0000-0000-0000-000000000000'";
    case TypeKind::json:
      return "'null'";
    case TypeKind::custom:
      return "''";
    default:
      return "0";
  }
}

std::string default_sql(const Column& column, const Schema& schema) {
  if (!column.default_sql.empty()) return closed(column.default_sql);
  if (!column.default_value) return "";
  if (column.default_value->kind == Literal::Kind::null) return "";
  return literal_sql(column.type, *column.default_value, schema);
}

bool has_default(const Column& column) {
  return !column.default_sql.empty() ||
         (column.default_value &&
          column.default_value->kind != Literal::Kind::null);
}

std::vector<ImpliedCheck> implied_checks(const Type& type, const Schema& schema,
                                         const std::string& value) {
  if (!spelled_type(type).empty()) return {};
  switch (type.kind) {
    case TypeKind::int8:
    case TypeKind::uint8:
    case TypeKind::uint16:
    case TypeKind::uint32:
    case TypeKind::uint64:
      return {{"range", range_check(type, value)}};
    case TypeKind::text:
      if (type.max_length <= 0 || !type.fixed) return {};
      return {{"length", length_check("char_length", type, value)}};
    case TypeKind::blob:
      if (type.max_length <= 0) return {};
      return {{"length", length_check("octet_length", type, value)}};
    case TypeKind::enumeration: {
      const Enum* e = schema.find_enum(type.enum_name);
      const bool checked = e != nullptr && !e->values.empty() &&
                           e->storage != EnumStorage::native;
      if (!checked) return {};
      return {{"enum", enum_check(*e, value)}};
    }
    default:
      return {};
  }
}

}  // namespace schemagen::gen::postgres
