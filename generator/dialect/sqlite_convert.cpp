// What a value of one type becomes in another. Unchecked, it relies on guards
// or on a step that loses nothing; checked, it yields NULL for what does not
// fit, which a guard counts and a way back fills.
#include <map>

#include "dialect/sqlite.hpp"
#include "plan/type_step.hpp"

namespace schemagen::gen::sqlite {
namespace {

std::string when(const std::string& condition, const std::string& value) {
  return "CASE WHEN " + condition + " THEN " + value + " END";
}

std::string cast(const std::string& value, const char* type) {
  return "CAST(" + value + " AS " + type + ")";
}

bool is_integer(TypeKind kind) {
  IntegerRange range{};
  return integer_range(kind, &range) || kind == TypeKind::duration;
}

bool is_real(TypeKind kind) {
  return kind == TypeKind::float32 || kind == TypeKind::float64;
}

bool is_textual(TypeKind kind) {
  switch (kind) {
    case TypeKind::text:
    case TypeKind::timestamp:
    case TypeKind::local_time:
    case TypeKind::date:
    case TypeKind::time_of_day:
    case TypeKind::decimal:
    case TypeKind::uuid:
    case TypeKind::json:
      return true;
    default:
      return false;
  }
}

/// Of a type that the user spelled only the affinity is known; `custom` is one
/// that holds values of any class.
Type understood(const Type& type) {
  const std::string spelled = spelled_type(type);
  if (spelled.empty()) return type;
  Type plain;
  switch (affinity_of(spelled)) {
    case Affinity::integer:
      plain.kind = TypeKind::int64;
      break;
    case Affinity::real:
      plain.kind = TypeKind::float64;
      break;
    case Affinity::text:
      break;
    case Affinity::numeric:
    case Affinity::none:
      plain.kind = TypeKind::custom;
  }
  return plain;
}

class Converter {
 public:
  Converter(const Conversion& c, const Type& a, const Type& b,
            const std::string& value)
      : c_(c), a_(understood(a)), b_(understood(b)), value_(value) {}

  std::string run() const {
    if (a_.kind == TypeKind::enumeration && b_.kind == TypeKind::enumeration) {
      return between_enums();
    }
    if (b_.kind == TypeKind::enumeration) return to_enum();
    if (is_integer(b_.kind)) return to_integer();
    if (is_real(b_.kind)) return to_real();
    if (b_.kind == TypeKind::blob) return to_blob();
    if (is_textual(b_.kind)) return to_text();
    return value_;
  }

 private:
  std::string fits(const std::string& condition,
                   const std::string& value) const {
    return c_.checked ? when(condition, value) : value;
  }

  // Enums -------------------------------------------------------------------

  std::string renamed(const std::string& old) const {
    if (a_.enum_name != b_.enum_name) return old;
    for (const auto& [to, from] : c_.identity.values) {
      if (to.first == b_.enum_name && from == old) return to.second;
    }
    return old;
  }

  std::string between_enums() const {
    const Enum* a = c_.from.find_enum(a_.enum_name);
    const Enum* b = c_.to.find_enum(b_.enum_name);
    if (a == nullptr || b == nullptr) return value_;
    std::string cases;
    bool all_kept = true, any_moved = false;
    for (const EnumValue& value : a->values) {
      const EnumValue* now = b->find_value(renamed(value.name));
      all_kept = all_kept && now != nullptr;
      if (now == nullptr) continue;
      const std::string before = stored_sql(*a, value);
      const std::string after = stored_sql(*b, *now);
      any_moved = any_moved || before != after;
      cases += " WHEN " + before;
      cases += " THEN " + after;
    }
    if (!any_moved && (all_kept || !c_.checked)) return value_;
    if (cases.empty()) return "NULL";
    return "CASE " + value_ + cases + " END";
  }

  std::string to_enum() const {
    const Enum* b = c_.to.find_enum(b_.enum_name);
    if (b == nullptr) return value_;
    const bool numbers = b->storage == EnumStorage::integer;
    const bool comparable = numbers ? is_integer(a_.kind) : is_textual(a_.kind);
    if (!comparable && !c_.checked) return value_;
    std::string list;
    for (const EnumValue& value : b->values) {
      list += (list.empty() ? "" : ", ") + stored_sql(*b, value);
    }
    const std::string source =
        comparable ? value_ : cast(value_, numbers ? "INTEGER" : "TEXT");
    return fits(source + " IN (" + list + ")", source);
  }

  const Enum* source_enum() const {
    return a_.kind == TypeKind::enumeration ? c_.from.find_enum(a_.enum_name)
                                            : nullptr;
  }

  bool from_numbers() const {
    const Enum* e = source_enum();
    return is_integer(a_.kind) ||
           (e != nullptr && e->storage == EnumStorage::integer);
  }

  bool from_words() const {
    const Enum* e = source_enum();
    return is_textual(a_.kind) ||
           (e != nullptr && e->storage != EnumStorage::integer);
  }

  bool from_anything() const { return a_.kind == TypeKind::custom; }

  // Numbers -----------------------------------------------------------------

  std::string range_condition(const std::string& value) const {
    IntegerRange range{};
    if (b_.kind == TypeKind::uint64) return value + " >= 0";
    if (!integer_range(b_.kind, &range)) return value + " IS NOT NULL";
    return value + " BETWEEN " + range.least + " AND " + range.greatest;
  }

  std::string to_integer() const {
    if (a_.kind == b_.kind && b_.kind != TypeKind::duration) return value_;
    const std::string number = cast(value_, "INTEGER");
    if (a_.kind == TypeKind::uint64) {
      return fits(
          "typeof(" + value_ + ") = 'integer' AND " + range_condition(value_),
          value_);
    }
    if (from_numbers()) return fits(range_condition(value_), value_);
    if (from_anything()) {
      return fits(number + " = " + value_ + " AND " + range_condition(number),
                  number);
    }
    if (is_real(a_.kind)) {
      return fits(number + " = " + value_ + " AND " + range_condition(number),
                  number);
    }
    if (!from_words()) return c_.checked ? "NULL" : value_;
    if (b_.kind == TypeKind::uint64) return text_to_uint64(number);
    return fits(cast(number, "TEXT") + " = " + value_ + " AND " +
                    range_condition(number),
                number);
  }

  std::string text_to_uint64(const std::string& number) const {
    const std::string digits = value_ + " <> '' AND " + value_ +
                               " NOT GLOB '*[^0-9]*' AND length(" + value_ +
                               ") <= 20";
    const std::string padded =
        "substr('00000000000000000000' || " + value_ + ", -20)";
    return "CASE WHEN NOT (" + digits + ") THEN NULL WHEN " + padded +
           " < '09223372036854775808' THEN " + number + " WHEN " + padded +
           " <= '18446744073709551615' THEN " + padded + " END";
  }

  std::string to_real() const {
    if (a_.kind == TypeKind::uint64 || from_numbers() || is_real(a_.kind)) {
      return is_real(a_.kind) ? value_ : cast(value_, "REAL");
    }
    if (from_anything()) {
      return fits("typeof(" + value_ + ") IN ('integer', 'real')",
                  cast(value_, "REAL"));
    }
    if (!from_words()) return c_.checked ? "NULL" : value_;
    return fits(
        value_ + " GLOB '*[0-9]*' AND " + value_ + " NOT GLOB '*[^0-9.eE+-]*'",
        cast(value_, "REAL"));
  }

  // Text and bytes ----------------------------------------------------------

  std::string as_text() const {
    if (from_words()) return value_;
    if (a_.kind == TypeKind::uint64) {
      return "CASE typeof(" + value_ + ") WHEN 'text' THEN ltrim(" + value_ +
             ", '0') ELSE " + cast(value_, "TEXT") + " END";
    }
    if (from_numbers() || is_real(a_.kind)) return cast(value_, "TEXT");
    if (from_anything()) {
      return fits("typeof(" + value_ + ") <> 'blob'", cast(value_, "TEXT"));
    }
    return c_.checked ? "NULL" : cast(value_, "TEXT");
  }

  std::string to_text() const {
    std::string text = as_text();
    switch (b_.kind) {
      case TypeKind::text:
        if (b_.max_length == 0) return text;
        return fits("length(" + text + ") <= " + std::to_string(b_.max_length),
                    text);
      case TypeKind::date:
        return a_.kind == b_.kind ? text
                                  : fits("date(" + text + ") IS NOT NULL",
                                         "date(" + text + ")");
      case TypeKind::timestamp:
      case TypeKind::local_time:
        return a_.kind == b_.kind
                   ? text
                   : fits("datetime(" + text + ") IS NOT NULL",
                          a_.kind == TypeKind::date ? text + " || ' 00:00:00'"
                                                    : text);
      case TypeKind::time_of_day:
        return a_.kind == b_.kind
                   ? text
                   : fits("time(" + text + ") IS NOT NULL", text);
      case TypeKind::decimal:
        return to_decimal(text);
      case TypeKind::uuid:
        return a_.kind == b_.kind
                   ? text
                   : fits("length(" + text + ") = 36 AND " + text +
                              " NOT GLOB '*[^0-9a-fA-F-]*'",
                          text);
      default:
        return text;
    }
  }

  /// Its text has no exponent, so the digits before the point can be counted.
  std::string to_decimal(const std::string& text) const {
    std::string condition;
    if (a_.kind != b_.kind) {
      condition =
          text + " GLOB '*[0-9]*' AND " + text + " NOT GLOB '*[^0-9.-]*'";
    }
    const int whole = b_.precision - b_.scale;
    const bool is_wide = a_.kind == b_.kind && a_.precision > 0 &&
                         a_.precision - a_.scale <= whole;
    if (b_.precision > 0 && !is_wide) {
      condition += (condition.empty() ? "" : " AND ") +
                   ("instr(ltrim(" + text) +
                   ", '-0') || '.', '.') <= " + std::to_string(whole + 1);
    }
    return condition.empty() ? text : fits(condition, text);
  }

  std::string to_blob() const {
    if (a_.kind != TypeKind::blob && !from_anything()) {
      return c_.checked ? "NULL" : cast(value_, "BLOB");
    }
    std::string condition;
    if (from_anything()) condition = "typeof(" + value_ + ") = 'blob'";
    if (b_.max_length > 0) {
      condition += (condition.empty() ? "" : " AND ") + std::string("length(") +
                   value_ + ")" + (b_.fixed ? " = " : " <= ") +
                   std::to_string(b_.max_length);
    }
    return condition.empty() ? value_ : fits(condition, value_);
  }

  const Conversion& c_;
  const Type a_;
  const Type b_;
  const std::string& value_;
};

}  // namespace

std::string convert(const Conversion& conversion, const Type& a, const Type& b,
                    const std::string& value) {
  if (a == b && a.kind != TypeKind::enumeration) return value;
  // Nobody but the user says what becomes of a type that the user spelled.
  const bool is_spelled = !spelled_type(a).empty() || !spelled_type(b).empty();
  if (is_spelled && !conversion.checked) return value;
  return Converter(conversion, a, b, value).run();
}

}  // namespace schemagen::gen::sqlite
