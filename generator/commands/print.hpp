// An outcome in the form that was asked for.
#pragma once

#include "commands/command.hpp"

namespace schemagen::gen {

/// Prints the result to standard output and the findings to standard error
/// (with --json or another format: both to standard output as one document).
/// Returns the exit code; output that cannot be written makes it 2.
int print_outcome(const Outcome& outcome, const Arguments& arguments,
                  bool colour);

/// Findings as GitHub's workflow commands, one line each.
std::string to_github(const std::vector<Diagnostic>& diagnostics);

}  // namespace schemagen::gen
