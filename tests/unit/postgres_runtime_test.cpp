// The Migrator on a real PostgreSQL server: what is applied once, what is
// refused, what stays when something fails, and who waits for whom. The L and P
// numbers are those of the fault catalogue.
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <regex>
#include <thread>

#include "schemagen/migrator.hpp"
#include "schemagen/postgres.hpp"
#include "support/cells.hpp"
#include "support/embedded.hpp"
#include "support/postgres_server.hpp"
#include "support/tcp_proxy.hpp"

namespace schemagen {
namespace {

using namespace std::chrono_literals;
using test::Embedded;
using test::PostgresServer;
using test::TcpProxy;

constexpr char kFirst[] = "20260101000000";
constexpr char kSecond[] = "20260102000000";
constexpr char kThird[] = "20260103000000";

class PostgresMigratorTest : public testing::Test {
 protected:
  std::unique_ptr<Database> open() { return open(url_); }
  std::unique_ptr<Database> open(const std::string& url) {
    auto opened = postgres::open(url);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }

  void sql(const std::string& text) {
    auto done = open()->execute(text);
    EXPECT_TRUE(done) << text << ": " << done.error().message;
  }

  // All cells of a query, joined: "1 a|2 b".
  std::string ask(const std::string& text) { return ask(*open(), text); }
  static std::string ask(Database& database, const std::string& text) {
    return test::cells_of(database, text);
  }

  std::string up(Embedded& app, MigrateOptions options = {}) {
    auto database = open();
    return told(Migrator(*database, app.set(), options).up());
  }
  std::string down(Embedded& app, MigrateOptions options = {}) {
    auto database = open();
    return told(Migrator(*database, app.set(), options).down());
  }

  static std::string told(const Result<Report>& report) {
    if (!report) return "error: " + report.error().message;
    std::string ids;
    for (const std::string& id : report->migrations) {
      ids += (ids.empty() ? "" : " ") + id.substr(0, 8);
    }
    return ids;
  }

  std::string history() {
    return ask("SELECT left(id, 8) FROM schemagen_migrations ORDER BY id");
  }

  int server_port() const {
    const std::size_t colon = url_.rfind(':');
    return std::atoi(url_.c_str() + colon + 1);
  }

  std::string url_ = PostgresServer::instance().create_database();
};

void add_two(Embedded& app) {
  app.add(kFirst, "create_a", "CREATE TABLE a (id bigint PRIMARY KEY);",
          "DROP TABLE a;");
  app.add(kSecond, "create_b", "CREATE TABLE b (id bigint PRIMARY KEY);",
          "DROP TABLE b;");
}

TEST_F(PostgresMigratorTest, applies_pending_migrations_once_and_in_order) {
  Embedded app("postgres");
  add_two(app);
  EXPECT_EQ(up(app), "20260101 20260102");
  EXPECT_EQ(up(app), "");
  EXPECT_EQ(history(), "20260101|20260102");
  EXPECT_EQ(ask("SELECT name, script, down_script, state, applied_by FROM "
                "schemagen_migrations LIMIT 1"),
            "create_a CREATE TABLE a (id bigint PRIMARY KEY); DROP TABLE a; "
            "applied app as schemagen");
}

// What a crash takes back is then the end of one run, which the next one
// redoes.
TEST_F(PostgresMigratorTest, a_fresh_database_waits_for_the_last_commit_only) {
  sql("ALTER DATABASE " + url_.substr(url_.rfind('/') + 1) +
      " SET synchronous_commit = on");
  Embedded app("postgres");
  app.add(kFirst, "watch",
          "CREATE TABLE seen (id text, durable text);\n"
          "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS "
          "'BEGIN INSERT INTO seen VALUES (left(new.id, 8), "
          "current_setting(''synchronous_commit'')); RETURN new; END';\n"
          "CREATE TRIGGER look BEFORE INSERT ON schemagen_migrations "
          "FOR EACH ROW EXECUTE FUNCTION look();",
          nullptr);
  app.add(kSecond, "second", "SET synchronous_commit = on;", nullptr);
  app.add(kThird, "third", "SET synchronous_commit = off;", nullptr);
  EXPECT_EQ(up(app), "20260101 20260102 20260103");
  app.add("20260104000000", "fourth", "SELECT 1;", nullptr);
  app.add("20260105000000", "fifth", "SELECT 1;", nullptr);
  EXPECT_EQ(up(app), "20260104 20260105");
  EXPECT_EQ(ask("SELECT * FROM seen ORDER BY id"),
            "20260101 off|20260102 off|20260103 on|20260104 on|20260105 on");
}

TEST_F(PostgresMigratorTest, undoes_in_reverse_and_removes_the_rows) {
  Embedded app("postgres");
  add_two(app);
  up(app);
  EXPECT_EQ(down(app), "20260102");
  EXPECT_EQ(history(), "20260101");
  EXPECT_EQ(ask("SELECT to_regclass('a'), to_regclass('b')"), "a NULL");
  EXPECT_EQ(up(app), "20260102");
}

TEST_F(PostgresMigratorTest, an_older_program_steps_a_newer_database_back) {
  Embedded newer("postgres"), older("postgres");
  add_two(newer);
  older.add(kFirst, "create_a", "CREATE TABLE a (id bigint PRIMARY KEY);",
            "DROP TABLE a;");
  up(newer);
  auto database = open();
  EXPECT_EQ(told(Migrator(*database, older.set()).down()), "20260102");
  EXPECT_EQ(ask("SELECT to_regclass('b')"), "NULL");
}

TEST_F(PostgresMigratorTest, status_creates_nothing) {
  Embedded app("postgres");
  add_two(app);
  auto database = open();
  auto states = Migrator(*database, app.set()).status();
  ASSERT_TRUE(states);
  EXPECT_EQ(states->size(), 2u);
  EXPECT_EQ(ask("SELECT count(*) FROM pg_class WHERE relname LIKE "
                "'schemagen%'"),
            "0");
}

TEST_F(PostgresMigratorTest, L11_L12_a_failed_script_leaves_nothing_behind) {
  Embedded app("postgres");
  app.add(kFirst, "two_steps",
          "-- both or none\nCREATE TABLE a (id bigint);\n"
          "INSERT INTO \xc3\xa9lan VALUES (1);",
          "DROP TABLE a;");
  auto database = open();
  auto report = Migrator(*database, app.set()).up();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message,
            "20260101000000_two_steps, statement 2, line 3, column 13: "
            "relation \"\xc3\xa9lan\" does not exist; it was rolled back, "
            "nothing of it was kept");
  EXPECT_EQ(report.error().code, ErrorCode::database);
  EXPECT_EQ(ask("SELECT to_regclass('a'), to_regclass('schemagen_migrations')"),
            "NULL NULL");
}

TEST_F(PostgresMigratorTest, L03_takes_no_lock_when_nothing_is_pending) {
  Embedded app("postgres"), longer("postgres");
  add_two(app);
  add_two(longer);
  longer.add(kThird, "create_c", "CREATE TABLE c (id bigint);",
             "DROP TABLE c;");
  up(app);
  MigrateOptions holding;
  std::string inside;
  holding.before = [&](Database&, std::string_view) -> Result<Done> {
    MigrateOptions impatient;
    impatient.lock_timeout = 100ms;
    inside = up(app, impatient);
    return Done{};
  };
  EXPECT_EQ(up(longer, holding), "20260103");
  EXPECT_EQ(inside, "");
}

TEST_F(PostgresMigratorTest, L01_names_who_holds_the_lock_past_the_deadline) {
  Embedded app("postgres");
  add_two(app);
  MigrateOptions holding;
  std::string inside, process;
  holding.before = [&](Database& database,
                       std::string_view id) -> Result<Done> {
    if (id != kFirst) return Done{};
    process = ask(database, "SELECT pg_backend_pid()");
    MigrateOptions impatient;
    impatient.lock_timeout = 200ms;
    inside = up(app, impatient);
    return Done{};
  };
  EXPECT_EQ(up(app, holding), "20260101 20260102");
  EXPECT_EQ(inside,
            "error: process " + process +
                " (schemagen) of user schemagen at 127.0.0.1 holds the "
                "migration lock of this database and did not release it within "
                "0.2 s; wait for it to end, or raise the lock timeout");
}

TEST_F(PostgresMigratorTest, L10_another_history_table_has_another_lock) {
  Embedded app("postgres"), other("postgres");
  app.add(kFirst, "create_a", "CREATE TABLE a (id bigint);", "DROP TABLE a;");
  other.add(kFirst, "create_b", "CREATE TABLE b (id bigint);", "DROP TABLE b;");
  MigrateOptions holding;
  std::string inside;
  holding.before = [&](Database&, std::string_view) -> Result<Done> {
    MigrateOptions options;
    options.history_table = "Other \"history\"";
    options.history_schema = "Other schema";
    inside = up(other, options);
    return Done{};
  };
  EXPECT_EQ(up(app, holding), "20260101");
  EXPECT_EQ(inside, "20260101");
  EXPECT_EQ(ask("SELECT count(*) FROM \"Other schema\".\"Other "
                "\"\"history\"\"\""),
            "1");
}

TEST_F(PostgresMigratorTest, L05_a_lock_that_a_script_gave_away_is_told) {
  Embedded app("postgres");
  app.add(kFirst, "discard", "-- schemagen: no-transaction\nDISCARD ALL;",
          nullptr);
  EXPECT_EQ(up(app),
            "error: the migration lock was released before the run was over, "
            "so another process may have migrated at the same time; take "
            "DISCARD ALL and pg_advisory_unlock_all() out of the scripts");
  EXPECT_EQ(up(app), "");
}

TEST_F(PostgresMigratorTest, forgotten_statements_are_not_missed) {
  Embedded app("postgres");
  add_two(app);
  app.add(kThird, "plain", "DEALLOCATE ALL;", nullptr);
  app.add_code(
      "20260104000000", "code",
      [](Database& database) -> Result<Done> {
        if (auto ran = database.execute("DEALLOCATE ALL"); !ran) {
          return ran.error();
        }
        return Done{};
      },
      nullptr);
  MigrateOptions options;
  options.before = [](Database& database, std::string_view id) -> Result<Done> {
    if (id != kSecond) return Done{};
    EXPECT_TRUE(database.execute("DEALLOCATE ALL"));
    return Done{};
  };
  EXPECT_EQ(up(app, options), "20260101 20260102 20260103 20260104");
}

TEST_F(PostgresMigratorTest,
       statements_forgotten_in_a_function_are_not_missed) {
  for (const char* hidden : {"DEALLOCATE ALL", "deallocate all"}) {
    sql("DROP TABLE IF EXISTS schemagen_migrations, a, b");
    Embedded app("postgres");
    add_two(app);
    app.add(kThird, "hidden",
            "DO 'BEGIN EXECUTE ''" + std::string(hidden) + "''; END';",
            nullptr);
    EXPECT_EQ(up(app), "20260101 20260102 20260103") << hidden;
  }
}

TEST_F(PostgresMigratorTest, a_borrowed_connection_keeps_its_statements) {
  Embedded app("postgres");
  add_two(app);
  PGconn* handle = PQconnectdb(url_.c_str());
  const auto run = [&](const char* text) {
    PQclear(PQexec(handle, text));
    return std::string(PQerrorMessage(handle));
  };
  EXPECT_EQ(run("PREPARE schemagen_record AS SELECT 1"), "");
  MigrateOptions options;
  options.before = [&](Database&, std::string_view id) -> Result<Done> {
    if (id == kFirst) return Done{};
    EXPECT_EQ(run("DEALLOCATE ALL"), "");
    EXPECT_EQ(run("PREPARE schemagen_record AS SELECT 1"), "");
    return Done{};
  };
  auto database = postgres::borrow(handle);
  EXPECT_EQ(told(Migrator(*database, app.set(), options).up()),
            "20260101 20260102");
  EXPECT_EQ(run("EXECUTE schemagen_record"), "");
  database.reset();
  PQfinish(handle);
}

// Its owner may send statements past the Database.
TEST_F(PostgresMigratorTest, a_borrowed_connection_is_in_the_transaction) {
  Embedded app("postgres");
  add_two(app);
  PGconn* handle = PQconnectdb(url_.c_str());
  MigrateOptions options;
  options.before = [&](Database&, std::string_view) -> Result<Done> {
    EXPECT_EQ(PQtransactionStatus(handle), PQTRANS_INTRANS);
    return Done{};
  };
  auto database = postgres::borrow(handle);
  EXPECT_EQ(told(Migrator(*database, app.set(), options).up()),
            "20260101 20260102");
  database.reset();
  PQfinish(handle);
}

// BEGIN goes along with it: its length is no part of the place.
TEST_F(PostgresMigratorTest, a_slip_in_a_first_statement_is_told_at_its_place) {
  Embedded app("postgres");
  add_two(app);
  app.add(kThird, "slip",
          "-- caf\u00e9\nCREATE TABLE d (id bigint, t nothing);", nullptr);
  const std::string told = up(app);
  EXPECT_EQ(
      told.find("error: 20260103000000_slip, statement 1, line 2, column "
                "30: type \"nothing\" does not exist; it was rolled back"),
      0u)
      << told;
}

// A message that cannot be read is refused as a whole, BEGIN in it too.
TEST_F(PostgresMigratorTest, a_slip_of_a_callback_leaves_its_transaction) {
  sql("CREATE TABLE t (x int)");
  Embedded app("postgres");
  add_two(app);
  app.add(kThird, "fill", "INSERT INTO t VALUES (7);", nullptr);
  MigrateOptions options;
  options.before = [&](Database& database, std::string_view id) {
    if (id == kThird) {
      EXPECT_FALSE(database.query("SELEC 1"));
      auto said = database.execute("INSERT INTO t VALUES (42)");
      EXPECT_FALSE(said);
      EXPECT_EQ(said.error().message.find("current transaction is aborted"), 0u)
          << said.error().message;
    }
    return Result<Done>(Done{});
  };
  EXPECT_EQ(up(app, options).find("error: 20260103000000_fill"), 0u);
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "0");
  EXPECT_EQ(history(), "20260101|20260102");
}

TEST_F(PostgresMigratorTest, a_call_from_inside_of_another_is_refused) {
  for (const bool owned : {true, false}) {
    sql("DROP TABLE IF EXISTS schemagen_migrations, a, b");
    Embedded app("postgres");
    add_two(app);
    PGconn* handle = owned ? nullptr : PQconnectdb(url_.c_str());
    auto database = owned ? open() : postgres::borrow(handle);
    MigrateOptions options;
    options.before = [&](Database& same, std::string_view) {
      const auto inner = Migrator(same, app.set()).current_version();
      EXPECT_EQ(inner ? "" : inner.error().message,
                "a Migrator is at work on this connection; inside of its "
                "callbacks use another connection");
      return Result<Done>(Done{});
    };
    EXPECT_EQ(told(Migrator(*database, app.set(), options).up()),
              "20260101 20260102");
    EXPECT_EQ(history(), "20260101|20260102");
    database.reset();
    if (!owned) PQfinish(handle);
  }
}

TEST_F(PostgresMigratorTest, a_block_of_its_own_is_kept_or_taken_back_whole) {
  sql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
  Embedded app("postgres");
  app.add(kFirst, "alone",
          "-- schemagen: no-transaction\nINSERT INTO t VALUES (9);\nBEGIN;\n"
          "INSERT INTO t VALUES (10);\nINSERT INTO t VALUES (1);\n"
          "INSERT INTO t VALUES (12);\nCOMMIT;\nBEGIN;\nDELETE FROM t;\n"
          "ROLLBACK;\nINSERT INTO t VALUES (13);\n",
          nullptr);
  const std::string told = up(app);
  EXPECT_NE(told.find("1 of its statements are done"), std::string::npos)
      << told;
  EXPECT_EQ(ask("SELECT * FROM t ORDER BY 1"), "1|9");
  sql("DELETE FROM t WHERE id = 1");
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT * FROM t ORDER BY 1"), "1|9|10|12|13");
}

TEST_F(PostgresMigratorTest, a_block_of_its_own_has_our_settings) {
  sql("CREATE TABLE t (a text, b text)");
  sql("ALTER DATABASE " + url_.substr(url_.rfind('/') + 1) +
      " SET standard_conforming_strings = off");
  Embedded app("postgres");
  app.add(kFirst, "alone",
          "-- schemagen: no-transaction\nBEGIN;\nINSERT INTO t VALUES "
          "('c:\\new', current_setting('lock_timeout'));\nCOMMIT;\n",
          nullptr);
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT * FROM t"), "c:\\new 5s");
}

TEST_F(PostgresMigratorTest, an_observer_that_throws_keeps_no_half_a_block) {
  sql("CREATE TABLE t (x int)");
  Embedded app("postgres");
  app.add(kFirst, "alone",
          "-- schemagen: no-transaction\nBEGIN;\nINSERT INTO t VALUES (1);\n"
          "INSERT INTO t VALUES (2);\nCOMMIT;\n",
          nullptr);
  struct Thrower : Observer {
    void on_statement(std::string_view, std::size_t index, std::size_t,
                      std::int64_t, std::chrono::microseconds) override {
      if (index == 2 && !thrown) {
        thrown = true;
        throw std::runtime_error("no more");
      }
    }
    bool thrown = false;
  } observer;
  MigrateOptions options;
  options.observer = &observer;
  const std::string told = up(app, options);
  EXPECT_NE(told.find("0 of its statements are done"), std::string::npos)
      << told;
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "0");
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT * FROM t ORDER BY 1"), "1|2");
}

TEST_F(PostgresMigratorTest, one_for_all_leaves_no_settings_to_the_next) {
  sql("CREATE SCHEMA s; CREATE TABLE p (id int PRIMARY KEY);"
      "CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);"
      "CREATE TABLE seen (at int, lock text, path text, strings text)");
  const std::string look =
      "current_setting('lock_timeout'), current_setting('search_path'), "
      "current_setting('standard_conforming_strings');";
  Embedded app("postgres");
  app.add(kFirst, "first", "INSERT INTO seen SELECT 1, " + look, nullptr);
  app.add(kSecond, "second",
          "INSERT INTO seen SELECT 2, " + look +
              "\nSET search_path = s; SET work_mem = '9MB'; SET "
              "standard_conforming_strings = off; SET lock_timeout = 7;",
          nullptr);
  app.add(kThird, "third", "INSERT INTO seen SELECT 3, " + look, nullptr);
  app.add("20260104000000", "deferred",
          "INSERT INTO c VALUES (1); INSERT INTO p VALUES (1);", nullptr);
  MigrateOptions options;
  options.all_or_nothing = true;
  EXPECT_EQ(up(app, options), "20260101 20260102 20260103 20260104");
  EXPECT_EQ(ask("SELECT * FROM seen ORDER BY 1"),
            "1 5s \"$user\", public on|2 5s \"$user\", public on|"
            "3 5s \"$user\", public on");
  app.add("20260105000000", "orphan", "INSERT INTO c VALUES (5);", nullptr);
  app.add("20260106000000", "later", "INSERT INTO p VALUES (5);", nullptr);
  EXPECT_EQ(up(app, options).find("error: 20260105000000_orphan: "), 0u);
}

TEST_F(PostgresMigratorTest, a_concurrent_build_minds_its_own_table) {
  sql("CREATE SCHEMA other; CREATE TABLE other.t (n int); CREATE TABLE t "
      "(n int); INSERT INTO other.t VALUES (1), (1)");
  const auto fails =
      open()->execute("CREATE UNIQUE INDEX CONCURRENTLY ix ON other.t (n)");
  EXPECT_FALSE(fails);
  Embedded app("postgres");
  app.add(kFirst, "build",
          "-- schemagen: no-transaction\nCREATE INDEX CONCURRENTLY ix ON "
          "\"public\".t (n);\n",
          nullptr);
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT indrelid::regclass, indisvalid FROM pg_index WHERE "
                "indexrelid::regclass::text LIKE '%ix' ORDER BY 1::text"),
            "other.t f|t t");
}

TEST_F(PostgresMigratorTest, a_resumed_script_has_its_settings_again) {
  sql("CREATE SCHEMA app; CREATE TABLE app.t (n int); INSERT INTO app.t VALUES "
      "(1), (1)");
  Embedded app("postgres");
  app.add(kFirst, "alone",
          "-- schemagen: no-transaction\nSET search_path = app, public;\n"
          "ALTER TABLE app.t ADD CONSTRAINT c UNIQUE (n);\n"
          "CREATE TABLE made (x int);\n",
          nullptr);
  EXPECT_EQ(up(app).find("error: 20260101000000_alone, statement 2"), 0u);
  sql("DELETE FROM app.t");
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT to_regclass('app.made'), to_regclass('public.made')"),
            "app.made NULL");
}

TEST_F(PostgresMigratorTest, temporary_tables_end_with_their_migration) {
  sql("CREATE TABLE t (n int)");
  Embedded app("postgres");
  app.add(kFirst, "one", "CREATE TEMP TABLE t AS SELECT 1 AS n;", nullptr);
  app.add(kSecond, "two", "CREATE TEMP TABLE x AS SELECT 1 AS n;", nullptr);
  app.add(kThird, "three",
          "INSERT INTO t VALUES (3); CREATE TEMP TABLE x AS SELECT 1 AS n;",
          nullptr);
  EXPECT_EQ(up(app), "20260101 20260102 20260103");
  EXPECT_EQ(ask("SELECT * FROM t"), "3");
}

TEST_F(PostgresMigratorTest, a_batch_counts_no_rows_that_were_only_read) {
  sql("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2), (3)");
  Embedded app("postgres");
  app.add(
      kFirst, "batch",
      "-- schemagen: batch\nWITH x AS (SELECT 1) SELECT * FROM x;\n"
      "WITH x AS (SELECT n FROM t WHERE n > 0 LIMIT 1) UPDATE t SET n = -t.n "
      "FROM x WHERE t.n = x.n;\n",
      nullptr);
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT * FROM t ORDER BY 1"), "-3|-2|-1");
}

TEST_F(PostgresMigratorTest, L06_L07_many_starters_apply_each_migration_once) {
  Embedded app("postgres");
  add_two(app);
  app.add(kThird, "note", "INSERT INTO a VALUES (1);", "DELETE FROM a;");
  app.set();
  std::vector<std::string> failures(8);
  std::vector<std::thread> starters;
  for (std::string& failure : failures) {
    starters.emplace_back([&] {
      auto database = open();
      const MigrationSet set = app.set();
      auto report = Migrator(*database, set).up();
      if (!report) failure = report.error().message;
    });
  }
  for (std::thread& starter : starters) starter.join();
  for (const std::string& failure : failures) EXPECT_EQ(failure, "");
  EXPECT_EQ(history(), "20260101|20260102|20260103");
  EXPECT_EQ(ask("SELECT count(*) FROM a"), "1");
}

TEST_F(PostgresMigratorTest, L13_a_commit_that_happened_unseen_is_found) {
  TcpProxy proxy(server_port());
  Embedded app("postgres");
  add_two(app);
  auto database = open(proxy.through(url_));
  proxy.cut_after("COMMIT");
  EXPECT_EQ(told(Migrator(*database, app.set()).up()), "20260101 20260102");
  EXPECT_EQ(history(), "20260101|20260102");
}

TEST_F(PostgresMigratorTest, L13_a_commit_that_never_came_is_told) {
  TcpProxy proxy(server_port());
  Embedded app("postgres");
  add_two(app);
  auto database = open(proxy.through(url_));
  proxy.cut_before("COMMIT");
  auto report = Migrator(*database, app.set()).up();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::connection);
  EXPECT_NE(report.error().message.find("nothing of it was kept"),
            std::string::npos)
      << report.error().message;
  EXPECT_EQ(up(app), "20260101 20260102");
}

TEST_F(PostgresMigratorTest,
       P01_runs_concurrent_builds_statement_by_statement) {
  Embedded app("postgres");
  app.add(kFirst, "create_a", "CREATE TABLE a (id bigint);", "DROP TABLE a;");
  app.add(kSecond, "index_a",
          "-- schemagen: no-transaction\n"
          "CREATE INDEX CONCURRENTLY a_id_idx ON a (id);\n"
          "INSERT INTO a VALUES (7);",
          "-- schemagen: no-transaction\nDROP INDEX CONCURRENTLY a_id_idx;\n"
          "DELETE FROM a;");
  EXPECT_EQ(up(app), "20260101 20260102");
  EXPECT_EQ(ask("SELECT indisvalid FROM pg_index WHERE indexrelid = "
                "'a_id_idx'::regclass"),
            "t");
  EXPECT_EQ(down(app), "20260102");
  EXPECT_EQ(ask("SELECT to_regclass('a_id_idx'), count(*) FROM a"), "NULL 0");
}

TEST_F(PostgresMigratorTest, P02_a_failed_concurrent_build_is_begun_anew) {
  sql("CREATE TABLE a (id bigint)");
  sql("INSERT INTO a VALUES (1), (1)");
  Embedded app("postgres");
  app.add(kFirst, "index_a",
          "-- schemagen: no-transaction\n"
          "INSERT INTO a VALUES (2);\n"
          "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_id_idx ON a (id);",
          nullptr);
  const std::string told = up(app);
  EXPECT_NE(told.find("could not create unique index \"a_id_idx\""),
            std::string::npos)
      << told;
  EXPECT_EQ(ask("SELECT state, statements_done FROM schemagen_migrations"),
            "started 1");
  EXPECT_EQ(ask("SELECT to_regclass('a_id_idx')"), "NULL");
  sql("DELETE FROM a WHERE id = 1");
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT indisvalid, (SELECT count(*) FROM a) FROM pg_index "
                "WHERE indexrelid = 'a_id_idx'::regclass"),
            "t 1");
}

TEST_F(PostgresMigratorTest, P02_an_invalid_index_of_a_crash_is_rebuilt) {
  sql("CREATE TABLE a (id bigint)");
  sql("INSERT INTO a VALUES (1), (1)");
  auto broken =
      open()->execute("CREATE UNIQUE INDEX CONCURRENTLY a_id_idx ON a (id)");
  EXPECT_FALSE(broken);
  sql("DELETE FROM a");
  Embedded app("postgres");
  app.add(kFirst, "index_a",
          "-- schemagen: no-transaction\n"
          "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_id_idx ON a (id);",
          nullptr);
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT indisvalid FROM pg_index WHERE indexrelid = "
                "'a_id_idx'::regclass"),
            "t");
}

TEST_F(PostgresMigratorTest, a_statement_that_a_killed_process_finished_stays) {
  sql("CREATE TABLE a (id bigint)");
  Embedded app("postgres");
  app.add(kFirst, "index_a",
          "-- schemagen: no-transaction\n"
          "CREATE INDEX CONCURRENTLY a_id_idx ON a (id);\n"
          "INSERT INTO a VALUES (1);",
          nullptr);
  TcpProxy proxy(server_port());
  auto database = open(proxy.through(url_));
  proxy.cut_after("CREATE INDEX");
  EXPECT_FALSE(Migrator(*database, app.set()).up());
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT count(*) FROM a"), "1");
}

TEST_F(PostgresMigratorTest, batches_go_on_until_no_row_changes) {
  sql("CREATE TABLE a (id bigint, done boolean DEFAULT false)");
  sql("INSERT INTO a SELECT generate_series(1, 250)");
  Embedded app("postgres");
  app.add(kFirst, "fill",
          "-- schemagen: no-transaction\n-- schemagen: batch\n"
          "UPDATE a SET done = true WHERE id IN (SELECT id FROM a WHERE NOT "
          "done LIMIT 100);",
          nullptr);
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT count(*) FROM a WHERE done"), "250");
}

TEST_F(PostgresMigratorTest, P08_a_lock_timeout_is_tried_again) {
  sql("CREATE TABLE a (id bigint)");
  auto reader = open();
  ASSERT_TRUE(reader->execute("BEGIN"));
  ASSERT_TRUE(reader->query("SELECT * FROM a"));
  Embedded app("postgres");
  app.add(kFirst, "widen", "ALTER TABLE a ADD COLUMN b bigint;", nullptr);
  MigrateOptions options;
  options.statement_lock_timeout = 50ms;
  options.lock_retries = 1;
  const std::string told = up(app, options);
  EXPECT_NE(told.find("canceling statement due to lock timeout"),
            std::string::npos)
      << told;
  options.lock_retries = 8;
  std::thread release([&] {
    std::this_thread::sleep_for(300ms);
    EXPECT_TRUE(reader->execute("COMMIT"));
  });
  EXPECT_EQ(up(app, options), "20260101");
  release.join();
}

TEST_F(PostgresMigratorTest, P20_an_emptied_search_path_hides_nothing) {
  Embedded app("postgres");
  app.add(kFirst, "dump",
          "SELECT pg_catalog.set_config('search_path', '', false);\n"
          "CREATE TABLE public.a (id bigint);",
          "DROP TABLE a;");
  app.add(kSecond, "create_b", "CREATE TABLE b (id bigint);", "DROP TABLE b;");
  EXPECT_EQ(up(app), "20260101 20260102");
  EXPECT_EQ(ask("SELECT to_regclass('public.b'), "
                "to_regclass('public.schemagen_migrations')"),
            "b schemagen_migrations");
}

TEST_F(PostgresMigratorTest, P21_settings_do_not_leak) {
  PostgresServer::instance().execute(
      "DO $$ BEGIN CREATE ROLE limited; EXCEPTION WHEN duplicate_object THEN "
      "NULL; END $$");
  Embedded app("postgres");
  app.add(kFirst, "settings",
          "SET statement_timeout = 12345;\nSET work_mem = '9MB';\n"
          "SET ROLE limited;",
          nullptr);
  app.add(kSecond, "create_b", "CREATE TABLE b (id bigint);", nullptr);
  PGconn* handle = PQconnectdb(url_.c_str());
  PQclear(PQexec(handle, "SET work_mem = '7MB'"));
  PQclear(PQexec(handle, "SET client_encoding = 'LATIN1'"));
  auto database = postgres::borrow(handle);
  EXPECT_EQ(told(Migrator(*database, app.set()).up()), "20260101 20260102");
  EXPECT_EQ(ask(*database,
                "SELECT current_setting('work_mem'), "
                "current_setting('statement_timeout'), current_setting('role'),"
                " current_setting('client_encoding'), "
                "current_setting('lock_timeout'), (SELECT count(*) FROM "
                "pg_locks WHERE locktype = 'advisory' AND pid = "
                "pg_backend_pid())"),
            "7MB 0 none LATIN1 0 0");
  database.reset();
  EXPECT_EQ(PQtransactionStatus(handle), PQTRANS_IDLE);
  PQfinish(handle);
}

TEST_F(PostgresMigratorTest, P22_a_script_that_commits_is_refused) {
  Embedded app("postgres");
  app.add(kFirst, "commits",
          "CREATE TABLE a (id bigint);\nCOMMIT;\nCREATE TABLE b (id bigint);",
          nullptr);
  const std::string told = up(app);
  EXPECT_EQ(told.find("error: 20260101000000_commits, statement 2, line 2, "
                      "column 1: the statement ended the migration's "
                      "transaction, and what ran before it stays; take COMMIT "
                      "and ROLLBACK out of the script; look at what it left "
                      "behind"),
            0u)
      << told;
  EXPECT_EQ(ask("SELECT to_regclass('b')"), "NULL");
}

TEST_F(PostgresMigratorTest, an_open_transaction_of_the_caller_is_refused) {
  PGconn* handle = PQconnectdb(url_.c_str());
  PQclear(PQexec(handle, "BEGIN"));
  Embedded app("postgres");
  add_two(app);
  auto database = postgres::borrow(handle);
  EXPECT_EQ(told(Migrator(*database, app.set()).up()),
            "error: the connection has an open transaction; commit it or roll "
            "it back before migrating");
  EXPECT_EQ(PQtransactionStatus(handle), PQTRANS_INTRANS);
  PQfinish(handle);
}

TEST_F(PostgresMigratorTest, a_guard_refuses_before_anything_is_kept) {
  sql("CREATE TABLE a (id bigint)");
  sql("INSERT INTO a VALUES (1)");
  const std::string guard =
      "-- schemagen: guard\nSELECT count(*) || ' row(s) in the way' AS "
      "schemagen_guard FROM a HAVING count(*) > 0;\nDROP TABLE a;";
  Embedded app("postgres"), older("postgres");
  app.add(kFirst, "drop_a", guard, nullptr);
  EXPECT_EQ(up(app),
            "error: 20260101000000_drop_a, statement 1, line 2, column 1: 1 "
            "row(s) in the way; it was rolled back, nothing of it was kept");
  EXPECT_EQ(ask("SELECT count(*) FROM a"), "1");
}

TEST_F(PostgresMigratorTest, a_guard_of_a_stored_down_script_refuses_too) {
  Embedded newer("postgres"), older("postgres");
  newer.add(kFirst, "create_a",
            "CREATE TABLE a (id bigint);\nINSERT INTO a VALUES (1);",
            "-- schemagen: guard\nSELECT 'row(s) in the way' AS "
            "schemagen_guard FROM a;\nDROP TABLE a;");
  older.add("20250101000000", "empty", "SELECT 1;", nullptr);
  up(newer);
  auto database = open();
  const std::string told = this->told(Migrator(*database, older.set()).down());
  EXPECT_NE(told.find("row(s) in the way"), std::string::npos) << told;
  EXPECT_EQ(ask("SELECT count(*) FROM a"), "1");
}

TEST_F(PostgresMigratorTest, P13_names_the_view_in_the_way) {
  sql("CREATE TABLE a (id integer)");
  sql("CREATE VIEW v AS SELECT id FROM a");
  Embedded app("postgres");
  app.add(kFirst, "widen", "ALTER TABLE a ALTER COLUMN id TYPE bigint;",
          nullptr);
  EXPECT_EQ(up(app),
            "error: 20260101000000_widen, statement 1, line 1, column 1: "
            "cannot alter type of a column used by a view or rule: rule "
            "_RETURN on view v depends on column \"id\"; drop what depends on "
            "it before this statement and create it again after it, in the "
            "same script; it was rolled back, nothing of it was kept");
}

TEST_F(PostgresMigratorTest, P05_tells_how_a_new_enum_value_is_used) {
  sql("CREATE TYPE e AS ENUM ('a')");
  sql("CREATE TABLE a (e e)");
  Embedded app("postgres");
  app.add(kFirst, "b",
          "ALTER TYPE e ADD VALUE 'b';\nINSERT INTO a VALUES ('b');", nullptr);
  EXPECT_EQ(up(app),
            "error: 20260101000000_b, statement 2, line 2, column 23: unsafe "
            "use of new value \"b\" of enum type e. New enum values must be "
            "committed before they can be used; add the value in a migration "
            "of its own, before the one that uses it; it was rolled back, "
            "nothing of it was kept");
}

TEST_F(PostgresMigratorTest, tells_how_what_refuses_a_transaction_is_run) {
  Embedded app("postgres");
  sql("CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'");
  app.add(kFirst, "p", "CALL p();", nullptr);
  EXPECT_EQ(up(app),
            "error: 20260101000000_p, statement 1, line 1, column 1: invalid "
            "transaction termination; begin the script with -- schemagen: "
            "no-transaction; it was rolled back, nothing of it was kept");
  Embedded cluster("postgres");
  cluster.add(kFirst, "cluster", "CLUSTER;", nullptr);
  EXPECT_EQ(up(cluster),
            "error: 20260101000000_cluster, statement 1, line 1, column 1: "
            "CLUSTER cannot run inside a transaction block; begin the script "
            "with -- schemagen: no-transaction; it was rolled back, nothing of "
            "it was kept");
}

TEST_F(PostgresMigratorTest, P15_deferred_checks_are_asked_before_the_row) {
  sql("CREATE TABLE a (id bigint PRIMARY KEY)");
  sql("CREATE TABLE b (a bigint REFERENCES a DEFERRABLE INITIALLY DEFERRED)");
  Embedded app("postgres");
  app.add(kFirst, "orphan", "INSERT INTO b VALUES (1);", nullptr);
  const std::string told = up(app);
  EXPECT_NE(told.find("violates foreign key constraint"), std::string::npos)
      << told;
  EXPECT_EQ(ask("SELECT count(*) FROM b"), "0");
}

TEST(PostgresOpen, tells_why_it_cannot_connect_without_the_password) {
  auto closed = postgres::open("postgresql://me:geheim@127.0.0.1:1/app");
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, ErrorCode::connection);
  EXPECT_EQ(closed.error().message.find("geheim"), std::string::npos)
      << closed.error().message;
  auto raw = postgres::open("postgresql://me:ge@heim/x@127.0.0.1:1/app");
  ASSERT_FALSE(raw);
  EXPECT_EQ(raw.error().message.find("heim"), std::string::npos)
      << raw.error().message;
  auto words = postgres::open("host=127.0.0.1 port=1 password='ge heim'");
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().message.find("heim"), std::string::npos)
      << words.error().message;
}

class PostgresOpenTest : public testing::Test {
 protected:
  PostgresOpenTest() {
    PostgresServer::instance().execute(
        "DO $$ BEGIN CREATE ROLE guarded LOGIN PASSWORD 'ge heim@1'; EXCEPTION "
        "WHEN duplicate_object OR unique_violation THEN NULL; END $$");
    const std::string url = PostgresServer::instance().create_database();
    place_ = url.substr(url.find('@') + 1);
    port_ = place_.substr(10, place_.find('/') - 10);
    database_ = place_.substr(place_.find('/') + 1);
  }

  /// The Error's text with the place as HOST, PORT and DATABASE.
  std::string told(const std::string& url) const {
    auto opened = postgres::open(url);
    if (opened) return "connected";
    EXPECT_EQ(opened.error().code, ErrorCode::connection);
    std::string text = opened.error().message;
    for (const auto& [what, name] :
         {std::pair(database_, "DATABASE"), std::pair(port_, "PORT")}) {
      const std::size_t at = text.find(what);
      if (at != std::string::npos) text.replace(at, what.size(), name);
    }
    return text;
  }

  std::string words() const {
    return "host=127.0.0.1 port=" + port_ + " dbname=" + database_;
  }

  std::string place_, port_, database_;
};

constexpr char kWrongPassword[] =
    "cannot connect to PostgreSQL: connection to server at \"127.0.0.1\", port "
    "PORT failed: FATAL: password authentication failed for user \"guarded\"; "
    "check user, password and database";

TEST_F(PostgresOpenTest, a_wrong_password_is_told_and_never_shown) {
  EXPECT_EQ(told("postgresql://guarded:ge%20heim%401@" + place_), "connected");
  for (const std::string& url :
       {"postgresql://guarded:failed@" + place_,
        "postgresql://guarded:g%65heim@" + place_,
        "postgresql://" + place_ + "?user=guarded&password=geheim",
        "postgresql://" + place_ + "?user=guarded&pass%77ord=geheim",
        words() + " user=guarded password=geheim",
        words() + " user=guarded password = 'ge \\'heim'"}) {
    std::string want = kWrongPassword;
    if (url.find(":failed@") != std::string::npos) {
      want = std::regex_replace(want, std::regex("failed"), "***");
    }
    EXPECT_EQ(told(url), want) << url;
  }
}

TEST_F(PostgresOpenTest, a_password_file_is_read_and_not_shown) {
  const std::string file = testing::TempDir() + "schemagen_passfile";
  std::ofstream(file) << "*:*:*:guarded:geheim\n";
  chmod(file.c_str(), 0600);
  const std::string said =
      told("postgresql://guarded@" + place_ + "?passfile=" + file);
  EXPECT_EQ(said,
            "cannot connect to PostgreSQL: connection to server at "
            "\"127.0.0.1\", port PORT failed: FATAL: password authentication "
            "failed for user \"guarded\" password retrieved from file \"" +
                file + "\"; check user, password and database");
  std::filesystem::remove(file);
}

TEST_F(PostgresOpenTest, a_missing_password_is_asked_for) {
  EXPECT_EQ(told("postgresql://guarded@" + place_ + "?passfile=/nowhere"),
            "cannot connect to PostgreSQL: connection to server at "
            "\"127.0.0.1\", port PORT failed: fe_sendauth: no password "
            "supplied; give the password in the address, in PGPASSWORD or in a "
            "password file");
}

TEST_F(PostgresOpenTest, an_unknown_database_is_named) {
  EXPECT_EQ(
      told("postgresql://schemagen:geheim@127.0.0.1:" + port_ + "/none"),
      "cannot connect to PostgreSQL: connection to server at "
      "\"127.0.0.1\", port PORT failed: FATAL: database \"none\" does not "
      "exist; check user and database");
}

TEST_F(PostgresOpenTest, an_unreachable_host_is_named) {
  EXPECT_EQ(told("postgresql://me:geheim@127.0.0.1:1/app"),
            "cannot connect to PostgreSQL: connection to server at "
            "\"127.0.0.1\", port 1 failed: Connection refused Is the server "
            "running on that host and accepting TCP/IP connections?; check the "
            "address and that the server runs");
  EXPECT_EQ(told("postgresql://me:geheim@nowhere.invalid/app")
                .rfind("cannot connect to PostgreSQL: could not translate host "
                       "name \"nowhere.invalid\" to address: ",
                       0),
            0u);
}

TEST(PostgresOpen, refuses_what_is_no_address) {
  auto opened = postgres::open("postgresql://[::1/geheim");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message,
            "this is no address of a PostgreSQL database; write "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE with every @ : / ? "
            "# % inside a name or password percent-encoded, or libpq's "
            "key=value words");
}

}  // namespace
}  // namespace schemagen
