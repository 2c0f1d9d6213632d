#include "commands/check.hpp"

#include <algorithm>
#include <utility>

#include "commands/drift.hpp"
#include "commands/new_dialects.hpp"
#include "commands/replay.hpp"

namespace schemagen::gen {
namespace {

void check_dialects(const Project& project, const Folder& folder,
                    Diagnostics& diagnostics) {
  if (!folder.snapshot_text || folder.snapshot.dialects == project.dialects) {
    return;
  }
  const auto words = [](const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
      text += (text.empty() ? "" : " ") + name;
    }
    return text;
  };
  diagnostics.error(
      {folder.snapshot_path(), 0, 0}, "dialects-changed",
      "was made for DIALECTS " + words(folder.snapshot.dialects) +
          ", the target now has " + words(project.dialects) +
          (late_dialects(project, folder).empty()
               ? "; see that every migration has a script for each of them, "
                 "then run `schemagen accept`"
               : "; write their scripts, run: " + project.generate_command()));
}

/// The folder by itself and against its snapshot. False: the model need not be
/// held against it, since what it says is not known.
bool check_folder(const Project& project, Checked& checked,
                  Diagnostics& diagnostics) {
  Diagnostics found;
  checked.folder = view_folder(project, found);
  const bool readable = !found.has_errors();
  if (readable && project.has_entities) {
    check_record(checked.folder, found);
    check_dialects(project, checked.folder, found);
  }
  check_blocks(checked.folder, found);
  if (readable) {
    checked.prepared = prepare(checked.folder, project.dialects, found);
  }
  for (Diagnostic& diagnostic : found.sorted()) {
    diagnostics.add(std::move(diagnostic));
  }
  return readable;
}

/// No snapshot fits both of two configurations that differ, so that the remedy
/// for drift would only go to and fro. True: that was told.
bool tell_configurations(const Project& project, const Model& model,
                         const Environment& environment,
                         Diagnostics& diagnostics) {
  if (project.config.empty()) return false;
  for (const std::string& file : other_configurations(project)) {
    Diagnostics none, differences;
    const auto other = read_project(file, none);
    if (!other) continue;
    const auto theirs = read_model(*other, environment, none);
    if (!theirs || theirs->schema == model.schema) continue;
    report_drift(theirs->schema, model.schema, project.schema_dir, "",
                 Severity::error, differences);
    for (const Diagnostic& difference : differences.sorted()) {
      diagnostics.error(difference.at, "configurations-differ",
                        "the entities of " + project.config +
                            " differ here from those of " + other->config +
                            ", and one snapshot serves both; declare the same "
                            "in every configuration");
    }
    return true;
  }
  return false;
}

void check_drift(const Project& project, const Model& model,
                 const Environment& environment, Checked& checked,
                 Diagnostics& diagnostics) {
  const Folder& folder = checked.folder;
  if (folder.snapshot.schema == model.schema) return;
  checked.has_drift = true;
  if (tell_configurations(project, model, environment, diagnostics)) return;
  const bool is_told = !folder.snapshot_text && !folder.migrations.empty();
  if (is_told) return;  // by check_record: the snapshot is missing
  const Severity severity =
      project.on_drift == OnDrift::warn ? Severity::warning : Severity::error;
  if (folder.snapshot_text) {
    report_drift(folder.snapshot.schema, model.schema, folder.snapshot_path(),
                 project.generate_command(), severity, diagnostics);
    return;
  }
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.id = "no-snapshot";
  diagnostic.at = {project.schema_dir, 0, 0};
  diagnostic.message = "has no migration yet; write the first one, run: " +
                       project.generate_command();
  diagnostics.add(std::move(diagnostic));
}

void check_replay(const Project& project, Checked& checked,
                  Diagnostics& diagnostics) {
  for (const PreparedDialect& dialect : checked.prepared) {
    const Scratch scratch = memory_scratch(dialect.dialect);
    if (!scratch) continue;
    const Schema* schema =
        project.has_entities ? &checked.folder.snapshot.schema : nullptr;
    const auto extra = replay(dialect, checked.folder, schema, Depth::none,
                              scratch, diagnostics);
    for (const std::string& object : extra) {
      checked.unmodelled.push_back(dialect.dialect + ": " + object);
    }
  }
}

void add_files(Checked& checked) {
  std::vector<std::string>& files = checked.dependencies;
  if (checked.folder.snapshot_text) {
    files.push_back(checked.folder.snapshot_path());
  }
  for (const FolderMigration& migration : checked.folder.migrations) {
    for (const ScriptFile& file : migration.files) files.push_back(file.path);
  }
  files.push_back(checked.folder.path);  // files that come and go
}

}  // namespace

Checked check_project(const Project& project, const Environment& environment,
                      Diagnostics& diagnostics) {
  Checked checked;
  const bool readable = check_folder(project, checked, diagnostics);
  checked.input_failed = !readable;
  if (readable && project.replay && !diagnostics.has_errors()) {
    check_replay(project, checked, diagnostics);
  }
  if (project.has_entities) {
    const auto model = read_model(project, environment, diagnostics);
    if (!model) checked.input_failed = true;
    if (model) checked.dependencies = model->dependencies;
    if (model && readable) {
      check_drift(project, *model, environment, checked, diagnostics);
    }
  }
  add_files(checked);
  return checked;
}

Outcome run_check(const Arguments& arguments, const Environment& environment) {
  Outcome outcome;
  const auto project =
      open_project(arguments, environment, outcome.diagnostics);
  if (!project) return finish(std::move(outcome), kUsage);
  const Checked checked =
      check_project(*project, environment, outcome.diagnostics);
  for (const std::string& object : checked.unmodelled) {
    outcome.text += "not compared: " + object + "\n";
  }
  return finish(std::move(outcome), checked.input_failed ? kUsage : kFindings);
}

}  // namespace schemagen::gen
