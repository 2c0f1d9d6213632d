// The parts of run_cli that need no database: words, URLs, JSON, reports.
#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/json.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/session.hpp"
#include "cli/url.hpp"

namespace schemagen::cli {
namespace {

Result<Arguments> parse_words(std::initializer_list<const char*> words) {
  std::vector<const char*> argv{"app"};
  argv.insert(argv.end(), words);
  return parse(static_cast<int>(argv.size()), argv.data(), command_table());
}

std::string problem_of(std::initializer_list<const char*> words) {
  const auto parsed = parse_words(words);
  return parsed ? "no problem" : parsed.error().message;
}

TEST(CliArguments, options_stand_before_or_after_the_command) {
  for (const auto& parsed :
       {parse_words({"up", "--url", "sqlite:a.db", "--steps=3", "-q"}),
        parse_words({"-q", "--steps", "3", "--url=sqlite:a.db", "up"})}) {
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->command->name, "up");
    EXPECT_EQ(parsed->url, "sqlite:a.db");
    EXPECT_EQ(parsed->steps, 3u);
    EXPECT_TRUE(parsed->quiet);
  }
}

TEST(CliArguments, times_have_units) {
  const auto parsed =
      parse_words({"up", "--lock-timeout", "2m", "--statement-timeout=500ms",
                   "--statement-lock-timeout", "7"});
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->migrate.lock_timeout, std::chrono::minutes(2));
  EXPECT_EQ(parsed->migrate.statement_timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(parsed->migrate.statement_lock_timeout, std::chrono::seconds(7));
}

TEST(CliArguments, operand_follows_the_command) {
  const auto parsed = parse_words({"repair", "--quiet", "20260101120000"});
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->operand, "20260101120000");
  const auto behind_dashes = parse_words({"baseline", "--", "-odd"});
  ASSERT_TRUE(behind_dashes) << behind_dashes.error().message;
  EXPECT_EQ(behind_dashes->operand, "-odd");
}

TEST(CliArguments, help_and_version_need_no_command) {
  EXPECT_TRUE(parse_words({"--help"})->help);
  EXPECT_TRUE(parse_words({"help"})->help);
  EXPECT_EQ(parse_words({"help", "down"})->command->name, "down");
  EXPECT_TRUE(parse_words({"down", "-h"})->help);
  EXPECT_TRUE(parse_words({"--version"})->version);
}

TEST(CliArguments, mistakes_say_what_to_write) {
  EXPECT_EQ(problem_of({}), "no command given; --help lists the commands");
  EXPECT_EQ(problem_of({"satus"}),
            "unknown command \"satus\"; did you mean \"status\"?");
  EXPECT_EQ(problem_of({"frobnicate"}),
            "unknown command \"frobnicate\"; the commands are up, down, redo, "
            "status, pending, history, plan, baseline, repair, verify, wait");
  EXPECT_EQ(problem_of({"status", "--jsn"}),
            "unknown option \"--jsn\"; did you mean \"--json\"?");
  EXPECT_EQ(problem_of({"up", "--too", "20260101120000"}),
            "unknown option \"--too\"; did you mean \"--to\"?");
  EXPECT_EQ(problem_of({"up", "--zzzzzzzzz"}),
            "unknown option \"--zzzzzzzzz\"; --help lists the options");
  EXPECT_EQ(problem_of({"status", "--steps", "1"}),
            "\"status\" does not take --steps; \"status --help\" lists what it "
            "takes");
  EXPECT_EQ(problem_of({"up", "20260101120000"}),
            "\"up\" does not take \"20260101120000\"; leave it out");
  EXPECT_EQ(problem_of({"repair"}),
            "\"repair\" needs a migration's id; write repair ID");
  EXPECT_EQ(problem_of({"up", "--to"}),
            "--to needs a migration's id; write --to ID");
  EXPECT_EQ(problem_of({"up", "--to", ""}),
            "--to takes a migration's id, not \"\"");
  EXPECT_EQ(problem_of({"up", "--quiet=yes"}),
            "--quiet takes no value; write --quiet");
}

TEST(CliArguments, a_misplaced_url_is_not_repeated) {
  const char* url = "postgresql://bob:s3cret@db/app";
  const std::string place =
      "a database URL stands behind --url; write --url URL";
  EXPECT_EQ(problem_of({"up", url}), place);
  EXPECT_EQ(problem_of({url, "up"}), place);
  EXPECT_EQ(problem_of({"baseline", url}), place);
  EXPECT_EQ(problem_of({"up", "--to", url}),
            "--to takes a migration's id, not a URL");
  EXPECT_EQ(problem_of({"up", "--history-table", url}),
            "--history-table takes a table's name, not a URL");
  EXPECT_EQ(problem_of({"wait", "--timeout", url}),
            "--timeout takes a time such as 30s, 500ms or 2m, not a URL");
}

TEST(CliArguments, numbers_and_times_are_read_strictly) {
  for (const char* steps : {"0", "-1", "1.5", "ten", "99999999999999999999"}) {
    EXPECT_EQ(
        problem_of({"down", "--steps", steps}),
        std::string("--steps takes a number from 1, not \"") + steps + '"');
  }
  EXPECT_EQ(problem_of({"wait", "--timeout", "1h"}),
            "--timeout takes a time such as 30s, 500ms or 2m, not \"1h\"");
  EXPECT_EQ(problem_of({"wait", "--timeout", "60000m"}),
            "--timeout takes a time such as 30s, 500ms or 2m, not \"60000m\"");
}

TEST(CliArguments, options_that_exclude_each_other_are_refused) {
  EXPECT_EQ(problem_of({"down", "--all", "--steps", "2"}),
            "--to, --steps and --all say different ends; give one of them");
  EXPECT_EQ(problem_of({"status", "--json", "--prometheus"}),
            "--json and --prometheus exclude each other; give one");
}

TEST(CliArguments, help_lists_only_the_options_of_its_command) {
  const auto parsed = parse_words({"wait", "--help"});
  EXPECT_EQ(help("app", command_table(), parsed->command, "sqlite:FILE"),
            "usage: app wait [OPTIONS]\n\nwait until the database accepts "
            "connections\n\noptions:\n"
            "  --url URL                     the database (default: the "
            "environment's DATABASE_URL)\n"
            "  --timeout TIME                give up after this time (default: "
            "60s)\n"
            "  --json                        report as JSON\n"
            "  --quiet, -q                   print errors only\n"
            "  --history-table NAME          the table of applied migrations "
            "(default: schemagen_migrations)\n"
            "  --history-schema NAME         the schema of that table "
            "(PostgreSQL)\n"
            "  --help, -h                    print this help\n"
            "URL is sqlite:FILE.\n"
            "Exit codes: 0 done, 1 a migration failed or was refused, 2 usage, "
            "input or environment.\n");
}

Result<std::unique_ptr<Database>> open_nothing(std::string_view) {
  return Error{};
}

constexpr Connector kNothing{open_nothing};
constexpr EmbeddedDialect kBoth[] = {{"sqlite", &kNothing, nullptr, 0},
                                     {"postgres", &kNothing, nullptr, 0}};
constexpr MigrationSet kSqliteOnly{"app", kBoth, 1};
constexpr MigrationSet kBothSet{"app", kBoth, 2};

std::string url_problem(std::string_view url,
                        const MigrationSet& set = kBothSet) {
  const auto target = find_target(set, url);
  return target ? "no problem" : target.error().message;
}

TEST(CliUrl, scheme_chooses_the_dialect) {
  EXPECT_STREQ(find_target(kBothSet, "sqlite:a.db")->dialect->dialect,
               "sqlite");
  for (const char* url : {"postgresql://h/d", "postgres://h/d",
                          "POSTGRESQL://h/d", "postgresql:///d?host=/tmp"}) {
    EXPECT_STREQ(find_target(kBothSet, url)->dialect->dialect, "postgres");
  }
}

TEST(CliUrl, a_driver_gets_its_scheme_in_lower_case) {
  EXPECT_EQ(find_target(kBothSet, "POSTGRESQL://Bob@Host/App")->url,
            "postgresql://Bob@Host/App");
}

TEST(CliUrl, other_schemes_are_refused_with_those_that_would_do) {
  EXPECT_EQ(url_problem("mysql://root:pw@h/d"),
            "this program cannot open \"mysql:\" databases; write sqlite:FILE "
            "or postgresql://USER@HOST/DATABASE");
  EXPECT_EQ(url_problem("postgresql://h/d", kSqliteOnly),
            "this program cannot open \"postgresql:\" databases; write "
            "sqlite:FILE");
  EXPECT_EQ(url_problem("host=h password=pw", kSqliteOnly),
            "the database URL names no kind of database; write sqlite:FILE");
  EXPECT_EQ(url_problem("sqlite:"),
            "the database URL names no file; write sqlite:FILE");
  EXPECT_EQ(url_problem("postgresql:pw"),
            "the database URL is incomplete; write "
            "postgresql://USER@HOST/DATABASE");
}

TEST(CliUrl, password_and_parameters_are_not_shown) {
  EXPECT_EQ(find_target(kBothSet,
                        "postgresql://bob:s3cret@db:5432/app?sslpassword=pw")
                ->shown,
            "postgresql://bob@db:5432/app");
  EXPECT_EQ(find_target(kBothSet, "postgresql:///app?host=/tmp")->shown,
            "postgresql:///app");
  EXPECT_EQ(find_target(kBothSet, "sqlite:file:a.db?key=s3cret")->shown,
            "sqlite:file:a.db");
  EXPECT_EQ(find_target(kBothSet, "sqlite:a?key=b")->shown, "sqlite:a?key=b");
}

TEST(CliUrl, password_that_would_fall_apart_is_refused_unseen) {
  for (const char* url :
       {"postgresql://bob:p@ss@db/app", "postgresql://bob:p/ss@db/app",
        "postgresql://bob:p?ss@db/app"}) {
    EXPECT_EQ(url_problem(url),
              "the user or password of the database URL holds a character "
              "with a meaning of its own; write @ as %40, : as %3A, / as %2F, "
              "? as %3F and # as %23");
  }
}

TEST(CliUrl, a_limit_for_connecting_is_added_where_none_is) {
  using std::chrono::seconds;
  EXPECT_EQ(with_connect_timeout("postgresql://h/d", seconds(7)),
            "postgresql://h/d?connect_timeout=7");
  EXPECT_EQ(with_connect_timeout("postgresql:///d?host=/tmp", seconds(0)),
            "postgresql:///d?host=/tmp&connect_timeout=1");
  EXPECT_EQ(
      with_connect_timeout("postgres://h/d?connect_timeout=3", seconds(7)),
      "postgres://h/d?connect_timeout=3");
  EXPECT_EQ(with_connect_timeout("sqlite:a.db", seconds(7)), "sqlite:a.db");
}

TEST(CliUrl, secrets_are_masked_in_any_text) {
  const std::string_view url =
      "postgresql://bob:s%40crt@db/app?sslpassword=k%65y";
  EXPECT_EQ(without_secrets("got s%40crt, s@crt, k%65y and key", url),
            "got ***, ***, *** and ***");
  EXPECT_EQ(without_secrets("nothing here", "sqlite:a.db"), "nothing here");
  EXPECT_EQ(without_secrets("s3cret and beef",
                            "sqlite:file:a.db?key=s3cret&"
                            "hexkey=beef"),
            "*** and ***");
  EXPECT_EQ(without_secrets("cannot open a, 'a' or a_b", "postgresql://b:a@h"),
            "cannot open ***, '***' or a_b");
}

TEST(CliJson, commas_and_escapes_are_right) {
  Json json;
  json.open_object().key("a").open_array().number(1).text("x").close_array();
  json.key("b").open_object().close_object().key("c").null();
  json.key("d").boolean(true).key("e").text_or_null("").close_object();
  EXPECT_EQ(json.str(), R"({"a":[1,"x"],"b":{},"c":null,"d":true,"e":null})");
  EXPECT_EQ(escape_json("a\"b\\c\n\t\r\x01\x7f/"),
            R"(a\"b\\c\n\t\r\u0001\u007f/)");
}

TEST(CliJson, what_is_not_utf8_becomes_a_replacement_character) {
  EXPECT_EQ(escape_json("gr\xC3\xBC\xC3\x9F \xF0\x9F\x90\x98"),
            "gr\xC3\xBC\xC3\x9F \xF0\x9F\x90\x98");
  const std::string_view broken[] = {
      "\xFC", "\xC3",         "\xC0\x80",
      "\x80", "\xE2\x82",     "\xED\xA0\x80",
      "\xFF", "\xF8\x88\x80", "\xF4\x90\x80\x80"};
  for (std::string_view text : broken) {
    std::string want;
    for (std::size_t i = 0; i < text.size(); ++i) want += "\xEF\xBF\xBD";
    EXPECT_EQ(escape_json(text), want);
  }
}

MigrationState state(MigrationState::Kind kind, std::string id,
                     std::string name, std::string applied_at = {}) {
  MigrationState result;
  result.kind = kind;
  result.id = std::move(id);
  result.name = std::move(name);
  result.applied_at = std::move(applied_at);
  return result;
}

StatusReport sample_report() {
  StatusReport report{"app", "sqlite", "sqlite:a.db", "20260101120000", {}};
  report.states.push_back(state(MigrationState::Kind::applied, "20260101120000",
                                "create_users", "2026-01-01T12:00:00.000000Z"));
  report.states.back().execution_ms = 12;
  report.states.push_back(
      state(MigrationState::Kind::pending, "20260102120000", "add_email"));
  return report;
}

TEST(CliReport, status_for_people) {
  EXPECT_EQ(status_text(sample_report()),
            "app on sqlite:a.db\n"
            "applied  20260101120000  create_users  "
            "2026-01-01T12:00:00.000000Z  12 ms\n"
            "pending  20260102120000  add_email\n"
            "1 applied, 1 pending; the database is at 20260101120000\n");
  StatusReport empty{"app", "sqlite", "sqlite:a.db", "", {}};
  EXPECT_EQ(status_text(empty),
            "app on sqlite:a.db\n"
            "0 applied, 0 pending; nothing is applied yet\n");
}

TEST(CliReport, status_as_json_has_the_keys_of_the_contract) {
  EXPECT_EQ(
      status_json(sample_report(), nullptr),
      R"({"set":"app","database":"sqlite:a.db","dialect":"sqlite",)"
      R"("current_version":"20260101120000","applied_migrations":[)"
      R"({"id":"20260101120000","name":"create_users","state":"applied",)"
      R"("applied_at":"2026-01-01T12:00:00.000000Z","execution_ms":12,)"
      R"("compatible":false}],"pending_migrations":[{"id":"20260102120000",)"
      R"("name":"add_email","state":"pending"}],"last_error":null})"
      "\n");
}

TEST(CliReport, a_half_done_migration_is_pending_and_the_last_error) {
  StatusReport report{"app", "sqlite", "sqlite:a.db", "", {}};
  report.states.push_back(
      state(MigrationState::Kind::started, "20260101120000", "index"));
  report.states.back().error = "no such table: t";
  EXPECT_EQ(status_json(report, nullptr),
            R"({"set":"app","database":"sqlite:a.db","dialect":"sqlite",)"
            R"("current_version":null,"applied_migrations":[],)"
            R"("pending_migrations":[{"id":"20260101120000","name":"index",)"
            R"("state":"started","error":"no such table: t"}],"last_error":)"
            R"({"migration":"20260101120000","message":"no such table: t"}})"
            "\n");
}

TEST(CliReport, status_for_prometheus) {
  EXPECT_EQ(
      status_prometheus(sample_report()),
      "# HELP schemagen_migrations Migrations of the program and of the "
      "database by state.\n"
      "# TYPE schemagen_migrations gauge\n"
      "schemagen_migrations{set=\"app\",state=\"applied\"} 1\n"
      "schemagen_migrations{set=\"app\",state=\"pending\"} 1\n"
      "schemagen_migrations{set=\"app\",state=\"changed\"} 0\n"
      "schemagen_migrations{set=\"app\",state=\"missing\"} 0\n"
      "schemagen_migrations{set=\"app\",state=\"newer\"} 0\n"
      "schemagen_migrations{set=\"app\",state=\"late\"} 0\n"
      "schemagen_migrations{set=\"app\",state=\"started\"} 0\n"
      "# HELP schemagen_current_version Always 1; the label is the newest "
      "applied migration.\n"
      "# TYPE schemagen_current_version gauge\n"
      "schemagen_current_version{set=\"app\",version=\"20260101120000\"} 1\n"
      "# HELP schemagen_migration_failed 1 while a migration stands half-way "
      "with an error.\n"
      "# TYPE schemagen_migration_failed gauge\n"
      "schemagen_migration_failed{set=\"app\"} 0\n"
      "# HELP schemagen_last_applied_timestamp_seconds When the last "
      "migration was applied.\n"
      "# TYPE schemagen_last_applied_timestamp_seconds gauge\n"
      "schemagen_last_applied_timestamp_seconds{set=\"app\"} 1767268800\n");
}

TEST(CliReport, an_error_tells_a_long_run_before_it_by_its_ends) {
  Error error;
  error.message = "it failed";
  for (int id = 1; id <= 9; ++id) {
    error.applied.push_back("2025010112000" + std::to_string(id));
  }
  EXPECT_EQ(error_text(error),
            "error: it failed\n  done before it: 9 migrations, "
            "20250101120001 to 20250101120009\n");
}

TEST(CliReport, an_error_adds_only_what_its_message_leaves_out) {
  Error error;
  error.message = "migration 20260101120000 failed: no such table: t";
  error.migration = "20260101120000";
  error.statement = 2;
  error.line = 5;
  error.column = 3;
  error.database_text = "no such table: t";
  error.applied = {"20250101120000"};
  EXPECT_EQ(error_text(error),
            "error: migration 20260101120000 failed: no such table: t\n"
            "  at: statement 2, line 5, column 3\n"
            "  done before it: 20250101120000\n");
  Error bare;
  bare.message = "it failed";
  bare.migration = "20260101120000";
  bare.database_text = "disk full";
  EXPECT_EQ(error_text(bare),
            "error: it failed\n  migration: 20260101120000\n  database: disk "
            "full\n");
}

TEST(CliReport, exit_codes_tell_migrations_from_surroundings) {
  const auto code_of = [](ErrorCode code, std::string migration = {}) {
    Error error;
    error.code = code;
    error.migration = std::move(migration);
    return exit_code(error);
  };
  EXPECT_EQ(code_of(ErrorCode::database, "20260101120000"), 1);
  EXPECT_EQ(code_of(ErrorCode::database), 2);
  EXPECT_EQ(code_of(ErrorCode::connection, "20260101120000"), 2);
  EXPECT_EQ(code_of(ErrorCode::locked), 2);
  EXPECT_EQ(code_of(ErrorCode::usage), 2);
  for (ErrorCode code :
       {ErrorCode::changed, ErrorCode::missing, ErrorCode::late,
        ErrorCode::newer, ErrorCode::refused}) {
    EXPECT_EQ(code_of(code), 1);
  }
}

TEST(CliReport, runs_say_what_they_did) {
  EXPECT_EQ(run_text(Report{}, "applied"), "nothing to do\n");
  EXPECT_EQ(run_text(Report{}, "undone"), "nothing to undo\n");
  EXPECT_EQ(run_text(Report{{"1"}, {}, {}}, "applied"),
            "1 migration applied\n");
  EXPECT_EQ(run_text(Report{{"1", "2"}, {"3"}, {"users.nick"}}, "undone"),
            "2 migrations undone\nlost: users.nick\nthe database is ahead of "
            "this program by 1 "
            "compatible migration: 3\n");
  EXPECT_EQ(run_json("up", Report{{"1"}, {}, {}}, nullptr),
            "{\"command\":\"up\",\"migrations\":[\"1\"],\"newer\":[],"
            "\"losses\":[],\"error\":null}\n");
}

TEST(CliProgress, bar_fills_from_the_left) {
  EXPECT_EQ(bar_text(0, 4), "[--------------------]");
  EXPECT_EQ(bar_text(1, 4), "[#####---------------]");
  EXPECT_EQ(bar_text(4, 4), "[####################]");
  EXPECT_EQ(bar_text(0, 0), "[--------------------]");
}

}  // namespace
}  // namespace schemagen::cli
