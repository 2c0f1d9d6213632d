// From argv to an outcome on the terminal: parsing, printing, exit codes.
#pragma once

#include "commands/command.hpp"

namespace schemagen::gen {

/// Runs the tool and returns its exit code. The only place that prints.
int run_command_line(int argc, const char* const* argv,
                     const Environment& environment);

}  // namespace schemagen::gen
