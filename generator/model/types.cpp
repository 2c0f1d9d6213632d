#include "model/types.hpp"

#include <algorithm>
#include <array>

#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

using Cpp = CppType::Kind;

/// "ns" to "d", or "N/M" seconds for the odd ones.
std::string unit_of(const CppType& cpp) {
  struct Row {
    std::int64_t num;
    std::int64_t den;
    const char* unit;
  };
  constexpr Row kUnits[] = {
      {1, 1'000'000'000, "ns"}, {1, 1'000'000, "us"},
      {1, 1'000, "ms"},         {1, 1, "s"},
      {60, 1, "min"},           {3'600, 1, "h"},
      {86'400, 1, "d"},
  };
  for (const Row& row : kUnits) {
    if (row.num == cpp.period_num && row.den == cpp.period_den) {
      return row.unit;
    }
  }
  return std::to_string(cpp.period_num) + '/' + std::to_string(cpp.period_den);
}

void take_unit(const CppType& cpp, Type& type) { type.unit = unit_of(cpp); }

/// A char[N] ends with its NUL, so that it holds one character less.
void take_length(const CppType& cpp, Type& type) {
  type.max_length = static_cast<int>(std::max<std::int64_t>(cpp.count - 1, 1));
}

void take_size(const CppType& cpp, Type& type) {
  type.max_length = static_cast<int>(cpp.count);
  type.fixed = cpp.count > 0;
}

struct Row {
  Cpp kind;
  int bits;  ///< 0: of any width
  bool is_signed;
  TypeKind type;
  void (*finish)(const CppType&, Type&);
};

constexpr Row kTypes[] = {
    {Cpp::boolean, 0, false, TypeKind::boolean, nullptr},
    {Cpp::integer, 8, true, TypeKind::int8, nullptr},
    {Cpp::integer, 16, true, TypeKind::int16, nullptr},
    {Cpp::integer, 32, true, TypeKind::int32, nullptr},
    {Cpp::integer, 64, true, TypeKind::int64, nullptr},
    {Cpp::integer, 8, false, TypeKind::uint8, nullptr},
    {Cpp::integer, 16, false, TypeKind::uint16, nullptr},
    {Cpp::integer, 32, false, TypeKind::uint32, nullptr},
    {Cpp::integer, 64, false, TypeKind::uint64, nullptr},
    {Cpp::floating, 32, false, TypeKind::float32, nullptr},
    {Cpp::floating, 64, false, TypeKind::float64, nullptr},
    {Cpp::string, 0, false, TypeKind::text, nullptr},
    {Cpp::path, 0, false, TypeKind::text, nullptr},
    {Cpp::char_array, 0, false, TypeKind::text, take_length},
    {Cpp::bytes, 0, false, TypeKind::blob, take_size},
    {Cpp::time_point, 0, false, TypeKind::timestamp, nullptr},
    {Cpp::local_time, 0, false, TypeKind::local_time, nullptr},
    {Cpp::date, 0, false, TypeKind::date, nullptr},
    {Cpp::time_of_day, 0, false, TypeKind::time_of_day, take_unit},
    {Cpp::duration, 0, false, TypeKind::duration, take_unit},
};

bool fits(const Row& row, const CppType& cpp) {
  if (row.kind != cpp.kind) return false;
  if (row.bits == 0) return true;
  bool sign_counts = row.kind == Cpp::integer;
  return row.bits == cpp.bits &&
         (!sign_counts || row.is_signed == cpp.is_signed);
}

/// A count of ticks that is no integer would lose its fraction.
bool has_fraction(const CppType& cpp) {
  return !cpp.inner.empty() && cpp.inner[0].kind == Cpp::floating;
}

/// Applies .precision, .max_length and the SQL types, in that order, because
/// each may depend on the one before.
class Applier {
 public:
  Applier(const Options& options, const std::vector<std::string>& dialects,
          Diagnostics& diagnostics)
      : options_(options), dialects_(dialects), diagnostics_(diagnostics) {}

  std::optional<Type> apply(std::optional<Type> type) {
    apply_precision(type);
    auto sql = sql_types();
    if (!type && covers_all(sql)) {
      type = Type{};
      type->kind = TypeKind::custom;
    }
    if (!type) return type;
    type->sql = sql;
    apply_length(*type);
    return type;
  }

 private:
  void report(const char* option, const char* id, const std::string& message) {
    diagnostics_.error(options_.at(option, {}), id, message);
  }

  void apply_precision(std::optional<Type>& type) {
    auto precision = static_cast<int>(options_.number("precision"));
    auto scale = static_cast<int>(options_.number("scale"));
    if (precision == 0) {
      if (scale > 0) {
        report("scale", "contradicting-options",
               ".scale without .precision; add .precision, the number of all "
               "digits");
      }
      return;
    }
    if (type && !may_be_decimal(type->kind)) {
      report("precision", "unusable-option",
             ".precision makes a decimal of a number or a text, not of " +
                 describe(*type) + "; remove it");
      return;
    }
    if (precision > 1000 || scale > precision) {
      report(scale > precision ? "scale" : "precision", "contradicting-options",
             "a decimal of " + std::to_string(precision) + " digits with " +
                 std::to_string(scale) +
                 " after the point; keep .scale <= .precision <= 1000");
      return;
    }
    type = Type{};
    type->kind = TypeKind::decimal;
    type->precision = precision;
    type->scale = scale;
  }

  static bool may_be_decimal(TypeKind kind) {
    return is_integer(kind) || kind == TypeKind::float32 ||
           kind == TypeKind::float64 || kind == TypeKind::text;
  }

  std::map<std::string, std::string> sql_types() const {
    constexpr std::string_view kSuffix = "_type";
    std::map<std::string, std::string> sql;
    for (const Option& option : options_.all()) {
      if (option.name.size() <= kSuffix.size()) continue;
      std::size_t stem = option.name.size() - kSuffix.size();
      if (option.name.compare(stem, kSuffix.size(), kSuffix) != 0) continue;
      std::string engine = option.name.substr(0, stem);
      sql[engine == "sql" ? "" : engine] = std::get<std::string>(option.value);
    }
    return sql;
  }

  bool covers_all(const std::map<std::string, std::string>& sql) const {
    if (sql.count("") > 0) return true;
    return !dialects_.empty() &&
           std::all_of(dialects_.begin(), dialects_.end(),
                       [&](const std::string& d) { return sql.count(d) > 0; });
  }

  void apply_length(Type& type) {
    auto length = static_cast<int>(options_.number("max_length"));
    if (length == 0) return;
    if (type.kind != TypeKind::text && type.kind != TypeKind::blob) {
      report("max_length", "unusable-option",
             ".max_length limits text and bytes, not " + describe(type) +
                 "; remove it");
    } else if (type.max_length > 0 && length > type.max_length) {
      report("max_length", "contradicting-options",
             ".max_length is " + std::to_string(length) +
                 ", the C++ type holds " + std::to_string(type.max_length) +
                 "; remove it");
    } else if (type.fixed && length < type.max_length) {
      report("max_length", "contradicting-options",
             ".max_length is " + std::to_string(length) +
                 ", the C++ type always has " +
                 std::to_string(type.max_length) + " bytes; remove it");
    } else {
      type.max_length = length;
    }
  }

  const Options& options_;
  const std::vector<std::string>& dialects_;
  Diagnostics& diagnostics_;
};

/// "varchar(20)" -> "varchar": a length does not keep values from comparing.
std::string base_of(const std::string& sql) {
  std::string text = normalize(sql);
  return text.substr(0, text.find(" ("));
}

bool same_sql(const Type& a, const Type& b) {
  auto bases = [](const Type& type) {
    std::map<std::string, std::string> all;
    for (const auto& entry : type.sql) all[entry.first] = base_of(entry.second);
    return all;
  };
  return bases(a) == bases(b);
}

}  // namespace

bool is_number_sql(const std::string& sql) {
  constexpr std::array<std::string_view, 14> kWords = {
      "int",     "bigint",  "smallint",  "tinyint",    "mediumint",
      "numeric", "decimal", "number",    "real",       "double",
      "float",   "serial",  "bigserial", "smallserial"};
  const std::string type = fold_case(sql);
  return type.compare(0, 8, "interval") != 0 &&
         std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
           return type.compare(0, word.size(), word) == 0;
         });
}

bool keeps_default(const Type& type, const Enum* values) {
  const auto is_of_bytes = [](const std::string& sql) {
    const std::string name = fold_case(sql);
    return name == "any" || name.find("blob") != std::string::npos ||
           name.find("byte") != std::string::npos ||
           name.find("binary") != std::string::npos;
  };
  for (const auto& [engine, sql] : type.sql) {
    switch (type.kind) {
      case TypeKind::timestamp:
      case TypeKind::local_time:
      case TypeKind::date:
      case TypeKind::time_of_day:
        if (is_number_sql(sql)) return false;
        break;
      case TypeKind::duration:
        if (!is_number_sql(sql)) return false;
        break;
      case TypeKind::enumeration:
        if (is_number_sql(sql) && values &&
            values->storage != EnumStorage::integer) {
          return false;
        }
        break;
      case TypeKind::blob:
        if (!is_of_bytes(sql)) return false;
        break;
      default:
        if (is_integer(type.kind) &&
            fold_case(sql).compare(0, 4, "bool") == 0) {
          return false;
        }
        break;
    }
  }
  return true;
}

bool is_integer(TypeKind kind) {
  return kind >= TypeKind::int8 && kind <= TypeKind::uint64;
}

std::optional<Type> map_type(const CppType& cpp) {
  if (has_fraction(cpp)) return std::nullopt;
  for (const Row& row : kTypes) {
    if (!fits(row, cpp)) continue;
    Type type;
    type.kind = row.type;
    if (row.finish) row.finish(cpp, type);
    return type;
  }
  return std::nullopt;
}

std::optional<Type> apply_options(const std::optional<Type>& mapped,
                                  const Options& options,
                                  const std::vector<std::string>& dialects,
                                  Diagnostics& diagnostics) {
  return Applier(options, dialects, diagnostics).apply(mapped);
}

std::string describe(const Type& type) {
  if (type.kind == TypeKind::enumeration) return "enum " + type.enum_name;
  if (type.kind == TypeKind::custom && !type.sql.empty()) {
    return type.sql.begin()->second;
  }
  if (type.kind == TypeKind::decimal) {
    return "decimal(" + std::to_string(type.precision) + ',' +
           std::to_string(type.scale) + ')';
  }
  return type_kind_name(type.kind);
}

bool is_comparable(const Type& a, const Type& b) {
  if (a.kind != b.kind || a.enum_name != b.enum_name || a.unit != b.unit) {
    return false;
  }
  // Numbers compare whatever their SQL names are; texts and bytes do not.
  if (is_integer(a.kind) || a.kind == TypeKind::decimal) return true;
  return same_sql(a, b);
}

bool differs_in_range(const Type& a, const Type& b) {
  return a.kind != b.kind && is_integer(a.kind) && is_integer(b.kind) &&
         a.kind != TypeKind::uint64 && b.kind != TypeKind::uint64;
}

}  // namespace schemagen::gen
