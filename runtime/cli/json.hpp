// Writes JSON for the reports of run_cli. Commas are its own business; a string
// that is not UTF-8 (a database's words in another encoding) stays valid JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace schemagen::cli {

class Json {
 public:
  Json& open_object();
  Json& close_object();
  Json& open_array();
  Json& close_array();
  Json& key(std::string_view name);

  Json& text(std::string_view value);
  /// The value, or null where it is empty.
  Json& text_or_null(std::string_view value);
  Json& number(std::int64_t value);
  Json& boolean(bool value);
  Json& null();

  const std::string& str() const noexcept { return out_; }

 private:
  Json& literal(std::string_view value);
  Json& open(char bracket);
  Json& close(char bracket);

  std::string out_;
  bool needs_comma_ = false;
};

/// The text between quotes, with what JSON reserves escaped and every byte that
/// is not UTF-8 replaced by U+FFFD.
std::string escape_json(std::string_view text);

}  // namespace schemagen::cli
