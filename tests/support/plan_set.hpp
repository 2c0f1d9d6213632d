// Plans as the migrations of a program, in memory.
#pragma once

#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "emit/prepared.hpp"
#include "plan/plan.hpp"

namespace schemagen::test {

/// The id of the migration that leads to this version, 1 being the first.
std::string id_of(std::size_t version);

/// The text of the script of `plan`, in its direction.
std::string script_of(const gen::Dialect& dialect, const gen::Plan& plan);

/// One migration per plan, up and down. What the dialect's parser refuses goes
/// into `diagnostics`.
std::vector<gen::PreparedDialect> prepare_plans(
    const std::string& dialect, const std::vector<gen::Plan>& plans,
    gen::Diagnostics& diagnostics);

}  // namespace schemagen::test
