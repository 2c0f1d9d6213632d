#include "faults/history.hpp"

#include <cstdio>

#include "schemagen/postgres.hpp"
#include "schemagen/sqlite.hpp"

namespace schemagen::faults {
namespace {

using test::Embedded;

Result<Done> log_nine(Database& database) {
  const auto done = database.execute("INSERT INTO log VALUES (9)");
  if (!done) return done.error();
  return Done{};
}

Result<Done> forget_nine(Database& database) {
  const auto done = database.execute("DELETE FROM log WHERE n = 9");
  if (!done) return done.error();
  return Done{};
}

std::string next_id(Embedded& history) {
  const auto number = static_cast<unsigned>(history.set().dialects[0].count);
  char id[32];
  std::snprintf(id, sizeof id, "20260101%02u%02u%02u", number / 3600,
                number / 60 % 60, number % 60);
  return id;
}

void add_tables(Embedded& history) {
  add_next(history, "create_team",
           "CREATE TABLE team (id bigint PRIMARY KEY, name text NOT NULL);\n"
           "INSERT INTO team VALUES (1, 'red'), (2, 'green');\n",
           "DROP TABLE team;\n");
  add_next(history, "create_member",
           "CREATE TABLE member (id bigint PRIMARY KEY, team_id bigint NOT "
           "NULL REFERENCES team (id) ON DELETE CASCADE, nick text);\n"
           "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
           "WHERE i < 60) INSERT INTO member SELECT i, 1 + i % 2, 'nick' FROM "
           "n;\n",
           "DROP TABLE member;\n");
  add_next(history, "add_score",
           "ALTER TABLE member ADD COLUMN score bigint DEFAULT 0;\n"
           "UPDATE member SET score = id * 2;\n",
           "ALTER TABLE member DROP COLUMN score;\n");
  add_next(history, "create_log",
           "CREATE TABLE log (n bigint NOT NULL);\n"
           "INSERT INTO log VALUES (1);\nINSERT INTO log VALUES (2);\n",
           "DROP TABLE log;\n");
  add_next(history, "log_more",
           "INSERT INTO log VALUES (3);\nINSERT INTO log VALUES (4);\n",
           "DELETE FROM log WHERE n = 4;\nDELETE FROM log WHERE n = 3;\n");
}

void add_sqlite_steps(Embedded& history) {
  const std::string head =
      "-- schemagen: rebuild team\n"
      "CREATE TABLE new_team (id bigint PRIMARY KEY, name text NOT NULL";
  const std::string tail =
      ");\nINSERT INTO new_team (id, name) SELECT id, name FROM team;\n"
      "DROP TABLE team;\nALTER TABLE new_team RENAME TO team;\n";
  add_next(history, "check_team", head + " CHECK (name <> '')" + tail,
           (head + tail).c_str());
  add_next(history, "log_alone",
           "-- schemagen: no-transaction\n"
           "INSERT INTO log VALUES (7);\n"
           "CREATE INDEX member_nick ON member (nick);\n"
           "INSERT INTO log VALUES (8);\n",
           "-- schemagen: no-transaction\n"
           "DELETE FROM log WHERE n = 8;\nDROP INDEX member_nick;\n"
           "DELETE FROM log WHERE n = 7;\n");
}

void add_postgres_steps(Embedded& history) {
  add_next(history, "check_team",
           "ALTER TABLE team ADD CONSTRAINT named CHECK (name <> '');\n",
           "ALTER TABLE team DROP CONSTRAINT named;\n");
  add_next(history, "index_alone",
           "-- schemagen: no-transaction\n"
           "CREATE INDEX CONCURRENTLY member_nick ON member (nick);\n"
           "CREATE INDEX CONCURRENTLY team_name ON team (name);\n",
           "-- schemagen: no-transaction\n"
           "DROP INDEX CONCURRENTLY team_name;\n"
           "DROP INDEX CONCURRENTLY member_nick;\n");
}

void add_last_steps(Embedded& history) {
  add_next(history, "index_score",
           "CREATE INDEX member_score ON member (score);\n",
           "DROP INDEX member_score;\n");
  history.add_code(next_id(history).c_str(), "code", log_nine, forget_nine);
  add_next(history, "view_scores",
           "CREATE VIEW scores AS SELECT id, score FROM member;\n",
           "DROP VIEW scores;\n");
  add_next(history, "rename_nick",
           "ALTER TABLE member RENAME COLUMN nick TO nickname;\n"
           "UPDATE member SET nickname = nickname || '!';\n",
           "UPDATE member SET nickname = 'nick';\n"
           "ALTER TABLE member RENAME COLUMN nickname TO nick;\n");
  add_next(history, "log_last", "INSERT INTO log VALUES (12);\n",
           "DELETE FROM log WHERE n = 12;\n");
}

void add_hundred(Embedded& history) {
  add_next(history, "create_log",
           "CREATE TABLE log (n bigint NOT NULL);\nINSERT INTO log VALUES (1);",
           "DROP TABLE log;\n");
  for (int n = 2; n <= 100; ++n) {
    const std::string number = std::to_string(n);
    const std::string table = "t" + number;
    const std::string down = "DELETE FROM log WHERE n = " + number +
                             ";\nDROP TABLE " + table + ";\n";
    add_next(history, ("create_" + table).c_str(),
             "CREATE TABLE " + table + " (id bigint PRIMARY KEY);\n" +
                 "INSERT INTO log VALUES (" + number + ");\n",
             down.c_str());
  }
}

/// Both dialects of one history.
struct BothDialects {
  Embedded sqlite{"sqlite", &schemagen::sqlite::kConnector};
  Embedded postgres{"postgres", &schemagen::postgres::kConnector};
  EmbeddedDialect dialects[2];
  MigrationSet set{"faults", dialects, 2};

  explicit BothDialects(bool mixed) {
    if (mixed) {
      add_tables(sqlite);
      add_sqlite_steps(sqlite);
      add_last_steps(sqlite);
      add_tables(postgres);
      add_postgres_steps(postgres);
      add_last_steps(postgres);
    } else {
      add_hundred(sqlite);
      add_hundred(postgres);
    }
    dialects[0] = sqlite.set().dialects[0];
    dialects[1] = postgres.set().dialects[0];
  }
};

}  // namespace

void add_next(Embedded& history, const char* name, const std::string& up,
              const char* down) {
  history.add(next_id(history).c_str(), name, up, down);
}

const MigrationSet& history(const std::string& name) {
  static const BothDialects mixed(true);
  static const BothDialects hundred(false);
  return name == "mixed" ? mixed.set : hundred.set;
}

}  // namespace schemagen::faults
