// Which of a target's compile flags the scanner may see. An allow-list, because
// Clang refuses many flags of other compilers, and because flags that change
// code but no declaration only make caches miss.
#pragma once

#include <string>
#include <vector>

#include "model/diagnostics.hpp"

namespace schemagen::gen {

/// The flags that Clang of `clang_major` gets, each self-contained where the
/// option allows it. A language standard this Clang does not know becomes the
/// newest that it does, with a note.
std::vector<std::string> scanner_flags(const std::vector<std::string>& raw,
                                       int clang_major,
                                       Diagnostics& diagnostics);

}  // namespace schemagen::gen
