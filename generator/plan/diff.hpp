// What differs once everything is matched, in the phases of plan/change.hpp.
#pragma once

#include <vector>

#include "plan/identity.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {

/// The changes of `plan` (its schemas and direction are set). On the way down
/// the instructions of columns do not count, and demands for values are met
/// with zeros.
std::vector<Change> find_changes(const Plan& plan, const Matching& matching,
                                 const Identity& identity);

}  // namespace schemagen::gen
