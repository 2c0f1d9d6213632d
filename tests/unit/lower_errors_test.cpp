// Every fault that a header can have, with the exact words for it. A location
// is `line:8` for an annotation, `line:3` for a member, `line:20` (30, 40, ...)
// for the options of one annotation, and one column more for each string of a
// list.
#include <gtest/gtest.h>

#include "support/declare.hpp"

namespace schemagen::gen {
namespace {

using namespace test;  // NOLINT: the words of this file
using Kind = Literal::Kind;

Member id() { return member("id", int64(), 2); }

std::string messages(std::vector<Member> members,
                     std::vector<Annotation> more = {},
                     const std::vector<std::string>& dialects = {"postgres",
                                                                 "sqlite"}) {
  Declarations declarations;
  members.insert(members.begin(), id());
  declarations.records.push_back(
      entity("app::User", std::move(members), std::move(more)));
  return lowered(declarations, dialects).messages;
}

std::string messages(std::vector<Record> records,
                     std::vector<EnumDeclaration> enums = {}) {
  Declarations declarations;
  declarations.records = std::move(records);
  declarations.enums = std::move(enums);
  return lowered(declarations).messages;
}

Member marked(Member one, const std::string& kind) {
  one.annotations.push_back(annotation(kind, one.at.line));
  return one;
}

TEST(LowerErrors, UnknownMembersAreReportedAtTheirString) {
  EXPECT_EQ(
      messages({member("email", text(), 3)},
               {annotation("index", 1, {{"columns", names({"id", "emial"})}})}),
      "user.hpp:1:22: error: 'app::User' has no member 'emial'; did you mean "
      "'email'? [unknown-member]\n");
  EXPECT_EQ(
      messages({member("homePage", text(), 3)},
               {annotation("unique", 1, {{"columns", names({"home_page"})}})}),
      "user.hpp:1:21: error: 'app::User' has no member 'home_page'; did you "
      "mean 'homePage'? [unknown-member]\n");
  EXPECT_EQ(messages({}, {annotation("primary_key", 1,
                                     {{"columns", names({"zzzzzz"})}})}),
            "user.hpp:1:21: error: 'app::User' has no member 'zzzzzz'; name a "
            "C++ member [unknown-member]\n");
  EXPECT_EQ(messages({marked(member("posts", other("P"), 3), "ignore")},
                     {annotation("index", 1, {{"columns", names({"posts"})}})}),
            "user.hpp:1:21: error: member 'posts' of 'app::User' is left out "
            "by SG_IGNORE and no column; name one [unknown-member]\n");
  EXPECT_EQ(messages({member("a", text(), 3)},
                     {annotation("index", 1, {{"columns", names({"a", "a"})}}),
                      annotation("index", 1,
                                 {{"columns", names({"a"})},
                                  {"descending", names({"id"})}})}),
            "user.hpp:1:22: error: member 'a' stands twice in .columns; remove "
            "one [duplicate-member]\n"
            "user.hpp:1:31: error: member 'id' is .descending and not in "
            ".columns; add it there [unknown-member]\n");
}

TEST(LowerErrors, AValueStructIsNoColumn) {
  Member home = marked(member("home", record("Address"), 3), "embed");
  EXPECT_EQ(
      messages(
          {entity("app::User", {id(), home},
                  {annotation("index", 1, {{"columns", names({"home"})}})}),
           value_struct("Address", {member("zip", text(), 2),
                                    member("city", text(), 3)})}),
      "user.hpp:1:21: error: member 'home' of 'app::User' is a value struct "
      "and no column; name one, such as 'home.zip' [unknown-member]\n");
}

TEST(LowerErrors, AFixReplacesTheWrongWordWhereItIsALiteral) {
  Declarations declarations;
  Annotation named = annotation("index", 1, {{"columns", names({"emial"})}});
  Annotation constant = named;
  constant.options[0].element_at[0] = at(2, 21);
  declarations.records.push_back(
      entity("User", {id(), member("email", text(), 3)}, {named, constant}));
  Diagnostics diagnostics;
  lower(declarations, {"sqlite"}, diagnostics);
  std::vector<Diagnostic> list = diagnostics.sorted();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[1].message, list[0].message);
  EXPECT_TRUE(list[1].fixes.empty());
  ASSERT_EQ(list[0].fixes.size(), 1u);
  EXPECT_EQ(list[0].fixes[0].text, "\"email\"");
  EXPECT_EQ(list[0].fixes[0].from.column, 21);
  EXPECT_EQ(list[0].fixes[0].to.column, 28);
}

TEST(LowerErrors, ReferencesMustFindAnEntity) {
  auto refer = [](const std::string& what) {
    return member("team_id", int64(), 3, {{"references", str(what)}});
  };
  std::vector<Record> teams = {
      entity("a::Team", {id(), member("code", text(), 3)}),
      entity("b::Team", {id()},
             {annotation("table", 1, {{"name", str("teams")}})}),
      value_struct("app::Point", {id(), id()})};
  auto with_user = [&](Member one) {
    std::vector<Record> all = teams;
    all.push_back(entity("app::User", {id(), std::move(one)}));
    return messages(all);
  };
  EXPECT_EQ(with_user(refer("Teem")),
            "user.hpp:3:20: error: there is no entity 'Teem'; did you mean "
            "'Team'? [unknown-entity]\n");
  EXPECT_EQ(with_user(refer("Zebra")),
            "user.hpp:3:20: error: there is no entity 'Zebra'; name a struct "
            "with SG_TABLE, and list its header in HEADERS [unknown-entity]\n");
  EXPECT_EQ(with_user(refer("Team")),
            "user.hpp:3:20: error: 'Team' may be 'a::Team' or 'b::Team'; write "
            "the qualified name [ambiguous-entity]\n");
  EXPECT_EQ(with_user(refer("Point")),
            "user.hpp:3:20: error: 'app::Point' is no entity; add SG_TABLE() "
            "to it [unknown-entity]\n");
  EXPECT_EQ(with_user(refer("a::Team::cod")),
            "user.hpp:3:20: error: 'a::Team' has no member 'cod'; did you mean "
            "'code'? [unknown-member]\n");
  EXPECT_EQ(
      with_user(refer("a::Team::code")),
      "user.hpp:3:3: error: 'app::User::team_id' is int64, 'a::Team::code' is "
      "text; give both the same type [foreign-key-type]\n"
      "user.hpp:3:20: error: (code) of 'a::Team' is not unique, so no foreign "
      "key can refer to it; add .unique or SG_UNIQUE there, or refer to its "
      "primary key [foreign-key-target]\n");
  EXPECT_EQ(with_user(refer("a::Team")), "");
  EXPECT_EQ(with_user(refer("::b::Team")), "");
}

TEST(LowerErrors, ForeignKeysMustFitTheirTarget) {
  Record pair =
      entity("Pair", {member("a", int32(), 2), member("b", int64(), 3)},
             {annotation("primary_key", 1, {{"columns", names({"a", "b"})}})});
  auto with_user = [&](std::vector<Member> members,
                       std::vector<Annotation> more) {
    members.insert(members.begin(), id());
    return messages(
        {pair, entity("User", std::move(members), std::move(more))});
  };
  EXPECT_EQ(
      with_user({member("p", int64(), 3, {{"references", str("Pair")}})}, {}),
      "user.hpp:3:20: error: 'Pair' has a primary key of 2 columns; use "
      "SG_FOREIGN_KEY on the struct, or name a unique member: \"Pair::member\" "
      "[composite-target]\n");
  auto key = [](std::vector<std::string> columns) {
    return annotation(
        "foreign_key", 1,
        {{"columns", names(std::move(columns))}, {"references", str("Pair")}});
  };
  EXPECT_EQ(
      with_user({member("x", int32(), 3)}, {key({"x"})}),
      "user.hpp:1:20: error: the foreign key has 1 columns, its target in "
      "'Pair' 2; name as many in .columns as in .to [foreign-key-size]\n");
  EXPECT_EQ(with_user({member("x", text(), 3), member("y", int64(), 4)},
                      {key({"x", "y"})}),
            "user.hpp:1:20: error: 'User::x' is text, 'Pair::a' is int32; give "
            "both the same type [foreign-key-type]\n");
  EXPECT_EQ(with_user({}, {annotation("foreign_key", 1,
                                      {{"references", str("Pair")}})}),
            "user.hpp:1:8: error: SG_FOREIGN_KEY has no .columns; add it "
            "[missing-option]\n");
}

TEST(LowerErrors, IntegersOfOtherWidthsReferWithAWarning) {
  auto refer = [](CppType from, CppType to) {
    return messages(
        {entity("Team", {member("id", std::move(to), 2)}),
         entity("User", {id(), member("team", std::move(from), 3,
                                      {{"references", str("Team")}})})});
  };
  const CppType u64 = type(CppType::Kind::integer, "unsigned long", 64, false);
  EXPECT_EQ(refer(int32(), int64()),
            "user.hpp:3:3: warning: 'User::team' is int32, 'Team::id' is "
            "int64, so not every value of one fits the other; give both the "
            "same type [foreign-key-width]\n");
  EXPECT_EQ(refer(int64(), u64),
            "user.hpp:3:3: error: 'User::team' is int64, 'Team::id' is "
            "uint64; give both the same type [foreign-key-type]\n");
}

TEST(LowerErrors, NoActionWritesToAComputedColumn) {
  auto of = [](const std::string& option, std::int64_t action) {
    return messages({member("boss", optional(int64()), 3,
                            {{"references", str("User")},
                             {"generated", str("id + 1")},
                             {option, num(action)}})});
  };
  const std::string rest =
      ": error: 'app::User::boss' is computed, so no action can write to it; "
      "choose SG_RESTRICT or SG_NO_ACTION [foreign-key-action]\n";
  EXPECT_EQ(of("on_delete", 3), "user.hpp:3:40" + rest);
  EXPECT_EQ(of("on_update", 2), "user.hpp:3:40" + rest);
  EXPECT_EQ(of("on_delete", 2), "");
}

TEST(LowerErrors, ACollationIsOfTextAndOfAnEngine) {
  auto of = [](CppType cpp, const std::string& collation,
               const std::vector<std::string>& dialects) {
    return messages(
        {member("x", std::move(cpp), 3, {{"collate", str(collation)}})}, {},
        dialects);
  };
  const std::vector<std::string> both = {"postgres", "sqlite"};
  EXPECT_EQ(of(text(), "C", both) + of(text(), "NOCASE", both) +
                of(text(), "C", {"postgres"}) +
                of(text(), "nocase", {"sqlite"}),
            "");
  EXPECT_EQ(of(int32(), "NOCASE", both),
            "user.hpp:3:20: error: .collate orders text, not int32; remove it "
            "[unusable-option]\n");
  EXPECT_EQ(of(text(), "NOCASE", {"postgres"}),
            "user.hpp:3:20: error: .collate = NOCASE works on sqlite only, and "
            "this target has no such dialect; remove it, or add sqlite to "
            "DIALECTS [unusable-option]\n");
  EXPECT_EQ(of(text(), "C", {"sqlite"}),
            "user.hpp:3:20: error: .collate = C works on postgres only, and "
            "this target has no such dialect; remove it, or add postgres to "
            "DIALECTS [unusable-option]\n");
}

TEST(LowerErrors, ActionsNeedSomewhereToGo) {
  auto user = [](std::int64_t action) {
    return messages(
        {member("boss", int64(), 3,
                {{"references", str("User")}, {"on_delete", num(action)}})});
  };
  EXPECT_EQ(user(3),
            "user.hpp:3:30: error: .on_delete = SG_SET_NULL, but "
            "'app::User::boss' is never NULL; make it std::optional, or choose "
            "another action [foreign-key-action]\n");
  EXPECT_EQ(user(4),
            "user.hpp:3:30: error: .on_delete = SG_SET_DEFAULT, but "
            "'app::User::boss' has no default; give it one, or choose another "
            "action [foreign-key-action]\n");
  EXPECT_EQ(messages({member("x", int64(), 3, {{"on_delete", num(2)}})}),
            "user.hpp:3:20: error: .on_delete is about a foreign key; add "
            ".references, or remove it [contradicting-options]\n");
}

TEST(LowerErrors, NamesAreJudged) {
  std::string longer(64, 'x');
  EXPECT_EQ(messages({member("a", text(), 3, {{"name", str("")}})}),
            "user.hpp:3:20: error: .name is an empty name; give at least one "
            "letter [empty-name]\n");
  EXPECT_EQ(
      messages({member("a", text(), 3, {{"name", str(longer)}})}),
      "user.hpp:3:20: error: .name "
      "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' has "
      "64 bytes, PostgreSQL keeps 63; choose a shorter .name [long-name]\n");
  EXPECT_EQ(
      messages({member(longer, text(), 3)}),
      "user.hpp:3:3: error: the column of "
      "'app::User::"
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' "
      "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' has "
      "64 bytes, PostgreSQL keeps 63; choose a shorter .name [long-name]\n");
  EXPECT_EQ(messages({member("a", text(), 3,
                             {{"name", str(std::string("a\0b", 3))}})}),
            "user.hpp:3:20: error: .name holds a control character; use "
            "printable ones [bad-name]\n");
  EXPECT_EQ(messages({member("a", text(), 3, {{"name", str("\xC3")}})}),
            "user.hpp:3:20: error: .name is not UTF-8; save the header as "
            "UTF-8 [not-utf8]\n");
  EXPECT_EQ(messages({member("a", text(), 3,
                             {{"check", str(std::string("a\0b", 3))}})}),
            "user.hpp:3:20: error: .check holds a NUL character; remove it "
            "[nul-byte]\n");
}

// `--drop a.b.c` would mean either.
TEST(LowerErrors, NamesThatMeetWhenShownAreReported) {
  Record one = entity("One", {id()});
  one.annotations[0] =
      annotation("table", 1, {{"schema", str("a")}, {"name", str("b.c")}});
  Record other = entity("Other", {id()});
  other.annotations[0] =
      annotation("table", 1, {{"schema", str("a.b")}, {"name", str("c")}});
  EXPECT_EQ(messages({one, other}),
            "user.hpp:1:8: error: 'Other' and 'One' would both be called "
            "'a.b.c'; give one a .schema and a .name without a point "
            "[duplicate-table]\n"
            "user.hpp:1:8: note: the other one is here\n");
}

TEST(LowerErrors, NamesThatMeetAreReportedWithBothPlaces) {
  EXPECT_EQ(messages({entity("a::User", {id()}), entity("b::User", {id()})}),
            "user.hpp:1:8: error: 'b::User' and 'a::User' are both the table "
            "'user'; give one another SG_TABLE(.name) [duplicate-table]\n"
            "user.hpp:1:8: note: the other one is here\n");
  EXPECT_EQ(messages({member("nick", text(), 3),
                      member("Nick", text(), 4, {{"name", str("NICK")}})}),
            "user.hpp:4:3: error: members 'nick' and 'Nick' of 'app::User' are "
            "both the column 'NICK'; give one another .name, or SG_EMBED a "
            ".prefix [duplicate-column]\n"
            "user.hpp:3:3: note: the other one is here\n");
  EXPECT_EQ(messages({member("a", text(), 3, {{"index", yes()}}),
                      member("b", text(), 4)},
                     {annotation("index", 5, {{"columns", names({"a"})}})}),
            "user.hpp:5:8: error: the index on (a) of table 'user' and the "
            "index on (a) of table 'user' are both named 'user_a_idx'; remove "
            "one, or give one a .name [duplicate-name]\n"
            "user.hpp:3:20: note: the other one is here\n");
  EXPECT_EQ(
      messages({member("a", text(), 3)},
               {annotation("check", 5,
                           {{"sql", str("a <> ''")}, {"name", str("rule")}}),
                annotation("check", 6,
                           {{"sql", str("a <> '-'")}, {"name", str("Rule")}})}),
      "user.hpp:6:8: error: the check \"a <> '-'\" of table 'user' and the "
      "check \"a <> ''\" of table 'user' are both named 'Rule'; remove one, or "
      "give one a .name [duplicate-name]\n"
      "user.hpp:5:8: note: the other one is here\n");
  EXPECT_EQ(
      messages(
          {entity("a::User", {id(), member("r", enumeration("a::Role"), 3)}),
           entity("b::Team", {id(), member("r", enumeration("b::Role"), 3)})},
          {enumeration_of("a::Role", {"x"}), enumeration_of("b::Role", {"y"})}),
      "enum.hpp:1:12: error: enums 'a::Role' and 'b::Role' are both named "
      "'role'; give one another SG_ENUM(.name) [duplicate-enum]\n"
      "enum.hpp:1:12: note: the other one is here\n");
  EXPECT_EQ(
      messages({entity("SchemagenMigrations", {id()})}),
      "user.hpp:1:8: error: table 'schemagen_migrations' is where SchemaGen "
      "keeps its history; give it another .name [reserved-name]\n");
}

TEST(LowerErrors, EveryTableHasAKey) {
  EXPECT_EQ(messages({entity("Log", {member("text", text(), 2)})}),
            "user.hpp:1:8: error: 'Log' has no primary key; mark a member with "
            ".primary_key = true, name one 'id', or add SG_PRIMARY_KEY "
            "[no-primary-key]\n");
  EXPECT_EQ(messages({entity("Log", {})}),
            "user.hpp:1:8: error: 'Log' has no public data members; a table "
            "needs one column at least [no-columns]\n");
  EXPECT_EQ(
      messages({entity("Log", {member("id", optional(int64()), 2)})}),
      "user.hpp:2:3: error: 'Log::id' is in the primary key and optional; a "
      "key is never NULL: remove std::optional [nullable-key]\n");
  EXPECT_EQ(
      messages({member("b", int32(), 3, {{"primary_key", yes()}})},
               {annotation("primary_key", 1, {{"columns", names({"id"})}})}),
      "user.hpp:1:8: error: SG_PRIMARY_KEY and the members with .primary_key "
      "differ; keep one of both [contradicting-options]\n");
}

TEST(LowerErrors, OptionsFitTheirType) {
  auto flagged = [](CppType cpp, const std::string& name, OptionValue value) {
    return messages({member("x", std::move(cpp), 3, {{name, value}})});
  };
  EXPECT_EQ(flagged(int64(), "max_length", num(10)),
            "user.hpp:3:20: error: .max_length limits text and bytes, not "
            "int64; remove it [unusable-option]\n");
  EXPECT_EQ(flagged(text(), "autoincrement", yes()),
            "user.hpp:3:20: error: .autoincrement counts in an integer of up "
            "to 64 bits with sign, not in text; change the type, or remove it "
            "[unusable-option]\n");
  EXPECT_EQ(flagged(int64(), "autoincrement", yes()),
            "user.hpp:3:20: error: .autoincrement needs a member that is the "
            "whole primary key; mark it with .primary_key, or remove it "
            "[unusable-option]\n");
  EXPECT_EQ(flagged(type(CppType::Kind::boolean, "bool"), "precision", num(5)),
            "user.hpp:3:20: error: .precision makes a decimal of a number or a "
            "text, not of bool; remove it [unusable-option]\n");
  EXPECT_EQ(flagged(text(), "scale", num(5)),
            "user.hpp:3:20: error: .scale without .precision; add .precision, "
            "the number of all digits [contradicting-options]\n");
  EXPECT_EQ(flagged(text(), "max_length", num(-1)),
            "user.hpp:3:20: error: .max_length is -1; give a number from 0 to "
            "1000000000 [option-value]\n");
  EXPECT_EQ(flagged(text(), "max_length", str("1")),
            "user.hpp:3:20: error: .max_length has a value of another type; "
            "give it the type that annotations.hpp shows [option-value]\n");
  EXPECT_EQ(flagged(text(), "colour", str("1")),
            "user.hpp:3:20: error: SG_COLUMN has no option .colour; remove it, "
            "or update schemagen [unknown-option]\n");
  EXPECT_EQ(flagged(text(), "default_sql", str("")),
            "user.hpp:3:20: error: .default_sql is empty; give it a value, or "
            "remove it [empty-option]\n");
  CppType code = type(CppType::Kind::char_array, "char[4]");
  code.count = 4;
  EXPECT_EQ(flagged(code, "max_length", num(9)),
            "user.hpp:3:20: error: .max_length is 9, the C++ type holds 3; "
            "remove it [contradicting-options]\n");
  EXPECT_EQ(messages({with(member("x", text(), 3, {{"max_length", num(2)}}),
                           Kind::text, "äöü")}),
            "user.hpp:3:40: error: the default of 'app::User::x' has 3 "
            "characters, the column 2; shorten it, or raise .max_length "
            "[contradicting-options]\n");
}

TEST(LowerErrors, ContradictionsAreNamed) {
  auto both =
      [](const std::vector<std::pair<std::string, OptionValue>>& options) {
        return messages({member("x", int64(), 3, options)});
      };
  EXPECT_EQ(both({{"default_sql", str("1")}, {"generated", str("2")}}),
            "user.hpp:3:30: error: .default_sql and .generated exclude each "
            "other; keep one [contradicting-options]\n");
  EXPECT_EQ(both({{"stored", yes()}}),
            "user.hpp:3:20: error: .stored is about a generated column; add "
            ".generated, or remove it [contradicting-options]\n");
  Member twice = member("x", text(), 3, {{"name", str("a")}});
  twice.annotations.push_back(annotation("column", 4, {{"name", str("b")}}));
  EXPECT_EQ(messages({twice}),
            "user.hpp:4:20: error: .name is given twice; keep one "
            "[contradicting-options]\n"
            "user.hpp:3:20: note: the other one is here\n");
  EXPECT_EQ(messages({marked(member("x", text(), 3, {{"name", str("a")}}),
                             "ignore")}),
            "user.hpp:3:3: error: 'app::User::x' has SG_IGNORE and SG_COLUMN; "
            "keep one of them [contradicting-options]\n");
  EXPECT_EQ(messages({member("a", text(), 3, {{"renamed_from", str("z")}}),
                      member("b", text(), 4, {{"renamed_from", str("z")}})}),
            "user.hpp:4:3: error: two columns of 'app::User' are .renamed_from "
            "'z'; keep one [contradicting-options]\n"
            "user.hpp:3:3: note: the other one is here\n");
  EXPECT_EQ(messages({}, {annotation("index", 1,
                                     {{"columns", names({"id"})},
                                      {"expression", str("id")}})}),
            "user.hpp:1:8: error: SG_INDEX has .expression and a list of "
            "members; keep one [contradicting-options]\n");
  EXPECT_EQ(
      messages({}, {annotation("index", 1), annotation("check", 1)}),
      "user.hpp:1:8: error: SG_INDEX has no .columns; add it [missing-option]\n"
      "user.hpp:1:8: error: SG_CHECK has no .sql; add it [missing-option]\n");
}

TEST(LowerErrors, AnOptionThatNoDialectCanHold) {
  EXPECT_EQ(
      messages({}, {annotation("table", 1, {{"strict", yes()}})}, {"postgres"}),
      "user.hpp:1:20: error: .strict works on sqlite only, and this target has "
      "no such dialect; remove it, or add sqlite to DIALECTS "
      "[unusable-option]\n");
  EXPECT_EQ(messages({},
                     {annotation(
                         "index", 1,
                         {{"columns", names({"id"})}, {"method", str("gin")}})},
                     {"sqlite"}),
            "user.hpp:1:30: error: .method works on postgres only, and this "
            "target has no such dialect; remove it, or add postgres to "
            "DIALECTS [unusable-option]\n");
}

TEST(LowerErrors, TypesWithoutAMappingOfferTheWaysOut) {
  EXPECT_EQ(
      messages({member("posts", other("std::vector<app::Post>"), 3)}),
      "user.hpp:3:3: error: no column type is known for 'app::User::posts' of "
      "type 'std::vector<app::Post>'; give .sql_type, or write SG_EMBED for a "
      "value struct or SG_IGNORE to leave it out [no-mapping]\n");
  EXPECT_EQ(
      messages({member(
          "huge", type(CppType::Kind::integer, "__int128", 128, true), 3)}),
      "user.hpp:3:3: error: no column type is known for 'app::User::huge' of "
      "type '__int128'; give .sql_type, or write SG_EMBED for a value struct "
      "or SG_IGNORE to leave it out [no-mapping]\n");
  EXPECT_EQ(
      messages({member("shape", other("geo::Shape"), 3,
                       {{"postgres_type", str("polygon")}})}),
      "user.hpp:3:3: error: 'app::User::shape' of type 'geo::Shape' has no SQL "
      "type for sqlite; add .sqlite_type or .sql_type [no-mapping]\n");
  EXPECT_EQ(messages({member("twice", optional(optional(text())), 3)}),
            "user.hpp:3:3: error: 'app::User::twice' is an optional in an "
            "optional; use one [no-mapping]\n");
  EXPECT_EQ(
      messages({entity("Team", {id()}),
                entity("User", {id(), member("team", record("Team"), 3)})}),
      "user.hpp:3:3: error: 'User::team' holds the entity 'Team'; refer to it "
      "by its key, SG_COLUMN(.references = \"Team\"), or write SG_IGNORE "
      "[no-mapping]\n");
  EXPECT_EQ(
      messages({entity("Team", {id()}),
                entity("User", {id(), marked(member("team", record("Team"), 3),
                                             "embed")})}),
      "user.hpp:3:3: error: SG_EMBED on 'User::team', but 'Team' is a table of "
      "its own; refer to it by its key: SG_COLUMN(.references = \"Team\") "
      "[not-embeddable]\n");
  EXPECT_EQ(
      messages({marked(member("x", text(), 3), "embed")}),
      "user.hpp:3:3: error: SG_EMBED on 'app::User::x' of type "
      "'std::basic_string<char>', which is no struct with public members; "
      "remove SG_EMBED, or give .sql_type with SG_COLUMN [not-embeddable]\n");
}

TEST(LowerErrors, NothingIsLeftOutSilently) {
  const std::string nameless =
      "error: a member without a name cannot be a column; name it, or put "
      "SG_IGNORE after `struct` or `union` [member-without-name]\n";
  EXPECT_EQ(messages({member("", other(""), 3)}), "user.hpp:3:3: " + nameless);
  EXPECT_EQ(
      messages({entity("User", {id(), marked(member("box", record("Box"), 3),
                                             "embed")}),
                value_struct("Box", {member("", other(""), 9)})}),
      "user.hpp:9:3: " + nameless);
  Record half = value_struct("Half", {member("shown", text(), 9)});
  half.hides_data = true;
  EXPECT_EQ(
      messages(
          {entity("User", {id(), member("half", record("Half"), 3)}), half}),
      "user.hpp:3:3: error: no column type is known for 'User::half' of type "
      "'Half'; give .sql_type, or write SG_EMBED for a value struct or "
      "SG_IGNORE to leave it out [no-mapping]\n");
}

TEST(LowerErrors, EnumsAreJudged) {
  EnumDeclaration same = enumeration_of("Role", {"member", "admin"});
  same.values[1].annotations.push_back(
      annotation("value", 3, {{"name", str("member")}}));
  auto user = entity("User", {id(), member("role", enumeration("Role"), 3)});
  EXPECT_EQ(
      messages({user}, {same}),
      "enum.hpp:3:3: error: enumerators 'member' and 'admin' are both stored "
      "as 'member'; give one another SG_VALUE(.name) [duplicate-value]\n"
      "enum.hpp:2:3: note: the other one is here\n");
  EXPECT_EQ(messages({user}, {enumeration_of("Role", {})}),
            "enum.hpp:1:12: error: enum 'Role' has no enumerators, so no value "
            "could be stored; add one [empty-enum]\n");
}

TEST(LowerErrors, OnlyAStoredNumberMustFit) {
  auto of = [](std::int64_t storage) {
    EnumDeclaration flags = enumeration_of("Flags", {"all"});
    flags.values[0].is_beyond = true;
    flags.annotations.push_back(
        annotation("enum", 1, {{"storage", num(storage)}}));
    return messages(
        {entity("User", {id(), member("f", enumeration("Flags"), 3)})},
        {flags});
  };
  EXPECT_EQ(of(0), "");
  EXPECT_EQ(of(1),
            "enum.hpp:2:3: error: all is greater than any 64-bit signed "
            "integer; choose "
            "a smaller value, or .storage = SG_TEXT [enumerator-range]\n");
  EXPECT_EQ(of(2), "");
}

TEST(LowerErrors, ADefaultFitsItsDecimal) {
  auto of = [](const std::string& value) {
    const std::string all = messages({with(
        member("price", text(), 3, {{"precision", num(4)}, {"scale", num(2)}}),
        Kind::text, value)});
    return all.empty() ? "fits" : all.substr(all.find("the default"));
  };
  for (const char* good : {"99.99", "-0.5", "0.10", "1e1", "0", "0012.500",
                           "1.5e-1", "0.001e2", ".25"}) {
    EXPECT_EQ(of(good), "fits") << good;
  }
  for (const char* bad : {"100", "0.125", "1e2", "1.5e-2", "-100.5"}) {
    EXPECT_EQ(of(bad), "the default " + std::string(bad) +
                           " of 'app::User::price' is no decimal(4,2); change "
                           "it, or .precision and .scale "
                           "[contradicting-options]\n");
  }
}

TEST(LowerErrors, WhatIsNotConstantIsANoteWithTheRemedy) {
  EXPECT_EQ(messages({computed(member("at", int64(), 3), "now()")}),
            "user.hpp:3:40: note: the initialiser 'now()' of 'app::User::at' "
            "is no constant that a column can hold, so there is no DEFAULT; "
            "write .default_sql for one [default-not-constant]\n");
  EXPECT_EQ(messages({with(
                member("x", type(CppType::Kind::floating, "double", 64), 3),
                Kind::real, "nan", "NAN")}),
            "user.hpp:3:40: note: the initialiser 'NAN' of 'app::User::x' is "
            "no constant that a column can hold, so there is no DEFAULT; write "
            ".default_sql for one [default-not-constant]\n");
}

TEST(LowerErrors, AnnotationsHaveTheirPlaces) {
  EXPECT_EQ(messages({marked(member("x", text(), 3), "table")}),
            "user.hpp:3:8: error: SG_TABLE belongs on a struct; move it there "
            "[misplaced-annotation]\n");
  EXPECT_EQ(messages({}, {annotation("colour", 1)}),
            "user.hpp:1:8: error: unknown annotation 'schemagen.colour'; use "
            "the macros of schemagen/annotations.hpp [unknown-annotation]\n");
  Record point = value_struct("Point", {member("x", int32(), 2)});
  point.annotations.push_back(annotation("index", 1));
  EXPECT_EQ(messages({point}),
            "user.hpp:1:8: error: SG_INDEX on 'Point', which is no entity; add "
            "SG_TABLE(), or move it to the entity [misplaced-annotation]\n");
}

TEST(LowerErrors, MappingsAreJudged) {
  Declarations declarations;
  declarations.records.push_back(entity("User", {id()}));
  auto mapping = [](int line, const std::string& option,
                    const std::string& value) {
    return TypeMapping{
        "acme::Uuid",
        annotation("map_type", line, {{option, str(value)}}).options, at(line)};
  };
  declarations.mappings = {mapping(1, "sql_type", "uuid"),
                           mapping(2, "sql_type", "text"),
                           mapping(3, "renamed_from", "x")};
  EXPECT_EQ(
      lowered(declarations).messages,
      "user.hpp:2:1: error: two SG_MAP_TYPE of 'acme::Uuid' differ; keep one "
      "[contradicting-options]\n"
      "user.hpp:1:1: note: the other one is here\n"
      "user.hpp:3:1: error: two SG_MAP_TYPE of 'acme::Uuid' differ; keep one "
      "[contradicting-options]\n"
      "user.hpp:1:1: note: the other one is here\n"
      "user.hpp:3:20: error: SG_MAP_TYPE cannot take .renamed_from, which is "
      "about one column; write it on the members [unusable-option]\n");
}

TEST(LowerErrors, AllFaultsOfARunAreReported) {
  EXPECT_EQ(
      messages({member("posts", other("P"), 3),
                member("n", int64(), 4, {{"max_length", num(3)}})},
               {annotation("unique", 1, {{"columns", names({"posts", "m"})}})}),
      "user.hpp:1:22: error: 'app::User' has no member 'm'; name a C++ member "
      "[unknown-member]\n"
      "user.hpp:3:3: error: no column type is known for 'app::User::posts' of "
      "type 'P'; give .sql_type, or write SG_EMBED for a value struct or "
      "SG_IGNORE to leave it out [no-mapping]\n"
      "user.hpp:4:20: error: .max_length limits text and bytes, not int64; "
      "remove it [unusable-option]\n");
}

}  // namespace
}  // namespace schemagen::gen
