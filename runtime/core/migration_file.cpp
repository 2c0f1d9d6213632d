#include "core/migration_file.hpp"

#include "core/checksum.hpp"
#include "core/text.hpp"
#include "schemagen/migration.hpp"

namespace schemagen::core {
namespace {

constexpr std::size_t kIdLength = 14;

struct FlagWord {
  unsigned flag;
  const char* word;
};

constexpr FlagWord kFlagWords[] = {
    {kNoTransaction, "no-transaction"},
    {kForeignKeysOn, "foreign-keys on"},
    {kBatch, "batch"},
    {kCompatible, "compatible"},
    {kNothingToUndo, "nothing to undo"},
    {kDownLosesData, "shape only"},
    {kDownNoTransaction, "down no-transaction"},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_snake(char c) {
  return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z');
}

int number(std::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool is_utc_time(std::string_view id) {
  for (char c : id) {
    if (!is_digit(c)) return false;
  }
  const int year = number(id.substr(0, 4));
  const int month = number(id.substr(4, 2));
  const int day = number(id.substr(6, 2));
  if (year == 0 || month < 1 || month > 12) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
                         31};
  return day >= 1 && day <= lengths[month - 1] &&
         number(id.substr(8, 2)) < 24 && number(id.substr(10, 2)) < 60 &&
         number(id.substr(12, 2)) < 60;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (text.size() < suffix.size() ||
      text.substr(text.size() - suffix.size()) != suffix) {
    return false;
  }
  text.remove_suffix(suffix.size());
  return true;
}

bool is_snake_name(std::string_view name) {
  if (name.empty()) return false;
  for (char c : name) {
    if (!is_snake(c)) return false;
  }
  return true;
}

// A character that is itself and means nothing to canonical_text.
bool is_plain(char c) { return c >= ' ' && c <= '~'; }

// The length of the UTF-8 sequence at the start of `text`; 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xC2   ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates and code points past U+10FFFF.
  const unsigned second = byte(1);
  const bool bad =
      (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return bad ? 0 : length;
}

}  // namespace

std::optional<MigrationFileName> parse_file_name(std::string_view file) {
  if (file.size() <= kIdLength + 1 || file[kIdLength] != '_' ||
      !is_utc_time(file.substr(0, kIdLength))) {
    return std::nullopt;
  }
  MigrationFileName name;
  name.id = file.substr(0, kIdLength);
  std::string_view rest = file.substr(kIdLength + 1);
  if (take_suffix(rest, ".cpp")) {
    name.kind = MigrationFileName::Kind::code;
  } else if (take_suffix(rest, ".down.sql")) {
    name.kind = MigrationFileName::Kind::down;
  } else if (!take_suffix(rest, ".up.sql")) {
    return std::nullopt;
  }
  const std::size_t dot = rest.find('.');
  if (dot != std::string_view::npos) {
    name.dialect = rest.substr(dot + 1);
    rest = rest.substr(0, dot);
    if (name.kind == MigrationFileName::Kind::code ||
        !is_snake_name(name.dialect)) {
      return std::nullopt;
    }
  }
  if (!is_snake_name(rest)) return std::nullopt;
  name.name = rest;
  return name;
}

std::string format_file_name(const MigrationFileName& name) {
  const std::string stem = label_of(name.id, name.name);
  if (name.kind == MigrationFileName::Kind::code) return stem + ".cpp";
  const bool down = name.kind == MigrationFileName::Kind::down;
  return print("%s%s%s%s", stem.c_str(), name.dialect.empty() ? "" : ".",
               name.dialect.c_str(), down ? ".down.sql" : ".up.sql");
}

unsigned flags_of(const Directives& up, const Directives& down) {
  const auto flag = [](bool is_set, unsigned bit) { return is_set ? bit : 0; };
  return flag(up.no_transaction, kNoTransaction) |
         flag(up.foreign_keys_on || down.foreign_keys_on, kForeignKeysOn) |
         flag(up.batch, kBatch) | flag(up.compatible, kCompatible) |
         flag(down.nothing_to_undo, kNothingToUndo) |
         flag(down.shape_only, kDownLosesData) |
         flag(down.no_transaction, kDownNoTransaction);
}

std::string flag_words(unsigned flags) {
  std::string words;
  for (const FlagWord& row : kFlagWords) {
    if ((flags & row.flag) == 0) continue;
    words += (words.empty() ? "" : ",") + std::string(row.word);
  }
  return words;
}

std::string scripts_checksum(std::string_view up, std::string_view down) {
  const unsigned flags = flags_of(parse_directives(up), parse_directives(down));
  return migration_checksum(up, down, flag_words(flags));
}

std::vector<std::pair<int, std::string>> unknown_directives(
    std::string_view script) {
  std::vector<std::pair<int, std::string>> unknown;
  Directives known;
  DirectiveLines lines(script);
  std::string_view text;
  while (lines.next(text)) {
    if (!take_directive(text, known)) unknown.emplace_back(lines.line(), text);
  }
  return unknown;
}

std::optional<std::string> canonical_text(std::string_view bytes,
                                          std::string* problem) {
  if (bytes.substr(0, 3) == "\xEF\xBB\xBF") bytes.remove_prefix(3);
  std::string text;
  text.reserve(bytes.size());
  int line = 1;
  for (std::size_t at = 0; at < bytes.size();) {
    if (is_plain(bytes[at])) {
      text += bytes[at++];
      continue;
    }
    const std::size_t length = sequence_length(bytes.substr(at));
    if (length == 0 || bytes[at] == '\0') {
      if (problem != nullptr) {
        *problem = print(
            "%s on line %d",
            length == 0 ? "bytes that are not UTF-8" : "a NUL byte", line);
      }
      return std::nullopt;
    }
    if (bytes[at] == '\n') ++line;
    if (bytes.substr(at, 2) != "\r\n") text.append(bytes.substr(at, length));
    at += length;
  }
  return text;
}

}  // namespace schemagen::core
