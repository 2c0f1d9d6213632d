#include "dialect/postgres_tree.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "model/text.hpp"

namespace schemagen::gen::postgres {

const Json& at(const Json& node, const char* key) {
  static const Json none;
  const auto found = node.is_object() ? node.find(key) : node.end();
  return found == node.end() ? none : *found;
}

std::string text(const Json& node, const char* key) {
  const Json& value = at(node, key);
  return value.is_string() ? value.get<std::string>() : "";
}

bool flag(const Json& node, const char* key) {
  const Json& value = at(node, key);
  return value.is_boolean() && value.get<bool>();
}

std::string string_of(const Json& node) {
  return text(at(node, "String"), "sval");
}

std::vector<std::string> strings_of(const Json& list) {
  std::vector<std::string> all;
  for (const Json& each : list) all.push_back(string_of(each));
  return all;
}

TableName relation(const Json& range) {
  const bool is_temporary = text(range, "relpersistence") == "t";
  return {is_temporary ? kTemporarySchema : text(range, "schemaname"),
          text(range, "relname")};
}

TableName qualified(const std::vector<std::string>& parts) {
  if (parts.empty()) return {};
  return {parts.size() > 1 ? parts[parts.size() - 2] : "", parts.back()};
}

std::vector<std::string> object_name(const Json& object) {
  if (object.contains("List"))
    return strings_of(at(at(object, "List"), "items"));
  if (object.contains("TypeName")) {
    return strings_of(at(at(object, "TypeName"), "names"));
  }
  if (object.contains("ObjectWithArgs")) {
    return strings_of(at(at(object, "ObjectWithArgs"), "objname"));
  }
  return {string_of(object)};
}

void walk(const Json& node,
          const std::function<void(const std::string&, const Json&)>& visit) {
  if (node.is_object()) {
    for (const auto& item : node.items()) {
      if (!item.key().empty() && item.key()[0] >= 'A' && item.key()[0] <= 'Z') {
        visit(item.key(), item.value());
      }
      walk(item.value(), visit);
    }
  } else if (node.is_array()) {
    for (const Json& each : node) walk(each, visit);
  }
}

void add_once(std::vector<std::string>& list, const std::string& name) {
  if (name.empty()) return;
  if (std::find(list.begin(), list.end(), name) == list.end()) {
    list.push_back(name);
  }
}

std::string constant_text(const Json& node) {
  const Json& value = at(node, "A_Const");
  const Json& number = at(value, "ival");
  if (!number.is_object()) return text(at(value, "sval"), "sval");
  const Json& digits = at(number, "ival");
  return digits.is_number() ? std::to_string(digits.get<int>()) : "0";
}

std::vector<std::string> mentioned_columns(const Json& expression) {
  std::vector<std::string> names;
  walk(expression, [&](const std::string& type, const Json& node) {
    if (type != "ColumnRef") return;
    const auto parts = strings_of(at(node, "fields"));
    if (!parts.empty()) add_once(names, parts.back());
  });
  return names;
}

bool is_on(const Json& options, const char* name) {
  bool found = false;
  for (const Json& each : options) {
    const Json& option = at(each, "DefElem");
    if (text(option, "defname") != name) continue;
    const Json& value = at(option, "arg");
    const Json& number = at(value, "Integer");
    const std::string word = fold_case(string_of(value));
    const bool is_zero = number.is_object() && at(number, "ival").is_null();
    found = !is_zero && word != "false" && word != "off";
  }
  return found;
}

bool varies(const Json& expression) {
  // Of PostgreSQL's own, those that stand in defaults.
  constexpr std::string_view kSteady =
      " abs age array_append array_cat array_fill array_length "
      "array_remove array_to_json array_to_string ascii btrim "
      "cardinality ceil ceiling chr concat concat_ws convert "
      "convert_from convert_to current_database current_schema "
      "current_setting date date_bin date_part date_trunc daterange "
      "decode div encode exp extract floor format hashtext "
      "inet_client_addr initcap int4range int8range json_build_array "
      "json_build_object json_object jsonb_build_array "
      "jsonb_build_object jsonb_object left length ln log lower lpad "
      "ltrim make_date make_interval make_time make_timestamp "
      "make_timestamptz md5 mod now numrange overlay pg_backend_pid "
      "pg_current_xact_id pi point position power quote_ident "
      "quote_literal regexp_replace repeat replace reverse right round "
      "row_to_json rpad rtrim sha256 sha512 sign split_part sqrt "
      "statement_timestamp string_to_array strpos substr substring "
      "timezone to_char to_date to_hex to_json to_jsonb to_number "
      "to_timestamp to_tsvector transaction_timestamp translate trunc "
      "tsrange tstzrange txid_current upper version ";
  bool found = false;
  walk(expression, [&](const std::string& type, const Json& node) {
    if (type != "FuncCall") return;
    const auto parts = strings_of(at(node, "funcname"));
    const bool is_own =
        parts.size() == 1 || (parts.size() == 2 && parts[0] == "pg_catalog");
    found |= !is_own ||
             kSteady.find(" " + parts.back() + " ") == std::string_view::npos;
  });
  return found;
}

bool counts(const Json& expression) {
  constexpr std::string_view kUnlike =
      " gen_random_uuid nextval uuid_generate_v1 uuid_generate_v1mc "
      "uuid_generate_v4 uuidv4 uuidv7 ";
  const auto name = strings_of(at(at(expression, "FuncCall"), "funcname"));
  return !name.empty() &&
         kUnlike.find(" " + name.back() + " ") != std::string_view::npos;
}

bool leaves_out(const Json& condition) {
  if (!condition.is_object()) return false;
  const Json& constant = at(condition, "A_Const");
  if (constant.is_object()) {
    return !flag(at(constant, "boolval"), "boolval");
  }
  const Json& both = at(condition, "A_Expr");
  const Json& left = at(at(at(both, "lexpr"), "A_Const"), "ival");
  const Json& right = at(at(at(both, "rexpr"), "A_Const"), "ival");
  return left.is_null() || left != right ||
         strings_of(at(both, "name")) != std::vector<std::string>{"="};
}

std::vector<std::string> null_columns(const Json& condition) {
  const Json& either = at(condition, "BoolExpr");
  if (text(either, "boolop") == "OR_EXPR") {
    std::vector<std::string> names;
    for (const Json& each : at(either, "args")) {
      for (const std::string& name : null_columns(each)) add_once(names, name);
    }
    return names;
  }
  const Json& test = at(condition, "NullTest");
  const Json& fields = at(at(at(test, "arg"), "ColumnRef"), "fields");
  const bool is_it = text(test, "nulltesttype") == "IS_NULL" && !fields.empty();
  return is_it ? std::vector<std::string>{string_of(fields.back())}
               : std::vector<std::string>{};
}

std::string type_name(const Json& type) {
  std::string name = qualified(strings_of(at(type, "names"))).name;
  std::string numbers;
  for (const Json& each : at(type, "typmods")) {
    const Json& value = at(at(at(each, "A_Const"), "ival"), "ival");
    numbers += (numbers.empty() ? "" : ",") +
               (value.is_number() ? std::to_string(value.get<int>())
                                  : std::string("0"));
  }
  // char(1) is what PostgreSQL makes of char.
  if (!numbers.empty()) name += "(" + numbers + ")";
  for (std::size_t i = 0; i < at(type, "arrayBounds").size(); ++i) name += "[]";
  return name;
}

bool only_casts(const Json& expression, const std::string& column,
                const std::string& type) {
  if (expression.is_null()) return true;
  const Json& cast = at(expression, "TypeCast");
  const Json& fields = at(at(at(cast, "arg"), "ColumnRef"), "fields");
  return fields.size() == 1 && string_of(fields[0]) == column &&
         type_name(at(cast, "typeName")) == type;
}

}  // namespace schemagen::gen::postgres
