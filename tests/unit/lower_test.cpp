// What declarations mean when nothing is wrong with them.
#include "model/lower.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "model/snapshot.hpp"
#include "support/declare.hpp"

namespace schemagen::gen {
namespace {

using namespace test;  // NOLINT: the words of this file
using Kind = Literal::Kind;

Schema expect_clean(const Declarations& declarations) {
  Lowered result = lowered(declarations);
  EXPECT_EQ(result.messages, "");
  return result.schema;
}

Table table_of(std::vector<Member> members, std::vector<Annotation> more = {}) {
  Declarations declarations;
  members.insert(members.begin(), member("id", int64(), 2));
  declarations.records.push_back(
      entity("app::User", std::move(members), std::move(more)));
  Schema schema = expect_clean(declarations);
  return schema.tables.empty() ? Table{} : schema.tables[0];
}

Column column_of(Member one) {
  std::string name = one.name;
  Table table = table_of({std::move(one)});
  const Column* found = table.find_column(name);
  EXPECT_NE(found, nullptr);
  return found ? *found : Column{};
}

TEST(Lower, MakesNamesOfTheCppNames) {
  Declarations declarations;
  declarations.records.push_back(
      entity("app::HTTPServer2",
             {member("id", int64(), 2), member("homePage", text(), 3)}));
  Schema schema = expect_clean(declarations);
  ASSERT_EQ(schema.tables.size(), 1u);
  const Table& table = schema.tables[0];
  EXPECT_EQ(table.name, "http_server2");
  EXPECT_EQ(table.entity, "app::HTTPServer2");
  EXPECT_EQ(table.primary_key, std::vector<std::string>{"id"});
  const Column* page = table.find_column("home_page");
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page->member, "homePage");
  EXPECT_EQ(page->position, 2);
  EXPECT_FALSE(page->nullable);
  EXPECT_EQ(page->at.line, 3);
}

TEST(Lower, TakesTheOptionsOfATable) {
  Declarations declarations;
  Record record = entity("User", {member("id", int64(), 2)});
  record.comment = "from the doc comment";
  record.annotations[0] = annotation("table", 1,
                                     {{"name", str("users")},
                                      {"renamed_from", str("people")},
                                      {"schema", str("crm")},
                                      {"strict", yes()},
                                      {"without_rowid", yes()}});
  declarations.records.push_back(record);
  Table table = expect_clean(declarations).tables.at(0);
  EXPECT_EQ(table.name, "users");
  EXPECT_EQ(table.renamed_from, "people");
  EXPECT_EQ(table.schema, "crm");
  EXPECT_EQ(table.comment, "from the doc comment");
  EXPECT_TRUE(table.strict);
  EXPECT_TRUE(table.without_rowid);
}

TEST(Lower, TakesTheOptionsOfAColumn) {
  Column column = column_of(member("nick", text(), 3,
                                   {{"max_length", num(40)},
                                    {"collate", str("NOCASE")},
                                    {"comment", str("shown")},
                                    {"renamed_from", str("alias")},
                                    {"backfill", str("'x'")},
                                    {"using_sql", str("upper(alias)")},
                                    {"default_sql", str("user")}}));
  EXPECT_EQ(column.type.max_length, 40);
  EXPECT_EQ(column.collate, "NOCASE");
  EXPECT_EQ(column.comment, "shown");
  EXPECT_EQ(column.renamed_from, "alias");
  EXPECT_EQ(column.backfill, "'x'");
  EXPECT_EQ(column.using_sql, "upper(alias)");
  EXPECT_EQ(column.default_sql, "user");
}

TEST(Lower, AnOptionalIsNullable) {
  Column column = column_of(member("nick", optional(text()), 3));
  EXPECT_TRUE(column.nullable);
  EXPECT_EQ(column.type.kind, TypeKind::text);
}

struct TypeCase {
  CppType cpp;
  TypeKind kind;
  int max_length = 0;
  bool fixed = false;
  std::string unit = {};
};

CppType counted(CppType cpp, std::int64_t count) {
  cpp.count = count;
  return cpp;
}

CppType ticking(CppType::Kind kind, std::int64_t num, std::int64_t den) {
  CppType cpp = type(kind, "chrono", 64, true);
  cpp.period_num = num;
  cpp.period_den = den;
  return cpp;
}

TEST(Lower, KnowsEveryCppType) {
  using C = CppType::Kind;
  auto integer = [](int bits, bool sign) {
    return type(C::integer, "int", bits, sign);
  };
  const TypeCase cases[] = {
      {type(C::boolean, "bool"), TypeKind::boolean},
      {integer(8, true), TypeKind::int8},
      {integer(16, true), TypeKind::int16},
      {integer(32, true), TypeKind::int32},
      {integer(64, true), TypeKind::int64},
      {integer(8, false), TypeKind::uint8},
      {integer(16, false), TypeKind::uint16},
      {integer(32, false), TypeKind::uint32},
      {integer(64, false), TypeKind::uint64},
      {type(C::floating, "float", 32), TypeKind::float32},
      {type(C::floating, "double", 64), TypeKind::float64},
      {text(), TypeKind::text},
      {type(C::path, "path"), TypeKind::text},
      {counted(type(C::char_array, "char[8]"), 8), TypeKind::text, 7},
      {type(C::bytes, "vector"), TypeKind::blob},
      {counted(type(C::bytes, "array"), 16), TypeKind::blob, 16, true},
      {ticking(C::time_point, 1, 1'000'000), TypeKind::timestamp},
      {ticking(C::local_time, 1, 1), TypeKind::local_time},
      {type(C::date, "year_month_day"), TypeKind::date},
      {ticking(C::time_of_day, 1, 1), TypeKind::time_of_day, 0, false, "s"},
      {ticking(C::duration, 1, 1'000), TypeKind::duration, 0, false, "ms"},
      {ticking(C::duration, 60, 1), TypeKind::duration, 0, false, "min"},
      {ticking(C::duration, 1, 30), TypeKind::duration, 0, false, "1/30"},
  };
  for (const TypeCase& one : cases) {
    SCOPED_TRACE(type_kind_name(one.kind));
    Type found = column_of(member("x", one.cpp, 3)).type;
    EXPECT_EQ(found.kind, one.kind);
    EXPECT_EQ(found.max_length, one.max_length);
    EXPECT_EQ(found.fixed, one.fixed);
    EXPECT_EQ(found.unit, one.unit);
  }
}

TEST(Lower, PrecisionMakesADecimal) {
  Type found = column_of(member("price", text(), 3,
                                {{"precision", num(10)}, {"scale", num(2)}}))
                   .type;
  EXPECT_EQ(found.kind, TypeKind::decimal);
  EXPECT_EQ(found.precision, 10);
  EXPECT_EQ(found.scale, 2);
}

TEST(Lower, SqlTypesAreKeptAsTheyAreWritten) {
  Type found = column_of(member("data", text(), 3,
                                {{"sql_type", str("jsonb")},
                                 {"sqlite_type", str("TEXT")}}))
                   .type;
  EXPECT_EQ(found.kind, TypeKind::text);
  std::map<std::string, std::string> expected{{"", "jsonb"},
                                              {"sqlite", "TEXT"}};
  EXPECT_EQ(found.sql, expected);
}

TEST(Lower, AnUnknownTypeIsCustomWhenEveryDialectHasItsSql) {
  Member one =
      member("shape", other("geo::Polygon"), 3,
             {{"postgres_type", str("polygon")}, {"sqlite_type", str("TEXT")}});
  EXPECT_EQ(column_of(one).type.kind, TypeKind::custom);
}

TEST(Lower, AMappedTypeTakesItsOptions) {
  Declarations declarations;
  declarations.records.push_back(entity(
      "User",
      {member("id", optional(other("acme::Uuid")), 2,
              {{"primary_key", OptionValue(false)}}),
       member("key", int64(), 3, {{"primary_key", yes()}}),
       member("own", other("acme::Uuid"), 4, {{"sqlite_type", str("TEXT")}})}));
  TypeMapping mapping{
      "acme::Uuid",
      annotation("column", 1,
                 {{"postgres_type", str("uuid")}, {"sqlite_type", str("BLOB")}})
          .options,
      at(1)};
  declarations.mappings = {mapping, mapping};
  Table table = expect_clean(declarations).tables.at(0);
  EXPECT_EQ(table.find_column("id")->type.sql.at("sqlite"), "BLOB");
  EXPECT_TRUE(table.find_column("id")->nullable);
  EXPECT_EQ(table.find_column("own")->type.sql.at("sqlite"), "TEXT");
  EXPECT_EQ(table.find_column("own")->type.sql.at("postgres"), "uuid");
}

TEST(Lower, SeesThroughStrongTypedefs) {
  Declarations declarations;
  declarations.records.push_back(
      entity("User", {member("id", record("UserId"), 2),
                      member("boss", optional(record("UserId")), 3)}));
  declarations.records.push_back(
      value_struct("UserId", {member("value", int64(), 2)}));
  Table table = expect_clean(declarations).tables.at(0);
  EXPECT_EQ(table.find_column("id")->type.kind, TypeKind::int64);
  EXPECT_TRUE(table.find_column("boss")->nullable);
}

TEST(Lower, AStrongTypedefBringsItsDefault) {
  Declarations declarations;
  declarations.records.push_back(entity(
      "User", {member("id", int64(), 2), member("level", record("Outer"), 3),
               with(member("own", record("Level"), 4), Kind::integer, "7"),
               member("maybe", optional(record("Level")), 5)}));
  declarations.records.push_back(
      value_struct("Outer", {member("inner", record("Level"), 2)}));
  declarations.records.push_back(value_struct(
      "Level", {with(member("value", int32(), 2), Kind::integer, "5")}));
  Table table = expect_clean(declarations).tables.at(0);
  EXPECT_EQ(table.find_column("level")->default_value->text, "5");
  EXPECT_EQ(table.find_column("own")->default_value->text, "7");
  EXPECT_FALSE(table.find_column("maybe")->default_value.has_value());
}

Member embedded(const std::string& name, CppType cpp, int line,
                const std::string& prefix) {
  Member result = member(name, std::move(cpp), line);
  result.annotations.push_back(
      annotation("embed", line, {{"prefix", str(prefix)}}));
  return result;
}

TEST(Lower, FlattensValueStructs) {
  Declarations declarations;
  declarations.records = {
      entity("User",
             {member("id", int64(), 2),
              embedded("home", record("Address"), 3, "home_"),
              embedded("work", optional(record("Address")), 4, "work_")},
             {annotation("index", 1, {{"columns", names({"home.geo.lat"})}})}),
      value_struct("Address", {with(member("zip", text(), 2,
                                           {{"check", str("zip <> ''")},
                                            {"renamed_from", str("postcode")}}),
                                    Kind::text, "0"),
                               embedded("geo", record("Geo"), 3, "geo_")}),
      value_struct(
          "Geo",
          {member("lat", type(CppType::Kind::floating, "double", 64), 2)})};
  Table table = expect_clean(declarations).tables.at(0);
  std::vector<std::string> columns;
  for (const Column* column : table.columns_in_order()) {
    columns.push_back(column->name);
  }
  EXPECT_EQ(columns, (std::vector<std::string>{"id", "home_zip", "home_geo_lat",
                                               "work_zip", "work_geo_lat"}));
  const Column* zip = table.find_column("home_zip");
  EXPECT_EQ(zip->member, "home.zip");
  EXPECT_EQ(zip->renamed_from, "home_postcode");
  ASSERT_TRUE(zip->default_value);
  EXPECT_FALSE(zip->nullable);
  ASSERT_EQ(table.checks.size(), 2u);
  EXPECT_EQ(table.checks[0].sql, "home_zip <> ''");
  EXPECT_EQ(table.indexes.at(0).columns.at(0).name, "home_geo_lat");
  // Of a struct that may be absent every column may be NULL.
  EXPECT_TRUE(table.find_column("work_zip")->nullable);
  EXPECT_FALSE(table.find_column("work_zip")->default_value);
}

TEST(Lower, StoresEnumsByName) {
  Declarations declarations;
  EnumDeclaration role =
      enumeration_of("app::Role", {"member", "admin", "boss"});
  role.values[2].number = 1;  // another spelling of admin
  role.values[1].annotations.push_back(
      annotation("value", 3, {{"name", str("administrator")}}));
  declarations.enums = {role, enumeration_of("app::Unused", {"a"})};
  declarations.records.push_back(
      entity("User", {member("id", int64(), 2),
                      with(member("role", enumeration("app::Role"), 3),
                           Kind::enumerator, "admin"),
                      with(member("second", enumeration("app::Role"), 4),
                           Kind::integer, "0")}));
  Schema schema = expect_clean(declarations);
  ASSERT_EQ(schema.enums.size(), 1u);
  const Enum& e = schema.enums[0];
  EXPECT_EQ(e.name, "role");
  EXPECT_EQ(e.storage, EnumStorage::text);
  ASSERT_EQ(e.values.size(), 2u);
  EXPECT_EQ(e.values[0].name, "administrator");
  EXPECT_EQ(e.values[0].enumerator, "");
  EXPECT_EQ(e.values[0].number, e.values[1].number);
  const Table& table = schema.tables.at(0);
  EXPECT_EQ(table.find_column("role")->type.enum_name, "role");
  EXPECT_EQ(table.find_column("role")->default_value,
            (Literal{Kind::enumerator, "administrator"}));
  EXPECT_EQ(table.find_column("second")->default_value,
            (Literal{Kind::enumerator, "member"}));
}

TEST(Lower, AnEnumMayBeStoredAnotherWay) {
  Declarations declarations;
  EnumDeclaration role = enumeration_of("Role", {"member", "admin"});
  role.annotations.push_back(
      annotation("enum", 1, {{"storage", num(1)}, {"name", str("user_role")}}));
  declarations.enums = {role};
  declarations.records.push_back(entity(
      "User",
      {member("id", int64(), 2), member("role", enumeration("Role"), 3)}));
  Schema schema = expect_clean(declarations);
  ASSERT_NE(schema.find_enum("user_role"), nullptr);
  EXPECT_EQ(schema.find_enum("user_role")->storage, EnumStorage::integer);
}

struct DefaultCase {
  const char* what;
  CppType cpp;
  Literal given;
  Literal expected;  ///< null: there is no default
};

TEST(Lower, AConstantInitialiserBecomesTheDefault) {
  using C = CppType::Kind;
  CppType array = counted(type(C::bytes, "array"), 4);
  const DefaultCase cases[] = {
      {"bool",
       type(C::boolean, "bool"),
       {Kind::boolean, "true"},
       {Kind::boolean, "true"}},
      {"bool of int",
       type(C::boolean, "bool"),
       {Kind::integer, "1"},
       {Kind::boolean, "true"}},
      {"int", int32(), {Kind::integer, "-7"}, {Kind::integer, "-7"}},
      {"double of int",
       type(C::floating, "double", 64),
       {Kind::integer, "2"},
       {Kind::real, "2"}},
      {"text", text(), {Kind::text, "it's"}, {Kind::text, "it's"}},
      {"empty text", text(), {Kind::text, ""}, {Kind::text, ""}},
      {"blob",
       type(C::bytes, "vector"),
       {Kind::blob, "00ff"},
       {Kind::blob, "00ff"}},
      {"zeroed array", array, {Kind::blob, ""}, {Kind::blob, "00000000"}},
      {"instant",
       ticking(C::time_point, 1, 1),
       {Kind::integer, "-5"},
       {Kind::integer, "-5"}},
      {"duration",
       ticking(C::duration, 60, 1),
       {Kind::integer, "90"},
       {Kind::integer, "90"}},
      {"nullopt", optional(text()), {Kind::null, ""}, {Kind::null, ""}},
      {"value of optional",
       optional(int32()),
       {Kind::integer, "3"},
       {Kind::integer, "3"}},
  };
  for (const DefaultCase& one : cases) {
    SCOPED_TRACE(one.what);
    Member declared =
        with(member("x", one.cpp, 3), one.given.kind, one.given.text);
    const Literal none{Kind::null, ""};
    EXPECT_EQ(column_of(declared).default_value.value_or(none), one.expected);
  }
}

TEST(Lower, AnSqlTypeOfItsOwnMayLeaveADefaultUntold) {
  using C = CppType::Kind;
  struct Row {
    CppType cpp;
    Literal given;
    const char* sql;
    bool is_kept;
  };
  const Literal number{Kind::integer, "5"};
  const Row rows[] = {
      {ticking(C::time_point, 1, 1), number, "timestamptz", true},
      {ticking(C::time_point, 1, 1), number, "BIGINT", false},
      {ticking(C::date, 86400, 1), number, "INTEGER", false},
      {ticking(C::date, 86400, 1), {Kind::integer, "-719163"}, "date", false},
      {ticking(C::date, 86400, 1), {Kind::integer, "2932897"}, "date", false},
      {ticking(C::duration, 1, 1), number, "smallint", true},
      {ticking(C::duration, 1, 1), number, "interval", false},
      {type(C::bytes, "vector"), {Kind::blob, ""}, "VARBINARY(9)", true},
      {type(C::bytes, "vector"), {Kind::blob, ""}, "TEXT", false},
      {text(), {Kind::text, "x"}, "citext", true},
      {int32(), number, "text", true},
      {int32(), number, "boolean", false},
      {enumeration("E"), {Kind::enumerator, "a"}, "varchar(9)", true},
      {enumeration("E"), {Kind::enumerator, "a"}, "smallint", false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.sql);
    Declarations declarations;
    declarations.records.push_back(entity(
        "User", {member("id", int64(), 2),
                 with(member("x", row.cpp, 3, {{"sql_type", str(row.sql)}}),
                      row.given.kind, row.given.text)}));
    declarations.enums.push_back(enumeration_of("E", {"a"}));
    const auto result = lowered(declarations);
    EXPECT_EQ(
        result.schema.tables.at(0).find_column("x")->default_value.has_value(),
        row.is_kept);
    EXPECT_EQ(result.messages.empty(), row.is_kept) << result.messages;
  }
}

TEST(Lower, AnotherSourceOfValuesWinsOverTheInitialiser) {
  for (const char* option : {"default_sql", "generated"}) {
    Member one = with(member("x", int32(), 3, {{option, str("1 + 1")}}),
                      Kind::integer, "5");
    EXPECT_FALSE(column_of(one).default_value) << option;
  }
  Declarations declarations;
  declarations.records.push_back(
      entity("User", {with(member("id", int64(), 2), Kind::integer, "0")}));
  Table table = expect_clean(declarations).tables.at(0);
  EXPECT_FALSE(table.columns[0].default_value);
}

TEST(Lower, GathersWhatColumnsSayAboutTheTable) {
  Table table = table_of({member(
      "email", text(), 3,
      {{"unique", yes()}, {"index", yes()}, {"check", str("email <> ''")}})});
  ASSERT_EQ(table.uniques.size(), 1u);
  EXPECT_EQ(table.uniques[0].columns, std::vector<std::string>{"email"});
  ASSERT_EQ(table.indexes.size(), 1u);
  EXPECT_EQ(table.indexes[0].columns, (std::vector<IndexColumn>{{"email"}}));
  ASSERT_EQ(table.checks.size(), 1u);
  EXPECT_EQ(table.checks[0].column, "email");
}

TEST(Lower, TakesTableLevelAnnotations) {
  Table table = table_of(
      {member("teamId", int64(), 3), member("rank", int32(), 4)},
      {annotation("primary_key", 1, {{"columns", names({"teamId", "id"})}}),
       annotation(
           "unique", 1,
           {{"columns", names({"rank", "teamId"})}, {"name", str("one_rank")}}),
       annotation("index", 1,
                  {{"columns", names({"teamId", "rank"})},
                   {"descending", names({"rank"})},
                   {"where", str("rank > 0")},
                   {"method", str("btree")},
                   {"unique", yes()}}),
       annotation("index", 1,
                  {{"expression", str("abs(rank)")}, {"name", str("a")}}),
       annotation("check", 1, {{"sql", str("rank >= 0")}})});
  EXPECT_EQ(table.primary_key, (std::vector<std::string>{"team_id", "id"}));
  ASSERT_EQ(table.uniques.size(), 1u);
  EXPECT_EQ(table.uniques[0].columns,
            (std::vector<std::string>{"rank", "team_id"}));
  ASSERT_EQ(table.indexes.size(), 2u);
  EXPECT_EQ(table.indexes[0].expression, "abs(rank)");
  EXPECT_EQ(table.indexes[1].columns,
            (std::vector<IndexColumn>{{"team_id", false}, {"rank", true}}));
  EXPECT_EQ(table.indexes[1].where, "rank > 0");
  ASSERT_EQ(table.checks.size(), 1u);
}

TEST(Lower, AKeyOfSeveralMarkedMembersIsSortedByName) {
  Declarations declarations;
  declarations.records.push_back(
      entity("Seat", {member("row", int32(), 2, {{"primary_key", yes()}}),
                      member("hall", int32(), 3, {{"primary_key", yes()}})}));
  Table table = expect_clean(declarations).tables.at(0);
  EXPECT_EQ(table.primary_key, (std::vector<std::string>{"hall", "row"}));
}

Declarations with_references() {
  Declarations declarations;
  declarations.records = {
      entity("app::Team",
             {member("id", int64(), 2),
              member("code", text(), 3, {{"unique", yes()}}),
              member("a", int32(), 4), member("b", int32(), 5)},
             {annotation("unique", 1, {{"columns", names({"a", "b"})}})}),
      entity(
          "app::User",
          {member("id", int64(), 2),
           member("team_id", int64(), 3,
                  {{"references", str("Team")}, {"on_delete", num(2)}}),
           member("team_code", optional(text()), 4,
                  {{"references", str("Team::code")}, {"on_delete", num(3)}}),
           member("boss", optional(int64()), 5,
                  {{"references", str("app::User")}}),
           member("x", int32(), 6), member("y", int32(), 7)},
          {annotation("foreign_key", 1,
                      {{"columns", names({"x", "y"})},
                       {"references", str("Team")},
                       {"to", names({"a", "b"})},
                       {"name", str("user_pair")}})})};
  return declarations;
}

TEST(Lower, ResolvesReferences) {
  Schema schema = expect_clean(with_references());
  const Table* user = schema.find_table("", "user");
  ASSERT_NE(user, nullptr);
  ASSERT_EQ(user->foreign_keys.size(), 4u);
  const ForeignKey& boss = user->foreign_keys[0];
  EXPECT_EQ(boss.table, "user");
  EXPECT_EQ(boss.references, std::vector<std::string>{"id"});
  const ForeignKey& code = user->foreign_keys[1];
  EXPECT_EQ(code.references, std::vector<std::string>{"code"});
  EXPECT_EQ(code.on_delete, Action::set_null);
  EXPECT_EQ(user->foreign_keys[2].on_delete, Action::cascade);
  const ForeignKey& pair = user->foreign_keys[3];
  EXPECT_EQ(pair.name, "user_pair");
  EXPECT_EQ(pair.columns, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(pair.references, (std::vector<std::string>{"a", "b"}));
}

TEST(Lower, AReferenceMayUseAnotherNameOfTheEntity) {
  Declarations declarations;
  declarations.records = {
      entity("app::Team", {member("id", int64(), 2)}),
      entity("app::Order",
             {member("id", int64(), 2),
              member("a", int64(), 3, {{"references", str("Owner")}}),
              member("b", int64(), 4, {{"references", str("Kept::id")}})})};
  declarations.aliases = {{"Owner", "app::Order", {}},
                          {"app::Owner", "app::Team", {}},
                          {"app::Order::Kept", "app::Team", {}}};
  const Table order = expect_clean(declarations).tables.at(0);
  ASSERT_EQ(order.foreign_keys.size(), 2u);
  EXPECT_EQ(order.foreign_keys[0].table, "team");
  EXPECT_EQ(order.foreign_keys[1].table, "team");
}

TEST(Lower, OrderOfDeclarationIsNoPartOfTheModel) {
  Declarations forward = with_references();
  Declarations backward = forward;
  std::reverse(backward.records.begin(), backward.records.end());
  for (Record& record : backward.records) {
    std::reverse(record.members.begin(), record.members.end());
    std::reverse(record.annotations.begin(), record.annotations.end());
  }
  Schema one = expect_clean(forward);
  Schema other = expect_clean(backward);
  EXPECT_EQ(one, other);
  EXPECT_EQ(scan_json(one), scan_json(other));
}

TEST(Lower, AHeaderThatReachesUsTwiceIsTheSame) {
  Declarations declarations = with_references();
  Schema once = expect_clean(declarations);
  std::vector<Record> again = declarations.records;
  declarations.records.insert(declarations.records.end(), again.begin(),
                              again.end());
  EXPECT_EQ(expect_clean(declarations), once);
}

TEST(Lower, AnEngineOptionIsSilentOnTheOtherEngine) {
  Declarations declarations;
  declarations.records.push_back(entity(
      "User", {member("id", int64(), 2), member("x", int32(), 3)},
      {annotation("table", 1, {{"strict", yes()}}),
       annotation("index", 1,
                  {{"columns", names({"x"})}, {"method", str("brin")}})}));
  EXPECT_EQ(lowered(declarations, {"postgres", "sqlite"}).messages, "");
  // `false` asks for nothing.
  declarations.records[0].annotations = {
      annotation("table", 1, {{"strict", OptionValue(false)}})};
  EXPECT_EQ(lowered(declarations, {"postgres"}).messages, "");
}

}  // namespace
}  // namespace schemagen::gen
