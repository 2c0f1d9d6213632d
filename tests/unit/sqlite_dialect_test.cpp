// SQLite's faults, each on a filled database: named after the cases of the
// fault catalogue that the SQL itself has to survive.
#include <gtest/gtest.h>

#include "dialect/catalog.hpp"
#include "dialect/dialect.hpp"
#include "model/diagnostics.hpp"
#include "model/text.hpp"
#include "support/build_schema.hpp"
#include "support/fresh_database.hpp"
#include "support/lines.hpp"
#include "support/plan_world.hpp"

namespace schemagen::gen {
namespace {

using namespace test;

const Dialect& sqlite() { return *find_dialect("sqlite"); }

struct World : PlanWorld {
  explicit World(const Schema& schema)
      : PlanWorld("sqlite", fresh_sqlite, schema) {}
};

Column filled(Column made, std::string sql) {
  made.backfill = std::move(sql);
  return made;
}

Check checked(std::string sql, std::string column = "") {
  return {"", std::move(sql), std::move(column), {}};
}

/// Anything SQLite has no ALTER for.
void force_rebuild(Table& table) { table.checks.push_back(checked("id > 0")); }

Schema parent_and_child(Action on_delete) {
  Table child = table("child", {optional(column("parent", TypeKind::int64))});
  child.foreign_keys = {refers("parent", "parent")};
  child.foreign_keys[0].on_delete = on_delete;
  return schema({child, table("parent", {column("name")})});
}

void expect_children_kept(Action on_delete) {
  Schema model = parent_and_child(on_delete);
  World world(model);
  world.rows({"INSERT INTO parent (id, name) VALUES (1, 'a'), (2, 'b')",
              "INSERT INTO child (id, parent) VALUES (1, 1), (2, 1), (3, 2)"});
  force_rebuild(model.tables[1]);
  const Script up = world.go(model);
  EXPECT_EQ(up.rebuilds, std::vector<std::string>{"parent"});
  EXPECT_EQ(world.select("SELECT id, parent FROM child"), "1|1\n2|1\n3|2\n");
  world.back();
  EXPECT_EQ(world.select("SELECT id, parent FROM child"), "1|1\n2|1\n3|2\n");
}

TEST(SqliteRebuild, S01_cascading_children_of_a_rebuilt_parent_stay) {
  expect_children_kept(Action::cascade);
}

TEST(SqliteRebuild, S02_references_to_a_rebuilt_parent_are_not_nulled) {
  expect_children_kept(Action::set_null);
}

TEST(SqliteRebuild, S05_children_without_an_action_do_not_stop_the_drop) {
  expect_children_kept(Action::no_action);
}

TEST(SqliteRebuild, S08_children_go_on_naming_the_rebuilt_parent) {
  Schema model = parent_and_child(Action::cascade);
  World world(model);
  force_rebuild(model.tables[1]);
  world.go(model);
  EXPECT_EQ(world.select("SELECT \"table\" FROM "
                         "pragma_foreign_key_list('child')"),
            "parent\n");
}

TEST(SqliteRebuild, S09_S12_S13_views_and_foreign_triggers_survive) {
  Schema model = schema({table("a", {column("x")}), table("b", {column("y")})});
  World world(model);
  world.rows({"CREATE VIEW v AS SELECT x FROM a",
              "CREATE TRIGGER t AFTER INSERT ON b BEGIN INSERT INTO a (id, x) "
              "VALUES (new.id, new.y); END"});
  force_rebuild(model.tables[0]);
  world.go(model);
  world.rows({"INSERT INTO b (id, y) VALUES (7, 'seven')"});
  EXPECT_EQ(world.select("SELECT x FROM v"), "seven\n");
}

TEST(SqliteRebuild, S11_indexes_of_every_kind_are_made_again) {
  Table users = table("users", {sized(column("name"), 20), column("email")});
  Index partial, descending, expression;
  partial.columns = {{"email", false}};
  partial.where = "email <> ''";
  descending.columns = {{"name", true}, {"email", false}};
  expression.expression = "lower(name)";
  users.indexes = {partial, descending, expression};
  users.uniques = {{"", {"email"}, {}}};
  Schema model = schema({users});
  World world(model);
  force_rebuild(model.tables[0]);
  world.go(model);
  world.back();
}

TEST(SqliteRebuild, S14_S16_autoincrement_strict_and_without_rowid_are_kept) {
  Table counted = table("counted", {column("x")});
  counted.columns[1].autoincrement = true;
  counted.strict = true;
  Table keyed = table("keyed", {column("x")});
  keyed.without_rowid = true;
  Schema model = schema({counted, keyed});
  World world(model);
  force_rebuild(model.tables[0]);
  force_rebuild(model.tables[1]);
  world.go(model);
  EXPECT_EQ(world.select("SELECT name, wr, strict FROM pragma_table_list WHERE "
                         "name IN ('counted', 'keyed') ORDER BY name"),
            "counted|0|1\nkeyed|1|0\n");
  EXPECT_EQ(world.select("SELECT count(*) FROM sqlite_master WHERE name = "
                         "'counted' AND sql LIKE '%AUTOINCREMENT%'"),
            "1\n");
}

TEST(SqliteRebuild, S17_S18_collations_and_checks_are_kept) {
  Table users = table("users", {column("name")});
  users.columns[0].collate = "NOCASE";
  users.checks = {checked("length(name) > 1")};
  Schema model = schema({users});
  World world(model);
  world.rows({"INSERT INTO users (id, name) VALUES (1, 'Al')"});
  force_rebuild(model.tables[0]);
  world.go(model);
  EXPECT_EQ(world.select("SELECT id FROM users WHERE name = 'AL'"), "1\n");
  EXPECT_FALSE(run_statements(world.database(),
                              {"INSERT INTO users (id, name) VALUES (2, 'x')"})
                   .done);
}

TEST(SqliteRebuild, S19_generated_columns_are_computed_not_copied) {
  Table users = table("users", {column("name"), column("loud"), column("low")});
  users.columns[1].generated = "upper(name)";
  users.columns[1].stored = true;
  users.columns[2].generated = "lower(name)";
  Schema model = schema({users});
  World world(model);
  world.rows({"INSERT INTO users (id, name) VALUES (1, 'Al')"});
  force_rebuild(model.tables[0]);
  world.go(model);
  EXPECT_EQ(world.select("SELECT loud, low FROM users"), "AL|al\n");
}

TEST(SqliteRebuild, S20_hidden_rowids_stay_what_they_were) {
  Table notes = table("notes", {column("text")});
  notes.columns[1].type.kind = TypeKind::text;
  Schema model = schema({notes});
  World world(model);
  world.rows({"INSERT INTO notes (rowid, id, text) VALUES (42, 'k', 'x')"});
  force_rebuild(model.tables[0]);
  world.go(model);
  EXPECT_EQ(world.select("SELECT rowid FROM notes"), "42\n");
}

TEST(SqliteRebuild, S20_a_column_called_rowid_does_not_hide_the_number) {
  Table notes = table("notes", {column("rowid")});
  notes.columns[1].type.kind = TypeKind::text;
  Schema model = schema({notes});
  World world(model);
  world.rows({"INSERT INTO notes (oid, id, \"rowid\") VALUES (42, 'k', 'x')"});
  force_rebuild(model.tables[0]);
  world.go(model);
  EXPECT_EQ(world.select("SELECT oid, \"rowid\" FROM notes"), "42|x\n");
}

TEST(SqliteRebuild, S21_values_find_their_columns_by_name) {
  Table users = table("users", {column("b"), column("a")});
  users.columns[0].position = 1;
  users.columns[1].position = 2;
  World world(schema({users}));
  world.rows({"INSERT INTO users (id, a, b) VALUES (1, 'a', 'b')"});
  std::swap(users.columns[0].position, users.columns[1].position);
  force_rebuild(users);
  world.go(schema({users}));
  EXPECT_EQ(world.select("SELECT a, b FROM users"), "a|b\n");
}

TEST(SqliteColumns, S22_an_indexed_column_goes_after_its_index) {
  Table users = table("users", {column("nick")});
  Index index;
  index.columns = {{"nick", false}};
  users.indexes = {index};
  World world(schema({users}));
  const Script up =
      world.go(schema({table("users", {})}), {{}, {"users.nick"}});
  EXPECT_EQ(text_of(up),
            "DROP INDEX \"users_nick_idx\";\n"
            "ALTER TABLE \"users\" DROP COLUMN \"nick\";\n");
  EXPECT_EQ(up.fidelity, Fidelity::shape_only);
}

TEST(SqliteColumns, S23_columns_that_SQLite_cannot_drop_take_a_rebuild) {
  Table users = table("users", {column("a"), column("b"), column("c")});
  users.primary_key = {"id", "a"};
  users.checks = {checked("b <> c")};
  World world(schema({users}));
  world.rows({"INSERT INTO users (id, a, b, c) VALUES (1, 'a', 'b', 'c')"});
  const Script up = world.go(schema({table("users", {column("c")})}),
                             {{}, {"users.a", "users.b"}});
  EXPECT_EQ(up.rebuilds, std::vector<std::string>{"users"});
  EXPECT_EQ(world.select("SELECT id, c FROM users"), "1|c\n");
  world.back();
  EXPECT_EQ(world.select("SELECT id, a, b, c FROM users"), "1|||c\n");
}

TEST(SqliteColumns, none_of_a_key_is_computed) {
  Column made = column("made", TypeKind::int64);
  made.generated = "2";
  Table users = table("users", {made});
  users.primary_key = {"id", "made"};
  Diagnostics diagnostics;
  sqlite().check(schema({users}), diagnostics);
  EXPECT_EQ(to_text(diagnostics.sorted(), false),
            "models.hpp:11:5: error: SQLite has no computed column in a "
            "primary key, and users.made is one; make it a unique, and another "
            "member the key [generated-key]\n");
}

TEST(SqliteColumns, S25_columns_come_to_filled_tables) {
  World world(schema({table("t", {})}));
  world.rows({"INSERT INTO t (id) VALUES (1), (2)"});
  Table grown = table("t", {filled(column("a"), "'row ' || id"),
                            column("b", TypeKind::int32), column("c")});
  grown.columns[1].default_sql = "abs(-7)";
  grown.columns[2].generated = "a || b";
  grown.columns[2].stored = true;
  world.go(schema({grown}));
  EXPECT_EQ(world.select("SELECT a, b, c FROM t"),
            "row 1|7|row 17\nrow 2|7|row 27\n");
}

TEST(SqliteColumns, S26_a_unique_column_is_a_column_and_an_index) {
  World world(schema({table("t", {})}));
  world.rows({"INSERT INTO t (id) VALUES (1), (2)"});
  Table grown = table("t", {optional(column("mail"))});
  grown.uniques = {{"", {"mail"}, {}}};
  EXPECT_EQ(text_of(world.go(schema({grown}))),
            "ALTER TABLE \"t\" ADD COLUMN \"mail\" TEXT;\n"
            "CREATE UNIQUE INDEX \"t_mail_key\" ON \"t\" (\"mail\");\n");
}

TEST(SqliteColumns, S27_a_reference_with_a_default_is_added) {
  World world(schema({table("p", {}), table("t", {})}));
  world.rows(
      {"INSERT INTO p (id) VALUES (1)", "INSERT INTO t (id) VALUES (1)"});
  Table grown = table("t", {with_default(column("p_id", TypeKind::int64),
                                         Literal::Kind::integer, "1")});
  grown.foreign_keys = {refers("p_id", "p")};
  world.go(schema({table("p", {}), grown}));
  EXPECT_EQ(world.select("SELECT p_id FROM t"), "1\n");
}

TEST(SqliteTypes, S28_rows_that_do_not_fit_are_counted_before_anything_runs) {
  World world(schema({table("t", {column("a", TypeKind::int64)})}));
  world.rows({"INSERT INTO t (id, a) VALUES (1, 5), (2, 300), (3, -1)"});
  const Schema narrow = schema({table("t", {column("a", TypeKind::uint8)})});
  EXPECT_EQ(world.refusal(world.prepare(narrow)),
            "t.a: 2 row(s) hold a value that does not fit the new type; change "
            "them first");
  world.rows({"UPDATE t SET a = 1 WHERE id > 1"});
  world.go(narrow);
}

TEST(SqliteTypes, rows_that_a_strict_table_refuses_are_counted_first) {
  Table model = table("t", {optional(column("n", TypeKind::int64)),
                            optional(column("b", TypeKind::blob))});
  World world(schema({model}));
  world.rows(
      {"INSERT INTO t (id, n, b) VALUES (1, 'x', x'00'), (2, '7', "
       "NULL)"});
  model.strict = true;
  const Script up = world.prepare(schema({model}));
  EXPECT_EQ(world.refusal(up),
            "t.n: 1 row(s) hold a value that a STRICT table refuses as "
            "INTEGER; change them first");
  world.rows({"UPDATE t SET n = 5, b = 'y' WHERE id = 1"});
  EXPECT_EQ(world.refusal(up),
            "t.b: 1 row(s) hold a value that a STRICT table refuses as BLOB; "
            "change them first");
  world.rows({"UPDATE t SET b = NULL WHERE id = 1"});
  world.go(schema({model}));
  EXPECT_EQ(world.select("SELECT id, n FROM t"), "1|5\n2|7\n");
}

TEST(SqliteTypes, the_way_back_of_a_type_change_casts_back) {
  Table before = table("t", {column("a")});
  Table after = table("t", {column("a", TypeKind::int32)});
  after.columns[0].using_sql = "length(a)";
  World world(schema({before}));
  world.rows({"INSERT INTO t (id, a) VALUES (1, '007'), (2, 'abcd')"});
  world.go(schema({after}));
  EXPECT_EQ(world.select("SELECT a + 0 FROM t"), "3\n4\n");
  const Script down = world.back();
  EXPECT_EQ(world.select("SELECT a FROM t"), "3\n4\n");
  EXPECT_EQ(down.invented, std::vector<std::string>{});
}

TEST(SqliteTypes, what_does_not_cast_back_is_invented_and_said) {
  Table before = table("t", {column("a", TypeKind::int32)});
  Table after = table("t", {column("a")});
  World world(schema({before}));
  world.rows({"INSERT INTO t (id, a) VALUES (1, 7)"});
  world.go(schema({after}));
  world.rows({"INSERT INTO t (id, a) VALUES (2, 'abc'), (3, '99999999999')"});
  const Script down = world.back();
  EXPECT_EQ(world.select("SELECT a FROM t"), "7\n0\n0\n");
  EXPECT_EQ(down.invented, std::vector<std::string>{"t.a"});
}

TEST(SqliteTypes, a_spelled_type_casts_back_by_its_affinity) {
  Column spelled = optional(column("n"));
  spelled.type.sql = {{"sqlite", "ANY"}};
  spelled.using_sql = "\"n\"";
  Table before = table("t", {optional(column("n", TypeKind::int16))});
  before.strict = true;
  Table after = table("t", {spelled});
  after.strict = true;
  World world(schema({before}));
  world.rows({"INSERT INTO t (id, n) VALUES (1, 7)"});
  world.go(schema({after}));
  world.rows({"INSERT INTO t (id, n) VALUES (2, 'word'), (3, '8'), (4, 1.5)"});
  world.back();
  EXPECT_EQ(world.select("SELECT id, n, typeof(n) FROM t"),
            "1|7|integer\n2|NULL|null\n3|8|integer\n4|NULL|null\n");
}

TEST(SqliteRebuild, S30_no_column_name_can_turn_into_text) {
  Schema model = schema({table("t", {column("a")})});
  World world(model);
  world.rows({"INSERT INTO t (id, a) VALUES (1, 'x')",
              "ALTER TABLE t RENAME COLUMN a TO b"});
  force_rebuild(model.tables[0]);
  const Outcome outcome = run_script(world.database(), world.prepare(model));
  EXPECT_FALSE(outcome.done);
  EXPECT_EQ(world.select("SELECT b FROM t"), "x\n");
}

TEST(SqliteNames, S31_only_the_case_of_names_changes) {
  World world(schema({table("users", {column("nick")})}));
  world.rows({"INSERT INTO users (id, nick) VALUES (1, 'al')"});
  world.go(schema({table("Users", {column("Nick")})}),
           {{"users=Users", "users.nick=Nick"}, {}});
  EXPECT_EQ(world.select("SELECT \"Nick\" FROM \"Users\""), "al\n");
  world.back();
}

TEST(SqliteNames, S31_names_equal_but_for_case_are_refused) {
  Diagnostics diagnostics;
  sqlite().check(schema({table("Users", {}), table("users", {})}), diagnostics);
  EXPECT_EQ(to_text(diagnostics.sorted(), false),
            "models.hpp:10:8: error: SQLite has no schemas and ignores case, "
            "so the table name users is taken twice; give one of them another "
            ".name [duplicate-table]\n");
}

TEST(SqliteColumns, S35_the_cheapest_form_is_chosen) {
  World world(schema({table("t", {column("a"), column("b")})}));
  const Script up = world.go(
      schema({table("t",
                    {column("c"), with_default(column("n", TypeKind::int64),
                                               Literal::Kind::integer, "3")})}),
      {{"t.a=c"}, {"t.b"}});
  EXPECT_EQ(text_of(up),
            "ALTER TABLE \"t\" RENAME COLUMN \"a\" TO \"c\";\n"
            "ALTER TABLE \"t\" ADD COLUMN \"n\" INTEGER NOT NULL DEFAULT 3;\n"
            "ALTER TABLE \"t\" DROP COLUMN \"b\";\n");
  EXPECT_TRUE(up.rebuilds.empty());
}

TEST(SqliteRebuild, S35_many_changes_of_one_table_are_one_rebuild) {
  World world(schema({table("t", {column("a"), column("b")})}));
  world.rows({"INSERT INTO t (id, a, b) VALUES (1, '1', 'b')"});
  Table after = table("t", {column("a", TypeKind::int32), optional(column("b")),
                            filled(column("c"), "b || '!'")});
  after.columns[0].using_sql = "CAST(a AS INTEGER)";
  after.checks = {checked("a > 0")};
  const Script up = world.go(schema({after}));
  EXPECT_EQ(up.rebuilds, std::vector<std::string>{"t"});
  EXPECT_EQ(world.select("SELECT a + 1, b, c FROM t"), "2|b|b!\n");
}

TEST(SqliteRebuild, S36_a_reference_to_itself_names_the_final_table) {
  Table node = table("node", {optional(column("up", TypeKind::int64))});
  node.foreign_keys = {refers("up", "node")};
  Schema model = schema({node});
  World world(model);
  world.rows({"INSERT INTO node (id, up) VALUES (1, NULL), (2, 1)"});
  force_rebuild(model.tables[0]);
  world.go(model);
  EXPECT_EQ(world.select("SELECT \"table\" FROM "
                         "pragma_foreign_key_list('node')"),
            "node\n");
}

TEST(SqliteRebuild, S37_a_leftover_table_stops_the_run_with_a_clear_error) {
  Schema model = schema({table("t", {column("a")})});
  World world(model);
  world.rows({"CREATE TABLE t__schemagen_new (x)"});
  force_rebuild(model.tables[0]);
  const Outcome outcome = run_script(world.database(), world.prepare(model));
  EXPECT_FALSE(outcome.done);
  EXPECT_NE(outcome.message.find("t__schemagen_new"), std::string::npos);
}

TEST(SqliteRebuild, S39_both_sides_of_a_key_change_their_type_together) {
  Schema model = parent_and_child(Action::cascade);
  model.tables[1].columns[0].type.kind = TypeKind::int32;
  model.tables[0].columns[1].type.kind = TypeKind::int32;
  World world(model);
  world.rows({"INSERT INTO parent (id, name) VALUES (1, 'a')",
              "INSERT INTO child (id, parent) VALUES (1, 1)"});
  model.tables[1].columns[0].type.kind = TypeKind::int64;
  model.tables[0].columns[1].type.kind = TypeKind::int64;
  world.go(model);
  EXPECT_EQ(world.select("SELECT parent FROM child"), "1\n");
  world.back();
}

TEST(SqliteEnums, rows_that_use_a_dropped_value_are_counted) {
  const Table users = table("users", {of_enum("role", "role")});
  World world(schema({users}, {enumeration("role", {"admin", "owner"})}));
  world.rows({"INSERT INTO users (id, role) VALUES (1, 'owner')"});
  const Schema to = schema({users}, {enumeration("role", {"admin"})});
  const Script up = world.prepare(to, {{}, {"enum:role.owner"}});
  EXPECT_EQ(world.refusal(up),
            "users.role: 1 row(s) still hold owner; change them first");
}

TEST(SqliteEnums, values_trade_their_names_where_nothing_else_changes) {
  const Schema model = schema({table("t", {of_enum("c", "colour")})},
                              {enumeration("colour", {"blue", "red"})});
  World world(model);
  world.rows({"INSERT INTO t (id, c) VALUES (1, 'blue'), (2, 'red')"});
  world.go(model, {{"enum:colour.blue=red", "enum:colour.red=blue"}, {}});
  EXPECT_EQ(world.select("SELECT id, c FROM t"), "1|red\n2|blue\n");
  world.back();
  EXPECT_EQ(world.select("SELECT id, c FROM t"), "1|blue\n2|red\n");
}

TEST(SqliteEnums, an_added_value_in_use_becomes_another_on_the_way_back) {
  const Table users = table("users", {of_enum("role", "role")});
  World world(schema({users}, {enumeration("role", {"admin", "member"})}));
  world.go(
      schema({users}, {enumeration("role", {"admin", "member", "owner"})}));
  world.rows(
      {"INSERT INTO users (id, role) VALUES (1, 'owner'), (2, 'member')"});
  const Script down = world.back();
  EXPECT_EQ(world.select("SELECT role FROM users"), "admin\nmember\n");
  EXPECT_EQ(down.invented, std::vector<std::string>{"users.role"});
}

TEST(SqliteKeys, duplicates_in_the_way_of_a_unique_are_counted) {
  Table users = table("users", {column("mail")});
  World world(schema({users}));
  world.rows(
      {"INSERT INTO users (id, mail) VALUES (1, 'a'), (2, 'a'), (3, 'b')"});
  users.uniques = {{"", {"mail"}, {}}};
  EXPECT_EQ(world.refusal(world.prepare(schema({users}))),
            "users.mail: 1 value(s) stand in more than one row, and must be "
            "unique; change them first");
}

TEST(SqliteKeys, a_down_refuses_where_invented_values_would_collide) {
  Table users = table("users", {column("mail")});
  users.uniques = {{"", {"mail"}, {}}};
  World world(schema({users}));
  world.go(schema({table("users", {})}), {{}, {"users.mail"}});
  world.rows({"INSERT INTO users (id) VALUES (1), (2)"});
  const Outcome outcome =
      run_script(world.database(), sqlite().render(reverse([&] {
        Diagnostics diagnostics;
        return make_plan(schema({users}), schema({table("users", {})}),
                         {{}, {"users.mail"}}, diagnostics);
      }())));
  EXPECT_TRUE(outcome.refused);
  EXPECT_EQ(outcome.message,
            "users.mail: 1 value(s) stand in more than one row, and must be "
            "unique; change them first");
}

TEST(SqliteKeys, a_key_becomes_composite_and_single_again) {
  Table users = table("users", {column("team", TypeKind::int64)});
  World world(schema({users}));
  world.rows({"INSERT INTO users (id, team) VALUES (1, 5), (2, 5)"});
  users.primary_key = {"team", "id"};
  world.go(schema({users}));
  EXPECT_EQ(world.select("SELECT id, team FROM users ORDER BY id"),
            "1|5\n2|5\n");
  world.back();
  EXPECT_EQ(world.select("SELECT id, team FROM users ORDER BY id"),
            "1|5\n2|5\n");
}

TEST(SqliteTypes, unsigned_64_bits_keep_their_range_and_order) {
  World world(schema({table("t", {column("n", TypeKind::uint64)})}));
  world.rows(
      {"INSERT INTO t (id, n) VALUES (1, '18446744073709551615'), "
       "(2, 9223372036854775807), (3, '09223372036854775808'), (4, 0)"});
  EXPECT_EQ(world.select("SELECT n FROM t ORDER BY n"),
            "0\n9223372036854775807\n09223372036854775808\n"
            "18446744073709551615\n");
  EXPECT_EQ(world.select("SELECT count(*) FROM t WHERE n > 100"), "3\n");
  for (const char* wrong : {"-1", "1.5", "'42'", "18446744073709551615"}) {
    EXPECT_FALSE(
        run_statements(world.database(), {"INSERT INTO t (id, n) VALUES (9, " +
                                          std::string(wrong) + ")"})
            .done)
        << wrong;
  }
}

TEST(SqliteTypes, literals_are_typed_and_never_sql) {
  Table t = table(
      "t",
      {with_default(column("a"), Literal::Kind::text, "it's; \"x\" \\"),
       with_default(column("b", TypeKind::blob), Literal::Kind::blob, "00ff"),
       with_default(column("c", TypeKind::timestamp), Literal::Kind::integer,
                    "1500000000500000000"),
       with_default(column("d", TypeKind::date), Literal::Kind::integer, "-1"),
       with_default(column("e", TypeKind::boolean), Literal::Kind::boolean,
                    "true")});
  World world(schema({t}));
  world.rows({"INSERT INTO t (id) VALUES (1)"});
  EXPECT_EQ(world.select("SELECT a, hex(b), c, d, e FROM t"),
            "it's; \"x\" \\|00FF|2017-07-14 02:40:00.5|1969-12-31|1\n");
}

TEST(SqliteNames, every_name_is_quoted) {
  Table odd = table("a\"; DROP TABLE b; --", {column("select"), column("x'y")});
  Index index;
  index.columns = {{"x'y", false}};
  odd.indexes = {index};
  Schema model = schema({odd, table("b", {})});
  World world(model);
  model.tables[0].columns[1].nullable = true;
  force_rebuild(model.tables[0]);
  world.go(model);
  world.back();
}

TEST(SqliteNames, swapped_tables_keep_their_rows_and_children) {
  Table child = table("child", {column("p", TypeKind::int64)});
  child.foreign_keys = {refers("p", "a")};
  World world(schema({table("a", {}), table("b", {}), child}));
  world.rows({"INSERT INTO a (id) VALUES (1)", "INSERT INTO b (id) VALUES (2)",
              "INSERT INTO child (id, p) VALUES (1, 1)"});
  child.foreign_keys = {refers("p", "b")};
  world.go(schema({table("a", {}), table("b", {}), child}),
           {{"a=b", "b=a"}, {}});
  EXPECT_EQ(world.select("SELECT id FROM b"), "1\n");
  EXPECT_EQ(world.select("SELECT id FROM a"), "2\n");
  world.back();
}

struct Cut {
  std::vector<std::string> statements;
  std::string errors;
};

Cut cut(const std::string& script, bool transactional = true,
        bool unchecked = false) {
  Diagnostics diagnostics;
  Cut result;
  for (const StatementRange& range : sqlite().cut(
           script, "m.up.sql", transactional, unchecked, diagnostics)) {
    result.statements.push_back(script.substr(range.offset, range.length));
  }
  result.errors = to_text(diagnostics.sorted(), false);
  return result;
}

TEST(SqliteCut, G08_G09_G10_only_real_ends_of_statements_cut) {
  const std::string trigger =
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  SELECT CASE WHEN 1 THEN "
      "';' END;\n  DELETE FROM b; -- it's; fine\nEND";
  const Cut made =
      cut("-- head; it's\nSELECT ';' /* ; */;\n" + trigger + ";;\n-- tail\n");
  EXPECT_EQ(made.errors, "");
  EXPECT_EQ(made.statements,
            (std::vector<std::string>{"-- head; it's\nSELECT ';' /* ; */",
                                      "\n" + trigger}));
}

TEST(SqliteCut, a_comment_ends_at_its_first_end) {
  const Cut made = cut("/* a /* b */ DROP TABLE t;");
  EXPECT_EQ(made.statements,
            std::vector<std::string>{"/* a /* b */ DROP TABLE t"});
}

TEST(SqliteCut, a_syntax_error_is_shown_at_its_place) {
  EXPECT_EQ(cut("SELECT 1;\nCREATE TABEL t (a);\n").errors,
            "m.up.sql:2:8: error: near \"TABEL\": syntax error; SQLite cannot "
            "read this statement, correct it [invalid-sql]\n");
  EXPECT_EQ(cut("CREATE TABLE t (a").errors,
            "m.up.sql:1:1: error: incomplete input; SQLite cannot read this "
            "statement, correct it [invalid-sql]\n");
  EXPECT_EQ(cut("CREATE TABEL t (a);", true, true).errors, "");
}

TEST(SqliteCut, an_unclosed_quote_is_told_without_the_rest_of_the_script) {
  const std::string told = cut("SELECT 'a;\nSELECT 1;\nSELECT 2;\n").errors;
  EXPECT_NE(told.find("'a; ...\"; SQLite"), std::string::npos) << told;
  EXPECT_EQ(told.find("SELECT 2"), std::string::npos) << told;
}

TEST(SqliteCut, a_placeholder_is_told_as_such) {
  EXPECT_EQ(cut("UPDATE t\nSET a = '\xc3\xa9' || ${name} WHERE b;\n").errors,
            "m.up.sql:2:16: error: ${name} is a placeholder, and nothing "
            "fills it in a migration, which runs as it stands; write the value "
            "itself, or have SQL or a code migration work it out "
            "[unfilled-placeholder]\n");
  // SQLite reads these and the runtime has no values for them.
  for (const char* script :
       {"SELECT $x;", "SELECT :x;", "SELECT @x;", "SELECT ?;", "SELECT ?1;",
        "SELECT $1;", "SELECT {{ x }};", "SELECT %(x)s;"}) {
    EXPECT_NE(cut(script).errors.find("[unfilled-placeholder]"),
              std::string::npos)
        << script;
  }
  EXPECT_EQ(cut("SELECT '${x} :x ?', \"a$b\", a$b, 5 % (x);").errors, "");
}

TEST(SqliteCut, objects_that_are_not_there_are_no_error) {
  EXPECT_EQ(cut("UPDATE elsewhere SET x = 1;").errors, "");
}

TEST(SqliteCut, what_refuses_a_transaction_is_refused_in_one) {
  EXPECT_EQ(cut("-- tidy\nVACUUM;").errors,
            "m.up.sql:2:1: error: SQLite refuses this statement in a "
            "transaction; begin the script with -- schemagen: no-transaction "
            "[needs-no-transaction]\n");
  EXPECT_EQ(cut("VACUUM;\nVACUUM;").errors,
            "m.up.sql:1:1: error: SQLite refuses this statement, and 1 more of "
            "the script, in a transaction; begin the script with -- "
            "schemagen: no-transaction [needs-no-transaction]\n");
  EXPECT_EQ(cut("VACUUM;", false).errors, "");
}

TEST(SqliteCut, transaction_control_is_refused_in_a_transaction) {
  EXPECT_EQ(cut("SELECT 1;\n  -- now\n  commit;").errors,
            "m.up.sql:3:3: error: commit may not stand in a migration, which "
            "runs in one transaction; remove it, or begin the script with -- "
            "schemagen: no-transaction [transaction-control]\n");
  EXPECT_EQ(cut("BEGIN;\nCOMMIT;", false).errors, "");
}

TEST(SqliteCatalog, differences_are_told_by_object_and_line) {
  World a(schema({table("t", {column("x")}), table("only_a", {})}));
  World b(schema({table("t", {optional(column("x"))}), table("only_b", {})}));
  a.rows({"CREATE VIEW v AS SELECT 1"});
  auto first = read_catalog(a.database()), second = read_catalog(b.database());
  EXPECT_EQ(joined(difference(*first, *second)),
            "table only_a: missing\n"
            "table t: missing column x text not null\n"
            "table t: unexpected column x text\n"
            "table only_b: unexpected\n");
  EXPECT_EQ(first->unmodelled, std::vector<std::string>{"view v"});
}

TEST(SqliteCatalog, inline_and_separate_clauses_are_the_same) {
  World a(schema({})), b(schema({}));
  a.rows(
      {"CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT CHECK (b <> ''), "
       "c INT CONSTRAINT k REFERENCES t(id) ON DELETE SET NULL) STRICT"});
  b.rows(
      {"create table \"t\" (\n  c int, [b] text, `id` integer, -- note\n"
       "  primary key (id), check ( \"b\" <> '' ),\n"
       "  constraint k foreign key (c) references t (id) on delete set "
       "null\n) strict"});
  auto first = read_catalog(a.database()), second = read_catalog(b.database());
  EXPECT_EQ(joined(difference(*first, *second)), "");
}

TEST(SqliteCatalog, not_null_on_a_key_that_holds_no_null_says_nothing) {
  const auto told = [](const std::string& one, const std::string& other) {
    World a(schema({})), b(schema({}));
    a.rows({"CREATE TABLE t " + one});
    b.rows({"CREATE TABLE t " + other});
    auto first = read_catalog(a.database()),
         second = read_catalog(b.database());
    return joined(difference(*first, *second));
  };
  EXPECT_EQ(
      told("(id INTEGER PRIMARY KEY)", "(id INTEGER NOT NULL PRIMARY KEY)"),
      "");
  EXPECT_EQ(told("(id INTEGER, PRIMARY KEY (\"ID\"))",
                 "(id INTEGER NOT NULL PRIMARY KEY)"),
            "table t: missing primary key ID\n"
            "table t: unexpected primary key id\n");
  EXPECT_EQ(told("(a INT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID",
                 "(a INT NOT NULL, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID"),
            "");
  EXPECT_EQ(told("(a TEXT PRIMARY KEY) STRICT",
                 "(a TEXT NOT NULL PRIMARY KEY) STRICT"),
            "");
  // These do hold NULL.
  for (const char* type : {"INT", "BIGINT", "TEXT"}) {
    const std::string head = "(id " + std::string(type);
    EXPECT_NE(told(head + " PRIMARY KEY)", head + " NOT NULL PRIMARY KEY)"),
              "");
  }
  EXPECT_NE(told("(id INTEGER PRIMARY KEY DESC)",
                 "(id INTEGER NOT NULL PRIMARY KEY DESC)"),
            "");
  EXPECT_NE(told("(a INTEGER, b INTEGER, PRIMARY KEY (a, b))",
                 "(a INTEGER NOT NULL, b INTEGER, PRIMARY KEY (a, b))"),
            "");
}

// SQLite reads it, so both readers of the grammar do.
constexpr const char* kOddTable =
    "CREATE TABLE t (id INTEGER CONSTRAINT k PRIMARY KEY AUTOINCREMENT, "
    "'a b' VARCHAR(10, 2) DEFAULT NULL NOT NULL ON CONFLICT ABORT, "
    "c REFERENCES p ON DELETE SET DEFAULT NOT DEFERRABLE CHECK (c > (1)), "
    "d GENERATED ALWAYS AS (c + 1) STORED, e AS (1), "
    "CONSTRAINT one UNIQUE (c, d) CHECK (c) FOREIGN KEY (d) REFERENCES p (x))";

TEST(SqliteGrammar, the_catalogue_reads_what_sqlite_reads) {
  World world(schema({}));
  world.rows({kOddTable});
  EXPECT_EQ(joined(read_catalog(world.database())->objects["table t"]),
            "check ( c )\n"
            "check ( c > ( 1 ) )\n"
            "column a b varchar ( 10 , 2 ) default NULL not null on conflict "
            "abort\n"
            "column c \n"
            "column d  generated always as ( c + 1 ) stored\n"
            "column e  as ( 1 )\n"
            "column id integer autoincrement\n"
            "constraint one unique c , d\n"
            "foreign key c references p on delete set default not deferrable\n"
            "foreign key d references p ( x )\n"
            "primary key id\n");
}

TEST(SqliteGrammar, the_facts_read_what_sqlite_reads) {
  const Fact fact = sqlite().facts(kOddTable).front();
  std::string shown;
  for (const ColumnFact& column : fact.columns) {
    shown += column.name + (column.not_null ? " not null" : "") +
             (column.has_default ? " default" : "") +
             (column.is_numbered ? " numbered" : "") +
             (column.is_stored      ? " stored"
              : column.is_generated ? " generated"
                                    : "") +
             "\n";
  }
  for (const ConstraintFact& one : fact.constraints) {
    shown += std::to_string(static_cast<int>(one.kind)) + " " + one.name + " " +
             join(one.columns, ",") + " " + one.parent.name + " " +
             join(one.parent_columns, ",") + "\n";
  }
  EXPECT_EQ(
      shown,
      "id not null default numbered\na b not null\nc\nd stored\ne generated\n"
      "0 k id  \n3  c p \n2  c  \n1 one c,d  \n2  c  \n3  d p x\n");
}

}  // namespace
}  // namespace schemagen::gen
