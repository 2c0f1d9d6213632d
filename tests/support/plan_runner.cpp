#include "support/plan_runner.hpp"

namespace schemagen::test {
namespace {

using gen::Script;
using gen::Statement;

bool is_sqlite(Database& database) { return database.dialect() == "sqlite"; }

Outcome failed(const std::string& sql, const Error& error) {
  return {false, false, error.message + "\n" + sql};
}

Outcome guarded(Database& database, const Statement& statement) {
  auto rows = database.query(statement.sql);
  if (!rows) return failed(statement.sql, rows.error());
  if (rows->empty()) return {true, false, {}};
  return {false, true, (*rows)[0][0].value_or("")};
}

Outcome run_all(Database& database, const Script& script) {
  for (const Statement& statement : script.statements) {
    if (statement.guard) {
      Outcome outcome = guarded(database, statement);
      if (!outcome.done) return outcome;
      continue;
    }
    if (statement.block) continue;
    auto rows = database.execute(statement.sql);
    while (rows && script.batch && *rows > 0) {
      rows = database.execute(statement.sql);
    }
    if (!rows) return failed(statement.sql, rows.error());
  }
  if (!is_sqlite(database)) return {true, false, {}};
  auto broken = database.query("PRAGMA foreign_key_check");
  if (!broken) return failed("PRAGMA foreign_key_check", broken.error());
  if (broken->empty()) return {true, false, {}};
  return {false, false,
          "a row of " + (*broken)[0][0].value_or("") + " refers to nothing"};
}

}  // namespace

Outcome run_script(Database& database, const Script& script) {
  if (!script.transactional) return run_all(database, script);
  if (is_sqlite(database)) {
    (void)database.execute("PRAGMA foreign_keys = OFF");
  }
  if (auto begun = database.execute("BEGIN"); !begun) {
    return failed("BEGIN", begun.error());
  }
  Outcome outcome = run_all(database, script);
  auto ended = database.execute(outcome.done ? "COMMIT" : "ROLLBACK");
  if (!ended && outcome.done) return failed("COMMIT", ended.error());
  if (is_sqlite(database)) {
    (void)database.execute("PRAGMA foreign_keys = ON");
  }
  return outcome;
}

Outcome run_statements(Database& database,
                       const std::vector<std::string>& statements) {
  Script script;
  for (const std::string& sql : statements) {
    script.statements.push_back({sql, "", false});
  }
  return run_script(database, script);
}

Script filled(Script script, const std::vector<std::string>& statements) {
  std::size_t next = 0;
  for (Statement& statement : script.statements) {
    if (!statement.block || next == statements.size()) continue;
    statement = {statements[next++], "", false};
  }
  return script;
}

Script creation(const gen::Dialect& dialect, const gen::Schema& schema) {
  gen::Diagnostics diagnostics;
  return dialect.render(gen::make_plan({}, schema, {}, diagnostics));
}

std::string rows_text(Database& database, const std::string& sql) {
  auto rows = database.query(sql);
  if (!rows) return rows.error().message;
  std::string text;
  for (const Row& row : *rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += (i == 0 ? "" : "|") + row[i].value_or("NULL");
    }
    text += "\n";
  }
  return text;
}

std::string text_of(const Script& script) {
  std::string text;
  for (const Statement& statement : script.statements) {
    text += (statement.guard ? "-- guard\n" : "") + statement.sql + ";\n";
  }
  return text;
}

}  // namespace schemagen::test
