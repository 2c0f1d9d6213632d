// Cases of the fault catalogue that take two starters, a server's mood or a
// lost process, by their ids. Those of one module stand in its own unit test.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "core/text.hpp"
#include "faults/catalogue.hpp"

namespace schemagen::faults {
namespace {

using namespace std::chrono_literals;
/// Tells when its starter waits for the lock.
class Waiting : public Observer {
 public:
  void on_lock_wait(std::chrono::milliseconds, std::string_view) override {
    waits = true;
  }
  std::atomic<bool> waits{false};
};

TEST_P(Catalogue, L01_the_lock_dies_with_its_process) {
  const int code = run_app({"mixed", "kill-at", "12", "up", url_});
  ASSERT_EQ(code, -1);
  EXPECT_EQ(run_app({"mixed", "up", "--lock-timeout", "2s", "--url", url_}), 0);
}

// What a backup that is taken while a migration runs has of it.
TEST_P(Catalogue, L02_nothing_in_the_database_says_that_somebody_migrates) {
  app_.add(kFirst, "one", "CREATE TABLE one (n bigint);", nullptr);
  app_.add(kSecond, "two", "CREATE TABLE two (n bigint);", nullptr);
  const std::string copy = scratch_.file("copy.db");
  std::string rows;
  MigrateOptions options;
  options.all_or_nothing = true;
  options.after = [&](Database&, std::string_view id) -> Result<Done> {
    if (id != kSecond) return Done{};
    rows = ask(is_sqlite() ? "SELECT count(*) FROM sqlite_master"
                           : "SELECT count(*) FROM pg_tables WHERE schemaname "
                             "= 'public'");
    if (is_sqlite()) std::filesystem::copy_file(url_.substr(7), copy);
    return Done{};
  };
  EXPECT_EQ(up(app_, options), "20260101 20260102");
  EXPECT_EQ(rows, "0");
  if (is_sqlite()) {
    const auto restored = open("sqlite:" + copy);
    EXPECT_EQ(told(Migrator(*restored, app_.set()).up()), "20260101 20260102");
  }
}

// The holder may take its time: the lock has no lease that could run out.
TEST_P(Catalogue, L09_a_long_migration_keeps_its_lock) {
  app_.add(kFirst, "log", "CREATE TABLE log (n bigint);", nullptr);
  app_.add(kSecond, "fill", "INSERT INTO log VALUES (1);", nullptr);
  const MigrationSet set = app_.set();
  Waiting waiting;
  std::string other;
  std::thread starter;
  MigrateOptions slow;
  slow.before = [&](Database&, std::string_view id) -> Result<Done> {
    if (id != kFirst) return Done{};
    starter = std::thread([&] {
      MigrateOptions options;
      options.observer = &waiting;
      const auto database = open(url_);
      other = told(Migrator(*database, set, options).up());
    });
    std::this_thread::sleep_for(700ms);
    return Done{};
  };
  EXPECT_EQ(up(app_, slow), "20260101 20260102");
  starter.join();
  EXPECT_EQ(other, "");
  EXPECT_TRUE(waiting.waits);
  EXPECT_EQ(ask("SELECT count(*) FROM log"), "1");
}

TEST_P(Catalogue, L22_repair_ends_a_failed_migration_and_says_so_for_ever) {
  app_.add(kFirst, "alone",
           "-- schemagen: no-transaction\nCREATE TABLE a (n bigint UNIQUE);\n"
           "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (1);\n",
           nullptr);
  EXPECT_NE(up(app_).find("2 of its statements are done and stay"),
            std::string::npos);
  const auto database = open(url_);
  Migrator migrator(*database, app_.set());
  const auto line = migrator.repair(kFirst);
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_NE(line->find("; it had stopped after statement 2 and counts as "
                       "applied now"),
            std::string::npos)
      << *line;
  EXPECT_EQ(told(migrator.up()), "");
  EXPECT_TRUE(migrator.verify());
  const std::string by = ask("SELECT applied_by FROM schemagen_migrations");
  EXPECT_NE(by.find(" repaired at 20"), std::string::npos) << by;
  EXPECT_NE(by.find(" from started sha256-1:"), std::string::npos) << by;
}

TEST_P(Catalogue, G20_a_veto_before_or_after_takes_its_migration_back) {
  app_.add(kFirst, "log", "CREATE TABLE log (n bigint);", "DROP TABLE log;");
  app_.add(kSecond, "fill", "INSERT INTO log VALUES (1), (2);",
           "DELETE FROM log;");
  const auto counts = [](const char* veto) {
    return [veto](Database& database, std::string_view id) -> Result<Done> {
      if (id != kSecond) return Done{};
      const auto rows = database.query("SELECT count(*) FROM log");
      return core::make_error(ErrorCode::database,
                              *rows->front().front() + veto);
    };
  };
  MigrateOptions before;
  before.before = counts(" rows are too few");
  EXPECT_EQ(up(app_, before),
            "20260102000000_fill: vetoed before it: 0 rows are too few; it was "
            "rolled back, nothing of it was kept");
  MigrateOptions after;
  after.after = counts(" rows are too many");
  EXPECT_EQ(up(app_, after),
            "20260102000000_fill: vetoed after it: 2 rows are too many; it was "
            "rolled back, nothing of it was kept");
  EXPECT_EQ(ask("SELECT count(*) FROM log"), "0");
  EXPECT_EQ(up(app_), "20260102");
  const auto database = open(url_);
  EXPECT_EQ(told(Migrator(*database, app_.set(), before).down()),
            "20260102000000_fill (down): vetoed before it: 2 rows are too few; "
            "it was rolled back, nothing of it was kept");
  EXPECT_EQ(ask("SELECT count(*) FROM log"), "2");
}

TEST_P(Catalogue, L14_what_was_applied_last_is_undone_first) {
  Embedded early(is_sqlite() ? "sqlite" : "postgres");
  early.add(kFirst, "a", "CREATE TABLE a (n bigint);", "DROP TABLE a;");
  early.add("20260103000000", "c", "CREATE TABLE c (n bigint);",
            "DROP TABLE c;");
  EXPECT_EQ(up(early), "20260101 20260103");
  app_.add(kFirst, "a", "CREATE TABLE a (n bigint);", "DROP TABLE a;");
  app_.add(kSecond, "b", "CREATE TABLE b (n bigint);", "DROP TABLE b;");
  app_.add("20260103000000", "c", "CREATE TABLE c (n bigint);",
           "DROP TABLE c;");
  EXPECT_EQ(up(app_),
            "20260102000000_b is pending, but older than an applied migration; "
            "rename it to a newer time, or allow late migrations");
  MigrateOptions late;
  late.allow_late = true;
  EXPECT_EQ(up(app_, late), "20260102");
  const auto database = open(url_);
  EXPECT_EQ(told(Migrator(*database, app_.set()).down(3)),
            "20260102 20260103 20260101");
}

TEST_P(Catalogue, an_existing_database_is_taken_over_by_a_baseline) {
  sql("CREATE TABLE a (n bigint)");
  app_.add(kFirst, "a", "CREATE TABLE a (n bigint);", "DROP TABLE a;");
  app_.add(kSecond, "b", "CREATE TABLE b (n bigint);", "DROP TABLE b;");
  const auto database = open(url_);
  Migrator migrator(*database, app_.set());
  EXPECT_EQ(told(migrator.baseline(kFirst)), "20260101");
  EXPECT_EQ(told(migrator.baseline(kFirst)), "");
  EXPECT_EQ(told(migrator.up()), "20260102");
  EXPECT_TRUE(migrator.verify());
  const std::string by =
      ask("SELECT applied_by FROM schemagen_migrations ORDER BY id LIMIT 1");
  EXPECT_NE(by.find(", baseline"), std::string::npos) << by;
}

TEST_P(Catalogue, a_statement_that_takes_too_long_is_stopped_once) {
  app_.add(kFirst, "start", "CREATE TABLE a (n bigint);", nullptr);
  app_.add(kSecond, "endless",
           is_sqlite() ? "INSERT INTO a VALUES (1);\nINSERT INTO a WITH "
                         "RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM "
                         "n) SELECT count(*) FROM n;"
                       : "INSERT INTO a VALUES (1);\nSELECT pg_sleep(60);",
           nullptr);
  MigrateOptions options;
  options.statement_timeout = 200ms;
  const auto begun = std::chrono::steady_clock::now();
  const std::string why =
      is_sqlite() ? "it took longer than the statement timeout allows"
                  : "canceling statement due to statement timeout; raise the "
                    "statement timeout where that long is meant";
  EXPECT_EQ(up(app_, options),
            "20260102000000_endless, statement 2, line 2, column 1: " + why +
                "; it was rolled back, nothing of it was kept");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
  EXPECT_EQ(ask("SELECT count(*) FROM a"), "0");
}

/// Leaves an orphan behind the migration, where only COMMIT looks.
class Orphan : public Observer {
 public:
  explicit Orphan(Database& database) : database_(database) {}
  void on_finish(std::string_view, std::chrono::microseconds) override {
    (void)bool(database_.execute("SET CONSTRAINTS ALL DEFERRED"));
    EXPECT_TRUE(database_.execute("INSERT INTO c VALUES (7)"));
  }

 private:
  Database& database_;
};

TEST_P(Catalogue, L12_a_commit_that_is_refused_leaves_neither_rows_nor_row) {
  app_.add(kFirst, "start",
           "CREATE TABLE p (n bigint PRIMARY KEY);\nCREATE TABLE c (n bigint "
           "REFERENCES p (n) DEFERRABLE INITIALLY DEFERRED);",
           nullptr);
  ASSERT_EQ(up(app_), "20260101");
  app_.add(kSecond, "fill",
           "-- schemagen: foreign-keys on\nINSERT INTO p VALUES (1);", nullptr);
  const auto database = open(url_);
  Orphan orphan(*database);
  MigrateOptions options;
  options.observer = &orphan;
  const std::string said = told(Migrator(*database, app_.set(), options).up());
  EXPECT_EQ(said.rfind("20260102000000_fill: ", 0), 0u) << said;
  EXPECT_NE(said.find("; the commit failed and nothing of it was kept"),
            std::string::npos)
      << said;
  EXPECT_EQ(ask("SELECT count(*) FROM p"), "0");
  EXPECT_EQ(ask("SELECT id FROM schemagen_migrations"), kFirst);
  EXPECT_EQ(up(app_), "20260102");
}

INSTANTIATE_TEST_SUITE_P(Engines, Catalogue,
                         testing::Values(Engine::sqlite, Engine::postgres),
                         [](const testing::TestParamInfo<Engine>& engine) {
                           return engine.param == Engine::sqlite ? "sqlite"
                                                                 : "postgres";
                         });

// SQLite ----------------------------------------------------------------------

class SqliteCatalogue : public Catalogue {};

// A deferred BEGIN that turns into a write after another commit fails at once,
// whatever the busy timeout is.
TEST_P(SqliteCatalogue, L23_a_commit_in_between_is_waited_for) {
  app_.add(kFirst, "start", "CREATE TABLE a (n bigint);", nullptr);
  ASSERT_EQ(up(app_), "20260101");
  ASSERT_TRUE(open(url_)->query("PRAGMA journal_mode = WAL"));
  app_.add(kSecond, "fill", "INSERT INTO a SELECT count(*) FROM a;", nullptr);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(url_.substr(7).c_str(), &other), SQLITE_OK);
  sqlite3_exec(other, "BEGIN IMMEDIATE; INSERT INTO a VALUES (5)", nullptr,
               nullptr, nullptr);
  Waiting waiting;
  MigrateOptions options;
  options.observer = &waiting;
  std::string said;
  std::thread starter([&] { said = up(app_, options); });
  while (!waiting.waits) std::this_thread::sleep_for(5ms);
  sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr);
  starter.join();
  sqlite3_close(other);
  EXPECT_EQ(said, "20260102");
  EXPECT_EQ(ask("SELECT n FROM a ORDER BY n"), "1|5");
}

constexpr const char* kBatch =
    "-- schemagen: batch\n"
    "UPDATE a SET n = n + 1000 WHERE n IN (SELECT n FROM a WHERE n <= 100 "
    "LIMIT 10);";

/// Kills its process before a commit.
int die_at_last(void* left) {
  if (--*static_cast<int*>(left) == 0) std::raise(SIGKILL);
  return 0;
}

TEST_P(SqliteCatalogue, a_batch_goes_on_where_a_killed_process_left_it) {
  sql("CREATE TABLE a (n bigint)");
  sql("WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n "
      "< 100) INSERT INTO a SELECT n FROM i");
  app_.add(kFirst, "batch", kBatch, nullptr);
  const MigrationSet set = app_.set();
  const pid_t child = fork();
  if (child == 0) {
    int left = 5;
    sqlite3* handle = nullptr;
    sqlite3_open(url_.substr(7).c_str(), &handle);
    sqlite3_commit_hook(handle, &die_at_last, &left);
    const auto database = schemagen::sqlite::borrow(handle);
    _exit(Migrator(*database, set).up() ? 0 : 1);
  }
  ASSERT_EQ(wait_for(child), -1);
  const std::string done = ask("SELECT count(*) FROM a WHERE n > 1000");
  EXPECT_GT(std::stoi(done), 0);
  EXPECT_LT(std::stoi(done), 100);
  EXPECT_EQ(up(app_), "20260101");
  EXPECT_EQ(ask("SELECT min(n), max(n), count(DISTINCT n) FROM a"),
            "1001 1100 100");
}

INSTANTIATE_TEST_SUITE_P(Engine, SqliteCatalogue,
                         testing::Values(Engine::sqlite));

// PostgreSQL ------------------------------------------------------------------

class PostgresCatalogue : public Catalogue {};

TEST_P(PostgresCatalogue, P03_P04_a_concurrent_build_passes_who_waits) {
  app_.add(kFirst, "start", "CREATE TABLE a (n bigint);", nullptr);
  app_.add(kSecond, "index",
           "-- schemagen: no-transaction\nCREATE INDEX CONCURRENTLY a_n ON a "
           "(n);",
           nullptr);
  const MigrationSet set = app_.set();
  Waiting waiting;
  std::string other;
  std::thread starter;
  MigrateOptions options;
  options.before = [&](Database&, std::string_view id) -> Result<Done> {
    if (id != kSecond) return Done{};
    starter = std::thread([&] {
      MigrateOptions patient;
      patient.observer = &waiting;
      const auto database = open(url_);
      other = told(Migrator(*database, set, patient).up());
    });
    while (!waiting.waits) std::this_thread::sleep_for(5ms);
    return Done{};
  };
  EXPECT_EQ(up(app_, options), "20260101 20260102");
  starter.join();
  EXPECT_EQ(other, "");
  EXPECT_EQ(ask("SELECT indisvalid FROM pg_index WHERE indexrelid = "
                "'a_n'::regclass"),
            "t");
}

TEST_P(PostgresCatalogue, P10_a_validation_that_fails_is_told_and_goes_on) {
  sql("CREATE TABLE a (n bigint)");
  sql("INSERT INTO a VALUES (-1)");
  app_.add(kFirst, "check",
           "-- schemagen: no-transaction\n"
           "ALTER TABLE a ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;\n"
           "ALTER TABLE a VALIDATE CONSTRAINT positive;",
           nullptr);
  EXPECT_EQ(up(app_),
            "20260101000000_check, statement 2, line 3, column 1: check "
            "constraint \"positive\" of relation \"a\" is violated by some "
            "row; 1 of its statements are done and stay, since it runs outside "
            "a transaction; mend the cause and run it again, it goes on there");
  const auto database = open(url_);
  const auto states = Migrator(*database, app_.set()).status();
  ASSERT_TRUE(states);
  EXPECT_EQ(states->front().kind, MigrationState::Kind::started);
  EXPECT_NE(states->front().error.find("is violated by some row"),
            std::string::npos);
  sql("DELETE FROM a");
  EXPECT_EQ(up(app_), "20260101");
  EXPECT_EQ(ask("SELECT convalidated FROM pg_constraint WHERE conname = "
                "'positive'"),
            "t");
}

TEST_P(PostgresCatalogue, P27_a_backslash_is_a_backslash_on_every_server) {
  sql("ALTER DATABASE " + url_.substr(url_.rfind('/') + 1) +
      " SET standard_conforming_strings = off");
  EXPECT_EQ(ask("SHOW standard_conforming_strings"), "off");
  app_.add(kFirst, "text",
           "CREATE TABLE a (t text DEFAULT 'c:\\n');\n"
           "INSERT INTO a DEFAULT VALUES;",
           nullptr);
  app_.add(kSecond, "first_of_its_script", "INSERT INTO a VALUES ('d:\\n');",
           nullptr);
  EXPECT_EQ(up(app_), "20260101 20260102");
  EXPECT_EQ(ask("SELECT t, length(t) FROM a ORDER BY t"), "c:\\n 4|d:\\n 4");
}

TEST_P(PostgresCatalogue, P28_a_missing_extension_is_told_before_the_first) {
  app_.add(kFirst, "start", "CREATE TABLE a (n bigint);", nullptr);
  app_.add(kSecond, "trigrams",
           "SELECT 1;\nCREATE EXTENSION IF NOT EXISTS \"no such\" SCHEMA "
           "public;",
           nullptr);
  EXPECT_EQ(up(app_),
            "20260102000000_trigrams, statement 2, line 2, column 1: this "
            "server has no extension \"no such\"; install it there (most come "
            "with postgresql-contrib); nothing was run");
  EXPECT_EQ(ask("SELECT to_regclass('a')"), "NULL");
}

TEST_P(PostgresCatalogue, P28_an_extension_that_only_a_superuser_may_create) {
  test::PostgresServer::instance().execute(
      "DO $$ BEGIN CREATE ROLE humble LOGIN; EXCEPTION WHEN duplicate_object "
      "OR unique_violation THEN NULL; END $$");
  sql("GRANT ALL ON SCHEMA public TO humble");
  sql("GRANT CREATE ON DATABASE " + url_.substr(url_.rfind('/') + 1) +
      " TO humble");
  app_.add(kFirst, "start", "CREATE TABLE a (n bigint);", nullptr);
  app_.add(kSecond, "extension", "CREATE EXTENSION file_fdw;", nullptr);
  app_.add("20260103000000", "trusted", "CREATE EXTENSION pgcrypto;", nullptr);
  std::string humble = url_;
  humble.replace(humble.find("schemagen@"), 9, "humble");
  const auto database = open(humble);
  Migrator migrator(*database, app_.set());
  EXPECT_EQ(told(migrator.up()),
            "20260102000000_extension, statement 1, line 1, column 1: only a "
            "superuser may create the extension \"file_fdw\"; let one create "
            "it in this database before; nothing was run");
  EXPECT_EQ(ask("SELECT to_regclass('a')"), "NULL");
  Embedded allowed("postgres");
  allowed.add(kFirst, "trusted", "CREATE EXTENSION pgcrypto;", nullptr);
  EXPECT_EQ(told(Migrator(*database, allowed.set()).up()), "20260101");
  EXPECT_EQ(up(allowed), "");
}

TEST_P(PostgresCatalogue, a_batch_goes_on_where_a_killed_session_left_it) {
  sql("CREATE TABLE a (n bigint)");
  sql("INSERT INTO a SELECT generate_series(1, 100)");
  sql("CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF (SELECT count(*) FROM a WHERE n > 1000) = 40 THEN PERFORM "
      "pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); END IF; "
      "RETURN NULL; END $$");
  sql("CREATE TRIGGER die AFTER UPDATE ON a EXECUTE FUNCTION die()");
  app_.add(kFirst, "batch", kBatch, nullptr);
  const std::string said = up(app_);
  EXPECT_EQ(said,
            "20260101000000_batch, statement 1, line 2, column 1: the "
            "connection to PostgreSQL was lost: terminating connection due to "
            "administrator command; start once more when the server answers; "
            "0 of its statements are done and stay, since it runs outside a "
            "transaction; mend the cause and run it again, it goes on there");
  EXPECT_EQ(ask("SELECT count(*) FROM a WHERE n > 1000"), "30");
  sql("DROP TRIGGER die ON a");
  EXPECT_EQ(up(app_), "20260101");
  EXPECT_EQ(ask("SELECT min(n), max(n), count(DISTINCT n) FROM a"),
            "1001 1100 100");
}

INSTANTIATE_TEST_SUITE_P(Engine, PostgresCatalogue,
                         testing::Values(Engine::postgres));

}  // namespace
}  // namespace schemagen::faults
