// Migrations through a real PgBouncer. L04 of the fault catalogue: a session
// there is nobody's, so the lock is that of each transaction.
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <chrono>
#include <thread>

#include "faults/history.hpp"
#include "faults/world.hpp"
#include "schemagen/migrator.hpp"
#include "schemagen/postgres.hpp"
#include "support/pgbouncer.hpp"
#include "support/postgres_server.hpp"
#include "support/tcp_proxy.hpp"

namespace schemagen::faults {
namespace {

using namespace std::chrono_literals;
using test::Embedded;
using test::PgBouncer;

constexpr const char* kFirst = "20260101000000";
constexpr const char* kSecond = "20260102000000";

class Pooler : public testing::Test {
 protected:
  static std::unique_ptr<Database> open(const std::string& url) {
    auto opened = schemagen::postgres::open(url);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }

  static std::string up(const std::string& url, const MigrationSet& set,
                        const MigrateOptions& options = {}) {
    const auto database = open(url);
    const auto report = Migrator(*database, set, options).up();
    return report ? std::to_string(report->migrations.size()) + " applied"
                  : report.error().message;
  }

  std::string ask(const std::string& sql) const { return ask(server_, sql); }
  static std::string ask(const std::string& url, const std::string& sql) {
    const auto rows = open(url)->query(sql);
    if (!rows) return rows.error().message;
    std::string text;
    for (const Row& row : *rows) {
      for (const Cell& cell : row) text += cell.value_or("NULL") + ' ';
    }
    return text;
  }

  /// Advisory locks of this database: the server serves other tests as well.
  std::string locks(const std::string& condition = "true") const {
    return ask(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND "
        "database = (SELECT oid FROM pg_database WHERE datname = "
        "current_database()) AND " +
        condition);
  }

  std::string server_ = test::PostgresServer::instance().create_database();
};

TEST_F(Pooler, L04_each_transaction_takes_the_lock_and_leaves_nothing) {
  const PgBouncer pooler(server_, "transaction");
  Embedded app("postgres");
  app.add(kFirst, "settings",
          "SET work_mem = '9MB';\nCREATE TABLE log (n bigint);",
          "DROP TABLE log;");
  app.add(kSecond, "fill", "INSERT INTO log VALUES (1);", "DELETE FROM log;");
  EXPECT_EQ(up(pooler.url(), app.set()), "2 applied");
  EXPECT_EQ(up(pooler.url(), app.set()), "0 applied");
  EXPECT_EQ(locks(), "0 ");
  EXPECT_EQ(ask("SELECT DISTINCT applied_by FROM schemagen_migrations"),
            "app as schemagen through a pooler ");
  for (int connection = 0; connection < 4; ++connection) {
    EXPECT_EQ(ask(pooler.url(), "SHOW work_mem"), "4MB ");
  }
  const auto database = open(pooler.url());
  EXPECT_TRUE(Migrator(*database, app.set()).down(2));
  EXPECT_EQ(ask("SELECT to_regclass('log')"), "NULL ");
}

TEST_F(Pooler, L04_starters_through_it_and_past_it_apply_each_migration_once) {
  const PgBouncer pooler(server_, "transaction");
  const MigrationSet& set = history("hundred");
  std::vector<std::string> said(8);
  std::vector<std::thread> starters;
  for (std::size_t i = 0; i < said.size(); ++i) {
    const std::string& url = i % 2 == 0 ? pooler.url() : server_;
    starters.emplace_back([&, i] { said[i] = up(url, set); });
  }
  for (std::thread& starter : starters) starter.join();
  for (const std::string& words : said) {
    EXPECT_NE(words.find(" applied"), std::string::npos) << words;
  }
  const std::string one = test::PostgresServer::instance().create_database();
  EXPECT_EQ(up(one, set), "100 applied");
  EXPECT_EQ(difference(state_of(one), state_of(server_)), "");
}

constexpr const char* kLockKey =
    "SELECT (classid::int8 << 32) | objid::int8 FROM pg_locks WHERE locktype = "
    "'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = "
    "current_database())";

// Between two transactions of a run somebody who waited for the lock gets it
// and does the rest.
TEST_F(Pooler, L06_what_another_migrated_between_two_transactions_is_seen) {
  const PgBouncer pooler(server_, "transaction");
  Embedded app("postgres");
  app.add(kFirst, "create_log", "CREATE TABLE log (n bigint);", nullptr);
  app.add(kSecond, "fill", "INSERT INTO log VALUES (1);", nullptr);
  const MigrationSet set = app.set();
  std::string other;
  std::thread waiter;
  MigrateOptions options;
  options.before = [&](Database&, std::string_view) -> Result<Done> {
    if (waiter.joinable()) return Done{};
    const std::string lock = "SELECT pg_advisory_lock(" + ask(kLockKey) + ")";
    waiter = std::thread([this, lock, &set, &other] {
      PGconn* handle = PQconnectdb(server_.c_str());
      PQclear(PQexec(handle, lock.c_str()));
      const auto database = schemagen::postgres::borrow(handle);
      const auto report = Migrator(*database, set).up();
      other = report ? report->migrations.front() : report.error().message;
      PQfinish(handle);
    });
    while (locks("NOT granted") != "1 ") {
      std::this_thread::sleep_for(5ms);
    }
    return Done{};
  };
  EXPECT_EQ(up(pooler.url(), set, options), "1 applied");
  waiter.join();
  EXPECT_EQ(other, kSecond);
  EXPECT_EQ(ask("SELECT count(*) FROM log"), "1 ");
}

TEST_F(Pooler, L04_the_lock_is_that_of_starters_who_go_past_it) {
  const PgBouncer pooler(server_, "transaction");
  Embedded app("postgres");
  app.add(kFirst, "create_log", "CREATE TABLE log (n bigint);", nullptr);
  MigrateOptions holding;
  std::string inside;
  holding.before = [&](Database&, std::string_view) -> Result<Done> {
    MigrateOptions impatient;
    impatient.lock_timeout = 200ms;
    inside = up(pooler.url(), app.set(), impatient);
    return Done{};
  };
  EXPECT_EQ(up(server_, app.set(), holding), "1 applied");
  EXPECT_NE(inside.find("holds the migration lock of this database and did not "
                        "release it within 0.2 s"),
            std::string::npos)
      << inside;
}

TEST_F(Pooler, L04_what_no_transaction_can_lock_is_refused_before_anything) {
  const PgBouncer pooler(server_, "transaction");
  Embedded app("postgres");
  app.add(kFirst, "create_log", "CREATE TABLE log (n bigint);", nullptr);
  app.add(kSecond, "index",
          "-- schemagen: no-transaction\n"
          "CREATE INDEX CONCURRENTLY log_n ON log (n);",
          nullptr);
  EXPECT_EQ(up(pooler.url(), app.set()),
            "20260102000000_index: it runs outside a transaction, and the "
            "connection goes through a pooler (PgBouncer or the like), where "
            "only a transaction can hold the lock that keeps two migrators "
            "apart; give migrations the address of the server itself; nothing "
            "was run");
  EXPECT_EQ(ask("SELECT to_regclass('log')"), "NULL ");
  EXPECT_EQ(up(server_, app.set()), "2 applied");
  EXPECT_EQ(up(pooler.url(), app.set()), "0 applied");
}

TEST_F(Pooler, L04_a_failed_migration_is_rolled_back_and_the_lock_is_free) {
  const PgBouncer pooler(server_, "transaction");
  Embedded app("postgres");
  app.add(kFirst, "create_log", "CREATE TABLE log (n bigint);", nullptr);
  app.add(kSecond, "broken", "SET ROLE nobody_at_all;\nSELECT 1;", nullptr);
  EXPECT_EQ(up(pooler.url(), app.set()),
            "20260102000000_broken, statement 1, line 1, column 1: role "
            "\"nobody_at_all\" does not exist; it was rolled back, nothing of "
            "it was kept");
  EXPECT_EQ(ask("SELECT id FROM schemagen_migrations"),
            std::string(kFirst) + ' ');
  EXPECT_EQ(locks(), "0 ");
}

TEST_F(Pooler, L13_a_commit_through_it_that_happened_unseen_is_found) {
  const PgBouncer pooler(server_, "transaction");
  test::TcpProxy proxy(pooler.port());
  Embedded app("postgres");
  app.add(kFirst, "create_log", "CREATE TABLE log (n bigint);", nullptr);
  app.add(kSecond, "fill", "INSERT INTO log VALUES (1);", nullptr);
  proxy.cut_after("COMMIT");
  EXPECT_EQ(up(proxy.through(pooler.url()), app.set()), "2 applied");
  EXPECT_EQ(ask("SELECT count(*) FROM log"), "1 ");
}

TEST_F(Pooler, L13_a_commit_through_it_that_never_came_is_told) {
  const PgBouncer pooler(server_, "transaction");
  test::TcpProxy proxy(pooler.port());
  Embedded app("postgres");
  app.add(kFirst, "create_log", "CREATE TABLE log (n bigint);", nullptr);
  proxy.cut_before("COMMIT");
  const std::string said = up(proxy.through(pooler.url()), app.set());
  EXPECT_NE(said.find("the commit failed and nothing of it was kept"),
            std::string::npos)
      << said;
  EXPECT_EQ(up(pooler.url(), app.set()), "1 applied");
}

TEST_F(Pooler, L04_session_pooling_works_alike) {
  const PgBouncer pooler(server_, "session");
  EXPECT_EQ(up(pooler.url(), history("hundred")), "100 applied");
}

TEST_F(Pooler, L04_statement_pooling_is_refused_with_what_to_do) {
  const PgBouncer pooler(server_, "statement");
  Embedded app("postgres");
  app.add(kFirst, "create_log", "CREATE TABLE log (n bigint);", nullptr);
  EXPECT_EQ(up(pooler.url(), app.set()),
            "transaction blocks not allowed in statement pooling mode; give "
            "migrations the address of the server itself");
  EXPECT_EQ(ask("SELECT to_regclass('log')"), "NULL ");
}

}  // namespace
}  // namespace schemagen::faults
