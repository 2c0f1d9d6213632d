#include "commands/generate.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "commands/derived_name.hpp"
#include "commands/new_dialects.hpp"
#include "commands/replay.hpp"
#include "dialect/dialect.hpp"
#include "emit/prepared.hpp"
#include "emit/script_text.hpp"
#include "model/snapshot.hpp"
#include "model/text.hpp"
#include "plan/compatible.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;
using Kind = core::MigrationFileName::Kind;

std::string label(const std::string& id, const std::string& name) {
  return id + "_" + name;
}

void append_new(const std::vector<std::string>& from,
                std::vector<std::string>& all) {
  for (const std::string& each : from) {
    if (std::find(all.begin(), all.end(), each) == all.end()) {
      all.push_back(each);
    }
  }
}

/// The ways of the dialects in step: the n-th stage of each goes into the n-th
/// migration.
class Stages {
 public:
  Stages(const Project& project, const Plan& plan, bool online) {
    for (const std::string& name : project.dialects) {
      const Dialect& dialect = *find_dialect(name);
      std::vector<Stage> stages;
      if (online) stages = dialect.render_online(plan);
      is_online_ = is_online_ || !stages.empty();
      if (stages.empty()) {
        const Plan down = reverse(plan);
        stages.push_back(
            {"", "", plan, down, dialect.render(plan), dialect.render(down)});
      }
      count_ = std::max(count_, stages.size());
      by_dialect_.emplace_back(name, std::move(stages));
    }
  }

  using OfDialect = std::pair<std::string, std::vector<Stage>>;
  const std::vector<OfDialect>& by_dialect() const { return by_dialect_; }
  std::size_t count() const { return count_; }
  bool is_online() const { return is_online_; }

  /// What the n-th migration adds to the name of them all.
  std::string suffix(std::size_t index) const {
    for (const OfDialect& each : by_dialect_) {
      if (index > 0 && index < each.second.size()) {
        return "_" + each.second[index].name;
      }
    }
    return "";
  }

 private:
  std::vector<OfDialect> by_dialect_;
  std::size_t count_ = 1;
  bool is_online_ = false;
};

/// The files of one migration.
class Writer {
 public:
  Writer(const Project& project, Generated& generated, std::string id,
         std::string name)
      : project_(project),
        generated_(generated),
        id_(std::move(id)),
        name_(std::move(name)) {}

  void add(const std::string& dialect, const Stage& stage,
           const std::string& part) {
    add(dialect, Kind::up, script_text(stage.up_script, stage.up, part));
    add(dialect, Kind::down, script_text(stage.down_script, stage.down, part));
    const std::string head = dialect + ": ";
    for (const Script* script : {&stage.up_script, &stage.down_script}) {
      for (const std::string& block : script->blocks()) {
        generated_.blocks.push_back(head + block);
      }
    }
    append_new(stage.down_script.invented, generated_.invented);
    append_new(stage.down_script.refusals(), generated_.refusals);
  }

  void add_nothing(const std::string& dialect) {
    add(dialect, Kind::up,
        nothing_to_do_text(label(generated_.id, generated_.name)));
    add(dialect, Kind::down, nothing_to_undo_text());
  }

 private:
  void add(const std::string& dialect, Kind kind, std::string text) {
    const bool has_several = project_.dialects.size() > 1;
    const std::string file =
        core::format_file_name({id_, name_, has_several ? dialect : "", kind});
    generated_.scripts.push_back(
        {(fs::path(project_.schema_dir) / file).string(), std::move(text)});
  }

  const Project& project_;
  Generated& generated_;
  std::string id_, name_;
};

std::string part_text(const Generated& generated, std::size_t index,
                      const Stages::OfDialect& stages) {
  if (stages.second.size() == 1) return "";
  return "Part " + std::to_string(index + 1) + " of " +
         std::to_string(stages.second.size()) + " of " +
         label(generated.id, generated.name) + ", each without long locks.\n" +
         stages.second[index].what;
}

/// Returns the ids, one second apart.
std::vector<std::string> render_scripts(const Project& project,
                                        const Stages& stages,
                                        Generated& generated) {
  std::vector<std::string> ids;
  for (std::size_t index = 0; index < stages.count(); ++index) {
    ids.push_back(ids.empty() ? generated.id : id_after(ids.back()));
    const std::string name = generated.name + stages.suffix(index);
    if (index > 0) generated.later.push_back(label(ids.back(), name));
    Writer writer(project, generated, ids.back(), name);
    for (const auto& each : stages.by_dialect()) {
      if (index < each.second.size()) {
        writer.add(each.first, each.second[index],
                   part_text(generated, index, each));
      } else {
        writer.add_nothing(each.first);
      }
    }
  }
  return ids;
}

/// Law 2, before anything is written: all up, the last `count` down and up
/// again. 0: there is a block for the user, so it cannot be tried yet; check
/// stays red until it can.
bool prove(const Project& project, const Folder& folder, const Schema& model,
           std::size_t count, Diagnostics& diagnostics) {
  Diagnostics found;
  const auto prepared = prepare(folder, project.dialects, found);
  for (const PreparedDialect& dialect : prepared) {
    const Scratch scratch = memory_scratch(dialect.dialect);
    if (!scratch || count == 0 || found.has_errors()) continue;
    replay(dialect, folder, &model, Depth{count}, scratch, found);
  }
  for (Diagnostic& diagnostic : found.sorted()) {
    diagnostics.add(std::move(diagnostic));
  }
  if (!found.has_errors()) return true;
  diagnostics.error({project.schema_dir, 0, 0}, "not-proved",
                    "nothing was written, because the migration failed its "
                    "trial run, as told of its script; mend the annotation "
                    "that has the SQL which is refused there, or report this "
                    "if none has it");
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
  std::string text = label(migration.id, migration.name) + "\n";
  for (const Change& change : migration.plan.changes) {
    text += "  " + describe(change) + "\n";
  }
  if (!migration.later.empty()) {
    text += "in several migrations, each without long locks; then:\n";
    append_lines(text, "  ", migration.later);
  }
  text += migration.compatible ? "older programs work on the result\n"
                               : "older programs do not work on the result\n";
  if (migration.invented.empty()) {
    text += "down: every value comes back\n";
  } else {
    text += "down: the shape comes back, the values of these are invented\n";
    append_lines(text, "  ", migration.invented);
  }
  if (!migration.refusals.empty()) {
    text += "down: impossible while rows forbid it\n";
    append_lines(text, "  ", migration.refusals);
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
  if (!migration.later.empty()) {
    text += ", \"later\": " + json_list(migration.later);
  }
  text += ", \"changes\": " + json_list(changes);
  text += ", \"files\": " + json_list(files);
  text += ", \"written\": " + std::string(dry_run ? "false" : "true");
  text += ", \"compatible\": ";
  text += migration.compatible ? "true" : "false";
  return text + ", \"invented\": " + json_list(migration.invented) +
         ", \"refusals\": " + json_list(migration.refusals) +
         ", \"blocks\": " + json_list(migration.blocks);
}

/// Removes the last migration from a base: --amend writes it again.
bool take_last(Base& base, OutputSet& outputs, Wish& wish,
               Diagnostics& diagnostics) {
  auto& all = base.folder.migrations;
  if (all.empty()) {
    diagnostics.error({base.folder.path, 0, 0}, "nothing-to-amend",
                      "has no migration to amend; leave out --amend");
    return false;
  }
  const Before& before = base.folder.snapshot.before;
  if (before.migration != all.back().id) {
    diagnostics.error({all.back().files.front().path, 0, 0}, "nothing-to-amend",
                      "was not written by the last `generate`, or edited by "
                      "hand since, so it is not written anew; leave out "
                      "--amend");
    return false;
  }
  std::vector<std::string> ids = before.parts;
  ids.push_back(before.migration);
  wish.id = ids.front();
  std::string name;
  for (const std::string& id : ids) {
    const auto part = std::find_if(
        all.begin(), all.end(),
        [&](const FolderMigration& migration) { return migration.id == id; });
    if (part == all.end()) continue;
    for (const ScriptFile& file : part->files) {
      outputs.removed.push_back(file.path);
    }
    if (name.empty()) name = part->name;
    all.erase(part);
  }
  base.schema = schema_before(base.folder.snapshot);
  // A derived name tells what changes, so it is derived anew.
  if (is_derived(name, base.schema, base.folder.snapshot.schema)) name.clear();
  if (wish.name.empty()) wish.name = name;
  return true;
}

/// The Linux of Windows calls every shell's machine NAME.
bool is_name_of_host(const Environment& environment, const std::string& name) {
  char host[256] = "";
  return environment.variable("WSL_DISTRO_NAME").has_value() &&
         ::gethostname(host, sizeof host - 1) == 0 && name == host;
}

std::string wanted_name(const Arguments& arguments,
                        const Environment& environment) {
  if (!arguments.name_from_env) return arguments.name;
  const auto name = environment.variable("NAME");
  return name && !is_name_of_host(environment, *name) ? *name : "";
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
    auto migration = make_migration(project_, base_, model->schema, wish_, all);
    if (!migration) return tell_command();
    if (migration->plan.changes.empty() && arguments_.amend) {
      // The model is back where it was: no migration is left to be written.
      migration->snapshot =
          snapshot_file(base_.folder, base_.schema, {}, project_.dialects);
    } else if (migration->plan.changes.empty() && !late_scripts_.empty()) {
      if (!prove(project_, base_.folder, model->schema, 1, all)) {
        return;
      }
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
  /// A target of the build takes no flags; the errors ask for some.
  void tell_command() {
    const auto all = outcome_.diagnostics.sorted();
    const bool asks_for_flags = std::any_of(
        all.begin(), all.end(),
        [](const Diagnostic& d) { return d.id == "unexplained-removal"; });
    if (!asks_for_flags || !arguments_.name_from_env) return;
    outcome_.text =
        "such flags go behind this command:\n  " +
        shell_word(environment_.program) + " generate -p " +
        shell_word(project_.build_dir) + " --target " +
        shell_word(project_.target) +
        (project_.config.empty() ? ""
                                 : " --config " + shell_word(project_.config)) +
        "\n";
  }

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
    wish_.consents = arguments_.consents;
    wish_.online = arguments_.online;
    wish_.name = snake_name(asked);
    if (wish_.name.empty() && !asked.empty()) {
      outcome_.diagnostics.error({}, "bad-name",
                                 "\"" + asked +
                                     "\" gives no file name; use letters, "
                                     "digits and _");
      return false;
    }
    if (arguments_.amend) {
      return take_last(base_, outputs_, wish_, outcome_.diagnostics);
    }
    const auto& all = base_.folder.migrations;
    const auto id = next_id(arguments_.now, all.empty() ? "" : all.back().id,
                            environment_, outcome_.diagnostics);
    if (id) wish_.id = *id;
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
      outcome_.wrote_files =
          write_outputs(outputs_, outcome_.diagnostics, project_.schema_dir);
      if (!outcome_.wrote_files) return;
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
  Wish wish_;
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
                                        const Wish& wish,
                                        Diagnostics& diagnostics) {
  Diagnostics found;
  Generated migration;
  migration.id = wish.id;
  migration.plan = make_plan(base.schema, model, wish.consents, found);
  for (Diagnostic& diagnostic : found.sorted()) {
    diagnostics.add(std::move(diagnostic));
  }
  if (found.has_errors()) return std::nullopt;
  if (migration.plan.changes.empty()) return migration;
  migration.name = wish.name.empty() ? derived_name(migration.plan) : wish.name;
  migration.compatible = is_compatible(migration.plan);
  const Stages stages(project, migration.plan, wish.online);
  if (wish.online && !stages.is_online()) {
    diagnostics.error({}, "no-online-form",
                      "--online is of no use, because none of the target's "
                      "DIALECTS has such a form; leave it out");
    return std::nullopt;
  }
  std::vector<std::string> ids = render_scripts(project, stages, migration);
  const Folder folder =
      with_files(base.folder, migration.scripts, project.dialects, diagnostics);
  const std::size_t count = migration.blocks.empty() ? ids.size() : 0;
  if (!prove(project, folder, model, count, diagnostics)) return std::nullopt;
  Before before = remember(base.schema, model, ids.back());
  ids.pop_back();
  before.parts = std::move(ids);
  migration.snapshot = snapshot_file(folder, model, before, project.dialects);
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
