// Values on their way to another type. Up, a cast is enough: guards have asked
// the rows. Down nothing may fail, so what a plain cast could refuse goes
// through a function of the session that catches the refusal.
#include <algorithm>

#include "core/checksum.hpp"
#include "dialect/postgres_plan.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"
#include "plan/type_step.hpp"

namespace schemagen::gen::postgres {
namespace {

bool is_integer(const Type& type) {
  IntegerRange range{};
  return type.kind != TypeKind::boolean && integer_range(type.kind, &range);
}

bool is_fraction(const Type& type) {
  return type.kind == TypeKind::decimal || type.kind == TypeKind::float32 ||
         type.kind == TypeKind::float64;
}

const Enum* enum_of(const Type& type, const Schema& schema) {
  const bool is_enum =
      type.kind == TypeKind::enumeration && spelled_type(type).empty();
  return is_enum ? schema.find_enum(type.enum_name) : nullptr;
}

std::string cast(const std::string& value, const std::string& type) {
  return value + "::" + type;
}

/// `value` in the words that the other type's input understands.
std::string as_text(const Type& from, const Type& to,
                    const std::string& value) {
  if (from.kind == TypeKind::boolean && (is_integer(to) || is_fraction(to))) {
    return cast(cast(value, "integer"), "text");
  }
  if (is_fraction(from) && is_integer(to)) {
    return "trim_scale(" + cast(value, "numeric") + ")::text";
  }
  return cast(value, "text");
}

std::string plain_cast(const Type& from, const Type& to,
                       const std::string& value, const std::string& type) {
  if (from.kind == TypeKind::boolean && (is_integer(to) || is_fraction(to))) {
    return cast(cast(value, "integer"), type);
  }
  // Only text is cast to a native enum.
  if (to.kind == TypeKind::enumeration && from.kind != TypeKind::text) {
    return cast(cast(value, "text"), type);
  }
  return cast(value, type);
}

/// One arm for each value whose text changes.
std::string enum_case(const Rendering& rendering, const Enum& from,
                      const Enum& to, const std::string& value,
                      const std::string& fallback) {
  std::string arms;
  auto arm = [&](const std::string& when, const std::string& then) {
    arms += " WHEN " + quote_text(when) + " THEN " + then;
  };
  for (const auto& [before, after] : value_map(rendering, from, to)) {
    if (before != after) arm(before, quote_text(after));
  }
  if (!rendering.is_up()) {
    for (const std::string& gone : removed_values(rendering, from, to)) {
      arm(gone, fallback);
    }
  }
  const std::string text = cast(value, "text");
  return arms.empty() ? text
                      : "(CASE " + text + arms + " ELSE " + text + " END)";
}

/// A function of the session that casts or gives back `fallback`. Its name
/// tells what it checks, since several may have one signature.
struct SafeFunction {
  std::string name, create, drop;
};

SafeFunction safe_function(const std::string& type, const Type& to,
                           const Schema& schema) {
  std::string fits;
  for (const ImpliedCheck& check : implied_checks(to, schema, "result")) {
    fits += (fits.empty() ? "" : " AND ") + check.sql;
  }
  const std::string name = "pg_temp.schemagen_convert_" +
                           core::sha256(type + "\n" + fits).substr(0, 8);
  const std::string answer =
      fits.empty()
          ? "  RETURN result;\n"
          : "  RETURN CASE WHEN " + fits + " THEN result ELSE fallback END;\n";
  return {name,
          "CREATE FUNCTION " + name + "(value text, fallback " + type +
              ")\nRETURNS " + type +
              " LANGUAGE plpgsql AS $schemagen$\nDECLARE\n  result " + type +
              ";\nBEGIN\n  result := value;\n" + answer +
              "EXCEPTION WHEN OTHERS THEN\n  RETURN "
              "fallback;\nEND\n$schemagen$",
          "DROP FUNCTION " + name + "(text, " + type + ")"};
}

/// Bare and quoted names of `sql`, without case.
std::set<std::string> names_in(const std::string& sql) {
  std::set<std::string> names;
  for (const SqlToken& token : cut_tokens(sql)) {
    const bool is_name = token.kind == SqlToken::Kind::identifier ||
                         token.kind == SqlToken::Kind::quoted_identifier;
    if (is_name) names.insert(fold_case(identifier_name(token)));
  }
  return names;
}

/// The columns that `sql` mentions, with their types at that time. What stays
/// or is new comes before what still has to go.
std::map<std::string, std::string> columns_in(const Rendering& rendering,
                                              const TableWork& work,
                                              const std::string& sql) {
  const std::set<std::string> names = names_in(sql);
  std::map<std::string, std::string> types;
  auto add = [&](const Column& column, const Schema& schema) {
    if (names.count(fold_case(column.name)) == 0) return;
    const bool is_native = native_enum(column.type, schema) != nullptr;
    types.emplace(column.name,
                  is_native ? "text" : type_sql(column.type, schema));
  };
  for (const bool goes : {false, true}) {
    for (const ColumnPair& pair : work.pair->columns) {
      if ((pair.to == nullptr) != goes) continue;
      if (!goes && !pair.to->generated.empty()) continue;
      if (pair.from == nullptr) {
        add(*pair.to, rendering.to());
      } else {
        add(work.carried_column(*pair.from), rendering.from_enums);
      }
    }
  }
  return types;
}

/// A type change takes no subquery, but a function of the session that asks.
Conversion query(const Rendering& rendering, const TableWork& work,
                 const Column& to) {
  std::string row, arguments, types;
  int number = 0;
  for (const auto& [column, type] : columns_in(rendering, work, to.using_sql)) {
    const char* comma = number++ == 0 ? "" : ", ";
    row += comma + ("$" + std::to_string(number)) + " AS " + quote(column);
    arguments += comma + cast(quote(column), type);
    types += comma + type;
  }
  const std::string type = type_sql(to.type, rendering.to());
  const std::string asked = core::sha256(to.name + "\n" + to.using_sql);
  const std::string name = "pg_temp.schemagen_convert_" + asked.substr(0, 8);
  const std::string tag = "$schemagen_" + asked.substr(0, 8) + "$";
  return {name + "(" + arguments + ")",
          "CREATE FUNCTION " + name + "(" + types + ")\nRETURNS " + type +
              " LANGUAGE sql AS " + tag + "\n  SELECT " +
              enclosed(to.using_sql) + "\n  FROM (SELECT " + row + ") AS " +
              quote(work.to.name) + "\n" + tag,
          "DROP FUNCTION " + name + "(" + types + ")",
          "asks other rows, which a type change itself cannot"};
}

std::string length_misfit(const char* function, const Type& to,
                          const std::string& value) {
  if (to.max_length <= 0) return "";
  return std::string(function) + "(" + value + ")" +
         (to.fixed ? " <> " : " > ") + std::to_string(to.max_length);
}

std::string list_of(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    list += (list.empty() ? "" : ", ") + quote_text(text);
  }
  return list;
}

std::string enum_misfit(const Rendering& rendering, const Enum* from,
                        const Enum& to, const std::string& value) {
  if (from != nullptr) {
    const auto removed = removed_values(rendering, *from, to);
    if (removed.empty()) return "";
    return cast(value, "text") + " IN (" + list_of(removed) + ")";
  }
  std::vector<std::string> known;
  for (const EnumValue& each : to.values)
    known.push_back(stored_text(to, each));
  if (known.empty()) return value + " IS NOT NULL";
  return cast(value, "text") + " NOT IN (" + list_of(known) + ")";
}

}  // namespace

Conversion convert(const Rendering& rendering, const TableWork& work,
                   const Column& from, const Column& to,
                   const std::string& value) {
  const std::string type = type_sql(to.type, rendering.to());
  if (rendering.is_up() && !to.using_sql.empty() && from.type != to.type) {
    if (names_in(to.using_sql).count("select") == 0) {
      return {enclosed(to.using_sql), "", "", ""};
    }
    return query(rendering, work, to);
  }
  auto found = rendering.alters.find({work.to, to.name});
  const std::string fallback = fill_sql(
      rendering, to,
      found == rendering.alters.end() ? nullptr : &found->second->fill);
  const Enum* before = enum_of(from.type, rendering.from_enums);
  const Enum* after = enum_of(to.type, rendering.to());
  if (before != nullptr && after != nullptr) {
    const std::string other = to.nullable ? "NULL" : "(" + fallback + ")::text";
    return {cast(enum_case(rendering, *before, *after, value, other), type), "",
            "", ""};
  }
  const TypeStep step =
      type_step(rendering.from_enums, from.type, rendering.to(), to.type);
  const bool is_safe = step == TypeStep::lossless || step == TypeStep::none;
  if (rendering.is_up() || is_safe) {
    return {plain_cast(from.type, to.type, value, type), "", "", ""};
  }
  const std::string other =
      cast(to.nullable ? "NULL" : "(" + fallback + ")", type);
  const std::string unfit = misfit(rendering, from.type, to.type, value);
  if (!unfit.empty()) {
    return {"CASE WHEN " + unfit + " THEN " + other + " ELSE " +
                plain_cast(from.type, to.type, value, type) + " END",
            "", "", ""};
  }
  const SafeFunction safe = safe_function(type, to.type, rendering.to());
  return {
      safe.name + "(" + as_text(from.type, to.type, value) + ", " + other + ")",
      safe.create, safe.drop,
      "casts what can be cast and gives back the rest as invented"};
}

std::string misfit(const Rendering& rendering, const Type& from, const Type& to,
                   const std::string& value) {
  const Enum* before = enum_of(from, rendering.from_enums);
  if (const Enum* after = enum_of(to, rendering.to())) {
    return enum_misfit(rendering, before, *after, value);
  }
  if (type_step(rendering.from_enums, from, rendering.to(), to) !=
      TypeStep::narrowing) {
    return "";
  }
  if (to.kind == TypeKind::text) {
    return length_misfit("char_length", to, cast(value, "text"));
  }
  if (to.kind == TypeKind::blob) {
    return length_misfit("octet_length", to, value);
  }
  if (to.kind == TypeKind::decimal) {
    return "abs(round(" + cast(value, "numeric") + ", " +
           std::to_string(to.scale) + ")) >= 1e" +
           std::to_string(to.precision - to.scale);
  }
  IntegerRange range{};
  if (!integer_range(to.kind, &range)) return "";
  return value + " NOT BETWEEN " + range.least + " AND " + range.greatest;
}

}  // namespace schemagen::gen::postgres
