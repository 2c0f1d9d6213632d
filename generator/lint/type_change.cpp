#include "lint/type_change.hpp"

#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace schemagen::gen {
namespace {

struct TypeWords {
  std::string name;          ///< without numbers
  std::vector<int> numbers;  ///< of (10,2)
};

TypeWords read(const std::string& type) {
  TypeWords words;
  const std::size_t open = type.find('(');
  words.name = type.substr(0, open);
  while (!words.name.empty() && words.name.back() == ' ') words.name.pop_back();
  for (std::size_t at = open; at != std::string::npos && at < type.size();) {
    words.numbers.push_back(std::atoi(type.c_str() + at + 1));
    at = type.find(',', at + 1);
  }
  return words;
}

enum class Family {
  integer,
  exact,
  floating,
  text,
  binary,
  moment,
  date,
  other
};

struct Row {
  std::string_view name;
  Family family;
  int width;  ///< a greater one of the family holds more
};

constexpr std::array<Row, 28> kRows = {{
    {"int2", Family::integer, 2},     {"int4", Family::integer, 4},
    {"int8", Family::integer, 8},     {"integer", Family::integer, 8},
    {"int", Family::integer, 8},      {"bigint", Family::integer, 8},
    {"smallint", Family::integer, 8}, {"tinyint", Family::integer, 8},
    {"numeric", Family::exact, 0},    {"decimal", Family::exact, 0},
    {"float4", Family::floating, 4},  {"float8", Family::floating, 8},
    {"real", Family::floating, 8},    {"double", Family::floating, 8},
    {"float", Family::floating, 8},   {"text", Family::text, 0},
    {"varchar", Family::text, 0},     {"bpchar", Family::text, 0},
    {"citext", Family::text, 0},      {"clob", Family::text, 0},
    {"bytea", Family::binary, 0},     {"blob", Family::binary, 0},
    {"timestamp", Family::moment, 0}, {"timestamptz", Family::moment, 0},
    {"date", Family::date, 0},        {"json", Family::other, 0},
    {"jsonb", Family::other, 0},      {"bool", Family::other, 0},
}};

const Row* find(const std::string& name) {
  for (const Row& row : kRows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

/// No number at all is the widest.
bool is_no_shorter(const TypeWords& from, const TypeWords& to) {
  if (to.numbers.empty()) return true;
  return !from.numbers.empty() && to.numbers[0] >= from.numbers[0];
}

bool is_no_coarser(const TypeWords& from, const TypeWords& to) {
  if (to.numbers.empty()) return true;
  if (from.numbers.empty()) return false;
  const int from_scale = from.numbers.size() > 1 ? from.numbers[1] : 0;
  const int to_scale = to.numbers.size() > 1 ? to.numbers[1] : 0;
  return to_scale >= from_scale &&
         to.numbers[0] - to_scale >= from.numbers[0] - from_scale;
}

}  // namespace

bool keeps_values(const std::string& from, const std::string& to) {
  const TypeWords a = read(from), b = read(to);
  const Row* old = find(a.name);
  const Row* now = find(b.name);
  if (old == nullptr || now == nullptr) return true;
  if (now->family == Family::text) {
    return is_no_shorter(old->family == Family::text ? a : TypeWords(), b);
  }
  if (old->family != now->family) {
    const bool is_integer = old->family == Family::integer;
    if (is_integer && now->family == Family::exact) return b.numbers.empty();
    if (is_integer && now->family == Family::floating) {
      return old->width * 2 <= now->width;
    }
    return old->family == Family::date && now->family == Family::moment;
  }
  if (old->family == Family::exact) return is_no_coarser(a, b);
  if (old->family == Family::other) {
    return (a.name == "bool") == (b.name == "bool");
  }
  return now->width >= old->width;
}

bool keeps_stored(const ColumnFact& from, const Fact& set_type) {
  const ColumnFact& to = set_type.columns.at(0);
  const bool is_cast = !set_type.to.empty();
  const bool is_strict = set_type.is_strict;
  if (is_strict && to.type == "any") return true;
  if (is_strict && from.type == "any") return false;
  if (from.affinity == to.affinity) return true;
  // 2^53 + 1 is rounded.
  if (to.affinity == "real") return false;
  const bool is_number = to.affinity == "integer" || to.affinity == "numeric";
  // '007' becomes 7, and with CAST every word 0.
  if (from.affinity == "text" || from.affinity == "none") {
    return !is_number && (!is_strict || is_cast);
  }
  if (from.affinity == "real") {
    // Text has 15 digits of 17; no affinity changes a fraction, but CAST does.
    const bool stays = to.affinity == "numeric" || (!is_cast && !is_strict);
    return to.affinity != "text" && stays;
  }
  if (to.affinity == "none") return !is_strict || is_cast;
  const bool is_whole = from.affinity == "integer" || to.affinity != "integer";
  return is_whole || (!is_cast && !is_strict);
}

bool keeps_bytes_in_utc(const std::string& from, const std::string& to) {
  const TypeWords a = read(from), b = read(to);
  const Row* old = find(a.name);
  const Row* now = find(b.name);
  return old != nullptr && now != nullptr && old->family == Family::moment &&
         now->family == Family::moment && b.numbers.empty();
}

bool keeps_bytes(const std::string& from, const std::string& to) {
  const TypeWords a = read(from), b = read(to);
  const auto is_varying = [](const TypeWords& type) {
    return type.name == "varchar" || type.name == "text";
  };
  if (is_varying(a) && is_varying(b)) return is_no_shorter(a, b);
  if (a.name == "cidr" && b.name == "inet") return true;
  if (a.name != b.name) return false;
  if (a.name == "numeric") {
    const int from_scale = a.numbers.size() > 1 ? a.numbers[1] : 0;
    const int to_scale = b.numbers.size() > 1 ? b.numbers[1] : 0;
    return is_no_coarser(a, b) && (b.numbers.empty() || from_scale == to_scale);
  }
  const bool has_precision = a.name == "varbit" || a.name == "timestamp" ||
                             a.name == "timestamptz" || a.name == "time" ||
                             a.name == "interval";
  return a.numbers == b.numbers || (has_precision && is_no_shorter(a, b));
}

}  // namespace schemagen::gen
