// A real database beside the one that its migrations would make.
#pragma once

#include "commands/command.hpp"

namespace schemagen::gen {

/// For `--database`: only reads there, and replays on a scratch database as far
/// as that one has come, or all where it has no history.
Outcome compare_database(const Project& project, const Arguments& arguments,
                         const Environment& environment);

}  // namespace schemagen::gen
