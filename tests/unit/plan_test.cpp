// What a plan refuses, and with which words; what it takes for a rename; in
// which order its changes stand.
#include "plan/plan.hpp"

#include <gtest/gtest.h>

#include "model/diagnostics.hpp"
#include "support/build_schema.hpp"

namespace schemagen::gen {
namespace {

using test::column;
using test::enumeration;
using test::of_enum;
using test::optional;
using test::refers;
using test::schema;
using test::sized;
using test::snapshot_of;
using test::table;
using test::with_default;

using Words = std::vector<std::string>;

struct Planned {
  Plan plan;
  std::string errors;
  Words changes;
};

Words words_of(const Plan& plan) {
  Words words;
  for (const Change& change : plan.changes) words.push_back(describe(change));
  return words;
}

Planned plan(const Schema& from, const Schema& to, Consents consents = {}) {
  Diagnostics diagnostics;
  Planned planned;
  planned.plan = make_plan(snapshot_of(from), to, consents, diagnostics);
  planned.errors = to_text(diagnostics.sorted(), false);
  planned.changes = words_of(planned.plan);
  return planned;
}

Column renamed(Column made, std::string from) {
  made.renamed_from = std::move(from);
  return made;
}

Table in_schema(std::string name, Table made) {
  made.schema = std::move(name);
  return made;
}

Consents drop(Words flags) { return {{}, std::move(flags)}; }
Consents rename(Words flags) { return {std::move(flags), {}}; }

TEST(PlanLosses, an_unexplained_column_prints_both_commands_at_the_entity) {
  const auto from = schema({table("users", {column("nick")})});
  const auto to = schema({table("users", {column("nickname")})});
  EXPECT_EQ(
      plan(from, to).errors,
      "models.hpp:10:8: error: column users.nick has no member any more; add "
      "--drop users.nick to delete it with its values, or --rename "
      "users.nick=nickname if it became nickname (or write .renamed_from = "
      "\"nick\" in its SG_COLUMN) [unexplained-removal]\n"
      "schema.snapshot.json:5:1: note: it stands in the snapshot here\n"
      "models.hpp:11:5: error: column users.nickname is new and NOT NULL, so "
      "existing rows need a value; add .backfill = \"SQL\", or a default (an "
      "initialiser or .default_sql), or make it std::optional "
      "[missing-value]\n");
}

TEST(PlanLosses, a_removed_column_without_a_candidate_still_names_both) {
  const auto from = schema({table("users", {column("nick")})});
  EXPECT_EQ(plan(from, schema({table("users", {})})).errors,
            "models.hpp:10:8: error: column users.nick has no member any more; "
            "add --drop users.nick to delete it with its values, or --rename "
            "users.nick=NEW_NAME if it has a new name [unexplained-removal]\n"
            "schema.snapshot.json:5:1: note: it stands in the snapshot here\n");
}

TEST(PlanLosses, several_candidates_are_all_named_likest_first) {
  const auto from = schema({table("users", {column("nick")})});
  const auto to =
      schema({table("users", {optional(column("age", TypeKind::int32)),
                              optional(column("alias")), column("nickname")})});
  Schema changed = to;
  changed.tables[0].columns[3].nullable = true;
  EXPECT_EQ(plan(from, changed).errors,
            "models.hpp:10:8: error: column users.nick has no member any more; "
            "add --drop users.nick to delete it with its values, or --rename "
            "users.nick=alias or --rename users.nick=nickname or --rename "
            "users.nick=age if it became one of these (or write .renamed_from "
            "= \"nick\" in its SG_COLUMN) [unexplained-removal]\n"
            "schema.snapshot.json:5:1: note: it stands in the snapshot here\n");
}

TEST(PlanLosses, a_removed_table_prints_both_commands_at_the_snapshot) {
  const auto from = schema({table("users", {column("name")})});
  const auto to = schema({table("people", {column("name")})});
  EXPECT_EQ(plan(from, to).errors,
            "schema.snapshot.json:4:1: error: table users has no entity any "
            "more; add --drop users to delete it with its rows, or --rename "
            "users=people if it became people (or write .renamed_from = "
            "\"users\" in its SG_TABLE) [unexplained-removal]\n");
}

TEST(PlanLosses, a_value_struct_whose_prefix_nobody_knows_gets_no_annotation) {
  Column street = optional(column("home_street"));
  street.member = "home.street";
  const auto from = schema({table("users", {column("home_road")})});
  EXPECT_EQ(
      plan(from, schema({table("users", {street})})).errors,
      "models.hpp:10:8: error: column users.home_road has no member any more; "
      "add --drop users.home_road to delete it with its values, or --rename "
      "users.home_road=home_street if it became home_street "
      "[unexplained-removal]\n"
      "schema.snapshot.json:5:1: note: it stands in the snapshot here\n");
}

TEST(PlanLosses, a_table_that_left_its_schema_is_told_by_both_names) {
  const auto from = schema({in_schema("app", table("users", {}))});
  const auto to = schema({in_schema("auth", table("users", {}))});
  EXPECT_EQ(
      plan(from, to).errors,
      "schema.snapshot.json:4:1: error: table app.users has no entity any "
      "more; add --drop app.users to delete it with its rows, or --rename "
      "app.users=auth.users if it became auth.users (or write .renamed_from = "
      "\"app.users\" in its SG_TABLE) [unexplained-removal]\n");
}

TEST(PlanLosses, odd_names_are_told_as_a_shell_and_a_compiler_read_them) {
  const auto from = schema({table("my table", {column("it's \"$1\"")})});
  const auto to = schema({table("my table", {optional(column("new one"))})});
  EXPECT_EQ(
      plan(from, to).errors,
      "models.hpp:10:8: error: column my table.it's \"$1\" has no member any "
      "more; add --drop 'my table.it'\\''s \"$1\"' to delete it with its "
      "values, or --rename 'my table.it'\\''s \"$1\"=new one' if it became new "
      "one (or write .renamed_from = \"it's \\\"$1\\\"\" in its SG_COLUMN) "
      "[unexplained-removal]\n"
      "schema.snapshot.json:5:1: note: it stands in the snapshot here\n");
  EXPECT_EQ(plan(from, schema({})).errors,
            "schema.snapshot.json:4:1: error: table my table has no entity any "
            "more; add --drop 'my table' to delete it with its rows, or "
            "--rename 'my table=NEW_NAME' if it has a new name "
            "[unexplained-removal]\n");
}

TEST(PlanLosses, a_name_that_begins_like_an_option_is_joined_to_its_flag) {
  EXPECT_EQ(plan(schema({table("-x", {})}), {}).errors,
            "schema.snapshot.json:4:1: error: table -x has no entity any more; "
            "add --drop=-x to delete it with its rows, or --rename=-x=NEW_NAME "
            "if it has a new name [unexplained-removal]\n");
}

TEST(PlanLosses, a_removed_enum_value_prints_both_commands_at_the_enum) {
  const auto users = table("users", {of_enum("colour", "colour")});
  const auto from = schema({users}, {enumeration("colour", {"blue", "red"})});
  const auto to = schema({users}, {enumeration("colour", {"azure", "red"})});
  EXPECT_EQ(plan(from, to).errors,
            "models.hpp:3:12: error: enum colour has no value blue any more; "
            "add --drop enum:colour.blue if no row uses it, or --rename "
            "enum:colour.blue=azure if it became azure "
            "[unexplained-removal]\n");
  EXPECT_EQ(plan(from, to, rename({"enum:colour.blue=azure"})).changes,
            Words{"change enum colour (rename blue to azure)"});
  EXPECT_EQ(plan(from, to, drop({"enum:colour.blue"})).changes,
            Words{"change enum colour (add azure, drop blue)"});
}

TEST(PlanLosses, becoming_required_without_a_value_is_refused) {
  const auto from = schema({table("users", {optional(column("nick"))})});
  const auto to = schema({table("users", {column("nick")})});
  EXPECT_EQ(plan(from, to).errors,
            "models.hpp:11:5: error: column users.nick becomes NOT NULL, so "
            "rows without a value need one; add .backfill = \"SQL\" or a "
            "default (an initialiser or .default_sql) [missing-value]\n");
}

TEST(PlanEnumLiterals, a_default_that_names_a_renamed_value_is_told) {
  Column kind = of_enum("kind", "colour");
  kind.default_sql = "('blue')";
  const auto from = schema({table("users", {kind})},
                           {enumeration("colour", {"blue", "it's"})});
  const auto to = schema({table("users", {kind})},
                         {enumeration("colour", {"azure", "it's"})});
  EXPECT_EQ(plan(from, to, rename({"enum:colour.blue=azure"})).errors,
            "models.hpp:11:5: error: .default_sql of users.kind is 'blue', "
            "which is no value of enum colour; write 'azure', which it became "
            "[unknown-enum-value]\n");
  EXPECT_EQ(plan(from, to, drop({"enum:colour.blue"})).errors,
            "models.hpp:11:5: error: .default_sql of users.kind is 'blue', "
            "which is no value of enum colour; write one of 'azure', 'it''s' "
            "[unknown-enum-value]\n");
}

TEST(PlanEnumLiterals, a_number_is_held_against_the_stored_numbers) {
  Column kind = of_enum("kind", "level");
  Enum level = enumeration("level", {"low", "high"});
  level.storage = EnumStorage::integer;
  level.values[0].number = -1;
  level.values[1].number = 7;
  const auto errors = [&](const std::string& sql) {
    kind.default_sql = sql;
    return plan({}, schema({table("users", {kind})}, {level})).errors;
  };
  EXPECT_EQ(errors("-1"), "");
  EXPECT_EQ(errors("7"), "");
  EXPECT_EQ(errors("7.0"), "");
  EXPECT_EQ(errors("(SELECT 3)"), "");
  EXPECT_EQ(errors("3"),
            "models.hpp:11:5: error: .default_sql of users.kind is 3, which "
            "is no value of enum level; write one of -1, 7 "
            "[unknown-enum-value]\n");
}

TEST(PlanEnumLiterals, a_backfill_counts_only_while_it_is_due) {
  Column kind = of_enum("kind", "colour");
  kind.backfill = "'blue'";
  const auto colour = enumeration("colour", {"azure", "red"});
  const auto bare = schema({table("users", {})}, {colour});
  const auto made = schema({table("users", {kind})}, {colour});
  const auto left = schema({table("users", {optional(kind)})}, {colour});
  const std::string told =
      "models.hpp:11:5: error: .backfill of users.kind is 'blue', which is no "
      "value of enum colour; write one of 'azure', 'red' "
      "[unknown-enum-value]\n";
  EXPECT_EQ(plan(bare, made).errors, told);
  EXPECT_EQ(plan(left, made).errors, told);
  EXPECT_EQ(plan({}, made).errors, "") << "no rows are there";
  EXPECT_EQ(plan(made, made).errors, "") << "it is carried out";
}

TEST(PlanEnumLiterals, sql_that_goes_on_naming_an_old_value_is_a_warning) {
  Table users = table("users", {of_enum("kind", "colour"), column("n")});
  users.checks = {{"", "kind <> 'blue' OR n = 'x'", "", {"models.hpp", 7, 1}},
                  {"", "n <> 'blue'", "n", {"models.hpp", 8, 1}}};
  Index some;
  some.where = "kind IN ('blue')";
  some.columns = {{"n", false}};
  some.at = {"models.hpp", 9, 1};
  users.indexes = {some};
  const auto from = schema({users}, {enumeration("colour", {"blue", "red"})});
  const auto to = schema({users}, {enumeration("colour", {"azure", "red"})});
  EXPECT_EQ(plan(from, to, rename({"enum:colour.blue=azure"})).errors,
            "models.hpp:7:1: warning: .check of users names 'blue', which is "
            "no value of enum colour any more; if it means kind, write "
            "'azure', which it became [unknown-enum-value]\n"
            "models.hpp:9:1: warning: .where of an index of users names "
            "'blue', which is no value of enum colour any more; if it means "
            "kind, write 'azure', which it became [unknown-enum-value]\n");
  EXPECT_EQ(plan(to, to).errors, "");
}

TEST(PlanEnumLiterals, a_type_of_the_user_and_an_expression_are_left_alone) {
  Column kind = of_enum("kind", "colour");
  const auto colour = enumeration("colour", {"azure", "red"});
  for (const char* sql : {"'az' || 'ure'", "NULL", "E'azure'", "lower('x')"}) {
    kind.default_sql = sql;
    EXPECT_EQ(plan({}, schema({table("users", {kind})}, {colour})).errors, "");
  }
  kind.default_sql = "'blue'";
  kind.type.sql[""] = "varchar(8)";
  EXPECT_EQ(plan({}, schema({table("users", {kind})}, {colour})).errors, "");
}

TEST(PlanLosses, an_unclear_type_change_asks_for_using_sql) {
  const auto from = schema({table("users", {column("age")})});
  auto to = schema({table("users", {column("age", TypeKind::int32)})});
  EXPECT_EQ(plan(from, to).errors,
            "models.hpp:11:5: error: column users.age changes from text to "
            "int32, and only you know what a value becomes; add .using_sql = "
            "\"SQL\", an expression over the old row [missing-conversion]\n");
  to.tables[0].columns[0].using_sql = "CAST(age AS INTEGER)";
  EXPECT_EQ(plan(from, to).errors, "");
}

TEST(PlanLosses, becoming_generated_needs_the_consent_of_a_drop) {
  const auto from = schema({table("users", {column("full")})});
  auto to = from;
  to.tables[0].columns[0].generated = "'x'";
  EXPECT_EQ(plan(from, to).errors,
            "models.hpp:11:5: error: column users.full becomes generated, so "
            "its stored values go; add --drop users.full to agree "
            "[unexplained-removal]\n");
  const auto agreed = plan(from, to, drop({"users.full"}));
  EXPECT_EQ(agreed.errors, "");
  EXPECT_EQ(agreed.changes,
            (Words{"drop column users.full", "add column users.full (text)"}));
}

TEST(PlanFlags, a_flag_that_matches_nothing_offers_the_nearest_name) {
  const auto from = schema({table("users", {column("nick")})});
  EXPECT_EQ(plan(from, from, drop({"users.nik"})).errors,
            "error: --drop users.nik: the snapshot has no users.nik (did you "
            "mean users.nick?); all names are database names [unknown-drop]\n");
  EXPECT_EQ(
      plan(from, from, rename({"user=people"})).errors,
      "error: --rename user=people: the snapshot has no user (did you mean "
      "users?); all names are database names [unknown-rename]\n");
  EXPECT_EQ(plan(from, from, drop({"enum:role.blue"})).errors,
            "error: --drop enum:role.blue: the snapshot has no enum:role.blue; "
            "all names are database names [unknown-drop]\n");
}

TEST(PlanFlags, a_rename_to_a_name_that_the_model_lacks_is_refused) {
  const auto from = schema({table("users", {column("nick")})});
  const auto to = schema({table("users", {column("nickname")})});
  const std::string errors =
      plan(from, to, rename({"users.nick=nickame"})).errors;
  EXPECT_EQ(errors.substr(0, errors.find('\n')),
            "error: --rename users.nick=nickame: table users has no column "
            "nickame (did you mean nickname?); give the name that the model "
            "has now [unknown-rename]");
}

TEST(PlanFlags, dropping_what_is_still_declared_is_refused) {
  const auto from = schema({table("users", {column("nick")})});
  EXPECT_EQ(plan(from, from, drop({"users.nick"})).errors,
            "error: --drop users.nick: users.nick is still declared; remove it "
            "from the header first, or leave the flag out [still-declared]\n");
}

TEST(PlanFlags, dropping_a_table_that_stays_as_it_is_is_refused) {
  const auto from = schema({table("users", {column("nick")})});
  EXPECT_EQ(plan(from, from, drop({"users"})).errors,
            "error: --drop users: table users is still declared; remove it "
            "from the header first, or leave the flag out [still-declared]\n");
}

TEST(PlanFlags, a_dropped_table_makes_way_for_another_of_its_name) {
  const auto from = schema(
      {table("logs", {column("line")}), table("users", {column("nick")})});
  const auto to = schema({table("logs", {column("user_id")})});
  const auto planned = plan(from, to, drop({"logs", "users"}));
  EXPECT_EQ(planned.errors, "");
  EXPECT_EQ(planned.changes,
            (Words{"drop table logs", "create table logs (id, user_id)",
                   "drop table users"}));
  EXPECT_EQ(words_of(reverse(planned.plan)),
            (Words{"drop table logs", "create table logs (id, line)",
                   "create table users (id, nick)"}));
}

TEST(PlanFlags, a_value_takes_the_name_of_one_that_goes) {
  const auto of = [](std::vector<std::string> values) {
    return schema({table("t", {of_enum("c", "colour")})},
                  {enumeration("colour", std::move(values))});
  };
  const auto from = of({"blue", "azure"});
  const auto to = of({"azure"});
  const auto planned =
      plan(from, to, {{"enum:colour.blue=azure"}, {"enum:colour.azure"}});
  EXPECT_EQ(planned.errors, "");
  EXPECT_EQ(planned.changes.size(), 1u);
}

TEST(PlanFlags, a_rename_without_two_names_is_no_rename) {
  const auto from = schema({table("users", {column("nick")})});
  EXPECT_EQ(plan(from, from, rename({"users.nick"})).errors,
            "error: --rename users.nick is no rename; write OLD=NEW, as in "
            "--rename users.nick=nickname [malformed-rename]\n");
}

TEST(PlanFlags, a_drop_without_a_name_is_no_drop) {
  const auto from = schema({table("users", {column("nick")})});
  EXPECT_EQ(plan(from, from, drop({""})).errors,
            "error: --drop names nothing; write --drop users.nick or --drop "
            "users [malformed-drop]\n");
}

TEST(PlanRenames, an_annotation_already_carried_out_is_silent) {
  const auto to =
      schema({table("users", {renamed(column("nickname"), "nick")})});
  EXPECT_EQ(plan(to, to).errors, "");
  EXPECT_EQ(plan(to, to).changes, Words{});
  const auto from = schema({table("users", {column("nick")})});
  EXPECT_EQ(plan(from, to).changes,
            Words{"rename column users.nick to nickname"});
}

TEST(PlanRenames, a_stale_annotation_does_not_take_a_later_column) {
  const auto to = schema(
      {table("users", {column("nick"), renamed(column("nickname"), "nick")})});
  EXPECT_EQ(plan(to, to).changes, Words{});
}

TEST(PlanRenames, a_chain_moves_from_its_end) {
  const auto from = schema({table("t", {column("a"), column("b")})});
  const auto to = schema(
      {table("t", {renamed(column("b"), "a"), renamed(column("c"), "b")})});
  EXPECT_EQ(plan(from, to).changes,
            (Words{"rename column t.b to c", "rename column t.a to b"}));
  EXPECT_EQ(plan(to, to).changes, Words{});
}

TEST(PlanRenames, a_swap_goes_through_a_third_name_and_back) {
  const auto from = schema({table("t", {column("a"), column("b")})});
  const auto swapped = plan(from, from, rename({"t.a=b", "t.b=a"}));
  EXPECT_EQ(swapped.errors, "");
  EXPECT_EQ(swapped.changes, (Words{"rename column t.b to a__schemagen_swap",
                                    "rename column t.a to b",
                                    "rename column t.a__schemagen_swap to a"}));
  EXPECT_EQ(words_of(reverse(swapped.plan)).size(), 3u);
}

TEST(PlanRenames, an_annotated_swap_is_seen_by_its_types_and_only_once) {
  const auto from =
      schema({table("t", {column("a"), column("b", TypeKind::int32)})});
  const auto to =
      schema({table("t", {renamed(column("b"), "a"),
                          renamed(column("a", TypeKind::int32), "b")})});
  EXPECT_EQ(plan(from, to).errors, "");
  EXPECT_EQ(plan(from, to).changes.size(), 3u);
  EXPECT_EQ(plan(to, to).changes, Words{});
}

TEST(PlanRenames, an_annotated_swap_of_equal_types_is_never_guessed) {
  const auto to = schema(
      {table("t", {renamed(column("b"), "a"), renamed(column("a"), "b")})});
  const auto planned = plan(to, to);
  EXPECT_EQ(planned.changes, Words{});
  EXPECT_EQ(planned.errors,
            "models.hpp:12:5: error: t.a and t.b trade names by renamed_from "
            "and are alike, so nothing tells whether that was done already; "
            "if it was, remove the annotations; if not, run generate once "
            "with --rename t.b=a --rename t.a=b, and remove them then "
            "[ambiguous-swap]\n");
  const auto flagged = plan(to, to, rename({"t.b=a", "t.a=b"}));
  EXPECT_EQ(flagged.errors, "");
  EXPECT_EQ(flagged.changes.size(), 3u);
}

TEST(PlanRenames, the_flags_of_a_circle_are_words_of_a_shell) {
  const auto to = schema({table(
      "my table", {renamed(column("b"), "$a"), renamed(column("$a"), "b")})});
  const std::string errors = plan(to, to).errors;
  EXPECT_NE(errors.find("with --rename 'my table.b=$a' --rename "
                        "'my table.$a=b', and"),
            std::string::npos)
      << errors;
}

TEST(PlanRenames, a_circle_of_three_is_told_with_all_its_flags) {
  const auto to =
      schema({table("t", {renamed(column("a"), "b"), renamed(column("b"), "c"),
                          renamed(column("c"), "a")})});
  EXPECT_EQ(plan(to, to).errors,
            "models.hpp:11:5: error: t.a, t.b and t.c trade names by "
            "renamed_from and are alike, so nothing tells whether that was "
            "done already; if it was, remove the annotations; if not, run "
            "generate once with --rename t.b=a --rename t.c=b --rename t.a=c, "
            "and remove them then [ambiguous-swap]\n");
  const auto flagged = plan(to, to, rename({"t.b=a", "t.c=b", "t.a=c"}));
  EXPECT_EQ(flagged.errors, "");
  EXPECT_EQ(flagged.changes.size(), 4u);
}

TEST(PlanRenames, a_renamed_table_is_followed_by_keys_and_columns) {
  Table logs = table("logs", {column("user_id", TypeKind::int64)});
  logs.foreign_keys = {refers("user_id", "users")};
  const auto from = schema({logs, table("users", {column("nick")})});
  logs.foreign_keys = {refers("user_id", "people")};
  const auto to = schema({logs, table("people", {column("name")})});
  const auto planned =
      plan(from, to, rename({"users=people", "users.nick=name"}));
  EXPECT_EQ(planned.errors, "");
  EXPECT_EQ(planned.changes, (Words{"rename table users to people",
                                    "rename column people.nick to name"}));
  EXPECT_EQ(words_of(reverse(planned.plan)),
            (Words{"rename table people to users",
                   "rename column users.name to nick"}));
}

TEST(PlanRenames, everything_that_names_a_column_follows_it) {
  Table users = table("users", {column("nick"), column("big")});
  users.columns[1].generated = "upper(nick)";
  users.checks = {{"", "nick <> 'nick'", "nick", {}}};
  users.uniques = {{"", {"nick"}, {}}};
  Index index;
  index.columns = {{"nick", false}};
  index.where = "nick IS NOT NULL";
  users.indexes = {index};
  Table people = users;
  people.columns[0].name = "name";
  people.columns[1].generated = "upper(name)";
  people.checks = {{"", "name <> 'nick'", "name", {}}};
  people.uniques = {{"", {"name"}, {}}};
  people.indexes[0].columns = {{"name", false}};
  people.indexes[0].where = "name IS NOT NULL";
  EXPECT_EQ(plan(schema({users}), schema({people}), rename({"users.nick=name"}))
                .changes,
            Words{"rename column users.nick to name"});
}

TEST(PlanOrder, parents_come_first_and_go_last) {
  Table a = table("a", {optional(column("b_id", TypeKind::int64))});
  a.foreign_keys = {refers("b_id", "b")};
  const auto both = schema({a, table("b", {})});
  const auto made = plan(schema({}), both);
  EXPECT_EQ(made.changes,
            (Words{"create table b (id)", "create table a (id, b_id)"}));
  EXPECT_EQ(words_of(reverse(made.plan)),
            (Words{"drop table a", "drop table b"}));
}

TEST(PlanOrder, a_circle_of_keys_is_cut_before_its_tables_go) {
  Table a = table("a", {optional(column("b_id", TypeKind::int64))});
  a.foreign_keys = {refers("b_id", "b")};
  Table b = table("b", {optional(column("a_id", TypeKind::int64))});
  b.foreign_keys = {refers("a_id", "a")};
  const auto made = plan(schema({}), schema({a, b}));
  EXPECT_EQ(words_of(reverse(made.plan)),
            (Words{"drop foreign key b (a_id) to a (id)", "drop table a",
                   "drop table b"}));
}

TEST(PlanOrder, a_name_is_freed_before_it_is_taken) {
  const auto from =
      schema({table("t", {column("a"), column("b", TypeKind::int64)})});
  const auto to = schema({table("t", {column("b")})});
  Consents consents{{"t.a=b"}, {"t.b"}};
  const auto planned = plan(from, to, consents);
  EXPECT_EQ(planned.errors, "");
  EXPECT_EQ(planned.changes,
            (Words{"drop column t.b", "rename column t.a to b"}));
  EXPECT_EQ(words_of(reverse(planned.plan)),
            (Words{"rename column t.b to a", "add column t.b (int64)"}));
}

TEST(PlanOrder, a_column_goes_after_what_may_be_filled_from_it) {
  const auto from = schema({table("t", {column("name")})});
  auto to = schema({table("t", {column("first")})});
  to.tables[0].columns[0].backfill = "substr(name, 1, 3)";
  EXPECT_EQ(plan(from, to, drop({"t.name"})).changes,
            (Words{"add column t.first (text)", "drop column t.name"}));
}

TEST(PlanOrder, a_key_is_renewed_where_its_ground_moves) {
  Table child = table("child", {column("parent", TypeKind::int32)});
  child.foreign_keys = {refers("parent", "parent")};
  Table parent = table("parent", {});
  parent.columns[0].type.kind = TypeKind::int32;
  const auto from = schema({child, parent});
  parent.columns[0].type.kind = TypeKind::int64;
  child.columns[0].type.kind = TypeKind::int64;
  EXPECT_EQ(plan(from, schema({child, parent})).changes,
            (Words{"drop foreign key child (parent) to parent (id)",
                   "change column child.parent (type int32 -> int64)",
                   "change column parent.id (type int32 -> int64)",
                   "add foreign key child (parent) to parent (id)"}));
}

TEST(PlanOrder, a_key_of_a_table_that_goes_makes_way_for_what_changes) {
  Table child = table("child", {column("parent", TypeKind::int64)});
  child.foreign_keys = {refers("parent", "parent")};
  Table parent = table("parent", {column("name")});
  const auto from = schema({child, parent});
  parent.primary_key = {"id", "name"};
  EXPECT_EQ(plan(from, schema({parent}), drop({"child"})).changes,
            (Words{"drop foreign key child (parent) to parent (id)",
                   "change primary key of parent from (id) to (id, name)",
                   "drop table child"}));
}

TEST(PlanOrder, a_table_that_goes_late_lets_go_of_one_that_goes_early) {
  Table child = table("child", {column("parent", TypeKind::int64)});
  child.foreign_keys = {refers("parent", "parent")};
  const auto from = schema({child, table("parent", {column("name")})});
  const auto to = schema({table("parent", {column("note")})});
  EXPECT_EQ(plan(from, to, drop({"child", "parent"})).changes,
            (Words{"drop foreign key child (parent) to parent (id)",
                   "drop table parent", "create table parent (id, note)",
                   "drop table child"}));
}

TEST(PlanDown, values_that_are_gone_are_zeros_and_nothing_is_refused) {
  const auto from =
      schema({table("t", {column("a", TypeKind::int32), column("b")})});
  auto to = schema({table("t", {optional(column("b"))})});
  const auto up = plan(from, to, drop({"t.a"}));
  const Plan down = reverse(up.plan);
  ASSERT_EQ(down.changes.size(), 2u);
  EXPECT_EQ(std::get<AddColumn>(down.changes[0]).fill.kind, Fill::Kind::zero);
  EXPECT_EQ(std::get<AlterColumn>(down.changes[1]).fill.kind, Fill::Kind::zero);
}

TEST(PlanNames, a_name_is_derived_from_the_changes) {
  const auto users = schema({table("users", {column("nick")})});
  const auto add =
      schema({table("users", {column("nick"), optional(column("Größe x"))})});
  EXPECT_EQ(derive_name(plan(users, add).plan), "add_users_gr_e_x");
  EXPECT_EQ(derive_name(plan(schema({}), users).plan), "create_users");
  EXPECT_EQ(
      derive_name(
          plan(schema({}), schema({table("a", {}), table("b", {})})).plan),
      "initial");
  EXPECT_EQ(derive_name(plan(users, users).plan), "empty");
}

TEST(PlanTypes, a_narrower_type_is_a_question_to_the_rows) {
  const auto from = schema({table("t", {column("a")})});
  const auto to = schema({table("t", {sized(column("a"), 10)})});
  const auto planned = plan(from, to);
  EXPECT_EQ(planned.errors, "");
  ASSERT_EQ(planned.plan.changes.size(), 1u);
  EXPECT_FALSE(std::get<AlterColumn>(planned.plan.changes[0]).lossless);
  EXPECT_TRUE(std::get<AlterColumn>(reverse(planned.plan).changes[0]).lossless);
}

TEST(PlanDefaults, the_default_fills_what_becomes_required) {
  const auto from = schema({table("t", {optional(column("a"))})});
  const auto to = schema(
      {table("t", {with_default(column("a"), Literal::Kind::text, "x")})});
  EXPECT_EQ(plan(from, to).errors, "");
}

}  // namespace
}  // namespace schemagen::gen
