// Small text work that the runtime does in many places: building messages,
// times of the history, and just enough of SQL's words to know what a cut
// statement begins with. Cutting scripts is not done here: engines do that.
#pragma once

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace schemagen::core {

/// Text out of parts, as printf makes it. The small form for every message:
/// each part is one word to pass on.
SCHEMAGEN_PRINTF(1, 2)
std::string print(const char* format, ...);
std::string print_list(const char* format, va_list parts);

/// A string of its own, and a part of one, cut at its ends where
/// string_view::substr would throw: small, since they are not made everywhere.
std::string copy_of(std::string_view text);
std::string_view part_of(std::string_view text, std::size_t from,
                         std::size_t size = std::string_view::npos);

/// "20260201120000_hash_emails".
std::string label_of(std::string_view id, std::string_view name);

/// The one place where lists of names grow: it would be copied into every
/// other.
void append(std::vector<std::string>& names, std::string_view name);

/// "a, b, c and 4 more": at most `most` of them.
std::string listed(const std::vector<std::string>& names, std::size_t most = 8);

bool starts_with(std::string_view text, std::string_view start);

/// Of A to Z only, whatever the program's locale says.
char lower(char c);
bool same_ignoring_case(std::string_view a, std::string_view b);

/// Microseconds since 1970 as "2026-02-01T12:00:00.000000Z", and back.
std::string format_time(std::int64_t micros);
std::optional<std::int64_t> parse_time(std::string_view text);

/// Reads the words of a statement one by one, comments and blanks skipped.
class Words {
 public:
  explicit Words(std::string_view sql) : sql_(sql) {}

  /// The next word, an identifier without its quotes, or one other character;
  /// "" at the end.
  std::string next();
  /// The name of a table, without a schema before it.
  std::string name();
  /// True, and past it, when the next word is `keyword` (upper case).
  bool take(std::string_view keyword);
  /// Where the next word begins.
  std::size_t skip_blank();
  /// Where the last word ended.
  std::size_t at() const { return at_; }

 private:
  std::string quoted(char close);

  std::string_view sql_;
  std::size_t at_ = 0;
};

/// Whether there is anything but comments, blanks and semicolons.
bool has_statement(std::string_view sql);

}  // namespace schemagen::core
