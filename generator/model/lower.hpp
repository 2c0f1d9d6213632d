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

/// For declarations that lack the annotations in which the scan found `errors`:
/// adds those faults of the rest that cannot follow from them, so that one run
/// tells of as many as it can.
void lower_rest(const Declarations& declarations,
                const std::vector<std::string>& dialects,
                const std::vector<Diagnostic>& errors,
                Diagnostics& diagnostics);

}  // namespace schemagen::gen
