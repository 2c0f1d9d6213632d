// Law 2: what the scripts do is tried, not believed. Scripts are run on scratch
// databases by the very runtime that will run them in the field, and what they
// lead to is read back from the engine's own catalogue.
#pragma once

#include <cstddef>
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

/// The machine lacks what it takes to try the scripts; they may be right.
inline constexpr const char* kNotVerified = "not-verified";

/// Makes empty databases of one dialect, one per call.
using Scratch = std::function<Result<std::unique_ptr<Database>>()>;

/// Of a dialect whose databases cost nothing (in memory); empty for others.
Scratch memory_scratch(const std::string& dialect);

/// Of how many migrations, from the last one on, the way back is tried. Those
/// that have none part them: each stretch goes up, down and up again before
/// the next begins.
enum class Depth : std::size_t {
  none = 0,
  last = 1,
  all = static_cast<std::size_t>(-1),
};

/// Runs the migrations of `dialect` on a scratch database and compares what
/// comes out with `schema` made afresh; nullptr compares nothing. Each that is
/// taken back has to lead to where it began. Differences and failures are
/// errors at the scripts' own places in `folder`. Returns the objects that the
/// model has no word for.
std::vector<std::string> replay(const PreparedDialect& dialect,
                                const Folder& folder, const Schema* schema,
                                Depth depth, const Scratch& scratch,
                                Diagnostics& diagnostics);

}  // namespace schemagen::gen
