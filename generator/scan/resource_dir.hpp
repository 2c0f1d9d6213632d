// Where Clang's own headers (stddef.h and its kin) are. They must be of the
// very version that the scanner was built with; another one's parse the plain
// headers and then break on the first intrinsic.
#pragma once

#include <string>

#include "model/diagnostics.hpp"

namespace schemagen::gen {

/// `wanted` when it is given; else beside the tool, else where the build found
/// it, else beside a clang-N on `search_path`. "" after an error.
std::string find_resource_dir(const std::string& wanted, int clang_major,
                              const std::string& search_path,
                              Diagnostics& diagnostics);

}  // namespace schemagen::gen
