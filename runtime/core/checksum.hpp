// SHA-256 and the two digests made of it. The algorithm and its input are part
// of the stored value ("sha256-1:"), so neither ever changes under a name.
#pragma once

#include <string>
#include <string_view>

namespace schemagen::core {

/// Lower-case hex of SHA-256.
std::string sha256(std::string_view bytes);

/// "sha256-1:<hex>" of three parts, each with its length before it, so that no
/// two inputs run together.
std::string framed_checksum(std::string_view first, std::string_view second,
                            std::string_view third);

/// Of one migration: its canonical up and down text and its flags as the
/// directives' words.
inline std::string migration_checksum(std::string_view up,
                                      std::string_view down,
                                      std::string_view flags) {
  return framed_checksum(up, down, flags);
}

/// Of one migration and all before it; `previous` is "" for the first.
inline std::string chain_checksum(std::string_view previous,
                                  std::string_view id,
                                  std::string_view checksum) {
  return framed_checksum(previous, id, checksum);
}

}  // namespace schemagen::core
