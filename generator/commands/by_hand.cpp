// new and accept: migrations that people write, and edits of those that the
// generator wrote.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "commands/generate.hpp"
#include "commands/new_dialects.hpp"
#include "commands/replay.hpp"
#include "commands/scratch.hpp"
#include "commands/workspace.hpp"
#include "emit/output.hpp"
#include "emit/template.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;
using Kind = core::MigrationFileName::Kind;

OutputFile new_file(const Project& project, const std::string& dialect,
                    core::MigrationFileName name) {
  TemplateValues values;
  values.values = {
      {"id", name.id},
      {"name", name.name},
      {"purpose", name.kind == Kind::down ? "what takes it back."
                                          : "say here what it does."}};
  name.dialect = dialect;
  const std::string file = core::format_file_name(name);
  return {(fs::path(project.schema_dir) / file).string(),
          render_template(name.kind == Kind::code ? "new_migration.cpp"
                                                  : "new_migration.sql",
                          values)};
}

std::vector<OutputFile> new_files(const Project& project, bool code,
                                  const core::MigrationFileName& name) {
  if (code) return {new_file(project, "", name)};
  std::vector<OutputFile> files;
  const bool has_several = project.dialects.size() > 1;
  for (const std::string& dialect : project.dialects) {
    for (Kind kind : {Kind::up, Kind::down}) {
      core::MigrationFileName one = name;
      one.kind = kind;
      files.push_back(new_file(project, has_several ? dialect : "", one));
    }
  }
  return files;
}

void write_new(const Project& project, const Arguments& arguments,
               const Environment& environment, Outcome& outcome) {
  Diagnostics& all = outcome.diagnostics;
  const auto lock =
      FolderLock::acquire(project.schema_dir, FolderLock::Mode::exclusive, all);
  if (!lock) return;
  const Folder folder = open_folder(project, all);
  if (all.has_errors()) return;
  core::MigrationFileName name;
  name.name = snake_name(arguments.name);
  name.kind = arguments.code ? Kind::code : Kind::up;
  if (name.name.empty()) {
    all.error({}, "bad-name",
              "\"" + arguments.name +
                  "\" gives no file name; use letters, digits and _");
    return;
  }
  const auto id =
      next_id(arguments.now,
              folder.migrations.empty() ? "" : folder.migrations.back().id,
              environment, all);
  if (!id) return;
  name.id = *id;
  const auto files = new_files(project, arguments.code, name);
  outcome.wrote_files = write_outputs({files, {}}, all, project.schema_dir);
  if (!outcome.wrote_files) return;
  for (const OutputFile& file : files) {
    outcome.text += "wrote " + file.path + "\n";
  }
  outcome.text += project.has_entities
                      ? "write it, then `schemagen accept` records it\n"
                      : "write it; the next build embeds it\n";
  if (arguments.code) {
    outcome.text += "CMake notices the new source when it runs again\n";
  }
}

/// What a person did to the folder may be recorded when the scripts run, lead
/// to the snapshot's schema, and stand in an order that databases can follow.
bool may_accept(const Project& project, const Folder& folder,
                const Schema& schema, const Environment& environment,
                Diagnostics& diagnostics) {
  check_blocks(folder, diagnostics);
  for (const LateDialect& late : late_dialects(project, folder)) {
    diagnostics.error(
        {late.lacking.front()->files.front().path, 0, 0}, "missing-script",
        "was written before " + late.name + " was in DIALECTS; " +
            (late.has_some ? "add a script of its own for " + late.name
                           : "run: " + project.generate_command()));
  }
  Diagnostics found;
  check_record(folder, found);
  for (Diagnostic& diagnostic : found.sorted()) {
    if (diagnostic.id != "late-migration") continue;
    diagnostics.add(std::move(diagnostic));
  }
  const auto prepared = prepare(folder, project.dialects, diagnostics);
  if (diagnostics.has_errors()) return false;
  for (const PreparedDialect& dialect : prepared) {
    const ScratchServer server =
        open_scratch(dialect.dialect, {}, environment, diagnostics);
    if (!server.scratch) continue;
    replay(dialect, folder, &schema, Depth::none, server.scratch, diagnostics);
  }
  return !diagnostics.has_errors();
}

/// Whether the last migration is still what `generate` wrote: --amend would
/// write another one over the user's own lines.
bool is_as_generated(const Folder& folder) {
  const Before& before = folder.snapshot.before;
  if (folder.migrations.empty() ||
      folder.migrations.back().id != before.migration) {
    return false;
  }
  const std::vector<MigrationEntry> now = record(folder);
  const auto is_part = [&](const std::string& id) {
    return id == before.migration ||
           std::find(before.parts.begin(), before.parts.end(), id) !=
               before.parts.end();
  };
  const auto& recorded = folder.snapshot.migrations;
  return std::none_of(
      recorded.begin(), recorded.end(), [&](const MigrationEntry& old) {
        return is_part(old.id) &&
               std::any_of(now.begin(), now.end(), [&](const auto& entry) {
                 return entry.id == old.id && entry.digest != old.digest;
               });
      });
}

}  // namespace

Outcome run_new(const Arguments& arguments, const Environment& environment) {
  Outcome outcome;
  const auto project =
      open_project(arguments, environment, outcome.diagnostics);
  if (project) write_new(*project, arguments, environment, outcome);
  return finish(std::move(outcome), kUsage);
}

Outcome run_accept(const Arguments& arguments, const Environment& environment) {
  Outcome outcome;
  Diagnostics& all = outcome.diagnostics;
  const auto project = open_project(arguments, environment, all);
  if (!project) return finish(std::move(outcome), kUsage);
  if (!project->has_entities) {
    outcome.text = "nothing to do: a hand-written folder has no record\n";
    return outcome;
  }
  const auto lock = FolderLock::acquire(project->schema_dir,
                                        FolderLock::Mode::exclusive, all);
  if (!lock) return finish(std::move(outcome), kUsage);
  const Folder folder = open_folder(*project, all);
  if (all.has_errors()) return finish(std::move(outcome), kUsage);
  // Without a snapshot the headers are what the scripts have to lead to.
  const auto model = folder.snapshot_text
                         ? Model{folder.snapshot.schema, {}}
                         : read_model(*project, environment, all);
  if (!model) return finish(std::move(outcome), kUsage);
  if (!may_accept(*project, folder, model->schema, environment, all)) {
    return finish(std::move(outcome), kFindings);
  }
  Before before = folder.snapshot.before;
  if (!is_as_generated(folder)) before = {};
  const OutputFile snapshot =
      snapshot_file(folder, model->schema, before, project->dialects);
  if (folder.snapshot_text && *folder.snapshot_text == snapshot.content) {
    outcome.text = "nothing to do: every script is as recorded\n";
  } else if (outcome.wrote_files = write_outputs({{snapshot}, {}}, all);
             outcome.wrote_files) {
    outcome.text = "recorded in " + snapshot.path + "\n";
  }
  return finish(std::move(outcome), kUsage);
}

}  // namespace schemagen::gen
