// Which of a target's compile flags the scanner may see. An allow-list, because
// Clang refuses many flags of other compilers, and because flags that change
// code but no declaration only make caches miss.
#pragma once

#include <string>
#include <vector>

#include "model/diagnostics.hpp"

namespace schemagen::gen {

struct ScannerFlags {
  /// What Clang gets, each self-contained where the option allows it.
  std::vector<std::string> kept;
  /// What it does not get, though a header may depend on it.
  std::vector<std::string> left_out;
};

/// For Clang of `clang_major`. A language standard that it does not know
/// becomes the newest that it does, with a note.
ScannerFlags scanner_flags(const std::vector<std::string>& raw, int clang_major,
                           Diagnostics& diagnostics);

}  // namespace schemagen::gen
