// Database URLs of the command line: which driver opens them, how they are
// shown, and what of them must never be shown.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "schemagen/migration.hpp"

namespace schemagen::cli {

/// A URL that fits one dialect of a set.
struct Target {
  const EmbeddedDialect* dialect = nullptr;
  std::string url;
  std::string shown;  ///< the URL without password and parameters
};

/// Finds the dialect of `migrations` that opens `url`. Refuses other schemes
/// (naming those that would do) and user information that is not
/// percent-encoded, without repeating any part that could be a password.
Result<Target> find_target(const MigrationSet& migrations,
                           std::string_view url);

/// "sqlite:FILE or postgresql://USER@HOST/DATABASE", as far as the set goes.
std::string accepted_urls(const MigrationSet& migrations);

/// `url` with a limit for connecting, where its scheme has one and it names
/// none itself: a host that does not answer would else hold its caller for
/// minutes.
std::string with_connect_timeout(std::string_view url,
                                 std::chrono::seconds limit);

/// `text` with every secret of `url`, as written or percent-decoded, as ***.
std::string without_secrets(std::string text, std::string_view url);

}  // namespace schemagen::cli
