// The SQL that annotations carry, tried one by one with the engine's parser: a
// slip is told at its annotation, not in a script that nobody has seen yet.
#include "dialect/dialect.hpp"
#include "model/diagnostics.hpp"

namespace schemagen::gen {
namespace {

class OwnSql {
 public:
  OwnSql(const Dialect& dialect, Diagnostics& diagnostics)
      : dialect_(dialect), diagnostics_(diagnostics) {}

  void read(const Table& table) {
    for (const Column& column : table.columns) read(table, column);
    for (const Check& check : table.checks) {
      const std::string owner =
          check.column.empty() ? table.name : table.name + "." + check.column;
      expression(".check", owner, check.sql, check.at);
    }
    for (const Index& index : table.indexes) {
      expression(".where of an index", table.name, index.where, index.at);
      // In brackets of its own, or with what only an index takes: DESC, a
      // class of operators.
      if (index.expression.empty() ||
          fault_of(bracketed(index.expression)).empty()) {
        continue;
      }
      read(".expression of an index", table.name, index.expression,
           "CREATE INDEX i ON t (\n" + index.expression + "\n)", index.at);
    }
  }

 private:
  void read(const Table& table, const Column& column) {
    const std::string owner = table.name + "." + column.name;
    expression(".default_sql", owner, column.default_sql, column.at);
    expression(".generated", owner, column.generated, column.at);
    expression(".backfill", owner, column.backfill, column.at);
    expression(".using_sql", owner, column.using_sql, column.at);
  }

  void expression(const std::string& option, const std::string& owner,
                  const std::string& sql, const SourceLocation& at) {
    read(option, owner, sql, bracketed(sql), at);
  }

  static std::string bracketed(const std::string& sql) {
    return "SELECT (\n" + sql + "\n)";
  }

  std::string fault_of(const std::string& statement) const {
    Diagnostics found;
    dialect_.cut(statement, "", true, false, found);
    return found.has_errors() ? found.sorted().front().message : "";
  }

  void read(const std::string& option, const std::string& owner,
            const std::string& sql, const std::string& statement,
            const SourceLocation& at) {
    if (sql.empty()) return;
    const std::string fault = fault_of(statement);
    if (fault.empty()) return;
    diagnostics_.error(
        at, "invalid-sql",
        std::string(dialect_.name()) + " cannot read the " + option + " of " +
            owner + ": " + words_of(fault, sql) +
            "; correct it (a name that is a keyword goes in double quotes)");
  }

  /// The engine's words, without what only the probe has.
  static std::string words_of(const std::string& fault,
                              const std::string& sql) {
    std::string words = fault.substr(0, fault.find("; "));
    if (words.find("\")\"") != std::string::npos &&
        sql.find(')') == std::string::npos) {
      return "syntax error at its end";
    }
    // What the engine read of the probe behind it, on a line of its own.
    const std::size_t more = words.rfind(" ...\"");
    const bool is_probe =
        more != std::string::npos && sql.find('\n') == std::string::npos;
    return is_probe ? words.erase(more, 4) : words;
  }

  const Dialect& dialect_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_own_sql(const Dialect& dialect, const Schema& schema,
                   Diagnostics& diagnostics) {
  OwnSql reader(dialect, diagnostics);
  for (const Table& table : schema.tables) reader.read(table);
}

}  // namespace schemagen::gen
