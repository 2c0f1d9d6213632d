#include "model/json_reader.hpp"

#include <limits>
#include <utility>

namespace schemagen::gen {
namespace {

/// Deeper than any snapshot, far from the end of the stack.
constexpr int kMaxDepth = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, unsigned code) {
  auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

}  // namespace

JsonReader::JsonReader(std::string_view text, std::string path,
                       std::string advice, Diagnostics& diagnostics)
    : text_(text),
      path_(std::move(path)),
      advice_(std::move(advice)),
      diagnostics_(diagnostics) {}

SourceLocation JsonReader::here() {
  skip_blanks();
  for (; counted_ < at_; ++counted_) {
    if (text_[counted_] == '\n') {
      ++line_;
      line_start_ = counted_ + 1;
    }
  }
  return {path_, line_, static_cast<int>(at_ - line_start_) + 1};
}

void JsonReader::error(SourceLocation at, const std::string& id,
                       const std::string& what) {
  diagnostics_.error(std::move(at), id, what + "; " + advice_);
}

void JsonReader::fail(const std::string& what) {
  if (failed_) return;
  failed_ = true;
  bool ended = at_ >= text_.size();
  error(here(), ended ? "snapshot-truncated" : "snapshot-syntax",
        ended ? "the file ends in the middle" : what);
}

void JsonReader::skip_blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' ||
                                text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

bool JsonReader::expect(char c, const char* what) {
  skip_blanks();
  if (failed_) return false;
  if (at_ < text_.size() && text_[at_] == c) {
    ++at_;
    return true;
  }
  fail(std::string("expected ") + what);
  return false;
}

bool JsonReader::begin_object() {
  if (!expect('{', "'{'")) return false;
  first_ = true;
  if (++depth_ > kMaxDepth) fail("nested too deeply");
  return !failed_;
}

bool JsonReader::begin_array() {
  if (!expect('[', "'['")) return false;
  first_ = true;
  if (++depth_ > kMaxDepth) fail("nested too deeply");
  return !failed_;
}

bool JsonReader::next_key(std::string& key, SourceLocation& at) {
  if (failed_) return false;
  skip_blanks();
  if (at_ < text_.size() && text_[at_] == '}') {
    ++at_;
    --depth_;
    first_ = false;
    return false;
  }
  if (!first_ && !expect(',', "',' or '}'")) return false;
  first_ = false;
  at = here();
  key = read_string();
  return expect(':', "':'");
}

bool JsonReader::next_element() {
  if (failed_) return false;
  skip_blanks();
  if (at_ < text_.size() && text_[at_] == ']') {
    ++at_;
    --depth_;
    first_ = false;
    return false;
  }
  if (!first_ && !expect(',', "',' or ']'")) return false;
  first_ = false;
  return true;
}

unsigned JsonReader::read_hex4() {
  unsigned code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    char c = at_ < text_.size() ? text_[at_] : '\0';
    unsigned digit = 16;
    if (is_digit(c)) digit = static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A' + 10);
    if (digit == 16) {
      fail("expected four hex digits");
      return 0xFFFD;
    }
    code = code * 16 + digit;
  }
  return code;
}

void JsonReader::append_escape(std::string& out) {
  constexpr std::string_view kFrom = "\"\\/bfnrt";
  constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  char c = at_ < text_.size() ? text_[at_] : '\0';
  std::size_t simple = kFrom.find(c);
  if (simple != std::string_view::npos) {
    ++at_;
    out += kTo[simple];
    return;
  }
  if (c != 'u') {
    fail("unknown escape in a string");
    return;
  }
  ++at_;
  unsigned code = read_hex4();
  bool high = code >= 0xD800 && code < 0xDC00;
  if (high && text_.substr(at_, 2) == "\\u") {
    at_ += 2;
    unsigned low = read_hex4();
    code = low >= 0xDC00 && low < 0xE000
               ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
               : 0xD800;
  }
  if (code == 0 || (code >= 0xD800 && code < 0xE000)) {
    fail("an escape that is no character");
    return;
  }
  append_utf8(out, code);
}

std::string JsonReader::read_string() {
  std::string out;
  if (!expect('"', "a string")) return out;
  while (!failed_) {
    std::size_t run = at_;
    while (run < text_.size() && text_[run] != '"' && text_[run] != '\\' &&
           static_cast<unsigned char>(text_[run]) >= 0x20) {
      ++run;
    }
    out.append(text_, at_, run - at_);
    at_ = run;
    if (at_ >= text_.size()) {
      fail("");
    } else if (text_[at_] == '"') {
      ++at_;
      return out;
    } else if (text_[at_] == '\\') {
      ++at_;
      append_escape(out);
    } else {
      fail("a string is not closed on its line");
    }
  }
  return out;
}

bool JsonReader::take_word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return false;
  at_ += word.size();
  return true;
}

bool JsonReader::read_bool() {
  skip_blanks();
  if (failed_) return false;
  if (take_word("true")) return true;
  if (!take_word("false")) fail("expected true or false");
  return false;
}

std::int64_t JsonReader::read_integer() {
  skip_blanks();
  if (failed_) return 0;
  std::size_t start = at_;
  bool negative = at_ < text_.size() && text_[at_] == '-';
  if (negative) ++at_;
  constexpr auto kMax =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t limit = kMax + (negative ? 1 : 0);
  std::uint64_t value = 0;
  bool fits = at_ < text_.size() && is_digit(text_[at_]);
  for (; fits && at_ < text_.size() && is_digit(text_[at_]); ++at_) {
    auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
    fits = value <= (limit - digit) / 10;
    value = value * 10 + digit;
  }
  if (!fits) {
    if (at_ < text_.size()) at_ = start;
    fail("expected a whole number of 64 bits");
    return 0;
  }
  return negative ? static_cast<std::int64_t>(0 - value)
                  : static_cast<std::int64_t>(value);
}

void JsonReader::skip_value() {
  skip_blanks();
  if (failed_) return;
  char c = at_ < text_.size() ? text_[at_] : '\0';
  std::string key;
  SourceLocation at;
  if (c == '{') {
    begin_object();
    while (next_key(key, at)) skip_value();
  } else if (c == '[') {
    begin_array();
    while (next_element()) skip_value();
  } else if (c == '"') {
    read_string();
  } else if (c == 't' || c == 'f') {
    read_bool();
  } else if (!take_word("null")) {
    read_integer();
  }
}

void JsonReader::finish() {
  skip_blanks();
  if (!failed_ && at_ < text_.size()) {
    fail("unexpected text after the end");
  }
}

}  // namespace schemagen::gen
