// How SQLite holds each neutral type. It has five storage classes and no
// lengths, so ranges, lengths and enums are CHECKs; see generator/README.md.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "dialect/calendar.hpp"
#include "dialect/sqlite.hpp"
#include "model/options.hpp"
#include "model/text.hpp"
#include "plan/type_step.hpp"

namespace schemagen::gen::sqlite {
namespace {

/// Above what SQLite's 64 bit integer holds, an unsigned 64 bit value is 20
/// digits of text. The column has no affinity, so numbers stay numbers, and
/// text sorts after every number: comparisons are right over the whole range.
constexpr const char* kAboveInt64 = "09223372036854775808";
constexpr const char* kGreatestUint64 = "18446744073709551615";

std::string padded(const std::string& digits) {
  return std::string(digits.size() < 20 ? 20 - digits.size() : 0, '0') + digits;
}

bool exceeds_int64(const std::string& digits) {
  return !digits.empty() && digits[0] != '-' && padded(digits) >= kAboveInt64;
}

std::string uint64_literal(const std::string& digits) {
  return exceeds_int64(digits) ? quote_text(padded(digits)) : digits;
}

std::string uint64_check(const std::string& column) {
  return "CASE typeof(" + column + ") WHEN 'integer' THEN " + column +
         " >= 0 WHEN 'text' THEN length(" + column + ") = 20 AND " + column +
         " NOT GLOB '*[^0-9]*' AND " + column + " BETWEEN '" + kAboveInt64 +
         "' AND '" + kGreatestUint64 + "' ELSE " + column + " IS NULL END";
}

std::string integer_literal(const Type& type, const std::string& text) {
  switch (type.kind) {
    case TypeKind::uint64:
      return uint64_literal(text);
    case TypeKind::timestamp:
    case TypeKind::local_time:
      return quote_text(
          timestamp_text(std::strtoll(text.c_str(), nullptr, 10)));
    case TypeKind::date:
      return quote_text(date_text(std::strtoll(text.c_str(), nullptr, 10)));
    case TypeKind::time_of_day:
      return quote_text(
          time_text(std::strtoll(text.c_str(), nullptr, 10), type.unit));
    case TypeKind::decimal:
    case TypeKind::text:
      return quote_text(text);
    default:
      return text;
  }
}

std::string real_literal(const Type& type, const std::string& text) {
  if (type.kind == TypeKind::decimal) return quote_text(text);
  // SQLite has no word for infinity, but reads an excess as one.
  if (text == "inf") return "9e999";
  if (text == "-inf") return "-9e999";
  return text == "nan" ? "NULL" : text;
}

std::string enumerator_literal(const Type& type, const std::string& name,
                               const Schema& schema) {
  const Enum* e = schema.find_enum(type.enum_name);
  const EnumValue* value = e == nullptr ? nullptr : e->find_value(name);
  return value == nullptr ? quote_text(name) : stored_sql(*e, *value);
}

std::string enum_check(const std::string& column, const Enum& e) {
  std::string list;
  for (const EnumValue& value : e.values) {
    list += (list.empty() ? "" : ", ") + stored_sql(e, value);
  }
  return column + " IN (" + list + ")";
}

std::string length_check(const std::string& column, const Type& type) {
  return "length(" + column + ")" + (type.fixed ? " = " : " <= ") +
         std::to_string(type.max_length);
}

std::string zero_of(Affinity affinity) {
  if (affinity == Affinity::text) return "''";
  return affinity == Affinity::none ? "x''" : "0";
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

}  // namespace

std::string quote(std::string_view identifier) {
  std::string text = "\"";
  for (const char c : identifier) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

std::string quote_text(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'') text += '\'';
    text += c;
  }
  return text + '\'';
}

std::string quote_list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + quote(name);
  }
  return text;
}

std::string enclosed(const std::string& sql) {
  const bool has_comment = sql.find("--") != std::string::npos;
  return "(" + sql + (has_comment ? "\n)" : ")");
}

std::string stored_sql(const Enum& e, const EnumValue& value) {
  return e.storage == EnumStorage::integer ? std::to_string(value.number)
                                           : quote_text(value.name);
}

std::string spelled_type(const Type& type) {
  auto found = type.sql.find("sqlite");
  if (found == type.sql.end()) found = type.sql.find("");
  return found == type.sql.end() ? "" : found->second;
}

Affinity affinity_of(const std::string& sql) {
  const std::string type = fold_case(sql);
  auto has = [&](const char* part) {
    return type.find(part) != std::string::npos;
  };
  if (has("int")) return Affinity::integer;
  if (has("char") || has("clob") || has("text")) return Affinity::text;
  if (has("blob") || type.empty() || type == "any") return Affinity::none;
  const bool is_real = has("real") || has("floa") || has("doub");
  return is_real ? Affinity::real : Affinity::numeric;
}

std::string type_sql(const Type& type, const Schema& schema, bool strict) {
  std::string spelled = spelled_type(type);
  if (!spelled.empty()) return spelled;
  switch (type.kind) {
    case TypeKind::boolean:
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::uint8:
    case TypeKind::uint16:
    case TypeKind::uint32:
    case TypeKind::duration:
      return "INTEGER";
    case TypeKind::float32:
    case TypeKind::float64:
      return "REAL";
    case TypeKind::uint64:
      return strict ? "ANY" : "BLOB";
    case TypeKind::blob:
      return "BLOB";
    case TypeKind::enumeration: {
      const Enum* e = schema.find_enum(type.enum_name);
      return e != nullptr && e->storage == EnumStorage::integer ? "INTEGER"
                                                                : "TEXT";
    }
    case TypeKind::text:
    case TypeKind::timestamp:
    case TypeKind::local_time:
    case TypeKind::date:
    case TypeKind::time_of_day:
    case TypeKind::decimal:
    case TypeKind::uuid:
    case TypeKind::json:
      return "TEXT";
    case TypeKind::custom:
      return strict ? "ANY" : "BLOB";
  }
  return "BLOB";
}

std::string collate_sql(const Column& column) {
  if (!is_sqlite_collation(column.collate)) return "";
  return " COLLATE " + quote(column.collate);
}

std::string literal_sql(const Type& type, const Literal& literal,
                        const Schema& schema) {
  switch (literal.kind) {
    case Literal::Kind::null:
      return "NULL";
    case Literal::Kind::boolean:
      return literal.text == "true" ? "1" : "0";
    case Literal::Kind::integer:
      return integer_literal(type, literal.text);
    case Literal::Kind::real:
      return real_literal(type, literal.text);
    case Literal::Kind::text:
      return quote_text(literal.text);
    case Literal::Kind::blob:
      return "x'" + literal.text + "'";
    case Literal::Kind::enumerator:
      return enumerator_literal(type, literal.text, schema);
  }
  return "NULL";
}

std::string zero_sql(const Type& type, const Schema& schema) {
  const std::string spelled = spelled_type(type);
  if (!spelled.empty()) return zero_of(affinity_of(spelled));
  switch (type.kind) {
    case TypeKind::text:
      return "''";
    case TypeKind::blob: {
      const auto bytes =
          static_cast<std::size_t>(type.fixed ? type.max_length : 0);
      return "x'" + std::string(2 * bytes, '0') + "'";
    }
    case TypeKind::float32:
    case TypeKind::float64:
      return "0.0";
    case TypeKind::timestamp:
    case TypeKind::local_time:
      return quote_text(timestamp_text(0));
    case TypeKind::date:
      return quote_text(date_text(0));
    case TypeKind::time_of_day:
      return quote_text(time_text(0, "s"));
    case TypeKind::decimal:
      return "'0'";
    case TypeKind::uuid:
      return "'00000000-0000-0000-0000-000000000000'";
    case TypeKind::json:
      return "'null'";
    case TypeKind::enumeration:
      return zero_enum(schema.find_enum(type.enum_name));
    case TypeKind::custom:
      return "x''";
    default:
      return "0";
  }
}

std::vector<std::string> implied_checks(const Column& column,
                                        const Schema& schema) {
  const Type& type = column.type;
  if (!spelled_type(type).empty()) return {};
  const std::string name = quote(column.name);
  IntegerRange range{};
  switch (type.kind) {
    case TypeKind::boolean:
      return {name + " IN (0, 1)"};
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int32:
    case TypeKind::uint8:
    case TypeKind::uint16:
    case TypeKind::uint32:
      integer_range(type.kind, &range);
      return {name + " BETWEEN " + range.least + " AND " + range.greatest};
    case TypeKind::uint64:
      return {uint64_check(name)};
    case TypeKind::text:
    case TypeKind::blob:
      if (type.max_length <= 0) return {};
      return {length_check(name, type)};
    case TypeKind::enumeration: {
      const Enum* e = schema.find_enum(type.enum_name);
      if (e == nullptr || e->values.empty()) return {};
      return {enum_check(name, *e)};
    }
    default:
      return {};
  }
}

std::string default_sql(const Column& column, const Schema& schema) {
  if (!column.default_sql.empty()) return enclosed(column.default_sql);
  if (!column.default_value) return "";
  return literal_sql(column.type, *column.default_value, schema);
}

bool has_constant_default(const Column& column) {
  return column.default_sql.empty();
}

}  // namespace schemagen::gen::sqlite
