// Carries rendered scripts out on a database, the way the runtime does but in
// a few lines, so that a plan's tests do not lean on the Migrator.
#pragma once

#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "plan/plan.hpp"
#include "schemagen/database.hpp"

namespace schemagen::test {

struct Outcome {
  bool done = false;
  bool refused = false;  ///< by a guard; nothing was run
  std::string message;   ///< the guard's or the engine's words, with the SQL
};

/// All statements in one transaction, guards first; rolls back on an error. A
/// script that wants none runs without.
Outcome run_script(Database& database, const gen::Script& script);
Outcome run_statements(Database& database,
                       const std::vector<std::string>& statements);

/// With statements in the place of its blocks.
gen::Script filled(gen::Script script,
                   const std::vector<std::string>& statements);

/// A fresh database's script for `schema`.
gen::Script creation(const gen::Dialect& dialect, const gen::Schema& schema);

/// Rows as text, for comparing; a failed query gives its error.
std::string rows_text(Database& database, const std::string& sql);

/// Script statements one after the other, for messages.
std::string text_of(const gen::Script& script);

}  // namespace schemagen::test
