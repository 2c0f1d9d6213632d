#include "commands/origin.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "commands/git.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

bool wrote(const Before& before, const std::string& id) {
  return id == before.migration ||
         std::find(before.parts.begin(), before.parts.end(), id) !=
             before.parts.end();
}

/// A form of one part has no parts that tell it, but the others need no such
/// head.
bool is_without_transaction(const FolderMigration& migration) {
  return std::any_of(
      migration.files.begin(), migration.files.end(),
      [](const ScriptFile& file) { return file.directives.no_transaction; });
}

}  // namespace

Origin origin_of(const FolderMigration& migration, const Snapshot& snapshot) {
  const Before& before = snapshot.before;
  // By its digest, since it may have had another id when it was written.
  const bool is_known = std::any_of(
      snapshot.migrations.begin(), snapshot.migrations.end(),
      [&](const MigrationEntry& entry) {
        return entry.digest == migration.digest && wrote(before, entry.id);
      });
  if (!is_known || migration.is_code()) return Origin::by_hand;
  const bool is_online =
      !before.parts.empty() || is_without_transaction(migration);
  return is_online ? Origin::online : Origin::generated;
}

Origin origin_of(const FolderMigration& migration, const Snapshot& snapshot,
                 const std::string& snapshot_path) {
  Origin origin = origin_of(migration, snapshot);
  if (origin != Origin::by_hand || migration.is_code()) return origin;
  const fs::path folder = fs::path(snapshot_path).parent_path();
  const std::string file = "./" + fs::path(snapshot_path).filename().string();
  const auto commits = ask_git(
      folder, "log --all --full-history -m --no-show-signature --format=%H -S" +
                  shell_word(migration.digest) + " -- " + shell_word(file));
  std::istringstream lines(commits.value_or(""));
  for (std::string commit; std::getline(lines, commit);) {
    const auto text =
        ask_git(folder, "show " + shell_word(commit + ":" + file));
    Diagnostics none;
    if (text) origin = origin_of(migration, read_snapshot(*text, file, none));
    if (origin != Origin::by_hand) break;
  }
  return origin;
}

}  // namespace schemagen::gen
