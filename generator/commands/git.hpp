// What version control knows beside the folder itself. Every question may stay
// without an answer: there may be no git, and the folder may be in none.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace schemagen::gen {

/// What `git ARGUMENTS` prints in `folder`; no value: there is none, or it says
/// no. `arguments` is shell text.
std::optional<std::string> ask_git(const std::filesystem::path& folder,
                                   const std::string& arguments);

}  // namespace schemagen::gen
