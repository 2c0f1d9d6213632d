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

/// A whole SARIF document.
std::string to_sarif(const std::vector<Diagnostic>& diagnostics);

}  // namespace schemagen::gen
