#include "core/migration_file.hpp"

#include <gtest/gtest.h>

namespace schemagen::core {
namespace {

using Kind = MigrationFileName::Kind;

TEST(MigrationFileTest, good_names_are_read_and_written_alike) {
  for (const char* file :
       {"20260101120000_create_users.up.sql",
        "20260101120000_create_users.down.sql", "20240229235959_x.up.sql",
        "20260101120000_a1_2.sqlite.up.sql",
        "20260101120000_a.postgres.down.sql",
        "20260201120000_hash_emails.cpp"}) {
    const auto name = parse_file_name(file);
    ASSERT_TRUE(name) << file;
    EXPECT_EQ(format_file_name(*name), file);
  }
  const auto name = parse_file_name("20260101120000_a_b.sqlite.down.sql");
  EXPECT_EQ(name->id, "20260101120000");
  EXPECT_EQ(name->name, "a_b");
  EXPECT_EQ(name->dialect, "sqlite");
  EXPECT_EQ(name->kind, Kind::down);
}

TEST(MigrationFileTest, bad_names_are_no_migrations) {
  for (const char* file : {"",
                           "x.up.sql",
                           "20260101120000.up.sql",
                           "20260101120000_.up.sql",
                           "2026010112000_a.up.sql",
                           "202601011200000_a.up.sql",
                           "20261301000000_a.up.sql",
                           "20260229000000_a.up.sql",
                           "20260101240000_a.up.sql",
                           "20260101006000_a.up.sql",
                           "20260101000060_a.up.sql",
                           "00000101000000_a.up.sql",
                           "20260101120000_A.up.sql",
                           "20260101120000_a-b.up.sql",
                           "20260101120000_a.sql",
                           "20260101120000_a.up.sql.bak",
                           "20260101120000_a..up.sql",
                           "20260101120000_a.x.y.up.sql",
                           "20260101120000_a.sqlite.cpp",
                           "20260101120000_\xC3\xA4.up.sql",
                           "schema.snapshot.json"}) {
    EXPECT_FALSE(parse_file_name(file)) << file;
  }
}

TEST(MigrationFileTest, directives_stand_in_the_leading_comment_only) {
  const std::string script =
      "-- Adds things.\n\n/* schemagen: batch\n-- schemagen: batch */\n"
      "-- schemagen: no-transaction\r\n--schemagen: foreign-keys on\n"
      "  -- schemagen: rebuild users\n-- schemagen: rebuild \"odd \"\"name\"\n"
      "-- schemagen: compatible\n-- schemagen: nothing to undo\n"
      "-- schemagen: unchecked\n-- schemagen: shape only\n"
      "-- schemagen: no-transactions\n"
      "CREATE TABLE a (x);\n-- schemagen: batch\n";
  const Directives all = parse_directives(script);
  EXPECT_TRUE(all.no_transaction);
  EXPECT_TRUE(all.foreign_keys_on);
  EXPECT_TRUE(all.compatible);
  EXPECT_TRUE(all.nothing_to_undo);
  EXPECT_TRUE(all.unchecked);
  EXPECT_TRUE(all.shape_only);
  EXPECT_FALSE(all.batch);
  EXPECT_EQ(all.rebuilds, (std::vector<std::string>{"users", "odd \"name"}));
  EXPECT_EQ(
      unknown_directives(script),
      (std::vector<std::pair<int, std::string>>{{13, "no-transactions"}}));
}

TEST(MigrationFileTest, a_guard_is_marked_before_its_first_token) {
  EXPECT_TRUE(is_guard("\n-- why\n-- schemagen: guard\nSELECT 1"));
  EXPECT_FALSE(is_guard("SELECT 1 -- schemagen: guard"));
  EXPECT_FALSE(is_guard("SELECT '\n-- schemagen: guard\n'"));
}

TEST(MigrationFileTest, L17_L18_line_ends_and_byte_order_mark_do_not_count) {
  EXPECT_EQ(
      canonical_text("\xEF\xBB\xBF-- a\r\nSELECT '\xC3\xA4';\r\n", nullptr),
      "-- a\nSELECT '\xC3\xA4';\n");
  EXPECT_EQ(canonical_text("a\rb\n", nullptr), "a\rb\n");
  EXPECT_EQ(canonical_text("", nullptr), "");
}

TEST(MigrationFileTest, S34_P26_what_cannot_be_a_script_is_placed) {
  std::string problem;
  EXPECT_FALSE(canonical_text(std::string_view("a\nb\0c", 5), &problem));
  EXPECT_EQ(problem, "a NUL byte on line 2");
  for (const char* bytes : {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80",
                            "\xF5\x80\x80\x80", "\xE0\x80\x80", "\x80"}) {
    EXPECT_FALSE(canonical_text(std::string("\n\n") + bytes, &problem));
    EXPECT_EQ(problem, "bytes that are not UTF-8 on line 3");
  }
}

}  // namespace
}  // namespace schemagen::core
