// Keeps passwords out of messages. libpq shows host and user names; in a URL
// whose password holds an unencoded @ or /, a piece of the password is taken
// for one of these.
#include <algorithm>

#include "postgres/connection.hpp"

namespace schemagen::postgres {
namespace {

/// What may be secret in `url`: the password of the authority up to its last
/// @, whole and in the pieces that a misread URL falls into.
std::vector<std::string> secrets_of(std::string_view url) {
  std::vector<std::string> out;
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) {
    const std::string_view rest = url.substr(scheme + 3);
    const std::size_t colon = rest.find(':');
    const std::size_t at = rest.rfind('@');
    if (colon < at && at != std::string_view::npos) {
      out.emplace_back(rest.substr(colon + 1, at - colon - 1));
    }
  }
  for (std::size_t word = url.find("password="); word != std::string_view::npos;
       word = url.find("password=", word + 1)) {
    std::string_view value = url.substr(word + 9);
    const bool quoted = !value.empty() && value.front() == '\'';
    if (quoted) value.remove_prefix(1);
    out.emplace_back(value.substr(0, value.find_first_of(quoted ? "'" : "& ")));
  }
  return out;
}

void replace_all(std::string& text, const std::string& what) {
  if (what.size() < 2) return;
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + 3)) {
    text.replace(at, what.size(), "***");
  }
}

}  // namespace

std::string redacted(std::string text, std::string_view url) {
  for (const std::string& secret : secrets_of(url)) {
    replace_all(text, secret);
    if (secret.find_first_of("@/?#:") == std::string::npos) continue;
    std::size_t begin = 0;
    while (begin <= secret.size()) {
      const std::size_t end =
          std::min(secret.find_first_of("@/?#:", begin), secret.size());
      replace_all(text, secret.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return text;
}

}  // namespace schemagen::postgres
