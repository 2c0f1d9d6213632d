// SHA-256 and the two digests made of it. The algorithm and its input are part
// of the stored value ("sha256-1:"), so neither ever changes under a name.
#pragma once

#include <string>
#include <string_view>

namespace schemagen::core {

/// Lower-case hex of SHA-256.
std::string sha256(std::string_view bytes);

/// Of one migration: its canonical up and down text and its flags as the
/// directives' words. Lengths are part of the input, so texts cannot shift.
std::string migration_checksum(std::string_view up, std::string_view down,
                               std::string_view flags);

/// Of one migration and all before it; `previous` is "" for the first.
std::string chain_checksum(std::string_view previous, std::string_view id,
                           std::string_view checksum);

}  // namespace schemagen::core
