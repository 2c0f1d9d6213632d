// SCHEMA_DIR as it lies on disk: the scripts, grouped into migrations, and what
// is wrong with them by themselves. The snapshot is held against them here as
// well, so that every command means the same by "edited" and "missing".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/migration_file.hpp"
#include "emit/output.hpp"
#include "model/diagnostics.hpp"
#include "model/snapshot.hpp"

namespace schemagen::gen {

/// One committed file of a migration.
struct ScriptFile {
  std::string path;
  core::MigrationFileName name;
  std::string text;  ///< canonical
  core::Directives directives;
};

struct FolderMigration {
  std::string id;
  std::string name;
  std::vector<ScriptFile> files;  ///< by dialect, then kind
  int revision = 0;               ///< of a code migration, else 0
  std::string digest;             ///< as the snapshot records it

  bool is_code() const { return revision > 0; }
  /// The script that serves `dialect`: its own, else the one for all.
  const ScriptFile* find(core::MigrationFileName::Kind kind,
                         const std::string& dialect) const;
};

struct Folder {
  std::string path;
  std::vector<FolderMigration> migrations;  ///< by id
  std::optional<std::string> snapshot_text;
  Snapshot snapshot;  ///< read from it; empty when there is none

  std::string snapshot_path() const;
  const FolderMigration* find(const std::string& id) const;
};

/// Reads and judges the folder for a target that serves `dialects`: names,
/// pairs, doubles, directives, encoding, conflict markers. A missing folder is
/// an empty one. `with_snapshot` false leaves the snapshot unread.
Folder read_folder(const std::string& path,
                   const std::vector<std::string>& dialects, bool with_snapshot,
                   Diagnostics& diagnostics);

/// The same for a command that only looks, and so has no lock of its own: what
/// it sees is never half of what another command is writing.
Folder view_folder(const std::string& path,
                   const std::vector<std::string>& dialects, bool with_snapshot,
                   Diagnostics& diagnostics);

/// The migration files of a folder, by name; other files with the look of one
/// are errors.
std::vector<OutputFile> read_scripts(const std::string& path,
                                     Diagnostics& diagnostics);

/// The folder with more scripts, as if `files` were in it already.
Folder with_files(Folder folder, const std::vector<OutputFile>& files,
                  const std::vector<std::string>& dialects,
                  Diagnostics& diagnostics);

/// Blocks that the generator left for the user and that are still unwritten.
void check_blocks(const Folder& folder, Diagnostics& diagnostics);

/// Edited, missing, unrecorded and late migrations, each at its file or at its
/// line of the snapshot.
void check_record(const Folder& folder, Diagnostics& diagnostics);

/// What the snapshot records of the folder's migrations.
std::vector<MigrationEntry> record(const Folder& folder);

}  // namespace schemagen::gen
