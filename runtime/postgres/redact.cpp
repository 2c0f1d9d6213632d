// Keeps passwords out of messages. libpq shows host and user names; in a URL
// whose password holds an unencoded @ or /, a piece of the password is taken
// for one of these.
#include <algorithm>

#include "core/secrets.hpp"
#include "postgres/connection.hpp"

namespace schemagen::postgres {
namespace {

/// The values that libpq itself takes for secret, as it reads them.
std::vector<std::string> secrets_of(std::string_view url) {
  std::vector<std::string> out;
  PQconninfoOption* options =
      PQconninfoParse(std::string(url).c_str(), nullptr);
  if (options == nullptr) return out;
  for (const PQconninfoOption* o = options; o->keyword != nullptr; ++o) {
    const bool is_secret = o->dispchar != nullptr && *o->dispchar == '*';
    if (is_secret && o->val != nullptr) out.emplace_back(o->val);
  }
  PQconninfoFree(options);
  return out;
}

/// The password of a URL's authority up to its last @, in the pieces that a
/// URL falls into which was misread there.
std::vector<std::string> pieces_of(std::string_view url) {
  std::vector<std::string> out;
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return out;
  const std::string_view rest = url.substr(scheme + 3);
  const std::size_t colon = rest.find(':');
  const std::size_t at = rest.rfind('@');
  if (at == std::string_view::npos || colon >= at) return out;
  const std::string_view secret = rest.substr(colon + 1, at - colon - 1);
  for (std::size_t begin = 0; begin <= secret.size();) {
    const std::size_t end =
        std::min(secret.find_first_of("@/?#:", begin), secret.size());
    out.emplace_back(secret.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::string redacted(std::string text, std::string_view url) {
  for (const std::string& secret : secrets_of(url)) {
    text = core::masked(std::move(text), secret);
  }
  for (const std::string& piece : pieces_of(url)) {
    text = core::masked(std::move(text), piece);
  }
  return text;
}

}  // namespace schemagen::postgres
