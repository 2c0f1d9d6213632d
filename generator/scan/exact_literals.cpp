#include "scan/exact_literals.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

namespace schemagen::gen {
namespace {

using Kind = CppType::Kind;

template <class Number>
std::optional<Literal> shortest(Number number) {
  if (!std::isfinite(number)) return std::nullopt;
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return Literal{Literal::Kind::real, std::string(buffer.data(), end.ptr)};
}

// Exactly, or not at all. Instants are counted in nanoseconds.
std::optional<Literal> rescaled(std::int64_t count, const CppType& from,
                                const CppType& to) {
  const bool is_instant =
      to.kind == Kind::time_point || to.kind == Kind::local_time;
  const std::int64_t to_num = is_instant ? 1 : to.period_num;
  const std::int64_t to_den = is_instant ? 1000000000 : to.period_den;
  __extension__ using Wide = __int128;
  const std::int64_t a = std::gcd(from.period_num, to_num);
  const std::int64_t b = std::gcd(from.period_den, to_den);
  const Wide factor = static_cast<Wide>(from.period_num / a) * (to_den / b);
  const Wide divisor = static_cast<Wide>(to_num / a) * (from.period_den / b);
  constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
  if (count != 0 && factor > kMost) return std::nullopt;
  const Wide product = count * factor;
  if (product % divisor != 0) return std::nullopt;
  const Wide result = product / divisor;
  if (result > kMost || result < -kMost) return std::nullopt;
  return Literal{Literal::Kind::integer,
                 std::to_string(static_cast<std::int64_t>(result))};
}

std::int64_t days_of(std::int64_t month, std::int64_t year) {
  const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (month == 2) return is_leap ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Days since 1970 of a year, month, day; the proleptic Gregorian calendar,
// counted from a 1 March so that the leap day is the last of its year.
std::optional<Literal> civil_day(const std::vector<std::int64_t>& numbers) {
  const std::int64_t month = numbers[1];
  const std::int64_t day = numbers[2];
  std::int64_t year = numbers[0];
  if (month < 1 || month > 12 || day < 1 || day > days_of(month, year)) {
    return std::nullopt;
  }
  if (month <= 2) --year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year =
      (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return Literal{Literal::Kind::integer,
                 std::to_string(era * 146097 + day_of_era - 719468)};
}

// What hh_mm_ss holds: a sign, hours, minutes, seconds and, where the type has
// one, a fraction. A time that no day has is no value of a column.
std::optional<Literal> since_midnight(const std::vector<std::int64_t>& numbers,
                                      const CppType& type) {
  constexpr std::int64_t kMostHours = 24;
  if (numbers.size() < 4 || numbers.size() > 5 || numbers[0] != 0 ||
      numbers[1] >= kMostHours) {
    return std::nullopt;
  }
  const std::int64_t seconds = (numbers[1] * 60 + numbers[2]) * 60 + numbers[3];
  CppType unit;
  const bool is_whole = numbers.size() == 4 || numbers[4] == 0;
  if (is_whole) return rescaled(seconds, unit, type);
  // The fraction is decimal whatever the type counts in.
  std::int64_t power = type.period_den;
  while (power % 10 == 0) power /= 10;
  if (type.period_num != 1 || power != 1) return std::nullopt;
  unit.period_den = type.period_den;
  return rescaled(seconds * unit.period_den + numbers[4], unit, type);
}

}  // namespace

std::optional<Literal> real_literal(double number) { return shortest(number); }

std::optional<Literal> real_literal(float number) { return shortest(number); }

std::optional<Literal> time_literal(const std::vector<std::int64_t>& numbers,
                                    const CppType& from, const CppType& to) {
  if (numbers.size() == 3 && to.kind == Kind::date) return civil_day(numbers);
  if (numbers.size() > 1 && to.kind == Kind::time_of_day) {
    return since_midnight(numbers, to);
  }
  if (numbers.size() != 1) return std::nullopt;
  return rescaled(numbers[0], from, to);
}

Literal blob_literal(const std::vector<std::int64_t>& bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  Literal literal{Literal::Kind::blob, ""};
  for (const std::int64_t number : bytes) {
    const auto byte = static_cast<std::uint8_t>(number);
    literal.text += kHex[byte >> 4U];
    literal.text += kHex[byte & 15U];
  }
  return literal;
}

void set_period(CppType& type, std::int64_t num, std::int64_t den) {
  const std::int64_t common = std::gcd(num, den);
  type.period_num = num / common;
  type.period_den = den / common;
}

}  // namespace schemagen::gen
