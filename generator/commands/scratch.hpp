// Empty databases to try scripts on. Engines that live in memory cost nothing;
// a server is the one that the user names, or a private one that is started
// for this run and gone after it.
#pragma once

#include <memory>
#include <string>

#include "commands/replay.hpp"
#include "model/diagnostics.hpp"

namespace schemagen::gen {

struct ScratchServer {
  std::shared_ptr<void> keep;  ///< stops and removes what was started
  Scratch scratch;             ///< empty: there is none
};

/// For `dialect`; `url` may name a server of it whose user may create
/// databases. Without one a warning says what was left out.
ScratchServer open_scratch(const std::string& dialect, const std::string& url,
                           Diagnostics& diagnostics);

}  // namespace schemagen::gen
