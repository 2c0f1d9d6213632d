// A strict reader of JSON that knows where it is. It pulls one value after
// another and builds no tree: the snapshot of a thousand tables is read on
// every build. Hand-written, because every fault needs its line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/diagnostics.hpp"

namespace schemagen::gen {

/// After the first syntax error every call returns false or an empty value, so
/// callers need not ask after each step. Faults of meaning are the caller's.
class JsonReader {
 public:
  /// `text` is borrowed. `advice` ends every message: "...; <advice>".
  JsonReader(std::string_view text, std::string path, std::string advice,
             Diagnostics& diagnostics);

  bool failed() const { return failed_; }
  /// Where the next value begins.
  SourceLocation here();
  /// Reports a fault of meaning; reading goes on.
  void error(SourceLocation at, const std::string& id, const std::string& what);

  // `while (reader.next_key(key))` and `while (reader.next_element())` visit
  // what begin_* opened and close it at its end.
  bool begin_object();
  bool next_key(std::string& key, SourceLocation& at);
  bool begin_array();
  bool next_element();

  std::string read_string();
  bool read_bool();
  std::int64_t read_integer();
  void skip_value();
  /// Nothing but blanks may follow.
  void finish();

 private:
  void skip_blanks();
  bool expect(char c, const char* what);
  void fail(const std::string& what);
  void append_escape(std::string& out);
  unsigned read_hex4();
  bool take_word(std::string_view word);

  std::string_view text_;
  FileName path_;
  std::string advice_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0;  ///< lines are known up to here
  std::size_t line_start_ = 0;
  int line_ = 1;
  int depth_ = 0;
  bool first_ = false;  ///< nothing was read since the last begin_*
  bool failed_ = false;
};

}  // namespace schemagen::gen
