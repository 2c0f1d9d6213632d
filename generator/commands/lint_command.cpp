// lint: the hazards of the newest migration, of those that are named, or of all
// that came after the last release.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "commands/workspace.hpp"
#include "emit/output.hpp"
#include "lint/lint.hpp"

namespace schemagen::gen {
namespace {

using Kind = core::MigrationFileName::Kind;

Levels read_levels(const Project& project, Diagnostics& diagnostics) {
  const std::string path = project.schema_dir + "/" + kLintConf;
  // A link that leads nowhere is there, and cannot be read.
  std::error_code failure;
  const auto found = std::filesystem::symlink_status(path, failure);
  if (found.type() == std::filesystem::file_type::not_found) return {};
  const auto text = read_file(path, diagnostics);
  return text ? Levels(*text, path, diagnostics) : Levels();
}

Outcome explain_rules(const std::string& id, const Levels& levels,
                      Outcome outcome) {
  if (!id.empty() && id != "all" && find_rule(id) == nullptr) {
    outcome.diagnostics.error({}, "unknown-rule", unknown_rule(id));
  }
  for (const Rule* rule : all_rules()) {
    if (id.empty()) {
      outcome.text += line_of(*rule, levels.of(*rule));
    } else if (id == "all" || id == rule->id) {
      outcome.text += explain(*rule, levels.of(*rule));
    }
  }
  return finish(std::move(outcome), kUsage);
}

bool is_named(const FolderMigration& migration, const std::string& word) {
  return word == migration.id || word == migration.name ||
         word == migration.id + "_" + migration.name;
}

/// The words must name migrations that are there: a typo, or a variable that is
/// empty, would look like a clean result.
void check_word(const std::string& word, const Folder& folder,
                const char* remedy, Diagnostics& diagnostics) {
  std::vector<std::string> words;
  for (const FolderMigration& migration : folder.migrations) {
    if (is_named(migration, word)) return;
    words.push_back(migration.name);  // ids are all alike
    words.push_back(migration.id + "_" + migration.name);
  }
  const std::string near = closest(word, words);
  diagnostics.error(
      {folder.path, 0, 0}, "unknown-migration",
      "holds no migration \"" + word + "\"; " +
          (near.empty() ? remedy : "did you mean \"" + near + "\"?"));
}

/// What is judged, and since when tables have no rows in the field.
struct Range {
  std::size_t first_pending = 0;
  std::vector<bool> is_wanted;
};

/// The migrations after --since are those that no database in the field has.
/// Without it that is the newest one, or the first that is named and all after
/// it.
Range range_of(const Arguments& arguments, const Folder& folder) {
  const auto& all = folder.migrations;
  Range range;
  for (const FolderMigration& migration : all) {
    const auto& words = arguments.migrations;
    range.is_wanted.push_back(std::any_of(
        words.begin(), words.end(),
        [&](const auto& word) { return is_named(migration, word); }));
  }
  if (arguments.since) {
    const auto last = std::find_if(all.begin(), all.end(), [&](const auto& m) {
      return is_named(m, *arguments.since);
    });
    range.first_pending = static_cast<std::size_t>(last - all.begin()) + 1;
  } else if (arguments.migrations.empty()) {
    range.first_pending = all.empty() ? 0 : all.size() - 1;
  } else {
    const auto first =
        std::find(range.is_wanted.begin(), range.is_wanted.end(), true);
    range.first_pending =
        static_cast<std::size_t>(first - range.is_wanted.begin());
  }
  if (arguments.migrations.empty()) {
    for (std::size_t i = range.first_pending; i < all.size(); ++i) {
      range.is_wanted[i] = true;
    }
  }
  return range;
}

std::vector<LintHistory> histories_of(const Project& project,
                                      const Folder& folder,
                                      const Range& range) {
  std::vector<LintHistory> histories;
  for (const std::string& dialect : project.dialects) {
    LintHistory history;
    history.dialect = dialect;
    for (std::size_t i = 0; i < folder.migrations.size(); ++i) {
      const ScriptFile* up = folder.migrations[i].find(Kind::up, dialect);
      if (up == nullptr) continue;
      history.scripts.push_back(
          {up->path, up->text, i >= range.first_pending, range.is_wanted[i]});
    }
    histories.push_back(std::move(history));
  }
  return histories;
}

}  // namespace

Outcome run_lint(const Arguments& arguments, const Environment& environment) {
  Outcome outcome;
  Diagnostics& all = outcome.diagnostics;
  if (arguments.explain) {
    // The project only says how loud the rules are; none is needed to read.
    Diagnostics ignored;
    const auto project = open_project(arguments, environment, ignored);
    const Levels levels = project ? read_levels(*project, all) : Levels();
    return explain_rules(*arguments.explain, levels, std::move(outcome));
  }
  const auto project = open_project(arguments, environment, all);
  if (!project) return finish(std::move(outcome), kUsage);
  const Folder folder = view_folder(*project, all);
  const Levels levels = read_levels(*project, all);
  for (const std::string& word : arguments.migrations) {
    check_word(word, folder, "name it by its id or its name", all);
  }
  if (arguments.since) {
    check_word(*arguments.since, folder, "give --since the last released id",
               all);
  }
  if (all.has_errors()) return finish(std::move(outcome), kUsage);
  lint(histories_of(*project, folder, range_of(arguments, folder)), levels,
       all);
  outcome.rules = rule_texts(levels);
  return finish(std::move(outcome), kFindings);
}

}  // namespace schemagen::gen
