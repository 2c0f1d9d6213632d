// What Clang is given for a job: its command line and the files that are in no
// folder.
#pragma once

#include <string>
#include <vector>

#include "scan/clang_scan.hpp"

namespace schemagen::gen {

constexpr const char kPrefix[] = "schemagen.";  ///< of our attributes
constexpr const char kEnd[] = "schemagen_end_of_scan";

struct ClangInput {
  std::vector<std::string> command_line;
  std::vector<VirtualFile> files;  ///< the main one and all others
};

ClangInput headers_input(const ParseJob& job);
ClangInput prelude_input(const ParseJob& job, const std::string& text);

/// Whether a file of this name is one of those above, and not on the disk.
bool is_synthetic(const std::string& name);
/// The macros of ParseJob::reads_plain.
bool is_plain_macros(const std::string& name);

/// "foreign_key" -> "SG_FOREIGN_KEY": the macro that the user wrote; and back.
std::string macro_name(const std::string& kind);
std::string kind_of(const std::string& macro);

}  // namespace schemagen::gen
