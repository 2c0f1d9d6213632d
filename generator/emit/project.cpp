#include "emit/project.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "dialect/dialect.hpp"
#include "emit/embed.hpp"
#include "emit/output.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Reads the fields of one file and remembers what was wrong with them.
class Fields {
 public:
  Fields(const Json& json, std::string path, Diagnostics& diagnostics)
      : json_(json), path_(std::move(path)), diagnostics_(diagnostics) {}

  std::string text(const char* key, bool required = true) {
    const auto at = json_.find(key);
    if (at != json_.end() && at->is_string()) return at->get<std::string>();
    if (required || at != json_.end()) report(key, "a string");
    return "";
  }

  std::vector<std::string> list(const char* key) {
    std::vector<std::string> values;
    const auto at = json_.find(key);
    if (at == json_.end() || !at->is_array()) {
      report(key, "an array of strings");
      return values;
    }
    for (const Json& value : *at) {
      if (value.is_string()) values.push_back(value.get<std::string>());
    }
    return values;
  }

  bool flag(const char* key, bool otherwise) {
    const auto at = json_.find(key);
    if (at == json_.end()) return otherwise;
    if (!at->is_boolean()) report(key, "true or false");
    return at->is_boolean() ? at->get<bool>() : otherwise;
  }

  void report(const char* key, const std::string& wanted) {
    diagnostics_.error({path_, 0, 0}, "bad-project",
                       std::string("\"") + key + "\" has to be " + wanted +
                           "; run CMake again, it writes this file");
  }

 private:
  const Json& json_;
  std::string path_;
  Diagnostics& diagnostics_;
};

OnDrift read_on_drift(Fields& fields) {
  const std::string word = fields.text("on_drift", false);
  if (word == "WARN") return OnDrift::warn;
  if (word == "GENERATE") return OnDrift::generate;
  if (!word.empty() && word != "ERROR") {
    fields.report("on_drift", "ERROR, WARN or GENERATE");
  }
  return OnDrift::error;
}

std::vector<std::string> read_dialects(Fields& fields) {
  std::vector<std::string> dialects = fields.list("dialects");
  std::sort(dialects.begin(), dialects.end());
  dialects.erase(std::unique(dialects.begin(), dialects.end()), dialects.end());
  std::string known;
  for (const std::string& name : dialect_names()) {
    known += (known.empty() ? "" : " or ") + name;
  }
  const bool all_known = std::all_of(
      dialects.begin(), dialects.end(),
      [](const auto& name) { return find_dialect(name) != nullptr; });
  if (dialects.empty() || !all_known) fields.report("dialects", known);
  return dialects;
}

/// The project files of one target, one per configuration.
std::vector<std::string> projects_of(const fs::path& target_dir) {
  std::vector<std::string> files;
  std::error_code failure;
  fs::directory_iterator entries(target_dir, failure);
  for (; !failure && entries != fs::directory_iterator();
       entries.increment(failure)) {
    const std::string name = entries->path().filename().string();
    if (name.rfind("project.", 0) == 0 &&
        entries->path().extension() == ".json") {
      files.push_back(entries->path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Project files stand in <build>/schemagen/<target>/.
std::vector<std::string> projects_in(const fs::path& build_dir) {
  std::vector<std::string> files;
  std::error_code failure;
  const fs::path root = build_dir / "schemagen";
  fs::directory_iterator folders(root, failure);
  for (; !failure && folders != fs::directory_iterator();
       folders.increment(failure)) {
    const auto found = projects_of(folders->path());
    files.insert(files.end(), found.begin(), found.end());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string target_of(const std::string& file) {
  return fs::path(file).parent_path().filename().string();
}

/// "Debug" of project.Debug.json, "" of project.json.
std::string config_of(const std::string& file) {
  const std::string stem = fs::path(file).stem().string();
  return stem.size() > 8 ? stem.substr(8) : "";
}

/// Build folders that people and presets use: the folder itself, build*,
/// build/*, out/build/*.
std::vector<fs::path> build_dirs_near(const fs::path& folder) {
  std::vector<fs::path> candidates = {folder};
  std::error_code failure;
  for (const fs::path& parent :
       {folder, folder / "build", folder / "out" / "build"}) {
    fs::directory_iterator entries(parent, failure);
    for (; !failure && entries != fs::directory_iterator();
         entries.increment(failure)) {
      const std::string name = entries->path().filename().string();
      const bool is_build = parent != folder || name.rfind("build", 0) == 0 ||
                            name.rfind("cmake-build", 0) == 0;
      if (is_build) candidates.push_back(entries->path());
    }
    failure.clear();
  }
  std::sort(candidates.begin(), candidates.end());
  return candidates;
}

std::vector<std::string> search_upwards(fs::path folder,
                                        Diagnostics& diagnostics) {
  for (;; folder = folder.parent_path()) {
    std::vector<fs::path> hits;
    for (const fs::path& candidate : build_dirs_near(folder)) {
      if (!projects_in(candidate).empty()) hits.push_back(candidate);
    }
    if (hits.size() == 1) return projects_in(hits.front());
    if (hits.size() > 1) {
      std::string names;
      for (const fs::path& hit : hits) names += "\n  -p " + hit.string();
      diagnostics.error(
          {}, "which-build",
          "there are several build folders; say which one:" + names);
      return {};
    }
    if (folder == folder.parent_path()) break;
  }
  diagnostics.error({}, "no-project",
                    "no build folder of a project with SchemaGen is near; run "
                    "CMake, then give its build folder with -p");
  return {};
}

std::optional<std::string> choose_config(const std::vector<std::string>& files,
                                         const std::string& config,
                                         Diagnostics& diagnostics) {
  std::string known;
  for (const std::string& file : files) {
    if (config_of(file) == (config.empty() ? "Debug" : config)) return file;
    known += (known.empty() ? "" : ", ") + config_of(file);
  }
  if (config.empty() || (files.size() == 1 && known.empty())) {
    return files.front();
  }
  diagnostics.error(
      {}, "unknown-config",
      "there is no configuration \"" + config + "\"; there are: " + known);
  return std::nullopt;
}

std::optional<std::string> choose(const std::vector<std::string>& files,
                                  const ProjectChoice& choice,
                                  Diagnostics& diagnostics) {
  std::vector<std::string> targets, fitting;
  for (const std::string& file : files) {
    const std::string target = target_of(file);
    if (std::find(targets.begin(), targets.end(), target) == targets.end()) {
      targets.push_back(target);
    }
    if (target == choice.target) fitting.push_back(file);
  }
  if (choice.target.empty() && targets.size() == 1) fitting = files;
  if (!fitting.empty()) {
    return choose_config(fitting, choice.config, diagnostics);
  }
  std::string known;
  for (const std::string& target : targets) {
    known += (known.empty() ? "" : ", ") + target;
  }
  const std::string near = closest(choice.target, targets);
  diagnostics.error(
      {}, "which-target",
      choice.target.empty()
          ? "several targets have entities; say which one with --target: " +
                known
          : "no target \"" + choice.target + "\" has entities; " +
                (near.empty() ? "there are: " + known
                              : "did you mean \"" + near + "\"?"));
  return std::nullopt;
}

Project read_fields(Fields& fields, const std::string& path) {
  Project project;
  project.path = path;
  project.config = config_of(path);
  project.build_dir = fields.text("build_dir");
  project.target = fields.text("target");
  project.schema_dir = fields.text("schema_dir");
  project.dialects = read_dialects(fields);
  project.name_space = fields.text("namespace");
  project.on_drift = read_on_drift(fields);
  project.output_dir = fields.text("output_dir");
  const std::string kind = fields.text("kind");
  project.has_entities = kind != "migrations";
  if (kind != "entities" && kind != "migrations") {
    fields.report("kind", "\"entities\" or \"migrations\"");
  }
  if (project.has_entities) project.headers = fields.list("headers");
  project.flags_file = fields.text("flags_file", false);
  project.replay = fields.flag("replay", project.has_entities);
  project.skip_check = fields.flag("skip_check", false);
  project.source_dir = fields.text("source_dir", false);
  project.cache_dir = fields.text("cache_dir", false);
  return project;
}

}  // namespace

std::string Project::generate_command() const {
  return "cmake --build " + shell_word(build_dir) + " --target " +
         shell_word(target + "_schemagen_generate") +
         (config.empty() ? "" : " --config " + shell_word(config));
}

std::vector<std::string> other_configurations(const Project& project) {
  auto files = projects_of(fs::path(project.path).parent_path());
  files.erase(std::remove_if(files.begin(), files.end(),
                             [&](const std::string& file) {
                               return config_of(file) == project.config;
                             }),
              files.end());
  return files;
}

std::optional<Project> read_project(const std::string& path,
                                    Diagnostics& diagnostics) {
  const auto bytes = read_file(path, diagnostics);
  if (!bytes) return std::nullopt;
  const Json json = Json::parse(*bytes, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    diagnostics.error({path, 0, 0}, "bad-project",
                      "is not the JSON that CMake writes; run CMake again");
    return std::nullopt;
  }
  Diagnostics found;
  Fields fields(json, path, found);
  Project project = read_fields(fields, path);
  if (!project.name_space.empty() && !is_namespace(project.name_space)) {
    found.error({path, 0, 0}, "bad-namespace",
                "\"" + project.name_space +
                    "\" cannot be a C++ namespace; pass another NAMESPACE to "
                    "the CMake function");
  }
  for (Diagnostic& diagnostic : found.sorted()) diagnostics.add(diagnostic);
  if (found.has_errors()) return std::nullopt;
  return project;
}

std::optional<std::string> find_project(const ProjectChoice& choice,
                                        Diagnostics& diagnostics) {
  if (!choice.file.empty()) return choice.file;
  std::vector<std::string> files;
  if (choice.build_dir.empty()) {
    Diagnostics found;
    files = search_upwards(choice.working_dir, found);
    for (Diagnostic& diagnostic : found.sorted()) diagnostics.add(diagnostic);
    if (files.empty()) return std::nullopt;
  } else {
    fs::path folder = choice.build_dir;
    if (folder.is_relative()) folder = choice.working_dir / folder;
    files = projects_in(folder);
    if (files.empty()) {
      diagnostics.error({folder.string(), 0, 0}, "no-project",
                        "holds no project with SchemaGen; give the folder "
                        "that CMake configured");
      return std::nullopt;
    }
  }
  return choose(files, choice, diagnostics);
}

}  // namespace schemagen::gen
