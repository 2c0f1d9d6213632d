#include "cli/url.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <vector>

#include "core/secrets.hpp"
#include "core/text.hpp"

namespace schemagen::cli {
namespace {

struct Scheme {
  std::string_view name;
  std::string_view dialect;
  std::string_view example;
  bool names_file;
  std::string_view connect_timeout;  ///< its parameter, in seconds; "" = none
};

constexpr Scheme kSchemes[] = {
    {"sqlite", "sqlite", "sqlite:FILE", true, ""},
    {"postgresql", "postgres", "postgresql://USER@HOST/DATABASE", false,
     "connect_timeout"},
    {"postgres", "postgres", "postgresql://USER@HOST/DATABASE", false,
     "connect_timeout"},
};

/// "" where the text has none.
std::string scheme_of(std::string_view url) {
  std::string scheme;
  for (char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ':') return scheme;
    if (!std::isalnum(byte) && c != '+' && c != '-' && c != '.') break;
    scheme += core::lower(c);
  }
  return {};
}

const Scheme* find_scheme(std::string_view name) {
  for (const Scheme& scheme : kSchemes) {
    if (scheme.name == name) return &scheme;
  }
  return nullptr;
}

std::string example_of(std::string_view dialect) {
  for (const Scheme& scheme : kSchemes) {
    if (scheme.dialect == dialect) return std::string(scheme.example);
  }
  return std::string(dialect) + "://...";
}

std::string decode(std::string_view text) {
  const auto digit = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isdigit(byte) ? c - '0' : core::lower(c) - 'a' + 10;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() &&
        std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
        std::isxdigit(static_cast<unsigned char>(text[i + 2]));
    if (!escape) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    i += 2;
  }
  return out;
}

/// scheme://[user[:password]@]host...[/database][?parameters]
struct NetworkUrl {
  std::string_view user;
  std::string_view password;
  std::string_view place;  ///< hosts, ports and database
  std::string_view parameters;
};

NetworkUrl split(std::string_view url) {
  NetworkUrl parts;
  const std::size_t slashes = url.find("://");
  if (slashes == url.npos) return parts;
  std::string_view rest = url.substr(slashes + 3);
  const std::size_t question = rest.find('?');
  if (question != rest.npos) {
    parts.parameters = rest.substr(question + 1);
    rest = rest.substr(0, question);
  }
  const std::size_t at = rest.substr(0, rest.find('/')).find('@');
  parts.place = at == rest.npos ? rest : rest.substr(at + 1);
  if (at == rest.npos) return parts;
  const std::string_view user_info = rest.substr(0, at);
  const std::size_t colon = user_info.find(':');
  parts.user = user_info.substr(0, colon);
  if (colon != user_info.npos) parts.password = user_info.substr(colon + 1);
  return parts;
}

bool is_secret(std::string_view key) {
  constexpr std::string_view kSecrets[] = {
      "password", "sslpassword", "sslkey",  "passfile",  // of PostgreSQL
      "key",      "hexkey",      "textkey",  // of SQLite's encrypted kinds
  };
  return std::find(std::begin(kSecrets), std::end(kSecrets), key) !=
         std::end(kSecrets);
}

std::string_view file_of(std::string_view url) {
  url.remove_prefix(url.find(':') + 1);
  return url.substr(0, 2) == "//" ? url.substr(2) : url;
}

/// Where the parameters of a URL begin; a file has none unless it is a URI.
std::size_t end_of_place(std::string_view url) {
  const Scheme* scheme = find_scheme(scheme_of(url));
  const bool is_file = scheme != nullptr && scheme->names_file;
  const bool is_plain = is_file && file_of(url).substr(0, 5) != "file:";
  return is_plain ? url.npos : url.find('?');
}

std::vector<std::string_view> secrets_of(std::string_view url) {
  const NetworkUrl parts = split(url);
  std::vector<std::string_view> secrets;
  if (!parts.password.empty()) secrets.push_back(parts.password);
  const std::size_t question = end_of_place(url);
  std::string_view rest =
      question == url.npos ? std::string_view{} : url.substr(question + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != pair.npos && is_secret(decode(pair.substr(0, equals))) &&
        equals + 1 < pair.size()) {
      secrets.push_back(pair.substr(equals + 1));
    }
    rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  }
  return secrets;
}

Error usage(std::string message) {
  Error error;
  error.code = ErrorCode::usage;
  error.message = std::move(message);
  return error;
}

const EmbeddedDialect* find_dialect(const MigrationSet& migrations,
                                    std::string_view name) {
  for (std::size_t i = 0; i < migrations.dialect_count; ++i) {
    const EmbeddedDialect& dialect = migrations.dialects[i];
    if (dialect.connector != nullptr && name == dialect.dialect)
      return &dialect;
  }
  return nullptr;
}

Result<Target> network_target(Target target) {
  const NetworkUrl parts = split(target.url);
  if (target.url.find("://") == std::string::npos) {
    return usage("the database URL is incomplete; write " +
                 example_of(target.dialect->dialect));
  }
  // A raw ?, / or @ in a password moves the borders of the parts; libpq would
  // then take a piece of the password for a host or a port and print it.
  const bool split_password =
      parts.user.empty() && parts.parameters.find('@') != parts.parameters.npos;
  if (split_password || parts.place.find('@') != parts.place.npos) {
    return usage(
        "the user or password of the database URL holds a character with a "
        "meaning of its own; write @ as %40, : as %3A, / as %2F, ? as %3F and "
        "# as %23");
  }
  target.shown = scheme_of(target.url) + "://";
  if (!parts.user.empty()) target.shown += std::string(parts.user) + '@';
  target.shown += parts.place;
  return target;
}

}  // namespace

std::string accepted_urls(const MigrationSet& migrations) {
  std::string list;
  for (std::size_t i = 0; i < migrations.dialect_count; ++i) {
    if (migrations.dialects[i].connector == nullptr) continue;
    list += (list.empty() ? "" : " or ") +
            example_of(migrations.dialects[i].dialect);
  }
  return list.empty() ? "no database at all" : list;
}

Result<Target> find_target(const MigrationSet& migrations,
                           std::string_view url) {
  const std::string name = scheme_of(url);
  const Scheme* scheme = find_scheme(name);
  Target target;
  // Drivers know their schemes in lower case only.
  target.url = name + std::string(url.substr(name.size()));
  if (name.empty()) {
    return usage("the database URL names no kind of database; write " +
                 accepted_urls(migrations));
  }
  target.dialect = find_dialect(migrations, scheme ? scheme->dialect : name);
  if (target.dialect == nullptr) {
    return usage("this program cannot open \"" + name +
                 ":\" databases; write " + accepted_urls(migrations));
  }
  if (scheme == nullptr || !scheme->names_file) {
    return network_target(std::move(target));
  }
  if (file_of(url).empty()) {
    return usage("the database URL names no file; write " +
                 std::string(scheme->example));
  }
  target.shown = target.url.substr(0, end_of_place(target.url));
  return target;
}

std::string with_connect_timeout(std::string_view url,
                                 std::chrono::seconds limit) {
  std::string timed(url);
  const Scheme* scheme = find_scheme(scheme_of(url));
  if (scheme == nullptr || scheme->connect_timeout.empty()) return timed;
  const std::string parameter = std::string(scheme->connect_timeout) + '=';
  const std::string_view parameters = split(url).parameters;
  if (parameters.find(parameter) != parameters.npos) return timed;
  timed += url.find('?') == url.npos ? '?' : '&';
  return timed + parameter +
         std::to_string(std::max<std::int64_t>(limit.count(), 1));
}

std::string without_secrets(std::string text, std::string_view url) {
  for (std::string_view secret : secrets_of(url)) {
    text = core::masked(std::move(text), secret);
    text = core::masked(std::move(text), decode(secret));
  }
  return text;
}

}  // namespace schemagen::cli
