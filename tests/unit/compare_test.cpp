// diff --database: a real database beside what its migrations make.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "commands/command.hpp"
#include "emit/prepared.hpp"
#include "support/postgres_server.hpp"
#include "support/scratch_folder.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;
using test::PostgresServer;

class CompareTest : public testing::TestWithParam<const char*> {
 protected:
  CompareTest() {
    url_ = is_server() ? PostgresServer::instance().create_database()
                       : "sqlite:" + (root_ / "real.db").string();
    if (!is_server()) write("real.db", "");
    arguments_.project.file = (root_ / "project.json").string();
    arguments_.database = url_;
    if (is_server()) arguments_.url = url_;
    environment_.working_dir = root_.string();
    environment_.variable = [](const std::string&) {
      return std::optional<std::string>();
    };
    write("project.json",
          "{\"target\": \"app\", \"kind\": \"migrations\", \"namespace\": "
          "\"app\", \"headers\": [], \"build_dir\": \"" +
              root_.string() + "\", \"schema_dir\": \"" + root_.string() +
              "/db\", \"output_dir\": \"" + root_.string() +
              "/out\", \"dialects\": [\"" + GetParam() + "\"]}\n");
    script("20260101000000_users",
           "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n",
           "DROP TABLE users;\n");
    script("20260102000000_nick", "ALTER TABLE users ADD nick text;\n",
           "ALTER TABLE users DROP nick;\n");
  }

  static bool is_server() { return std::string(GetParam()) != "sqlite"; }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << text;
  }

  void script(const std::string& name, const std::string& up,
              const std::string& down) const {
    write("db/" + name + ".up.sql", up);
    write("db/" + name + ".down.sql", down);
  }

  void in_database(const std::string& sql) const {
    auto database = find_driver(GetParam())->open(url_);
    ASSERT_TRUE(database) << database.error().message;
    const auto done = (*database)->execute(sql);
    ASSERT_TRUE(done) << done.error().message;
  }

  void migrate(const std::vector<std::string>& words) const {
    std::vector<std::string> all = words;
    all.insert(all.end(),
               {"--dir", (root_ / "db").string(), "--url", url_, "--quiet"});
    ASSERT_EQ(run_migrate(all, environment_), kDone);
  }

  /// What the command printed, and its findings.
  std::string compared(int code) const {
    const Outcome outcome = run_diff(arguments_, environment_);
    EXPECT_EQ(outcome.code, code);
    return outcome.text + to_text(outcome.diagnostics.sorted(), false);
  }

  test::ScratchFolder scratch_;
  const fs::path root_ = scratch_.path();
  std::string url_;
  Arguments arguments_;
  Environment environment_;
};

TEST_P(CompareTest, finds_nothing_where_the_migrations_lead) {
  EXPECT_EQ(compared(kDone), "empty: as its migrations make it\n");
  migrate({"up", "--steps", "1"});
  EXPECT_EQ(compared(kDone), "at 20260101000000: as its migrations make it\n");
  migrate({"up"});
  in_database("INSERT INTO users (id, email) VALUES (1, 'a')");
  EXPECT_EQ(compared(kDone), "at 20260102000000: as its migrations make it\n");
}

TEST_P(CompareTest, tells_what_somebody_altered_by_hand) {
  migrate({"up"});
  in_database("ALTER TABLE users DROP COLUMN nick");
  in_database("CREATE TABLE notes (id bigint)");
  in_database("CREATE VIEW emails AS SELECT email FROM users");
  EXPECT_EQ(compared(kFindings),
            "at 20260102000000\n"
            "  table users: missing column nick text\n"
            "  table notes: unexpected\n"
            "not compared: view emails\n");
}

TEST_P(CompareTest, a_name_with_a_line_end_stays_on_its_line) {
  migrate({"up"});
  in_database("CREATE TABLE \"no\ntes\" (id bigint)");
  in_database("CREATE VIEW \"e\tmails\" AS SELECT email FROM users");
  EXPECT_EQ(compared(kFindings),
            "at 20260102000000\n"
            "  \"table no\\ntes: unexpected\"\n"
            "not compared: \"view e\\tmails\"\n");
}

TEST_P(CompareTest, tells_whether_an_old_database_may_have_its_baseline) {
  in_database("CREATE TABLE users (id bigint PRIMARY KEY, email text)");
  const std::string text = compared(kFindings);
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "no migration is applied; compared with all of them");
  EXPECT_NE(text.find("  table users: missing column email text not null\n"),
            std::string::npos)
      << text;
  in_database("DROP TABLE users");
  in_database(
      "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, "
      "nick text)");
  EXPECT_EQ(compared(kDone),
            "no migration is applied; compared with all of them: as its "
            "migrations make it\n");
  migrate({"baseline", "20260102000000"});
  EXPECT_EQ(compared(kDone), "at 20260102000000: as its migrations make it\n");
}

TEST_P(CompareTest, refuses_a_history_that_is_not_the_folders) {
  migrate({"up"});
  script("20260102000000_nick", "ALTER TABLE users ADD nick text; SELECT 1;\n",
         "ALTER TABLE users DROP nick;\n");
  EXPECT_EQ(compared(kUsage),
            "error: 20260102000000_nick was applied there with another text; "
            "`schemagen migrate status` tells more [other-history]\n");
  fs::remove(root_ / "db/20260102000000_nick.up.sql");
  fs::remove(root_ / "db/20260102000000_nick.down.sql");
  EXPECT_EQ(compared(kUsage),
            "error: 20260102000000_nick is applied there and not in this "
            "folder; use the folder of the release that the database has "
            "[other-history]\n");
  script("20260102000000_nick", "ALTER TABLE users ADD nick text;\n",
         "ALTER TABLE users DROP nick;\n");
  script("20260101000001_late", "CREATE TABLE late (id bigint);\n",
         "DROP TABLE late;\n");
  EXPECT_EQ(compared(kUsage),
            "error: 20260101000001_late is not applied there, though a newer "
            "one is; apply it first [other-history]\n");
}

TEST_P(CompareTest, refuses_a_database_of_another_kind) {
  arguments_.database = "mysql://host/app";
  EXPECT_EQ(compared(kUsage),
            "error: --database is no URL of a database; write sqlite:FILE or "
            "postgresql://USER@HOST/DATABASE [bad-url]\n");
  arguments_.database = is_server() ? "sqlite:app.db" : "postgresql://host/app";
  EXPECT_EQ(compared(kUsage),
            "error: the target's DIALECTS have no " +
                std::string(is_server() ? "sqlite" : "postgres") +
                "; give the URL of a database that it serves [bad-url]\n");
}

TEST_P(CompareTest, makes_no_file) {
  if (is_server()) return;
  const std::string path = (root_ / "reel.db").string();
  for (const char* scheme : {"sqlite:", "sqlite://"}) {
    arguments_.database = scheme + path;
    EXPECT_EQ(compared(kUsage),
              "error: there is no file " + path +
                  "; give the path of the database to compare [no-database]\n");
    EXPECT_FALSE(fs::exists(path));
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, CompareTest,
                         testing::Values("sqlite", "postgres"));

}  // namespace
}  // namespace schemagen::gen
