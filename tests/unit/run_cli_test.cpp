// run_cli as a program's user meets it: words in, text and exit code out.
#include <gtest/gtest.h>
#include <pty.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "schemagen/cli.hpp"
#include "schemagen/sqlite.hpp"
#include "support/embedded.hpp"
#include "support/scratch_folder.hpp"

namespace schemagen {
namespace {

/// What one call printed and returned.
struct Outcome {
  int code;
  std::string out;
  std::string err;
};

/// Times differ from run to run; everything else is compared as it is.
std::string without_times(std::string text) {
  static const std::regex kAt("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
  static const std::regex kTook("\\d+(\\.\\d)? m?s\\b");
  static const std::regex kJson("\"execution_ms\":\\d+");
  text = std::regex_replace(text, kAt, "AT");
  text = std::regex_replace(text, kTook, "TOOK");
  return std::regex_replace(text, kJson, "\"execution_ms\":N");
}

class RunCli : public testing::Test {
 protected:
  RunCli() {
    history_->add("20260101120000", "create_users",
                  "CREATE TABLE users (id integer PRIMARY KEY);\n",
                  "DROP TABLE users;\n");
    history_->add("20260101120001", "add_email",
                  "ALTER TABLE users ADD COLUMN email text;\n",
                  "ALTER TABLE users DROP COLUMN email;\n");
    history_->add("20260101120002", "add_nick",
                  "ALTER TABLE users ADD COLUMN nick text;\n",
                  "ALTER TABLE users DROP COLUMN nick;\n");
    unsetenv("DATABASE_URL");
  }

  std::string file() const { return folder_ + "/app.db"; }
  std::string url() const { return "sqlite:" + file(); }

  Outcome run(std::vector<std::string> words) {
    std::vector<const char*> argv{"/usr/bin/app"};
    for (const std::string& word : words) argv.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code =
        run_cli(static_cast<int>(argv.size()), argv.data(), history_->set());
    std::string out = testing::internal::GetCapturedStdout();
    return {code, without_times(out), testing::internal::GetCapturedStderr()};
  }

  /// The same with --url.
  Outcome on_file(std::vector<std::string> words) {
    words.insert(words.end(), {"--url", url()});
    return run(std::move(words));
  }

  test::ScratchFolder scratch_;
  const std::string folder_ = scratch_.path().string();
  test::Embedded original_{"sqlite", &sqlite::kConnector};
  test::Embedded* history_ = &original_;
};

TEST_F(RunCli, up_tells_each_migration_and_their_number) {
  const Outcome up = on_file({"up"});
  EXPECT_EQ(up.err, "");
  EXPECT_EQ(up.out,
            "1/3 20260101120000 create_users (TOOK)\n"
            "2/3 20260101120001 add_email (TOOK)\n"
            "3/3 20260101120002 add_nick (TOOK)\n"
            "3 migrations applied\n");
  EXPECT_EQ(up.code, 0);
  EXPECT_EQ(on_file({"up"}).out, "nothing to do\n");
}

TEST_F(RunCli, up_stops_where_it_is_told) {
  EXPECT_EQ(on_file({"up", "--steps", "1", "-q"}).code, 0);
  EXPECT_EQ(on_file({"pending"}).out,
            "pending  20260101120001  add_email\n"
            "pending  20260101120002  add_nick\n");
  EXPECT_EQ(on_file({"up", "--to", "20260101120001"}).out,
            "1/1 20260101120001 add_email (TOOK)\n1 migration applied\n");
  EXPECT_EQ(on_file({"pending"}).out, "pending  20260101120002  add_nick\n");
}

TEST_F(RunCli, down_undoes_one_unless_told_more) {
  on_file({"up"});
  EXPECT_EQ(on_file({"down"}).out,
            "1/1 20260101120002 add_nick (TOOK)\n1 migration undone\n");
  EXPECT_EQ(on_file({"down", "--all"}).out,
            "1/2 20260101120001 add_email (TOOK)\n"
            "2/2 20260101120000 create_users (TOOK)\n2 migrations undone\n");
  EXPECT_EQ(on_file({"down"}).out, "nothing to undo\n");
  on_file({"up", "-q"});
  EXPECT_EQ(on_file({"down", "--to", "20260101120000", "-q"}).out, "");
  EXPECT_EQ(on_file({"pending"}).out,
            "pending  20260101120001  add_email\n"
            "pending  20260101120002  add_nick\n");
}

TEST_F(RunCli, redo_undoes_and_applies_the_newest) {
  on_file({"up"});
  const Outcome redo = on_file({"redo"});
  EXPECT_EQ(redo.err, "");
  EXPECT_EQ(redo.code, 0);
  EXPECT_EQ(on_file({"pending"}).out, "nothing is pending\n");
}

TEST_F(RunCli, looking_at_a_missing_file_leaves_none) {
  EXPECT_EQ(on_file({"status"}).out,
            "app on " + url() +
                "\npending  20260101120000  create_users\n"
                "pending  20260101120001  add_email\n"
                "pending  20260101120002  add_nick\n"
                "0 applied, 3 pending; nothing is applied yet\n");
  for (const char* command :
       {"status", "pending", "history", "verify", "plan", "wait", "down"}) {
    const Outcome outcome = on_file({command});
    EXPECT_EQ(outcome.code, 0) << command << outcome.err;
    EXPECT_FALSE(std::filesystem::exists(file())) << command;
  }
  EXPECT_EQ(on_file({"up", "--dry-run"}).code, 0);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(RunCli, looking_at_an_empty_database_makes_no_table) {
  std::ofstream(file()).close();
  for (const char* command : {"status", "pending", "history", "verify"}) {
    EXPECT_EQ(on_file({command}).code, 0) << command;
    EXPECT_EQ(std::filesystem::file_size(file()), 0u) << command;
  }
}

TEST_F(RunCli, status_is_json_or_metrics_when_asked) {
  on_file({"up", "--steps", "2"});
  EXPECT_EQ(
      on_file({"status", "--json"}).out,
      "{\"set\":\"app\",\"database\":\"" + url() +
          "\",\"dialect\":\"sqlite\",\"current_version\":\"20260101120001\","
          "\"applied_migrations\":[{\"id\":\"20260101120000\",\"name\":"
          "\"create_users\",\"state\":\"applied\",\"applied_at\":\"AT\","
          "\"execution_ms\":N,\"compatible\":false},{\"id\":"
          "\"20260101120001\",\"name\":\"add_email\",\"state\":\"applied\","
          "\"applied_at\":\"AT\",\"execution_ms\":N,\"compatible\":false}],"
          "\"pending_migrations\":[{\"id\":\"20260101120002\",\"name\":"
          "\"add_nick\",\"state\":\"pending\"}],\"last_error\":null}\n");
  const std::string metrics = on_file({"status", "--prometheus"}).out;
  EXPECT_NE(metrics.find("schemagen_migrations{set=\"app\",state=\"applied\"} "
                         "2\n"),
            std::string::npos);
}

TEST_F(RunCli, exit_code_says_pending_only_when_asked) {
  EXPECT_EQ(on_file({"status"}).code, 0);
  EXPECT_EQ(on_file({"status", "--exit-code"}).code, 1);
  EXPECT_EQ(on_file({"pending", "--exit-code", "-q"}).code, 1);
  on_file({"up"});
  EXPECT_EQ(on_file({"status", "--exit-code", "-q"}).code, 0);
  EXPECT_EQ(on_file({"pending", "--exit-code"}).code, 0);
}

TEST_F(RunCli, history_and_pending_are_lists_in_json) {
  on_file({"up", "--steps", "1"});
  EXPECT_EQ(on_file({"history", "--json"}).out,
            "[{\"id\":\"20260101120000\",\"name\":\"create_users\",\"state\":"
            "\"applied\",\"applied_at\":\"AT\",\"execution_ms\":N,"
            "\"compatible\":false}]\n");
  EXPECT_EQ(on_file({"history"}).out,
            "applied  20260101120000  create_users  AT  TOOK\n");
  EXPECT_EQ(on_file({"pending", "--json"}).out,
            "[{\"id\":\"20260101120001\",\"name\":\"add_email\",\"state\":"
            "\"pending\"},{\"id\":\"20260101120002\",\"name\":\"add_nick\","
            "\"state\":\"pending\"}]\n");
}

TEST_F(RunCli, a_failed_script_is_told_with_place_and_what_was_applied) {
  history_->add("20260101120003", "broken",
                "CREATE TABLE fine (id integer);\n"
                "INSERT INTO\n  nowhere VALUES (1);\n",
                nullptr);
  const Outcome up = on_file({"up"});
  EXPECT_EQ(up.code, 1);
  EXPECT_NE(up.err.find("error: "), std::string::npos) << up.err;
  EXPECT_NE(up.err.find("20260101120003"), std::string::npos) << up.err;
  EXPECT_NE(up.err.find("no such table: nowhere"), std::string::npos) << up.err;
  EXPECT_NE(up.err.find("20260101120002"), std::string::npos) << up.err;
  const Outcome json = on_file({"up", "--json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_NE(json.out.find("\"code\":\"database\""), std::string::npos);
  EXPECT_NE(json.out.find("\"statement\":2"), std::string::npos) << json.out;
}

TEST_F(RunCli, plan_prints_the_sql_and_runs_nothing) {
  const Outcome plan = on_file({"plan"});
  EXPECT_NE(plan.out.find("CREATE TABLE users"), std::string::npos);
  EXPECT_NE(plan.out.find("nick text"), std::string::npos);
  const Outcome first = on_file({"up", "--dry-run", "--steps", "1"});
  EXPECT_NE(first.out.find("CREATE TABLE users"), std::string::npos);
  EXPECT_EQ(first.out.find("email"), std::string::npos) << first.out;
  on_file({"up", "--steps", "1", "-q"});
  const Outcome next = on_file({"plan", "--to", "20260101120001"});
  EXPECT_EQ(next.out.find("CREATE TABLE users"), std::string::npos);
  EXPECT_NE(next.out.find("email text"), std::string::npos) << next.out;
  EXPECT_EQ(next.out.find("nick text"), std::string::npos) << next.out;
}

TEST_F(RunCli, plan_as_json_has_the_ids_and_the_sql) {
  const std::string first =
      "{\"command\":\"plan\",\"migrations\":[\"20260101120000\"],\"newer\":[],"
      "\"losses\":[],\"sql\":\"-- 20260101120000_create_users\\nCREATE TABLE "
      "users (id integer PRIMARY KEY);\\n\",\"error\":null}\n";
  EXPECT_EQ(on_file({"plan", "--json", "--steps", "1"}).out, first);
  EXPECT_EQ(on_file({"plan", "--json", "--to", "20260101120000", "-q"}).out,
            first);
  const std::string all = on_file({"up", "--dry-run", "--json"}).out;
  EXPECT_NE(all.find("[\"20260101120000\",\"20260101120001\","
                     "\"20260101120002\"]"),
            std::string::npos)
      << all;
  EXPECT_FALSE(std::filesystem::exists(file()));
  EXPECT_EQ(
      on_file({"plan", "--json", "--to", "1"}).out,
      "{\"command\":\"plan\",\"migrations\":[],\"newer\":[],\"losses\":[],"
      "\"error\":{\"code\":\"usage\",\"message\":\"this program has no "
      "migration 1; `pending` and `history` list the ids\",\"migration\":"
      "null,\"statement\":0,\"line\":0,\"column\":0,\"database_text\":"
      "null,\"applied\":[]}}\n");
}

TEST_F(RunCli, a_status_page_gets_what_status_json_prints) {
  on_file({"up", "--steps", "1", "-q"});
  EXPECT_EQ(without_times(status_json(history_->set(), url())),
            on_file({"status", "--json"}).out);
  const std::string broken =
      status_json(history_->set(), "sqlite:" + folder_ + "/none/app.db");
  EXPECT_NE(broken.find("\"last_error\":{\"code\":\"connection\",\"message\":"
                        "\"cannot open "),
            std::string::npos)
      << broken;
  EXPECT_EQ(
      status_json(history_->set(), "postgresql://me:geheim@h/d"),
      "{\"set\":\"app\",\"database\":\"\",\"dialect\":\"\","
      "\"current_version\":null,\"applied_migrations\":[],"
      "\"pending_migrations\":[],\"last_error\":{\"code\":\"usage\","
      "\"message\":\"this program cannot open \\\"postgresql:\\\" "
      "databases; write sqlite:FILE\",\"migration\":null,\"statement\":0,"
      "\"line\":0,\"column\":0,\"database_text\":null,\"applied\":[]}}\n");
}

TEST_F(RunCli, baseline_records_without_running) {
  EXPECT_EQ(on_file({"baseline", "20260101120001"}).out,
            "2 migrations recorded as applied\n");
  EXPECT_EQ(on_file({"pending"}).out, "pending  20260101120002  add_nick\n");
}

TEST_F(RunCli, verify_fails_on_an_edited_script_and_repair_accepts_it) {
  on_file({"up", "-q"});
  EXPECT_EQ(on_file({"verify"}).out,
            "every applied migration is as this program knows it\n");
  test::Embedded edited{"sqlite", &sqlite::kConnector};
  edited.add("20260101120000", "create_users",
             "CREATE TABLE users (id bigint);\n", nullptr);
  history_ = &edited;
  const Outcome verify = on_file({"verify"});
  EXPECT_EQ(verify.code, 1);
  EXPECT_NE(verify.err.find("20260101120000"), std::string::npos) << verify.err;
  static const std::regex kDigest("sha256-1:[0-9a-f]{64}");
  const Outcome repair = on_file({"repair", "20260101120000"});
  EXPECT_EQ(repair.code, 0) << repair.err;
  EXPECT_EQ(std::regex_replace(repair.out, kDigest, "DIGEST"),
            "20260101120000_create_users: accepted DIGEST in place of "
            "DIGEST\n");
  history_ = &original_;
  const Outcome back = on_file({"repair", "20260101120000", "--json"});
  EXPECT_EQ(std::regex_replace(back.out, kDigest, "DIGEST"),
            "{\"command\":\"repair\",\"migrations\":[\"20260101120000\"],"
            "\"newer\":[],\"losses\":[],\"repair\":"
            "\"20260101120000_create_users: accepted DIGEST in place of "
            "DIGEST\",\"error\":null}\n");
}

TEST_F(RunCli, url_comes_from_the_environment_when_not_given) {
  EXPECT_EQ(run({"status"}).err,
            "error: no database given; write --url sqlite:FILE, or set "
            "DATABASE_URL\n");
  EXPECT_EQ(run({"status"}).code, 2);
  setenv("DATABASE_URL", url().c_str(), 1);
  EXPECT_EQ(run({"up", "-q"}).code, 0);
  EXPECT_TRUE(std::filesystem::exists(file()));
}

TEST_F(RunCli, surroundings_that_fail_exit_with_two) {
  const Outcome folder = run({"up", "--url", "sqlite:" + folder_});
  EXPECT_EQ(folder.code, 2);
  EXPECT_NE(folder.err.find("error: "), std::string::npos);
  const Outcome nowhere =
      run({"up", "--url", "sqlite:" + folder_ + "/none/app.db"});
  EXPECT_EQ(nowhere.code, 2) << nowhere.err;
  std::ofstream(file()) << "this is text and no database, for sure it is not";
  const Outcome text = on_file({"status", "--json"});
  EXPECT_EQ(text.code, 2) << text.err;
  EXPECT_NE(text.out.find("\"last_error\":{\"code\""), std::string::npos)
      << text.out;
  EXPECT_EQ(run({"up", "--url", "postgresql://bob:pw@h/d"}).err,
            "error: this program cannot open \"postgresql:\" databases; write "
            "sqlite:FILE\n");
}

TEST_F(RunCli, wait_gives_up_at_its_deadline) {
  EXPECT_EQ(on_file({"wait"}).out, "the database accepts connections\n");
  EXPECT_EQ(
      on_file({"wait", "--json"}).out,
      "{\"command\":\"wait\",\"migrations\":[],\"newer\":[],\"losses\":[],"
      "\"error\":null}\n");
  std::ofstream(file()) << "this is text and no database, for sure it is not";
  const Outcome wait = on_file({"wait", "--timeout", "200ms"});
  EXPECT_EQ(wait.code, 2);
  EXPECT_NE(wait.err.find("error: the database did not answer within 200 ms: "),
            std::string::npos)
      << wait.err;
}

TEST_F(RunCli, a_terminal_gets_a_bar_that_is_wiped_before_each_line) {
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    const std::string target = url();
    const char* argv[] = {"app", "up", "--url", target.c_str()};
    _exit(run_cli(4, argv, history_->set()));
  }
  std::string text;
  char buffer[4096];
  ssize_t got = 0;
  while ((got = read(terminal, buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  close(terminal);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(without_times(text).substr(0, 118),
            "\r[--------------------] 1/3 20260101120000 create_users TOOK"
            "\x1b[K\r\x1b[K1/3 20260101120000 create_users (TOOK)\r\n"
            "\r[######---");
}

TEST_F(RunCli, who_waits_for_the_lock_says_so_and_how_long) {
  on_file({"up", "--steps", "1", "-q"});
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file().c_str(), &other), SQLITE_OK);
  sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  const Outcome up = on_file({"up", "--lock-timeout", "200ms"});
  EXPECT_EQ(up.code, 2);
  EXPECT_EQ(up.out, "");
  EXPECT_EQ(without_times(up.err),
            "waiting for another migrator (another connection), TOOK\n"
            "error: the database is locked by another connection and did not "
            "become free within TOOK; end the other one, or wait longer\n");
  EXPECT_EQ(
      on_file({"up", "-q", "--lock-timeout", "200ms"}).err.find("waiting"),
      std::string::npos);
  EXPECT_EQ(on_file({"status"}).code, 0);
  sqlite3_close(other);
  EXPECT_EQ(on_file({"up"}).code, 0);
}

TEST_F(RunCli, help_and_version_need_no_database) {
  const Outcome help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_EQ(help.out.substr(0, 37), "usage: app COMMAND [OPTIONS]\n\ncommand");
  const Outcome version = run({"--version"});
  EXPECT_NE(version.out.find("app: 3 migrations for sqlite, the newest is "
                             "20260101120002\n"),
            std::string::npos)
      << version.out;
  EXPECT_EQ(run({}).code, 2);
}

}  // namespace
}  // namespace schemagen
