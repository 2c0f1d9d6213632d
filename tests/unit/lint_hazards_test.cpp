// The hazards that rules speak of, seen on real engines: what works on an empty
// table and fails on a filled one, what PostgreSQL locks and what it rewrites.
#include <gtest/gtest.h>

#include <stdexcept>

#include "dialect/dialect.hpp"
#include "emit/prepared.hpp"
#include "lint/lint.hpp"
#include "lint/type_change.hpp"
#include "support/fresh_database.hpp"
#include "support/plan_runner.hpp"

namespace schemagen::gen {
namespace {

using test::fresh_database;
using test::rows_text;

std::vector<std::string> statements_of(const std::string& sql) {
  Diagnostics none;
  std::vector<std::string> statements;
  for (const StatementRange& range : find_dialect("sqlite")->cut(
           sql, "test.sql", true, /*unchecked=*/true, none)) {
    statements.push_back(sql.substr(range.offset, range.length));
  }
  return statements;
}

/// Runs `sql` as a migration; "" when all went well.
std::string fault_of(Database& database, const std::string& sql) {
  const auto done = test::run_statements(database, statements_of(sql));
  return done.done ? "" : done.message;
}

/// Runs `sql` as it is, with the session's own settings.
std::string plain_fault_of(Database& database, const std::string& sql) {
  for (const std::string& statement : statements_of(sql)) {
    const auto done = database.execute(statement);
    if (!done) return done.error().message;
  }
  return "";
}

bool finds(const std::string& dialect, const std::string& before,
           const std::string& up, const std::string& rule) {
  Diagnostics all;
  lint(
      {{dialect, {{"a.sql", before, false, false}, {"b.sql", up, true, true}}}},
      {}, all);
  const auto found = all.sorted();
  return std::any_of(found.begin(), found.end(),
                     [&](const Diagnostic& one) { return one.id == rule; });
}

struct RowHazard {
  const char* dialect;
  const char* rule;
  const char* before;
  const char* rows;
  const char* up;
};

class RowHazardTest : public testing::TestWithParam<RowHazard> {};

TEST_P(RowHazardTest, works_on_an_empty_table_and_fails_on_a_filled_one) {
  const RowHazard& c = GetParam();
  EXPECT_TRUE(finds(c.dialect, c.before, c.up, c.rule)) << c.up;
  const auto empty = fresh_database(c.dialect);
  const auto filled = fresh_database(c.dialect);
  for (Database* database : {empty.get(), filled.get()}) {
    ASSERT_EQ(fault_of(*database, c.before), "");
  }
  ASSERT_EQ(fault_of(*filled, c.rows), "");
  EXPECT_EQ(fault_of(*empty, c.up), "");
  EXPECT_NE(fault_of(*filled, c.up), "");
}

INSTANTIATE_TEST_SUITE_P(
    Sqlite, RowHazardTest,
    testing::Values(
        RowHazard{"sqlite", "add-required-column", "CREATE TABLE t (a);",
                  "INSERT INTO t VALUES (1);",
                  "ALTER TABLE t ADD COLUMN b TEXT NOT NULL;"},
        RowHazard{"sqlite", "non-constant-default", "CREATE TABLE t (a);",
                  "INSERT INTO t VALUES (1);",
                  "ALTER TABLE t ADD COLUMN b TEXT DEFAULT CURRENT_TIMESTAMP;"},
        RowHazard{"sqlite", "non-constant-default", "CREATE TABLE t (a);",
                  "INSERT INTO t VALUES (1);",
                  "ALTER TABLE t ADD COLUMN b TEXT DEFAULT (1 + 1);"},
        RowHazard{"sqlite", "default-breaks-check", "CREATE TABLE t (a);",
                  "INSERT INTO t VALUES (1);",
                  "ALTER TABLE t ADD COLUMN b INT DEFAULT 0 CHECK (b > 0);"},
        RowHazard{"sqlite", "check-over-rows", "CREATE TABLE t (a);",
                  "INSERT INTO t VALUES (0);",
                  "ALTER TABLE t ADD COLUMN b INT CHECK (a > 0);"},
        RowHazard{"sqlite", "unique-over-rows", "CREATE TABLE t (a);",
                  "INSERT INTO t VALUES (1), (1);",
                  "CREATE UNIQUE INDEX i ON t (a);"},
        RowHazard{"sqlite", "not-null-over-rows", "CREATE TABLE t (a);",
                  "INSERT INTO t VALUES (NULL);",
                  "CREATE TABLE n (a NOT NULL); INSERT INTO n SELECT a FROM t; "
                  "DROP TABLE t; ALTER TABLE n RENAME TO t;"},
        RowHazard{"sqlite", "check-over-rows", "CREATE TABLE t (a);",
                  "INSERT INTO t VALUES (0);",
                  "CREATE TABLE n (a CHECK (a > 0)); INSERT INTO n SELECT a "
                  "FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;"},
        RowHazard{"sqlite", "strict-over-rows", "CREATE TABLE t (a INTEGER);",
                  "INSERT INTO t VALUES ('x');",
                  "CREATE TABLE n (a INTEGER) STRICT; INSERT INTO n SELECT a "
                  "FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;"}));

INSTANTIATE_TEST_SUITE_P(
    Postgres, RowHazardTest,
    testing::Values(
        RowHazard{"postgres", "add-required-column", "CREATE TABLE t (a int);",
                  "INSERT INTO t VALUES (1);",
                  "ALTER TABLE t ADD COLUMN b text NOT NULL;"},
        RowHazard{"postgres", "not-null-over-rows", "CREATE TABLE t (a int);",
                  "INSERT INTO t VALUES (NULL);",
                  "ALTER TABLE t ALTER a SET NOT NULL;"},
        RowHazard{"postgres", "not-null-over-rows", "CREATE TABLE t (a int);",
                  "INSERT INTO t VALUES (NULL);",
                  "ALTER TABLE t ADD PRIMARY KEY (a);"},
        RowHazard{"postgres", "unique-over-rows", "CREATE TABLE t (a int);",
                  "INSERT INTO t VALUES (1), (1);",
                  "ALTER TABLE t ADD UNIQUE (a);"},
        RowHazard{"postgres", "check-over-rows", "CREATE TABLE t (a int);",
                  "INSERT INTO t VALUES (0);",
                  "ALTER TABLE t ADD CHECK (a > 0);"},
        RowHazard{"postgres", "default-breaks-check", "CREATE TABLE t (a int);",
                  "INSERT INTO t VALUES (1);",
                  "ALTER TABLE t ADD COLUMN b int DEFAULT 0 CHECK (b > 0);"},
        RowHazard{"postgres", "check-over-rows", "CREATE TABLE t (a int);",
                  "INSERT INTO t VALUES (0);",
                  "ALTER TABLE t ADD COLUMN b int CHECK (a > 0);"},
        RowHazard{"postgres", "validate-over-rows",
                  "CREATE TABLE t (a int); CREATE TABLE u (a int);",
                  "INSERT INTO t VALUES (0);",
                  "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;"
                  "ALTER TABLE t VALIDATE CONSTRAINT c;"},
        RowHazard{
            "postgres", "foreign-key-over-rows",
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int);",
            "INSERT INTO t VALUES (1);",
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id);"},
        RowHazard{"postgres", "add-exclusion-constraint",
                  "CREATE TABLE t (a int4range);",
                  "INSERT INTO t VALUES ('[1,5]'), ('[2,3]');",
                  "ALTER TABLE t ADD EXCLUDE USING gist (a WITH &&);"},
        RowHazard{"postgres", "domain-constraint",
                  "CREATE DOMAIN d AS int; CREATE TABLE t (a d);",
                  "INSERT INTO t VALUES (0);",
                  "ALTER DOMAIN d ADD CHECK (VALUE > 0);"},
        RowHazard{"postgres", "narrow-column-type",
                  "CREATE TABLE t (a bigint);",
                  "INSERT INTO t VALUES (3000000000);",
                  "ALTER TABLE t ALTER a TYPE int;"}));

TEST(LintHazards, sqlite_takes_other_tables_rows_along_with_foreign_keys_on) {
  const std::string before =
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p_id INTEGER "
      "REFERENCES p (id) ON DELETE CASCADE);";
  const std::string up =
      "-- schemagen: foreign-keys on\nCREATE TABLE n (id INTEGER PRIMARY KEY); "
      "INSERT INTO n SELECT id FROM p; DROP TABLE p; ALTER TABLE n RENAME TO "
      "p;";
  EXPECT_TRUE(finds("sqlite", before, up, "drop-cascades-to-rows"));
  for (const char* setting : {"ON", "OFF"}) {
    const auto database = fresh_database("sqlite");
    ASSERT_EQ(
        fault_of(*database, before + "INSERT INTO p VALUES (1); INSERT INTO c "
                                     "VALUES (1);"),
        "");
    ASSERT_TRUE(
        database->execute(std::string("PRAGMA foreign_keys = ") + setting));
    ASSERT_EQ(plain_fault_of(*database, up), "");
    EXPECT_EQ(rows_text(*database, "SELECT count(*) FROM c"),
              setting == std::string("ON") ? "0\n" : "1\n");
  }
}

TEST(LintHazards,
     sqlite_refuses_a_default_on_a_reference_with_foreign_keys_on) {
  const std::string before =
      "CREATE TABLE u (id INTEGER PRIMARY KEY);"
      "CREATE TABLE t (a);";
  const std::string up =
      "-- schemagen: foreign-keys on\n"
      "ALTER TABLE t ADD COLUMN u_id INTEGER DEFAULT 1 REFERENCES u;";
  EXPECT_TRUE(finds("sqlite", before, up, "default-breaks-reference"));
  const auto database = fresh_database("sqlite");
  ASSERT_EQ(plain_fault_of(*database, before + "INSERT INTO t VALUES (1);"),
            "");
  ASSERT_TRUE(database->execute("PRAGMA foreign_keys = ON"));
  EXPECT_NE(plain_fault_of(*database, up), "");
}

TEST(LintHazards, sqlite_fails_at_writing_where_a_parent_is_not_unique) {
  const std::string up =
      "CREATE TABLE p (a TEXT); CREATE TABLE c (a TEXT REFERENCES p (a));";
  EXPECT_TRUE(finds("sqlite", "", up, "foreign-key-parent-not-unique"));
  const auto database = fresh_database("sqlite");
  ASSERT_EQ(plain_fault_of(*database, up), "");
  ASSERT_TRUE(database->execute("PRAGMA foreign_keys = ON"));
  ASSERT_EQ(plain_fault_of(*database, "INSERT INTO p VALUES ('x')"), "");
  EXPECT_NE(plain_fault_of(*database, "INSERT INTO c VALUES ('x')"), "");
}

struct Lock {
  const char* rule;
  const char* up;
  const char* mode;  ///< on t
};

class LockTest : public testing::TestWithParam<Lock> {};

TEST_P(LockTest, is_the_one_that_the_rule_names) {
  const Lock& c = GetParam();
  const std::string before =
      "CREATE TABLE t (id int PRIMARY KEY, a int, b text, EXCLUDE USING gist "
      "(int4range(id, id, '[]') WITH &&)); CREATE TABLE p (id int PRIMARY KEY);"
      "CREATE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) "
      "NOT VALID;";
  const std::string up =
      c.rule == std::string("validate-over-rows")
          ? std::string("CREATE TABLE other (a int); ") + c.up
          : std::string(c.up);
  EXPECT_TRUE(finds("postgres", before, up, c.rule)) << c.up;
  const auto database = fresh_database("postgres");
  ASSERT_EQ(fault_of(*database, before), "");
  const std::string table = rows_text(*database, "SELECT 't'::regclass::oid");
  ASSERT_TRUE(database->execute("BEGIN"));
  const auto done = database->execute(c.up);
  ASSERT_TRUE(done) << done.error().message;
  const std::string modes = rows_text(
      *database,
      "SELECT DISTINCT mode FROM pg_locks WHERE pid = pg_backend_pid() AND "
      "relation = " +
          table);
  EXPECT_NE(("\n" + modes).find("\n" + std::string(c.mode) + "\n"),
            std::string::npos)
      << c.up << "\n"
      << modes;
  // "SHARE ROW EXCLUSIVE on both tables" says ShareRowExclusiveLock.
  std::string words;
  for (const char* at = find_rule(c.rule)->lock; *at != '\0'; ++at) {
    const bool is_word = (*at >= 'A' && *at <= 'Z') || *at == ' ';
    if (!is_word) break;
    if (*at != ' ') words += static_cast<char>(*at - 'A' + 'a');
  }
  std::string mode;
  for (const char* at = c.mode; *at != '\0'; ++at) {
    mode += *at >= 'A' && *at <= 'Z' ? static_cast<char>(*at - 'A' + 'a') : *at;
  }
  EXPECT_EQ(words + "lock", mode) << c.rule;
}

INSTANTIATE_TEST_SUITE_P(
    Postgres, LockTest,
    testing::Values(
        Lock{"drop-column", "ALTER TABLE t DROP COLUMN b",
             "AccessExclusiveLock"},
        Lock{"drop-table", "DROP TABLE t", "AccessExclusiveLock"},
        Lock{"truncate", "TRUNCATE t", "AccessExclusiveLock"},
        Lock{"rename-table", "ALTER TABLE t RENAME TO u",
             "AccessExclusiveLock"},
        Lock{"rename-column", "ALTER TABLE t RENAME b TO c",
             "AccessExclusiveLock"},
        Lock{"delete-without-where", "DELETE FROM t", "RowExclusiveLock"},
        Lock{"update-without-where", "UPDATE t SET a = 1", "RowExclusiveLock"},
        Lock{"set-not-null", "ALTER TABLE t ALTER b SET NOT NULL",
             "AccessExclusiveLock"},
        Lock{"change-column-type", "ALTER TABLE t ALTER a TYPE bigint",
             "AccessExclusiveLock"},
        Lock{"add-check-validated", "ALTER TABLE t ADD CHECK (a < 9)",
             "AccessExclusiveLock"},
        Lock{"add-foreign-key-validated",
             "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id)",
             "ShareRowExclusiveLock"},
        Lock{"add-unique-constraint", "ALTER TABLE t ADD UNIQUE (a)",
             "AccessExclusiveLock"},
        Lock{"validate-over-rows", "ALTER TABLE t VALIDATE CONSTRAINT c",
             "ShareUpdateExclusiveLock"},
        Lock{"row-security-without-policy",
             "ALTER TABLE t ENABLE ROW LEVEL SECURITY", "AccessExclusiveLock"},
        Lock{"triggers-off", "ALTER TABLE t DISABLE TRIGGER ALL",
             "ShareRowExclusiveLock"},
        Lock{"rule-swallows-writes",
             "CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING",
             "AccessExclusiveLock"},
        Lock{"index-blocks-writes", "CREATE INDEX j ON t (b)", "ShareLock"},
        Lock{"drop-index-blocks", "DROP INDEX i", "AccessExclusiveLock"},
        Lock{"lock-table", "LOCK TABLE t", "AccessExclusiveLock"},
        Lock{"drop-constraint", "ALTER TABLE t DROP CONSTRAINT c",
             "AccessExclusiveLock"}));

std::string file_of(Database& database) {
  return rows_text(database, "SELECT pg_relation_filenode('t')");
}

TEST(LintHazards, P11_postgres_rewrites_what_the_rules_say) {
  const auto database = fresh_database("postgres");
  ASSERT_TRUE(
      database->execute("CREATE FUNCTION own() RETURNS int LANGUAGE plpgsql AS "
                        "'BEGIN RETURN 1; END'"));
  for (const auto& [up, rule, rewrites] :
       {std::tuple{"ADD COLUMN c uuid DEFAULT gen_random_uuid()",
                   "volatile-default", true},
        std::tuple{"ADD COLUMN c timestamptz DEFAULT now()", "volatile-default",
                   false},
        std::tuple{"ADD COLUMN c int DEFAULT 1 NOT NULL", "volatile-default",
                   false},
        std::tuple{"ADD COLUMN c int DEFAULT own()", "volatile-default", true},
        std::tuple{"ADD COLUMN c text DEFAULT upper(to_char(now(), 'Mon'))",
                   "volatile-default", false},
        std::tuple{"ADD COLUMN c serial", "add-numbered-column", true},
        std::tuple{"ADD COLUMN c int GENERATED ALWAYS AS IDENTITY",
                   "add-numbered-column", true},
        std::tuple{"ADD COLUMN c int GENERATED ALWAYS AS (1) STORED",
                   "add-stored-column", true}}) {
    ASSERT_EQ(fault_of(*database,
                       "DROP TABLE IF EXISTS t; CREATE TABLE t (a int);"
                       "INSERT INTO t VALUES (1);"),
              "");
    const std::string before = file_of(*database);
    const std::string sql = std::string("ALTER TABLE t ") + up;
    ASSERT_EQ(fault_of(*database, sql), "");
    EXPECT_EQ(file_of(*database) != before, rewrites) << sql;
    EXPECT_EQ(finds("postgres", "CREATE TABLE t (a int);", sql, rule), rewrites)
        << sql;
  }
}

TEST(LintHazards, postgres_changes_timestamps_in_place_while_in_utc) {
  const std::string before = "CREATE TABLE t (a timestamp, b timestamp(3));";
  for (const auto& [up, rewrites] :
       {std::pair{"SET TIME ZONE 'UTC'; ALTER TABLE t ALTER a TYPE "
                  "timestamptz, ALTER b TYPE timestamptz;",
                  false},
        std::pair{"SET TIME ZONE 'UTC'; ALTER TABLE t ALTER a TYPE "
                  "timestamptz(3);",
                  true},
        std::pair{"SET TIME ZONE 'Europe/Berlin'; ALTER TABLE t ALTER a TYPE "
                  "timestamptz;",
                  true}}) {
    const auto database = fresh_database("postgres");
    ASSERT_EQ(fault_of(*database, before + "INSERT INTO t VALUES (now());"),
              "");
    const std::string file = file_of(*database);
    ASSERT_EQ(fault_of(*database, up), "");
    EXPECT_EQ(file_of(*database) != file, rewrites) << up;
    EXPECT_EQ(finds("postgres", before, up, "change-column-type"), rewrites)
        << up;
  }
}

TEST(LintHazards, an_emptied_table_breaks_no_rule) {
  const std::string before = "CREATE TABLE t (a int, b int);";
  const std::string demands =
      "ALTER TABLE t ADD COLUMN c int NOT NULL; CREATE UNIQUE INDEX i ON t "
      "(a);";
  for (const char* dialect : {"sqlite", "postgres"}) {
    for (const auto& [empties, fails] :
         {std::pair{"DELETE FROM t; ", false},
          std::pair{"DELETE FROM t; INSERT INTO t VALUES (1, 1), (1, 2); ",
                    true}}) {
      const auto database = fresh_database(dialect);
      ASSERT_EQ(
          fault_of(*database, before + "INSERT INTO t VALUES (1, 1), (1, 2);"),
          "");
      const std::string up = empties + demands;
      EXPECT_EQ(fault_of(*database, up) != "", fails) << dialect << up;
      EXPECT_EQ(finds(dialect, before, up, "unique-over-rows"), fails) << up;
    }
  }
}

TEST(LintHazards, sqlite_forgets_what_a_replacement_does_not_name) {
  const std::string before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);";
  const std::string up = "INSERT OR REPLACE INTO t (id) SELECT id FROM t;";
  EXPECT_TRUE(finds("sqlite", before, up, "replace-forgets-columns"));
  const auto database = fresh_database("sqlite");
  ASSERT_EQ(fault_of(*database, before + "INSERT INTO t VALUES (1, 'x');"), "");
  ASSERT_EQ(fault_of(*database, up), "");
  EXPECT_EQ(rows_text(*database, "SELECT count(a) FROM t"), "0\n");
}

TEST(LintHazards, postgres_hides_rows_and_leaves_references_unchecked) {
  const std::string before =
      "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES "
      "p); INSERT INTO p VALUES (1);";
  const auto database = fresh_database("postgres");
  ASSERT_EQ(fault_of(*database, before), "");
  EXPECT_NE(fault_of(*database, "INSERT INTO c VALUES (2);"), "");
  for (const char* up : {"ALTER TABLE c DISABLE TRIGGER ALL;",
                         "SET session_replication_role = replica;"}) {
    EXPECT_TRUE(finds("postgres", before, up, "triggers-off")) << up;
    EXPECT_EQ(fault_of(*database, up + std::string("INSERT INTO c VALUES (2);"
                                                   "ALTER TABLE c ENABLE "
                                                   "TRIGGER ALL;")),
              "");
  }
  const std::string hide = "ALTER TABLE p ENABLE ROW LEVEL SECURITY;";
  EXPECT_TRUE(finds("postgres", before, hide, "row-security-without-policy"));
  ASSERT_EQ(fault_of(*database, hide + "GRANT SELECT ON p TO pg_monitor; SET "
                                       "ROLE pg_monitor;"),
            "");
  EXPECT_EQ(rows_text(*database, "SELECT count(*) FROM p"), "0\n");
}

/// Every pair of these types, on the server and in lint's own eyes.
TEST(LintHazards, type_changes_are_what_postgres_makes_of_them) {
  struct Typed {
    const char* type;    ///< as lint has it
    const char* values;  ///< at its edges
  };
  const std::vector<Typed> types = {
      {"int2", "'32767', '-32768'"},
      {"int4", "'2147483647', '-2147483648'"},
      {"int8", "'9223372036854775807', '-9223372036854775808'"},
      {"numeric(10,2)", "'99999999.99'"},
      {"numeric(12,2)", "'9999999999.99'"},
      {"numeric(12,4)", "'99999999.9999'"},
      {"numeric", "'1e30', '0.123456789'"},
      {"float4", "'16777216', '0.5'"},
      {"float8", "'0.1', '1e300'"},
      {"text", "'a longer text than most'"},
      {"varchar", "'a longer text than most'"},
      {"varchar(5)", "'12345'"},
      {"varchar(9)", "'123456789'"},
      {"date", "'2026-01-31'"},
      {"timestamp", "'2026-01-31 12:00:01.5'"},
      {"timestamptz", "'2026-01-31 12:00:01.5+01'"},
      {"bool", "'true'"},
  };
  const auto database = fresh_database("postgres");
  // In UTC the two kinds of timestamp share their bytes; nobody may rely on it.
  ASSERT_TRUE(database->execute("SET TIME ZONE 'Europe/Berlin'"));
  for (const Typed& from : types) {
    for (const Typed& to : types) {
      if (from.type == to.type) continue;
      const std::string pair = std::string(from.type) + " to " + to.type;
      ASSERT_EQ(fault_of(*database,
                         std::string("DROP TABLE IF EXISTS t; CREATE TABLE t "
                                     "(a ") +
                             from.type +
                             ", old text); INSERT INTO t (a) "
                             "SELECT x::" +
                             from.type + " FROM unnest(ARRAY[" + from.values +
                             "]) x; UPDATE t SET old = a::text;"),
                "")
          << pair;
      const std::string file = file_of(*database);
      const std::string fault =
          fault_of(*database, std::string("ALTER TABLE t ALTER a TYPE ") +
                                  to.type + " USING a::text::" + to.type);
      if (keeps_values(from.type, to.type)) {
        EXPECT_EQ(fault, "") << pair;
        // A cast back finds every value again.
        EXPECT_EQ(
            rows_text(*database,
                      std::string("SELECT a, old FROM t WHERE a::text::") +
                          from.type + " <> old::" + from.type),
            "")
            << pair;
      }
      ASSERT_EQ(fault_of(*database, std::string("DROP TABLE t; CREATE TABLE t "
                                                "(a ") +
                                        from.type + ")"),
                "");
      const std::string plain = file_of(*database);
      const bool is_cast =
          fault_of(*database,
                   std::string("ALTER TABLE t ALTER a TYPE ") + to.type)
              .empty();
      if (!is_cast) continue;
      EXPECT_EQ(keeps_bytes(from.type, to.type), file_of(*database) == plain)
          << pair;
    }
  }
}

struct Affine {
  const char* type;
  const char* values;  ///< that such a column is for
};

/// What the engine keeps of each value, and what lint says of the rebuild.
void try_affinities(const std::vector<Affine>& types, const char* options,
                    const char* item) {
  for (const Affine& from : types) {
    for (const Affine& to : types) {
      if (from.type == to.type) continue;
      const std::string before =
          std::string("CREATE TABLE t (id INTEGER PRIMARY KEY, a ") +
          from.type + ")" + options + ";";
      std::string copied = item;
      if (copied != "a") copied += std::string(to.type) + ")";
      const std::string up =
          std::string("CREATE TABLE n (id INTEGER PRIMARY KEY, a ") + to.type +
          ")" + options + "; INSERT INTO n SELECT id, " + copied +
          " FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;";
      const auto database = fresh_database("sqlite");
      ASSERT_EQ(fault_of(*database, before + "INSERT INTO t (a) VALUES " +
                                        from.values + ";"),
                "");
      ASSERT_EQ(fault_of(*database, "CREATE TABLE o AS SELECT * FROM t;"), "");
      const bool is_kept =
          fault_of(*database, up).empty() &&
          rows_text(*database,
                    "SELECT o.a FROM o JOIN t USING (id) WHERE CASE "
                    "typeof(o.a) WHEN 'real' THEN CAST(t.a AS REAL) IS NOT o.a "
                    "ELSE CAST(t.a AS TEXT) IS NOT CAST(o.a AS TEXT) END")
              .empty();
      EXPECT_EQ(finds("sqlite", before, up, "narrow-column-type"), !is_kept)
          << before << up;
    }
  }
}

TEST(LintHazards, type_changes_are_what_sqlite_makes_of_them) {
  const std::vector<Affine> types = {
      {"TEXT", "('007'), ('x'), ('2026-01-31')"},
      {"INTEGER", "(9223372036854775807), (-9007199254740993)"},
      {"REAL", "(0.5), (0.1 + 0.2)"},
      {"BLOB", "(x'00ff'), ('007')"},
  };
  std::vector<Affine> loose = types;
  loose.push_back({"NUMERIC", "(9223372036854775807), (0.1), ('2026-01-31')"});
  try_affinities(loose, "", "a");
  try_affinities(loose, "", "CAST(a AS ");
  std::vector<Affine> strict = types;
  strict[3].values = "(x'00ff'), (x'303037')";
  strict.push_back({"ANY", "('007'), (7), (x'00'), (0.5)"});
  try_affinities(strict, " STRICT", "a");
}

}  // namespace
}  // namespace schemagen::gen
