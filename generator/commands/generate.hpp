// The next migration as values: what `generate` writes, what ON_DRIFT GENERATE
// writes, what `rebase` makes anew.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/workspace.hpp"
#include "emit/output.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {

struct Generated {
  std::string id;  ///< of the first one, where it takes several migrations
  std::string name;
  std::vector<std::string> later;  ///< "<id>_<name>" of those behind it
  Plan plan;
  bool compatible = false;
  std::vector<std::string> invented;  ///< columns whose values a down invents
  std::vector<std::string> refusals;  ///< why rows can make a down impossible
  std::vector<std::string> blocks;    ///< left for the user (law 8)
  std::vector<OutputFile> scripts;
  OutputFile snapshot;
};

/// What the next migration starts from.
struct Base {
  Folder folder;  ///< without the migration that --amend or rebase replaces
  Schema schema;  ///< that it leads to
};

/// What the user wants of it.
struct Wish {
  Consents consents;
  std::string id;
  std::string name;     ///< "" is derived
  bool online = false;  ///< in several, each with the weakest lock
};

/// Plans, renders and tries the migration from `base` to `model`. An empty
/// `plan.changes` means that there is nothing to do. No value: an error was
/// added.
std::optional<Generated> make_migration(const Project& project,
                                        const Base& base, const Schema& model,
                                        const Wish& wish,
                                        Diagnostics& diagnostics);

/// The snapshot's text for a folder and the schema it leads to.
OutputFile snapshot_file(const Folder& folder, const Schema& schema,
                         const Before& before,
                         const std::vector<std::string>& dialects);

}  // namespace schemagen::gen
