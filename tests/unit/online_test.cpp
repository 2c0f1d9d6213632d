// The online form on a filled server, carried out by the real Migrator: what
// each part locks, what becomes of rows that are in the way or are written in
// between, and of a process that dies in the middle.
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "commands/replay.hpp"
#include "dialect/dialect.hpp"
#include "emit/prepared.hpp"
#include "emit/script_text.hpp"
#include "schemagen/migrator.hpp"
#include "schemagen/postgres.hpp"
#include "support/build_schema.hpp"
#include "support/plan_runner.hpp"
#include "support/postgres_server.hpp"

namespace schemagen::gen {
namespace {

using namespace test;
using Kind = core::MigrationFileName::Kind;

std::unique_ptr<Database> opened(const std::string& url) {
  auto database = schemagen::postgres::open(url);
  if (!database) throw std::runtime_error(database.error().message);
  return std::move(*database);
}

Index index_over(const std::string& column) {
  Index made;
  made.columns = {{column, false}};
  return made;
}

Schema before() {
  Table users = table("users", {column("email"), optional(column("nick")),
                                optional(column("team_id", TypeKind::int64)),
                                column("age", TypeKind::int32)});
  users.indexes = {index_over("nick")};
  return snapshot_of(schema({users, table("teams", {})}));
}

Schema after() {
  Column nick = column("nick");
  nick.backfill = "lower(email)";
  Column slug = column("slug");
  slug.backfill = "email || '-' || id";
  Table users = table("users", {column("email"), nick, slug,
                                optional(column("team_id", TypeKind::int64)),
                                column("age", TypeKind::int32)});
  users.uniques = {Unique{"", {"email"}, {}}};
  users.indexes = {index_over("age")};
  users.checks = {Check{"", "age >= 0", "age", {}}};
  users.foreign_keys = {refers("team_id", "teams")};
  return schema({users, table("teams", {})});
}

class OnlineTest : public testing::Test {
 protected:
  OnlineTest() : database_(opened(url_)) {
    const Plan create = plan({}, before());
    const Dialect& postgres = *find_dialect("postgres");
    add("start", script_text(postgres.render(create), create),
        script_text(postgres.render(reverse(create)), reverse(create)));
    stages_ = postgres.render_online(plan(before(), after()));
    for (const Stage& stage : stages_) {
      add(stage.name.empty() ? "first" : stage.name,
          script_text(stage.up_script, stage.up),
          script_text(stage.down_script, stage.down));
    }
    prepared_ = prepare(folder_, {"postgres"}, diagnostics_);
    EXPECT_EQ(to_text(diagnostics_.sorted(), false), "");
    set_ = std::make_unique<MemorySet>("online", prepared_);
  }

  static Plan plan(const Schema& from, const Schema& to) {
    Diagnostics diagnostics;
    Plan made = make_plan(from, to, {}, diagnostics);
    EXPECT_EQ(to_text(diagnostics.sorted(), false), "");
    return made;
  }

  void add(const std::string& name, const std::string& up,
           const std::string& down) {
    FolderMigration made;
    made.id = "2026010100000" + std::to_string(folder_.migrations.size());
    made.name = name;
    for (const Kind kind : {Kind::up, Kind::down}) {
      ScriptFile script;
      script.name = {made.id, name, "postgres", kind};
      script.path = core::format_file_name(script.name);
      script.text = kind == Kind::up ? up : down;
      script.directives = core::parse_directives(script.text);
      made.files.push_back(script);
    }
    folder_.migrations.push_back(made);
  }

  std::string id_of(const std::string& name) const {
    for (const FolderMigration& migration : folder_.migrations) {
      if (migration.name == name) return migration.id;
    }
    return "";
  }

  /// "" or the error.
  std::string up(const std::string& name = "") {
    Migrator migrator(*database_, set_->set());
    const auto done =
        name.empty() ? migrator.up() : migrator.up_to(id_of(name));
    return done ? "" : done.error().message;
  }

  /// Two batches.
  static constexpr std::int64_t kRows = 12'000;
  void fill() {
    run({"INSERT INTO teams (id) VALUES (1)",
         "INSERT INTO users (id, email, nick, team_id, age) SELECT n, 'U' || "
         "n, "
         "nullif('n' || n % 5, 'n0'), nullif(n % 2, 0), 30 FROM "
         "generate_series(1, 12000) n"});
  }
  void run(const std::vector<std::string>& statements) {
    const Outcome outcome = run_statements(*database_, statements);
    EXPECT_TRUE(outcome.done) << outcome.message;
  }
  std::string ask(const std::string& sql) { return rows_text(*database_, sql); }

  /// Statements that read a whole table while their transaction holds a lock
  /// that stops writers.
  std::string read_under_locks(const Script& script, const std::string& end) {
    std::string told;
    (void)database_->execute("BEGIN");
    for (const Statement& statement : script.statements) {
      if (statement.sql.find("CONCURRENTLY") != std::string::npos) {
        (void)database_->execute("COMMIT");
        EXPECT_TRUE(database_->execute(statement.sql)) << statement.sql;
        (void)database_->execute("BEGIN");
        continue;
      }
      const std::int64_t before = rows_read();
      auto rows = database_->query(statement.sql);
      EXPECT_TRUE(rows) << statement.sql << rows.error().message;
      const bool reads = rows_read() - before >= kRows;
      if (reads && ask(kStopsWriters) == "t\n") {
        told += statement.sql.substr(0, 12) + "\n";
      }
    }
    (void)database_->execute(end);
    return told;
  }

  std::int64_t rows_read() {
    return std::stoll(
        ask("SELECT sum(seq_tup_read) FROM pg_stat_xact_user_tables"));
  }

  static constexpr const char* kStopsWriters =
      "SELECT count(*) > 0 FROM pg_locks l JOIN pg_class c ON c.oid = "
      "l.relation WHERE l.pid = pg_backend_pid() AND c.relname IN ('users', "
      "'teams') AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', "
      "'ExclusiveLock', 'AccessExclusiveLock')";

  std::string url_ = PostgresServer::instance().create_database();
  std::unique_ptr<Database> database_;
  Folder folder_;
  Diagnostics diagnostics_;
  std::vector<Stage> stages_;
  std::vector<PreparedDialect> prepared_;
  std::unique_ptr<MemorySet> set_;
};

TEST_F(OnlineTest, P09_every_part_leads_there_and_each_one_back) {
  const Schema there = after();
  const Scratch scratch = [] {
    return schemagen::postgres::open(
        PostgresServer::instance().create_database());
  };
  replay(prepared_[0], folder_, &there, Depth::all, scratch, diagnostics_);
  EXPECT_EQ(to_text(diagnostics_.sorted(), false), "");
  EXPECT_EQ(stages_.size(), 6u);
}

TEST_F(OnlineTest, rows_are_filled_in_batches_and_kept) {
  EXPECT_EQ(up("start"), "");
  fill();
  EXPECT_EQ(up(), "");
  EXPECT_EQ(ask("SELECT count(*), count(nick), count(DISTINCT slug), "
                "sum(CASE WHEN nick = 'u' || id THEN 1 ELSE 0 END) FROM users"),
            "12000|12000|12000|2400\n");
  Migrator migrator(*database_, set_->set());
  EXPECT_TRUE(migrator.down(stages_.size()));
  EXPECT_EQ(ask("SELECT count(*), count(email), sum(age) FROM users"),
            "12000|12000|360000\n");
}

TEST_F(OnlineTest, P09_no_part_reads_a_table_under_a_lock_that_stops_writers) {
  EXPECT_EQ(up("start"), "");
  fill();
  const Script plain =
      find_dialect("postgres")->render(plan(before(), after()));
  EXPECT_EQ(read_under_locks(plain, "ROLLBACK"),
            "UPDATE \"user\nALTER TABLE \n"   // the new column
            "UPDATE \"user\nALTER TABLE \n"   // the one that demands values
            "ALTER TABLE \n"                  // unique and check
            "CREATE INDEX\nALTER TABLE \n");  // index, foreign key
  for (const Stage& stage : stages_) {
    EXPECT_EQ(read_under_locks(stage.up_script, "COMMIT"), "") << stage.name;
  }
}

TEST_F(OnlineTest, P10_rows_in_the_way_are_counted_and_the_rest_is_resumed) {
  EXPECT_EQ(up("start"), "");
  fill();
  EXPECT_EQ(up("indexes"), "");
  run({"UPDATE users SET team_id = 7 WHERE id <= 3"});
  EXPECT_EQ(up(),
            id_of("validate") +
                "_validate, statement 2, line 12, column 1: users.team_id: 3 "
                "row(s) refer to nothing in teams; change or remove them "
                "first; it was rolled back, nothing of it was kept");
  EXPECT_EQ(ask("SELECT convalidated FROM pg_constraint WHERE conname = "
                "'users_team_id_fkey'"),
            "f\n");
  run({"UPDATE users SET team_id = NULL WHERE team_id = 7"});
  EXPECT_EQ(up(), "");
  EXPECT_EQ(ask("SELECT convalidated FROM pg_constraint WHERE conname = "
                "'users_team_id_fkey'"),
            "t\n");
}

TEST_F(OnlineTest, programs_go_on_writing_between_the_parts) {
  EXPECT_EQ(up("start"), "");
  fill();
  const std::string insert =
      "INSERT INTO users (id, email, age) VALUES (0, 'LATE', 1)";
  for (const char* part : {"first", "fill", "indexes"}) {
    EXPECT_EQ(up(part), "");
    run({"UPDATE users SET age = age + 1 WHERE id IN (5, 6)", insert,
         "DELETE FROM users WHERE id = 0"});
  }
  run({insert});
  EXPECT_EQ(up("constraints"), "");
  EXPECT_FALSE(database_->execute(
      "INSERT INTO users (id, email, age) VALUES (-1, 'LATER', 1)"));
  EXPECT_EQ(up(), "");
  EXPECT_EQ(ask("SELECT nick, slug FROM users WHERE id = 0"), "late|LATE-0\n");
}

TEST_F(OnlineTest, rows_that_get_no_value_are_counted) {
  EXPECT_EQ(up("start"), "");
  fill();
  EXPECT_EQ(up("indexes"), "");
  run({"ALTER TABLE users ALTER email DROP NOT NULL",
       "UPDATE users SET email = NULL, nick = NULL WHERE id IN (1, 2)"});
  EXPECT_EQ(up(),
            id_of("validate") +
                "_validate, statement 4, line 24, column 1: users.nick: 2 "
                "row(s) have no value, and the column will demand one; give "
                "them one first; it was rolled back, nothing of it was kept");
}

TEST_F(OnlineTest, a_process_that_dies_in_a_concurrent_build_is_resumed) {
  EXPECT_EQ(up("start"), "");
  fill();
  EXPECT_EQ(up("fill"), "");
  // A build waits for writers that began before it.
  auto writer = opened(url_);
  ASSERT_TRUE(writer->execute("BEGIN"));
  ASSERT_TRUE(writer->execute("UPDATE users SET age = 31 WHERE id = 1"));
  std::string told;
  std::thread starter([&] { told = up(); });
  auto killer = opened(url_);
  while (rows_text(*killer,
                   "SELECT count(*) FROM pg_stat_activity WHERE datname = "
                   "current_database() AND wait_event_type = 'Lock' AND query "
                   "LIKE '%CREATE UNIQUE INDEX CONCURRENTLY%'") != "1\n") {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  (void)killer->query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
      "current_database() AND query LIKE '%CREATE UNIQUE INDEX "
      "CONCURRENTLY%' AND pid <> pg_backend_pid()");
  starter.join();
  EXPECT_NE(told, "");
  ASSERT_TRUE(writer->execute("COMMIT"));
  database_ = opened(url_);
  EXPECT_EQ(ask("SELECT indisvalid FROM pg_index WHERE indexrelid = "
                "'users_email_key'::regclass"),
            "f\n");
  EXPECT_EQ(up(), "");
  EXPECT_EQ(ask("SELECT count(*), bool_and(indisvalid) FROM pg_index WHERE "
                "indrelid = 'users'::regclass"),
            "3|t\n");
}

}  // namespace
}  // namespace schemagen::gen
