// Every rule by what it finds and by the nearest thing that it leaves alone.
#include "lint/lint.hpp"

#include <gtest/gtest.h>

#include <set>

namespace schemagen::gen {
namespace {

/// The ids of what lint finds in one migration on top of a released one.
std::vector<std::string> find(const std::string& dialect, const std::string& up,
                              Diagnostics* findings = nullptr) {
  Diagnostics own;
  Diagnostics& all = findings == nullptr ? own : *findings;
  Folder empty;
  empty.path = "db";
  const Folder folder =
      with_files(empty, {{"db/20260101000000_a.up.sql", up}}, {dialect}, all);
  lint(folder, prepare(folder, {dialect}, all), 0, {}, all);
  std::vector<std::string> ids;
  for (const Diagnostic& one : all.sorted()) ids.push_back(one.id);
  return ids;
}

using Ids = std::vector<std::string>;

struct Case {
  const char* dialect;
  const char* sql;
  Ids ids;
};

class LintTest : public testing::TestWithParam<Case> {};

TEST_P(LintTest, finds_what_it_should_and_no_more) {
  EXPECT_EQ(find(GetParam().dialect, GetParam().sql), GetParam().ids)
      << GetParam().sql;
}

INSTANTIATE_TEST_SUITE_P(
    Sqlite, LintTest,
    testing::Values(
        Case{"sqlite", "DROP TABLE logs;", {"drop-table"}},
        Case{"sqlite", "DROP TABLE IF EXISTS main.logs;", {"drop-table"}},
        Case{"sqlite", "-- schemagen: rebuild users\nDROP TABLE users;", {}},
        Case{"sqlite", "CREATE TABLE t (a); DROP TABLE \"T\";", {}},
        Case{"sqlite", "SELECT 'DROP TABLE logs'; -- DROP TABLE logs\n", {}},
        Case{"sqlite", "ALTER TABLE t DROP COLUMN a;", {"drop-column"}},
        Case{"sqlite", "ALTER TABLE t RENAME TO u;", {"rename-table"}},
        Case{"sqlite", "ALTER TABLE t RENAME a TO b;", {"rename-column"}},
        Case{"sqlite", "DELETE FROM t;", {"delete-without-where"}},
        Case{"sqlite", "DELETE FROM t WHERE a = 1;", {}},
        Case{"sqlite", "UPDATE t SET a = 1;", {"update-without-where"}},
        Case{"sqlite",
             "ALTER TABLE t ADD COLUMN a INTEGER NOT NULL;",
             {"add-required-column"}},
        Case{"sqlite",
             "ALTER TABLE t ADD COLUMN a INTEGER NOT NULL DEFAULT 0;",
             {}},
        Case{"sqlite", "CREATE UNIQUE INDEX i ON t (a);", {"unique-over-rows"}},
        Case{"sqlite",
             "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a);",
             {}},
        Case{"sqlite", "CREATE INDEX i ON t (a);", {}}));

INSTANTIATE_TEST_SUITE_P(
    Postgres, LintTest,
    testing::Values(
        Case{"postgres", "TRUNCATE t CASCADE;", {"truncate"}},
        Case{"postgres",
             "ALTER TABLE t DROP COLUMN a CASCADE;",
             {"drop-column", "drop-cascade"}},
        Case{"postgres",
             "ALTER TABLE t DROP CONSTRAINT c;",
             {"drop-constraint"}},
        Case{"postgres",
             "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
             {"set-not-null"}},
        Case{"postgres",
             "ALTER TABLE t ADD COLUMN b int, ALTER a TYPE bigint;",
             {"change-column-type"}},
        Case{"postgres",
             "ALTER TABLE t ADD COLUMN b uuid DEFAULT gen_random_uuid();",
             {"volatile-default"}},
        Case{"postgres", "ALTER TABLE t ADD COLUMN b int DEFAULT 1;", {}},
        Case{"postgres",
             "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u;",
             {"add-foreign-key-validated"}},
        Case{"postgres",
             "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u "
             "NOT VALID;",
             {}},
        Case{"postgres",
             "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);",
             {"add-check-validated"}},
        Case{"postgres",
             "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a);",
             {"unique-over-rows"}},
        Case{"postgres", "CREATE INDEX i ON t (a);", {"index-blocks-writes"}},
        Case{
            "postgres", "CREATE TABLE t (a int); CREATE INDEX i ON t (a);", {}},
        Case{"postgres",
             "-- schemagen: no-transaction\n"
             "CREATE INDEX CONCURRENTLY i ON t (a);",
             {}},
        Case{"postgres",
             "-- schemagen: no-transaction\nVACUUM FULL t;",
             {"full-rewrite"}}));

TEST(Lint, says_what_and_what_to_do_at_the_statements_line) {
  Diagnostics findings;
  find("sqlite", "SELECT 1;\n\n-- no longer used\nDROP TABLE logs;\n",
       &findings);
  EXPECT_EQ(to_text(findings.sorted(), false),
            "db/20260101000000_a.up.sql:4:1: error: drops a table with all "
            "its rows; keep it until no program of the field reads it, and "
            "say why it may go [drop-table]\n");
}

TEST(Lint, is_silenced_by_a_comment_with_a_reason) {
  const std::string allow = "-- schemagen-lint: allow drop-table";
  EXPECT_EQ(find("sqlite", allow + ", empty since 2024\nDROP TABLE logs;"),
            Ids{});
  EXPECT_EQ(find("sqlite", allow + "\nDROP TABLE logs;"),
            (Ids{"lint-reason", "drop-table"}));
  EXPECT_EQ(find("sqlite", allow + "s, typo\nDROP TABLE logs;"),
            (Ids{"unknown-rule", "drop-table"}));
}

TEST(Lint, explains_every_rule_and_names_it_once) {
  std::set<std::string> ids;
  for (const Rule* rule = kRules; rule->id != nullptr; ++rule) {
    EXPECT_TRUE(ids.insert(rule->id).second) << rule->id;
    EXPECT_NE(explain(*rule).find("why: "), std::string::npos);
    EXPECT_EQ(find_rule(rule->id), rule);
  }
  EXPECT_EQ(find_rule("no-such-rule"), nullptr);
}

}  // namespace
}  // namespace schemagen::gen
