#include "core/text.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "core/driver.hpp"

namespace schemagen::core {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

namespace {

bool is_word(char c) {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
         c == '\v';
}

// Civil calendar from a count of days, after the usual era arithmetic.
struct Day {
  std::int64_t year;
  std::int64_t month;
  std::int64_t day;
};

Day civil(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t doe = days - era * 146097;
  const std::int64_t yoe =
      (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  const std::int64_t month = mp < 10 ? mp + 3 : mp - 9;
  return {yoe + era * 400 + (month <= 2 ? 1 : 0), month,
          doy - (153 * mp + 2) / 5 + 1};
}

std::int64_t days_of(const Day& date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t yoe = year - era * 400;
  const std::int64_t mp = date.month > 2 ? date.month - 3 : date.month + 9;
  const std::int64_t doy = (153 * mp + 2) / 5 + date.day - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

}  // namespace

std::string print_list(const char* format, va_list parts) {
  va_list again;
  va_copy(again, parts);
  const int size = std::vsnprintf(nullptr, 0, format, parts);
  // One more for the NUL, which is the string's own.
  std::string text(size < 0 ? 0 : static_cast<std::size_t>(size), '\0');
  std::vsnprintf(text.data(), text.size() + 1, format, again);
  va_end(again);
  return text;
}

std::string print(const char* format, ...) {
  va_list parts;
  va_start(parts, format);
  std::string text = print_list(format, parts);
  va_end(parts);
  return text;
}

std::string copy_of(std::string_view text) {
  return std::string(text.data(), text.size());
}

std::string_view part_of(std::string_view text, std::size_t from,
                         std::size_t size) {
  from = std::min(from, text.size());
  return {text.data() + from, std::min(size, text.size() - from)};
}

std::string label_of(std::string_view id, std::string_view name) {
  return print("%.*s_%.*s", static_cast<int>(id.size()), id.data(),
               static_cast<int>(name.size()), name.data());
}

void append(std::vector<std::string>& names, std::string_view name) {
  names.push_back(copy_of(name));
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
  std::string all;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) {
    if (i != 0) all.append(", ");
    all.append(names[i].c_str());
  }
  if (names.size() > most) {
    all.append(print(" and %zu more", names.size() - most).c_str());
  }
  return all;
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::memcmp(text.data(), start.data(), start.size()) == 0;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string format_time(std::int64_t micros) {
  constexpr std::int64_t kDay = 86'400'000'000;
  std::int64_t days = micros / kDay;
  std::int64_t rest = micros % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  const Day date = civil(days);
  const std::int64_t seconds = rest / 1'000'000;
  return print(
      "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year),
      static_cast<int>(date.month), static_cast<int>(date.day),
      static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
      static_cast<int>(seconds % 60), static_cast<int>(rest % 1'000'000));
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00.000000Z";
  if (text.size() != kShape.size()) return std::nullopt;
  std::int64_t part[7] = {};
  std::size_t index = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kShape[i] != '0') {
      if (text[i] != kShape[i]) return std::nullopt;
      ++index;
    } else if (text[i] < '0' || text[i] > '9') {
      return std::nullopt;
    } else {
      part[index] = part[index] * 10 + (text[i] - '0');
    }
  }
  const std::int64_t days = days_of({part[0], part[1], part[2]});
  const std::int64_t seconds =
      ((days * 24 + part[3]) * 60 + part[4]) * 60 + part[5];
  return seconds * 1'000'000 + part[6];
}

std::size_t Words::skip_blank() {
  while (at_ < sql_.size()) {
    if (is_blank(sql_[at_])) {
      ++at_;
    } else if (starts_with(part_of(sql_, at_), "--")) {
      at_ = std::min(sql_.find('\n', at_), sql_.size());
    } else if (starts_with(part_of(sql_, at_), "/*")) {
      const std::size_t close = sql_.find("*/", at_ + 2);
      at_ = close == std::string_view::npos ? sql_.size() : close + 2;
    } else {
      break;
    }
  }
  return at_;
}

std::string Words::quoted(char close) {
  std::string word;
  ++at_;
  while (at_ < sql_.size()) {
    const char c = sql_[at_++];
    if (c != close) {
      word += c;
    } else if (close != ']' && at_ < sql_.size() && sql_[at_] == close) {
      word += c;
      ++at_;
    } else {
      break;
    }
  }
  return word;
}

std::string Words::next() {
  const std::size_t from = skip_blank();
  if (from == sql_.size()) return {};
  const char c = sql_[from];
  if (c == '"' || c == '`' || c == '\'') return quoted(c);
  if (c == '[') return quoted(']');
  while (at_ < sql_.size() && is_word(sql_[at_])) ++at_;
  if (at_ == from) ++at_;
  return copy_of(part_of(sql_, from, at_ - from));
}

std::string Words::name() {
  std::string name = next();
  if (part_of(sql_, skip_blank(), 1) != ".") return name;
  next();
  return next();
}

bool Words::take(std::string_view keyword) {
  const std::size_t before = skip_blank();
  if (before < sql_.size() && is_word(sql_[before]) &&
      same_ignoring_case(next(), keyword)) {
    return true;
  }
  at_ = before;
  return false;
}

bool has_statement(std::string_view sql) {
  Words words(sql);
  for (;;) {
    const std::size_t at = words.skip_blank();
    if (at == sql.size()) return false;
    if (sql[at] != ';') return true;
    words.next();
  }
}

}  // namespace schemagen::core

namespace schemagen {

void place_error(Error& error, std::string_view text, std::size_t offset) {
  error.line = 1;
  error.column = 1;
  for (char c : core::part_of(text, 0, offset)) {
    if (c == '\n') {
      ++error.line;
      error.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++error.column;
    }
  }
}

}  // namespace schemagen
