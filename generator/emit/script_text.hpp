// The text of a generated script: what it does, what the runtime has to know,
// and the statements with their reasons. Made for the person who reviews it.
#pragma once

#include <string>

#include "dialect/dialect.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {

/// `plan` is the one that `script` renders, in its direction. `part` tells what
/// the script is for where it is one of several.
std::string script_text(const Script& script, const Plan& plan,
                        const std::string& part = "");

/// Where a dialect has nothing left to do, because its script of `maker` did
/// it.
std::string nothing_to_do_text(const std::string& maker);
std::string nothing_to_undo_text();

}  // namespace schemagen::gen
