// The committed scripts: the grammar of their names, the directives of their
// leading comment, and the canonical text that is hashed and embedded. One
// owner for all three; the generator and the runtime share it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace schemagen::core {

/// YYYYMMDDHHMMSS_snake_name[.dialect].(up|down).sql, or ..._snake_name.cpp.
struct MigrationFileName {
  enum class Kind { up, down, code };
  std::string id;
  std::string name;
  std::string dialect;  ///< "" serves every dialect
  Kind kind = Kind::up;
};

/// No value: not a migration's name. A 14 digit id must be a real UTC time.
std::optional<MigrationFileName> parse_file_name(std::string_view file);
std::string format_file_name(const MigrationFileName& name);

/// What `-- schemagen: ...` lines before the first statement say.
struct Directives {
  bool no_transaction = false;
  bool batch = false;
  bool unchecked = false;
  bool foreign_keys_on = false;
  bool nothing_to_undo = false;
  bool compatible = false;
  bool shape_only = false;  ///< written by the generator: rows do not come back
  bool guard = false;       ///< of one statement
  std::vector<std::string> rebuilds;
};
Directives parse_directives(std::string_view script);

/// The MigrationFlags that the heads of a migration's two scripts say.
unsigned flags_of(const Directives& up, const Directives& down);
/// Flags as words in a fixed order: part of what a checksum covers.
std::string flag_words(unsigned flags);
/// The checksum of a migration out of its scripts alone; "" for none.
std::string scripts_checksum(std::string_view up, std::string_view down);

/// The directive lines of a script's head, one by one.
class DirectiveLines {
 public:
  explicit DirectiveLines(std::string_view script);
  /// False: there is no further one. `text` is what follows the mark.
  bool next(std::string_view& text);
  int line() const { return line_; }

 private:
  std::string_view head_;  ///< what is still to be read
  int line_ = 0;
  bool in_block_ = false;
};
/// Enters the directive `text`; false: there is none of that name.
bool take_directive(std::string_view text, Directives& directives);
/// The others, (line, text): mistakes.
std::vector<std::pair<int, std::string>> unknown_directives(
    std::string_view script);

/// True when the comments before a statement's first token hold
/// `-- schemagen: guard`.
bool is_guard(std::string_view statement);

/// CRLF -> LF, byte order mark dropped. No value when the text cannot be a
/// script: a NUL byte or broken UTF-8; `problem` says which and on what line.
std::optional<std::string> canonical_text(std::string_view bytes,
                                          std::string* problem);

}  // namespace schemagen::core
