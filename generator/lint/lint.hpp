// Hazards of migrations, generated and hand-written alike. What a statement
// does is read by its engine's dialect (dialect/facts.hpp), what it means here
// follows from the scripts before it (world.hpp), and each hazard is one rule
// (rule.hpp, rules/).
#pragma once

#include <string>
#include <vector>

#include "lint/rule.hpp"
#include "lint/severity.hpp"
#include "model/diagnostics.hpp"
#include "model/diagnostics_json.hpp"

namespace schemagen::gen {

/// The up script of one migration.
struct LintScript {
  std::string path;
  std::string text;
  bool is_pending = false;  ///< no database in the field has it
  bool is_wanted = false;   ///< judged; else it only sets the scene
};

/// The whole history of one dialect, by id.
struct LintHistory {
  std::string dialect;
  std::vector<LintScript> scripts;
};

/// What the rules find, at the statements' places. A finding that a comment
/// allows is kept with its reason (Diagnostic::allowed). Comments that allow
/// without a reason, what is no rule, or what is not there are told too.
void lint(const std::vector<LintHistory>& histories, const Levels& levels,
          Diagnostics& diagnostics);

/// Every rule, in the order of the documentation.
const std::vector<const Rule*>& all_rules();

/// nullptr: there is no such rule.
const Rule* find_rule(const std::string& id);
/// "no rule is called ...; did you mean ...?"
std::string unknown_rule(const std::string& id);

/// The whole of one rule, for `lint --explain`.
std::string explain(const Rule& rule, Level level);
/// One line of `lint --explain` without a rule.
std::string line_of(const Rule& rule, Level level);
/// The rules as a table of Markdown, for the documentation.
std::string rules_table();
/// For SARIF.
std::vector<RuleText> rule_texts(const Levels& levels);

}  // namespace schemagen::gen
