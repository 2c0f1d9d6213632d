// Whether what a snapshot says fits together. A merge by hand can leave a key
// that names no column; the plan relies on there being none.
#pragma once

#include <string>

#include "model/diagnostics.hpp"
#include "model/snapshot.hpp"

namespace schemagen::gen {

void check_snapshot(const Snapshot& snapshot, const std::string& path,
                    const std::string& advice, Diagnostics& diagnostics);

}  // namespace schemagen::gen
