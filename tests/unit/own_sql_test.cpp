// The SQL of annotations is read by each engine's parser before a script is.
#include <gtest/gtest.h>

#include "dialect/dialect.hpp"
#include "model/diagnostics.hpp"
#include "support/build_schema.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

std::string faults(const char* dialect, const Table& made) {
  Diagnostics diagnostics;
  check_own_sql(*find_dialect(dialect), schema({made}), diagnostics);
  return to_text(diagnostics.sorted(), false);
}

Table with_slips() {
  Table made = table("kinds", {column("group", TypeKind::int64)});
  Column& group = made.columns[0];
  group.at = {"models.hpp", 3, 3};
  group.default_sql = "now(";
  group.generated = "1 +";
  group.backfill = "'open";
  group.using_sql = "SELECT FROM WHERE";
  made.checks = {{"", "group > 0", "group", {"models.hpp", 4, 3}},
                 {"", "id > ", "", {"models.hpp", 5, 3}}};
  Index index;
  index.expression = "lower(";
  index.where = "id >< 0";
  index.at = {"models.hpp", 6, 3};
  made.indexes = {index};
  return made;
}

TEST(OwnSql, AnnotationsThatPostgresCannotReadAreNamed) {
  EXPECT_EQ(
      faults("postgres", with_slips()),
      "models.hpp:3:3: error: postgres cannot read the .default_sql of "
      "kinds.group: syntax error at end of input; correct it (a name that is a "
      "keyword goes in double quotes) [invalid-sql]\n"
      "models.hpp:3:3: error: postgres cannot read the .generated of "
      "kinds.group: syntax error at its end; correct it (a name that is a "
      "keyword goes in double quotes) [invalid-sql]\n"
      "models.hpp:3:3: error: postgres cannot read the .backfill of "
      "kinds.group: unterminated quoted string at or near \"'open\"; correct "
      "it (a name that is a keyword goes in double quotes) [invalid-sql]\n"
      "models.hpp:3:3: error: postgres cannot read the .using_sql of "
      "kinds.group: syntax error at or near \"WHERE\"; correct it (a name that "
      "is a keyword goes in double quotes) [invalid-sql]\n"
      "models.hpp:4:3: error: postgres cannot read the .check of kinds.group: "
      "syntax error at or near \"group\"; correct it (a name that is a keyword "
      "goes in double quotes) [invalid-sql]\n"
      "models.hpp:5:3: error: postgres cannot read the .check of kinds: syntax "
      "error at its end; correct it (a name that is a keyword goes in double "
      "quotes) [invalid-sql]\n"
      "models.hpp:6:3: error: postgres cannot read the .expression of an index "
      "of kinds: syntax error at end of input; correct it (a name that is a "
      "keyword goes in double quotes) [invalid-sql]\n");
}

TEST(OwnSql, AnnotationsThatSqliteCannotReadAreNamed) {
  EXPECT_EQ(faults("sqlite", with_slips()),
            "models.hpp:3:3: error: sqlite cannot read the .default_sql of "
            "kinds.group: incomplete input; correct it (a name that is a "
            "keyword goes in double quotes) [invalid-sql]\n"
            "models.hpp:3:3: error: sqlite cannot read the .generated of "
            "kinds.group: syntax error at its end; correct it (a name that is "
            "a keyword goes in double quotes) [invalid-sql]\n"
            "models.hpp:3:3: error: sqlite cannot read the .backfill of "
            "kinds.group: unrecognized token: \"'open\"; correct it (a name "
            "that is a keyword goes in double quotes) [invalid-sql]\n"
            "models.hpp:3:3: error: sqlite cannot read the .using_sql of "
            "kinds.group: near \"FROM\": syntax error; correct it (a name that "
            "is a keyword goes in double quotes) [invalid-sql]\n"
            "models.hpp:4:3: error: sqlite cannot read the .check of "
            "kinds.group: near \"group\": syntax error; correct it (a name "
            "that is a keyword goes in double quotes) [invalid-sql]\n"
            "models.hpp:5:3: error: sqlite cannot read the .check of kinds: "
            "syntax error at its end; correct it (a name that is a keyword "
            "goes in double quotes) [invalid-sql]\n"
            "models.hpp:6:3: error: sqlite cannot read the .where of an index "
            "of kinds: near \"<\": syntax error; correct it (a name that is a "
            "keyword goes in double quotes) [invalid-sql]\n"
            "models.hpp:6:3: error: sqlite cannot read the .expression of an "
            "index of kinds: incomplete input; correct it (a name that is a "
            "keyword goes in double quotes) [invalid-sql]\n");
}

TEST(OwnSql, WhatIsReadIsSilent) {
  Table made = table("kinds", {column("group", TypeKind::int64)});
  Column& group = made.columns[0];
  group.default_sql = "CURRENT_TIMESTAMP";
  group.generated = "lower(a) || \"group\" -- as it was";
  group.backfill = "SELECT max(id) FROM elsewhere";
  group.using_sql = "CASE WHEN nowhere THEN 1 ELSE 2 END";
  made.checks = {{"", "\"group\" > 0 /* always */", "group", {}}};
  Index index;
  index.expression = "lower(title), (a + b)";
  index.where = "deleted_at IS NULL -- alive";
  made.indexes = {index, index, index};
  made.indexes[1].expression = "a + b";
  made.indexes[2].expression = "lower(title) DESC";
  for (const char* dialect : {"postgres", "sqlite"}) {
    EXPECT_EQ(faults(dialect, made), "") << dialect;
  }
}

}  // namespace
}  // namespace schemagen::test
