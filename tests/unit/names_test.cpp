#include "model/names.hpp"

#include <gtest/gtest.h>

namespace schemagen::gen {
namespace {

TEST(Names, SnakeCaseIsPinned) {
  const std::pair<const char*, const char*> cases[] = {
      {"HTTPServer2", "http_server2"},
      {"teamId", "team_id"},
      {"userID", "user_id"},
      {"User", "user"},
      {"URL", "url"},
      {"ABTest", "ab_test"},
      {"Server2Go", "server2_go"},
      {"already_snake", "already_snake"},
      {"Mixed_Snake", "mixed_snake"},
      {"trailing_", "trailing_"},
      {"x", "x"},
      {"", ""},
      {"größeÄndern", "größeÄndern"},
      {"größeMax", "größe_max"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(snake_case(one.first), one.second);
  }
}

TEST(Names, ShortensAtACharacterWithADigestOfTheWhole) {
  std::string fits(63, 'a');
  EXPECT_EQ(shorten(fits), fits);
  std::string longer(64, 'a');
  EXPECT_EQ(shorten(longer), std::string(54, 'a') + "_ffe054fe");
  // "ä" has two bytes and would be cut in the middle.
  std::string umlauts = "a";
  for (int i = 0; i < 40; ++i) umlauts += "ä";
  EXPECT_EQ(shorten(umlauts).size(), 62u);
  EXPECT_NE(shorten(longer), shorten(longer + "a"));
}

TEST(Names, ConstraintNamesArePinned) {
  Table table;
  table.name = "users";
  EXPECT_EQ(primary_key_name(table), "users_pkey");
  EXPECT_EQ(unique_name(table, {"", {"team", "rank"}, {}}),
            "users_team_rank_key");
  Index index;
  index.columns = {{"team", true}, {"rank", false}};
  EXPECT_EQ(index_name(table, index), "users_team_rank_idx");
  Index expression;
  expression.expression = "lower(email)";
  EXPECT_EQ(index_name(table, expression), "users_db568553_idx");
  expression.expression = "LOWER( email )";
  EXPECT_EQ(index_name(table, expression), "users_db568553_idx");
  EXPECT_EQ(check_name(table, {"", "age > 0", "age", {}}), "users_age_check");
  EXPECT_EQ(check_name(table, {"", "age > 0", "", {}}), "users_check_d7a12865");
  ForeignKey key;
  key.columns = {"team_id"};
  EXPECT_EQ(foreign_key_name(table, key), "users_team_id_fkey");
  Column column;
  column.name = "role";
  EXPECT_EQ(implied_check_name(table, column, "enum"), "users_role_enum");
}

TEST(Names, AUsersNameIsTakenAsItIs) {
  Table table;
  table.name = "users";
  EXPECT_EQ(unique_name(table, {"One Rank", {"rank"}, {}}), "One Rank");
}

}  // namespace
}  // namespace schemagen::gen
