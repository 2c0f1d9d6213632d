// Names of migrations that nobody chose.
#pragma once

#include <string>

#include "model/schema.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {

/// The name of a migration that carries `plan` out.
std::string derived_name(const Plan& plan);

/// `name` is the one derived for the way from `from` to `to`, whichever renames
/// its user agreed to.
bool is_derived(const std::string& name, const Schema& from, const Schema& to);

}  // namespace schemagen::gen
