// Many starters at once: each exits 0, each migration is applied once.
#include <gtest/gtest.h>

#include <thread>

#include "faults/history.hpp"
#include "faults/world.hpp"
#include "schemagen/migrator.hpp"
#include "schemagen/sqlite.hpp"
#include "support/postgres_server.hpp"

namespace schemagen::faults {
namespace {

constexpr int kStarters = 32;

std::string text_of(const std::string& file) {
  std::string text;
  if (std::FILE* stream = std::fopen(file.c_str(), "rb")) {
    char buffer[4096];
    const std::size_t size = std::fread(buffer, 1, sizeof buffer, stream);
    text.assign(buffer, size);
    std::fclose(stream);
  }
  return text;
}

void start_all_at_once(const Scratch& scratch, const std::string& url) {
  std::vector<pid_t> processes;
  const auto output = [&](std::size_t i) {
    return scratch.file("starter" + std::to_string(i));
  };
  for (std::size_t i = 0; i < kStarters; ++i) {
    processes.push_back(start_app({"hundred", "up", "--url", url}, output(i)));
  }
  for (std::size_t i = 0; i < kStarters; ++i) {
    EXPECT_EQ(wait_for(processes[i]), 0) << text_of(output(i));
  }
}

/// What one undisturbed run leaves at `url`.
std::string state_of_one_run(const std::string& url) {
  EXPECT_EQ(run_app({"hundred", "up", "--url", url}), 0);
  return state_of(url);
}

TEST(Starters, L08_thirty_two_on_an_empty_sqlite_file_with_a_journal) {
  const Scratch scratch;
  const std::string url = "sqlite:" + scratch.file("many.db");
  start_all_at_once(scratch, url);
  EXPECT_EQ(difference(state_of_one_run("sqlite:" + scratch.file("one.db")),
                       state_of(url)),
            "");
}

TEST(Starters, L08_thirty_two_on_an_empty_sqlite_file_in_wal_mode) {
  const Scratch scratch;
  const std::string url = "sqlite:" + scratch.file("many.db");
  {
    const auto database = schemagen::sqlite::open(url);
    ASSERT_TRUE(database);
    ASSERT_TRUE((*database)->query("PRAGMA journal_mode = WAL"));
  }
  start_all_at_once(scratch, url);
  EXPECT_EQ(difference(state_of_one_run("sqlite:" + scratch.file("one.db")),
                       state_of(url)),
            "");
}

TEST(Starters, L07_P23_thirty_two_on_one_empty_postgres_database) {
  const Scratch scratch;
  auto& server = test::PostgresServer::instance();
  const std::string url = server.create_database();
  start_all_at_once(scratch, url);
  EXPECT_EQ(
      difference(state_of_one_run(server.create_database()), state_of(url)),
      "");
}

/// Two Migrators on connections of their own in two threads of one program.
void migrate_in_two_threads(const std::string& url, const Connector& driver) {
  const MigrationSet& set = history("hundred");
  std::string problems[2];
  const auto work = [&](std::string& problem) {
    auto database = driver.open(url);
    if (!database) {
      problem = database.error().message;
      return;
    }
    const auto done = Migrator(**database, set).up();
    if (!done) problem = done.error().message;
  };
  std::thread first(work, std::ref(problems[0]));
  std::thread second(work, std::ref(problems[1]));
  first.join();
  second.join();
  EXPECT_EQ(problems[0], "");
  EXPECT_EQ(problems[1], "");
}

TEST(Threads, two_migrators_on_one_sqlite_file_apply_each_migration_once) {
  const Scratch scratch;
  const std::string url = "sqlite:" + scratch.file("two.db");
  migrate_in_two_threads(url, *history("hundred").dialects[0].connector);
  EXPECT_EQ(difference(state_of_one_run("sqlite:" + scratch.file("one.db")),
                       state_of(url)),
            "");
}

TEST(Threads, two_migrators_on_one_postgres_database_apply_each_once) {
  auto& server = test::PostgresServer::instance();
  const std::string url = server.create_database();
  migrate_in_two_threads(url, *history("hundred").dialects[1].connector);
  EXPECT_EQ(
      difference(state_of_one_run(server.create_database()), state_of(url)),
      "");
}

}  // namespace
}  // namespace schemagen::faults
