// What no word of the contract can say is left to the user, at its place in the
// script: values that go where others are, rows that a new table needs. Each on
// both engines, on rows, filled in, there and back.
#include <gtest/gtest.h>

#include "support/build_schema.hpp"
#include "support/fresh_database.hpp"
#include "support/lines.hpp"
#include "support/plan_world.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

class ByHandTest : public testing::TestWithParam<const char*> {
 protected:
  PlanWorld world(const Schema& schema) const {
    const bool is_sqlite = std::string(GetParam()) == "sqlite";
    return PlanWorld(GetParam(), is_sqlite ? fresh_sqlite : fresh_postgres,
                     schema);
  }
};

TEST_P(ByHandTest, rows_of_a_table_go_to_one_that_is_there) {
  PlanWorld there = world(schema(
      {table("events", {column("line")}), table("logs", {column("line")})}));
  there.rows({"INSERT INTO events (id, line) VALUES (1, 'a')",
              "INSERT INTO logs (id, line) VALUES (1, 'b'), (2, 'c')"});
  const Script script = there.go(
      schema({table("events", {column("line")})}), {{"logs=events"}, {}},
      {"INSERT INTO events (id, line) SELECT id + 10, line FROM logs"});
  EXPECT_EQ(joined(script.blocks()), "move the rows of logs to events\n");
  EXPECT_EQ(there.select("SELECT id, line FROM events ORDER BY id"),
            "1|a\n11|b\n12|c\n");
  EXPECT_TRUE(there.back().blocks().empty());
  EXPECT_EQ(there.select("SELECT count(*) FROM logs"), "0\n");
}

TEST_P(ByHandTest, values_of_a_column_go_to_one_that_is_there) {
  Table users =
      table("users", {optional(column("name")), optional(column("nick"))});
  users.checks = {{"", "nick <> 'x'", "nick", {}}};  // SQLite has to rebuild
  PlanWorld there = world(schema({users}));
  there.rows({"INSERT INTO users (id, name, nick) VALUES (1, 'a', 'b')",
              "INSERT INTO users (id, name, nick) VALUES (2, NULL, 'c')"});
  const Script script =
      there.go(schema({table("users", {optional(column("name"))})}),
               {{"users.nick=name"}, {}},
               {"UPDATE users SET name = coalesce(name, nick)"});
  EXPECT_EQ(joined(script.blocks()),
            "move the values of users.nick to users.name\n");
  EXPECT_EQ(there.select("SELECT id, name FROM users ORDER BY id"),
            "1|a\n2|c\n");
  there.back();
}

/// The source stands first in the schema and, on SQLite, is rebuilt: the block
/// still has to see both columns.
TEST_P(ByHandTest, values_of_a_column_go_to_another_table) {
  Table people = table("people", {optional(column("street"))});
  people.checks = {{"", "street <> ''", "street", {}}};
  Table places = table("places", {column("person", TypeKind::int64)});
  PlanWorld there = world(schema({people, places}));
  there.rows({"INSERT INTO people (id, street) VALUES (1, 'High'), (2, NULL)",
              "INSERT INTO places (id, person) VALUES (7, 1), (8, 2)"});
  places.columns.push_back(optional(column("street")));
  const Script script = there.go(
      schema({table("people", {}), places}),
      {{"people.street=places.street"}, {}},
      {"UPDATE places SET street = (SELECT street FROM people WHERE people.id "
       "= places.person)"});
  EXPECT_EQ(joined(script.blocks()),
            "move the values of people.street to places.street\n");
  EXPECT_EQ(there.select("SELECT id, street FROM places ORDER BY id"),
            "7|High\n8|NULL\n");
  there.back();
}

TEST_P(ByHandTest, rows_that_hold_a_value_get_another) {
  const auto colours = [](const std::vector<std::string>& values) {
    Enum e = enumeration("colour", values);
    e.storage = EnumStorage::native;
    return schema({table("t", {of_enum("c", "colour")})}, {e});
  };
  PlanWorld there = world(colours({"azure", "blue"}));
  there.rows({"INSERT INTO t (id, c) VALUES (1, 'blue'), (2, 'azure')"});
  const Script script =
      there.go(colours({"azure"}), {{"enum:colour.blue=azure"}, {}},
               {"UPDATE t SET c = 'azure' WHERE c = 'blue'"});
  EXPECT_EQ(joined(script.blocks()),
            "give azure to the rows that hold blue (t.c)\n");
  EXPECT_EQ(there.select("SELECT id, c FROM t ORDER BY id"),
            "1|azure\n2|azure\n");
  there.back();
}

TEST_P(ByHandTest, a_new_table_is_filled_before_rows_refer_to_it) {
  PlanWorld there = world(schema({table("users", {column("team")})}));
  there.rows({"INSERT INTO users (id, team) VALUES (1, 'red'), (2, 'red')",
              "INSERT INTO users (id, team) VALUES (3, 'blue')"});
  Column team = column("team_id", TypeKind::int64);
  team.backfill = "(SELECT id FROM teams WHERE teams.name = users.team)";
  Table users = table("users", {team});
  users.foreign_keys = {refers("team_id", "teams")};
  const Script script = there.go(
      schema({table("teams", {column("name")}), users}), {{}, {"users.team"}},
      {"INSERT INTO teams (id, name) SELECT min(id), team FROM users GROUP BY "
       "team"});
  EXPECT_EQ(joined(script.blocks()),
            "fill teams: users.team_id gets its values from there, and rows of "
            "users refer to its rows by team_id\n");
  EXPECT_EQ(there.select("SELECT users.id, name FROM users JOIN teams ON "
                         "teams.id = team_id ORDER BY 1"),
            "1|red\n2|red\n3|blue\n");
  there.back();
}

TEST_P(ByHandTest, a_column_that_comes_as_null_asks_for_no_rows) {
  PlanWorld there = world(schema({table("users", {})}));
  there.rows({"INSERT INTO users (id) VALUES (1)"});
  Table users = table("users", {optional(column("team_id", TypeKind::int64))});
  users.foreign_keys = {refers("team_id", "teams")};
  EXPECT_TRUE(there.go(schema({table("teams", {}), users})).blocks().empty());
  there.back();
}

/// Two names that change places are renames, and so is the name of a table that
/// is dropped.
TEST_P(ByHandTest, a_name_that_is_free_by_then_is_a_rename) {
  PlanWorld there =
      world(schema({table("a", {column("x")}), table("b", {column("y")})}));
  EXPECT_TRUE(
      there
          .go(schema({table("a", {column("y")}), table("b", {column("x")})}),
              {{"a=b", "b=a"}, {}})
          .blocks()
          .empty());
  there.back();
  EXPECT_TRUE(
      there.prepare(schema({table("b", {column("x")})}), {{"a=b"}, {"b"}})
          .blocks()
          .empty());
}

INSTANTIATE_TEST_SUITE_P(Engine, ByHandTest,
                         testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace schemagen::test
