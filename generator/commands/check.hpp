// The heart of check, embed and verify: everything that can be wrong with a
// target's schema, found without writing a byte.
#pragma once

#include <string>
#include <vector>

#include "commands/command.hpp"
#include "commands/workspace.hpp"
#include "emit/folder.hpp"
#include "emit/prepared.hpp"

namespace schemagen::gen {

struct Checked {
  Folder folder;
  std::vector<PreparedDialect> prepared;
  std::vector<std::string> dependencies;  ///< files that the answer rests on
  std::vector<std::string> unmodelled;    ///< of the replay, "sqlite: view v"
  bool input_failed = false;  ///< exit 2: it could not even be judged
  bool has_drift = false;
};

Checked check_project(const Project& project, const Environment& environment,
                      Diagnostics& diagnostics);

}  // namespace schemagen::gen
