#include "dialect/sqlite.hpp"

#include <algorithm>
#include <map>

#include "dialect/engines.hpp"
#include "model/diagnostics.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace sqlite {
namespace {

bool is_strict_type(const std::string& type) {
  for (const char* allowed :
       {"int", "integer", "real", "text", "blob", "any"}) {
    if (fold_case(type) == allowed) return true;
  }
  return false;
}

void check_column(const Table& table, const Column& column,
                  const Schema& schema, Diagnostics& diagnostics) {
  const std::string type = type_sql(column.type, schema, table.strict);
  if (table.strict && !is_strict_type(type)) {
    diagnostics.error(column.at, "strict-type",
                      "a STRICT table of SQLite cannot hold the type " + type +
                          " of " + table.name + "." + column.name +
                          "; give it one of INTEGER, REAL, TEXT, BLOB, ANY "
                          "by .sqlite_type");
  }
  const std::vector<std::string>& keys = table.primary_key;
  if (!column.generated.empty() &&
      std::find(keys.begin(), keys.end(), column.name) != keys.end()) {
    diagnostics.error(column.at, "generated-key",
                      "SQLite has no computed column in a primary key, and " +
                          table.name + "." + column.name +
                          " is one; make it a unique, and another member the "
                          "key");
  }
  if (!column.autoincrement) return;
  const Column* key = rowid_key(table);
  if (key == &column) return;
  diagnostics.error(column.at, "autoincrement-key",
                    "SQLite numbers only a single integer primary key, and " +
                        table.name + "." + column.name +
                        " is none; make it the only key column of a table "
                        "with rowid, or drop .autoincrement");
}

}  // namespace

void check(const Schema& schema, Diagnostics& diagnostics) {
  std::map<std::string, const Table*> names;
  for (const Table& table : schema.tables) {
    const std::string name = fold_case(table.name);
    if (!names.insert({name, &table}).second) {
      diagnostics.error(table.at, "duplicate-table",
                        "SQLite has no schemas and ignores case, so the table "
                        "name " +
                            table.name +
                            " is taken twice; give one of them another .name");
    }
    if (name.compare(0, 7, "sqlite_") == 0) {
      diagnostics.error(table.at, "reserved-name",
                        "SQLite keeps names that begin with sqlite_ for "
                        "itself; rename table " +
                            table.name);
    }
    for (const Column& column : table.columns) {
      check_column(table, column, schema, diagnostics);
    }
    if (table.without_rowid && table.primary_key.empty()) {
      diagnostics.error(table.at, "without-rowid-key",
                        "table " + table.name +
                            " is WITHOUT ROWID and has no primary key; mark "
                            "one, or drop .without_rowid");
    }
  }
}

}  // namespace sqlite

namespace {

class Sqlite final : public Dialect {
 public:
  std::string_view name() const override { return "sqlite"; }
  std::string quote(std::string_view identifier) const override {
    return sqlite::quote(identifier);
  }
  std::string quote_text(std::string_view text) const override {
    return sqlite::quote_text(text);
  }
  Comments comments() const override { return Comments::end_at_first; }
  void check(const Schema& schema, Diagnostics& diagnostics) const override {
    sqlite::check(schema, diagnostics);
  }
  Script render(const Plan& plan) const override {
    return sqlite::render(plan);
  }
  std::vector<StatementRange> cut(const std::string& script,
                                  const std::string& path, bool transactional,
                                  bool unchecked,
                                  Diagnostics& diagnostics) const override {
    return sqlite::cut(script, path, transactional, unchecked, diagnostics);
  }
  std::vector<Fact> facts(const std::string& statement) const override {
    return sqlite::facts(statement);
  }
  std::string type_sql(const Schema& schema, const Type& type) const override {
    return sqlite::type_sql(type, schema, false);
  }
};

}  // namespace

const Dialect* sqlite_dialect() {
  static const Sqlite dialect;
  return &dialect;
}

}  // namespace schemagen::gen
