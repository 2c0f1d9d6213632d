#include "core/secrets.hpp"

namespace schemagen::core {
namespace {

constexpr std::string_view kMask = "***";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0;
}

// Whether a word goes on over the border between two characters.
bool joins(char left, char right) { return is_word(left) && is_word(right); }

}  // namespace

std::string masked(std::string text, std::string_view secret) {
  if (secret.empty()) return text;
  for (std::size_t at = text.find(secret); at != std::string::npos;) {
    const std::size_t end = at + secret.size();
    const bool inside = (at > 0 && joins(text[at - 1], secret.front())) ||
                        (end < text.size() && joins(secret.back(), text[end]));
    if (!inside) text.replace(at, secret.size(), kMask);
    at = text.find(secret, at + (inside ? 1 : kMask.size()));
  }
  return text;
}

}  // namespace schemagen::core
