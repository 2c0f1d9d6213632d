#include "model/literals.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "model/text.hpp"

namespace schemagen::gen {
namespace {

using Kind = Literal::Kind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

std::size_t skip_sign(std::string_view text, std::size_t at, bool plus) {
  bool signed_ =
      at < text.size() && (text[at] == '-' || (plus && text[at] == '+'));
  return signed_ ? at + 1 : at;
}

bool is_integer(std::string_view text) {
  std::size_t start = skip_sign(text, 0, false);
  return start < text.size() && skip_digits(text, start) == text.size();
}

/// [-] digits [. digits] [e [sign] digits], with a digit before or after the
/// point.
bool is_real(std::string_view text) {
  std::size_t start = skip_sign(text, 0, false);
  std::size_t at = skip_digits(text, start);
  std::size_t digits = at - start;
  if (at < text.size() && text[at] == '.') {
    std::size_t end = skip_digits(text, at + 1);
    digits += end - at - 1;
    at = end;
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t exponent = skip_sign(text, at + 1, true);
    at = skip_digits(text, exponent);
    if (at == exponent) return false;
  }
  return at == text.size();
}

std::optional<Literal> make(Kind kind, std::string text) {
  Literal literal{kind, std::move(text)};
  if (!is_well_formed(literal)) return std::nullopt;
  return literal;
}

std::optional<Literal> to_boolean(const Literal& value) {
  if (value.kind == Kind::boolean) return value;
  if (value.kind != Kind::integer) return std::nullopt;
  return Literal{Kind::boolean, value.text == "0" ? "false" : "true"};
}

std::optional<Literal> to_integer(const Literal& value) {
  if (value.kind == Kind::boolean) {
    return Literal{Kind::integer, value.text == "true" ? "1" : "0"};
  }
  if (value.kind != Kind::integer) return std::nullopt;
  return value;
}

/// A date of four digits for the year: others no engine reads as they are
/// written.
std::optional<Literal> to_day(const Literal& value) {
  constexpr long long kFirst = -719'162;  // 0001-01-01
  constexpr long long kLast = 2'932'896;  // 9999-12-31
  if (value.kind != Kind::integer || !is_integer(value.text)) {
    return std::nullopt;
  }
  const long long day = std::strtoll(value.text.c_str(), nullptr, 10);
  if (day < kFirst || day > kLast) return std::nullopt;
  return value;
}

/// Numbers may stand in a text as well: a decimal that is a std::string.
std::optional<Literal> to_real(const Literal& value) {
  if (value.kind != Kind::real && value.kind != Kind::integer &&
      value.kind != Kind::text) {
    return std::nullopt;
  }
  return make(Kind::real, value.text);
}

std::optional<Literal> to_text(const Literal& value) {
  if (value.kind != Kind::text) return std::nullopt;
  return value;
}

std::optional<Literal> to_blob(const Literal& value, const Type& type) {
  bool empty = value.text.empty();
  if (value.kind != Kind::blob && !(value.kind == Kind::text && empty)) {
    return std::nullopt;
  }
  if (!type.fixed) return Literal{Kind::blob, value.text};
  // An array's missing elements are zero.
  std::string hex = value.text;
  hex.resize(static_cast<std::size_t>(type.max_length) * 2, '0');
  return Literal{Kind::blob, hex};
}

std::optional<Literal> to_value(const Literal& value, const Enum* values) {
  if (!values) return std::nullopt;
  for (const EnumValue& entry : values->values) {
    bool same =
        value.kind == Kind::integer
            ? std::to_string(entry.number) == value.text
            : value.kind == Kind::enumerator && entry.enumerator == value.text;
    if (same) return Literal{Kind::enumerator, entry.name};
  }
  return std::nullopt;
}

std::optional<Literal> convert(const Literal& value, const Type& type,
                               const Enum* values) {
  switch (type.kind) {
    case TypeKind::boolean:
      return to_boolean(value);
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::uint8:
    case TypeKind::uint16:
    case TypeKind::uint32:
    case TypeKind::uint64:
    case TypeKind::timestamp:
    case TypeKind::local_time:
    case TypeKind::time_of_day:
    case TypeKind::duration:
      return to_integer(value);
    case TypeKind::date:
      return to_day(value);
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
      return to_real(value);
    case TypeKind::text:
    case TypeKind::uuid:
    case TypeKind::json:
      return to_text(value);
    case TypeKind::blob:
      return to_blob(value, type);
    case TypeKind::enumeration:
      return to_value(value, values);
    case TypeKind::custom:
      break;
  }
  return value;
}

}  // namespace

bool is_well_formed(const Literal& literal) {
  const std::string& text = literal.text;
  switch (literal.kind) {
    case Kind::null:
      return text.empty();
    case Kind::boolean:
      return text == "true" || text == "false";
    case Kind::integer:
      return is_integer(text);
    case Kind::real:
      return is_real(text);
    case Kind::blob:
      return text.size() % 2 == 0 &&
             std::all_of(text.begin(), text.end(), is_hex);
    case Kind::text:
    case Kind::enumerator:
      break;
  }
  return text.find('\0') == std::string::npos &&
         find_broken_utf8(text) == std::string::npos;
}

DecimalSize decimal_size(const std::string& real) {
  const std::size_t end = std::min(real.find_first_of("eE"), real.size());
  const std::string_view mantissa = std::string_view(real).substr(0, end);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return {};
  const std::size_t last = mantissa.find_last_of("123456789");
  const int exponent =
      end == real.size() ? 0 : std::atoi(real.c_str() + end + 1);
  const auto from_point = [&](std::size_t at) {
    return static_cast<int>(at) - static_cast<int>(point) + (at < point);
  };
  return {std::max(0, exponent - from_point(first) + 1),
          std::max(0, from_point(last) - exponent)};
}

std::optional<Literal> to_default(const Literal& value, const Type& type,
                                  const Enum* values) {
  if (value.kind == Kind::null || !is_well_formed(value)) return std::nullopt;
  std::optional<Literal> result = convert(value, type, values);
  if (result && !is_well_formed(*result)) return std::nullopt;
  return result;
}

}  // namespace schemagen::gen
