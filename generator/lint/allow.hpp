// What the script's author has agreed to, in comments:
//   -- schemagen-lint: allow drop-table, empty since 2.3
// before a statement (or behind it on its last line), and for a whole script
//   -- schemagen-lint: allow-file index-blocks-writes, small tables only
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dialect/dialect.hpp"

namespace schemagen::gen {

/// A rule that a comment silences, and why.
struct Allowance {
  std::string rule;
  std::string reason;         ///< "" when none was given
  std::size_t offset = 0;     ///< of the comment, or of its line that says so
  std::size_t statement = 0;  ///< that it stands at; npos = none
  bool is_for_file = false;
};

/// `statements` are those of `script`. A comment of ours that says anything
/// else has "" for its rule.
std::vector<Allowance> allowances_of(
    const std::string& script, const std::vector<StatementRange>& statements,
    Comments comments);

}  // namespace schemagen::gen
