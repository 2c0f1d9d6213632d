// Gives declarations their meaning: conventions, annotations, types, keys. This
// is where a schema is judged, so nearly every error a user can make in a
// header is reported here, at its own place.
#pragma once

#include <string>
#include <vector>

#include "model/declarations.hpp"
#include "model/diagnostics.hpp"
#include "model/schema.hpp"

namespace schemagen::gen {

/// The canonical schema of `declarations` for a target that serves `dialects`.
/// Reports every fault, not the first; the result is of use only when no error
/// was added.
Schema lower(const Declarations& declarations,
             const std::vector<std::string>& dialects,
             Diagnostics& diagnostics);

}  // namespace schemagen::gen
