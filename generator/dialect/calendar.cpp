#include "dialect/calendar.hpp"

#include <array>
#include <cstdlib>
#include <utility>

namespace schemagen::gen {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

std::string digits(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  return text.size() < width ? std::string(width - text.size(), '0') + text
                             : text;
}

std::string clock_text(std::int64_t seconds, std::int64_t nanos) {
  std::string text = digits(seconds / 3600, 2) + ":" +
                     digits(seconds / 60 % 60, 2) + ":" +
                     digits(seconds % 60, 2);
  if (nanos == 0) return text;
  std::string fraction = digits(nanos, 9);
  while (fraction.back() == '0') fraction.pop_back();
  return text + "." + fraction;
}

/// Seconds per tick of a unit as a fraction.
std::pair<std::int64_t, std::int64_t> ratio_of(const std::string& unit) {
  struct Row {
    const char* unit;
    std::int64_t num, den;
  };
  static constexpr std::array<Row, 7> kUnits = {{{"ns", 1, kNanosPerSecond},
                                                 {"us", 1, 1'000'000},
                                                 {"ms", 1, 1'000},
                                                 {"s", 1, 1},
                                                 {"min", 60, 1},
                                                 {"h", 3'600, 1},
                                                 {"d", kSecondsPerDay, 1}}};
  for (const Row& row : kUnits) {
    if (unit == row.unit) return {row.num, row.den};
  }
  const std::size_t slash = unit.find('/');
  if (slash == std::string::npos) return {1, 1};
  return {std::strtoll(unit.c_str(), nullptr, 10),
          std::strtoll(unit.c_str() + slash + 1, nullptr, 10)};
}

}  // namespace

std::string date_text(std::int64_t days) {
  // The proleptic Gregorian calendar in eras of 400 years that begin in March.
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = floor_div(shifted, 146'097);
  const std::int64_t day = shifted - era * 146'097;
  const std::int64_t year =
      (day - day / 1'460 + day / 36'524 - day / 146'096) / 365;
  const std::int64_t of_year = day - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  const std::int64_t civil_month = month < 10 ? month + 3 : month - 9;
  const std::int64_t civil_year = era * 400 + year + (civil_month <= 2 ? 1 : 0);
  return digits(civil_year, 4) + "-" + digits(civil_month, 2) + "-" +
         digits(of_year - (153 * month + 2) / 5 + 1, 2);
}

std::string timestamp_text(std::int64_t nanoseconds) {
  const std::int64_t seconds = floor_div(nanoseconds, kNanosPerSecond);
  const std::int64_t days = floor_div(seconds, kSecondsPerDay);
  return date_text(days) + " " +
         clock_text(seconds - days * kSecondsPerDay,
                    nanoseconds - seconds * kNanosPerSecond);
}

std::string time_text(std::int64_t count, const std::string& unit) {
  const auto [num, den] = ratio_of(unit);
  if (num <= 0 || den <= 0) return clock_text(0, 0);
  const std::int64_t seconds = floor_div(count * num, den);
  const std::int64_t rest = count * num - seconds * den;
  const bool exact = kNanosPerSecond % den == 0;
  return clock_text(seconds, exact ? rest * (kNanosPerSecond / den) : 0);
}

}  // namespace schemagen::gen
