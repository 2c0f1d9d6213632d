// Findings for people. A stage adds as many as it has and goes on; the command
// asks at its end whether there were errors. The text form is that of compilers
// (`path:line:col: error: what; what to do [id]`), so editors jump to it.
#pragma once

#include <string>
#include <vector>

#include "model/schema.hpp"

namespace schemagen::gen {

enum class Severity { note, warning, error };

/// A replacement that an editor can apply; an empty range inserts.
struct FixIt {
  SourceLocation from;
  SourceLocation to;
  std::string text;
};

struct Diagnostic {
  Severity severity = Severity::error;
  std::string id;       ///< stable: "unknown-member"
  std::string message;  ///< "what; what to do"
  SourceLocation at;
  std::vector<FixIt> fixes;
  std::vector<Diagnostic> notes;
  /// What it is about ("users.nick"): with the id and the file it tells a
  /// finding from others even after lines have moved.
  std::string subject{};
  /// Why it is no finding after all, in the words of whoever allowed it. Only
  /// SARIF shows such entries, as suppressed; nothing else counts them.
  std::string allowed{};
};

/// By file, line and column.
bool is_before(const SourceLocation& a, const SourceLocation& b);

class Diagnostics {
 public:
  /// Returns the new entry, for notes and fixes; valid until the next call.
  Diagnostic& error(SourceLocation at, std::string id, std::string message);
  Diagnostic& warning(SourceLocation at, std::string id, std::string message);
  Diagnostic& note(SourceLocation at, std::string id, std::string message);
  void add(Diagnostic diagnostic);

  bool has_errors() const;
  bool empty() const { return entries_.empty(); }
  /// Sorted by place, then in the order of arrival; doubles removed.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> entries_;
};

/// The text form, one line per diagnostic and note. `colour` adds terminal
/// escapes. Paths are shown as they stand in the locations.
std::string to_text(const std::vector<Diagnostic>& diagnostics, bool colour);

/// Edit distance for did-you-mean: the closest candidate, or "" when none is
/// near enough to be offered.
std::string closest(const std::string& word,
                    const std::vector<std::string>& candidates);

}  // namespace schemagen::gen
