// The one door to Clang: parses a set of headers as one translation unit and
// reads the annotated declarations. Policy (caches, which headers to read
// again after an error) lives in scan.cpp, which needs no Clang to compile.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/declarations.hpp"
#include "model/diagnostics.hpp"
#include "scan/scan.hpp"
#include "scan/traces.hpp"

namespace schemagen::gen {

struct ParseJob {
  std::vector<std::string> headers;          ///< absolute
  std::map<std::string, std::string> shown;  ///< absolute -> for messages
  std::vector<std::string> flags;            ///< filtered
  std::string directory;
  std::string resource_dir;
  std::vector<VirtualFile> files;
  std::string prelude;       ///< a precompiled header to begin with, or ""
  std::string prelude_text;  ///< what it was made of
  bool wants_traces = false;
  /// Takes options from their tokens, which is faster, and refuses where they
  /// are not plain literals. After any error the outcome says nothing.
  bool reads_plain = false;
};

struct ParseOutcome {
  bool complete = false;
  /// Clang stopped early: errors after the last one are unknown.
  bool was_fatal = false;
  bool is_refused = false;  ///< see ParseJob::reads_plain
  /// After errors in annotations only, all but these.
  Declarations declarations;
  std::vector<std::string> dependencies;  ///< absolute, sorted
  std::vector<Diagnostic> diagnostics;
  /// Faulty annotations behind some of the errors, and the files without
  /// them.
  std::vector<Diagnostic> slips;
  std::vector<VirtualFile> mended;
  /// Indexes of the headers that the errors came in by.
  std::vector<std::size_t> suspects;
  /// Where a file was looked for and not found, absolute and sorted.
  std::vector<std::string> absent;
  /// When wanted: of all files that are not in the prelude.
  Traces traces;
  /// What files outside the system's folders include from there, "<string>".
  std::vector<std::string> system_includes;
};

ParseOutcome parse_headers(const ParseJob& job);

/// Writes a precompiled form of `text`, with the flags of `job` and without its
/// headers, to `path`. The outcome says what it was made of.
ParseOutcome write_prelude(const ParseJob& job, const std::string& text,
                           const std::string& path);

int clang_major_version();
std::string clang_version();

}  // namespace schemagen::gen
