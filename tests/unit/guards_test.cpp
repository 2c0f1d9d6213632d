// Rows in the way of a change are counted before anything changes, on both
// engines in the same words.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/build_schema.hpp"
#include "support/fresh_database.hpp"
#include "support/plan_world.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

struct Guarded {
  const char* name;
  Schema from, to;
  std::vector<std::string> rows;
  std::string refusal;
  Consents consents;
};

Schema one(Column column) { return schema({table("t", {std::move(column)})}); }

Schema with_enum(EnumStorage storage, const std::vector<std::string>& values) {
  Enum e = enumeration("role", values);
  e.storage = storage;
  for (EnumValue& value : e.values) value.number = value.name[0];
  return schema({table("t", {of_enum("c", "role")})}, {e});
}

/// A table of two columns, changed by `change`.
template <class Change>
Schema changed(Change change) {
  Table made = table("t", {optional(column("a", TypeKind::int64)),
                           optional(column("b", TypeKind::int64))});
  change(made);
  return schema({made});
}

Column decimal(int precision) {
  Column made = column("c", TypeKind::decimal);
  made.type.precision = precision;
  made.type.scale = 2;
  return made;
}

/// The same with a computed column, which may be unique.
template <class Change>
Schema computed(const char* sql, Change change) {
  return changed([&](Table& made) {
    made.columns.push_back(optional(column("g", TypeKind::int64)));
    made.columns.back().generated = sql;
    made.columns.back().stored = true;
    change(made);
  });
}

Index unique_expression(const char* sql, const char* where) {
  Index made;
  made.name = "by_expression";
  made.expression = sql;
  made.where = where;
  made.unique = true;
  return made;
}

std::vector<Guarded> cases() {
  const std::string misfit =
      "row(s) hold a value that does not fit the new type; change them first";
  const std::string doubled =
      "value(s) stand in more than one row, and must be unique; change them "
      "first";
  const std::vector<std::string> texts = {
      "INSERT INTO t (id, c) VALUES (1, 'ok'), (2, 'four'), (3, 'fifth')"};
  const std::vector<std::string> pairs = {
      "INSERT INTO t (id, a, b) VALUES (1, 5, 1), (2, 5, 1), (3, 6, 1)",
      "INSERT INTO t (id, a, b) VALUES (4, NULL, 2), (5, NULL, 3)"};
  const Schema plain = changed([](Table&) {});
  const Schema words = with_enum(EnumStorage::text, {"ok"});
  Column text = column("c");
  Column word = of_enum("c", "role");
  std::vector<Guarded> all = {
      {"a_shorter_text",
       one(text),
       one(sized(text, 3)),
       texts,
       "t.c: 2 " + misfit,
       {}},
      {"a_narrower_integer",
       one(column("c", TypeKind::int64)),
       one(column("c", TypeKind::uint8)),
       {"INSERT INTO t (id, c) VALUES (1, 255), (2, 256), (3, -1)"},
       "t.c: 2 " + misfit,
       {}},
      {"a_smaller_decimal",
       one(decimal(9)),
       one(decimal(4)),
       {"INSERT INTO t (id, c) VALUES (1, '99.99'), (2, '100.00')"},
       "t.c: 1 " + misfit,
       {}},
      {"a_text_that_becomes_an_enum",
       one(text),
       words,
       texts,
       "t.c: 2 " + misfit,
       {}},
      {"a_text_that_becomes_a_native_enum",
       one(text),
       with_enum(EnumStorage::native, {"ok"}),
       texts,
       "t.c: 2 " + misfit,
       {}},
      {"a_unique",
       plain,
       changed([](Table& t) {
         t.uniques = {{"", {"a"}, {}}};
       }),
       pairs,
       "t.a: 1 " + doubled,
       {}},
      {"a_unique_of_two",
       plain,
       changed([](Table& t) {
         t.uniques = {{"", {"a", "b"}, {}}};
       }),
       pairs,
       "t.a, b: 1 " + doubled,
       {}},
      {"a_unique_expression",
       plain,
       changed([](Table& t) {
         t.indexes = {unique_expression("coalesce(a, 5)", "")};
       }),
       pairs,
       "t: 1 value(s) of coalesce(a, 5) stand in more than one row, and must "
       "be unique; change them first",
       {}},
      {"a_unique_expression_over_some_rows",
       plain,
       changed(
           [](Table& t) { t.indexes = {unique_expression("a + b", "b < 3")}; }),
       pairs,
       "t: 1 value(s) of a + b stand in more than one row, and must be "
       "unique; change them first",
       {}},
      {"a_default_in_sql_that_must_be_unique",
       plain,
       changed([](Table& t) {
         t.columns.push_back(column("c", TypeKind::int64));
         t.columns.back().default_sql = "7";
         t.uniques = {{"", {"c"}, {}}};
       }),
       pairs,
       "t.c: 1 " + doubled,
       {}},
      {"another_key",
       changed([](Table& t) { t.columns[0].nullable = false; }),
       changed([](Table& t) {
         t.columns[0].nullable = false;
         t.primary_key = {"a"};
       }),
       {pairs[0]},
       "t.a: 1 " + doubled,
       {}},
      {"a_default_for_many_that_must_be_unique",
       changed([](Table& t) {
         t.uniques = {{"", {"a"}, {}}};
       }),
       changed([](Table& t) {
         t.uniques = {{"", {"a"}, {}}};
         t.columns[0].nullable = false;
         t.columns[0].default_value = Literal{Literal::Kind::integer, "0"};
       }),
       {pairs[1]},
       "t.a: 1 " + doubled,
       {}},
      {"a_check",
       plain,
       changed([](Table& t) {
         t.checks = {{"", "a < 6", "a", {}}};
       }),
       pairs,
       "t.a: 1 row(s) break the check a < 6; change them first",
       {}},
      {"a_check_of_the_table",
       plain,
       changed([](Table& t) {
         t.checks = {{"low", "a + b > 6", "", {}}};
       }),
       pairs,
       "t: 2 row(s) break the check a + b > 6; change them first",
       {}},
      {"a_foreign_key",
       plain,
       changed([](Table& t) { t.foreign_keys = {refers("a", "t")}; }),
       pairs,
       "t.a: 1 row(s) refer to nothing in t; change or remove them first",
       {}},
      {"a_unique_of_a_computed_column",
       computed("a + b", [](Table&) {}),
       computed("a + b",
                [](Table& t) {
                  t.uniques = {{"", {"g"}, {}}};
                }),
       pairs,
       "t.g: 1 " + doubled,
       {}},
      {"a_unique_of_a_new_computed_column",
       plain,
       computed("a + b",
                [](Table& t) {
                  t.uniques = {{"", {"b", "g"}, {}}};
                }),
       pairs,
       "t.b, g: 1 " + doubled,
       {}},
      {"a_unique_column_that_is_computed_otherwise",
       computed("id",
                [](Table& t) {
                  t.uniques = {{"", {"g"}, {}}};
                }),
       computed("a",
                [](Table& t) {
                  t.uniques = {{"", {"g"}, {}}};
                }),
       pairs,
       "t.g: 1 " + doubled,
       {}},
      {"a_check_of_a_column_computed_from_what_is_filled",
       computed("a + b", [](Table&) {}),
       computed(
           "a + b",
           [](Table& t) {
             t.columns[0].nullable = false;
             t.columns[0].default_value = Literal{Literal::Kind::integer, "4"};
             t.checks = {{"", "g <> 6", "g", {}}};
           }),
       pairs,
       "t.g: 3 row(s) break the check g <> 6; change them first",
       {}}};
  for (const auto& [name, storage] :
       {std::pair{"a_default_of_an_enum_that_must_be_unique",
                  EnumStorage::text},
        std::pair{"a_default_of_a_native_enum_that_must_be_unique",
                  EnumStorage::native}}) {
    Schema open = with_enum(storage, {"ok", "gone"});
    open.tables[0].columns[0].nullable = true;
    open.tables[0].uniques = {{"", {"c"}, {}}};
    Schema filled = open;
    filled.tables[0].columns[0].nullable = false;
    filled.tables[0].columns[0].default_value =
        Literal{Literal::Kind::enumerator, "ok"};
    all.push_back({name,
                   open,
                   filled,
                   {"INSERT INTO t (id) VALUES (1), (2)"},
                   "t.c: 1 " + doubled,
                   {}});
  }
  for (const auto& [name, storage, value] :
       {std::tuple{"an_enum_value", EnumStorage::text, "'gone'"},
        std::tuple{"a_native_enum_value", EnumStorage::native, "'gone'"},
        std::tuple{"a_numbered_enum_value", EnumStorage::integer, "103"}}) {
    all.push_back({name,
                   with_enum(storage, {"gone", "ok"}),
                   with_enum(storage, {"ok"}),
                   {std::string("INSERT INTO t (id, c) VALUES (1, ") + value +
                    "), (2, " + value + ")"},
                   "t.c: 2 row(s) still hold gone; change them first",
                   {{}, {"enum:role.gone"}}});
  }
  return all;
}

class GuardsTest
    : public testing::TestWithParam<std::tuple<const char*, Guarded>> {};

TEST_P(GuardsTest, count_the_rows_before_anything_changes) {
  const auto& [dialect, guarded] = GetParam();
  const bool is_sqlite = std::string(dialect) == "sqlite";
  PlanWorld world(dialect, is_sqlite ? fresh_sqlite : fresh_postgres,
                  guarded.from);
  world.rows(guarded.rows);
  const Script script = world.prepare(guarded.to, guarded.consents);
  EXPECT_EQ(world.refusal(script), guarded.refusal);
  EXPECT_TRUE(std::is_partitioned(
      script.statements.begin(), script.statements.end(),
      [](const Statement& statement) { return statement.guard; }))
      << text_of(script);
  // What the rows allow is done.
  world.rows({"DELETE FROM t"});
  world.go(guarded.to, guarded.consents);
  world.back();
}

INSTANTIATE_TEST_SUITE_P(Engine, GuardsTest,
                         testing::Combine(testing::Values("sqlite", "postgres"),
                                          testing::ValuesIn(cases())),
                         [](const auto& each) {
                           return std::string(std::get<0>(each.param)) + "_" +
                                  std::get<1>(each.param).name;
                         });

/// SQLite compares by the collation that the column will have.
TEST(GuardsOfCollations, ask_by_the_new_one) {
  const auto text = [](const char* collation, bool is_unique) {
    Column c = column("c");
    c.collate = collation;
    Schema made = one(c);
    if (is_unique) made.tables[0].uniques = {{"", {"c"}, {}}};
    return made;
  };
  const std::vector<std::string> rows = {
      "INSERT INTO t (id, c) VALUES (1, 'ok'), (2, 'OK')"};
  const std::string refusal =
      "t.c: 1 value(s) stand in more than one row, and must be unique; change "
      "them first";
  {
    PlanWorld world("sqlite", fresh_sqlite, text("", true));
    world.rows(rows);
    EXPECT_EQ(world.refusal(world.prepare(text("NOCASE", true))), refusal);
  }
  {
    PlanWorld world("sqlite", fresh_sqlite, text("", false));
    world.rows(rows);
    EXPECT_EQ(world.refusal(world.prepare(text("NOCASE", true))), refusal);
  }
  PlanWorld world("sqlite", fresh_sqlite, text("NOCASE", false));
  world.rows(rows);
  world.go(text("", true));
}

}  // namespace
}  // namespace schemagen::test
