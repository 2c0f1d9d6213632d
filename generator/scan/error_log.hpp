// Clang's own findings, as they come in, put together to diagnostics: an error
// with the notes behind it, and which header of the target it came in by.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scan/clang_scan.hpp"

namespace schemagen::gen {

class ErrorLog {
 public:
  enum class Level { note, remark, error, fatal };

  struct Finding {
    Level level = Level::error;
    std::string message;
    SourceLocation at;
    std::vector<FixIt> fixes;
    /// Line of the synthetic file that it came in by.
    std::optional<unsigned> main_line;
  };

  ErrorLog(const ParseJob& job, ParseOutcome& outcome)
      : job_(job), outcome_(outcome) {}

  void add(Finding finding);
  /// The last one has all its notes.
  void finish();
  /// All that is wrong in a macro of the user's own stands where it is used:
  /// of several remarks there, those that follow from another one go.
  void drop_echoes();
  /// The header that line `line` of the synthetic file includes.
  std::string header_at(unsigned line) const;

 private:
  std::size_t index_of(unsigned line) const;
  void suspect(const std::optional<unsigned>& main_line);

  const ParseJob& job_;
  ParseOutcome& outcome_;
  Diagnostic open_;
  bool is_open_ = false;
  bool takes_notes_ = false;
};

}  // namespace schemagen::gen
