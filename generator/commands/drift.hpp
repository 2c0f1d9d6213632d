// Where the headers no longer say what the snapshot says, told as a compiler
// would: at the member, what differs, and the command that mends it.
#pragma once

#include <string>

#include "model/diagnostics.hpp"
#include "model/schema.hpp"

namespace schemagen::gen {

/// One diagnostic of `severity` per difference; `remedy` is the command.
/// `snapshot_path` stands for what the snapshot has no line for.
void report_drift(const Schema& snapshot, const Schema& model,
                  const std::string& snapshot_path, const std::string& remedy,
                  Severity severity, Diagnostics& diagnostics);

}  // namespace schemagen::gen
