// Whether programs of the schema before still work on the one after. Told to
// the runtime, which lets such programs start on a newer database.
#pragma once

#include "plan/plan.hpp"

namespace schemagen::gen {

/// Programs made for `plan.from` still work on `plan.to`: every statement of
/// theirs that names its columns is still taken, and what they read is still a
/// value of their types. What only rows of newer programs forbid does not
/// count.
bool is_compatible(const Plan& plan);

}  // namespace schemagen::gen
