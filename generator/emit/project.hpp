// What CMake knows about a target, as it wrote it down: enough to run every
// command from any directory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/diagnostics.hpp"

namespace schemagen::gen {

enum class OnDrift { error, warn, generate };

/// One project file, <build>/schemagen/<target>/project[.<CONFIG>].json.
struct Project {
  std::string path;    ///< of the file itself
  std::string config;  ///< of a multi-config build folder, else ""
  std::string build_dir;
  std::string target;
  std::string schema_dir;
  std::vector<std::string> headers;
  std::vector<std::string> dialects;  ///< sorted, no doubles
  std::string name_space;
  OnDrift on_drift = OnDrift::error;
  std::string flags_file;  ///< one compiler flag per line
  std::string output_dir;
  bool has_entities = true;  ///< false: hand-written scripts only
  bool replay = true;
  bool skip_check = false;  ///< SCHEMAGEN_SKIP_CHECK, for emergencies
  std::string source_dir;
  std::string cache_dir;

  /// The command that writes the next migration, for messages.
  std::string generate_command() const;
};

/// Reads and checks a project file. No value: an error was added.
std::optional<Project> read_project(const std::string& path,
                                    Diagnostics& diagnostics);

/// The files of the same target's other configurations.
std::vector<std::string> other_configurations(const Project& project);

/// How the user says which project is meant.
struct ProjectChoice {
  std::string file;       ///< --project; wins
  std::string build_dir;  ///< -p; "" looks around `working_dir`
  std::string target;     ///< --target; "" when there is only one
  std::string config;     ///< --config, for multi-config generators
  std::string working_dir;
};

/// The path of the chosen project file. No value: an error was added that
/// lists what there is.
std::optional<std::string> find_project(const ProjectChoice& choice,
                                        Diagnostics& diagnostics);

}  // namespace schemagen::gen
