// Columns and constraints as CREATE TABLE and ALTER TABLE define them.
#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "dialect/postgres_tree.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen::postgres {
namespace {

std::size_t location(const Json& node) {
  const Json& from = at(node, "location");
  return from.is_number() ? from.get<std::size_t>() : 0;
}

/// The words inside CHECK (...) whose constraint begins at `from`, evened out.
std::string check_text(const std::string& sql, std::size_t from) {
  const std::string_view rest =
      std::string_view(sql).substr(std::min(from, sql.size()));
  std::size_t offset = 0, begin = 0;
  int depth = 0;
  bool is_check = false;
  for (const SqlToken& token : cut_tokens(rest)) {
    const std::size_t start = offset;
    offset += token.text.size();
    is_check = is_check || (token.kind == SqlToken::Kind::identifier &&
                            fold_case(token.text) == "check");
    if (!is_check) continue;
    if (token.text == "(" && ++depth == 1) begin = offset;
    if (token.text == ")" && --depth == 0) {
      return normalize(rest.substr(begin, start - begin));
    }
  }
  return "";
}

/// The parts of the first parenthesis and the words behind WHERE, evened out.
struct IndexText {
  std::vector<std::string> parts;
  std::string condition;
};

IndexText index_text(const std::string& sql) {
  IndexText text;
  std::size_t offset = 0, begin = 0;
  int depth = 0;
  bool is_read = false;
  for (const SqlToken& token : cut_tokens(sql)) {
    const std::size_t start = offset;
    offset += token.text.size();
    const bool opens = token.text == "(" && ++depth == 1;
    const bool closes = token.text == ")" && --depth == 0;
    const bool parts = token.text == "," && depth == 1;
    if (!is_read && (closes || parts)) {
      const std::string_view part(sql.data() + begin, start - begin);
      text.parts.push_back(normalize(part));
      is_read = closes;
    }
    if (opens || parts) begin = offset;
    if (is_read && depth == 0 && fold_case(token.text) == "where") {
      text.condition = normalize(std::string_view(sql).substr(offset));
    }
  }
  return text;
}

/// An expression without the order behind it.
std::string unordered(std::string key) {
  for (std::string_view order :
       {" nulls first", " nulls last", " asc", " desc"}) {
    const bool ends =
        key.size() > order.size() &&
        std::string_view(key).substr(key.size() - order.size()) == order;
    if (ends) key.resize(key.size() - order.size());
  }
  return key;
}

/// The literal behind the DEFAULT that stands at `from`; "" for an expression.
std::string default_text(const std::string& sql, const Json& value,
                         std::size_t from) {
  const Json& cast = at(at(value, "TypeCast"), "arg");
  const Json& constant = cast.is_object() ? cast : value;
  if (!constant.contains("A_Const")) return "";
  // The tree has no negative numbers, so it is read from the text.
  std::string sign;
  const std::string_view rest =
      std::string_view(sql).substr(std::min(from, sql.size()));
  for (const SqlToken& token : cut_tokens(rest)) {
    using Kind = SqlToken::Kind;
    const bool is_word = token.kind == Kind::identifier;
    if (is_word && fold_case(token.text) == "default") continue;
    if (token.text == "-") sign = "-";
    if (is_word || token.kind == Kind::string || token.kind == Kind::number) {
      return sign + std::string(token.text);
    }
  }
  return "";
}

/// As PostgreSQL would call it, while no other has that name.
std::string implied_name(const ConstraintFact& constraint,
                         const std::string& table, const std::string& columns) {
  switch (constraint.kind) {
    case ConstraintFact::Kind::primary_key:
      return table + "_pkey";
    case ConstraintFact::Kind::unique:
      return table + "_" + columns + "_key";
    case ConstraintFact::Kind::check:
      return table + (columns.empty() ? "" : "_" + columns) + "_check";
    case ConstraintFact::Kind::foreign_key:
      return table + "_" + columns + "_fkey";
    case ConstraintFact::Kind::exclusion:
      break;
  }
  return table + "_" + columns + "_excl";
}

void read_column_constraint(const std::string& sql, const Json& node,
                            const std::string& table, ColumnFact& column,
                            std::vector<ConstraintFact>& constraints) {
  const std::string type = text(node, "contype");
  const Json& value = at(node, "raw_expr");
  if (type == "CONSTR_NOTNULL") column.not_null = true;
  if (type == "CONSTR_DEFAULT") {
    const bool is_null = flag(at(value, "A_Const"), "isnull");
    column.has_default = !is_null;
    column.default_varies = varies(value);
    column.default_counts = counts(value);
    column.default_value = default_text(sql, value, location(node));
  }
  if (type == "CONSTR_IDENTITY") {
    column.is_numbered = column.not_null = column.has_default = true;
    column.default_varies = true;
  }
  if (type == "CONSTR_GENERATED") {
    column.is_generated = column.is_stored = true;
  }
  auto constraint = constraint_of(sql, node);
  if (!constraint) return;
  using Type = ConstraintFact::Kind;
  if (constraint->kind != Type::check) constraint->columns = {column.name};
  if (constraint->kind == Type::primary_key) column.not_null = true;
  if (constraint->name.empty()) {
    constraint->name = implied_name(*constraint, table, column.name);
  }
  constraints.push_back(std::move(*constraint));
}

}  // namespace

std::optional<ConstraintFact> constraint_of(const std::string& sql,
                                            const Json& node) {
  using Type = ConstraintFact::Kind;
  static const std::map<std::string, Type> kTypes = {
      {"CONSTR_PRIMARY", Type::primary_key},
      {"CONSTR_UNIQUE", Type::unique},
      {"CONSTR_CHECK", Type::check},
      {"CONSTR_FOREIGN", Type::foreign_key},
      {"CONSTR_EXCLUSION", Type::exclusion}};
  const auto type = kTypes.find(text(node, "contype"));
  if (type == kTypes.end()) return std::nullopt;
  ConstraintFact constraint;
  constraint.kind = type->second;
  constraint.name = text(node, "conname");
  constraint.is_validated = !flag(node, "skip_validation");
  constraint.demands_values = constraint.kind == Type::primary_key;
  constraint.index = text(node, "indexname");
  if (constraint.kind == Type::foreign_key) {
    constraint.columns = strings_of(at(node, "fk_attrs"));
    constraint.parent = relation(at(node, "pktable"));
    constraint.parent_columns = strings_of(at(node, "pk_attrs"));
  } else if (constraint.kind == Type::check) {
    constraint.columns = mentioned_columns(at(node, "raw_expr"));
    constraint.expression = check_text(sql, location(node));
  } else {
    constraint.columns = strings_of(at(node, "keys"));
  }
  return constraint;
}

IndexFact read_index(const std::string& sql, const Json& body) {
  const IndexText words = index_text(sql);
  IndexFact index;
  index.name = text(body, "idxname");
  index.method = text(body, "accessMethod");
  index.is_unique = flag(body, "unique");
  if (at(body, "whereClause").is_object()) index.condition = words.condition;
  index.includes_more = at(body, "indexIncludingParams").is_array();
  for (const Json& each : at(body, "indexParams")) {
    const Json& element = at(each, "IndexElem");
    const std::string name = text(element, "name");
    const bool is_plain = text(element, "ordering") != "SORTBY_DESC" &&
                          at(element, "opclass").is_null() &&
                          at(element, "collation").is_null();
    const std::size_t part = index.keys.size();
    const bool is_told = name.empty() && part < words.parts.size();
    index.columns.push_back(is_plain ? name : "");
    // Collations and operator classes agree on which values are the same.
    index.keys.push_back(is_told ? unordered(words.parts[part]) : name);
  }
  return index;
}

void read_constraint(const std::string& sql, const Json& node,
                     const std::string& table,
                     std::vector<ConstraintFact>& constraints) {
  auto constraint = constraint_of(sql, node);
  if (!constraint) return;
  if (constraint->name.empty()) {
    const auto& columns = constraint->columns;
    const bool one =
        constraint->kind != ConstraintFact::Kind::check || columns.size() == 1;
    constraint->name =
        implied_name(*constraint, table, one ? join(columns, "_") : "");
  }
  constraints.push_back(std::move(*constraint));
}

ColumnFact read_column(const std::string& sql, const Json& def,
                       const std::string& table,
                       std::vector<ConstraintFact>& constraints) {
  ColumnFact column;
  column.name = text(def, "colname");
  column.type = type_name(at(def, "typeName"));
  static const std::map<std::string, const char*> kSerials = {
      {"smallserial", "int2"}, {"serial2", "int2"},   {"serial", "int4"},
      {"serial4", "int4"},     {"bigserial", "int8"}, {"serial8", "int8"}};
  const auto serial = kSerials.find(column.type);
  if (serial != kSerials.end()) {
    column.type = serial->second;
    column.is_serial = column.is_numbered = column.not_null = true;
    column.has_default = column.default_varies = true;
  }
  for (const Json& each : at(def, "constraints")) {
    read_column_constraint(sql, at(each, "Constraint"), table, column,
                           constraints);
  }
  return column;
}

}  // namespace schemagen::gen::postgres
