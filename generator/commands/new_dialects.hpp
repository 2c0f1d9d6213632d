// Law 8 for DIALECTS: one that joins a project later gets scripts of its own
// for the migrations that are there, because those were written for others.
#pragma once

#include <string>
#include <vector>

#include "commands/workspace.hpp"
#include "emit/output.hpp"

namespace schemagen::gen {

/// Scripts that a dialect still lacks which the snapshot does not know.
struct LateDialect {
  std::string name;
  std::vector<const FolderMigration*> lacking;
  bool has_some = false;  ///< other migrations have a script of its own
};

/// Only those that lack something.
std::vector<LateDialect> late_dialects(const Project& project,
                                       const Folder& folder);

/// The scripts: the first migration makes what all of them lead to, the others
/// have nothing left to do. Empty when nothing is lacking, or when some scripts
/// are there and only a person can tell the rest (then an error was added).
std::vector<OutputFile> scripts_of_late_dialects(const Project& project,
                                                 const Folder& folder,
                                                 Diagnostics& diagnostics);

}  // namespace schemagen::gen
