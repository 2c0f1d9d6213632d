// After a merge in which both branches added migrations: mine go on top of
// theirs, under new ids. Scripts are kept as they are where a trial run shows
// that they still lead to the model; otherwise one new migration replaces them,
// and code migrations, which nobody can write anew, go on behind it.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "commands/generate.hpp"
#include "commands/merge_sides.hpp"
#include "commands/replay.hpp"
#include "commands/scratch.hpp"
#include "commands/workspace.hpp"
#include "emit/output.hpp"
#include "emit/prepared.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;
using Kind = core::MigrationFileName::Kind;

bool holds(const std::vector<MigrationEntry>& entries,
           const core::MigrationFileName& name) {
  return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
    return entry.id == name.id && entry.name == name.name;
  });
}

core::MigrationFileName name_of(const OutputFile& file) {
  return core::parse_file_name(fs::path(file.path).filename().string())
      .value_or(core::MigrationFileName{});
}

/// The file under another id; a code migration names its id inside as well.
OutputFile renumbered(const OutputFile& file, const std::string& id) {
  core::MigrationFileName name = name_of(file);
  OutputFile result = file;
  const std::string old = "SCHEMAGEN_MIGRATION(" + name.id + ",";
  const std::size_t at =
      name.kind == Kind::code ? file.content.find(old) : std::string::npos;
  if (at != std::string::npos) {
    result.content.replace(at, old.size(), "SCHEMAGEN_MIGRATION(" + id + ",");
  }
  name.id = id;
  result.path =
      (fs::path(file.path).parent_path() / core::format_file_name(name))
          .string();
  return result;
}

class Rebase {
 public:
  Rebase(const Project& project, const Arguments& arguments,
         const Environment& environment, Outcome& outcome)
      : project_(project),
        arguments_(arguments),
        environment_(environment),
        outcome_(outcome) {}

  int run() {
    Diagnostics& all = outcome_.diagnostics;
    const auto lock = FolderLock::acquire(project_.schema_dir,
                                          FolderLock::Mode::exclusive, all);
    if (!lock || !read_sides()) return kUsage;
    if (mine_.empty() && !has_conflict_) {
      outcome_.text = "nothing to do: no migration is off the line\n";
      return kDone;
    }
    if (mine_.empty()) return record_again() ? kDone : kFindings;
    const auto model = read_model(project_, environment_, all);
    if (!model || !renumber()) return kUsage;
    if (keep(model->schema)) return kDone;
    return replace(model->schema) ? kDone : kFindings;
  }

 private:
  /// Fills base_ with their side and mine_ with the files of mine.
  bool read_sides() {
    Diagnostics found;
    const Folder where{project_.schema_dir, {}, {}, {}};
    const auto text = read_file(where.snapshot_path(), found);
    const auto scripts = read_scripts(project_.schema_dir, found);
    if (text && !found.has_errors()) {
      const MergeSides sides = merge_sides(where.snapshot_path(), *text);
      const bool mine_is_theirs = arguments_.mine.empty()
                                      ? sides.mine_is_theirs
                                      : arguments_.mine == "theirs";
      is_guess_ = sides.is_guess;
      has_conflict_ = sides.ours != *text;
      base_.folder.path = project_.schema_dir;
      base_.folder.snapshot_text = mine_is_theirs ? sides.ours : sides.theirs;
      base_.folder.snapshot = read_snapshot(*base_.folder.snapshot_text,
                                            where.snapshot_path(), found);
    }
    if (!found.has_errors()) divide(scripts, found);
    if (!found.has_errors() && is_guess_) check_base(found);
    if (found.has_errors() && is_guess_) {
      found = {};
      found.error({where.snapshot_path(), 0, 0}, "merge-unclear",
                  "is no whole version any more: the merge mixed both outside "
                  "of its markers; put the other branch's version here, then "
                  "run `schemagen rebase` again");
    }
    for (Diagnostic& diagnostic : found.sorted()) {
      outcome_.diagnostics.add(std::move(diagnostic));
    }
    return !found.has_errors();
  }

  void divide(const std::vector<OutputFile>& scripts, Diagnostics& found) {
    std::vector<OutputFile> theirs;
    for (const OutputFile& file : scripts) {
      const bool is_theirs =
          holds(base_.folder.snapshot.migrations, name_of(file));
      (is_theirs ? theirs : mine_).push_back(file);
    }
    base_.folder =
        with_files(std::move(base_.folder), theirs, project_.dialects, found);
    base_.schema = base_.folder.snapshot.schema;
    // A commit of mine may edit what an earlier one of mine has added: that is
    // tried and recorded below like the rest.
    Diagnostics record;
    check_record(base_.folder, record);
    for (Diagnostic& diagnostic : record.sorted()) {
      const bool is_edit = diagnostic.id == "edited-migration";
      if (!is_edit || !has_conflict_) found.add(std::move(diagnostic));
    }
  }

  /// Nothing of mine is to be moved: the scripts are recorded as they are.
  bool record_again() {
    Diagnostics found;
    check_blocks(base_.folder, found);
    try_out(base_.folder, base_.schema, Depth::none, found);
    for (Diagnostic& diagnostic : found.sorted()) {
      outcome_.diagnostics.add(std::move(diagnostic));
    }
    if (found.has_errors()) return false;
    outcome_.text = "recorded the scripts, which still lead to the snapshot\n";
    return write(
        {}, snapshot_file(base_.folder, base_.schema,
                          base_.folder.snapshot.before, project_.dialects));
  }

  void try_out(const Folder& folder, const Schema& schema, Depth depth,
               Diagnostics& found) {
    for (const auto& dialect : prepare(folder, project_.dialects, found)) {
      if (found.has_errors()) break;
      const ScratchServer server =
          open_scratch(dialect.dialect, {}, environment_, outcome_.diagnostics);
      if (!server.scratch) continue;
      replay(dialect, folder, &schema, depth, server.scratch, found);
    }
  }

  /// Their snapshot has to be what their scripts lead to.
  void check_base(Diagnostics& found) const {
    const Folder& folder = base_.folder;
    for (const auto& dialect : prepare(folder, project_.dialects, found)) {
      const Scratch scratch = memory_scratch(dialect.dialect);
      if (!scratch || found.has_errors()) continue;
      replay(dialect, folder, &base_.schema, Depth::none, scratch, found);
    }
  }

  /// Gives mine ids above theirs, in the order that they had.
  bool renumber() {
    const auto& theirs = base_.folder.migrations;
    const auto id =
        next_id(arguments_.now, theirs.empty() ? "" : theirs.back().id,
                environment_, outcome_.diagnostics);
    if (!id) return false;
    std::string next = *id;
    std::string old;
    for (const OutputFile& file : mine_) {  // sorted by name, so by id
      const core::MigrationFileName name = name_of(file);
      if (!old.empty() && old != name.id + name.name) next = id_after(next);
      old = name.id + name.name;
      moved_.push_back(renumbered(file, next));
      if (name.kind != Kind::code) last_name_ = name.name;
    }
    first_id_ = *id;
    return true;
  }

  /// The same scripts on top of theirs, if they still lead to the model.
  bool keep(const Schema& model) {
    Diagnostics found;
    const Folder folder =
        with_files(base_.folder, moved_, project_.dialects, found);
    check_blocks(folder, found);
    try_out(folder, model, Depth::last, found);
    if (found.has_errors()) {
      const std::string what = found.sorted().front().message;
      why_anew_ = what.substr(0, what.find(';'));
      return false;
    }
    const bool is_one =
        folder.migrations.size() == base_.folder.migrations.size() + 1;
    const Before before =
        is_one ? remember(base_.schema, model, folder.migrations.back().id)
               : Before{};
    outcome_.text = "kept the scripts, which still lead to the model\n";
    return write(moved_,
                 snapshot_file(folder, model, before, project_.dialects));
  }

  bool replace(const Schema& model) {
    const auto migration =
        make_migration(project_, base_, model,
                       {arguments_.consents, first_id_, last_name_, false},
                       outcome_.diagnostics);
    if (!migration) return false;
    if (migration->plan.changes.empty()) {
      outcome_.diagnostics.error(
          {mine_.front().path, 0, 0}, "cannot-rebase",
          "does not lead to the model on top of the other migrations; mend "
          "it, then run `schemagen rebase` again");
      return false;
    }
    outcome_.text =
        "wrote one migration anew for those of mine: " + why_anew_ + "\n";
    std::vector<OutputFile> files = migration->scripts;
    add_code(migration->id, files);
    if (files.size() == migration->scripts.size()) {
      return write(files, migration->snapshot);
    }
    Diagnostics found;
    const Folder folder =
        with_files(base_.folder, files, project_.dialects, found);
    return write(files, snapshot_file(folder, model, {}, project_.dialects));
  }

  void add_code(std::string id, std::vector<OutputFile>& files) {
    for (const OutputFile& file : mine_) {
      if (name_of(file).kind != Kind::code) continue;
      id = id_after(id);
      files.push_back(renumbered(file, id));
      outcome_.text += "kept the code of " + file.path +
                       " behind it; look whether it still fits\n";
    }
  }

  bool write(const std::vector<OutputFile>& scripts,
             const OutputFile& snapshot) {
    OutputSet outputs;
    outputs.files = scripts;
    outputs.files.push_back(snapshot);
    for (const OutputFile& old : mine_) {
      const bool stays = std::any_of(
          scripts.begin(), scripts.end(),
          [&](const OutputFile& file) { return file.path == old.path; });
      if (stays) continue;
      outputs.removed.push_back(old.path);
      outcome_.text += "removed " + old.path + "\n";
    }
    for (const OutputFile& file : scripts) {
      outcome_.text += "wrote " + file.path + "\n";
    }
    return write_outputs(outputs, outcome_.diagnostics, project_.schema_dir);
  }

  const Project& project_;
  const Arguments& arguments_;
  const Environment& environment_;
  Outcome& outcome_;
  Base base_;
  std::vector<OutputFile> mine_;
  std::vector<OutputFile> moved_;
  std::string first_id_;
  std::string last_name_;
  std::string why_anew_;  ///< and not kept
  bool has_conflict_ = false;
  bool is_guess_ = false;  ///< the sides were told from conflict markers
};

}  // namespace

Outcome run_rebase(const Arguments& arguments, const Environment& environment) {
  Outcome outcome;
  const auto project =
      open_project(arguments, environment, outcome.diagnostics);
  if (!project) return finish(std::move(outcome), kUsage);
  if (!project->has_entities) {
    outcome.text =
        "nothing to do: a hand-written folder has no snapshot; give the late "
        "script a new id by renaming its files\n";
    return outcome;
  }
  const int code = Rebase(*project, arguments, environment, outcome).run();
  return finish(std::move(outcome), code == kDone ? kUsage : code);
}

}  // namespace schemagen::gen
