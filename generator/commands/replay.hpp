// Law 2: what the scripts do is tried, not believed. Scripts are run on scratch
// databases by the very runtime that will run them in the field, and what they
// lead to is read back from the engine's own catalogue.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "emit/folder.hpp"
#include "emit/prepared.hpp"
#include "model/diagnostics.hpp"
#include "model/schema.hpp"
#include "schemagen/database.hpp"

namespace schemagen::gen {

/// Makes empty databases of one dialect, one per call.
using Scratch = std::function<Result<std::unique_ptr<Database>>()>;

/// Of a dialect whose databases cost nothing (in memory); empty for others.
Scratch memory_scratch(const std::string& dialect);

enum class Depth {
  up,            ///< every script up, compare with the schema
  up_down_last,  ///< and the last one down and up again
  up_down_up,    ///< and all down, which leaves nothing, and up again
};

/// Runs the migrations of `dialect` on a scratch database and compares what
/// comes out with `schema` made afresh; nullptr compares nothing. Differences
/// and failures are errors at the scripts' own places in `folder`. Returns the
/// objects that the model has no word for.
std::vector<std::string> replay(const PreparedDialect& dialect,
                                const Folder& folder, const Schema* schema,
                                Depth depth, const Scratch& scratch,
                                Diagnostics& diagnostics);

}  // namespace schemagen::gen
