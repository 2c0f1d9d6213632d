// The committed state: the model after the last migration and one line per
// migration. Canonical text, so that equal states are equal bytes, two branches
// that both add a migration conflict in it, and a review shows what changed.
// This file owns the format; reading is strict.
#pragma once

#include <string>
#include <vector>

#include "model/diagnostics.hpp"
#include "model/schema.hpp"

namespace schemagen::gen {

inline constexpr int kSnapshotFormat = 1;
inline constexpr const char* kSnapshotFile = "schema.snapshot.json";

/// A migration as the snapshot records it.
struct MigrationEntry {
  std::string id;      ///< YYYYMMDDHHMMSS
  std::string name;    ///< snake_name
  std::string digest;  ///< over all its files, "sha256-1:<hex>"
  SourceLocation at;
};

/// What the last migration changed, as it was before: just enough to write
/// that migration anew (`generate --amend`) without asking version control.
struct Before {
  std::string migration;  ///< its id; "" = not known
  /// Ids of the migrations before it that were written with it, as one.
  std::vector<std::string> parts;
  std::vector<std::string> added;  ///< "table users", "enum role": were absent
  Schema schema;                   ///< the changed and the removed objects only
};

struct Snapshot {
  std::vector<std::string> dialects;  ///< sorted
  Schema schema;
  std::vector<MigrationEntry> migrations;  ///< by id
  Before before;
};

/// The differences from `after` back to `before`, and `before` out of them.
Before remember(const Schema& before, const Schema& after,
                const std::string& migration);
Schema schema_before(const Snapshot& snapshot);

std::string write_snapshot(const Snapshot& snapshot);

/// The schema alone, in the same form: what `schemagen scan` prints.
std::string scan_json(const Schema& schema);

/// Parses `text`; `path` is for messages only. Tables, columns and the rest get
/// their line in the file as location. Of use only when no error was added.
Snapshot read_snapshot(const std::string& text, const std::string& path,
                       Diagnostics& diagnostics);

}  // namespace schemagen::gen
