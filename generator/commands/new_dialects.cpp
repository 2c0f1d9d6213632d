#include "commands/new_dialects.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "dialect/dialect.hpp"
#include "emit/script_text.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {
namespace {

using Kind = core::MigrationFileName::Kind;

std::string path_of(const Folder& folder, const FolderMigration& migration,
                    const std::string& dialect, Kind kind) {
  const std::string file =
      core::format_file_name({migration.id, migration.name, dialect, kind});
  return (std::filesystem::path(folder.path) / file).string();
}

/// A single step down must not take everything away, so the first migration
/// holds it all, not the last.
void add_whole(const Folder& folder, const LateDialect& late,
               std::vector<OutputFile>& files, Diagnostics& diagnostics) {
  const Plan up = make_plan({}, folder.snapshot.schema, {}, diagnostics);
  const Plan down = reverse(up);
  const Dialect& dialect = *find_dialect(late.name);
  const FolderMigration& first = *late.lacking.front();
  files.push_back({path_of(folder, first, late.name, Kind::up),
                   "-- " + late.name +
                       " joined DIALECTS later: this makes what all "
                       "migrations up to\n-- " +
                       folder.migrations.back().id + " lead to.\n" +
                       script_text(dialect.render(up), up)});
  files.push_back({path_of(folder, first, late.name, Kind::down),
                   script_text(dialect.render(down), down)});
}

void add_empty(const Folder& folder, const LateDialect& late,
               const FolderMigration& migration,
               std::vector<OutputFile>& files) {
  const FolderMigration& first = *late.lacking.front();
  files.push_back({path_of(folder, migration, late.name, Kind::up),
                   nothing_to_do_text(first.id + "_" + first.name)});
  files.push_back({path_of(folder, migration, late.name, Kind::down),
                   nothing_to_undo_text()});
}

}  // namespace

std::vector<LateDialect> late_dialects(const Project& project,
                                       const Folder& folder) {
  std::vector<LateDialect> all;
  if (!folder.snapshot_text) return all;
  const std::vector<std::string>& known = folder.snapshot.dialects;
  for (const std::string& dialect : project.dialects) {
    if (std::find(known.begin(), known.end(), dialect) != known.end()) continue;
    LateDialect late{dialect, {}, false};
    for (const FolderMigration& migration : folder.migrations) {
      if (migration.is_code()) continue;
      const ScriptFile* up = migration.find(Kind::up, dialect);
      const bool is_own = up != nullptr && up->name.dialect == dialect;
      if (!is_own) late.lacking.push_back(&migration);
      late.has_some = late.has_some || is_own;
    }
    if (!late.lacking.empty()) all.push_back(std::move(late));
  }
  return all;
}

std::vector<OutputFile> scripts_of_late_dialects(const Project& project,
                                                 const Folder& folder,
                                                 Diagnostics& diagnostics) {
  std::vector<OutputFile> files;
  for (const LateDialect& late : late_dialects(project, folder)) {
    const FolderMigration& first = *late.lacking.front();
    if (late.has_some) {
      diagnostics.error(
          {first.files.front().path, 0, 0}, "missing-script",
          "was written before " + late.name + " was in DIALECTS; add " +
              path_of(folder, first, late.name, Kind::up) +
              ", as other migrations have it, then run `schemagen accept`");
      return {};
    }
    add_whole(folder, late, files, diagnostics);
    for (const FolderMigration* migration : late.lacking) {
      if (migration != &first) add_empty(folder, late, *migration, files);
    }
  }
  return files;
}

}  // namespace schemagen::gen
