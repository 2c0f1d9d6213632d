// Every rule by what it finds and by the nearest thing that it leaves alone.
#include "lint/lint.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace schemagen::gen {
namespace {

using Ids = std::vector<std::string>;

/// What lint finds in one pending migration on top of a released one.
Diagnostics look(const std::string& dialect, const std::string& before,
                 const std::string& up, const Levels& levels = {}) {
  Diagnostics all;
  LintHistory history{dialect,
                      {{"db/20260101000000_a.up.sql", before, false, false},
                       {"db/20260102000000_b.up.sql", up, true, true}}};
  lint({history}, levels, all);
  return all;
}

Ids ids_of(const Diagnostics& found) {
  Ids ids;
  for (const Diagnostic& one : found.sorted()) {
    if (one.allowed.empty()) ids.push_back(one.id);
  }
  return ids;
}

/// Every rule on, so that each case shows all that is told of it by default.
Ids found_in(const std::string& dialect, const std::string& before,
             const std::string& up) {
  return ids_of(look(dialect, before, up));
}

struct Case {
  const char* dialect;
  const char* before;  ///< released
  const char* up;
  Ids ids;
};

class LintTest : public testing::TestWithParam<Case> {};

TEST_P(LintTest, finds_what_it_should_and_no_more) {
  const Case& c = GetParam();
  EXPECT_EQ(found_in(c.dialect, c.before, c.up), c.ids) << c.up;
}

constexpr const char* kUsers =
    "CREATE TABLE users (id INTEGER PRIMARY KEY, nick TEXT, team INTEGER "
    "NOT NULL DEFAULT 0);";
constexpr const char* kPgUsers =
    "CREATE TABLE users (id bigint PRIMARY KEY, nick varchar(20), age int, "
    "team bigint NOT NULL DEFAULT 0, price numeric(10,2));"
    "CREATE TABLE teams (id bigint PRIMARY KEY);";

INSTANTIATE_TEST_SUITE_P(
    Loss, LintTest,
    testing::Values(
        Case{"sqlite", "", "DROP TABLE logs;", {"drop-table"}},
        Case{"sqlite", "", "DROP TABLE IF EXISTS main.logs;", {"drop-table"}},
        Case{"sqlite", "", "CREATE TABLE t (a); DROP TABLE \"T\";", {}},
        Case{"sqlite", "", "CREATE TEMP TABLE t (a); DROP TABLE t;", {}},
        // A temporary table stands before another of its name.
        Case{"sqlite",
             "",
             "CREATE TEMP TABLE t AS SELECT * FROM u; DROP TABLE temp.t;",
             {}},
        Case{"sqlite", "", "CREATE TABLE temp.t (a); DROP TABLE t;", {}},
        Case{"sqlite",
             kUsers,
             "CREATE TEMP TABLE users AS SELECT * FROM users; DROP TABLE "
             "users; DROP TABLE users;",
             {"drop-table"}},
        Case{"sqlite",
             kUsers,
             "CREATE TEMP TABLE users AS SELECT * FROM main.users;"
             "DROP TABLE main.users;",
             {"drop-table"}},
        Case{"sqlite",
             kUsers,
             "CREATE TEMP TABLE t (a); ALTER TABLE t RENAME TO users;"
             "DROP TABLE users; DROP TABLE users;",
             {"drop-table"}},
        Case{"sqlite",
             "CREATE TEMP TABLE users (a);",
             "DROP TABLE users;",
             {"drop-table"}},
        Case{"sqlite",
             kUsers,
             "-- schemagen: rebuild users\nCREATE TEMP TABLE users AS SELECT * "
             "FROM users; DROP TABLE main.users; CREATE TABLE main.users (id "
             "INTEGER PRIMARY KEY, nick TEXT); INSERT INTO main.users SELECT "
             "id, nick FROM temp.users; DROP TABLE temp.users;",
             {"drop-column"}},
        Case{"postgres",
             "",
             "CREATE TEMP TABLE t AS SELECT * FROM u; DROP TABLE pg_temp.t;",
             {}},
        Case{"postgres",
             "",
             "SELECT * INTO TEMP t FROM u; ALTER TABLE t ADD COLUMN a int NOT "
             "NULL; DROP TABLE t;",
             {}},
        Case{"postgres",
             kPgUsers,
             "CREATE TEMP TABLE users AS SELECT * FROM users;"
             "DROP TABLE public.users;",
             {"drop-table"}},
        Case{"sqlite", "", "SELECT 'DROP TABLE logs'; -- DROP TABLE l\n", {}},
        Case{"sqlite", "", "DROP TRIGGER logs;", {}},
        Case{"sqlite", "", "ALTER TABLE t DROP COLUMN a;", {"drop-column"}},
        Case{"sqlite", "", "ALTER TABLE [t] DROP a;", {"drop-column"}},
        Case{"sqlite", "", "DELETE FROM t;", {"delete-without-where"}},
        Case{"sqlite",
             "",
             "DELETE FROM t WHERE 1 = 1;",
             {"delete-without-where"}},
        Case{"sqlite",
             "",
             "DELETE FROM t WHERE TRUE RETURNING a;",
             {"delete-without-where"}},
        Case{"sqlite", "", "DELETE FROM t WHERE 1 = 2;", {}},
        Case{"sqlite", "", "DELETE FROM t WHERE 1 = a OR 1;", {}},
        Case{"postgres",
             "",
             "DELETE FROM t WHERE true;",
             {"delete-without-where"}},
        Case{"postgres",
             "",
             "UPDATE t SET a = 1 WHERE 1 = 1;",
             {"update-without-where"}},
        Case{"postgres", "", "DELETE FROM t WHERE 1 = 2;", {}},
        Case{"sqlite", "", "DELETE FROM t WHERE a = 1;", {}},
        Case{"sqlite",
             "",
             "WITH x AS (SELECT 1 WHERE 1) DELETE FROM t;",
             {"delete-without-where"}},
        Case{"sqlite",
             "",
             "DELETE FROM t RETURNING (SELECT 1 WHERE 1);",
             {"delete-without-where"}},
        Case{"postgres",
             "",
             "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x;",
             {"delete-without-where"}},
        Case{"postgres", "", "DELETE FROM t USING u WHERE t.a = u.a;", {}},
        Case{
            "postgres", "", "TRUNCATE t, u CASCADE;", {"truncate", "truncate"}},
        Case{"postgres", "", "CREATE TABLE t (a int); TRUNCATE t;", {}},
        Case{"postgres", "", "DROP SCHEMA app;", {"drop-schema"}},
        // What the tool itself writes: none of this is one more hazard.
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER COLUMN team DROP DEFAULT, ALTER COLUMN "
             "nick TYPE varchar(40) USING \"nick\"::varchar(40), ALTER COLUMN "
             "team SET DEFAULT 1;",
             {}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER COLUMN team DROP DEFAULT;",
             {"old-inserts-fail"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER COLUMN nick TYPE varchar(40) USING "
             "other::varchar(40);",
             {"change-column-type"}},
        Case{"postgres",
             "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL, m int, "
             "CONSTRAINT a CHECK (n IS NOT NULL), CONSTRAINT b CHECK (m IS "
             "NOT NULL), CONSTRAINT c CHECK (n > 0));",
             "ALTER TABLE t DROP CONSTRAINT a; ALTER TABLE t DROP CONSTRAINT "
             "b; ALTER TABLE t DROP CONSTRAINT c;",
             {"drop-constraint", "drop-constraint"}},
        // A new table of that name is another thing.
        Case{"postgres",
             "",
             "CREATE TABLE app (id bigint PRIMARY KEY); DROP SCHEMA app;",
             {"drop-schema"}},
        // Tables move with their schema, and what refers to them follows.
        Case{"postgres",
             "CREATE SCHEMA a; CREATE TABLE a.t (id bigint PRIMARY KEY);",
             "ALTER SCHEMA a RENAME TO b; CREATE TABLE u (t bigint PRIMARY KEY "
             "REFERENCES b.t (id)); DROP TABLE b.t CASCADE;",
             {"rename-schema", "drop-table", "drop-cascade"}},
        Case{"postgres",
             "",
             "CREATE SCHEMA a; CREATE TABLE a.t (id bigint PRIMARY KEY); ALTER "
             "SCHEMA a RENAME TO b; ALTER TABLE b.t ADD COLUMN n int NOT "
             "NULL; DROP TABLE b.t;",
             {"rename-schema"}},
        Case{"postgres",
             "CREATE TABLE t (id bigint PRIMARY KEY);",
             "ALTER SCHEMA public RENAME TO old; DROP TABLE old.t;",
             {"rename-schema", "drop-table"}},
        Case{"postgres",
             "",
             "ALTER TABLE t DROP COLUMN a CASCADE;",
             {"drop-column", "drop-cascade"}},
        Case{"postgres", "", "DROP TYPE v CASCADE;", {"drop-cascade"}},
        Case{"postgres", "", "DROP TYPE v;", {}},
        Case{"postgres",
             "",
             "ALTER TYPE address DROP ATTRIBUTE zip;",
             {"drop-column"}},
        Case{"postgres", "", "ALTER TYPE address ADD ATTRIBUTE zip text;", {}},
        // A list of other tables alone restricts nothing.
        Case{"postgres",
             "",
             "DELETE FROM t USING u; UPDATE t SET a = 1 FROM u;",
             {"delete-without-where", "update-without-where"}},
        Case{"sqlite",
             "",
             "UPDATE t SET a = 1 FROM u;",
             {"update-without-where"}},
        Case{"sqlite", "", "UPDATE t SET a = 1 FROM u WHERE u.a = t.a;", {}},
        Case{"sqlite",
             "CREATE TABLE t (id INTEGER PRIMARY KEY);"
             "CREATE TABLE u (t_id INTEGER REFERENCES T (id));",
             "-- schemagen: foreign-keys on\nDROP TABLE t;",
             {"drop-table", "drop-cascades-to-rows"}},
        Case{"sqlite",
             "CREATE TABLE t (id INTEGER PRIMARY KEY);"
             "CREATE TABLE u (t_id INTEGER REFERENCES t (id));",
             "-- schemagen: foreign-keys on\nDROP TABLE u;",
             {"drop-table"}}));

#define REBUILD(definition, columns, items)                          \
  "-- schemagen: rebuild users\nCREATE TABLE users_new (" definition \
  "); INSERT INTO users_new (" columns ") SELECT " items             \
  " FROM users; DROP TABLE users; ALTER TABLE users_new RENAME TO users;"

#define BACKUP(made, definition, items)                 \
  "-- schemagen: rebuild users\n" made                  \
  "; DROP TABLE users; CREATE TABLE users (" definition \
  "); INSERT INTO users " items "; DROP TABLE b;"

INSTANTIATE_TEST_SUITE_P(
    Rebuild, LintTest,
    testing::Values(
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT, team INTEGER NOT "
                     "NULL DEFAULT 0",
                     "id, nick, team", "id, nick, team"),
             {}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT, team INTEGER NOT "
                     "NULL DEFAULT 0",
                     "id, nick, team", "users.*"),
             {}},
        // Of the same name, but its values are not copied.
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT, team INTEGER NOT "
                     "NULL DEFAULT 0",
                     "id, team", "id, team"),
             {"drop-column"}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT, team INTEGER NOT "
                     "NULL DEFAULT 0",
                     "id, nick, team", "id, 'x', team"),
             {"drop-column"}},
        // Made beside a renamed old one: the same to the reader.
        Case{"sqlite",
             kUsers,
             "-- schemagen: rebuild users\n"
             "ALTER TABLE users RENAME TO old; CREATE TABLE users (id INTEGER "
             "PRIMARY KEY, team INTEGER NOT NULL DEFAULT 0); INSERT INTO users "
             "SELECT id, team FROM old; DROP TABLE old;",
             {"drop-column"}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT", "id, nick",
                     "id, nick"),
             {"drop-column"}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, name TEXT, team INTEGER NOT "
                     "NULL DEFAULT 0",
                     "id, name, team", "users.id, users.nick, users.team"),
             {"rename-column"}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT NOT NULL, team "
                     "INTEGER NOT NULL DEFAULT 0",
                     "id, nick, team", "id, nick, team"),
             {"not-null-over-rows", "old-inserts-fail"}},
        // The rowid's other name is never NULL and numbers itself.
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER NOT NULL PRIMARY KEY, nick TEXT, team INTEGER "
                     "NOT NULL DEFAULT 0",
                     "id, nick, team", "id, nick, team"),
             {}},
        Case{"sqlite",
             "CREATE TABLE users (id INTEGER, PRIMARY KEY (id));",
             REBUILD("id INTEGER NOT NULL, PRIMARY KEY (id)", "id", "id"),
             {}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT);",
             REBUILD("id INTEGER NOT NULL PRIMARY KEY, a TEXT", "id, a",
                     "rowid, a"),
             {}},
        Case{"sqlite",
             "CREATE TABLE users (id INTEGER PRIMARY KEY DESC);",
             REBUILD("id INTEGER NOT NULL PRIMARY KEY DESC", "id", "id"),
             {"not-null-over-rows", "old-inserts-fail"}},
        Case{"sqlite",
             "CREATE TABLE users (id INT PRIMARY KEY);",
             REBUILD("id INT NOT NULL PRIMARY KEY", "id", "id"),
             {"not-null-over-rows", "old-inserts-fail"}},
        Case{"sqlite",
             "CREATE TABLE users (id INTEGER PRIMARY KEY);",
             REBUILD("id TEXT NOT NULL PRIMARY KEY", "id", "CAST(id AS TEXT)"),
             {"old-inserts-fail"}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT NOT NULL DEFAULT '', "
                     "team INTEGER NOT NULL DEFAULT 0",
                     "id, nick, team", "id, coalesce(nick, ''), team"),
             {}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT, team INTEGER NOT "
                     "NULL DEFAULT 0, kind TEXT NOT NULL",
                     "id, nick, team", "id, nick, team"),
             {"add-required-column"}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT, team INTEGER NOT "
                     "NULL DEFAULT 0, kind TEXT NOT NULL",
                     "id, nick, team, kind", "id, nick, team, 'x'"),
             {"old-inserts-fail"}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick INTEGER, team INTEGER NOT "
                     "NULL DEFAULT 0",
                     "id, nick, team", "id, CAST(nick AS INTEGER), team"),
             {"narrow-column-type"}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT CHECK (length(nick) "
                     "<= 5), team INTEGER NOT NULL DEFAULT 0",
                     "id, nick, team", "id, nick, team"),
             {"check-over-rows"}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT CHECK (a IN ('x', 'y')), b INTEGER "
             "CHECK (b BETWEEN -5 AND 5), c TEXT CHECK (length(c) <= 5));",
             REBUILD("a TEXT CHECK (\"a\" IN ('x', 'z', 'y')), b INTEGER CHECK "
                     "(b BETWEEN -6 AND 5), c TEXT CHECK (length(c) <= 6)",
                     "a, b, c", "a, b, c"),
             {}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT CHECK (a IN ('x', 'y')), b INTEGER "
             "CHECK (b BETWEEN -5 AND 5), c TEXT CHECK (length(c) <= 5));",
             REBUILD("a TEXT CHECK (a IN ('x')), b INTEGER CHECK (b BETWEEN "
                     "-5 AND 4), c TEXT CHECK (length(c) <= 4)",
                     "a, b, c", "a, b, c"),
             {"check-over-rows", "check-over-rows", "check-over-rows"}},
        // Over a new column that the copy leaves to its default.
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT, team INTEGER NOT "
                     "NULL DEFAULT 0, age INTEGER CHECK (age > 0) REFERENCES "
                     "teams",
                     "id, nick, team", "id, nick, team"),
             {}},
        Case{"sqlite",
             kUsers,
             REBUILD("id INTEGER PRIMARY KEY, nick TEXT UNIQUE, team INTEGER "
                     "NOT NULL DEFAULT 0 REFERENCES teams",
                     "id, nick, team", "id, nick, team"),
             {"unique-over-rows", "foreign-key-over-rows"}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT UNIQUE, b INTEGER REFERENCES t, c "
             "INTEGER CHECK (c > 0));",
             REBUILD("a TEXT, b INTEGER, c INTEGER", "a, b, c", "a, b, c"),
             {"drop-constraint", "drop-constraint", "drop-constraint"}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT); CREATE INDEX i ON users (a);",
             REBUILD("a TEXT", "a", "a"),
             {"index-lost"}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT); CREATE INDEX i ON users (a);",
             REBUILD("a TEXT", "a", "a") "CREATE INDEX j ON users (a);",
             {}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT); CREATE UNIQUE INDEX i ON users (a);",
             REBUILD("a TEXT", "a", "a") "CREATE UNIQUE INDEX i ON users (a);",
             {}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT);",
             "CREATE TABLE n (a TEXT); INSERT INTO n SELECT a FROM users; DROP "
             "TABLE users; ALTER TABLE n RENAME TO users;",
             {"rebuild-undeclared"}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT);",
             REBUILD("a TEXT", "a", "a") "DELETE FROM users WHERE a = 1;",
             {}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT);",
             "-- schemagen: rebuild users\nCREATE TABLE n (a TEXT); INSERT "
             "INTO n SELECT a FROM users WHERE a <> ''; DROP TABLE users; "
             "ALTER TABLE n RENAME TO users;",
             {"copy-leaves-rows"}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT);",
             "-- schemagen: rebuild users\nCREATE TABLE n (a TEXT); INSERT "
             "OR IGNORE INTO n SELECT a FROM users; DROP TABLE users; "
             "ALTER TABLE n RENAME TO users;",
             {"copy-leaves-rows"}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT);",
             "-- schemagen: rebuild users\nCREATE TABLE n (a TEXT); INSERT "
             "INTO n SELECT a FROM users WHERE true ORDER BY a, 1; DROP TABLE "
             "users; ALTER TABLE n RENAME TO users;",
             {}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT);",
             "-- schemagen: rebuild users\nCREATE TABLE n (a TEXT); INSERT "
             "INTO n SELECT a FROM users, o ORDER BY a; DROP TABLE users; "
             "ALTER TABLE n RENAME TO users;",
             {"copy-leaves-rows"}},
        Case{"sqlite",
             "CREATE TABLE users (a TEXT);",
             "-- schemagen: rebuild users\nCREATE TABLE n (a TEXT); INSERT "
             "INTO n SELECT a FROM users WHERE 1 = 1 ORDER BY a LIMIT 9; DROP "
             "TABLE users; ALTER TABLE n RENAME TO users;",
             {"copy-leaves-rows"}},
        Case{"postgres",
             "CREATE TABLE t (a text);",
             "CREATE TABLE n (a text); INSERT INTO n SELECT a FROM t WHERE "
             "true; DROP TABLE t; ALTER TABLE n RENAME TO t;",
             {}},
        // Rows that wait in a table in between come back, as SQLite's manual
        // and Rails do it.
        Case{"sqlite",
             kUsers,
             BACKUP("CREATE TEMPORARY TABLE b (id, nick); INSERT INTO b SELECT "
                    "id, nick FROM users",
                    "id INTEGER PRIMARY KEY, name TEXT NOT NULL",
                    "SELECT id, nick FROM b"),
             {"drop-column", "rename-column", "not-null-over-rows",
              "old-inserts-fail"}},
        Case{"sqlite",
             kUsers,
             BACKUP("CREATE TABLE b (\"nick\" varchar, \"id\" integer NOT NULL "
                    "PRIMARY KEY, \"team\" integer); INSERT INTO b (\"id\", "
                    "\"nick\", \"team\") SELECT id, nick, team FROM users",
                    "id INTEGER PRIMARY KEY, nick TEXT, team INTEGER NOT NULL "
                    "DEFAULT 0",
                    "SELECT id, lower(nick), team FROM b"),
             {}},
        Case{"sqlite",
             kUsers,
             BACKUP("CREATE TABLE b AS SELECT * FROM users",
                    "id INTEGER PRIMARY KEY, nick TEXT, team INTEGER NOT NULL "
                    "DEFAULT 0",
                    "SELECT * FROM b"),
             {}},
        Case{"sqlite",
             kUsers,
             BACKUP("CREATE TABLE b AS SELECT team AS nick, id FROM users",
                    "id INTEGER PRIMARY KEY, nick TEXT, team INTEGER NOT NULL "
                    "DEFAULT 0",
                    "SELECT id, nick, 1 FROM b WHERE id > 1"),
             {"drop-column", "drop-column", "copy-leaves-rows"}},
        // Twice in one script, each beside the other.
        Case{"sqlite",
             "CREATE TABLE users (a TEXT);",
             REBUILD("a TEXT", "a",
                     "a") "CREATE TABLE m (a TEXT); INSERT INTO m SELECT a "
                          "FROM users; DROP "
                          "TABLE users; ALTER TABLE m RENAME TO users;",
             {}},
        // Nothing was copied: that is no rebuild.
        Case{"sqlite",
             "CREATE TABLE users (a TEXT);",
             "CREATE TABLE n (a TEXT); DROP TABLE users; ALTER TABLE n RENAME "
             "TO users;",
             {"drop-table"}},
        Case{"sqlite",
             "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT);",
             REBUILD("id INTEGER PRIMARY KEY", "id", "id"),
             {"autoincrement-lost"}},
        Case{"sqlite",
             "CREATE TABLE users (id INTEGER, PRIMARY KEY (id AUTOINCREMENT));",
             REBUILD("id INTEGER PRIMARY KEY", "id", "id"),
             {"autoincrement-lost"}},
        Case{"sqlite",
             "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT);",
             REBUILD("id INTEGER, PRIMARY KEY(\"ID\" DESC AUTOINCREMENT)", "id",
                     "id"),
             {}},
        Case{"sqlite",
             "CREATE TABLE users (id TEXT PRIMARY KEY, n INTEGER);",
             "-- schemagen: rebuild users\nCREATE TABLE n (id TEXT PRIMARY KEY,"
             " n INTEGER) STRICT, WITHOUT ROWID; INSERT INTO n SELECT id, n "
             "FROM users; DROP TABLE users; ALTER TABLE n RENAME TO users;",
             {"strict-over-rows", "rowid-changed"}},
        Case{"postgres",
             kPgUsers,
             "CREATE TABLE n (id bigint PRIMARY KEY, nick varchar(20), age "
             "int, team bigint NOT NULL DEFAULT 0); INSERT INTO n SELECT id, "
             "nick, age, team FROM users; DROP TABLE users; ALTER TABLE n "
             "RENAME TO users;",
             {"drop-column"}}));

INSTANTIATE_TEST_SUITE_P(
    Rows, LintTest,
    testing::Values(
        Case{"sqlite",
             "",
             "ALTER TABLE t ADD COLUMN a INTEGER NOT NULL;",
             {"add-required-column"}},
        Case{"sqlite",
             "",
             "ALTER TABLE t ADD COLUMN a INTEGER NOT NULL DEFAULT 0;",
             {}},
        Case{"sqlite",
             "",
             "ALTER TABLE t ADD COLUMN a INTEGER CHECK (a IS NOT NULL);",
             {"default-breaks-check"}},
        Case{"sqlite",
             "",
             "ALTER TABLE t ADD COLUMN a TEXT DEFAULT CURRENT_TIMESTAMP;",
             {"non-constant-default"}},
        Case{"sqlite",
             "",
             "ALTER TABLE t ADD COLUMN a TEXT DEFAULT (datetime('now'));",
             {"non-constant-default"}},
        Case{
            "sqlite", "", "ALTER TABLE t ADD COLUMN a TEXT DEFAULT ('x');", {}},
        Case{"sqlite", "", "ALTER TABLE t ADD COLUMN a INT DEFAULT -1;", {}},
        Case{"sqlite",
             "",
             "ALTER TABLE t ADD COLUMN a INT AS (1 + 1) STORED;",
             {"non-constant-default"}},
        Case{"sqlite", "", "ALTER TABLE t ADD COLUMN a INT AS (1 + 1);", {}},
        Case{"sqlite",
             "",
             "-- schemagen: foreign-keys on\n"
             "ALTER TABLE t ADD COLUMN a INT DEFAULT 1 REFERENCES u;",
             {"default-breaks-reference", "foreign-key-over-rows"}},
        Case{"sqlite", "", "ALTER TABLE t ADD COLUMN a INT REFERENCES u;", {}},
        Case{"sqlite",
             "",
             "CREATE UNIQUE INDEX i ON t (a);",
             {"unique-over-rows"}},
        Case{"sqlite",
             "",
             "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a);",
             {}},
        Case{"sqlite",
             "",
             "ALTER TABLE t ADD COLUMN a; CREATE UNIQUE INDEX i ON t (a);",
             {}},
        Case{"sqlite",
             "",
             "ALTER TABLE t ADD COLUMN a; UPDATE t SET a = b WHERE b > 0; "
             "CREATE UNIQUE INDEX i ON t (a);",
             {"unique-over-rows"}},
        Case{"sqlite",
             kUsers,
             "CREATE UNIQUE INDEX i ON users (team, nick);",
             {"unique-over-rows"}},
        Case{"postgres",
             kPgUsers,
             "CREATE UNIQUE INDEX i ON users (team, id);",
             {"index-blocks-writes"}},
        Case{"sqlite", "", "UPDATE t SET a = 1;", {"update-without-where"}},
        Case{"sqlite", "", "UPDATE t SET a = 1 WHERE b;", {}},
        Case{"sqlite",
             "",
             "-- schemagen: no-transaction\nVACUUM;",
             {"full-rewrite"}},
        Case{"sqlite", "", "CREATE INDEX i ON t (a);", {}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER COLUMN nick SET NOT NULL;",
             {"not-null-over-rows", "old-inserts-fail", "set-not-null"}},
        Case{"postgres",
             kPgUsers,
             "UPDATE users SET nick = '' WHERE nick IS NULL;"
             "ALTER TABLE users ALTER COLUMN nick SET NOT NULL;",
             {"old-inserts-fail", "set-not-null"}},
        Case{"postgres",
             "CREATE TABLE t (a int DEFAULT 1, CONSTRAINT n CHECK ((a IS NOT "
             "NULL)));",
             "ALTER TABLE t ALTER a SET NOT NULL;",
             {}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ADD CONSTRAINT n CHECK (age > 0);",
             {"check-over-rows", "add-check-validated"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ADD CONSTRAINT n CHECK (age > 0) NOT VALID;",
             {}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a);",
             {"unique-over-rows", "add-unique-constraint"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i;",
             {}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN id bigint PRIMARY KEY GENERATED ALWAYS "
             "AS IDENTITY;",
             {"add-numbered-column", "add-primary-key"}},
        Case{"postgres",
             "CREATE TABLE t (a int NOT NULL, b int);",
             "ALTER TABLE t ADD PRIMARY KEY (a, b);",
             {"not-null-over-rows", "unique-over-rows", "add-primary-key"}},
        Case{"postgres",
             "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a);",
             "-- schemagen: no-transaction\n"
             "ALTER TABLE t ADD CONSTRAINT i PRIMARY KEY USING INDEX i;",
             {"not-null-over-rows"}},
        Case{"postgres",
             "CREATE TABLE t (a int UNIQUE);",
             "UPDATE t SET a = 1 WHERE a IS NULL;"
             "ALTER TABLE t ADD PRIMARY KEY (a);",
             {"add-primary-key"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD PRIMARY KEY (id);",
             {"unique-over-rows", "add-primary-key"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ADD FOREIGN KEY (age) REFERENCES t;",
             {"foreign-key-over-rows", "add-foreign-key-validated"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ADD FOREIGN KEY (age) REFERENCES t NOT VALID;",
             {}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ADD COLUMN t_id bigint, ADD FOREIGN KEY (t_id) "
             "REFERENCES teams;",
             {"add-foreign-key-validated"}},
        Case{"postgres",
             "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;",
             "ALTER TABLE t VALIDATE CONSTRAINT c;",
             {}},
        Case{"postgres",
             "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;",
             "CREATE TABLE u (a int); ALTER TABLE t VALIDATE CONSTRAINT c;",
             {"validate-over-rows"}},
        Case{"postgres",
             "",
             "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0);",
             {"domain-constraint"}},
        Case{"postgres",
             "",
             "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;",
             {}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (a WITH &&);",
             {"add-exclusion-constraint"}}));

INSTANTIATE_TEST_SUITE_P(
    Types, LintTest,
    testing::Values(
        // SQLite does not look at the length.
        Case{"sqlite",
             "CREATE TABLE t (a VARCHAR(20), b DECIMAL(10, 2));",
             "-- schemagen: rebuild t\nCREATE TABLE n (a VARCHAR(10), b "
             "DECIMAL(5, 1)); INSERT INTO n SELECT a, b FROM t; DROP TABLE t; "
             "ALTER TABLE n RENAME TO t;",
             {}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER nick SET NOT NULL, ALTER nick SET "
             "DEFAULT '';",
             {"not-null-over-rows", "set-not-null"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER age TYPE bigint;",
             {"change-column-type"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER team TYPE int;",
             {"narrow-column-type", "change-column-type"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER nick TYPE varchar(30);",
             {}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER nick TYPE text;",
             {}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER nick TYPE varchar(10);",
             {"narrow-column-type", "change-column-type"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER price TYPE numeric(12,2);",
             {}},
        Case{"postgres",
             "CREATE TABLE t (a cidr, b inet);",
             "ALTER TABLE t ALTER a TYPE inet, ALTER b TYPE cidr;",
             {"change-column-type"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER price TYPE numeric(10,4);",
             {"narrow-column-type", "change-column-type"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER nick TYPE int USING nick::int;",
             {"narrow-column-type", "change-column-type"}},
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ALTER age TYPE text;",
             {"change-column-type"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ALTER age TYPE text;",
             {"change-column-type"}},
        Case{"postgres",
             "CREATE TABLE t (a timestamptz);",
             "ALTER TABLE t ALTER a TYPE date;",
             {"narrow-column-type", "change-column-type"}},
        Case{"postgres",
             "CREATE TABLE t (a int DEFAULT 1 NOT NULL);",
             "ALTER TABLE t ALTER a DROP NOT NULL;",
             {"drop-not-null"}},
        Case{"postgres",
             "CREATE TABLE t (a int DEFAULT 1 NOT NULL);",
             "ALTER TABLE t ALTER a DROP DEFAULT;",
             {"old-inserts-fail"}},
        Case{"postgres",
             "CREATE TABLE t (a int DEFAULT 1);",
             "ALTER TABLE t ALTER a DROP DEFAULT;",
             {}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b uuid DEFAULT gen_random_uuid();",
             {"volatile-default"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b timestamptz DEFAULT now();",
             {}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b int DEFAULT (1 + own());",
             {"volatile-default"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b int UNIQUE DEFAULT own();",
             {"unique-over-rows", "volatile-default", "add-unique-constraint"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b uuid UNIQUE DEFAULT "
             "public.uuid_generate_v4();",
             {"volatile-default", "add-unique-constraint"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b timestamptz DEFAULT app.now();",
             {"volatile-default"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b text DEFAULT pg_catalog.lower('X'), "
             "ADD c timestamp DEFAULT date_trunc('day', now() AT TIME ZONE "
             "'UTC'), ADD d text DEFAULT upper(CURRENT_USER);",
             {}},
        Case{"postgres", "", "ALTER TABLE t ADD COLUMN b int DEFAULT 1;", {}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b serial;",
             {"add-numbered-column"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (1) STORED;",
             {"add-stored-column"}}));

INSTANTIATE_TEST_SUITE_P(
    Programs, LintTest,
    testing::Values(
        Case{"sqlite", "", "ALTER TABLE t RENAME TO u;", {"rename-table"}},
        Case{"sqlite", "", "ALTER TABLE t RENAME a TO b;", {"rename-column"}},
        Case{
            "sqlite", "", "CREATE TABLE t (a); ALTER TABLE t RENAME TO u;", {}},
        Case{"postgres", "", "ALTER VIEW v RENAME TO w;", {}},
        Case{"postgres", "", "ALTER SCHEMA a RENAME TO b;", {"rename-schema"}},
        Case{"postgres",
             "",
             "ALTER TYPE c RENAME VALUE 'a' TO 'b';",
             {"rename-enum-value"}},
        Case{"postgres", "", "ALTER TYPE c ADD VALUE 'b';", {}},
        Case{"postgres",
             "",
             "ALTER TABLE t DROP CONSTRAINT c;",
             {"drop-constraint"}},
        Case{"postgres",
             "CREATE TABLE t (a text CONSTRAINT c CHECK (a IN ('x')));",
             "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a IN "
             "('x', 'y'));",
             {"add-check-validated"}},
        Case{"postgres", "", "ALTER TABLE t RENAME CONSTRAINT c TO d;", {}},
        Case{"sqlite",
             "CREATE INDEX i ON t (a);",
             "DROP INDEX i;",
             {"drop-index"}},
        Case{"postgres",
             "CREATE INDEX i ON t (a);",
             "DROP INDEX i;",
             {"drop-index", "drop-index-blocks"}},
        Case{"postgres",
             "",
             "CREATE TABLE t (a int); CREATE INDEX i ON t (a); DROP INDEX i;",
             {}}));

INSTANTIATE_TEST_SUITE_P(
    Locks, LintTest,
    testing::Values(
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ADD COLUMN boss bigint REFERENCES users;",
             {}},
        Case{"postgres",
             "",
             "CREATE INDEX i ON t (a);",
             {"index-blocks-writes"}},
        Case{"postgres",
             "",
             "CREATE TABLE t (a int); CREATE INDEX i ON t (a);",
             {}},
        Case{"postgres",
             "",
             "-- schemagen: no-transaction\nCREATE INDEX CONCURRENTLY i ON t "
             "(a);",
             {}},
        Case{"postgres", "", "REINDEX TABLE t;", {"reindex-blocks"}},
        Case{"postgres",
             "",
             "-- schemagen: no-transaction\nREINDEX INDEX CONCURRENTLY i;",
             {}},
        Case{"postgres",
             "",
             "ALTER TABLE t DETACH PARTITION p;",
             {"detach-blocks"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b int; UPDATE t SET b = 1 WHERE a;",
             {"work-under-lock"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD COLUMN b int; UPDATE u SET b = 1 WHERE a;",
             {}},
        Case{"postgres",
             "",
             "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;"
             "ALTER TABLE t VALIDATE CONSTRAINT c;",
             {"validate-over-rows", "work-under-lock"}},
        // A reference lets readers pass; a new name and a lost index do not.
        Case{"postgres",
             kPgUsers,
             "ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (team) REFERENCES "
             "teams NOT VALID; UPDATE users SET age = 1 WHERE age = 2;",
             {}},
        Case{"postgres",
             "",
             "ALTER TABLE t RENAME TO u; UPDATE u SET b = 1 WHERE a;",
             {"rename-table", "work-under-lock"}},
        Case{"postgres",
             "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);",
             "DROP INDEX i; CREATE INDEX j ON t (b);",
             {"drop-index", "drop-index-blocks", "index-blocks-writes",
              "work-under-lock"}},
        Case{"postgres",
             "",
             "LOCK TABLE t IN ACCESS SHARE MODE; UPDATE t SET a = 1 WHERE b;",
             {"lock-table"}},
        Case{"postgres",
             "",
             "LOCK TABLE t; UPDATE t SET a = 1 WHERE b;",
             {"lock-table", "work-under-lock"}},
        Case{"postgres", "", "LOCK TABLE t;", {"lock-table"}},
        Case{"postgres",
             "",
             "ALTER TABLE t SET TABLESPACE fast;",
             {"full-rewrite"}},
        Case{"postgres", "", "CLUSTER t USING i;", {"full-rewrite"}},
        Case{"postgres",
             "",
             "-- schemagen: no-transaction\nVACUUM FULL t;",
             {"full-rewrite"}},
        Case{"postgres", "", "-- schemagen: no-transaction\nVACUUM t;", {}},
        Case{"postgres", "", "SET lock_timeout = 0;", {"timeout-off"}},
        Case{"postgres", "", "SET lock_timeout = '5s';", {}}));

INSTANTIATE_TEST_SUITE_P(
    Scripts, LintTest,
    testing::Values(
        Case{"sqlite",
             "",
             "-- schemagen: no-transaction\nBEGIN; UPDATE t SET a = 1 WHERE "
             "b;",
             {"open-transaction"}},
        Case{"postgres",
             "",
             "-- schemagen: no-transaction\nBEGIN; UPDATE t SET a = 1 WHERE "
             "b; COMMIT;",
             {}},
        Case{"postgres",
             "",
             "-- schemagen: no-transaction\nALTER TABLE t ADD COLUMN a int;",
             {}},
        Case{"postgres",
             "",
             "-- schemagen: no-transaction\nALTER TABLE t DETACH PARTITION u "
             "CONCURRENTLY;",
             {"not-rerunnable"}},
        // As `generate --online` writes them.
        Case{"postgres",
             "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a);",
             "-- schemagen: no-transaction\nALTER TABLE t ADD CONSTRAINT i "
             "UNIQUE USING INDEX i;",
             {}},
        Case{"postgres",
             "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT VALID);",
             "UPDATE t SET a = 1 WHERE a IS NULL;"
             "SET CONSTRAINTS ALL IMMEDIATE;"
             "ALTER TABLE t VALIDATE CONSTRAINT c;",
             {}},
        // A table that was renamed before is rebuilt, not dropped.
        Case{"sqlite",
             "CREATE TABLE old (a INTEGER PRIMARY KEY, b INT);",
             "-- schemagen: rebuild t\n"
             "ALTER TABLE old RENAME TO t;"
             "CREATE TABLE n (a INTEGER PRIMARY KEY, b TEXT);"
             "INSERT INTO n (a, b) SELECT a, b FROM t;"
             "DROP TABLE t; ALTER TABLE n RENAME TO t;",
             {"rename-table"}},
        // What a backfill gives every row depends on none.
        Case{"sqlite",
             "CREATE TABLE t (a INT);",
             "-- schemagen: rebuild t\n"
             "CREATE TABLE n (a INT, b INT CHECK (b BETWEEN 0 AND 9));"
             "INSERT INTO n (a, b) SELECT t.a, (5) FROM t;"
             "DROP TABLE t; ALTER TABLE n RENAME TO t;",
             {}},
        Case{"sqlite",
             "CREATE TABLE t (a INT);",
             "-- schemagen: rebuild t\n"
             "CREATE TABLE n (a INT, b INT CHECK (b BETWEEN 0 AND 9));"
             "INSERT INTO n (a, b) SELECT t.a, (a + 5) FROM t;"
             "DROP TABLE t; ALTER TABLE n RENAME TO t;",
             {"check-over-rows"}},
        // The key that goes may refer to what is no key any more.
        Case{"sqlite",
             "CREATE TABLE p (id INTEGER PRIMARY KEY);"
             "CREATE TABLE c (p INT REFERENCES p (id));",
             "-- schemagen: rebuild c\n-- schemagen: rebuild p\n"
             "CREATE TABLE q (id TEXT, k INTEGER PRIMARY KEY);"
             "INSERT INTO q (id) SELECT CAST(id AS TEXT) FROM p;"
             "DROP TABLE p; ALTER TABLE q RENAME TO p;"
             "CREATE TABLE n (p INT); INSERT INTO n SELECT p FROM c;"
             "DROP TABLE c; ALTER TABLE n RENAME TO c;",
             {"drop-not-null", "drop-constraint", "drop-constraint"}},
        Case{"postgres",
             "",
             "-- schemagen: no-transaction\nALTER TABLE t ADD COLUMN IF NOT "
             "EXISTS a int;",
             {}},
        Case{"postgres", "", "DO $$ BEGIN END $$;", {"opaque-statement"}},
        // As the generator writes it.
        Case{"postgres",
             "CREATE TABLE app.\"it's\" (id bigint PRIMARY KEY, n int);",
             "DO $schemagen$ BEGIN EXECUTE 'ALTER TABLE app.\"it''s\" SET "
             "SCHEMA ' || quote_ident(current_schema()); END $schemagen$;\n"
             "ALTER TABLE \"it's\" ALTER COLUMN n TYPE smallint;",
             {"rename-table", "narrow-column-type", "change-column-type"}},
        Case{"postgres",
             "CREATE TABLE app.\"a$schemagen$b\" (id bigint PRIMARY KEY);",
             "-- move it\nDO $_schemagen$ BEGIN EXECUTE 'ALTER TABLE "
             "app.\"a$schemagen$b\" SET SCHEMA ' || "
             "quote_ident(current_schema()); END $_schemagen$;",
             {"rename-table"}},
        // Nothing else passes for it.
        Case{"postgres",
             "",
             "/* DO $schemagen$ BEGIN EXECUTE 'ALTER TABLE app.t SET SCHEMA ' "
             "|| quote_ident(current_schema()); END $schemagen$ */\n"
             "DO $$ BEGIN EXECUTE 'DROP TABLE t'; END $$;",
             {"opaque-statement"}},
        Case{"postgres",
             "",
             "DO $schemagen$ BEGIN EXECUTE 'ALTER TABLE app.t SET SCHEMA b'; "
             "EXECUTE 'DROP TABLE t'; EXECUTE 'ALTER TABLE app.u SET SCHEMA ' "
             "|| quote_ident(current_schema()); END $schemagen$;",
             {"opaque-statement"}},
        Case{"postgres", "", "CREATE EXTENSION citext;", {"extension"}},
        Case{"postgres",
             "",
             "GRANT SELECT ON t TO PUBLIC;",
             {"grant-to-public"}},
        Case{"postgres", "", "GRANT SELECT ON t TO bob;", {"privileges"}},
        Case{"postgres", "", "REVOKE ALL ON t FROM PUBLIC;", {"privileges"}},
        Case{"postgres",
             "",
             "ALTER ROLE bob PASSWORD 'x';",
             {"password-in-script"}},
        Case{"postgres", "", "ALTER ROLE bob PASSWORD NULL;", {"privileges"}},
        Case{"postgres",
             "",
             "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO "
             "PUBLIC;",
             {"grant-to-public"}},
        Case{"postgres",
             "",
             "CREATE USER MAPPING FOR bob SERVER s OPTIONS (user 'bob', "
             "password 'p');",
             {"password-in-script"}},
        Case{"postgres",
             "",
             "ALTER USER MAPPING FOR bob SERVER s OPTIONS (SET password 'p');",
             {"password-in-script"}},
        Case{"postgres", "", "REASSIGN OWNED BY bob TO ann;", {"privileges"}},
        Case{"postgres", "", "DROP OWNED BY bob;", {"opaque-statement"}},
        Case{"postgres",
             "",
             "CREATE TABLE t (a int, b int, a text);",
             {"duplicate-column"}},
        Case{"postgres",
             "CREATE TABLE t (a int);",
             "ALTER TABLE t ADD COLUMN a int;",
             {"duplicate-column"}},
        Case{"postgres",
             "",
             "UPDATE t SET a = 1, a = 2 WHERE b;",
             {"duplicate-column"}},
        Case{"sqlite",
             "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);",
             "CREATE TABLE c (a TEXT REFERENCES p (a));",
             {"foreign-key-parent-not-unique"}},
        Case{"sqlite",
             "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);",
             "CREATE TABLE c (a TEXT REFERENCES p (a));\n"
             "CREATE UNIQUE INDEX p_a ON p (a);",
             {"unique-over-rows"}},
        Case{"sqlite",
             "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);",
             "CREATE TABLE c (a TEXT REFERENCES p (a));\n"
             "CREATE UNIQUE INDEX p_a ON p (a) WHERE id > 1;",
             {"foreign-key-parent-not-unique", "unique-over-rows"}},
        Case{"sqlite",
             "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT UNIQUE);",
             "CREATE TABLE c (a TEXT REFERENCES p (a));",
             {}},
        Case{"sqlite",
             "CREATE TABLE p (a TEXT); CREATE UNIQUE INDEX i ON p (a DESC);",
             "CREATE TABLE c (a TEXT REFERENCES p (a));",
             {}},
        Case{"postgres",
             "CREATE TABLE p (a text, b text);"
             "CREATE UNIQUE INDEX i ON p (b DESC, a text_pattern_ops);",
             "CREATE TABLE c (a text, b text,"
             " FOREIGN KEY (a, b) REFERENCES p (a, b));",
             {}},
        // Of one collation with the column, or it is not the column's key.
        Case{"sqlite",
             "CREATE TABLE p (a TEXT COLLATE NOCASE, b TEXT);"
             "CREATE UNIQUE INDEX i ON p (a COLLATE nocase);"
             "CREATE UNIQUE INDEX j ON p (b COLLATE binary);",
             "CREATE TABLE c (a TEXT REFERENCES p (a) REFERENCES p (b));",
             {}},
        Case{"sqlite",
             "CREATE TABLE p (a TEXT);"
             "CREATE UNIQUE INDEX i ON p (a COLLATE nocase);",
             "CREATE TABLE c (a TEXT REFERENCES p (a));",
             {"foreign-key-parent-not-unique"}},
        Case{"sqlite",
             "CREATE TABLE p (a TEXT);",
             "CREATE TABLE c (a TEXT REFERENCES p (a)); ALTER TABLE p RENAME "
             "TO q; ALTER TABLE q RENAME a TO b; CREATE UNIQUE INDEX i ON q "
             "(b);",
             {"rename-table", "rename-column", "unique-over-rows"}},
        Case{"sqlite",
             "CREATE TABLE p (a TEXT);",
             "-- schemagen: rebuild p\nCREATE TABLE c (a TEXT REFERENCES p "
             "(a)); CREATE TABLE n (a TEXT UNIQUE); INSERT INTO n SELECT a "
             "FROM p; DROP TABLE p; ALTER TABLE n RENAME TO p;",
             {"unique-over-rows"}},
        Case{"sqlite",
             "CREATE TABLE p (a TEXT);",
             "CREATE TABLE c (a TEXT REFERENCES p (a)); CREATE UNIQUE INDEX i "
             "ON p (a); DROP INDEX i;",
             {"foreign-key-parent-not-unique", "unique-over-rows",
              "drop-index"}},
        Case{"postgres",
             "CREATE TABLE p (a text UNIQUE);",
             "ALTER TABLE p DROP CONSTRAINT p_a_key; CREATE TABLE c (a text "
             "REFERENCES p (a));",
             {"drop-constraint", "foreign-key-parent-not-unique"}},
        // Just these columns, not more.
        Case{"sqlite",
             "CREATE TABLE p (a INTEGER PRIMARY KEY, t INTEGER);",
             "CREATE TABLE c (x INTEGER, t INTEGER,"
             " FOREIGN KEY (x, t) REFERENCES p (a, t));",
             {"foreign-key-parent-not-unique"}},
        Case{"postgres",
             "CREATE TABLE p (a text UNIQUE);",
             "CREATE TABLE c (a text REFERENCES p);",
             {"foreign-key-parent-not-unique"}},
        Case{"sqlite",
             "",
             "CREATE TABLE p (a INTEGER, b INTEGER REFERENCES p (a));",
             {"foreign-key-parent-not-unique"}},
        Case{"postgres",
             "",
             "CREATE TABLE p (a int PRIMARY KEY, b int REFERENCES p (a));",
             {}},
        Case{"postgres",
             "CREATE TABLE p (id bigint PRIMARY KEY);",
             "CREATE TABLE c (p_id int REFERENCES p (id));",
             {"foreign-key-type-differs"}},
        Case{"sqlite",
             "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT UNIQUE);",
             "CREATE TABLE c (p BIGINT REFERENCES p (id),"
             " a CHAR(36) REFERENCES p (a));",
             {}},
        Case{"sqlite",
             "CREATE TABLE p (id INTEGER PRIMARY KEY);",
             "CREATE TABLE c (p_id TEXT REFERENCES p (id));",
             {"foreign-key-type-differs"}},
        Case{"postgres",
             "",
             "CREATE TABLE c (a int, b int); CREATE INDEX i ON c (a, b);"
             "CREATE INDEX j ON c (a);",
             {"redundant-index"}},
        Case{"postgres",
             "",
             "CREATE TABLE c (a int, b int); CREATE INDEX i ON c (a, b);"
             "CREATE INDEX j ON c (b); CREATE INDEX k ON c (a) WHERE b > 0;",
             {}}));

constexpr const char* kTwo = "CREATE TABLE t (a int, b int);";

INSTANTIATE_TEST_SUITE_P(
    NewColumns, LintTest,
    testing::Values(
        Case{"sqlite",
             kTwo,
             "ALTER TABLE t ADD COLUMN c int DEFAULT 0 CHECK (c > 0);",
             {"default-breaks-check"}},
        Case{"sqlite",
             kTwo,
             "ALTER TABLE t ADD COLUMN c TEXT NOT NULL DEFAULT 'x' CHECK "
             "(length(c) > 1);",
             {"default-breaks-check"}},
        Case{"sqlite",
             kTwo,
             "ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT -1 CHECK (c "
             "BETWEEN -128 AND 127) CHECK (c <> 0 AND c < a OR true);",
             {"check-over-rows"}},
        Case{"sqlite",
             kTwo,
             "ALTER TABLE t ADD COLUMN c int CHECK (c > a);",
             {}},
        Case{"sqlite",
             kTwo,
             "ALTER TABLE t ADD COLUMN c int CHECK (a > 0);",
             {"check-over-rows"}},
        Case{"sqlite",
             kTwo,
             "ALTER TABLE t ADD COLUMN c text DEFAULT 'x' CHECK (own(c));",
             {}},
        Case{"postgres",
             kTwo,
             "ALTER TABLE t ADD COLUMN c int DEFAULT -1 CHECK (c > -1);",
             {"default-breaks-check", "add-check-validated"}},
        Case{"postgres",
             kTwo,
             "ALTER TABLE t ADD COLUMN c text DEFAULT 'x'::text CHECK (c IN "
             "('x', 'y')), ADD d bool DEFAULT true CHECK (d);",
             {"add-check-validated", "add-check-validated"}},
        Case{"postgres",
             kTwo,
             "ALTER TABLE t ADD COLUMN c int DEFAULT 0, ADD CONSTRAINT k CHECK "
             "(c > 0);",
             {"default-breaks-check", "add-check-validated"}},
        Case{"postgres",
             kTwo,
             "ALTER TABLE t ADD COLUMN c int DEFAULT 0, ADD CONSTRAINT k CHECK "
             "(c > 0) NOT VALID;",
             {}},
        Case{"postgres",
             kTwo,
             "ALTER TABLE t ADD COLUMN c int DEFAULT 0;"
             "UPDATE t SET c = 1 WHERE a > 0;"
             "ALTER TABLE t ADD CONSTRAINT k CHECK (c > 0);",
             {"work-under-lock", "check-over-rows", "add-check-validated"}}));

constexpr const char* kDemands =
    "ALTER TABLE t ADD COLUMN c int NOT NULL, ADD UNIQUE (a), ADD CHECK (a > "
    "b), ALTER b SET NOT NULL, ADD FOREIGN KEY (a) REFERENCES users;";

INSTANTIATE_TEST_SUITE_P(
    EmptiedTables, LintTest,
    testing::Values(
        Case{"sqlite",
             "",
             "DELETE FROM t; ALTER TABLE t ADD COLUMN a INTEGER NOT NULL; "
             "ALTER TABLE t ADD COLUMN b DEFAULT CURRENT_TIMESTAMP;"
             "CREATE UNIQUE INDEX i ON t (c);",
             {"delete-without-where"}},
        Case{"sqlite",
             kUsers,
             "-- schemagen: rebuild users\n"
             "DELETE FROM users;" REBUILD(
                 "id INTEGER PRIMARY KEY, nick TEXT UNIQUE CHECK (nick > ''), "
                 "team INTEGER NOT NULL DEFAULT 0 REFERENCES teams, a NOT NULL",
                 "id, nick, team", "id, nick, team"),
             {"delete-without-where"}},
        Case{"sqlite",
             "",
             "DELETE FROM t; INSERT INTO t VALUES (1);"
             "CREATE UNIQUE INDEX i ON t (c);",
             {"delete-without-where", "unique-over-rows"}},
        // Programs write in between.
        Case{"sqlite",
             "",
             "-- schemagen: no-transaction\nDELETE FROM t;"
             "CREATE UNIQUE INDEX i ON t (c);",
             {"delete-without-where", "unique-over-rows"}},
        Case{"sqlite",
             "DELETE FROM t;",
             "CREATE UNIQUE INDEX i ON t (c);",
             {"unique-over-rows"}},
        Case{"sqlite",
             kUsers,
             "-- schemagen: rebuild users\n"
             "DELETE FROM users WHERE nick IS NULL OR id = 0;" REBUILD(
                 "id INTEGER PRIMARY KEY, nick TEXT NOT NULL, team INTEGER NOT "
                 "NULL DEFAULT 0",
                 "id, nick, team", "id, nick, team"),
             {"old-inserts-fail"}},
        Case{"sqlite",
             kUsers,
             "-- schemagen: rebuild users\n"
             "DELETE FROM users WHERE nick IS NULL AND id = 0;" REBUILD(
                 "id INTEGER PRIMARY KEY, nick TEXT NOT NULL, team INTEGER NOT "
                 "NULL DEFAULT 0",
                 "id, nick, team", "id, nick, team"),
             {"not-null-over-rows", "old-inserts-fail"}}));

/// All that `up` finds beside warnings and what empties the table.
Ids hazards_of_rows(const std::string& up) {
  Ids ids;
  for (const Diagnostic& one : look("postgres", kTwo, up).sorted()) {
    const bool is_over_rows = one.id.find("-over-rows") != std::string::npos ||
                              one.id == "add-required-column";
    if (is_over_rows) ids.push_back(one.id);
  }
  return ids;
}

TEST(Lint, a_table_that_was_emptied_has_no_rows_until_some_come) {
  const Ids all = {"add-required-column", "unique-over-rows", "check-over-rows",
                   "not-null-over-rows", "foreign-key-over-rows"};
  for (const char* empties :
       {"TRUNCATE t; ", "TRUNCATE u, t CASCADE; ", "DELETE FROM t; ",
        "DELETE FROM t WHERE true; "}) {
    EXPECT_EQ(hazards_of_rows(std::string(empties) + kDemands), Ids{})
        << empties;
  }
  for (const char* leaves :
       {"", "DELETE FROM ONLY t; ", "TRUNCATE ONLY t; ", "DELETE FROM u; ",
        "DELETE FROM t WHERE a > 1; ", "DELETE FROM t USING u; ",
        "WITH n AS (INSERT INTO t VALUES (1)) DELETE FROM t; ",
        "TRUNCATE t; INSERT INTO t VALUES (1); ",
        "TRUNCATE t; COPY t FROM "
        "'/tmp/rows'; ",
        "TRUNCATE t; DO $$ BEGIN END $$; ",
        "-- schemagen: no-transaction\nTRUNCATE t; "}) {
    EXPECT_EQ(hazards_of_rows(std::string(leaves) + kDemands), all) << leaves;
  }
}

INSTANTIATE_TEST_SUITE_P(
    ClearedColumns, LintTest,
    testing::Values(
        Case{"postgres",
             kPgUsers,
             "DELETE FROM users WHERE users.nick IS NULL; ALTER TABLE users "
             "ALTER nick SET NOT NULL;",
             {"old-inserts-fail", "set-not-null"}},
        Case{"postgres",
             kPgUsers,
             "DELETE FROM users WHERE nick IS NULL OR age IS NULL; ALTER TABLE "
             "users RENAME age TO years; ALTER TABLE users ADD PRIMARY KEY "
             "(years);",
             {"rename-column", "unique-over-rows", "add-primary-key"}},
        // Other columns, and not every row.
        Case{"postgres",
             kPgUsers,
             "DELETE FROM users WHERE nick IS NULL AND age IS NULL; ALTER "
             "TABLE users ALTER nick SET NOT NULL;",
             {"not-null-over-rows", "old-inserts-fail", "set-not-null"}},
        Case{"postgres",
             kPgUsers,
             "DELETE FROM users WHERE nick IS NOT NULL OR age IS NULL; ALTER "
             "TABLE users ALTER nick SET NOT NULL;",
             {"not-null-over-rows", "old-inserts-fail", "set-not-null"}}));

INSTANTIATE_TEST_SUITE_P(
    NumberedColumns, LintTest,
    testing::Values(
        Case{"postgres",
             kTwo,
             "ALTER TABLE t ADD COLUMN n bigserial, ADD CONSTRAINT k UNIQUE "
             "(n);",
             {"add-numbered-column", "add-unique-constraint"}},
        Case{"postgres",
             kTwo,
             "ALTER TABLE t ADD COLUMN n uuid NOT NULL DEFAULT "
             "gen_random_uuid(); ALTER TABLE t ADD PRIMARY KEY (n);",
             {"volatile-default", "add-primary-key"}},
        Case{"postgres",
             kTwo,
             "ALTER TABLE t ADD COLUMN n int DEFAULT 1, ADD UNIQUE (n);",
             {"unique-over-rows", "add-unique-constraint"}},
        Case{"postgres",
             kTwo,
             "ALTER TABLE t ADD COLUMN n bigserial; UPDATE t SET n = a WHERE a "
             "> 0; ALTER TABLE t ADD UNIQUE (n);",
             {"add-numbered-column", "work-under-lock", "unique-over-rows",
              "add-unique-constraint"}}));

INSTANTIATE_TEST_SUITE_P(
    CopiesThatSkip, LintTest,
    testing::Values(
        Case{"sqlite",
             kTwo,
             "-- schemagen: rebuild t\nCREATE TABLE n (a int UNIQUE, b int); "
             "INSERT OR REPLACE INTO n SELECT a, b FROM t; DROP TABLE t; ALTER "
             "TABLE n RENAME TO t;",
             {"copy-leaves-rows"}},
        Case{"sqlite",
             kTwo,
             "-- schemagen: rebuild t\nCREATE TABLE n (a int UNIQUE, b int NOT "
             "NULL CHECK (b > 0)); INSERT OR IGNORE INTO n SELECT a, b FROM t; "
             "DROP TABLE t; ALTER TABLE n RENAME TO t;",
             {"old-inserts-fail", "copy-leaves-rows"}},
        Case{"sqlite",
             kTwo,
             "-- schemagen: rebuild t\nCREATE TABLE n (a int UNIQUE, b int NOT "
             "NULL CHECK (b > 0)); REPLACE INTO n SELECT a, b FROM t; DROP "
             "TABLE t; ALTER TABLE n RENAME TO t;",
             {"not-null-over-rows", "old-inserts-fail", "check-over-rows",
              "copy-leaves-rows"}},
        // No conflict clause looks at references and STRICT.
        Case{"sqlite",
             kTwo,
             "-- schemagen: rebuild t\nCREATE TABLE n (a int REFERENCES u, b "
             "int) STRICT; INSERT OR IGNORE INTO n SELECT a, b FROM t; DROP "
             "TABLE t; ALTER TABLE n RENAME TO t;",
             {"foreign-key-over-rows", "strict-over-rows",
              "copy-leaves-rows"}}));

TEST(Lint, a_copy_that_leaves_rows_names_the_table_that_loses_them) {
  const auto subject = [](const std::string& up) {
    for (const Diagnostic& one : look("sqlite", kUsers, up).sorted()) {
      if (one.id == "copy-leaves-rows") return one.subject;
    }
    return std::string();
  };
  EXPECT_EQ(subject(BACKUP("CREATE TABLE b AS SELECT * FROM users",
                           "id INTEGER PRIMARY KEY, nick TEXT, team INTEGER",
                           "SELECT * FROM b WHERE id > 1")),
            "users");
  EXPECT_EQ(subject("ALTER TABLE users RENAME TO old; CREATE TABLE users (id); "
                    "INSERT INTO users SELECT id FROM old LIMIT 9; DROP TABLE "
                    "old;"),
            "users");
}

constexpr const char* kMoments =
    "CREATE TABLE t (a timestamp, b timestamptz, c timestamp(3));";

INSTANTIATE_TEST_SUITE_P(
    TimeZones, LintTest,
    testing::Values(
        Case{"postgres",
             kMoments,
             "SET timezone = 'UTC'; ALTER TABLE t ALTER a TYPE timestamptz, "
             "ALTER b TYPE timestamp, ALTER c TYPE timestamptz;",
             {}},
        Case{"postgres",
             kMoments,
             "SET LOCAL TIME ZONE 'Etc/UTC'; ALTER TABLE t ALTER a TYPE "
             "timestamptz;",
             {}},
        Case{"postgres",
             kMoments,
             "SELECT set_config('TimeZone', 'gmt', true); ALTER TABLE t ALTER "
             "a TYPE timestamptz;",
             {}},
        Case{"postgres",
             kMoments,
             "ALTER TABLE t ALTER a TYPE timestamptz; SET timezone = 'UTC';",
             {"change-column-type"}},
        Case{"postgres",
             kMoments,
             "SET timezone = 'UTC'; RESET timezone; ALTER TABLE t ALTER a TYPE "
             "timestamptz;",
             {"change-column-type"}},
        Case{"postgres",
             kMoments,
             "SET timezone = 'UTC'; ALTER TABLE t ALTER a TYPE timestamptz "
             "USING a AT TIME ZONE 'UTC';",
             {"change-column-type"}},
        Case{"postgres",
             kMoments,
             "SET timezone = 'UTC'; ALTER TABLE t ALTER a TYPE timestamptz(3);",
             {"change-column-type"}}));

TEST(Lint, a_time_zone_may_spare_the_rewrite) {
  const auto found =
      look("postgres", kMoments, "ALTER TABLE t ALTER a TYPE timestamptz;")
          .sorted();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].subject,
            "t.a from timestamp to timestamptz (unless TimeZone is UTC)");
}

constexpr const char* kKept =
    "CREATE TABLE t (a int, b int, CONSTRAINT k UNIQUE (a, b));";

INSTANTIATE_TEST_SUITE_P(
    KeptByAnIndex, LintTest,
    testing::Values(
        Case{"postgres",
             kKept,
             "ALTER TABLE t DROP CONSTRAINT k; CREATE UNIQUE INDEX k ON t (b, "
             "a DESC);",
             {"index-blocks-writes", "work-under-lock"}},
        Case{"postgres",
             kKept,
             "ALTER TABLE t DROP CONSTRAINT k; CREATE UNIQUE INDEX k ON t (a, "
             "b) WHERE a > 0;",
             {"drop-constraint", "index-blocks-writes", "work-under-lock"}},
        Case{"postgres",
             kKept,
             "ALTER TABLE t DROP CONSTRAINT k; CREATE INDEX k ON t (a, b);",
             {"drop-constraint", "index-blocks-writes", "work-under-lock"}},
        Case{"postgres",
             kKept,
             "-- schemagen: no-transaction\nBEGIN; ALTER TABLE t DROP "
             "CONSTRAINT k; CREATE UNIQUE INDEX k ON t (a, b); COMMIT;",
             {"index-blocks-writes"}},
        // Between the two nothing holds.
        Case{"postgres",
             kKept,
             "-- schemagen: no-transaction\nALTER TABLE t DROP CONSTRAINT k; "
             "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS k ON t (a, b);",
             {"drop-constraint"}},
        Case{"sqlite",
             kKept,
             "-- schemagen: rebuild t\nCREATE TABLE n (a int, b int); INSERT "
             "INTO n SELECT a, b FROM t; DROP TABLE t; ALTER TABLE n RENAME TO "
             "t; CREATE UNIQUE INDEX i ON t (a, b);",
             {}}));

constexpr const char* kObjects =
    "CREATE VIEW v AS SELECT 1; CREATE FUNCTION f(a int) RETURNS int LANGUAGE "
    "sql AS 'SELECT 1'; CREATE FUNCTION app.fired() RETURNS trigger LANGUAGE "
    "plpgsql AS 'BEGIN RETURN NEW; END';";

INSTANTIATE_TEST_SUITE_P(
    Objects, LintTest,
    testing::Values(
        Case{"sqlite", "", "DROP VIEW logs;", {"drop-object"}},
        Case{"sqlite",
             "",
             "DROP VIEW IF EXISTS main.V; CREATE VIEW v AS SELECT 2;",
             {}},
        Case{"sqlite", "", "CREATE VIEW v AS SELECT 1; DROP VIEW v;", {}},
        Case{"sqlite", "", "CREATE TEMP VIEW v AS SELECT 1; DROP VIEW v;", {}},
        Case{"postgres",
             kObjects,
             "DROP VIEW v; DROP FUNCTION f(int); DROP SEQUENCE s; DROP "
             "MATERIALIZED VIEW m;",
             {"drop-object", "drop-object", "drop-object", "drop-object"}},
        Case{"postgres",
             kObjects,
             "DROP FUNCTION f(int) CASCADE;",
             {"drop-cascade", "drop-object"}},
        // Only triggers call it.
        Case{"postgres", kObjects, "DROP FUNCTION app.fired();", {}},
        Case{"postgres",
             kObjects,
             "ALTER FUNCTION app.fired RENAME TO rung; DROP FUNCTION "
             "app.rung();",
             {}},
        Case{"postgres",
             kObjects,
             "ALTER VIEW v RENAME TO w; DROP VIEW w;",
             {"drop-object"}},
        Case{"postgres",
             "",
             "CREATE TABLE t (id serial PRIMARY KEY); ALTER TABLE t ALTER id "
             "DROP DEFAULT; DROP SEQUENCE t_id_seq;",
             {}},
        // Something of the name is there again.
        Case{"postgres",
             kObjects,
             "DROP VIEW v; CREATE MATERIALIZED VIEW v AS SELECT 2; DROP "
             "FUNCTION f; CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql "
             "AS 'SELECT 1';",
             {}},
        Case{"postgres",
             kObjects,
             "CREATE TABLE n (id int PRIMARY KEY); DROP VIEW v; ALTER TABLE n "
             "RENAME TO v;",
             {}},
        Case{"postgres",
             kObjects,
             "CREATE SEQUENCE s; DROP SEQUENCE s; DROP VIEW v; CREATE VIEW "
             "app.v AS SELECT 2;",
             {"drop-object"}}));

INSTANTIATE_TEST_SUITE_P(
    HiddenRows, LintTest,
    testing::Values(
        Case{"postgres",
             "",
             "ALTER TABLE t ENABLE ROW LEVEL SECURITY;",
             {"row-security-without-policy"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON u "
             "USING (true);",
             {"row-security-without-policy"}},
        Case{"postgres",
             "",
             "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t "
             "USING (true);",
             {}},
        Case{"postgres",
             "CREATE POLICY p ON t USING (true);",
             "ALTER TABLE t ENABLE ROW LEVEL SECURITY;",
             {}},
        Case{"postgres",
             "",
             "ALTER TABLE t ENABLE ROW LEVEL SECURITY; DO $$ BEGIN END $$;",
             {"opaque-statement"}},
        Case{"postgres",
             "",
             "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW "
             "LEVEL SECURITY;",
             {}},
        Case{"postgres",
             "",
             "ALTER TABLE t DISABLE TRIGGER ALL;",
             {"triggers-off"}},
        Case{"postgres", "", "ALTER TABLE t DISABLE TRIGGER USER;", {}},
        Case{"postgres", "", "ALTER TABLE t ENABLE TRIGGER ALL;", {}},
        Case{"postgres",
             "",
             "SET LOCAL session_replication_role = 'replica';",
             {"triggers-off"}},
        Case{"postgres", "", "SET session_replication_role = origin;", {}},
        Case{"postgres",
             "",
             "CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;",
             {"rule-swallows-writes"}},
        Case{"postgres",
             "",
             "CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING; CREATE RULE q "
             "AS ON DELETE TO t DO INSTEAD UPDATE t SET a = 1;",
             {}}));

INSTANTIATE_TEST_SUITE_P(
    Replacing, LintTest,
    testing::Values(
        Case{"sqlite",
             kUsers,
             "INSERT OR REPLACE INTO users (id) SELECT id FROM users;",
             {"replace-forgets-columns"}},
        Case{"sqlite",
             "",
             "REPLACE INTO main.t (id) SELECT id FROM t;",
             {"replace-forgets-columns"}},
        Case{"sqlite",
             kUsers,
             "REPLACE INTO users (id, team, nick) SELECT id, 1, nick FROM "
             "users; REPLACE INTO users SELECT * FROM users; INSERT OR IGNORE "
             "INTO users (id) SELECT id FROM users; REPLACE INTO users (id) "
             "SELECT id FROM others;",
             {}},
        // No key is among them that a row could be replaced by.
        Case{"sqlite",
             kUsers,
             "REPLACE INTO users (nick) SELECT nick FROM users;",
             {}},
        Case{"sqlite",
             "",
             "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'x' "
             "WHERE name = 't'; DELETE FROM main.SQLITE_MASTER WHERE name = "
             "'t'; PRAGMA writable_schema = RESET;",
             {"write-schema-table", "write-schema-table"}},
        Case{"sqlite",
             "",
             "SELECT * FROM sqlite_schema; DELETE FROM sqlite_sequence WHERE "
             "name = 't';",
             {}}));

INSTANTIATE_TEST_SUITE_P(
    WhatRunsInside, LintTest,
    testing::Values(
        Case{"postgres",
             "",
             "EXPLAIN ANALYZE DELETE FROM t;",
             {"delete-without-where"}},
        Case{"postgres",
             "",
             "EXPLAIN (COSTS off, ANALYZE 1) UPDATE t SET a = 1;",
             {"update-without-where"}},
        Case{"postgres", "", "EXPLAIN (ANALYZE off) DELETE FROM t;", {}},
        Case{"postgres", "", "EXPLAIN DELETE FROM t;", {}},
        Case{"postgres",
             "",
             "COPY (DELETE FROM t RETURNING a) TO '/tmp/gone';",
             {"delete-without-where"}},
        Case{"postgres",
             "",
             "CREATE TABLE u AS WITH q AS (DELETE FROM t RETURNING *) SELECT * "
             "FROM q;",
             {"delete-without-where"}},
        Case{"postgres",
             "",
             "MERGE INTO t USING (SELECT 1) AS u ON true WHEN MATCHED THEN "
             "DELETE;",
             {"delete-without-where"}},
        Case{"postgres",
             "",
             "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED AND u.b = 1 THEN "
             "DELETE WHEN MATCHED THEN UPDATE SET b = 1 WHEN NOT MATCHED THEN "
             "INSERT VALUES (1, 2);",
             {}},
        Case{"postgres",
             kTwo,
             "ALTER TABLE t ADD c int; MERGE INTO t USING u ON t.a = u.a WHEN "
             "MATCHED THEN UPDATE SET c = 1;"
             "ALTER TABLE t ADD CONSTRAINT k CHECK (c > 0);",
             {"work-under-lock", "check-over-rows", "add-check-validated"}},
        Case{"postgres",
             "",
             "SELECT pg_catalog.set_config('Lock_Timeout', '0', false);",
             {"timeout-off"}},
        Case{"postgres",
             "",
             "SELECT set_config('statement_timeout', '1min', true);",
             {}},
        Case{"postgres", "", "RESET ALL;", {"timeout-off"}},
        Case{"postgres", "", "SET lock_timeout = '0.5s';", {}},
        Case{"postgres",
             "",
             "SET lock_timeout = '5s'; ALTER TABLE t VALIDATE CONSTRAINT c;",
             {}},
        Case{"postgres",
             "",
             "-- schemagen: no-transaction\nVACUUM (FULL off, ANALYZE) t;",
             {}},
        Case{"postgres",
             "",
             "-- schemagen: no-transaction\nVACUUM (FULL 0);",
             {}},
        Case{"postgres",
             "",
             "-- schemagen: no-transaction\nREINDEX (CONCURRENTLY false) TABLE "
             "t;",
             {"reindex-blocks"}}));

INSTANTIATE_TEST_SUITE_P(
    IndexesBesideOthers, LintTest,
    testing::Values(
        Case{"sqlite",
             "CREATE TABLE t (a, b); CREATE INDEX i ON t (a);",
             "CREATE INDEX j ON t (a, b DESC);",
             {"redundant-index"}},
        Case{"sqlite",
             "CREATE TABLE t (a, b); CREATE INDEX i ON t (a);",
             "CREATE INDEX j ON t (a, b); DROP INDEX i;",
             {}},
        Case{"sqlite",
             "CREATE TABLE t (a, b); CREATE INDEX j ON t (a, b);",
             "CREATE INDEX i ON t (a); DROP INDEX j;",
             {"drop-index"}},
        Case{"sqlite",
             "CREATE TABLE t (a, b); CREATE UNIQUE INDEX i ON t (a);"
             "CREATE INDEX k ON t (a) WHERE b; CREATE INDEX l ON t (b);",
             "CREATE INDEX j ON t (a, b);",
             {}},
        Case{"sqlite",
             "CREATE TABLE t (a, b); CREATE INDEX i ON t (a);",
             "CREATE INDEX j ON t (a, b) WHERE b;",
             {}},
        Case{"postgres",
             "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);",
             "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b);",
             {"unique-over-rows", "add-unique-constraint", "redundant-index"}},
        Case{"postgres",
             "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a) INCLUDE "
             "(b);",
             "CREATE INDEX j ON t (a, b);",
             {"index-blocks-writes"}},
        // The shorter one goes, as the rule says.
        Case{"sqlite",
             "CREATE TABLE t (a, b); CREATE INDEX i ON t (a);"
             "CREATE INDEX j ON t (a, b);",
             "DROP INDEX i;",
             {}},
        Case{"sqlite",
             "CREATE TABLE t (a, b); CREATE INDEX i ON t (a);"
             "CREATE INDEX j ON t (a, b);",
             "DROP INDEX j; DROP INDEX i;",
             {"drop-index", "drop-index"}},
        Case{"sqlite",
             "CREATE TABLE t (a, b); CREATE UNIQUE INDEX i ON t (a);"
             "CREATE INDEX j ON t (a, b);",
             "DROP INDEX i;",
             {"drop-index"}}));

/// Unique indexes that are made again, each as it was.
class SameIndexTest : public testing::TestWithParam<const char*> {};

TEST_P(SameIndexTest, is_no_hazard_for_rows) {
  const std::string index =
      "CREATE UNIQUE INDEX i ON users " + std::string(GetParam()) + ";";
  const std::string made =
      "CREATE TABLE users (id INTEGER PRIMARY KEY, nick TEXT, team INTEGER);";
  EXPECT_EQ(found_in("sqlite", made + index,
                     REBUILD("id INTEGER PRIMARY KEY, nick TEXT, team INTEGER",
                             "id, nick, team", "id, nick, team") +
                         index),
            Ids{});
  EXPECT_EQ(found_in("sqlite", made + index, "DROP INDEX i; " + index),
            Ids{"drop-index"});
  EXPECT_EQ(found_in("sqlite", made, index), Ids{"unique-over-rows"});
  const auto ids = found_in("postgres", made + index, "DROP INDEX i; " + index);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "unique-over-rows"), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Lint, SameIndexTest,
    testing::Values("(nick)", "(lower(nick))", "(nick) WHERE team > 0",
                    "(nick DESC)", "(nick COLLATE \"nocase\")",
                    "(team, lower(nick) DESC) WHERE nick IS NOT NULL"));

INSTANTIATE_TEST_SUITE_P(
    UniqueAgain, LintTest,
    testing::Values(
        Case{
            "sqlite",
            "CREATE TABLE users (a TEXT);"
            "CREATE UNIQUE INDEX i ON users (lower(a)) WHERE a > 'a';",
            REBUILD(
                "b TEXT", "b",
                "a") "CREATE UNIQUE INDEX i ON users (lower(b)) WHERE b > 'a';",
            {"rename-column"}},
        // Fewer rows and more keys ask for less; other rows do not.
        Case{"postgres",
             "CREATE TABLE t (a int, b int);"
             "CREATE UNIQUE INDEX i ON t (a DESC);",
             "-- schemagen: no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY "
             "IF NOT EXISTS j ON t (b, a) WHERE b > 0;",
             {}},
        Case{"sqlite",
             "CREATE TABLE t (a, b); CREATE UNIQUE INDEX i ON t (a) WHERE b;",
             "CREATE UNIQUE INDEX j ON t (a) WHERE a;",
             {"unique-over-rows"}},
        Case{"postgres",
             "CREATE TABLE t (a int, b int, c int);"
             "CREATE UNIQUE INDEX i ON t (coalesce(a, c));",
             "-- schemagen: no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY "
             "IF NOT EXISTS j ON t (coalesce(b, c));",
             {"unique-over-rows"}},
        Case{"sqlite",
             "CREATE TABLE t (a, b); CREATE UNIQUE INDEX i ON t (lower(a));",
             "CREATE UNIQUE INDEX j ON t (upper(a));",
             {"unique-over-rows"}}));

TEST(Lint, a_unique_index_over_an_expression_is_told_by_its_name) {
  const auto subject = [](const std::string& dialect, const std::string& up) {
    return look(dialect, "", up).sorted().at(0).subject;
  };
  EXPECT_EQ(subject("sqlite", "CREATE UNIQUE INDEX i ON t (lower(a));"), "i");
  EXPECT_EQ(subject("sqlite", "CREATE UNIQUE INDEX i ON t (a, b);"),
            "t (a, b)");
}

TEST(Lint, a_script_of_many_statements_takes_no_more_than_each) {
  const auto seconds = [](std::size_t statements) {
    std::string up;
    for (std::size_t i = 0; i < statements; ++i) {
      up += "INSERT INTO t VALUES (1);\n";
    }
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(found_in("sqlite", "", up), Ids{});
    return std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                         begin)
        .count();
  };
  const double few = seconds(2000);
  const double many = seconds(20000);
  EXPECT_LT(many, 40 * few);
}

TEST(Lint, what_cannot_be_read_is_told_once) {
  EXPECT_EQ(found_in("postgres", "", "SELEC 1;"), Ids{"invalid-sql"});
  EXPECT_EQ(found_in("postgres", "", "-- schemagen: unchecked\nSELEC 1;"),
            Ids{"opaque-statement"});
}

struct Style {
  const char* rule;
  const char* dialect;
  const char* bad;
  const char* good;
};

class LintStyleTest : public testing::TestWithParam<Style> {};

TEST_P(LintStyleTest, is_off_until_lint_conf_turns_it_on) {
  const Style& c = GetParam();
  Diagnostics none;
  const Levels levels(std::string(c.rule) + " warning", "lint.conf", none);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(found_in(c.dialect, "", c.bad), Ids{});
  EXPECT_EQ(ids_of(look(c.dialect, "", c.bad, levels)), Ids{c.rule});
  EXPECT_EQ(ids_of(look(c.dialect, "", c.good, levels)), Ids{});
}

INSTANTIATE_TEST_SUITE_P(
    Style, LintStyleTest,
    testing::Values(
        Style{"table-without-primary-key", "sqlite", "CREATE TABLE t (a);",
              "CREATE TABLE t (a INTEGER PRIMARY KEY);"},
        Style{"wide-index", "sqlite",
              "CREATE TABLE t (a, b, c, d); CREATE INDEX i ON t (a, b, c, d);",
              "CREATE TABLE t (a, b, c, d); CREATE INDEX i ON t (a, b, c);"},
        Style{"narrow-key", "postgres", "CREATE TABLE t (id int PRIMARY KEY);",
              "CREATE TABLE t (id bigint PRIMARY KEY, a int);"},
        Style{"prefer-identity", "postgres", "CREATE TABLE t (id bigserial);",
              "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY);"},
        Style{"prefer-text", "postgres", "CREATE TABLE t (a varchar(9));",
              "CREATE TABLE t (a text);"},
        Style{"prefer-timestamptz", "postgres", "CREATE TABLE t (a timestamp);",
              "CREATE TABLE t (a timestamptz);"},
        Style{"prefer-jsonb", "postgres", "CREATE TABLE t (a json);",
              "CREATE TABLE t (a jsonb);"},
        Style{"inexact-number", "sqlite",
              "CREATE TABLE t (a DOUBLE PRECISION);",
              "CREATE TABLE t (a NUMERIC);"},
        Style{"enum-order-unstated", "postgres", "ALTER TYPE c ADD VALUE 'a';",
              "ALTER TYPE c ADD VALUE 'a' BEFORE 'b';"},
        Style{"schema-unstated", "postgres", "CREATE TABLE t (a int);",
              "CREATE TABLE app.t (a int);"},
        Style{"name-needs-quotes", "sqlite", "CREATE TABLE t (\"a b\");",
              "CREATE TABLE \"t\" (\"a\");"}));

/// The cases above by the rules that they name: none is without a bad one.
TEST(Lint, every_rule_has_an_example) {
  std::ifstream source(SCHEMAGEN_LINT_TEST);
  std::stringstream text;
  text << source.rdbuf();
  for (const Rule* rule : all_rules()) {
    EXPECT_NE(text.str().find("\"" + std::string(rule->id) + "\""),
              std::string::npos)
        << rule->id;
  }
}

TEST(Lint, says_what_and_what_to_do_at_the_statements_place) {
  const Diagnostics findings = look(
      "sqlite", "", "SELECT 1;\n\n-- no longer used\n  DROP TABLE logs;\n");
  EXPECT_EQ(to_text(findings.sorted(), false),
            "db/20260102000000_b.up.sql:4:3: error: drops a table with all "
            "its rows: logs; keep it until no program of the field reads it, "
            "and say why it may go [drop-table]\n");
}

TEST(Lint, a_rebuild_is_told_at_the_new_form) {
  const Diagnostics findings = look(
      "sqlite", kUsers,
      "-- schemagen: rebuild users\n-- smaller\nCREATE TABLE n (id INTEGER "
      "PRIMARY KEY, team INTEGER NOT NULL DEFAULT 0);\nINSERT INTO n SELECT "
      "id, team FROM users;\nDROP TABLE users;\nALTER TABLE n RENAME TO "
      "users;\n");
  EXPECT_EQ(to_text(findings.sorted(), false),
            "db/20260102000000_b.up.sql:3:1: error: drops a column with all "
            "its values: users.nick; first ship a program that no longer reads "
            "it, then drop it, and say so [drop-column]\n");
}

TEST(Lint, the_tables_of_pending_migrations_have_no_rows) {
  Diagnostics all;
  const std::string make = "CREATE TABLE t (a int);";
  const std::string fill = "ALTER TABLE t ADD COLUMN b int NOT NULL;";
  lint({{"postgres",
         {{"a.sql", make, true, true}, {"b.sql", fill, true, true}}}},
       {}, all);
  EXPECT_EQ(ids_of(all), Ids{});
  lint({{"postgres",
         {{"a.sql", make, false, false}, {"b.sql", fill, true, true}}}},
       {}, all);
  EXPECT_EQ(ids_of(all), Ids{"add-required-column"});
}

TEST(Lint, a_comment_with_a_reason_allows) {
  const std::string allow = "-- schemagen-lint: allow drop-table";
  const auto ids = [&](const std::string& up) {
    return found_in("sqlite", "", up);
  };
  EXPECT_EQ(ids(allow + ", empty since 2024\nDROP TABLE logs;"), Ids{});
  EXPECT_EQ(ids("DROP TABLE logs; " + allow + ", empty, since 2024\n"), Ids{});
  EXPECT_EQ(
      ids("SELECT 1;\nDROP TABLE logs; " + allow + ", empty\nDROP TABLE more;"),
      Ids{"drop-table"});
  EXPECT_EQ(ids("DROP TABLE\n" + allow + ", empty since 2024\n logs;"), Ids{});
  EXPECT_EQ(ids("-- schemagen-lint: allow drop-table drop-column, old\n"
                "DROP TABLE logs;"),
            Ids{"unused-allow"});
  EXPECT_EQ(ids("/* schemagen-lint: allow drop-table, old */ DROP TABLE logs;"),
            Ids{});
  for (const char* lines :
       {"/*\n  schemagen-lint: allow drop-table, old\n*/\n",
        "/*\r\n * Reviewed.\r\n * schemagen-lint: allow drop-table, old\r\n "
        "*/\r\n",
        "/* schemagen-lint: allow drop-column, other\n   schemagen-lint: allow "
        "drop-table, old */\n"}) {
    Ids left = ids(lines + std::string("DROP TABLE logs;"));
    left.erase(std::remove(left.begin(), left.end(), "unused-allow"),
               left.end());
    EXPECT_EQ(left, Ids{}) << lines;
  }
  const std::string block = "/* schemagen-lint: allow drop-table, old */";
  EXPECT_EQ(ids("DROP TABLE logs; " + block), Ids{});
  EXPECT_EQ(ids("DROP TABLE logs; " + block + " -- so\nSELECT 1;"), Ids{});
  EXPECT_EQ(ids("SELECT 1; " + block + " DROP TABLE logs;"), Ids{});
  EXPECT_EQ(ids("SELECT 1; /* one\n" + block.substr(2) + "\nDROP TABLE logs;"),
            Ids{});
  // SQLite's comments do not nest.
  EXPECT_EQ(ids("/* a /* b */\n" + allow + ", old\nDROP TABLE logs;"), Ids{});
  EXPECT_EQ(ids("SELECT '" + allow + ", x'; DROP TABLE logs;"),
            Ids{"drop-table"});
  EXPECT_EQ(ids("-- schemagen-lint: allow-file drop-table, all of them are old"
                "\nDROP TABLE a;\nDROP TABLE b;"),
            Ids{});
}

TEST(Lint, a_comment_that_allows_nothing_is_told) {
  const auto text = [](const std::string& up) {
    return to_text(look("sqlite", "", up).sorted(), false);
  };
  const std::string at = "db/20260102000000_b.up.sql:";
  EXPECT_EQ(text("-- schemagen-lint: allow drop-table\nSELECT 1;"),
            at + "1:1: error: allows drop-table without a reason; write it "
                 "behind a comma [lint-reason]\n");
  EXPECT_EQ(text("SELECT 1; -- schemagen-lint: allow drop-tables, old\n"),
            at + "1:11: error: no rule is called \"drop-tables\"; did you mean "
                 "\"drop-table\"? [unknown-rule]\n");
  EXPECT_EQ(text("-- schemagen-lint allow drop-table, old\nSELECT 1;"),
            at + "1:1: error: is no comment that lint understands; write `-- "
                 "schemagen-lint: allow <rule>, <reason>` [lint-comment]\n");
  EXPECT_EQ(text("-- schemagen-lint: disable drop-table, old\nSELECT 1;"),
            at + "1:1: error: is no comment that lint understands; write `-- "
                 "schemagen-lint: allow <rule>, <reason>` [lint-comment]\n");
  EXPECT_EQ(text("-- schemagen-lint: allow drop-table, old\nSELECT 1;"),
            at + "1:1: warning: allows drop-table, which is not found here; "
                 "delete the comment [unused-allow]\n");
  EXPECT_EQ(text("/* Reviewed.\n * schemagen-lint: allow drop-tables, old\n"
                 " * schemagen-lint: allow drop-table\n */\nSELECT 1;"),
            at +
                "2:4: error: no rule is called \"drop-tables\"; did you mean "
                "\"drop-table\"? [unknown-rule]\n" +
                at +
                "3:4: error: allows drop-table without a reason; write it "
                "behind a comma [lint-reason]\n");
  EXPECT_EQ(text("/* a /* b */\nDROP TABLE logs;"),
            at + "2:1: error: drops a table with all its rows: logs; keep it "
                 "until no program of the field reads it, and say why it may "
                 "go [drop-table]\n");
  EXPECT_EQ(text("SELECT 1;\n\n-- schemagen-lint: allow drop-table, old\n"),
            at + "3:1: warning: allows drop-table, which is not found here; "
                 "delete the comment [unused-allow]\n");
}

TEST(Lint, one_script_for_two_engines_needs_a_comment_for_either) {
  const std::string up =
      "-- schemagen-lint: allow index-blocks-writes, small\n"
      "CREATE INDEX i ON t (a);";
  Diagnostics all;
  lint({{"postgres", {{"a.sql", up, true, true}}},
        {"sqlite", {{"a.sql", up, true, true}}}},
       {}, all);
  EXPECT_EQ(ids_of(all), Ids{});
}

TEST(Lint, lint_conf_says_how_loud_a_rule_is) {
  Diagnostics none;
  const Levels levels(
      "# what our team agreed on\n"
      "drop-table  off   # we archive first\r\n"
      "\n"
      "drop-column warning\n",
      "db/lint.conf", none);
  EXPECT_TRUE(none.empty());
  const std::string up = "DROP TABLE a; ALTER TABLE b DROP COLUMN c;";
  const auto found = look("sqlite", "", up, levels).sorted();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, "drop-column");
  EXPECT_EQ(found[0].severity, Severity::warning);
  // What is off cannot be unused.
  EXPECT_EQ(
      ids_of(look("sqlite", "",
                  "-- schemagen-lint: allow drop-table, old\n" + up, levels)),
      Ids{"drop-column"});
}

TEST(Lint, lint_conf_is_read_strictly) {
  Diagnostics all;
  const Levels levels(
      "drop-tabel off\n  drop-table loud\ndrop-table\ntruncate off x\n"
      "truncate off\ntruncate off\n",
      "db/lint.conf", all);
  const std::string line =
      "a line is a rule and one of off, note, warning, error; write ";
  EXPECT_EQ(
      to_text(all.sorted(), false),
      "db/lint.conf:1:1: error: no rule is called \"drop-tabel\"; did you mean "
      "\"drop-table\"? [unknown-rule]\n"
      "db/lint.conf:2:14: error: " +
          line + "\"drop-table warning\" [lint-conf]\n" +
          "db/lint.conf:3:1: error: " + line +
          "\"drop-table warning\" [lint-conf]\n" +
          "db/lint.conf:4:10: error: " + line +
          "\"truncate warning\" [lint-conf]\n" +
          "db/lint.conf:6:1: error: says twice how loud truncate is; delete "
          "one of the lines [lint-conf]\n");
}

TEST(Lint, a_conf_of_an_editor_or_a_merge_is_understood) {
  Diagnostics none;
  const Levels marked(
      "\xEF\xBB\xBF"
      "drop-table off\r\n",
      "lint.conf", none);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(marked.of(*find_rule("drop-table")), Level::off);
  Diagnostics all;
  Levels("# ours\n<<<<<<< HEAD\ndrop-table off\n=======\ndrop-table note\n",
         "lint.conf", all);
  EXPECT_EQ(to_text(all.sorted(), false),
            "lint.conf:2:1: error: a merge left its conflict here; settle it "
            "by hand [conflict-marker]\n");
}

TEST(Lint, a_rule_is_no_reason) {
  EXPECT_EQ(to_text(look("sqlite", "",
                         "-- schemagen-lint: allow drop-table, drop-column, "
                         "old\nDROP TABLE t;")
                        .sorted(),
                    false),
            "db/20260102000000_b.up.sql:1:1: error: gives drop-column as the "
            "reason; let spaces stand between rules, and the reason behind the "
            "only comma [lint-reason]\n");
}

TEST(Lint, explains_every_rule_and_names_it_once) {
  std::set<std::string> ids;
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(ids.insert(rule->id).second) << rule->id;
    EXPECT_EQ(find_rule(rule->id), rule);
    for (const char* text : {rule->summary, rule->remedy, rule->explanation}) {
      EXPECT_GT(std::string(text).size(), 5u) << rule->id;
    }
    EXPECT_EQ(std::string(rule->summary).find(';'), std::string::npos);
  }
  EXPECT_EQ(find_rule("no-such-rule"), nullptr);
  EXPECT_EQ(
      explain(*find_rule("index-blocks-writes"), Level::error),
      "index-blocks-writes (error, by default warning, postgres only): blocks "
      "writing to the table until the index is built\n"
      "  why: On a large table that is minutes.\n"
      "  do: build it CONCURRENTLY in a migration of its own, as `schemagen "
      "generate --online` does\n"
      "  safe form: -- schemagen: no-transaction\n"
      "             CREATE INDEX CONCURRENTLY i ON t (c);\n"
      "  lock on PostgreSQL: SHARE, for as long as the build takes\n"
      "  silence: -- schemagen-lint: allow index-blocks-writes, <reason>\n"
      "           (before the statement, then `schemagen accept`)\n");
}

using Json = nlohmann::json;

/// The results of a SARIF document, which is held against what SARIF 2.1.0
/// demands of each object.
std::vector<Json> results_of(const std::string& sarif) {
  const Json document = Json::parse(sarif);
  EXPECT_EQ(document.at("version"), "2.1.0");
  EXPECT_EQ(document.at("runs").size(), 1u);
  const Json& run = document.at("runs").at(0);
  const Json& driver = run.at("tool").at("driver");
  EXPECT_TRUE(driver.at("name").is_string());
  std::set<std::string> ids;
  const std::set<std::string> levels = {"none", "note", "warning", "error"};
  for (const Json& rule : driver.at("rules")) {
    EXPECT_TRUE(ids.insert(rule.at("id")).second) << rule.at("id");
    if (!rule.contains("help")) continue;
    for (const char* text : {"shortDescription", "fullDescription", "help"}) {
      EXPECT_FALSE(rule.at(text).at("text").get<std::string>().empty());
    }
    EXPECT_EQ(levels.count(rule.at("defaultConfiguration").at("level")), 1u);
  }
  std::vector<Json> results;
  for (const Json& result : run.at("results")) {
    EXPECT_FALSE(result.at("message").at("text").get<std::string>().empty());
    EXPECT_EQ(levels.count(result.at("level")), 1u);
    const std::size_t index = result.at("ruleIndex");
    EXPECT_EQ(driver.at("rules").at(index).at("id"), result.at("ruleId"));
    for (const Json& location : result.at("locations")) {
      const Json& physical = location.at("physicalLocation");
      EXPECT_TRUE(physical.at("artifactLocation").at("uri").is_string());
      EXPECT_GE(physical.at("region").at("startLine").get<int>(), 1);
      EXPECT_GE(physical.at("region").at("startColumn").get<int>(), 1);
    }
    for (const auto& print : result.at("partialFingerprints").items()) {
      EXPECT_EQ(print.value().get<std::string>().size(), 64u);
    }
    if (result.contains("suppressions")) {
      EXPECT_EQ(result.at("suppressions").at(0).at("kind"), "inSource");
    }
    results.push_back(result);
  }
  return results;
}

TEST(Lint, becomes_sarif_with_fingerprints_that_outlive_moved_lines) {
  const std::string script =
      "DROP TABLE a;\nALTER TABLE b DROP COLUMN c;\n"
      "-- schemagen-lint: allow drop-table, empty since 2.3\nDROP TABLE d;\n"
      "DELETE FROM e;\nDELETE FROM e;\n";
  const auto sarif = [](const std::string& text) {
    return to_sarif(look("sqlite", "", text).sorted(), rule_texts({}));
  };
  const auto results = results_of(sarif(script));
  const auto moved = results_of(sarif("SELECT 1;\n\n" + script));
  ASSERT_EQ(results.size(), 5u);
  ASSERT_EQ(moved.size(), 5u);
  std::set<std::string> prints;
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].at("partialFingerprints"),
              moved[i].at("partialFingerprints"));
    prints.insert(results[i].at("partialFingerprints").dump());
  }
  EXPECT_EQ(prints.size(), 5u);
  EXPECT_EQ(results[2].at("suppressions"),
            Json::parse("[{\"kind\": \"inSource\", \"justification\": "
                        "\"empty since 2.3\"}]"));
  // Suppressed is not found: not in text, not in JSON.
  const auto allowed =
      look("sqlite", "", "DROP TABLE d; -- schemagen-lint: allow drop-table, x")
          .sorted();
  EXPECT_EQ(to_text(allowed, false), "");
  EXPECT_EQ(to_json(allowed), "[]");
  EXPECT_EQ(results_of(to_sarif(allowed)).size(), 1u);
}

TEST(Lint, the_documentation_lists_every_rule) {
  std::ifstream file(SCHEMAGEN_GENERATOR_README);
  std::stringstream text;
  text << file.rdbuf();
  const std::string readme = text.str();
  const std::string begin = "<!-- rules -->\n", end = "<!-- end of rules -->";
  const std::size_t from = readme.find(begin), to = readme.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  if (std::getenv("SCHEMAGEN_UPDATE_CASES") != nullptr) {
    std::ofstream(SCHEMAGEN_GENERATOR_README)
        << readme.substr(0, from) << begin << rules_table()
        << readme.substr(to);
  }
  EXPECT_EQ(readme.substr(from + begin.size(), to - from - begin.size()),
            rules_table())
      << "SCHEMAGEN_UPDATE_CASES=1 writes it anew";
}

}  // namespace
}  // namespace schemagen::gen
