// `schemagen migrate`: the commands of run_cli on a folder of scripts, without
// an application. The folder is held against its snapshot first, so that what
// is applied is what was reviewed.
#include <unistd.h>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "commands/command.hpp"
#include "commands/workspace.hpp"
#include "dialect/dialect.hpp"
#include "emit/prepared.hpp"
#include "schemagen/cli.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

struct MigrateArguments {
  ProjectChoice project;
  std::string folder;
  std::string url;
  std::vector<std::string> rest;  ///< for run_cli
};

/// Takes `--name value` and `--name=value`; false: it is something else.
bool take_option(const std::vector<std::string>& words, std::size_t& at,
                 const std::string& name, std::string& value) {
  const std::string& word = words[at];
  if (word == name && at + 1 < words.size()) {
    value = words[++at];
    return true;
  }
  if (word.rfind(name + "=", 0) != 0) return false;
  value = word.substr(name.size() + 1);
  return true;
}

MigrateArguments parse(const std::vector<std::string>& words) {
  MigrateArguments result;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::size_t start = at;
    const bool is_ours =
        take_option(words, at, "-p", result.project.build_dir) ||
        take_option(words, at, "--build", result.project.build_dir) ||
        take_option(words, at, "--target", result.project.target) ||
        take_option(words, at, "--config", result.project.config) ||
        take_option(words, at, "--project", result.project.file) ||
        take_option(words, at, "--dir", result.folder);
    if (is_ours) continue;
    take_option(words, at, "--url", result.url);
    for (std::size_t i = start; i <= at; ++i) result.rest.push_back(words[i]);
  }
  return result;
}

/// The dialects that the scripts' names speak of.
std::vector<std::string> dialects_of(const Folder& folder) {
  std::vector<std::string> dialects = folder.snapshot.dialects;
  for (const FolderMigration& migration : folder.migrations) {
    for (const ScriptFile& file : migration.files) {
      const std::string& name = file.name.dialect;
      bool known = name.empty();
      for (const std::string& old : dialects) known = known || old == name;
      if (!known) dialects.push_back(name);
    }
  }
  if (dialects.empty()) dialects.push_back("sqlite");
  return dialects;
}

Folder load(const MigrateArguments& arguments, const Environment& environment,
            Diagnostics& all) {
  fs::path path = arguments.folder;
  std::vector<std::string> dialects;
  if (path.empty()) {
    Arguments choice;
    choice.project = arguments.project;
    const auto project = open_project(choice, environment, all);
    if (!project) return {};
    path = project->schema_dir;
  } else if (!fs::is_directory(path)) {
    all.error({path.string(), 0, 0}, "no-folder",
              "is no folder; give the folder of the scripts with --dir");
    return {};
  }
  Folder folder = view_folder(path.string(), dialects, true, all);
  if (all.has_errors()) return folder;
  check_blocks(folder, all);
  if (folder.snapshot_text) check_record(folder, all);
  for (const FolderMigration& migration : folder.migrations) {
    if (!migration.is_code()) continue;
    all.error({migration.files.front().path, 0, 0}, "code-migration",
              "is C++, which only a program can run; use the one of "
              "schemagen_add_migrator");
  }
  return folder;
}

}  // namespace

int run_migrate(const std::vector<std::string>& words,
                const Environment& environment) {
  MigrateArguments arguments = parse(words);
  Diagnostics all;
  bool wants_help = words.empty();
  for (const std::string& word : words) {
    wants_help = wants_help || word == "--help" || word == "-h" ||
                 word == "help" || word == "--version";
  }
  std::vector<PreparedDialect> prepared;
  if (wants_help) {
    for (const std::string& name : dialect_names()) {
      if (find_driver(name) != nullptr) prepared.push_back({name, {}});
    }
  } else {
    const Folder folder = load(arguments, environment, all);
    if (arguments.url.empty()) {
      arguments.url = environment.variable("DATABASE_URL").value_or("");
    }
    const std::string dialect = dialect_of_url(arguments.url);
    std::vector<std::string> dialects = dialects_of(folder);
    if (!dialect.empty()) dialects = {dialect};
    if (!all.has_errors()) prepared = prepare(folder, dialects, all);
  }
  if (!all.empty()) {
    const std::string text =
        to_text(all.sorted(), ::isatty(STDERR_FILENO) != 0);
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
  if (all.has_errors()) return kUsage;
  const MemorySet set("schemagen", std::move(prepared));
  std::vector<const char*> argv = {"schemagen migrate"};
  for (const std::string& word : arguments.rest) argv.push_back(word.c_str());
  return run_cli(static_cast<int>(argv.size()), argv.data(), set.set());
}

}  // namespace schemagen::gen
