// Whether a migration is what the generator wrote or what a person did. Only
// the former can be written anew; nothing ever takes the place of the latter.
#pragma once

#include <string>

#include "emit/folder.hpp"
#include "model/snapshot.hpp"

namespace schemagen::gen {

enum class Origin {
  by_hand,    ///< also: edited, code, or nothing is known about it
  generated,  ///< every byte of every file
  online,     ///< the same, by `generate --online`
};

/// What `snapshot` knows of it: the one that `generate` wrote with a migration
/// names it, and `accept` takes that back for one that was edited.
Origin origin_of(const FolderMigration& migration, const Snapshot& snapshot);

/// The same after later commands have forgotten it: the versions of the
/// snapshot that git keeps are asked as well.
Origin origin_of(const FolderMigration& migration, const Snapshot& snapshot,
                 const std::string& snapshot_path);

}  // namespace schemagen::gen
