// For any history: what lint believes that the scripts have made is what they
// have made. After every script, up and down, its world is held against the
// engine's own catalogue.
// SCHEMAGEN_PROPERTY_CASES=1000 tries that many histories,
// SCHEMAGEN_EVOLUTION_SEED=7 begins with number 7.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "lint/world.hpp"
#include "model/text.hpp"
#include "support/fresh_database.hpp"
#include "support/lines.hpp"
#include "support/plan_runner.hpp"
#include "support/random_history.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

using Lines = std::vector<std::string>;

// Checks are counted on PostgreSQL only: no pragma of SQLite tells of them. A
// key without an index is the rowid, which is never NULL and numbers itself.
constexpr const char* kSqliteCatalogue =
    "WITH t(name) AS (SELECT name FROM sqlite_master WHERE type = 'table' AND "
    "name NOT LIKE 'sqlite_%') "
    "SELECT lower('column ' || t || '.' || name) || "
    "iif(\"notnull\" OR is_rowid, ' not null', '') || "
    "iif((dflt_value IS NULL OR hidden > 1) AND NOT is_rowid, '', ' default') "
    "FROM (SELECT t.name AS t, c.*, c.pk > 0 AND NOT EXISTS (SELECT 1 FROM "
    "pragma_index_list(t.name) WHERE origin = 'pk') AS is_rowid "
    "FROM t, pragma_table_xinfo(t.name) c) "
    "UNION ALL SELECT lower('key ' || t.name || ' ' || (SELECT "
    "group_concat(name) FROM (SELECT name FROM pragma_table_xinfo(t.name) "
    "WHERE pk > 0 ORDER BY pk))) FROM t WHERE EXISTS (SELECT 1 FROM "
    "pragma_table_xinfo(t.name) WHERE pk > 0) "
    "UNION ALL SELECT lower('reference ' || name || ' ' || "
    "group_concat(\"from\") || ' -> ' || parent || ' ' || "
    "group_concat(\"to\")) "
    "FROM (SELECT t.name, f.id, f.\"table\" AS parent, f.\"from\", f.\"to\" "
    "FROM "
    "t, pragma_foreign_key_list(t.name) f ORDER BY t.name, f.id, f.seq) "
    "GROUP BY name, id, parent "
    "UNION ALL SELECT lower('index ' || t.name || ' ' || i.name) || "
    "iif(i.\"unique\", ' unique', '') FROM t, pragma_index_list(t.name) i "
    "WHERE i.origin = 'c'";

constexpr const char* kPostgresCatalogue =
    "WITH t AS (SELECT c.oid, CASE n.nspname WHEN 'public' THEN '' ELSE "
    "n.nspname || '.' END || c.relname AS name FROM pg_class c JOIN "
    "pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND "
    "n.nspname IN ('public', 'app')) "
    "SELECT 'column ' || t.name || '.' || a.attname || CASE WHEN a.attnotnull "
    "THEN ' not null' ELSE '' END || CASE WHEN (a.atthasdef AND a.attgenerated "
    "= '') OR a.attidentity <> '' THEN ' default' ELSE '' END FROM t JOIN "
    "pg_attribute a ON a.attrelid "
    "= t.oid WHERE a.attnum > 0 AND NOT a.attisdropped "
    "UNION ALL SELECT CASE k.contype WHEN 'p' THEN 'key ' WHEN 'u' THEN "
    "'unique ' WHEN 'c' THEN 'check ' ELSE 'reference ' END || t.name || ' ' "
    "|| k.conname || CASE WHEN k.contype = 'c' THEN '' ELSE ' ' || (SELECT "
    "string_agg(a.attname, ',' ORDER BY u.i) FROM unnest(k.conkey) WITH "
    "ORDINALITY u(n, i) JOIN pg_attribute a ON a.attrelid = k.conrelid AND "
    "a.attnum = u.n) END || CASE WHEN k.contype = 'f' THEN ' -> ' || p.name || "
    "' ' || (SELECT string_agg(a.attname, ',' ORDER BY u.i) FROM "
    "unnest(k.confkey) WITH ORDINALITY u(n, i) JOIN pg_attribute a ON "
    "a.attrelid = k.confrelid AND a.attnum = u.n) ELSE '' END || CASE WHEN "
    "k.convalidated THEN '' ELSE ' not valid' END FROM t JOIN pg_constraint k "
    "ON k.conrelid = t.oid LEFT JOIN t p ON p.oid = k.confrelid WHERE "
    "k.contype IN ('p', 'u', 'c', 'f') "
    "UNION ALL SELECT 'index ' || t.name || ' ' || c.relname || CASE WHEN "
    "i.indisunique THEN ' unique' ELSE '' END FROM t JOIN pg_index i ON "
    "i.indrelid = t.oid JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT "
    "EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND "
    "k.conrelid = t.oid AND k.contype IN ('p', 'u'))";

struct Engine {
  const char* dialect;
  const char* catalogue;
  /// PostgreSQL's constraints have names and stand beside the table.
  bool names_constraints;
};

std::string constraint_line(const Engine& engine, const std::string& table,
                            const ConstraintFact& one) {
  using Kind = ConstraintFact::Kind;
  const std::string head =
      table + " " + (engine.names_constraints ? one.name + " " : "");
  const std::string state = one.is_validated ? "" : " not valid";
  switch (one.kind) {
    case Kind::primary_key:
      return "key " + head + join(one.columns, ",");
    case Kind::unique:
      return "unique " + head + join(one.columns, ",");
    case Kind::foreign_key:
      return "reference " + head + join(one.columns, ",") + " -> " +
             (one.parent.schema.empty() ? "" : one.parent.schema + ".") +
             one.parent.name + " " + join(one.parent_columns, ",") + state;
    default:
      return engine.names_constraints
                 ? "check " + table + " " + one.name + state
                 : "";
  }
}

Lines world_lines(const Engine& engine, const World& world) {
  Lines lines;
  for (const auto& [name, table] : world.tables()) {
    const std::string shown =
        (name.schema.empty() ? "" : name.schema + ".") + name.name;
    for (const ColumnFact& column : table.columns) {
      lines.push_back("column " + shown + "." + column.name +
                      (column.not_null ? " not null" : "") +
                      (column.has_default ? " default" : ""));
    }
    for (const ConstraintFact& one : table.constraints) {
      const std::string line = constraint_line(engine, shown, one);
      if (!line.empty()) lines.push_back(line);
    }
    for (const IndexFact& index : table.indexes) {
      lines.push_back("index " + shown + " " + index.name +
                      (index.is_unique ? " unique" : ""));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

Lines catalogue_lines(Database& database, const char* sql) {
  const auto rows = database.query(sql);
  EXPECT_TRUE(rows) << (rows ? "" : rows.error().message);
  Lines lines;
  for (const Row& row : *rows) lines.push_back(row[0].value_or("NULL"));
  std::sort(lines.begin(), lines.end());
  return lines;
}

/// What is in one of the two only.
std::string difference(const Lines& believed, const Lines& real) {
  std::string text;
  Lines only;
  std::set_difference(believed.begin(), believed.end(), real.begin(),
                      real.end(), std::back_inserter(only));
  for (const std::string& line : only) text += "believed: " + line + "\n";
  only.clear();
  std::set_difference(real.begin(), real.end(), believed.begin(),
                      believed.end(), std::back_inserter(only));
  for (const std::string& line : only) text += "real: " + line + "\n";
  return text;
}

class Follower {
 public:
  Follower(const Engine& engine, Database& database)
      : engine_(engine),
        dialect_(*find_dialect(engine.dialect)),
        database_(database) {}

  /// "" or what lint has got wrong.
  std::string run(const Script& script) {
    const Outcome outcome = run_script(database_, script);
    if (!outcome.done) return outcome.message;
    world_.begin_migration();
    for (const Statement& statement : script.statements) {
      for (const Fact& fact : dialect_.facts(statement.sql)) {
        is_blind_ = is_blind_ || fact.kind == Fact::Kind::opaque;
        world_.apply(fact, false, true);
      }
    }
    if (is_blind_) return "";
    const std::string wrong =
        difference(world_lines(engine_, world_),
                   catalogue_lines(database_, engine_.catalogue));
    return wrong.empty() ? "" : wrong + text_of(script);
  }

  /// A history, each version left and reached once more.
  std::string follow(const std::vector<Version>& history, bool is_online) {
    Schema before;
    for (const Version& version : history) {
      Diagnostics diagnostics;
      const Plan plan =
          make_plan(before, version.schema, version.consents, diagnostics);
      std::vector<Script> ways = {dialect_.render(plan),
                                  dialect_.render(reverse(plan))};
      if (is_online) {
        for (Stage& stage : dialect_.render_online(plan)) {
          ways.push_back(std::move(stage.up_script));
        }
      } else {
        ways.push_back(ways.front());
      }
      for (const Script& way : ways) {
        const std::string wrong = run(way);
        if (!wrong.empty()) return wrong;
      }
      before = version.schema;
    }
    return "";
  }

 private:
  const Engine& engine_;
  const Dialect& dialect_;
  Database& database_;
  World world_;
  /// After a DO block, which lint tells of and does not see into.
  bool is_blind_ = false;
};

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void follow_histories(const Engine& engine, bool is_online,
                      std::unique_ptr<Database> (*next)()) {
  const std::uint64_t first = number_in("SCHEMAGEN_EVOLUTION_SEED", 1);
  const std::uint64_t cases = number_in("SCHEMAGEN_PROPERTY_CASES", 40);
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    Recipe recipe;
    recipe.seed = seed;
    recipe.versions = 5;
    const std::unique_ptr<Database> database = next();
    ASSERT_EQ(
        Follower(engine, *database).follow(random_history(recipe), is_online),
        "")
        << "SCHEMAGEN_EVOLUTION_SEED=" << seed;
  }
}

constexpr Engine kSqlite = {"sqlite", kSqliteCatalogue, false};
constexpr Engine kPostgres = {"postgres", kPostgresCatalogue, true};

TEST(LintProperty, the_world_is_what_sqlite_has) {
  follow_histories(kSqlite, false, fresh_sqlite);
}

TEST(LintProperty, the_world_is_what_postgres_has) {
  follow_histories(kPostgres, false, fresh_postgres);
}

TEST(LintProperty, the_world_is_what_postgres_has_after_online_parts) {
  follow_histories(kPostgres, true, fresh_postgres);
}

}  // namespace
}  // namespace schemagen::test
