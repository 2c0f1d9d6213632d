// What a program meets in the field: a history that another tool made, an older
// program beside a newer one, rows that somebody broke, scripts that reach for
// more than the database.
#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "faults/catalogue.hpp"
#include "faults/history.hpp"
#include "schemagen/cli.hpp"

namespace schemagen::faults {
namespace {

using namespace std::chrono_literals;

class Hostile : public Catalogue {
 protected:
  std::string drops() const {
    return is_sqlite() ? "BEGIN SELECT raise(IGNORE); END"
                       : "FOR EACH ROW EXECUTE FUNCTION drops()";
  }

  std::string down(Embedded& app) const {
    const auto database = open(url_);
    return told(Migrator(*database, app.set()).down());
  }
};

TEST_P(Hostile, a_history_of_five_columns_is_told_and_stays) {
  sql("CREATE TABLE schemagen_migrations (id text PRIMARY KEY, name text, "
      "applied_at text, script text, checksum text)");
  sql("INSERT INTO schemagen_migrations VALUES ('1', 'one', 'now', '', '')");
  app_.add(kFirst, "one", "CREATE TABLE one (n bigint);", nullptr);
  const std::string advice = "; name another, and use baseline";
  EXPECT_EQ(up(app_),
            is_sqlite()
                ? "the table schemagen_migrations is no history (no such "
                  "column: chain)" +
                      advice
                : "the table \"schemagen_migrations\" is no history (column "
                  "\"chain\" does not exist)" +
                      advice);
  EXPECT_EQ(ask("SELECT * FROM schemagen_migrations"), "1 one now  ");
  MigrateOptions options;
  options.history_table = "history";
  EXPECT_EQ(up(app_, options), "20260101");
}

// SQLite takes such a script statement by statement, PostgreSQL as one.
TEST_P(Hostile, a_stored_down_outside_a_transaction_goes_on_where_it_stopped) {
  Embedded newer(is_sqlite() ? "sqlite" : "postgres");
  for (Embedded* app : {&app_, &newer}) {
    app->add(kFirst, "one", "CREATE TABLE one (n bigint);", "DROP TABLE one;");
  }
  newer.add(kSecond, "two", "CREATE TABLE two (n bigint);",
            "-- schemagen: no-transaction\nDROP TABLE two; -- ; a comment\n"
            "  DROP TABLE absent;\n");
  EXPECT_EQ(up(newer), "20260101 20260102");
  const std::string end =
      " of its statements are done and stay, since it runs outside a "
      "transaction; mend the cause and run it again, it goes on there";
  EXPECT_EQ(down(app_),
            std::string("20260102000000_two (down), statement 2, line 3, "
                        "column 3: ") +
                (is_sqlite() ? "no such table: absent; 1"
                             : "table \"absent\" does not exist; 1") +
                end);
  EXPECT_EQ(ask("SELECT state, statements_done FROM schemagen_migrations WHERE "
                "name = 'two'"),
            "undoing 1");
  sql("CREATE TABLE absent (n bigint)");
  EXPECT_EQ(down(app_), "20260102");
}

// PostgreSQL takes several of these statements neither in a transaction nor in
// one piece.
TEST_P(Hostile, a_stored_down_is_cut_where_its_statements_end) {
  if (is_sqlite()) return;  // asks its own parser
  Embedded newer("postgres");
  for (Embedded* app : {&app_, &newer}) {
    app->add(kFirst, "one", "CREATE TABLE one (n bigint, m text);",
             "DROP TABLE one;");
  }
  newer.add(kSecond, "two",
            "CREATE INDEX one_n ON one (n); CREATE INDEX one_m ON one (m);",
            "-- schemagen: no-transaction\n-- ; 'not a text\n"
            "DROP INDEX CONCURRENTLY one_n; /* ; /* ; */ ; */\n"
            "UPDATE one SET m = 'a;''b' || E'\\';' || $a$;'$x$;$a$ || \"m\";\n"
            "CREATE RULE twice AS ON INSERT TO one WHERE n < 0 DO ALSO\n"
            "  (DELETE FROM one WHERE n = 1; DELETE FROM one WHERE n = 2);\n"
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC\n"
            "  SELECT 1; SELECT 2; END;");
  EXPECT_EQ(up(newer), "20260101 20260102");
  sql("INSERT INTO one VALUES (5, 'm')");
  EXPECT_EQ(down(app_), "20260102");
  EXPECT_EQ(ask("SELECT m, pg_get_functiondef('f'::regproc) LIKE '%ATOMIC%' "
                "FROM one"),
            "a;'b';;'$x$;m t");
}

// Another connection than that of the migration, as its code sees it: it dies
// in the fourth batch.
class Dying : public Database {
 public:
  explicit Dying(Database& database) : database_(database) {}
  std::string_view dialect() const noexcept override {
    return database_.dialect();
  }
  Result<std::int64_t> execute(std::string_view sql,
                               const Row& parameters) override {
    if (++calls_ == 4) std::raise(SIGKILL);
    return database_.execute(sql, parameters);
  }
  Result<std::vector<Row>> query(std::string_view sql,
                                 const Row& parameters) override {
    return database_.query(sql, parameters);
  }
  Driver& driver() noexcept override { return database_.driver(); }

 private:
  Database& database_;
  int calls_ = 0;
};

bool is_dying = false;

Result<Done> raise_all(Database& database) {
  Dying dying(database);
  auto rows = in_batches(is_dying ? dying : database,
                         "UPDATE a SET n = n + 1000 WHERE n IN (SELECT n FROM "
                         "a WHERE n <= 1000 LIMIT 10)",
                         10);
  if (!rows) return rows.failure();
  return Done{};
}

TEST_P(Hostile, code_in_batches_goes_on_where_a_killed_process_left_it) {
  sql("CREATE TABLE a (n bigint)");
  sql("WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n "
      "< 100) INSERT INTO a SELECT n FROM i");
  const auto raise_and_die = [&] {
    const MigrationSet set = app_.set();
    const pid_t child = fork();
    if (child == 0) {
      is_dying = true;
      const auto database = open(url_);
      _exit(Migrator(*database, set).up() ? 0 : 1);
    }
    return wait_for(child);
  };
  app_.add_code(kFirst, "whole", raise_all, nullptr);
  EXPECT_EQ(raise_and_die(), -1);
  EXPECT_EQ(ask("SELECT count(*) FROM a WHERE n > 1000"), "0");
  EXPECT_EQ(up(app_), "20260101");
  sql("UPDATE a SET n = n - 1000");
  app_.add_code(kSecond, "alone", raise_all, nullptr, kNoTransaction);
  EXPECT_EQ(raise_and_die(), -1);
  EXPECT_EQ(ask("SELECT count(*) FROM a WHERE n > 1000"), "30");
  EXPECT_EQ(up(app_), "20260102");
  EXPECT_EQ(ask("SELECT min(n), max(n), count(DISTINCT n) FROM a"),
            "1001 1100 100");
}

TEST_P(Hostile, scripts_that_were_edited_in_the_history_are_seen_and_not_run) {
  Embedded newer(is_sqlite() ? "sqlite" : "postgres");
  for (Embedded* app : {&app_, &newer}) {
    app->add(kFirst, "one", "CREATE TABLE one (n bigint);", "DROP TABLE one;");
  }
  newer.add(kSecond, "two", "CREATE TABLE two (n bigint);",
            "DROP TABLE two;\n-- the end\n");
  EXPECT_EQ(up(newer), "20260101 20260102");
  const auto database = open(url_);
  const auto verify = [&] {
    const auto done = Migrator(*database, newer.set()).verify();
    return done ? "fine" : done.error().message;
  };
  EXPECT_EQ(verify(), "fine");
  for (const char* edit :
       {"down_script = 'DROP TABLE one;'", "down_script = NULL",
        "down_script = substr(down_script, 1, 9)", "script = NULL",
        "script = upper(script)"}) {
    sql(std::string("UPDATE schemagen_migrations SET ") + edit +
        " WHERE name = 'two'");
    EXPECT_EQ(verify(),
              "the history table was edited: the scripts of 20260102000000 are "
              "not those of its checksum; restore the table from a backup, or "
              "write this program's with repair 20260102000000")
        << edit;
    EXPECT_NE(down(app_), "20260102") << edit;
    EXPECT_EQ(ask("SELECT count(*) FROM one"), "0") << edit;
    const auto repaired = Migrator(*database, newer.set()).repair(kSecond);
    ASSERT_TRUE(repaired) << edit;
    EXPECT_EQ(*repaired, "20260102000000_two: wrote the scripts of " +
                             ask("SELECT checksum FROM schemagen_migrations "
                                 "WHERE name = 'two'") +
                             " anew");
    EXPECT_EQ(verify(), "fine") << edit;
  }
  sql("UPDATE schemagen_migrations SET down_script = 'DROP TABLE one;' WHERE "
      "name = 'two'");
  EXPECT_EQ(down(app_),
            "20260102000000_two: its row in the history was edited: the "
            "scripts there are not those of its checksum; restore the row from "
            "a backup, or undo it with a program that has it");
  ASSERT_TRUE(Migrator(*database, newer.set()).repair(kSecond));
  EXPECT_EQ(down(app_), "20260102");
}

// Such a migration would be applied again by the next start.
TEST_P(Hostile, a_trigger_that_drops_the_row_takes_its_migration_back) {
  app_.add(kFirst, "one", "CREATE TABLE one (n bigint);", "DROP TABLE one;");
  EXPECT_EQ(up(app_), "20260101");
  if (!is_sqlite()) {
    sql("CREATE FUNCTION drops() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RETURN NULL; END'");
  }
  sql("CREATE TRIGGER keeps BEFORE DELETE ON schemagen_migrations " + drops());
  const std::string table = is_sqlite() ? "schemagen_migrations"
                                        : "\"public\".\"schemagen_migrations\"";
  const std::string why = "the table " + table +
                          " is no history (a trigger drops its rows); name "
                          "another, and use baseline; ";
  const std::string end = "it was rolled back, nothing of it was kept";
  EXPECT_EQ(down(app_), "20260101000000_one (down): " + why + end);
  sql("CREATE TRIGGER adds BEFORE INSERT ON schemagen_migrations " + drops());
  app_.add(kSecond, "two", "CREATE TABLE two (n bigint);", nullptr);
  EXPECT_EQ(
      up(app_),
      "20260102000000_two: " + why +
          (is_sqlite() ? "the commit failed and nothing of it was kept" : end));
  EXPECT_EQ(ask("SELECT count(*) FROM one"), "0");
  EXPECT_NE(ask("SELECT count(*) FROM two"), "0");
}

INSTANTIATE_TEST_SUITE_P(Engines, Hostile,
                         testing::Values(Engine::sqlite, Engine::postgres));

class SqliteHostile : public Hostile {
 public:
  using Hostile::sql;
};

constexpr char kFamily[] =
    "CREATE TABLE team (id INTEGER PRIMARY KEY);"
    "CREATE TABLE member (id INTEGER PRIMARY KEY, team_id INTEGER REFERENCES "
    "team (id));"
    "INSERT INTO team VALUES (1), (2); INSERT INTO member VALUES (1, 1), (2, "
    "2);";

TEST_P(SqliteHostile, rows_broken_before_a_down_do_not_block_it) {
  app_.add(kFirst, "family", kFamily, nullptr);
  app_.add(kSecond, "third_team",
           "INSERT INTO team VALUES (3); INSERT INTO member VALUES (3, 3);",
           "DELETE FROM member WHERE id = 3; DELETE FROM team WHERE id = 3;");
  app_.add(kThird, "fourth_team", "INSERT INTO team VALUES (4);",
           "DELETE FROM team WHERE id = 4;");
  EXPECT_EQ(up(app_), "20260101 20260102 20260103");
  sql("INSERT INTO member VALUES (7, 70)");
  EXPECT_EQ(down(app_), "20260103");
  sql("INSERT INTO member VALUES (8, 3)");
  EXPECT_EQ(down(app_),
            "20260102000000_third_team (down): it leaves references to "
            "nothing: member row 8: 3; mend them in it or in the next one; it "
            "was rolled back, nothing of it was kept");
  EXPECT_EQ(ask("SELECT count(*) FROM team"), "3");
  sql("DELETE FROM member WHERE id = 8");
  EXPECT_EQ(down(app_), "20260102");
  EXPECT_EQ(ask("SELECT id, team_id FROM member"), "1 1|2 2|7 70");
}

// What refers to what is remembered from one transaction to the next.
TEST_P(SqliteHostile,
       keys_are_known_in_the_next_group_and_when_others_add_some) {
  const auto database = open(url_);
  const auto go_on = [&] { return told(Migrator(*database, app_.set()).up()); };
  app_.add(kFirst, "family", kFamily, nullptr);
  app_.add(kSecond, "ends_the_group",
           "-- schemagen: foreign-keys on\nSELECT 1;", nullptr);
  app_.add(kThird, "orphans", "DELETE FROM team WHERE id = 2;", nullptr);
  EXPECT_EQ(go_on(),
            "20260103000000_orphans: it leaves references to nothing: member "
            "row 2: 2; mend them in it or in the next one; it was rolled back, "
            "nothing of it was kept");
  sql("UPDATE member SET team_id = 1");
  EXPECT_EQ(go_on(), "20260103");
  struct Other : Observer {
    explicit Other(const SqliteHostile& to) : test(to) {}
    void on_statement(std::string_view, std::size_t number, std::size_t,
                      std::int64_t, std::chrono::microseconds) override {
      if (number != 1) return;
      test.sql("CREATE TABLE guest (team_id INTEGER REFERENCES team (id))");
      test.sql("INSERT INTO guest VALUES (1)");
    }
    const SqliteHostile& test;
  } other(*this);
  MigrateOptions options;
  options.observer = &other;
  app_.add("20260104000000", "again",
           "-- schemagen: no-transaction\nDELETE FROM member;\nDELETE FROM "
           "team;",
           nullptr);
  EXPECT_EQ(up(app_, options),
            "20260104000000_again: it leaves references to nothing: guest row "
            "1: 1; mend them in it or in the next one; 1 of its statements are "
            "done and stay, since it runs outside a transaction; mend the "
            "cause and run it again, it goes on there");
}

TEST_P(SqliteHostile, a_script_attaches_only_outside_a_transaction) {
  const std::string side = scratch_.file("side.db");
  const std::string attach = "ATTACH '" + side + "' AS side;\n";
  app_.add(kFirst, "attach", attach + "CREATE TABLE side.a (n);", nullptr);
  const std::string refusal =
      " may not stand in a migration that runs in a transaction; remove it, or "
      "say `-- schemagen: no-transaction` in the script's head; it was rolled "
      "back, nothing of it was kept";
  EXPECT_EQ(
      up(app_),
      "20260101000000_attach, statement 1, line 1, column 1: ATTACH" + refusal);
  Embedded other;
  other.add(kFirst, "detach", "CREATE TABLE a (n);\nDETACH main;", nullptr);
  EXPECT_EQ(
      up(other),
      "20260101000000_detach, statement 2, line 2, column 1: DETACH" + refusal);
  Embedded alone;
  alone.add(kFirst, "alone",
            "-- schemagen: no-transaction\n" + attach +
                "CREATE TABLE side.a AS SELECT 7 AS n;\n"
                "CREATE TABLE a AS SELECT n FROM side.a;\nDETACH side;",
            nullptr);
  alone.add(kSecond, "after", "CREATE TABLE b (n);", nullptr);
  EXPECT_EQ(up(alone), "20260101 20260102");
  EXPECT_EQ(ask("SELECT n FROM a"), "7");
}

TEST_P(SqliteHostile, a_table_of_the_session_hides_no_orphan) {
  app_.add(kFirst, "family", kFamily, nullptr);
  app_.add(kSecond, "orphans",
           "CREATE TEMP TABLE member AS SELECT * FROM main.member;\n"
           "DELETE FROM team WHERE id = 2;",
           nullptr);
  EXPECT_EQ(up(app_),
            "20260102000000_orphans: it leaves references to nothing: member "
            "row 2: 2; mend them in it or in the next one; it was rolled back, "
            "nothing of it was kept");
}

// With the journal in memory or none, a failure would leave a broken file.
TEST_P(SqliteHostile, no_script_goes_without_a_journal) {
  const std::string why =
      "without a journal on the disk nothing can be taken back; leave "
      "journal_mode as it is; ";
  Embedded inside;
  inside.add(kFirst, "inside", "PRAGMA main.journal_mode = OFF;", nullptr);
  EXPECT_EQ(up(inside),
            "20260101000000_inside, statement 1, line 1, column 1: " + why +
                "it was rolled back, nothing of it was kept");
  Embedded alone;
  alone.add(kFirst, "alone",
            "-- schemagen: no-transaction\nPRAGMA journal_mode('memory');",
            nullptr);
  EXPECT_EQ(up(alone),
            "20260101000000_alone, statement 1, line 2, column 1: " + why +
                "0 of its statements are done and stay, since it runs outside "
                "a transaction; mend the cause and run it again, it goes on "
                "there");
  Embedded wal;
  wal.add(kFirst, "alone",
          "-- schemagen: no-transaction\nPRAGMA journal_mode = WAL;", nullptr);
  const auto database = open("sqlite:" + scratch_.file("wal.db"));
  EXPECT_EQ(told(Migrator(*database, wal.set()).up()), "20260101");
  EXPECT_EQ(test::cells_of(*database, "PRAGMA journal_mode"), "wal");
}

TEST_P(SqliteHostile, a_reader_in_the_way_is_waited_for_once) {
  sql("CREATE TABLE seen (n)");
  const auto reader = open(url_);
  EXPECT_TRUE(reader->execute("BEGIN"));
  EXPECT_TRUE(reader->query("SELECT * FROM seen"));
  app_.add(kFirst, "one", "CREATE TABLE one (n);", nullptr);
  app_.add(kSecond, "two", "CREATE TABLE two (n);", nullptr);
  struct Counter : Observer {
    void on_start(std::string_view, std::string_view, std::size_t,
                  std::size_t) override {
      ++starts;
    }
    int starts = 0;
  } counter;
  MigrateOptions options;
  options.lock_timeout = 50ms;
  options.observer = &counter;
  EXPECT_EQ(up(app_, options),
            "20260102000000_two: the database is locked by another connection "
            "and did not become free within 50 ms; end the other one, or wait "
            "longer; the commit failed and nothing of it was kept");
  EXPECT_EQ(counter.starts, 2);
}

TEST_P(SqliteHostile, looking_at_a_uri_makes_no_file_and_shows_no_key) {
  const std::string file = scratch_.file("uri.db");
  app_.add(kFirst, "one", "CREATE TABLE one (n);", nullptr);
  const auto database = open("sqlite:file:" + file + "?key=s3cret");
  EXPECT_EQ(Migrator(*database, app_.set()).pending()->size(), 1);
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(told(Migrator(*database, app_.set()).up()), "20260101");
  EXPECT_TRUE(std::filesystem::exists(file));
  for (const char* mode : {"rwc", "memory"}) {
    EXPECT_TRUE(schemagen::sqlite::open("file:" + scratch_.file(mode) +
                                        "?mode=" + mode))
        << mode;
  }
  const std::string folder = "file:" + scratch_.file("folder");
  std::filesystem::create_directory(scratch_.file("folder"));
  const auto refused = schemagen::sqlite::open(folder + "?key=s3cret");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "cannot open " + folder +
                ": unable to open database file; check that the folder exists "
                "and may be written");
}

// As with `app up | head -1`.
TEST_P(SqliteHostile, a_reader_that_goes_stops_no_migration) {
  const std::string url = "sqlite:" + scratch_.file("piped.db");
  const MigrationSet& set = history("hundred");
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  close(pipe_ends[0]);
  const pid_t child = fork();
  if (child == 0) {
    dup2(pipe_ends[1], STDOUT_FILENO);
    const char* argv[] = {"app", "up", "--url", url.c_str()};
    _exit(run_cli(4, argv, set));
  }
  close(pipe_ends[1]);
  EXPECT_EQ(wait_for(child), 2) << "nobody read the report";
  const auto database = open(url);
  EXPECT_EQ(Migrator(*database, set).pending()->size(), 0);
}

INSTANTIATE_TEST_SUITE_P(Engine, SqliteHostile,
                         testing::Values(Engine::sqlite));

class PostgresHostile : public Hostile {};

// The connection's socket would get the number of the closed stream.
TEST_P(PostgresHostile, what_is_printed_never_reaches_the_server) {
  const MigrationSet& set = history("mixed");
  const pid_t child = fork();
  if (child == 0) {
    close(STDOUT_FILENO);
    const char* argv[] = {"app", "up", "--url", url_.c_str()};
    _exit(run_cli(4, argv, set));
  }
  EXPECT_EQ(wait_for(child), 2) << "nobody read the report";
  EXPECT_EQ(ask("SELECT count(*) FROM schemagen_migrations"), "12");
}

TEST_P(PostgresHostile, who_waits_hears_who_holds_the_lock) {
  app_.add(kFirst, "one", "CREATE TABLE one (n bigint);", nullptr);
  struct Listener : Observer {
    void on_lock_wait(std::chrono::milliseconds,
                      std::string_view who) override {
      holder = std::string(who);
    }
    std::string holder;
  } listener;
  MigrateOptions holding;
  std::string process;
  holding.before = [&](Database& database, std::string_view) -> Result<Done> {
    process = *database.query("SELECT pg_backend_pid()")->front().front();
    MigrateOptions waiting;
    waiting.lock_timeout = 100ms;
    waiting.observer = &listener;
    up(app_, waiting);
    return Done{};
  };
  EXPECT_EQ(up(app_, holding), "20260101");
  EXPECT_EQ(listener.holder, "process " + process +
                                 " (schemagen) of user schemagen at 127.0.0.1");
}

TEST_P(PostgresHostile, a_server_that_only_reads_is_told_with_the_way_out) {
  app_.add(kFirst, "one", "CREATE TABLE one (n bigint);", nullptr);
  const auto database =
      open(url_ + "?options=-c%20default_transaction_read_only%3Don");
  EXPECT_EQ(told(Migrator(*database, app_.set()).up()),
            "cannot execute CREATE TABLE in a read-only transaction; give "
            "migrations a server and a user that may write");
  EXPECT_EQ(Migrator(*database, app_.set()).pending()->size(), 1);
}

// A limit that the user has for its programs is none for its migrations.
TEST_P(PostgresHostile, only_our_own_limit_stops_a_long_statement) {
  app_.add(kFirst, "long", "SELECT pg_sleep(0.4);", nullptr);
  app_.add(kSecond, "alone",
           "-- schemagen: no-transaction\nSELECT pg_sleep(0.4);", nullptr);
  const auto database = open(url_ + "?options=-c%20statement_timeout%3D200");
  EXPECT_EQ(told(Migrator(*database, app_.set()).up()), "20260101 20260102");
}

INSTANTIATE_TEST_SUITE_P(Engine, PostgresHostile,
                         testing::Values(Engine::postgres));

}  // namespace
}  // namespace schemagen::faults
