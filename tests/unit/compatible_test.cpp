// What the generator claims of older programs, held against one: its own
// statements, run on the new schema of a filled database. A change is called
// compatible exactly when each of them still works and reads nothing that its
// types cannot hold.
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "dialect/dialect.hpp"
#include "emit/prepared.hpp"
#include "plan/compatible.hpp"
#include "support/build_schema.hpp"
#include "support/fresh_database.hpp"
#include "support/plan_runner.hpp"

namespace schemagen::gen {
namespace {

using namespace test;

/// struct User { int64 id; string email; optional<string> nick; int32 age = 18;
/// int32 level = 1; Colour kind; optional<int64> team_id; };
Schema before() {
  Column email = sized(column("email"), 20);
  Column age = with_default(column("age", TypeKind::int32),
                            Literal::Kind::integer, "18");
  Column level = with_default(column("level", TypeKind::int32),
                              Literal::Kind::integer, "1");
  Table users = table("users", {email, optional(column("nick")), age, level,
                                of_enum("kind", "colour"),
                                optional(column("team_id", TypeKind::int64))});
  users.uniques.push_back({"", {"email"}, {}});
  users.checks.push_back({"grown", "age >= 0", "", {}});
  users.foreign_keys.push_back(refers("team_id", "teams"));
  users.indexes.push_back({"", {{"nick", false}}, "", false, "", "", {}});
  return schema({users, table("teams", {column("name")})},
                {enumeration("colour", {"blue", "red"})});
}

/// The statements of the program that was built for before().
const std::vector<std::string>& old_program() {
  static const std::vector<std::string> statements = {
      "INSERT INTO teams (id, name) VALUES (7, 'x')",
      "INSERT INTO users (id, email, nick, age, kind, team_id) VALUES (1, 'a', "
      "'n', 20, 'red', 7)",
      "INSERT INTO users (id, email, kind) VALUES (2, 'b', 'blue')",
      "INSERT INTO users (id, email, kind) VALUES (3, 'b', 'red') ON CONFLICT "
      "(email) DO UPDATE SET age = 21",
      "UPDATE users SET email = '12345678901234567890', nick = NULL, age = 0, "
      "kind = 'blue', team_id = NULL WHERE id = 1",
      "UPDATE users SET nick = 'n', age = 2147483647 WHERE id = 2",
      "DELETE FROM users WHERE id = 2",
      "DELETE FROM teams WHERE id = 7",
  };
  return statements;
}

/// Rows that it reads and has no values for.
constexpr const char* kUnreadable =
    "SELECT id FROM users WHERE id IS NULL OR email IS NULL OR age IS NULL OR "
    "age > 2147483647 OR kind IS NULL OR kind NOT IN ('blue', 'red')";

Table& users(Schema& schema) { return schema.tables.back(); }
Column& user(Schema& schema, const std::string& name) {
  for (Column& column : users(schema).columns) {
    if (column.name == name) return column;
  }
  throw std::logic_error(name);
}

struct Change {
  const char* what;
  bool is_compatible;
  std::function<void(Schema&)> change;
  const char* by_new = "";  ///< what the new program has written already
  Consents consents = {};
  /// The engine that refuses; what one script says holds for every engine.
  const char* breaks_only = "";
};

const std::vector<Change>& changes() {
  static const std::vector<Change> all = {
      {"a table", true,
       [](Schema& s) { s.tables.push_back(table("logs", {column("text")})); }},
      {"an optional column", true,
       [](Schema& s) { users(s).columns.push_back(optional(column("bio"))); }},
      {"a required column with a default", true,
       [](Schema& s) {
         users(s).columns.push_back(
             with_default(column("bio"), Literal::Kind::text, "none"));
       }},
      {"a generated column", true,
       [](Schema& s) {
         Column shout = optional(column("shout"));
         shout.generated = "upper(email)";
         shout.stored = true;
         users(s).columns.push_back(shout);
       }},
      {"a required generated column of required ones", true,
       [](Schema& s) {
         Column shout = column("shout");
         shout.generated = "upper(email) || 'x'";
         shout.stored = true;
         users(s).columns.push_back(shout);
       }},
      {"a required generated column of an optional one",
       false,
       [](Schema& s) {
         Column shout = column("shout");
         shout.generated = "upper(nick)";
         shout.stored = true;
         users(s).columns.push_back(shout);
       },
       "",
       {},
       "postgres"},
      {"a required generated column that is NULL for some values",
       false,
       [](Schema& s) {
         Column shout = column("shout");
         shout.generated = "nullif(email, 'a')";
         shout.stored = true;
         users(s).columns.push_back(shout);
       },
       "",
       {},
       "postgres"},
      {"a required column that is filled once", false,
       [](Schema& s) {
         Column bio = column("bio");
         bio.backfill = "email";
         users(s).columns.push_back(bio);
       }},
      {"a column fewer",
       false,
       [](Schema& s) {
         Table& t = users(s);
         t.indexes.clear();
         t.columns.erase(t.columns.begin() + 5);
       },
       "",
       {{}, {"users.nick"}}},
      {"a table fewer",
       false,
       [](Schema& s) {
         users(s).foreign_keys.clear();
         s.tables.erase(s.tables.begin());
       },
       "",
       {{}, {"teams"}}},
      {"another name of a column",
       false,
       [](Schema& s) {
         users(s).indexes.clear();
         user(s, "nick").name = "alias";
       },
       "",
       {{"users.nick=alias"}, {}}},
      {"another name of a table",
       false,
       [](Schema& s) {
         s.tables.front().name = "groups";
         users(s).foreign_keys.front().table = "groups";
       },
       "",
       {{"teams=groups"}, {}}},
      {"another index", true,
       [](Schema& s) {
         users(s).indexes.push_back(
             {"", {{"age", false}}, "", false, "", "", {}});
       }},
      {"an index fewer", true, [](Schema& s) { users(s).indexes.clear(); }},
      {"another unique", false,
       [](Schema& s) {
         users(s).uniques.push_back({"", {"age"}, {}});
       },
       "INSERT INTO users (id, email, age, kind) VALUES (9, 'z', 0, 'red')"},
      {"a unique index", false,
       [](Schema& s) {
         users(s).indexes.push_back(
             {"", {{"age", false}}, "", true, "", "", {}});
       },
       "INSERT INTO users (id, email, age, kind) VALUES (9, 'z', 0, 'red')"},
      {"a unique over a new optional column", true,
       [](Schema& s) {
         users(s).columns.push_back(optional(column("bio")));
         users(s).uniques.push_back({"", {"bio"}, {}});
       }},
      {"a unique over a new column with a default", false,
       [](Schema& s) {
         users(s).columns.push_back(
             with_default(column("bio"), Literal::Kind::text, "none"));
         users(s).uniques.push_back({"", {"bio"}, {}});
       }},
      {"a unique fewer", false, [](Schema& s) { users(s).uniques.clear(); }},
      {"another check", false,
       [](Schema& s) {
         users(s).checks.push_back({"named", "nick <> 'n'", "", {}});
       }},
      {"a check fewer", true, [](Schema& s) { users(s).checks.clear(); }},
      {"a check of a new optional column", true,
       [](Schema& s) {
         users(s).columns.push_back(
             optional(column("height", TypeKind::int32)));
         users(s).checks.push_back(
             {"", "height > 0 AND height < 300", "height", {}});
       }},
      {"a check that NULL breaks", false,
       [](Schema& s) {
         users(s).columns.push_back(
             optional(column("height", TypeKind::int32)));
         users(s).checks.push_back(
             {"", "coalesce(height, 0) > 0 OR age = 40", "height", {}});
       }},
      {"a check of a new column and an old one", false,
       [](Schema& s) {
         users(s).columns.push_back(
             optional(column("height", TypeKind::int32)));
         users(s).checks.push_back(
             {"", "height > 0 AND age > 17", "height", {}});
       }},
      {"another foreign key", false,
       [](Schema& s) {
         user(s, "age").type.kind = TypeKind::int64;
         users(s).foreign_keys.push_back(refers("age", "teams"));
       }},
      {"a foreign key of a new optional column", true,
       [](Schema& s) {
         users(s).columns.push_back(
             optional(column("boss_id", TypeKind::int64)));
         users(s).foreign_keys.push_back(refers("boss_id", "teams"));
       }},
      {"a foreign key fewer", true,
       [](Schema& s) { users(s).foreign_keys.clear(); }},
      {"a longer text", true,
       [](Schema& s) { user(s, "email").type.max_length = 40; }},
      {"a text without limit", true,
       [](Schema& s) { user(s, "email").type.max_length = 0; }},
      {"a shorter text", false,
       [](Schema& s) { user(s, "email").type.max_length = 10; }},
      {"a wider integer", false,
       [](Schema& s) { user(s, "age").type.kind = TypeKind::int64; },
       "INSERT INTO users (id, email, age, kind) VALUES (9, 'z', 3000000000, "
       "'red')"},
      {"a narrower integer", false,
       [](Schema& s) { user(s, "age").type.kind = TypeKind::int16; }},
      {"another default", true,
       [](Schema& s) { user(s, "level").default_value->text = "21"; }},
      {"another default, which a check refuses", false,
       [](Schema& s) { user(s, "age").default_value->text = "-1"; }},
      {"another default, which refers to nothing", false,
       [](Schema& s) {
         user(s, "team_id").default_value =
             Literal{Literal::Kind::integer, "5"};
       }},
      {"a default fewer", false,
       [](Schema& s) { user(s, "age").default_value.reset(); }},
      {"a required column that was optional", false,
       [](Schema& s) {
         user(s, "nick").nullable = false;
         user(s, "nick").backfill = "''";
       }},
      {"an optional column that was required", false,
       [](Schema& s) { user(s, "age").nullable = true; },
       "INSERT INTO users (id, email, age, kind) VALUES (9, 'z', NULL, "
       "'red')"},
      {"an enum value more", false,
       [](Schema& s) {
         s.enums[0].values.push_back({"green", "green", 0, {}});
       },
       "INSERT INTO users (id, email, kind) VALUES (9, 'z', 'green')"},
      {"an enum value fewer",
       false,
       [](Schema& s) { s.enums[0].values.erase(s.enums[0].values.begin()); },
       "",
       {{}, {"enum:colour.blue"}}},
      {"another name of an enum value",
       false,
       [](Schema& s) { s.enums[0].values[0].name = "azure"; },
       "",
       {{"enum:colour.blue=azure"}, {}}},
      {"another key", false,
       [](Schema& s) {
         users(s).foreign_keys.clear();
         users(s).primary_key = {"kind", "age"};
       },
       "INSERT INTO users (id, email, age, kind) VALUES (9, 'z', 18, 'blue')"},
      {"comments", true,
       [](Schema& s) {
         users(s).comment = "who may log in";
         user(s, "age").comment = "in years";
       }},
  };
  return all;
}

/// "" when the old program still works, else what went wrong.
std::string fault_of_old_program(Database& database) {
  for (const std::string& statement : old_program()) {
    const auto done = database.execute(statement);
    if (!done) return statement + ": " + done.error().message;
  }
  const std::string unreadable = rows_text(database, kUnreadable);
  return unreadable.empty() ? "" : "reads what it cannot hold: " + unreadable;
}

class CompatibleTest : public testing::TestWithParam<const char*> {};

TEST_P(CompatibleTest, is_what_an_older_program_finds) {
  const Dialect& dialect = *find_dialect(GetParam());
  std::unique_ptr<Database> database;
  for (const Change& each : changes()) {
    SCOPED_TRACE(each.what);
    Schema after = before();
    each.change(after);
    canonicalize(after);
    Diagnostics diagnostics;
    const Plan plan =
        make_plan(snapshot_of(before()), after, each.consents, diagnostics);
    ASSERT_EQ(to_text(diagnostics.sorted(), false), "");
    const bool is_sqlite = GetParam() == std::string("sqlite");
    if (is_sqlite || database == nullptr) database = fresh_database(GetParam());
    if (!is_sqlite) {
      ASSERT_TRUE(database->execute("DROP SCHEMA public CASCADE"));
      ASSERT_TRUE(database->execute("CREATE SCHEMA public"));
    }
    ASSERT_TRUE(run_script(*database, creation(dialect, before())).done);
    if (is_sqlite) {
      ASSERT_TRUE(database->execute("PRAGMA foreign_keys = OFF"));
    }
    const Outcome up = run_script(*database, dialect.render(plan));
    ASSERT_TRUE(up.done) << up.message;
    if (is_sqlite) {
      ASSERT_TRUE(database->execute("PRAGMA foreign_keys = ON"));
    }
    if (*each.by_new != '\0') {
      const Outcome written = run_statements(*database, {each.by_new});
      ASSERT_TRUE(written.done) << written.message;
    }
    const std::string fault = fault_of_old_program(*database);
    const bool breaks =
        !each.is_compatible && (*each.breaks_only == '\0' ||
                                GetParam() == std::string(each.breaks_only));
    EXPECT_EQ(!fault.empty(), breaks) << fault;
    EXPECT_EQ(is_compatible(plan), each.is_compatible);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, CompatibleTest,
                         testing::Values("sqlite", "postgres"),
                         [](const auto& param) {
                           return std::string(param.param);
                         });

}  // namespace
}  // namespace schemagen::gen
