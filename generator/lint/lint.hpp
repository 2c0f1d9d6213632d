// Hazards of migrations, generated and hand-written alike. A rule is one file
// with one function and one row of kRules.
#pragma once

#include <string>
#include <vector>

#include "emit/folder.hpp"
#include "emit/prepared.hpp"
#include "lint/statement.hpp"
#include "model/diagnostics.hpp"

namespace schemagen::gen {

struct Rule {
  const char* id;
  Severity severity;
  const char* dialect;  ///< "" = every one
  const char* summary;  ///< what it finds, as the first half of the message
  const char* remedy;   ///< what to do, as the second half
  const char* explanation;
  const char* lock;  ///< that the statement takes; "" = not the point
  bool (*finds)(const LintStatement&);
};

/// Ends with a row without an id.
extern const Rule kRules[];

/// nullptr: there is no such rule.
const Rule* find_rule(const std::string& id);

/// The whole of one rule, for `lint --explain`.
std::string explain(const Rule& rule);

/// What the rules find in the up scripts of the migrations from `first` on
/// (index into folder.migrations) that are in `wanted` (empty: all of them). A
/// comment `-- schemagen-lint: allow <id>, <reason>` before a statement
/// silences a rule there.
void lint(const Folder& folder, const std::vector<PreparedDialect>& prepared,
          std::size_t first, const std::vector<std::string>& wanted,
          Diagnostics& diagnostics);

}  // namespace schemagen::gen
