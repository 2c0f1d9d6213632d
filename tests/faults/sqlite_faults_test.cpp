// Every allocation and every file call of SQLite fails once in turn: the run
// succeeds or says why, and the next one ends where an undisturbed run ends.
// SCHEMAGEN_FAULT_STEP=1 tries every single call of the long series.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "faults/history.hpp"
#include "faults/sqlite_faults.hpp"
#include "faults/world.hpp"
#include "schemagen/migrator.hpp"
#include "schemagen/sqlite.hpp"
#include "support/embedded.hpp"

namespace schemagen::faults {
namespace {

constexpr const char* kDefaultJournal = "journal";

class SqliteFaults : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    install_failing_allocator();
    install_failing_files();
  }

  std::string url() const { return "sqlite:" + scratch_.file("f.db"); }

  /// No database; or an empty one, where the journal's mode says so.
  void reset() const {
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
      std::filesystem::remove(scratch_.file("f.db") + suffix);
    }
    if (std::string_view(GetParam()) == kDefaultJournal) return;
    const auto database = schemagen::sqlite::open(url());
    ASSERT_TRUE(database);
    ASSERT_TRUE((*database)->query("PRAGMA journal_mode = WAL"));
  }

  /// "" when the run did what it should, else the error's text.
  std::string up() const {
    auto database = schemagen::sqlite::open(url());
    if (!database) return "open: " + database.error().message;
    const auto done = Migrator(**database, history("mixed")).up();
    return done ? "" : "up: " + done.error().message;
  }

  void fail_each_call(Fault fault, long step);

  Scratch scratch_;
};

void SqliteFaults::fail_each_call(Fault fault, long step) {
  reset();
  fail_sqlite(fault, 0);
  ASSERT_EQ(up(), "");
  const long calls = calls_so_far();
  const std::string want = state_of(url());
  ASSERT_GT(calls, 50);
  long failures = 0;
  for (long at = 1; at <= calls; at += step) {
    reset();
    fail_sqlite(fault, at);
    const std::string problem = up();
    fail_sqlite(fault, 0);
    failures += problem.empty() ? 0 : 1;
    EXPECT_EQ(problem.find(": \n"), std::string::npos);
    ASSERT_EQ(up(), "") << "after call " << at << " failed: " << problem;
    ASSERT_EQ(difference(want, state_of(url())), "")
        << "call " << at << ": " << problem;
  }
  EXPECT_GT(failures, calls / step / 4) << "the faults did not bite";
}

TEST_P(SqliteFaults, a_process_that_dies_before_any_file_call_loses_nothing) {
  reset();
  fail_sqlite(Fault::crash, 0);
  ASSERT_EQ(up(), "");
  const long calls = calls_so_far();
  const std::string want = state_of(url());
  for (long at = 1; at <= calls; ++at) {
    reset();
    const pid_t child = fork();
    if (child == 0) {
      fail_sqlite(Fault::crash, at);
      _exit(up().empty() ? 0 : 1);
    }
    const int ended = wait_for(child);
    // A run that takes less time has fewer commits, and so fewer calls.
    if (ended == 0 && at > calls / 2) break;
    ASSERT_EQ(ended, -1) << "call " << at << " of " << calls;
    ASSERT_EQ(up(), "") << "died before call " << at;
    ASSERT_EQ(difference(want, state_of(url())), "")
        << "died before call " << at;
  }
}

TEST_P(SqliteFaults, every_allocation_that_fails_leaves_a_sound_database) {
  fail_each_call(Fault::allocation, setting("SCHEMAGEN_FAULT_STEP", 13));
}

// SQLite then takes the open transaction back. What a script goes on to do
// after that would be kept: DROP TABLE without the copy before it.
TEST_P(SqliteFaults, an_allocation_that_fails_in_a_rebuild_keeps_the_rows) {
  test::Embedded app;
  app.add("20260101000000", "team",
          "CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT);"
          "INSERT INTO team VALUES (1, 'red'), (2, 'green');",
          nullptr);
  app.add("20260102000000", "rebuild",
          "-- schemagen: rebuild team\n"
          "CREATE TABLE new_team (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
          "INSERT INTO new_team (id, name) SELECT id, name FROM team;"
          "DROP TABLE team; ALTER TABLE new_team RENAME TO team;",
          nullptr);
  const auto up_from_one = [&](long at) {
    reset();
    const auto database = schemagen::sqlite::open(url());
    EXPECT_TRUE(Migrator(**database, app.set()).up_steps(1));
    fail_sqlite(Fault::allocation, at);
    const auto done = Migrator(**database, app.set()).up();
    fail_sqlite(Fault::allocation, 0);
    return done ? "" : done.error().message;
  };
  const long step = setting("SCHEMAGEN_FAULT_STEP", 3);
  long failures = 0;
  for (long at = 1; at < 20'000; at += step) {
    const std::string problem = up_from_one(at);
    failures += problem.empty() ? 0 : 1;
    const auto database = schemagen::sqlite::open(url());
    const auto done = Migrator(**database, app.set()).up();
    ASSERT_TRUE(done) << "after call " << at << " failed: " << problem << "; "
                      << done.error().message;
    const auto rows = (*database)->query("SELECT name FROM team");
    ASSERT_EQ(rows->size(), 2U) << "after call " << at << ": " << problem;
    if (problem.empty() && at > 2000) break;
  }
  EXPECT_GT(failures, 500 / step) << "the faults did not bite";
}

TEST_P(SqliteFaults, every_file_call_that_fails_leaves_a_sound_database) {
  fail_each_call(Fault::file_call, setting("SCHEMAGEN_FAULT_STEP", 1));
}

TEST_P(SqliteFaults, a_disk_that_is_full_at_any_write_leaves_a_sound_database) {
  fail_each_call(Fault::full_disk, setting("SCHEMAGEN_FAULT_STEP", 1));
}

// Several are committed together; a disk that is full then takes all of them
// back, and those before the one that is told are applied again.
TEST_P(SqliteFaults, a_full_disk_keeps_what_was_before_the_one_that_is_told) {
  test::Embedded app;
  for (const char* id :
       {"20260101000000", "20260102000000", "20260103000000"}) {
    const std::string sql =
        std::string("CREATE TABLE t") + id + " (id INTEGER PRIMARY KEY);";
    app.add(id, "next", sql.c_str(), nullptr);
  }
  long bites = 0;
  for (long at = 1; at < 1000; ++at) {
    reset();
    const auto database = schemagen::sqlite::open(url());
    fail_sqlite(Fault::full_disk, at);
    const auto done = Migrator(**database, app.set()).up();
    const bool bit = calls_so_far() >= at;
    fail_sqlite(Fault::full_disk, 0);
    if (!bit) break;
    ++bites;
    const auto ids =
        (*database)->query("SELECT id FROM schemagen_migrations ORDER BY id");
    const std::size_t applied = ids ? ids->size() : 0;
    std::size_t before = 0;  // also where none was begun
    while (!done && !done.error().migration.empty() &&
           app.set().dialects[0].migrations[before].id !=
               done.error().migration) {
      ++before;
    }
    EXPECT_EQ(applied, done ? 3U : before)
        << "after write " << at << (done ? "" : done.error().message);
  }
  EXPECT_GT(bites, 5) << "the faults did not bite";
}

INSTANTIATE_TEST_SUITE_P(Modes, SqliteFaults,
                         testing::Values(kDefaultJournal, "wal"),
                         [](const testing::TestParamInfo<const char*>& mode) {
                           return std::string(mode.param);
                         });

}  // namespace
}  // namespace schemagen::faults
