// Diagnostics for machines: our own JSON for editors and scripts, SARIF 2.1.0
// for code hosts.
#pragma once

#include <string>
#include <vector>

#include "model/diagnostics.hpp"

namespace schemagen::gen {

/// An array, one line per diagnostic: severity, id, message, file, line,
/// column, and where there are any, fixes and notes. Ends without a newline,
/// so that it may stand inside another document.
std::string to_json(const std::vector<Diagnostic>& diagnostics);

/// What a code host shows about a rule beside its findings.
struct RuleText {
  std::string id;
  std::string summary;
  std::string explanation;
  std::string help;
  std::string level;  ///< SARIF's word: none, note, warning, error
};

/// A whole SARIF document. `rules` may hold more than were found; ids that it
/// lacks are listed without text.
std::string to_sarif(const std::vector<Diagnostic>& diagnostics,
                     const std::vector<RuleText>& rules = {});

}  // namespace schemagen::gen
