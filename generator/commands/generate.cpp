#include "commands/generate.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "commands/new_dialects.hpp"
#include "commands/replay.hpp"
#include "dialect/dialect.hpp"
#include "emit/prepared.hpp"
#include "emit/script_text.hpp"
#include "model/snapshot.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;
using Kind = core::MigrationFileName::Kind;

OutputFile script_file(const Project& project, const Generated& migration,
                       const std::string& dialect, Kind kind,
                       std::string text) {
  const bool has_several = project.dialects.size() > 1;
  const std::string file = core::format_file_name(
      {migration.id, migration.name, has_several ? dialect : "", kind});
  return {(fs::path(project.schema_dir) / file).string(), std::move(text)};
}

void render_scripts(const Project& project, Generated& migration) {
  const Plan down = reverse(migration.plan);
  for (const std::string& name : project.dialects) {
    const Dialect& dialect = *find_dialect(name);
    const Script up_script = dialect.render(migration.plan);
    const Script down_script = dialect.render(down);
    migration.scripts.push_back(
        script_file(project, migration, name, Kind::up,
                    script_text(up_script, migration.plan)));
    migration.scripts.push_back(script_file(
        project, migration, name, Kind::down, script_text(down_script, down)));
    for (const Script* script : {&up_script, &down_script}) {
      for (const std::string& block : script->blocks) {
        migration.blocks.push_back(name + ": " + block);
      }
    }
    for (const std::string& column : down_script.invented) {
      auto& all = migration.invented;
      if (std::find(all.begin(), all.end(), column) == all.end()) {
        all.push_back(column);
      }
    }
  }
}

/// Law 2, before anything is written. A migration with a block for the user
/// cannot be tried yet; check stays red until it can.
bool prove(const Project& project, const Folder& folder, const Schema& model,
           bool has_blocks, Diagnostics& diagnostics) {
  Diagnostics found;
  const auto prepared = prepare(folder, project.dialects, found);
  for (const PreparedDialect& dialect : prepared) {
    const Scratch scratch = memory_scratch(dialect.dialect);
    if (!scratch || has_blocks || found.has_errors()) continue;
    replay(dialect, folder, &model, Depth::up_down_last, scratch, found);
  }
  for (Diagnostic& diagnostic : found.sorted()) {
    diagnostics.add(std::move(diagnostic));
  }
  if (!found.has_errors()) return true;
  diagnostics.error({project.schema_dir, 0, 0}, "not-proved",
                    "nothing was written, because the migration failed its "
                    "trial run; mend the SQL of the annotation that is named "
                    "above, or report this if there is none");
  return false;
}

void append_lines(std::string& text, const std::string& indent,
                  const std::vector<std::string>& lines) {
  for (const std::string& line : lines) text += indent + line + "\n";
}

std::string summary(const Generated& migration, bool dry_run) {
  if (migration.scripts.empty()) {
    return "took the last migration away: the entities are as before it\n";
  }
  std::string text = migration.id + "_" + migration.name + "\n";
  for (const Change& change : migration.plan.changes) {
    text += "  " + describe(change) + "\n";
  }
  text += migration.compatible ? "older programs work on the result\n"
                               : "older programs do not work on the result\n";
  if (migration.invented.empty()) {
    text += "down: every value comes back\n";
  } else {
    text += "down: the shape comes back, the values of these are invented\n";
    append_lines(text, "  ", migration.invented);
  }
  if (!migration.blocks.empty()) {
    text += "to be written by hand before check is green:\n";
    append_lines(text, "  ", migration.blocks);
  }
  for (const OutputFile& file : migration.scripts) {
    text += (dry_run ? "-- " : "wrote ") + file.path + "\n";
    if (dry_run) text += file.content + "\n";
  }
  return text;
}

std::string json_list(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += ", ";
    append_json(text, value);
  }
  return "[" + text + "]";
}

std::string summary_json(const Generated& migration, bool dry_run) {
  std::vector<std::string> files, changes;
  for (const OutputFile& file : migration.scripts) files.push_back(file.path);
  for (const Change& change : migration.plan.changes) {
    changes.push_back(describe(change));
  }
  std::string text = "\"id\": ";
  append_json(text, migration.id);
  text += ", \"name\": ";
  append_json(text, migration.name);
  text += ", \"changes\": " + json_list(changes);
  text += ", \"files\": " + json_list(files);
  text += ", \"written\": " + std::string(dry_run ? "false" : "true");
  text += ", \"compatible\": ";
  text += migration.compatible ? "true" : "false";
  return text + ", \"invented\": " + json_list(migration.invented) +
         ", \"blocks\": " + json_list(migration.blocks);
}

/// Removes the last migration from a base: --amend writes it again.
bool take_last(Base& base, OutputSet& outputs, std::string& id,
               std::string& name, Diagnostics& diagnostics) {
  if (base.folder.migrations.empty()) {
    diagnostics.error({base.folder.path, 0, 0}, "nothing-to-amend",
                      "has no migration to amend; leave out --amend");
    return false;
  }
  const FolderMigration& last = base.folder.migrations.back();
  const Snapshot& snapshot = base.folder.snapshot;
  if (snapshot.before.migration != last.id) {
    diagnostics.error({last.files.front().path, 0, 0}, "nothing-to-amend",
                      "was not written by the last `generate`, so it cannot "
                      "be written anew; leave out --amend");
    return false;
  }
  for (const ScriptFile& file : last.files) {
    outputs.removed.push_back(file.path);
  }
  id = last.id;
  if (name.empty()) name = last.name;
  base.schema = schema_before(snapshot);
  base.folder.migrations.pop_back();
  return true;
}

std::string wanted_name(const Arguments& arguments,
                        const Environment& environment) {
  if (!arguments.name_from_env) return arguments.name;
  return environment.variable("NAME").value_or("");
}

/// The steps of `generate` in their order; each gives up with an error.
class Generate {
 public:
  Generate(const Project& project, const Arguments& arguments,
           const Environment& environment, Outcome& outcome)
      : project_(project),
        arguments_(arguments),
        environment_(environment),
        outcome_(outcome) {}

  void run() {
    Diagnostics& all = outcome_.diagnostics;
    const auto lock = FolderLock::acquire(project_.schema_dir,
                                          FolderLock::Mode::exclusive, all);
    if (!lock || !read_base() || !add_dialects()) return;
    const auto model = read_model(project_, environment_, all);
    if (!model || !choose_id()) return;
    auto migration = make_migration(project_, base_, model->schema,
                                    arguments_.consents, id_, name_, all);
    if (!migration) return;
    if (migration->plan.changes.empty() && arguments_.amend) {
      // The model is back where it was: no migration is left to be written.
      migration->snapshot =
          snapshot_file(base_.folder, base_.schema, {}, project_.dialects);
    } else if (migration->plan.changes.empty() && !late_scripts_.empty()) {
      if (!prove(project_, base_.folder, model->schema, false, all)) return;
      migration->snapshot =
          snapshot_file(base_.folder, base_.schema, {}, project_.dialects);
    } else if (migration->plan.changes.empty()) {
      outcome_.text = "nothing to do: the entities are as the snapshot says\n";
      outcome_.json = "\"files\": [], \"written\": false";
      return;
    }
    write(*migration);
  }

 private:
  bool read_base() {
    Diagnostics found;
    base_.folder = open_folder(project_, found);
    if (!found.has_errors()) {
      check_record(base_.folder, found);
      check_blocks(base_.folder, found);
      base_.schema = base_.folder.snapshot.schema;
    }
    for (Diagnostic& diagnostic : found.sorted()) {
      outcome_.diagnostics.add(std::move(diagnostic));
    }
    return !found.has_errors();
  }

  /// DIALECTS has grown: the migrations that are there get scripts for it.
  bool add_dialects() {
    Diagnostics& all = outcome_.diagnostics;
    late_scripts_ = scripts_of_late_dialects(project_, base_.folder, all);
    if (late_scripts_.empty()) return !all.has_errors();
    if (arguments_.amend) {
      all.error({base_.folder.snapshot_path(), 0, 0}, "dialects-changed",
                "knows fewer DIALECTS than the target has; run `schemagen "
                "generate` without --amend first");
      return false;
    }
    base_.folder = with_files(std::move(base_.folder), late_scripts_,
                              project_.dialects, all);
    return !all.has_errors();
  }

  bool choose_id() {
    const std::string asked = wanted_name(arguments_, environment_);
    name_ = snake_name(asked);
    if (name_.empty() && !asked.empty()) {
      outcome_.diagnostics.error({}, "bad-name",
                                 "\"" + asked +
                                     "\" gives no file name; use letters, "
                                     "digits and _");
      return false;
    }
    if (arguments_.amend) {
      return take_last(base_, outputs_, id_, name_, outcome_.diagnostics);
    }
    const auto& all = base_.folder.migrations;
    const auto id = next_id(arguments_.now, all.empty() ? "" : all.back().id,
                            environment_, outcome_.diagnostics);
    if (id) id_ = *id;
    return id.has_value();
  }

  void write(const Generated& migration) {
    if (!arguments_.dry_run) {
      outputs_.files = late_scripts_;
      outputs_.files.insert(outputs_.files.end(), migration.scripts.begin(),
                            migration.scripts.end());
      outputs_.files.push_back(migration.snapshot);
      const auto is_kept = [&](const std::string& path) {
        return std::any_of(
            outputs_.files.begin(), outputs_.files.end(),
            [&](const OutputFile& file) { return file.path == path; });
      };
      auto& removed = outputs_.removed;
      removed.erase(std::remove_if(removed.begin(), removed.end(), is_kept),
                    removed.end());
      if (!write_outputs(outputs_, outcome_.diagnostics, project_.schema_dir))
        return;
    }
    append_late_scripts();
    if (migration.scripts.empty() && !late_scripts_.empty()) return;
    outcome_.text += summary(migration, arguments_.dry_run);
    outcome_.json = summary_json(migration, arguments_.dry_run);
  }

  void append_late_scripts() {
    if (late_scripts_.empty()) return;
    outcome_.text =
        "DIALECTS has grown; what hand-written scripts do to rows is not in "
        "these yet:\n";
    for (const OutputFile& file : late_scripts_) {
      outcome_.text += (arguments_.dry_run ? "-- " : "wrote ") + file.path;
      outcome_.text += "\n" + (arguments_.dry_run ? file.content + "\n" : "");
    }
    outcome_.json = "\"files\": [";
    for (const OutputFile& file : late_scripts_) {
      if (&file != &late_scripts_.front()) outcome_.json += ", ";
      append_json(outcome_.json, file.path);
    }
    outcome_.json +=
        arguments_.dry_run ? "], \"written\": false" : "], \"written\": true";
  }

  const Project& project_;
  const Arguments& arguments_;
  const Environment& environment_;
  Outcome& outcome_;
  Base base_;
  std::vector<OutputFile> late_scripts_;
  OutputSet outputs_;
  std::string id_;
  std::string name_;
};

}  // namespace

OutputFile snapshot_file(const Folder& folder, const Schema& schema,
                         const Before& before,
                         const std::vector<std::string>& dialects) {
  Snapshot snapshot;
  snapshot.before = before;
  snapshot.dialects = dialects;
  snapshot.schema = schema;
  snapshot.migrations = record(folder);
  return {folder.snapshot_path(), write_snapshot(snapshot)};
}

std::optional<Generated> make_migration(const Project& project,
                                        const Base& base, const Schema& model,
                                        const Consents& consents,
                                        const std::string& id,
                                        const std::string& name,
                                        Diagnostics& diagnostics) {
  Diagnostics found;
  Generated migration;
  migration.id = id;
  migration.plan = make_plan(base.schema, model, consents, found);
  for (Diagnostic& diagnostic : found.sorted()) {
    diagnostics.add(std::move(diagnostic));
  }
  if (found.has_errors()) return std::nullopt;
  if (migration.plan.changes.empty()) return migration;
  migration.name =
      name.empty() ? snake_name(derive_name(migration.plan)) : name;
  if (migration.name.empty()) migration.name = "changes";
  migration.compatible = is_compatible(migration.plan);
  render_scripts(project, migration);
  const Folder folder =
      with_files(base.folder, migration.scripts, project.dialects, diagnostics);
  if (!prove(project, folder, model, !migration.blocks.empty(), diagnostics)) {
    return std::nullopt;
  }
  migration.snapshot = snapshot_file(
      folder, model, remember(base.schema, model, id), project.dialects);
  return migration;
}

Outcome run_generate(const Arguments& arguments,
                     const Environment& environment) {
  Outcome outcome;
  const auto project =
      open_project(arguments, environment, outcome.diagnostics);
  if (project && !project->has_entities) {
    outcome.diagnostics.error(
        {project->schema_dir, 0, 0}, "no-entities",
        "holds hand-written migrations only; `schemagen new NAME` begins one");
  } else if (project) {
    Generate(*project, arguments, environment, outcome).run();
  }
  return finish(std::move(outcome), kUsage);
}

}  // namespace schemagen::gen
