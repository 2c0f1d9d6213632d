// What nearly every command needs first: the project, the folder, the model.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/command.hpp"
#include "emit/folder.hpp"
#include "emit/project.hpp"
#include "model/schema.hpp"

namespace schemagen::gen {

/// The chosen project. No value: an error was added.
std::optional<Project> open_project(const Arguments& arguments,
                                    const Environment& environment,
                                    Diagnostics& diagnostics);

/// The folder of a project, for a command that has locked it; hand-written
/// ones have no snapshot.
Folder open_folder(const Project& project, Diagnostics& diagnostics);

/// The same for a command that only looks.
Folder view_folder(const Project& project, Diagnostics& diagnostics);

struct Model {
  Schema schema;
  std::vector<std::string> dependencies;  ///< files it was read from
};

/// Scans and lowers the headers and lets every dialect judge them. No value:
/// an error was added.
std::optional<Model> read_model(const Project& project,
                                const Environment& environment,
                                Diagnostics& diagnostics);

/// An id for a migration made now: max(now, last + 1 s). `wanted` is --now;
/// SOURCE_DATE_EPOCH comes next, then the clock. No value: an error was added.
std::optional<std::string> next_id(const std::string& wanted,
                                   const std::string& last,
                                   const Environment& environment,
                                   Diagnostics& diagnostics);

/// The id one second later.
std::string id_after(const std::string& id);

/// The dialect that a URL speaks; "" = none that is known.
std::string dialect_of_url(const std::string& url);

/// A name that is fit for a file: "Add Users!" -> "add_users"; "" when nothing
/// of it is left.
std::string snake_name(const std::string& text);

/// Errors make it `code`, kUsage where only this machine is at fault.
Outcome finish(Outcome outcome, int code);

}  // namespace schemagen::gen
