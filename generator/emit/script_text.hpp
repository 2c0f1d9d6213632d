// The text of a generated script: what it does, what the runtime has to know,
// and the statements with their reasons. Made for the person who reviews it.
#pragma once

#include <string>

#include "dialect/dialect.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {

/// `plan` is the one that `script` renders, in its direction.
std::string script_text(const Script& script, const Plan& plan);

/// Programs made for `plan.from` still work on `plan.to`: it only adds what
/// they need not know (tables, indexes, columns that fill themselves) or
/// demands less.
bool is_compatible(const Plan& plan);

}  // namespace schemagen::gen
