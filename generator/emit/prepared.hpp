// A folder made ready to run: scripts cut into statements, flags, digests and
// the chain, per dialect. `embed` prints it as C++; `check`, `verify` and
// `migrate` run it as it is.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "emit/folder.hpp"
#include "model/diagnostics.hpp"
#include "schemagen/migration.hpp"

namespace schemagen::gen {

struct PreparedScript {
  bool present = false;
  std::string text;
  std::vector<EmbeddedStatement> statements;
};

struct PreparedMigration {
  std::string id;
  std::string name;
  unsigned flags = 0;  ///< MigrationFlag
  PreparedScript up;
  PreparedScript down;
  std::vector<std::string> rebuilds;
  int minimum_server = 0;
  bool is_code = false;
  std::string checksum;
  std::string chain;

  /// Whether a down can be run: an empty script has to say that it is meant.
  bool has_way_back() const {
    return down.present &&
           (!down.statements.empty() || (flags & kNothingToUndo) != 0);
  }
};

/// The migrations of one dialect, by id.
struct PreparedDialect {
  std::string dialect;
  std::vector<PreparedMigration> migrations;
};

/// Cuts every script with its dialect's parser; what that parser refuses is an
/// error at its line.
std::vector<PreparedDialect> prepare(const Folder& folder,
                                     const std::vector<std::string>& dialects,
                                     Diagnostics& diagnostics);

/// A MigrationSet over prepared migrations, for a Migrator in this process.
/// Code migrations are left out: their code is not here.
class MemorySet {
 public:
  MemorySet(std::string name, std::vector<PreparedDialect> dialects);
  ~MemorySet();
  MemorySet(const MemorySet&) = delete;
  MemorySet& operator=(const MemorySet&) = delete;

  const MigrationSet& set() const;

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

/// The lowest version of the server that knows what `script` uses, as its
/// client library numbers versions (3035000, 150000); 0 = any.
int minimum_server(const std::string& dialect, const std::string& script);

/// How a database of `dialect` is opened; nullptr when this build of the tool
/// has no driver for it.
const Connector* find_driver(const std::string& dialect);

}  // namespace schemagen::gen
