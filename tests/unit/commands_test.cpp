// The commands from project file to written folder, with declarations made by
// hand instead of a scan: what is tested here needs no LLVM.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include "commands/command.hpp"
#include "commands/command_line.hpp"
#include "commands/print.hpp"
#include "commands/workspace.hpp"
#include "emit/output.hpp"
#include "support/declare.hpp"
#include "support/postgres_server.hpp"
#include "support/scratch_folder.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;
using namespace test;  // the words of support/declare.hpp

using Tree = std::map<std::string, std::string>;

class CommandsTest : public testing::Test {
 protected:
  CommandsTest() {
    fs::create_directories(root_ / "build/schemagen/app");
    write_project("sqlite");
    environment_.working_dir = root_.string();
    environment_.variable = [this](const std::string& key) {
      const auto found = variables_.find(key);
      return found == variables_.end()
                 ? std::nullopt
                 : std::optional<std::string>(found->second);
    };
    environment_.now = [] { return std::int64_t{1'767'225'600}; };  // 2026
    environment_.scan = [this](const Project&, const auto&, Diagnostics&) {
      return Scanned{true, declarations_, {(root_ / "user.hpp").string()}};
    };
  }

  void write_project(const std::string& dialects,
                     const std::string& more = "") const {
    const std::string root = root_.string();
    write("build/schemagen/app/project.json",
          "{\"target\": \"app\", \"kind\": \"entities\", \"namespace\": "
          "\"app\", \"headers\": [\"user.hpp\"], \"build_dir\": \"" +
              root + "/build\", \"schema_dir\": \"" + root +
              "/migrations\", \"output_dir\": \"" + root +
              "/out\", \"dialects\": [\"" + dialects + "\"]" + more + "}\n");
  }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << text;
  }

  std::string read(const std::string& name) const {
    std::ifstream file(root_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Tree tree() const {
    Tree files;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      const std::string name = fs::relative(entry.path(), root_).string();
      files[name] = entry.is_directory() ? "<folder>" : read(name);
    }
    return files;
  }

  std::vector<std::string> names_in(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& [name, text] : tree()) {
      if (name.rfind(folder + "/", 0) == 0) {
        names.push_back(name.substr(folder.size() + 1));
      }
    }
    return names;
  }

  Outcome run(Outcome (*command)(const Arguments&, const Environment&),
              const Arguments& arguments = {}) {
    Outcome outcome = command(arguments, environment_);
    findings_ = without_root(to_text(outcome.diagnostics.sorted(), false));
    outcome.text = without_root(outcome.text);
    return outcome;
  }

  std::string without_root(std::string text) const {
    const std::string start = root_.string() + "/";
    for (std::size_t at = text.find(start); at != std::string::npos;
         at = text.find(start)) {
      text.erase(at, start.size());
    }
    return text;
  }

  void declare(std::vector<Member> members) {
    declarations_.records = {entity("app::User", std::move(members))};
  }

  void declare_user() {
    declare({member("id", int64(), 5), member("email", text(), 6)});
  }
  void declare_user_with_nick() {
    declare({member("id", int64(), 5), member("email", text(), 6),
             member("nick", optional(text()), 7)});
  }

  static Arguments drop_nick() {
    Arguments arguments;
    arguments.consents.drops = {"user.nick"};
    return arguments;
  }

  static Arguments named(const std::string& name) {
    Arguments arguments;
    arguments.name = name;
    return arguments;
  }

  /// Two branches made a migration each of what they declare; git has merged
  /// their files and left the snapshot in conflict. Returns theirs.
  Tree merge(const std::function<void()>& declare_start,
             const std::function<void()>& declare_theirs,
             const std::function<void()>& declare_mine,
             const Arguments& how_mine = {}) {
    const auto generate = [&](const char* name, const char* now, bool online) {
      Arguments call = named(name);
      call.consents = how_mine.consents;
      call.online = online;
      call.now = now;
      EXPECT_EQ(run(&run_generate, call).code, kDone) << findings_;
    };
    const auto put = [&](const Tree& files) {
      for (const auto& [name, content] : files) {
        if (content != "<folder>") write(name, content);
      }
    };
    declare_start();
    run(&run_generate, named("first"));
    const Tree start = tree();
    declare_theirs();
    generate("theirs", "20260103000000", false);
    Tree theirs = tree();
    fs::remove_all(root_ / "migrations");
    put(start);
    declare_mine();
    generate("mine", "20260102000000", how_mine.online);
    const std::string snapshot = "migrations/schema.snapshot.json";
    const std::string ours = read(snapshot);
    put(theirs);
    write(snapshot, "<<<<<<< HEAD\n" + ours + "=======\n" +
                        theirs.at(snapshot) + ">>>>>>> main\n");
    return theirs;
  }

  ::schemagen::test::ScratchFolder scratch_;
  const fs::path root_ = scratch_.path();
  Declarations declarations_;
  std::map<std::string, std::string> variables_;
  Environment environment_;
  std::string findings_;
};

TEST_F(CommandsTest, generate_writes_scripts_and_snapshot) {
  declare_user();
  EXPECT_EQ(run(&run_generate, named("First users!")).code, kDone) << findings_;
  EXPECT_EQ(names_in("migrations"),
            (std::vector<std::string>{"20260101000000_first_users.down.sql",
                                      "20260101000000_first_users.up.sql",
                                      "schema.snapshot.json"}));
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
  EXPECT_EQ(findings_, "");
}

TEST_F(CommandsTest, generate_has_nothing_to_do_the_second_time) {
  declare_user();
  run(&run_generate);
  const Tree before = tree();
  const Outcome again = run(&run_generate);
  EXPECT_EQ(again.code, kDone) << findings_;
  EXPECT_EQ(again.text,
            "nothing to do: the entities are as the snapshot says\n");
  EXPECT_EQ(tree(), before);
}

TEST_F(CommandsTest, generate_takes_an_id_later_than_the_last) {
  declare_user();
  Arguments late;
  late.now = "20301231235959";
  run(&run_generate, late);
  declare_user_with_nick();
  run(&run_generate, named("nick"));
  EXPECT_EQ(names_in("migrations")[2], "20310101000000_nick.down.sql");
}

TEST_F(CommandsTest, generate_refuses_times_that_are_no_ids) {
  declare_user();
  for (const char* now : {"2026", "20260230000000", "20260101000000_a"}) {
    Arguments arguments;
    arguments.now = now;
    EXPECT_EQ(run(&run_generate, arguments).code, kUsage);
    EXPECT_EQ(findings_, "error: --now " + std::string(now) +
                             " is no UTC time; write it as YYYYMMDDHHMMSS "
                             "[bad-time]\n");
  }
  Arguments last;
  last.now = "99991231235959";
  run(&run_generate, last);
  declare_user_with_nick();
  const Tree before = tree();
  EXPECT_EQ(run(&run_generate).code, kUsage);
  EXPECT_EQ(findings_,
            "error: there is no id later than 99991231235959; give that "
            "migration an earlier one [bad-time]\n");
  EXPECT_EQ(tree(), before);
}

TEST_F(CommandsTest, generate_honours_source_date_epoch) {
  declare_user();
  variables_["SOURCE_DATE_EPOCH"] = "951826154";
  run(&run_generate, named("leap"));
  EXPECT_EQ(names_in("migrations")[0], "20000229120914_leap.down.sql");
  variables_["SOURCE_DATE_EPOCH"] = "yesterday";
  declare_user_with_nick();
  EXPECT_EQ(run(&run_generate).code, kUsage);
  EXPECT_EQ(findings_,
            "error: SOURCE_DATE_EPOCH=yesterday is no time; give it as "
            "seconds since 1970 [bad-time]\n");
}

/// On the Linux of Windows NAME is there already, and names the machine.
TEST_F(CommandsTest, generate_takes_no_name_from_the_machine) {
  declare_user();
  char host[256] = "";
  ASSERT_EQ(::gethostname(host, sizeof host - 1), 0);
  variables_["NAME"] = host;
  Arguments by_build;
  by_build.name_from_env = by_build.dry_run = true;
  const std::string named_so = "_" + snake_name(host) + ".up.sql";
  EXPECT_NE(run(&run_generate, by_build).text.find(named_so), std::string::npos)
      << findings_;
  variables_["WSL_DISTRO_NAME"] = "Debian";
  const std::string text = run(&run_generate, by_build).text;
  EXPECT_EQ(text.find(named_so), std::string::npos) << text;
  EXPECT_NE(text.find("_create_user.up.sql"), std::string::npos) << text;
  variables_["NAME"] = "first";
  EXPECT_NE(run(&run_generate, by_build).text.find("_first.up.sql"),
            std::string::npos);
}

TEST_F(CommandsTest, generate_writes_nothing_on_a_dry_run) {
  declare_user();
  Arguments dry = named("x");
  dry.dry_run = true;
  const Tree before = tree();
  const Outcome outcome = run(&run_generate, dry);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_NE(outcome.text.find("CREATE TABLE"), std::string::npos);
  EXPECT_EQ(tree(), before);
}

TEST_F(CommandsTest, generate_refuses_an_unexplained_loss_and_writes_nothing) {
  declare_user_with_nick();
  run(&run_generate);
  declare_user();
  const Tree before = tree();
  EXPECT_EQ(run(&run_generate).code, kUsage);
  EXPECT_NE(findings_.find("--drop user.nick"), std::string::npos) << findings_;
  EXPECT_EQ(tree(), before);
}

/// Who builds types no flags, and may not have the tool in PATH.
TEST_F(CommandsTest, generate_of_a_build_says_which_command_takes_flags) {
  declare_user_with_nick();
  run(&run_generate);
  declare_user();
  Arguments by_build;
  EXPECT_EQ(run(&run_generate, by_build).text, "");
  by_build.name_from_env = true;
  EXPECT_EQ(run(&run_generate, by_build).text,
            "such flags go behind this command:\n  schemagen generate -p build "
            "--target app\n");
  declare_user_with_nick();
  EXPECT_EQ(run(&run_generate, by_build).text,
            "nothing to do: the entities are as the snapshot says\n");
}

TEST_F(CommandsTest, generate_says_where_sql_that_fails_is_mended) {
  declare_user();
  run(&run_generate, named("first"));
  declare({member("id", int64(), 5), member("email", text(), 6),
           member("nick", text(), 7, {{"backfill", str("nowhere(1)")}})});
  EXPECT_EQ(run(&run_generate, named("nick")).code, kUsage);
  EXPECT_EQ(findings_,
            "migrations: error: nothing was written, because the migration "
            "failed its trial run, as told of its script; mend the annotation "
            "that has the SQL which is refused there, or report this if none "
            "has it [not-proved]\n"
            "migrations/20260101000001_nick.up.sql:22:4: error: sqlite refuses "
            "it: no such function: nowhere; mend the script [replay-failed]\n");
}

TEST_F(CommandsTest, check_waits_for_what_generate_leaves_to_the_user) {
  declare_user_with_nick();
  run(&run_generate, named("first"));
  declare_user();
  Arguments rename = named("merge");
  rename.consents.renames = {"user.nick=email"};
  const Outcome outcome = run(&run_generate, rename);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_NE(outcome.text.find("to be written by hand before check is green:\n"
                              "  sqlite: move the values of user.nick to "
                              "user.email\n"),
            std::string::npos)
      << outcome.text;
  const std::string path = "migrations/20260101000001_merge.up.sql";
  const std::string up = read(path);
  const std::string block =
      "-- schemagen: fill-in\n"
      "-- move the values of user.nick to user.email\n";
  const std::size_t at = up.find(block);
  ASSERT_NE(at, std::string::npos) << up;
  const auto line =
      std::count(up.begin(), up.begin() + static_cast<long>(at), '\n') + 1;
  const std::string red = path + ":" + std::to_string(line) +
                          ":1: error: this step is still to be written by "
                          "hand; write it, delete this line and run "
                          "`schemagen accept` [unfilled-block]\n";
  EXPECT_EQ(run(&run_check).code, kFindings);
  EXPECT_EQ(findings_, red);
  EXPECT_NE(run(&run_accept).code, kDone);
  EXPECT_EQ(findings_, red);
  write(path, up.substr(0, at) +
                  "UPDATE \"user\" SET email = nick WHERE nick <> '';\n" +
                  up.substr(at + block.size()));
  EXPECT_EQ(run(&run_accept).code, kDone) << findings_;
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
  EXPECT_EQ(run(&run_verify).code, kDone) << findings_;
}

TEST_F(CommandsTest, generate_amends_the_last_migration) {
  declare_user();
  run(&run_generate, named("first"));
  const std::string first = read("migrations/schema.snapshot.json");
  declare_user_with_nick();
  run(&run_generate, named("nick"));
  declare({member("id", int64(), 5), member("email", text(), 6),
           member("age", optional(int32()), 7)});
  Arguments amend;
  amend.amend = true;
  EXPECT_EQ(run(&run_generate, amend).code, kDone) << findings_;
  EXPECT_EQ(names_in("migrations").size(), 5u);
  const std::string up = read("migrations/20260101000001_nick.up.sql");
  EXPECT_NE(up.find("\"age\""), std::string::npos) << up;
  EXPECT_EQ(up.find("\"nick\""), std::string::npos) << up;
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
  declare_user();
  EXPECT_EQ(run(&run_generate, amend).text,
            "took the last migration away: the entities are as before it\n");
  EXPECT_EQ(names_in("migrations").size(), 3u);
}

TEST_F(CommandsTest, an_accepted_edit_is_not_amended_away) {
  declare_user();
  run(&run_generate, named("first"));
  declare_user_with_nick();
  run(&run_generate, named("nick"));
  const std::string path = "migrations/20260101000001_nick.up.sql";
  const std::string edited = read(path) + "UPDATE \"user\" SET nick = email;\n";
  write(path, edited);
  EXPECT_EQ(run(&run_accept).code, kDone) << findings_;
  declare_user();
  Arguments amend;
  amend.amend = true;
  EXPECT_EQ(run(&run_generate, amend).code, kUsage);
  EXPECT_EQ(findings_,
            path +
                ": error: was not written by the last `generate`, or edited "
                "by hand since, so it is not written anew; leave out --amend "
                "[nothing-to-amend]\n");
  EXPECT_EQ(read(path), edited);
}

TEST_F(CommandsTest, generate_online_writes_a_migration_for_each_lock) {
  write_project("postgres\", \"sqlite");
  declare_user();
  run(&run_generate, named("first"));
  declare({member("id", int64(), 5),
           member("email", text(), 6, {{"unique", yes()}}),
           member("age", int32(), 7, {{"backfill", str("7")}})});
  Arguments online = named("more");
  online.online = true;
  const Outcome outcome = run(&run_generate, online);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(outcome.text.substr(0, outcome.text.find("older")),
            "20260101000001_more\n"
            "  add column user.age (int32)\n"
            "  add unique user (email)\n"
            "in several migrations, each without long locks; then:\n"
            "  20260101000002_more_fill\n"
            "  20260101000003_more_indexes\n"
            "  20260101000004_more_constraints\n"
            "  20260101000005_more_validate\n"
            "  20260101000006_more_not_null\n");
  EXPECT_EQ(names_in("migrations").size(), 4 * 7 + 1u);
  EXPECT_EQ(read("migrations/20260101000003_more_indexes.sqlite.up.sql"),
            "-- Nothing to do: 20260101000001_more makes the tables as they "
            "are after this.\n-- schemagen: compatible\n");
  EXPECT_EQ(read("migrations/20260101000003_more_indexes.postgres.down.sql"),
            "-- Part 3 of 6 of 20260101000001_more, each without long locks.\n"
            "-- Builds and drops indexes while rows are read and written.\n"
            "-- Takes back what the up script did:\n"
            "--   drop unique user (email)\n"
            "-- schemagen: no-transaction\n\n"
            "-- drop unique user_email_key of user\n"
            "ALTER TABLE \"user\"\n  DROP CONSTRAINT \"user_email_key\";\n");
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
  EXPECT_EQ(findings_, "");
  EXPECT_EQ(run(&run_generate).text,
            "nothing to do: the entities are as the snapshot says\n");
}

TEST_F(CommandsTest, generate_amends_all_migrations_of_an_online_form) {
  write_project("postgres");
  declare_user();
  run(&run_generate, named("first"));
  declare({member("id", int64(), 5),
           member("email", text(), 6, {{"unique", yes()}, {"index", yes()}}),
           member("age", int32(), 7, {{"backfill", str("7")}})});
  Arguments amend = named("more");
  amend.online = true;
  run(&run_generate, amend);
  const Tree online = tree();
  amend.amend = true;
  EXPECT_EQ(run(&run_generate, amend).code, kDone) << findings_;
  EXPECT_EQ(tree(), online);
  amend.online = false;
  EXPECT_EQ(run(&run_generate, amend).code, kDone) << findings_;
  EXPECT_EQ(names_in("migrations").size(), 5u);
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
  amend.online = true;
  run(&run_generate, amend);
  declare_user();
  run(&run_generate, amend);
  EXPECT_EQ(names_in("migrations").size(), 3u);
}

TEST_F(CommandsTest, generate_refuses_online_where_no_engine_has_it) {
  declare_user();
  Arguments online;
  online.online = true;
  const Tree before = tree();
  EXPECT_EQ(run(&run_generate, online).code, kUsage);
  EXPECT_EQ(findings_,
            "error: --online is of no use, because none of the target's "
            "DIALECTS has such a form; leave it out [no-online-form]\n");
  EXPECT_EQ(tree(), before);
}

TEST_F(CommandsTest, an_amended_migration_whose_name_was_derived_gets_another) {
  declare_user_with_nick();
  run(&run_generate, named("first"));
  declare({member("id", int64(), 5), member("email", text(), 6),
           member("alias", optional(text()), 7)});
  Arguments rename;
  rename.consents.renames = {"user.nick=alias"};
  EXPECT_EQ(run(&run_generate, rename).code, kDone) << findings_;
  EXPECT_NE(read("migrations/20260101000001_rename_user_nick_to_alias.up.sql"),
            "");
  declare({member("id", int64(), 5), member("email", text(), 6),
           member("nick", optional(text()), 7),
           member("age", optional(int32()), 8)});
  Arguments amend;
  amend.amend = true;
  EXPECT_EQ(run(&run_generate, amend).code, kDone) << findings_;
  EXPECT_NE(read("migrations/20260101000001_add_user_age.up.sql"), "");
  EXPECT_EQ(names_in("migrations").size(), 5u);
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
}

TEST_F(CommandsTest, a_header_that_has_no_end_is_not_scanned) {
  write_project("sqlite", ", \"source_dir\": \"" + root_.string() + "\"");
  ASSERT_EQ(mkfifo((root_ / "user.hpp").c_str(), 0600), 0);
  environment_.scan = [](const Project&, const auto&, Diagnostics&) {
    ADD_FAILURE() << "the scanner would wait";
    return Scanned{};
  };
  for (const auto command : {&run_scan, &run_check, &run_generate}) {
    EXPECT_EQ(run(command).code, kUsage);
    EXPECT_EQ(findings_,
              "user.hpp: error: cannot be read: it is a pipe; check the path "
              "and its permissions [cannot-read]\n");
  }
}

TEST_F(CommandsTest, check_tells_drift_at_the_member) {
  declare_user();
  run(&run_generate);
  declare({member("id", int64(), 5), member("email", optional(text()), 6),
           member("nick", text(), 7)});
  EXPECT_EQ(run(&run_check).code, kFindings);
  EXPECT_NE(findings_.find("user.hpp:6:3: error: column user.email of "
                           "app::User differs: optional no -> yes; run: cmake "
                           "--build build --target "
                           "app_schemagen_generate [drift]\n"),
            std::string::npos)
      << findings_;
  EXPECT_NE(findings_.find("user.hpp:7:3: error: column user.nick of "
                           "app::User is new; run: "),
            std::string::npos)
      << findings_;
}

TEST_F(CommandsTest, check_tells_a_model_that_depends_on_the_configuration) {
  declare_user();
  run(&run_generate, named("first"));
  const std::string project = read("build/schemagen/app/project.json");
  fs::remove(root_ / "build/schemagen/app/project.json");
  write("build/schemagen/app/project.Debug.json", project);
  write("build/schemagen/app/project.Release.json", project);
  environment_.scan = [this](const Project& asked, const auto&, Diagnostics&) {
    if (asked.config == "Release") declare_user_with_nick();
    if (asked.config == "Debug") declare_user();
    return Scanned{true, declarations_, {}};
  };
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
  Arguments release;
  release.project.config = "Release";
  EXPECT_EQ(run(&run_check, release).code, kFindings);
  EXPECT_EQ(findings_,
            "user.hpp:7:3: error: the entities of Release differ here from "
            "those of Debug, and one snapshot serves both; declare the same in "
            "every configuration [configurations-differ]\n");
}

TEST_F(CommandsTest, verify_does_not_blame_a_script_for_a_server) {
  declare_user();
  write_project("postgres");
  run(&run_generate, named("first"));
  Arguments url;
  url.url = "postgresql://nobody@127.0.0.1:1/none";
  const Outcome outcome = run(&run_verify, url);
  EXPECT_EQ(outcome.code, kUsage);
  const auto found = outcome.diagnostics.sorted();
  ASSERT_EQ(found.size(), 1u) << findings_;
  EXPECT_EQ(found[0].id, "not-verified");
  EXPECT_EQ(found[0].at.file, "");
  EXPECT_EQ(findings_.find("error: postgres was not tried, because no scratch "
                           "database could be made (cannot connect"),
            0u)
      << findings_;
}

TEST_F(CommandsTest, an_annotation_tells_what_its_notes_say) {
  Diagnostic error;
  error.id = "replay-differs";
  error.message = "leads elsewhere";
  error.at = {"a.sql", 0, 0};
  error.notes.push_back(
      {Severity::note, error.id, "table t: missing", {"a.sql", 0, 0}, {}, {}});
  error.notes.push_back(
      {Severity::note, error.id, "recorded here", {"s.json", 7, 1}, {}, {}});
  EXPECT_EQ(to_github({error}),
            "::error file=a.sql,title=replay-differs::leads elsewhere%0Atable "
            "t: missing%0As.json:7: recorded here\n");
}

TEST_F(CommandsTest, verify_fails_where_a_dialect_cannot_be_tried) {
  declare_user();
  write_project("postgres");
  run(&run_generate, named("first"));
  variables_["SCHEMAGEN_POSTGRES_BIN"] = root_.string();
  EXPECT_EQ(run(&run_verify).code, kUsage);
  EXPECT_EQ(findings_,
            "error: postgres was not tried, because SCHEMAGEN_POSTGRES_BIN "
            "is " +
                root_.string() +
                ", where no initdb is; give a server with --url, or install "
                "PostgreSQL (initdb) on this machine [not-verified]\n");

  Arguments skipping;
  skipping.skipped = {"postgres"};
  const Outcome outcome = run(&run_verify, skipping);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(outcome.text, "postgres: not tried, as --skip asks\n");

  skipping.skipped = {"sqlite"};
  EXPECT_EQ(run(&run_verify, skipping).code, kUsage);
  EXPECT_EQ(findings_,
            "error: --skip sqlite is none of the target's DIALECTS; "
            "leave it out [bad-dialect]\n");
}

TEST_F(CommandsTest, check_only_warns_where_the_project_asks_for_that) {
  declare_user();
  run(&run_generate);
  declare_user_with_nick();
  write_project("sqlite", ", \"on_drift\": \"WARN\"");
  EXPECT_EQ(run(&run_check).code, kDone);
  EXPECT_NE(findings_.find("warning: column user.nick"), std::string::npos)
      << findings_;
  EXPECT_EQ(run(&run_verify).code, kFindings) << "CI is not the build";
  EXPECT_NE(findings_.find("error: column user.nick"), std::string::npos)
      << findings_;
}

TEST_F(CommandsTest, check_prints_the_first_command_where_there_is_nothing) {
  declare_user();
  EXPECT_EQ(run(&run_check).code, kFindings);
  EXPECT_EQ(findings_,
            "migrations: error: has no migration yet; write the first one, "
            "run: cmake --build build --target app_schemagen_generate "
            "[no-snapshot]\n");
  EXPECT_FALSE(fs::exists(root_ / "migrations"));
}

TEST_F(CommandsTest, check_replays_a_hand_edit_that_leads_elsewhere) {
  declare_user();
  run(&run_generate, named("first"));
  const std::string path = "migrations/20260101000000_first.up.sql";
  std::string up = read(path);
  write(path, up + "\nALTER TABLE \"user\" ADD COLUMN \"extra\" TEXT;\n");
  EXPECT_EQ(run(&run_check).code, kFindings);
  EXPECT_NE(findings_.find("[edited-migration]"), std::string::npos);
  EXPECT_EQ(run(&run_accept).code, kFindings);
  EXPECT_NE(findings_.find("extra"), std::string::npos) << findings_;
  write(path, "-- reviewed\n" + up);
  EXPECT_EQ(run(&run_accept).code, kDone) << findings_;
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
}

TEST_F(CommandsTest, check_names_the_place_of_sql_that_sqlite_refuses) {
  declare_user();
  run(&run_generate, named("first"));
  write("migrations/20260101000000_first.up.sql",
        "SELECT 1;\n\n  INSERT INTO nobody VALUES (1);\n");
  EXPECT_EQ(run(&run_accept).code, kFindings);
  EXPECT_NE(findings_.find("20260101000000_first.up.sql:3:"), std::string::npos)
      << findings_;
  EXPECT_NE(findings_.find("no such table: nobody"), std::string::npos);
}

TEST_F(CommandsTest, new_is_red_until_it_is_accepted) {
  declare_user();
  run(&run_generate, named("first"));
  EXPECT_EQ(run(&run_new, named("views")).code, kDone) << findings_;
  EXPECT_EQ(run(&run_check).code, kFindings);
  write("migrations/20260101000001_views.up.sql",
        "CREATE VIEW emails AS SELECT email FROM \"user\";\n");
  write("migrations/20260101000001_views.down.sql", "DROP VIEW emails;\n");
  EXPECT_EQ(run(&run_accept).code, kDone) << findings_;
  const Outcome check = run(&run_check);
  EXPECT_EQ(check.code, kDone) << findings_;
  EXPECT_NE(check.text.find("not compared: sqlite: "), std::string::npos)
      << check.text;
}

TEST_F(CommandsTest, verify_goes_up_down_and_up_again) {
  declare_user();
  run(&run_generate, named("first"));
  declare_user_with_nick();
  run(&run_generate, named("nick"));
  const Outcome outcome = run(&run_verify);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(outcome.text,
            "sqlite: 2 migrations up, down and up again, which is as wanted\n");
  std::ofstream(root_ / "migrations/20260101000001_nick.down.sql")
      << "SELECT 1;\n";
  EXPECT_EQ(run(&run_accept).code, kDone) << findings_;
  EXPECT_EQ(run(&run_verify).code, kFindings);
  EXPECT_NE(findings_.find("[replay"), std::string::npos) << findings_;
}

/// One migration without a way back says nothing about those of the others.
TEST_F(CommandsTest, verify_tries_each_way_back_that_there_is) {
  declare_user();
  run(&run_generate, named("first"));
  declare_user_with_nick();
  run(&run_generate, named("nick"));
  run(&run_new, named("fill"));
  write("migrations/20260101000002_fill.up.sql",
        "UPDATE \"user\" SET nick = email;\n");
  run(&run_new, named("more"));
  write("migrations/20260101000003_more.down.sql",
        "-- schemagen: nothing to undo\n");
  EXPECT_EQ(run(&run_accept).code, kDone) << findings_;
  Outcome outcome = run(&run_verify);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(outcome.text,
            "sqlite: 4 migrations up, 3 of them down and up again, which is as "
            "wanted\nsqlite: not tried, because it has no down script: "
            "20260101000002_fill\n");

  write("migrations/20260101000001_nick.down.sql",
        "-- schemagen: nothing to undo\n");
  EXPECT_EQ(run(&run_accept).code, kDone) << findings_;
  outcome = run(&run_verify);
  EXPECT_EQ(outcome.code, kFindings);
  EXPECT_EQ(findings_.substr(0, findings_.find('\n')),
            "migrations/20260101000001_nick.down.sql: error: the down script "
            "does not lead back to where its up began on sqlite; mend the "
            "scripts, what they leave is told below [replay-differs]");
}

class LostServer : public CommandsTest {
 protected:
  void write_what_ends_its_server() {
    write_project("postgres");
    declare_user();
    run(&run_generate, named("first"));
    write("migrations/20260101000000_first.up.sql",
          read("migrations/20260101000000_first.up.sql") +
              "SELECT pg_terminate_backend(pg_backend_pid());\n");
  }

  static constexpr const char* kGaveUp =
      "error: postgres was not tried to the end, because its scratch database "
      "gave up (terminating connection due to administrator command); run this "
      "again when it can be had [not-verified]\n";
};

/// Nobody could mend a script so that the server stays.
TEST_F(LostServer, verify_does_not_blame_a_script_for_a_lost_connection) {
  write_what_ends_its_server();
  variables_["SCHEMAGEN_POSTGRES_BIN"] = root_.string();
  EXPECT_EQ(run(&run_accept).code, kDone) << findings_;
  Arguments arguments;
  arguments.url =
      ::schemagen::test::PostgresServer::instance().create_database();
  EXPECT_EQ(run(&run_verify, arguments).code, kUsage);
  EXPECT_EQ(findings_, kGaveUp);
}

/// Nor is it a finding of `accept`, which starts a server of its own.
TEST_F(LostServer, accept_does_not_blame_a_script_for_a_lost_connection) {
  write_what_ends_its_server();
  const auto before = tree();
  EXPECT_EQ(run(&run_accept).code, kUsage);
  EXPECT_EQ(findings_, kGaveUp);
  EXPECT_EQ(tree(), before);
}

/// An empty variable in a script of CI must not mean "no server".
TEST_F(CommandsTest, an_empty_url_is_refused) {
  for (const char* command : {"verify", "diff"}) {
    const char* const words[] = {"schemagen", command, "--url", ""};
    testing::internal::CaptureStderr();
    EXPECT_EQ(run_command_line(4, words, environment_), kUsage);
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "schemagen: error: --url: is empty; write "
              "postgresql://USER@HOST/DATABASE; `schemagen " +
                  std::string(command) +
                  " --help` shows what there is "
                  "[usage]\n");
  }
}

TEST_F(CommandsTest, says_that_files_were_written_where_it_cannot_say_more) {
  declare_user();
  const Outcome outcome = run(&run_generate, named("first"));
  const int before = ::dup(STDOUT_FILENO);
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ::dup2(full, STDOUT_FILENO);
  testing::internal::CaptureStderr();
  EXPECT_EQ(print_outcome(outcome, {}, false), kUsage);
  ::dup2(before, STDOUT_FILENO);
  ::close(before);
  ::close(full);
  std::clearerr(stdout);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "schemagen: error: standard output cannot be written, but the "
            "command's files were; see what has changed, and free space or "
            "check the pipe [cannot-write]\n");
}

TEST_F(CommandsTest, embed_writes_only_what_changed) {
  declare_user();
  run(&run_generate);
  Arguments build;
  build.stamp = (root_ / "out/check.stamp").string();
  build.depfile = (root_ / "out/check.d").string();
  EXPECT_EQ(run(&run_embed, build).code, kDone) << findings_;
  const fs::path source = root_ / "out/embedded_migrations.cpp";
  const auto old = fs::last_write_time(source) - std::chrono::hours(1);
  fs::last_write_time(source, old);
  fs::last_write_time(build.stamp, old);
  EXPECT_EQ(run(&run_embed, build).code, kDone) << findings_;
  EXPECT_EQ(fs::last_write_time(source), old);
  EXPECT_NE(fs::last_write_time(build.stamp), old);
  const std::string rule = without_root(read("out/check.d"));
  EXPECT_NE(rule.find("out/check.stamp: \\\n  user.hpp"), std::string::npos)
      << rule;
  EXPECT_NE(rule.find("schema.snapshot.json"), std::string::npos) << rule;
}

TEST_F(CommandsTest, embed_leaves_no_stamp_when_there_is_drift) {
  declare_user();
  Arguments build;
  build.stamp = (root_ / "out/check.stamp").string();
  EXPECT_EQ(run(&run_embed, build).code, kFindings);
  EXPECT_FALSE(fs::exists(root_ / "out"));
}

TEST_F(CommandsTest, embed_generates_first_where_the_project_asks_for_that) {
  declare_user();
  write_project("sqlite", ", \"on_drift\": \"GENERATE\"");
  EXPECT_EQ(run(&run_embed).code, kDone) << findings_;
  EXPECT_EQ(names_in("migrations").size(), 3u);
}

TEST_F(CommandsTest, embed_says_loudly_that_it_skips_the_check) {
  declare_user();
  run(&run_generate);
  declare_user_with_nick();
  variables_["SCHEMAGEN_SKIP_CHECK"] = "1";
  EXPECT_EQ(run(&run_embed).code, kDone);
  EXPECT_EQ(findings_,
            "migrations: warning: SCHEMAGEN_SKIP_CHECK is on, so drift and "
            "edited scripts go unnoticed; switch it off again "
            "[check-skipped]\n");
}

TEST_F(CommandsTest, diff_is_silent_and_done_when_nothing_differs) {
  declare_user();
  EXPECT_EQ(run(&run_diff).code, kFindings);
  run(&run_generate);
  const Outcome outcome = run(&run_diff);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(outcome.text, "");
}

/// Both branches add a column; git leaves the snapshot in conflict.
TEST_F(CommandsTest, rebase_puts_mine_on_top_after_a_merge) {
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<Member> members = {member("id", int64(), 5)};
    int line = 6;
    for (const std::string& name : more) {
      members.push_back(member(name, optional(text()), line++));
    }
    declare(std::move(members));
  };
  const Tree theirs = merge([&] { with({}); }, [&] { with({"theirs"}); },
                            [&] { with({"mine"}); });
  const std::string snapshot = "migrations/schema.snapshot.json";
  with({"mine", "theirs"});
  EXPECT_EQ(run(&run_check).code, kUsage);

  // A merge that mixed both outside of its markers is seen through.
  const std::string whole = read(snapshot);
  std::string mixed = theirs.at(snapshot);
  const std::size_t column = mixed.find("        {\"name\": \"theirs\"");
  ASSERT_NE(column, std::string::npos) << mixed;
  std::string line =
      mixed.substr(column, mixed.find('\n', column) + 1 - column);
  line.replace(line.find("theirs"), 6, "mine");
  mixed.insert(column, line.substr(0, line.find('}') + 1) + ",\n");
  write(snapshot, mixed + "<<<<<<< HEAD\n=======\n>>>>>>> main\n");
  const Tree before = tree();
  EXPECT_EQ(run(&run_rebase).code, kUsage);
  EXPECT_EQ(findings_,
            "migrations/schema.snapshot.json: error: is no whole version any "
            "more: the merge mixed both outside of its markers; put the other "
            "branch's version here, then run `schemagen rebase` again "
            "[merge-unclear]\n");
  EXPECT_EQ(tree(), before);
  write(snapshot, whole);

  EXPECT_EQ(run(&run_rebase).code, kDone) << findings_;
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
  EXPECT_EQ(names_in("migrations")[4], "20260103000001_mine.down.sql");
  EXPECT_EQ(names_in("migrations").size(), 7u);
  EXPECT_EQ(run(&run_verify).code, kDone) << findings_;
}

/// What is written anew are scripts: nobody can write code anew.
TEST_F(CommandsTest, rebase_keeps_code_behind_what_it_writes_anew) {
  const auto with = [&](const char* more) {
    declare({member("id", int64(), 5), member(more, optional(text()), 6)});
  };
  merge([&] { declare({member("id", int64(), 5)}); }, [&] { with("theirs"); },
        [&] { with("mine"); });
  write("migrations/20260102000001_fill.cpp",
        "SCHEMAGEN_MIGRATION(20260102000001, fill) {\n"
        "  constexpr int revision = 1;\n};\n");
  // No longer what the script was written for.
  declare({member("id", int64(), 5), member("theirs", optional(text()), 6),
           member("mine", optional(int64()), 7)});
  const Outcome outcome = run(&run_rebase);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(outcome.text.substr(0, outcome.text.find('\n')),
            "wrote one migration anew for those of mine: the up scripts do not "
            "lead to the snapshot on sqlite");
  EXPECT_EQ(names_in("migrations")[4], "20260103000001_mine.down.sql");
  EXPECT_EQ(names_in("migrations")[6], "20260103000002_fill.cpp");
  EXPECT_EQ(read("migrations/20260103000002_fill.cpp"),
            "SCHEMAGEN_MIGRATION(20260103000002, fill) {\n"
            "  constexpr int revision = 1;\n};\n");
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
}

/// `fill` has no way back, which is no fault of it.
TEST_F(CommandsTest, rebase_keeps_a_script_without_a_way_back) {
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<Member> members = {member("id", int64(), 5)};
    for (const std::string& name : more) {
      members.push_back(member(name, optional(text()), 6));
    }
    declare(std::move(members));
  };
  merge([&] { with({}); }, [&] { with({"theirs"}); }, [&] { with({"mine"}); });
  const std::string fill = "UPDATE \"user\" SET mine = 'x';\n";
  write("migrations/20260102000001_fill.up.sql", fill);
  with({"mine", "theirs"});
  const Outcome outcome = run(&run_rebase);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(outcome.text.substr(0, outcome.text.find('\n')),
            "kept the scripts, which still lead to the model");
  EXPECT_EQ(read("migrations/20260103000002_fill.up.sql"), fill);
  EXPECT_EQ(run(&run_verify).code, kDone) << findings_;
}

/// Both branches take the same column away, so the script of mine that does it
/// cannot stay; what a person wrote behind it does.
TEST_F(CommandsTest, rebase_replaces_only_what_was_generated) {
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<Member> members = {member("id", int64(), 5)};
    for (const std::string& name : more) {
      members.push_back(member(name, optional(text()), 6));
    }
    declare(std::move(members));
  };
  Arguments drop;
  drop.consents.drops = {"user.old"};
  merge([&] { with({"old"}); }, [&] { with({}); }, [&] { with({"mine"}); },
        drop);
  const std::string fill = "UPDATE \"user\" SET mine = 'x';\n";
  write("migrations/20260102000001_fill.up.sql", fill);
  write("migrations/20260102000001_fill.down.sql",
        "UPDATE \"user\" SET mine = NULL;\n");
  const Outcome outcome = run(&run_rebase);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(outcome.text.substr(outcome.text.find("kept")),
            "kept migrations/20260102000001_fill.down.sql behind the rest\n"
            "kept migrations/20260102000001_fill.up.sql behind the rest\n"
            "mine are those of \"ours\", which is HEAD; those of \"theirs\" "
            "stay\n"
            "removed migrations/20260102000000_mine.down.sql\n"
            "removed migrations/20260102000000_mine.up.sql\n"
            "removed migrations/20260102000001_fill.down.sql\n"
            "removed migrations/20260102000001_fill.up.sql\n"
            "wrote migrations/20260103000001_mine.up.sql\n"
            "wrote migrations/20260103000001_mine.down.sql\n"
            "wrote migrations/20260103000002_fill.down.sql\n"
            "wrote migrations/20260103000002_fill.up.sql\n");
  EXPECT_EQ(read("migrations/20260103000002_fill.up.sql"), fill);
  EXPECT_EQ(run(&run_verify).code, kDone) << findings_;
}

TEST_F(CommandsTest, rebase_takes_away_what_both_branches_generated) {
  merge([&] { declare_user_with_nick(); }, [&] { declare_user(); },
        [&] { declare_user(); }, drop_nick());
  const Outcome outcome = run(&run_rebase);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(outcome.text,
            "took away those of mine that were generated, because the others "
            "lead to the model\n"
            "mine are those of \"ours\", which is HEAD; those of \"theirs\" "
            "stay\n"
            "removed migrations/20260102000000_mine.down.sql\n"
            "removed migrations/20260102000000_mine.up.sql\n");
  EXPECT_EQ(run(&run_verify).code, kDone) << findings_;
}

/// By id alone `fill` would pass for the generated one beside it.
TEST_F(CommandsTest, rebase_tells_two_of_mine_with_one_id_apart) {
  merge([&] { declare_user_with_nick(); }, [&] { declare_user(); },
        [&] { declare_user(); }, drop_nick());
  const std::string fill = "UPDATE \"user\" SET email = 'x';\n";
  write("migrations/20260102000000_fill.up.sql", fill);
  const Outcome outcome = run(&run_rebase);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(read("migrations/20260103000001_fill.up.sql"), fill);
  EXPECT_EQ(names_in("migrations").size(), 6u);
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
}

/// Written anew, the edit would be lost; on top, it cannot run.
TEST_F(CommandsTest, rebase_refuses_to_write_over_an_edit) {
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<Member> members = {member("id", int64(), 5)};
    for (const std::string& name : more) {
      members.push_back(member(name, optional(text()), 6));
    }
    declare(std::move(members));
  };
  merge([&] { with({}); }, [&] { with({"both"}); },
        [&] {
          with({"both", "mine"});
        });
  const std::string script = "migrations/20260102000000_mine.up.sql";
  write(script, read(script) + "UPDATE \"user\" SET mine = 'x';\n");
  const Tree before = tree();
  const Outcome refused = run(&run_rebase);
  EXPECT_EQ(refused.code, kFindings);
  EXPECT_EQ(refused.text, "");
  EXPECT_EQ(
      findings_,
      "migrations/20260102000000_mine.up.sql: error: was written or edited by "
      "hand, so nothing may take its place, but the scripts do not lead to the "
      "model on top of the other migrations (20260102000000_mine.up.sql: "
      "sqlite refuses it: duplicate column name: both); mend that, or delete "
      "the files of this migration if `schemagen generate` can write them "
      "anew, then run `schemagen rebase` again [cannot-rebase]\n");
  EXPECT_EQ(tree(), before);

  write(script,
        "ALTER TABLE \"user\" ADD COLUMN \"mine\" TEXT;\n"
        "UPDATE \"user\" SET mine = 'x';\n");
  write("migrations/20260102000000_mine.down.sql",
        "ALTER TABLE \"user\" DROP COLUMN \"mine\";\n");
  EXPECT_EQ(run(&run_rebase).code, kDone) << findings_;
  EXPECT_EQ(run(&run_verify).code, kDone) << findings_;
  // It is no more the generator's own after that.
  Arguments amend;
  amend.amend = true;
  EXPECT_EQ(run(&run_generate, amend).code, kUsage);
  EXPECT_NE(findings_.find("[nothing-to-amend]"), std::string::npos)
      << findings_;
}

/// Committed markers: their upper part was HEAD, but of a merge or of a rebase?
TEST_F(CommandsTest, rebase_asks_whose_is_what_git_has_forgotten) {
  merge([&] { declare_user_with_nick(); }, [&] { declare_user(); },
        [&] { declare_user(); }, drop_nick());
  ASSERT_EQ(std::system(("git init -q " + root_.string()).c_str()), 0);
  const Tree before = tree();
  EXPECT_EQ(run(&run_rebase).code, kUsage);
  EXPECT_EQ(findings_,
            "migrations/schema.snapshot.json: error: has the marks of a "
            "conflict, and git does not know any more whose migrations are in "
            "which part; run `schemagen rebase --mine ours` if nobody else has "
            "those of the upper part, else `--mine theirs` [merge-unclear]\n");
  EXPECT_EQ(tree(), before);
  Arguments ours;
  ours.mine = "ours";
  EXPECT_EQ(run(&run_rebase, ours).code, kDone) << findings_;
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
}

/// A trial that was cut off says nothing of the scripts.
TEST_F(CommandsTest, rebase_replaces_nothing_for_a_lost_connection) {
  write_project("postgres");
  merge([&] { declare_user(); }, [&] { declare_user_with_nick(); },
        [&] {
          declare({member("id", int64(), 5), member("email", text(), 6),
                   member("age", optional(int32()), 7)});
        });
  declare({member("id", int64(), 5), member("email", text(), 6),
           member("age", optional(int32()), 7),
           member("nick", optional(text()), 8)});
  const std::string script = "migrations/20260102000000_mine.up.sql";
  const std::string whole = read(script);
  write(script, whole + "SELECT pg_terminate_backend(pg_backend_pid());\n");
  const Tree before = tree();
  const Outcome outcome = run(&run_rebase);
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_EQ(outcome.text, "");
  EXPECT_EQ(findings_,
            "error: postgres was not tried to the end, because its scratch "
            "database gave up (terminating connection due to administrator "
            "command); run this again when it can be had [not-verified]\n");
  EXPECT_EQ(tree(), before);
  write(script, whole);
  EXPECT_EQ(run(&run_rebase).code, kDone) << findings_;
}

/// Who asked for weak locks must not get one script with strong ones.
TEST_F(CommandsTest, rebase_keeps_the_online_form) {
  write_project("postgres\", \"sqlite");
  variables_["SCHEMAGEN_POSTGRES_BIN"] = root_.string();
  const Member both = member("both", optional(text()), 6);
  const auto with = [&](std::vector<Member> more) {
    more.insert(more.begin(), member("id", int64(), 5));
    declare(std::move(more));
  };
  Arguments online;
  online.online = true;
  merge([&] { with({}); }, [&] { with({both}); },
        [&] {
          with({both, member("age", int32(), 7, {{"backfill", str("7")}})});
        },
        online);
  const Outcome outcome = run(&run_rebase);
  EXPECT_EQ(outcome.code, kDone) << findings_;
  EXPECT_EQ(outcome.text.find("wrote those of mine anew in the online form: "),
            0u)
      << outcome.text;
  const auto names = names_in("migrations");
  const auto has = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  EXPECT_TRUE(has("20260103000001_mine.postgres.up.sql"));
  EXPECT_TRUE(has("20260103000002_mine_fill.postgres.up.sql"));
  EXPECT_NE(read("migrations/20260103000002_mine_fill.postgres.up.sql")
                .find("no-transaction"),
            std::string::npos);
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
}

TEST_F(CommandsTest, a_dialect_that_joins_later_gets_scripts_of_its_own) {
  declare_user();
  run(&run_generate, named("first"));
  declare_user_with_nick();
  run(&run_generate, named("nick"));
  write_project("postgres\", \"sqlite");
  const Tree before = tree();
  EXPECT_EQ(run(&run_check).code, kFindings);
  EXPECT_EQ(findings_,
            "migrations/schema.snapshot.json: error: was made for DIALECTS "
            "sqlite, the target now has postgres sqlite; write their scripts, "
            "run: cmake --build build --target app_schemagen_generate "
            "[dialects-changed]\n");
  EXPECT_EQ(run(&run_accept).code, kFindings);
  EXPECT_EQ(findings_,
            "migrations/20260101000000_first.up.sql: error: was written "
            "before postgres was in DIALECTS; run: cmake --build build "
            "--target app_schemagen_generate [missing-script]\n");
  EXPECT_EQ(tree(), before);
  EXPECT_EQ(run(&run_generate).code, kDone) << findings_;
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
  EXPECT_NE(read("migrations/20260101000000_first.postgres.up.sql")
                .find("\"nick\" text"),
            std::string::npos);
  EXPECT_EQ(read("migrations/20260101000001_nick.postgres.up.sql"),
            "-- Nothing to do: 20260101000000_first makes the tables as they "
            "are after this.\n-- schemagen: compatible\n");
  EXPECT_EQ(run(&run_generate).text,
            "nothing to do: the entities are as the snapshot says\n");
}

TEST_F(CommandsTest, a_dialect_with_some_scripts_is_left_to_the_user) {
  declare_user();
  run(&run_generate, named("first"));
  declare_user_with_nick();
  run(&run_generate, named("nick"));
  write("migrations/20260101000001_nick.postgres.up.sql", "SELECT 1;\n");
  run(&run_accept);
  write_project("postgres\", \"sqlite");
  const Tree before = tree();
  EXPECT_EQ(run(&run_generate).code, kUsage);
  EXPECT_EQ(findings_,
            "migrations/20260101000000_first.up.sql: error: was written "
            "before postgres was in DIALECTS; add "
            "migrations/20260101000000_first.postgres.up.sql, as other "
            "migrations have it, then run `schemagen accept` "
            "[missing-script]\n");
  EXPECT_EQ(tree(), before);
}

TEST_F(CommandsTest, a_lost_snapshot_comes_back_from_headers_and_scripts) {
  declare_user();
  run(&run_generate, named("first"));
  const std::string snapshot = "migrations/schema.snapshot.json";
  const std::string text = read(snapshot);
  fs::remove(root_ / snapshot);
  const Tree before = tree();
  for (const auto command : {&run_check, &run_generate}) {
    EXPECT_NE(run(command).code, kDone);
    EXPECT_EQ(findings_,
              "migrations/schema.snapshot.json: error: is missing, though "
              "there are migrations; restore it from version control, or run "
              "`schemagen accept` to make it from the headers "
              "[no-snapshot]\n");
  }
  declare_user_with_nick();
  EXPECT_EQ(run(&run_accept).code, kFindings);
  EXPECT_EQ(tree(), before);
  declare_user();
  EXPECT_EQ(run(&run_accept).code, kDone) << findings_;
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
  const std::size_t end = text.find("],\n  \"before\"");
  EXPECT_EQ(read(snapshot), text.substr(0, end) + "]\n}\n");
}

TEST_F(CommandsTest, verify_wants_the_bytes_that_schemagen_writes) {
  declare_user();
  run(&run_generate);
  const std::string snapshot = "migrations/schema.snapshot.json";
  const std::string text = read(snapshot);
  write(snapshot, text + "\n");
  EXPECT_EQ(run(&run_check).code, kDone) << findings_;
  EXPECT_EQ(run(&run_verify).code, kFindings);
  EXPECT_EQ(findings_,
            "migrations/schema.snapshot.json: error: is not as schemagen "
            "writes it; run `schemagen accept`, which writes it anew "
            "[snapshot-not-canonical]\n");
  EXPECT_EQ(run(&run_accept).code, kDone) << findings_;
  EXPECT_EQ(read(snapshot), text);
  EXPECT_EQ(run(&run_verify).code, kDone) << findings_;
}

TEST_F(CommandsTest, what_names_nothing_is_refused) {
  declare_user();
  run(&run_generate, named("first"));
  Arguments url;
  url.url = "postgresql://localhost/scratch";
  EXPECT_EQ(run(&run_verify, url).code, kUsage);
  EXPECT_EQ(findings_,
            "error: --url is of no use, because the target's DIALECTS need "
            "no server; leave it out [bad-url]\n");
  Arguments since;
  since.since = "second";
  EXPECT_EQ(run(&run_lint, since).code, kUsage);
  EXPECT_EQ(findings_,
            "migrations: error: holds no migration \"second\"; "
            "give --since the last released id [unknown-migration]\n");
}

TEST_F(CommandsTest, a_project_is_found_from_the_folders_below_it) {
  fs::create_directories(root_ / "src/deep");
  environment_.working_dir = (root_ / "src/deep").string();
  declare_user();
  EXPECT_EQ(run(&run_generate).code, kDone) << findings_;
}

TEST_F(CommandsTest, the_target_has_to_be_named_when_there_are_several) {
  write("build/schemagen/tool/project.json", "{}");
  EXPECT_EQ(run(&run_check).code, kUsage);
  EXPECT_EQ(findings_,
            "error: several targets have entities; say which one with "
            "--target: app, tool [which-target]\n");
  Arguments typo;
  typo.project.target = "ap";
  EXPECT_EQ(run(&run_check, typo).code, kUsage);
  EXPECT_EQ(findings_,
            "error: no target \"ap\" has entities; did you mean \"app\"? "
            "[which-target]\n");
}

TEST_F(CommandsTest, a_broken_project_file_is_told_by_its_keys) {
  write("build/schemagen/app/project.json", "{\"target\": 3");
  EXPECT_EQ(run(&run_check).code, kUsage);
  EXPECT_EQ(findings_,
            "build/schemagen/app/project.json: error: is not the JSON that "
            "CMake writes; run CMake again [bad-project]\n");
}

}  // namespace
}  // namespace schemagen::gen
