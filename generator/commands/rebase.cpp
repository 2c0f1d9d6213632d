// After a merge in which both branches added migrations: mine go on top of
// theirs, under new ids. Scripts are kept as they are where a trial run shows
// that they still lead to the model; otherwise one new migration replaces those
// that the generator wrote. What people wrote, code included, nobody can write
// anew: it goes on behind that, or the command refuses.
#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "commands/generate.hpp"
#include "commands/merge_sides.hpp"
#include "commands/origin.hpp"
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

std::string last_id(const Generated& migration) {
  if (migration.later.empty()) return migration.id;
  return migration.later.back().substr(0, migration.id.size());
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
    if (mine_.empty()) return record_again();
    const auto model = read_model(project_, environment_, all);
    if (!model || !renumber()) return kUsage;
    Diagnostics none;  // what is wrong with a file of mine is told below
    my_folder_.path = project_.schema_dir;
    my_folder_ =
        with_files(std::move(my_folder_), moved_, project_.dialects, none);
    Diagnostics found;
    const Folder folder =
        with_files(base_.folder, moved_, project_.dialects, found);
    switch (try_out(folder, model->schema, found)) {
      case Trial::fits:
        return keep(folder, model->schema);
      case Trial::fails:
        note_failure(found);
        return replace(model->schema);
      case Trial::impossible:
        return kUsage;
    }
    return kUsage;
  }

 private:
  enum class Trial {
    fits,
    fails,
    impossible,  ///< the machine gave up; nothing is known of the scripts
  };

  /// Fills base_ with their side and mine_ with the files of mine.
  bool read_sides() {
    Diagnostics found;
    const Folder where{project_.schema_dir, {}, {}, {}};
    const auto text = read_file(where.snapshot_path(), found);
    const auto scripts = read_scripts(project_.schema_dir, found);
    if (text && !found.has_errors()) {
      const MergeSides sides = merge_sides(where.snapshot_path(), *text);
      if (!choose_side(sides, where.snapshot_path(), found)) return false;
      has_conflict_ = sides.ours != *text;
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

  /// False: which one is mine is up to the user.
  bool choose_side(const MergeSides& sides, const std::string& path,
                   Diagnostics& found) {
    if (sides.is_mine_unknown && arguments_.mine.empty()) {
      outcome_.diagnostics.error(
          {path, 0, 0}, "merge-unclear",
          "has the marks of a conflict, and git does not know any more whose "
          "migrations are in which part; run `schemagen rebase --mine ours` "
          "if nobody else has those of the upper part, else `--mine theirs`");
      return false;
    }
    const bool mine_is_theirs = arguments_.mine.empty()
                                    ? sides.mine_is_theirs
                                    : arguments_.mine == "theirs";
    is_guess_ = sides.is_guess;
    whose_ = mine_is_theirs
                 ? "mine are those of \"theirs\"; those of \"ours\", which is "
                   "HEAD, stay\n"
                 : "mine are those of \"ours\", which is HEAD; those of "
                   "\"theirs\" stay\n";
    base_.folder.path = project_.schema_dir;
    base_.folder.snapshot_text = mine_is_theirs ? sides.ours : sides.theirs;
    base_.folder.snapshot =
        read_snapshot(*base_.folder.snapshot_text, path, found);
    Diagnostics none;  // it is only asked who wrote the scripts
    my_snapshot_ =
        read_snapshot(mine_is_theirs ? sides.theirs : sides.ours, path, none);
    return true;
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
  int record_again() {
    Diagnostics found;
    const Trial trial = try_out(base_.folder, base_.schema, found);
    if (trial == Trial::impossible) return kUsage;
    for (Diagnostic& diagnostic : found.sorted()) {
      outcome_.diagnostics.add(std::move(diagnostic));
    }
    if (trial == Trial::fails) return kFindings;
    outcome_.text = "recorded the scripts, which still lead to the snapshot\n";
    return write(
        {}, snapshot_file(base_.folder, base_.schema,
                          base_.folder.snapshot.before, project_.dialects));
  }

  /// All up, and back over what is on top of theirs, as far as it has a way
  /// back. What was found stays in `found`, unless it is no script's fault.
  Trial try_out(const Folder& folder, const Schema& schema,
                Diagnostics& found) {
    check_blocks(folder, found);
    const Depth depth{static_cast<std::size_t>(
        std::count_if(folder.migrations.begin(), folder.migrations.end(),
                      [&](const FolderMigration& migration) {
                        return !migration.is_code() &&
                               base_.folder.find(migration.id) == nullptr;
                      }))};
    for (const auto& dialect : prepare(folder, project_.dialects, found)) {
      if (found.has_errors()) break;
      const ScratchServer server =
          open_scratch(dialect.dialect, {}, environment_, outcome_.diagnostics);
      if (!server.scratch) continue;
      replay(dialect, folder, &schema, depth, server.scratch, found);
    }
    Trial trial = found.has_errors() ? Trial::fails : Trial::fits;
    for (const Diagnostic& diagnostic : found.sorted()) {
      if (diagnostic.id != kNotVerified) continue;
      outcome_.diagnostics.add(diagnostic);
      trial = Trial::impossible;
    }
    return trial;
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
      tried_[moved_.back().path] = moved_.size() - 1;
    }
    first_id_ = *id;
    return true;
  }

  Origin origin(const FolderMigration& migration) const {
    return origin_of(migration, my_snapshot_, my_folder_.snapshot_path());
  }

  /// Which of mine the generator can write anew.
  void find_origins() {
    for (const FolderMigration& migration : my_folder_.migrations) {
      const Origin found = origin(migration);
      if (found != Origin::by_hand) generated_.push_back(migration.id);
      is_online_ = is_online_ || found == Origin::online;
    }
  }

  bool is_generated(const std::string& id) const {
    return std::find(generated_.begin(), generated_.end(), id) !=
           generated_.end();
  }

  /// The first failure, and of which file of mine it is told.
  void note_failure(const Diagnostics& found) {
    const Diagnostic first = found.sorted().front();
    failure_ = first.message.substr(0, first.message.find(';'));
    const auto file = tried_.find(first.at.file);
    failed_.reset();
    if (file != tried_.end()) failed_ = file->second;
  }

  int keep(const Folder& folder, const Schema& model) {
    outcome_.text = "kept the scripts, which still lead to the model\n";
    return write(moved_, snapshot_file(folder, model, before(folder, model),
                                       project_.dialects));
  }

  /// What --amend may write anew: what one `generate` has written.
  Before before(const Folder& folder, const Schema& model) const {
    const auto& all = my_folder_.migrations;
    const bool is_one_set =
        all.size() == 1
            ? origin(all.front()) != Origin::by_hand
            : std::all_of(all.begin(), all.end(), [&](const auto& migration) {
                return origin_of(migration, my_snapshot_) != Origin::by_hand;
              });
    if (!is_one_set) return {};
    std::vector<std::string> ids;
    for (const FolderMigration& migration : folder.migrations) {
      const bool is_mine = base_.folder.find(migration.id) == nullptr;
      if (is_mine) ids.push_back(migration.id);
    }
    Before before = remember(base_.schema, model, ids.back());
    ids.pop_back();
    before.parts = std::move(ids);
    return before;
  }

  /// One migration anew for those that the generator wrote, the others behind
  /// it.
  int replace(const Schema& model) {
    find_origins();
    const auto migration = make_migration(
        project_, base_, model,
        {arguments_.consents, first_id_, generated_name(), is_online_},
        outcome_.diagnostics);
    if (!migration) return kFindings;
    const bool is_needed = !migration->plan.changes.empty();
    outcome_.text =
        !is_needed ? "took away those of mine that were generated, because the "
                     "others lead to the model"
        : is_online_
            ? "wrote those of mine anew in the online form: " + failure_
            : "wrote one migration anew for those of mine: " + failure_;
    outcome_.text += "\n";
    std::vector<OutputFile> files = migration->scripts;
    const bool adds_scripts = add_behind(
        is_needed ? id_after(last_id(*migration)) : first_id_, files);
    if (is_needed && files.size() == migration->scripts.size()) {
      return write(files, migration->snapshot);
    }
    Diagnostics found;
    const Folder folder =
        with_files(base_.folder, files, project_.dialects, found);
    const Trial trial =
        adds_scripts ? try_out(folder, model, found) : Trial::fits;
    if (trial == Trial::impossible) return kUsage;
    if (trial == Trial::fails) return refuse(found);
    return write(files, snapshot_file(folder, model, {}, project_.dialects));
  }

  /// Of the last one; the parts of an online form go by the name of the first.
  std::string generated_name() const {
    std::string name;
    for (const std::string& id : generated_) {
      const std::string& next = my_folder_.find(id)->name;
      const bool is_part =
          is_online_ && !name.empty() && next.rfind(name + "_", 0) == 0;
      if (!is_part) name = next;
    }
    return name;
  }

  /// Adds what nobody can write anew, from `id` on. Returns whether there are
  /// scripts among it, which can be tried.
  bool add_behind(std::string id, std::vector<OutputFile>& files) {
    bool adds_scripts = false;
    tried_.clear();
    for (const FolderMigration& migration : my_folder_.migrations) {
      if (is_generated(migration.id)) continue;
      for (std::size_t i = 0; i < mine_.size(); ++i) {
        if (name_of(moved_[i]).id != migration.id) continue;
        files.push_back(renumbered(mine_[i], id));
        tried_[files.back().path] = i;
        outcome_.text += "kept " + mine_[i].path + " behind the rest";
        outcome_.text +=
            migration.is_code() ? "; look whether its code still fits\n" : "\n";
      }
      adds_scripts = adds_scripts || !migration.is_code();
      id = id_after(id);
    }
    return adds_scripts;
  }

  std::string path_before(const std::string& moved) const {
    const auto file = std::find_if(
        moved_.begin(), moved_.end(),
        [&](const OutputFile& each) { return each.path == moved; });
    return mine_[static_cast<std::size_t>(file - moved_.begin())].path;
  }

  /// Nothing is written over what people wrote.
  int refuse(const Diagnostics& found) {
    const bool is_told = failed_ && !is_generated(name_of(moved_[*failed_]).id);
    if (!is_told) note_failure(found);
    const std::string where =
        failed_ ? core::format_file_name(name_of(mine_[*failed_])) + ": " : "";
    for (const FolderMigration& migration : my_folder_.migrations) {
      if (migration.is_code() || is_generated(migration.id)) continue;
      outcome_.diagnostics.error(
          {path_before(migration.files.front().path), 0, 0}, "cannot-rebase",
          "was written or edited by hand, so nothing may take its place, but "
          "the scripts do not lead to the model on top of the other "
          "migrations (" +
              where + failure_ +
              "); mend that, or delete the files of this migration if "
              "`schemagen generate` can write them anew, then run `schemagen "
              "rebase` again");
    }
    return kFindings;
  }

  int write(const std::vector<OutputFile>& scripts,
            const OutputFile& snapshot) {
    OutputSet outputs;
    outputs.files = scripts;
    outputs.files.push_back(snapshot);
    if (has_conflict_ && !mine_.empty()) outcome_.text += whose_;
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
    outcome_.wrote_files =
        write_outputs(outputs, outcome_.diagnostics, project_.schema_dir);
    return outcome_.wrote_files ? kDone : kUsage;
  }

  const Project& project_;
  const Arguments& arguments_;
  const Environment& environment_;
  Outcome& outcome_;
  Base base_;
  std::vector<OutputFile> mine_;
  std::vector<OutputFile> moved_;
  Folder my_folder_;      ///< moved_, as migrations
  Snapshot my_snapshot_;  ///< the other side's; empty where it cannot be read
  std::vector<std::string> generated_;  ///< moved ids: can be made anew
  bool is_online_ = false;  ///< some were made in the form of --online
  std::string first_id_;
  std::string failure_;                ///< why mine are not kept as they are
  std::optional<std::size_t> failed_;  ///< of mine_, if it is of one of them
  /// Which of mine_ a path stands for in the trial.
  std::map<std::string, std::size_t> tried_;
  std::string whose_;  ///< which side of a conflict is moved
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
  if (code != kDone) outcome.text.clear();  // none of it came about
  return finish(std::move(outcome), code == kDone ? kUsage : code);
}

}  // namespace schemagen::gen
