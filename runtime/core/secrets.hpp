// Masks secrets in texts that are shown. What of an address is secret, its
// owner knows: the command line for URLs, a driver for its own words.
#pragma once

#include <string>
#include <string_view>

namespace schemagen::core {

/// `text` with *** for every place where `secret` stands by itself. Inside a
/// longer word nothing of it was shown, and a mask would only spell it out:
/// "c***nnot" tells that the password is "a".
std::string masked(std::string text, std::string_view secret);

}  // namespace schemagen::core
