// lint: the hazards of the newest migration, of those that are named, or of all
// that came after the last release.
#include <algorithm>
#include <utility>

#include "commands/workspace.hpp"
#include "lint/lint.hpp"

namespace schemagen::gen {
namespace {

Outcome explain_rules(const std::string& id) {
  Outcome outcome;
  std::vector<std::string> ids;
  for (const Rule* rule = kRules; rule->id != nullptr; ++rule) {
    ids.push_back(rule->id);
    if (id == "all" || id == rule->id) outcome.text += explain(*rule);
  }
  if (outcome.text.empty()) {
    const std::string near = closest(id, ids);
    outcome.diagnostics.error(
        {}, "unknown-rule",
        "no rule is called \"" + id + "\"; " +
            (near.empty() ? "`schemagen lint --explain all` lists them"
                          : "did you mean \"" + near + "\"?"));
  }
  return finish(std::move(outcome), kUsage);
}

/// The words must name migrations that are there: a typo would look like a
/// clean result.
void check_words(const std::vector<std::string>& words, const Folder& folder,
                 Diagnostics& diagnostics) {
  for (const std::string& word : words) {
    const auto& all = folder.migrations;
    const bool found = std::any_of(all.begin(), all.end(), [&](const auto& m) {
      return word == m.id || word == m.name || word == m.id + "_" + m.name;
    });
    if (found) continue;
    diagnostics.error(
        {folder.path, 0, 0}, "unknown-migration",
        "holds no migration \"" + word + "\"; name it by its id or its name");
  }
}

/// The migrations after `since` are those that no database in the field has;
/// tables that they make hold no rows yet.
std::size_t first_unreleased(const Folder& folder, const std::string& since) {
  std::size_t first = 0;
  while (first < folder.migrations.size() &&
         folder.migrations[first].id <= since) {
    ++first;
  }
  return first;
}

}  // namespace

Outcome run_lint(const Arguments& arguments, const Environment& environment) {
  if (!arguments.explain.empty()) return explain_rules(arguments.explain);
  Outcome outcome;
  Diagnostics& all = outcome.diagnostics;
  const auto project = open_project(arguments, environment, all);
  if (!project) return finish(std::move(outcome), kUsage);
  const Folder folder = open_folder(*project, all);
  check_words(arguments.migrations, folder, all);
  if (!arguments.since.empty() && folder.find(arguments.since) == nullptr) {
    all.error({folder.path, 0, 0}, "unknown-migration",
              "holds no migration with the id \"" + arguments.since +
                  "\"; give --since the last released id");
  }
  const auto prepared = prepare(folder, project->dialects, all);
  if (all.has_errors()) return finish(std::move(outcome), kUsage);
  std::size_t first = first_unreleased(folder, arguments.since);
  std::vector<std::string> wanted = arguments.migrations;
  if (wanted.empty() && arguments.since.empty() && !folder.migrations.empty()) {
    first = folder.migrations.size() - 1;
  } else if (!wanted.empty() && arguments.since.empty()) {
    const auto named = [&](const FolderMigration& m) {
      return std::any_of(wanted.begin(), wanted.end(), [&](const auto& word) {
        return word == m.id || word == m.name || word == m.id + "_" + m.name;
      });
    };
    first =
        static_cast<std::size_t>(std::find_if(folder.migrations.begin(),
                                              folder.migrations.end(), named) -
                                 folder.migrations.begin());
  }
  lint(folder, prepared, first, wanted, all);
  return finish(std::move(outcome), kFindings);
}

}  // namespace schemagen::gen
