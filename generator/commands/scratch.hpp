// Empty databases to try scripts on. Engines that live in memory cost nothing;
// a server is the one that the user names, or a private one that is started
// for this run and gone after it.
#pragma once

#include <memory>
#include <string>

#include "commands/command.hpp"
#include "commands/replay.hpp"
#include "model/diagnostics.hpp"

namespace schemagen::gen {

struct ScratchServer {
  std::shared_ptr<void> keep;  ///< stops and removes what was started
  Scratch scratch;             ///< empty: there is none
};

struct ScratchChoice {
  std::string url;  ///< a server whose user may create databases; may be ""
  Severity missing = Severity::warning;  ///< of "there is no server"
};

/// For `dialect`. Without a server kNotVerified says what was left out.
/// SCHEMAGEN_POSTGRES_BIN names the folder of the programs that make one.
ScratchServer open_scratch(const std::string& dialect,
                           const ScratchChoice& choice,
                           const Environment& environment,
                           Diagnostics& diagnostics);

}  // namespace schemagen::gen
