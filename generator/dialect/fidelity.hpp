// What a plan does to rows, the same for every engine.
#pragma once

#include "dialect/dialect.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {

/// Sets script.fidelity and script.invented. A way up is shape_only when it
/// discards values, a way down when it has to invent some.
void judge_fidelity(const Plan& plan, Script& script);

}  // namespace schemagen::gen
