#include "cli/json.hpp"

namespace schemagen::cli {
namespace {

/// Length of the UTF-8 sequence that `text` begins with; 0 when it is none
/// (overlong forms, surrogates and values over U+10FFFF are none).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  if (first == 0xE0 && second < 0xA0) return 0;
  if (first == 0xED && second > 0x9F) return 0;
  if (first == 0xF0 && second < 0x90) return 0;
  if (first == 0xF4 && second > 0x8F) return 0;
  return length;
}

void append_control(std::string& out, unsigned char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\r':
      out += "\\r";
      return;
    default:
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
  }
}

}  // namespace

std::string escape_json(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto first = static_cast<unsigned char>(text[0]);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (first < 0x20 || first == 0x7F) {
      append_control(out, first);
    } else {
      if (first == '"' || first == '\\') out += '\\';
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

Json& Json::literal(std::string_view value) {
  if (needs_comma_) out_ += ',';
  out_ += value;
  needs_comma_ = true;
  return *this;
}

Json& Json::open(char bracket) {
  if (needs_comma_) out_ += ',';
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

Json& Json::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

Json& Json::open_object() { return open('{'); }
Json& Json::close_object() { return close('}'); }
Json& Json::open_array() { return open('['); }
Json& Json::close_array() { return close(']'); }

Json& Json::key(std::string_view name) {
  literal('"' + escape_json(name) + "\":");
  needs_comma_ = false;
  return *this;
}

Json& Json::text(std::string_view value) {
  return literal('"' + escape_json(value) + '"');
}

Json& Json::text_or_null(std::string_view value) {
  return value.empty() ? null() : text(value);
}

Json& Json::number(std::int64_t value) {
  return literal(std::to_string(value));
}
Json& Json::boolean(bool value) { return literal(value ? "true" : "false"); }
Json& Json::null() { return literal("null"); }

}  // namespace schemagen::cli
