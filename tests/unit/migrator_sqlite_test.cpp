// The Migrator on real SQLite files: what is applied once, what is refused,
// and what stays when something fails.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "schemagen/migrator.hpp"
#include "schemagen/sqlite.hpp"
#include "support/cells.hpp"
#include "support/embedded.hpp"
#include "support/scratch_folder.hpp"

namespace schemagen {
namespace {

using test::Embedded;
using Kind = MigrationState::Kind;

class SqliteMigratorTest : public testing::Test {
 protected:
  void remove_files() const {
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
      std::filesystem::remove(file_ + suffix);
    }
  }

  std::unique_ptr<Database> open() {
    auto opened = sqlite::open(file_);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }

  // Runs several statements through a connection of its own.
  void sql(const std::string& text) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &handle), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(handle, text.c_str(), nullptr, nullptr, &message),
              SQLITE_OK)
        << text << ": " << (message == nullptr ? "" : message);
    sqlite3_free(message);
    sqlite3_close(handle);
  }

  // All cells of a query, joined: "1 a|2 b".
  std::string ask(const std::string& text) {
    return test::cells_of(*open(), text);
  }

  std::string up(Embedded& app, MigrateOptions options = {}) {
    auto database = open();
    return told(Migrator(*database, app.set(), options).up());
  }

  std::string down(Embedded& app, std::size_t count = 1,
                   MigrateOptions options = {}) {
    auto database = open();
    return told(Migrator(*database, app.set(), options).down(count));
  }

  static std::string told(const Result<Report>& report) {
    if (!report) return "error: " + report.error().message;
    std::string ids;
    for (const std::string& id : report->migrations) {
      ids += (ids.empty() ? "" : " ") + id.substr(0, 8);
    }
    return ids;
  }

  std::string history() {
    return ask("SELECT substr(id, 1, 8) FROM schemagen_migrations ORDER BY id");
  }

  test::ScratchFolder scratch_;
  const std::string file_ = (scratch_.path() / "test.db").string();
};

constexpr char kFirst[] = "20260101000000";
constexpr char kSecond[] = "20260102000000";
constexpr char kThird[] = "20260103000000";

void add_two(Embedded& app) {
  app.add(kFirst, "create_a", "CREATE TABLE a (id INTEGER PRIMARY KEY);",
          "DROP TABLE a;");
  app.add(kSecond, "create_b", "CREATE TABLE b (id INTEGER PRIMARY KEY);",
          "DROP TABLE b;");
}

TEST_F(SqliteMigratorTest, applies_pending_migrations_once_and_in_order) {
  Embedded app;
  add_two(app);
  EXPECT_EQ(up(app), "20260101 20260102");
  EXPECT_EQ(up(app), "");
  EXPECT_EQ(history(), "20260101|20260102");
  EXPECT_EQ(ask("SELECT name, script, down_script, state, applied_by FROM "
                "schemagen_migrations LIMIT 1"),
            "create_a CREATE TABLE a (id INTEGER PRIMARY KEY); DROP TABLE a; "
            "applied app");
}

TEST_F(SqliteMigratorTest, undoes_in_reverse_and_removes_the_rows) {
  Embedded app;
  add_two(app);
  up(app);
  EXPECT_EQ(down(app), "20260102");
  EXPECT_EQ(history(), "20260101");
  EXPECT_EQ(up(app), "20260102");
  EXPECT_EQ(down(app, 5), "20260102 20260101");
  EXPECT_EQ(down(app), "");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_master WHERE name IN ('a','b')"),
            "0");
}

TEST_F(SqliteMigratorTest, up_to_and_down_to_stop_at_their_target) {
  Embedded app;
  add_two(app);
  app.add(kThird, "create_c", "CREATE TABLE c (x);", "DROP TABLE c;");
  auto database = open();
  Migrator migrator(*database, app.set());
  EXPECT_EQ(told(migrator.up_to(kSecond)), "20260101 20260102");
  EXPECT_EQ(told(migrator.up_steps(1)), "20260103");
  EXPECT_EQ(told(migrator.down_to(kFirst)), "20260103 20260102");
  EXPECT_EQ(*migrator.current_version(), kFirst);
  EXPECT_EQ(*migrator.previous_version(), "");
  EXPECT_EQ(told(migrator.down_to("")), "20260101");
  EXPECT_EQ(told(migrator.up_to("20990101000000")),
            "error: this program has no migration 20990101000000; status lists "
            "those that it has");
}

TEST_F(SqliteMigratorTest, looking_creates_neither_file_nor_table) {
  Embedded app;
  add_two(app);
  auto database = open();
  Migrator migrator(*database, app.set());
  EXPECT_EQ(migrator.status()->size(), 2u);
  EXPECT_EQ(migrator.pending()->size(), 2u);
  EXPECT_EQ(migrator.applied()->size(), 0u);
  EXPECT_TRUE(migrator.verify());
  EXPECT_NE(migrator.plan()->find("CREATE TABLE a"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(file_));
  sql("CREATE TABLE other (x)");
  EXPECT_EQ(open()->query("SELECT 1")->size(), 1u);
  auto second = open();
  EXPECT_EQ(Migrator(*second, app.set()).pending()->size(), 2u);
  EXPECT_EQ(ask("SELECT name FROM sqlite_master"), "other");
}

TEST_F(SqliteMigratorTest, L21_refuses_a_changed_applied_script_by_name) {
  Embedded app;
  add_two(app);
  up(app);
  Embedded edited;
  edited.add(kFirst, "create_a", "CREATE TABLE a (id INTEGER);", nullptr);
  edited.add(kSecond, "create_b", "CREATE TABLE b (id INTEGER PRIMARY KEY);",
             "DROP TABLE b;");
  EXPECT_EQ(up(edited),
            "error: 20260101000000_create_a was applied with another text than "
            "this program has; restore the script as it was applied, or accept "
            "the new text with repair 20260101000000");
  auto database = open();
  Migrator migrator(*database, edited.set());
  EXPECT_FALSE(migrator.verify());
  const auto line = migrator.repair(kFirst);
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->substr(0, 43), "20260101000000_create_a: accepted sha256-1:");
  EXPECT_TRUE(migrator.verify()) << migrator.verify().error().message;
  EXPECT_EQ(up(edited), "");
  EXPECT_NE(ask("SELECT applied_by FROM schemagen_migrations").find("repaired"),
            std::string::npos);
}

TEST_F(SqliteMigratorTest, L20_takes_an_edited_history_row_for_a_mismatch) {
  Embedded app;
  add_two(app);
  up(app);
  for (const char* edit :
       {"NULL", "upper(checksum)", "substr(checksum, 1, 20)", "''"}) {
    const std::string keep =
        ask("SELECT checksum FROM schemagen_migrations WHERE id = "
            "'20260102000000'");
    sql(std::string("UPDATE schemagen_migrations SET checksum = ") + edit +
        " WHERE id = '20260102000000'");
    EXPECT_EQ(up(app).substr(0, 34), "error: 20260102000000_create_b was");
    sql("UPDATE schemagen_migrations SET checksum = '" + keep +
        "' WHERE id = '20260102000000'");
    EXPECT_EQ(up(app), "");
  }
}

TEST_F(SqliteMigratorTest, L14_names_late_migrations_and_applies_them_by_wish) {
  Embedded early;
  early.add(kFirst, "create_a", "CREATE TABLE a (x);", "DROP TABLE a;");
  early.add(kThird, "create_c", "CREATE TABLE c (x);", "DROP TABLE c;");
  up(early);
  Embedded merged;
  add_two(merged);
  Embedded all;
  all.add(kFirst, "create_a", "CREATE TABLE a (x);", "DROP TABLE a;");
  all.add(kSecond, "create_b", "CREATE TABLE b (x);", "DROP TABLE b;");
  all.add(kThird, "create_c", "CREATE TABLE c (x);", "DROP TABLE c;");
  EXPECT_EQ(up(all),
            "error: 20260102000000_create_b is pending, but older than an "
            "applied migration; rename it to a newer time, or allow late "
            "migrations");
  MigrateOptions options;
  options.allow_late = true;
  EXPECT_EQ(up(all, options), "20260102");
  EXPECT_EQ(up(all), "");
  // The last applied one is the first to be undone, whatever its id.
  EXPECT_EQ(down(all), "20260102");
  EXPECT_EQ(down(all), "20260103");
}

TEST_F(SqliteMigratorTest, L16_refuses_a_newer_database_unless_compatible) {
  Embedded newer;
  newer.add(kFirst, "create_a", "CREATE TABLE a (x);", "DROP TABLE a;");
  newer.add(kSecond, "add_y",
            "-- schemagen: compatible\nALTER TABLE a ADD COLUMN y;",
            "ALTER TABLE a DROP COLUMN y;");
  Embedded older;
  older.add(kFirst, "create_a", "CREATE TABLE a (x);", "DROP TABLE a;");
  up(newer);
  auto database = open();
  auto report = Migrator(*database, older.set()).up();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->newer, std::vector<std::string>{kSecond});
  newer.add(kThird, "drop_x", "ALTER TABLE a DROP COLUMN x;",
            "ALTER TABLE a ADD COLUMN x;");
  EXPECT_EQ(up(newer), "20260103");
  EXPECT_EQ(up(older),
            "error: the database is newer than this program: it has "
            "20260103000000_drop_x, on which older programs do not work; start "
            "a newer program, or step the database back with down");
  EXPECT_EQ(Migrator(*database, older.set()).status()->size(), 3u);
  MigrateOptions options;
  options.allow_newer = true;
  EXPECT_EQ(up(older, options), "");
}

TEST_F(SqliteMigratorTest, an_older_program_steps_back_by_stored_scripts) {
  Embedded newer;
  newer.add(kFirst, "create_a", "CREATE TABLE a (x);", "DROP TABLE a;");
  newer.add(kSecond, "add_b",
            "CREATE TABLE b (x);CREATE TRIGGER t AFTER INSERT ON b BEGIN "
            "DELETE FROM a; DELETE FROM b; END;",
            "DROP TRIGGER t; -- one; two\nDROP TABLE b;\n-- the end\n");
  up(newer);
  Embedded older;
  older.add(kFirst, "create_a", "CREATE TABLE a (x);", "DROP TABLE a;");
  EXPECT_EQ(down(older), "20260102");
  EXPECT_EQ(up(older), "");
  EXPECT_EQ(ask("SELECT group_concat(name) FROM sqlite_master WHERE "
                "name IN ('a', 'b', 't')"),
            "a");
}

TEST_F(SqliteMigratorTest, a_missing_applied_migration_is_refused_by_name) {
  Embedded app;
  add_two(app);
  up(app);
  Embedded lacking;
  lacking.add(kSecond, "create_b", "CREATE TABLE b (id INTEGER PRIMARY KEY);",
              "DROP TABLE b;");
  EXPECT_EQ(up(lacking),
            "error: 20260101000000_create_a is applied but not in this "
            "program, though newer ones are; put the scripts back, or undo "
            "them with down");
}

TEST_F(SqliteMigratorTest,
       L11_S24_a_failed_migration_leaves_nothing_and_no_flag) {
  Embedded app;
  app.add(kFirst, "create_a", "CREATE TABLE a (x);", "DROP TABLE a;");
  app.add(kSecond, "broken",
          "CREATE TABLE b (x);\nINSERT INTO b VALUES (1);\n"
          "INSERT INTO nowhere VALUES (1);\n",
          nullptr);
  auto database = open();
  auto report = Migrator(*database, app.set()).up();
  ASSERT_FALSE(report);
  const Error& error = report.error();
  EXPECT_EQ(error.message,
            "20260102000000_broken, statement 3, line 3, column 1: no such "
            "table: nowhere; it was rolled back, nothing of it was kept");
  EXPECT_EQ(error.database_text, "no such table: nowhere");
  EXPECT_EQ(error.migration, kSecond);
  EXPECT_EQ(error.applied, std::vector<std::string>{kFirst});
  EXPECT_EQ(history(), "20260101");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_master WHERE name = 'b'"), "0");
  // No repair is needed: the mended script goes on.
  Embedded mended;
  mended.add(kFirst, "create_a", "CREATE TABLE a (x);", "DROP TABLE a;");
  mended.add(kSecond, "broken", "CREATE TABLE b (x);", nullptr);
  EXPECT_EQ(up(mended), "20260102");
}

TEST_F(SqliteMigratorTest, all_or_nothing_takes_the_whole_run_back) {
  Embedded app;
  app.add(kFirst, "create_a", "CREATE TABLE a (x);", nullptr);
  app.add(kSecond, "broken", "NONSENSE;", nullptr);
  MigrateOptions options;
  options.all_or_nothing = true;
  EXPECT_EQ(up(app, options),
            "error: 20260102000000_broken, statement 1, line 1, column 1: near "
            "\"NONSENSE\": syntax error; the whole run was rolled back");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_master"), "0");
}

TEST_F(SqliteMigratorTest, a_whole_rollback_by_sqlite_applies_the_group_again) {
  Embedded app;
  app.add(kFirst, "create_a",
          "CREATE TABLE a (x);CREATE TRIGGER stop BEFORE INSERT ON a BEGIN "
          "SELECT RAISE(ROLLBACK, 'not today'); END;",
          nullptr);
  app.add(kSecond, "create_b", "CREATE TABLE b (x);", nullptr);
  app.add(kThird, "insert_a", "INSERT INTO a VALUES (1);", nullptr);
  auto database = open();
  auto report = Migrator(*database, app.set()).up();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message,
            "20260103000000_insert_a, statement 1, line 1, column 1: not "
            "today; it was rolled back, nothing of it was kept");
  EXPECT_EQ(report.error().applied.size(), 2u);
  EXPECT_EQ(history(), "20260101|20260102");
}

TEST_F(SqliteMigratorTest, S33_S06_the_session_is_left_as_it_was_found) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &handle), SQLITE_OK);
  sqlite3_exec(handle, "PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr);
  auto database = sqlite::borrow(handle);
  Embedded app;
  app.add(kFirst, "create_a",
          "PRAGMA legacy_alter_table = ON; PRAGMA recursive_triggers = ON; "
          "PRAGMA case_sensitive_like = ON; CREATE TABLE a (x);",
          nullptr);
  app.add(kSecond, "broken", "CREATE TABLE b (x); NONSENSE;", nullptr);
  EXPECT_FALSE(Migrator(*database, app.set()).up());
  EXPECT_EQ(sqlite3_get_autocommit(handle), 1);
  const auto value = [&](const char* name) {
    return database->query(name)->front().front().value_or("NULL");
  };
  EXPECT_EQ(value("PRAGMA foreign_keys"), "1");
  EXPECT_EQ(value("PRAGMA legacy_alter_table"), "0");
  EXPECT_EQ(value("PRAGMA recursive_triggers"), "0");
  EXPECT_EQ(value("SELECT 'a' LIKE 'A'"), "1");
  database.reset();
  sqlite3_close(handle);
}

TEST_F(SqliteMigratorTest, refuses_a_transaction_that_the_caller_left_open) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &handle), SQLITE_OK);
  sqlite3_exec(handle, "BEGIN", nullptr, nullptr, nullptr);
  auto database = sqlite::borrow(handle);
  Embedded app;
  add_two(app);
  EXPECT_EQ(told(Migrator(*database, app.set()).up()),
            "error: the connection has an open transaction; commit it or roll "
            "it back before migrating");
  EXPECT_EQ(sqlite3_get_autocommit(handle), 0);
  database.reset();
  sqlite3_close(handle);
}

constexpr char kFamily[] =
    "CREATE TABLE team (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);"
    "CREATE TABLE member (id INTEGER PRIMARY KEY, team_id INTEGER REFERENCES "
    "team (id) ON DELETE CASCADE);"
    "CREATE TABLE fan (id INTEGER PRIMARY KEY, team_id INTEGER REFERENCES "
    "team (id) ON DELETE SET NULL);"
    "INSERT INTO team (name) VALUES ('red'), ('green'), ('blue');"
    "DELETE FROM team WHERE id = 3;"
    "INSERT INTO member VALUES (1, 1), (2, 2);"
    "INSERT INTO fan VALUES (1, 1);";

constexpr char kRebuild[] =
    "-- schemagen: rebuild team\n"
    "CREATE TABLE team_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT "
    "NOT NULL);"
    "INSERT INTO team_new (id, name) SELECT id, name FROM team;"
    "DROP TABLE team;"
    "ALTER TABLE team_new RENAME TO team;";

TEST_F(SqliteMigratorTest,
       S01_S02_S03_S04_children_survive_the_rebuild_of_a_parent) {
  Embedded app;
  app.add(kFirst, "family", kFamily, nullptr);
  app.add(kSecond, "rebuild", kRebuild, nullptr);
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &handle), SQLITE_OK);
  sqlite3_exec(handle, "PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr);
  auto database = sqlite::borrow(handle);
  EXPECT_EQ(told(Migrator(*database, app.set()).up()), "20260101 20260102");
  database.reset();
  sqlite3_close(handle);
  EXPECT_EQ(ask("SELECT * FROM member"), "1 1|2 2");
  EXPECT_EQ(ask("SELECT * FROM fan"), "1 1");
}

TEST_F(SqliteMigratorTest, S03_S04_pragmas_of_a_script_neither_save_nor_harm) {
  for (const char* pragma :
       {"PRAGMA foreign_keys = ON;", "PRAGMA foreign_keys = OFF;",
        "PRAGMA defer_foreign_keys = ON;"}) {
    remove_files();
    Embedded app;
    app.add(kFirst, "family", kFamily, nullptr);
    app.add(kSecond, "rebuild", std::string(kRebuild) + pragma, nullptr);
    app.add(kThird, "rebuild_again",
            "-- schemagen: rebuild team\n" + std::string(pragma) +
                std::string(kRebuild).substr(sizeof("-- schemagen: rebuild "
                                                    "team")),
            nullptr);
    auto database = open();
    ASSERT_TRUE(database->execute("PRAGMA foreign_keys = ON"));
    EXPECT_EQ(told(Migrator(*database, app.set()).up()),
              "20260101 20260102 20260103")
        << pragma;
    auto setting = database->query("PRAGMA foreign_keys");
    EXPECT_EQ(setting->front().front().value_or(""), "1") << pragma;
    EXPECT_EQ(ask("SELECT * FROM member"), "1 1|2 2") << pragma;
    EXPECT_EQ(ask("SELECT * FROM fan"), "1 1") << pragma;
  }
}

TEST_F(SqliteMigratorTest, S24_S32_no_error_is_passed_over_on_the_way) {
  Embedded app;
  app.add(kFirst, "family", kFamily, nullptr);
  app.add(kSecond, "narrow",
          "CREATE TABLE late (x); CREATE INDEX by_name ON team (name);"
          "ALTER TABLE team DROP COLUMN name; CREATE TABLE later (x);",
          nullptr);
  EXPECT_EQ(up(app),
            "error: 20260102000000_narrow, statement 3, line 1, column "
            "60: error in index by_name after drop column: no such column: "
            "name; it was rolled back, nothing of it was kept");
  EXPECT_EQ(history(), "20260101");
  EXPECT_EQ(ask("SELECT name FROM team"), "red|green");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_master WHERE name IN ('late', "
                "'later', 'by_name')"),
            "0");
}

TEST_F(SqliteMigratorTest, S10_S12_S13_S15_a_rebuild_keeps_what_hangs_on_it) {
  Embedded app;
  app.add(kFirst, "family", kFamily, nullptr);
  app.add(kSecond, "extras",
          "CREATE TABLE log (what);"
          "CREATE TRIGGER told AFTER INSERT ON team BEGIN INSERT INTO log "
          "VALUES (new.name); END;"
          "CREATE TRIGGER other AFTER DELETE ON member BEGIN UPDATE team SET "
          "name = name || '!' WHERE id = old.team_id; END;"
          "CREATE VIEW names AS SELECT name FROM team;",
          nullptr);
  app.add(kThird, "rebuild", kRebuild, nullptr);
  EXPECT_EQ(up(app), "20260101 20260102 20260103");
  sql("INSERT INTO team (name) VALUES ('gold'); DELETE FROM member WHERE id=1");
  EXPECT_EQ(ask("SELECT id, name FROM team"), "1 red!|2 green|4 gold");
  EXPECT_EQ(ask("SELECT * FROM log"), "gold");
  EXPECT_EQ(ask("SELECT * FROM names"), "red!|green|gold");
}

TEST_F(SqliteMigratorTest, S10_refuses_to_lose_the_column_of_a_trigger) {
  Embedded app;
  app.add(kFirst, "start",
          "CREATE TABLE a (id INTEGER PRIMARY KEY, x); CREATE TABLE log (y);"
          "CREATE TRIGGER told AFTER INSERT ON a BEGIN INSERT INTO log VALUES "
          "(new.x); END;",
          nullptr);
  app.add(kSecond, "drop_x",
          "-- schemagen: rebuild a\nCREATE TABLE n (id INTEGER PRIMARY KEY);\n"
          "INSERT INTO n SELECT id FROM a; DROP TABLE a;\n"
          "ALTER TABLE n RENAME TO a;",
          nullptr);
  EXPECT_EQ(up(app),
            "error: 20260102000000_drop_x: a trigger of a no longer works: no "
            "such column: new.x; drop or rewrite it in the script, before the "
            "table is rebuilt; it was rolled back, nothing of it was kept");
}

TEST_F(SqliteMigratorTest, refuses_a_rebuild_that_loses_rows) {
  Embedded app;
  app.add(kFirst, "family", kFamily, nullptr);
  app.add(kSecond, "lossy",
          "-- schemagen: rebuild fan\nCREATE TABLE n (id INTEGER PRIMARY KEY, "
          "team_id);\nDROP TABLE fan;\nALTER TABLE n RENAME TO fan;",
          nullptr);
  EXPECT_EQ(up(app),
            "error: 20260102000000_lossy, statement 3, line 4, column 1: "
            "rebuilding fan kept 0 of its 1 rows; copy all of them, and delete "
            "rows that are to go in a statement of their own before; it was "
            "rolled back, nothing of it was kept");
}

TEST_F(SqliteMigratorTest, S07_new_violations_are_rolled_back_and_named) {
  for (const char* script :
       {"INSERT INTO member VALUES (9, 77);",
        "UPDATE member SET team_id = 77 "
        "WHERE id = 1;",
        "DELETE FROM team WHERE id = 2;", "DROP TABLE team;",
        "INSERT INTO member VALUES (9, 77); ALTER TABLE member RENAME TO m;",
        "CREATE TABLE late (id INTEGER PRIMARY KEY, team_id REFERENCES team "
        "(id)); INSERT INTO late VALUES (1, 77);",
        "ALTER TABLE fan ADD COLUMN other INTEGER DEFAULT 77 REFERENCES team "
        "(id);"}) {
    remove_files();
    Embedded app;
    app.add(kFirst, "family", kFamily, nullptr);
    app.add(kSecond, "orphans", script, nullptr);
    const std::string said = up(app);
    EXPECT_NE(said.find("it leaves references to nothing: "), std::string::npos)
        << script << " -> " << said;
    EXPECT_EQ(history(), "20260101") << script;
  }
}

/// A table that is rebuilt by several migrations, each of which leaves rows
/// that refer to nothing until the last one has run.
class TornRebuild : public SqliteMigratorTest {
 protected:
  void SetUp() override {
    app_.add("20260101", "family", kFamily, nullptr);
    app_.add("20260102", "before", "CREATE TABLE before (n);", nullptr);
  }

  void drop_and_rename(const char* mends) {
    app_.add("20260103", "copy",
             "CREATE TABLE n (id INTEGER PRIMARY KEY, x TEXT);\n"
             "INSERT INTO n (id) SELECT id FROM team;",
             nullptr);
    app_.add("20260104", "drop", "DROP TABLE team;", nullptr);
    app_.add("20260105", "between", "CREATE TABLE middle (n);", nullptr);
    app_.add("20260106", "rename", mends, nullptr);
    app_.add("20260107", "after", "CREATE TABLE after (n);", nullptr);
  }

  static constexpr const char* kRename = "ALTER TABLE n RENAME TO team;";
  static constexpr const char* kRefusal =
      "20260104_drop: it leaves references to nothing: fan row 1: 1, member "
      "row 1: 1, member row 2: 2; mend them in it or in the next one; it was "
      "rolled back, nothing of it was kept";
  Embedded app_;
};

TEST_F(TornRebuild, S07_is_taken_where_the_end_is_sound) {
  drop_and_rename(kRename);
  EXPECT_EQ(up(app_),
            "20260101 20260102 20260103 20260104 20260105 20260106 20260107");
  EXPECT_EQ(ask("SELECT count(*) FROM member JOIN team ON team_id = team.id"),
            "2");
  EXPECT_EQ(ask("SELECT count(*) FROM pragma_foreign_key_check"), "0");
}

TEST_F(TornRebuild, S07_is_blamed_where_nothing_mends_it) {
  drop_and_rename("CREATE TABLE other (n);");
  EXPECT_EQ(up(app_), std::string("error: ") + kRefusal);
  EXPECT_EQ(history(), "20260101|20260102|20260103");
  EXPECT_EQ(ask("SELECT count(*) FROM team"), "2");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_master WHERE name IN ('middle', "
                "'other', 'after')"),
            "0");
  EXPECT_EQ(up(app_), std::string("error: ") + kRefusal) << "once more";
}

TEST_F(TornRebuild, S07_goes_with_what_was_to_mend_it) {
  drop_and_rename("ALTER TABLE nobody RENAME TO team;");
  EXPECT_EQ(up(app_),
            "error: 20260106_rename, statement 1, line 1, column 1: no such "
            "table: nobody; it was rolled back, nothing of it was kept");
  EXPECT_EQ(history(), "20260101|20260102|20260103");
  EXPECT_EQ(ask("SELECT count(*) FROM team"), "2");
}

TEST_F(TornRebuild, S07_is_not_blamed_for_what_another_refuses) {
  drop_and_rename(
      "-- schemagen: guard\nSELECT 'not now'; ALTER TABLE n RENAME TO team;");
  const std::string said = up(app_);
  EXPECT_EQ(said.find("error: 20260106_rename, statement 1"), 0U) << said;
  EXPECT_NE(said.find("not now"), std::string::npos) << said;
  EXPECT_EQ(history(), "20260101|20260102|20260103");
  EXPECT_EQ(ask("SELECT count(*) FROM team"), "2");
}

TEST_F(TornRebuild, S07_is_not_left_at_the_end_of_a_run) {
  drop_and_rename(kRename);
  const auto database = open();
  const auto done = Migrator(*database, app_.set()).up_to("20260105");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, kRefusal);
  EXPECT_EQ(done.error().applied.size(), 3U);
  EXPECT_EQ(history(), "20260101|20260102|20260103");
  EXPECT_EQ(up(app_), "20260104 20260105 20260106 20260107");
}

TEST_F(TornRebuild, S07_is_not_left_to_code_which_has_the_keys_on) {
  drop_and_rename(kRename);
  Embedded coded;
  coded.add("20260101", "family", kFamily, nullptr);
  coded.add("20260104", "drop", "DROP TABLE team;", nullptr);
  coded.add_code(
      "20260105", "code", [](Database&) { return Result<Done>(Done{}); },
      nullptr);
  EXPECT_EQ(up(coded), std::string("error: ") + kRefusal);
}

TEST_F(TornRebuild, S07_is_seen_by_nobody_else) {
  drop_and_rename(kRename);
  struct Slow : Observer {
    void on_statement(std::string_view id, std::size_t, std::size_t,
                      std::int64_t, std::chrono::microseconds) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(60));
      if (id >= "20260105") seen += look();
    }
    std::function<std::string()> look;
    std::string seen;
  } slow;
  slow.look = [&] { return ask("SELECT count(*) FROM team"); };
  MigrateOptions options;
  options.observer = &slow;
  EXPECT_EQ(up(app_, options),
            "20260101 20260102 20260103 20260104 20260105 20260106 20260107");
  EXPECT_EQ(slow.seen.substr(0, 2), "22");
}

TEST_F(TornRebuild, S07_goes_back_as_it_came) {
  app_.add("20260103", "down_in_two", "CREATE TABLE c (n);",
           "ALTER TABLE t RENAME TO team;");
  app_.add("20260104", "down_in_one", "CREATE TABLE d (n);",
           "CREATE TABLE t AS SELECT * FROM team; DROP TABLE team;");
  EXPECT_EQ(up(app_), "20260101 20260102 20260103 20260104");
  const auto database = open();
  Migrator migrator(*database, app_.set());
  EXPECT_EQ(migrator.down_to("20260102").error().message,
            "20260104_down_in_one (down): it leaves references to nothing: "
            "foreign key mismatch - \"fan\" referencing \"team\", foreign key "
            "mismatch - \"member\" referencing \"team\"; mend them in it or in "
            "the next one; it was rolled back, nothing of it was kept");
  EXPECT_EQ(history(), "20260101|20260102|20260103|20260104");
}

TEST_F(TornRebuild, S07_a_run_that_is_all_or_nothing_may_hold_as_well) {
  drop_and_rename(kRename);
  MigrateOptions options;
  options.all_or_nothing = true;
  EXPECT_EQ(up(app_, options),
            "20260101 20260102 20260103 20260104 20260105 20260106 20260107");
}

TEST_F(SqliteMigratorTest, S29_refuses_to_take_the_key_that_children_need) {
  Embedded app;
  app.add(kFirst, "start",
          "CREATE TABLE p (a TEXT); CREATE UNIQUE INDEX p_a ON p (a);"
          "CREATE TABLE c (a TEXT REFERENCES p (a)); INSERT INTO p VALUES "
          "('x'); INSERT INTO c VALUES ('x');",
          nullptr);
  app.add(kSecond, "drop_index", "DROP INDEX p_a;", nullptr);
  EXPECT_NE(up(app).find("foreign key mismatch"), std::string::npos);
  EXPECT_EQ(history(), "20260101");
  app.add(kThird, "other_index", "CREATE UNIQUE INDEX p_b ON p (a);", nullptr);
  EXPECT_EQ(up(app), "20260102 20260103") << "it is back in the same run";
}

TEST_F(SqliteMigratorTest, violations_that_were_there_before_do_not_block) {
  Embedded app;
  app.add(kFirst, "family", kFamily, nullptr);
  up(app);
  sql("INSERT INTO member VALUES (7, 70), (8, 80)");
  app.add(kSecond, "rename",
          "UPDATE member SET team_id = 1 WHERE id = 8; INSERT INTO member "
          "VALUES (9, 1); ALTER TABLE member RENAME TO player;",
          nullptr);
  app.add(kThird, "rebuild", kRebuild, nullptr);
  EXPECT_EQ(up(app), "20260102 20260103");
  app.add("20260104000000", "worse", "INSERT INTO player VALUES (10, 100);",
          nullptr);
  EXPECT_EQ(up(app),
            "error: 20260104000000_worse: it leaves references to nothing: "
            "player row 10: 100; mend them in it or in the next one; it was "
            "rolled back, nothing of it was kept");
}

TEST_F(SqliteMigratorTest, a_script_that_wants_cascades_gets_them) {
  Embedded app;
  app.add(kFirst, "family", kFamily, nullptr);
  app.add(kSecond, "delete",
          "-- schemagen: foreign-keys on\nDELETE FROM team WHERE id = 1;",
          nullptr);
  EXPECT_EQ(up(app), "20260101 20260102");
  EXPECT_EQ(ask("SELECT id FROM member"), "2");
  EXPECT_EQ(ask("SELECT count(*) FROM fan WHERE team_id IS NULL"), "1");
}

TEST_F(SqliteMigratorTest, P22_transaction_control_is_refused_before_it_runs) {
  for (const char* word : {"COMMIT", "END", "ROLLBACK", "BEGIN", "SAVEPOINT x",
                           "RELEASE schemagen"}) {
    remove_files();
    Embedded app;
    app.add(kFirst, "start", std::string("CREATE TABLE a (x);\n") + word + ";",
            nullptr);
    const std::string first =
        std::string(word).substr(0, std::string(word).find(' '));
    EXPECT_EQ(
        up(app),
        "error: 20260101000000_start, statement 2, line 2, column 1: " + first +
            " may not stand in a migration that runs in a transaction; "
            "remove it, or say `-- schemagen: no-transaction` in the "
            "script's head; it was rolled back, nothing of it was kept");
    EXPECT_EQ(ask("SELECT count(*) FROM sqlite_master WHERE name = 'a'"), "0");
  }
}

TEST_F(SqliteMigratorTest, a_guard_refuses_with_its_own_text) {
  Embedded app;
  app.add(kFirst, "start", "CREATE TABLE a (x); INSERT INTO a VALUES (NULL);",
          nullptr);
  app.add(kSecond, "guarded",
          "-- schemagen: guard\nSELECT 'a.x is NULL in ' || count(*) || ' rows'"
          " FROM a WHERE x IS NULL HAVING count(*) > 0;\nDROP TABLE a;",
          nullptr);
  EXPECT_EQ(up(app),
            "error: 20260102000000_guarded, statement 1, line 2, column 1: a.x "
            "is NULL in 1 rows; it was rolled back, nothing of it was kept");
  sql("UPDATE a SET x = 1");
  EXPECT_EQ(up(app), "20260102");
}

TEST_F(SqliteMigratorTest, downs_that_cannot_be_are_refused_by_name) {
  Embedded app;
  app.add(kFirst, "nothing", "SELECT 1;", "-- schemagen: nothing to undo\n");
  app.add(kSecond, "empty", "SELECT 1;", "-- empty\n");
  app.add(kThird, "none", "CREATE TABLE c (x);", nullptr);
  up(app);
  EXPECT_EQ(down(app),
            "error: 20260103000000_none: has no down script, so it cannot be "
            "undone; write one, or undo it by hand");
  sql("DELETE FROM schemagen_migrations WHERE id = '20260103000000'");
  EXPECT_EQ(down(app),
            "error: 20260102000000_empty: its down script is empty; say `-- "
            "schemagen: nothing to undo` in it where that is meant");
  sql("DELETE FROM schemagen_migrations WHERE id = '20260102000000'");
  EXPECT_EQ(down(app), "20260101");
}

TEST_F(SqliteMigratorTest, G20_a_lossy_down_says_what_it_loses) {
  Embedded app;
  app.add(kFirst, "start", "CREATE TABLE a (x, y);",
          "-- Takes back what the up script did:\n"
          "--   drop index on a (x)\n--   drop column a.y\n"
          "--   create table logs (id, text)\n--   rename column a.x to z\n"
          "-- The shape comes back, not every value.\n"
          "-- Invented values:\n--   a.y\n--   a.status\n"
          "-- schemagen: shape only\n\n--   drop table a\nDROP TABLE a;");
  up(app);
  MigrateOptions careful;
  careful.allow_data_loss = false;
  EXPECT_EQ(down(app, 1, careful),
            "error: 20260101000000_start: undoing it loses data "
            "(20260101000000_start: values of a.y, rows of logs, values of "
            "a.status); allow data loss where that is meant");
  auto database = open();
  auto report = Migrator(*database, app.set()).down();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->losses,
            std::vector<std::string>{"20260101000000_start: values of a.y, "
                                     "rows of logs, values of a.status"});
}

TEST_F(SqliteMigratorTest, no_transaction_scripts_resume_where_they_stopped) {
  Embedded app;
  app.add(kFirst, "start", "CREATE TABLE a (x); CREATE TABLE b (x UNIQUE);",
          nullptr);
  app.add(kSecond, "alone",
          "-- schemagen: no-transaction\nINSERT INTO a VALUES (1);\nVACUUM;\n"
          "INSERT INTO b VALUES (2);\nINSERT INTO a VALUES (3);\n",
          "-- schemagen: no-transaction\nDELETE FROM a;\nDELETE FROM b;\n");
  sql("CREATE TABLE unrelated (x)");
  EXPECT_TRUE(app.set().dialect_count == 1);
  {
    auto database = open();
    ASSERT_EQ(told(Migrator(*database, app.set()).up_to(kFirst)), "20260101");
  }
  sql("INSERT INTO b VALUES (2)");
  EXPECT_EQ(up(app),
            "error: 20260102000000_alone, statement 3, line 4, column 1: "
            "UNIQUE constraint failed: b.x; 2 of its statements are done and "
            "stay, since it runs outside a transaction; mend the cause and run "
            "it again, it goes on there");
  EXPECT_EQ(ask("SELECT state, statements_done FROM schemagen_migrations WHERE "
                "id = '20260102000000'"),
            "started 2");
  auto database = open();
  const auto states = Migrator(*database, app.set()).pending();
  ASSERT_EQ(states->size(), 1u);
  EXPECT_EQ(states->front().kind, Kind::started);
  EXPECT_NE(states->front().error.find("UNIQUE constraint"), std::string::npos);
  sql("DELETE FROM b");
  EXPECT_EQ(up(app), "20260102");
  EXPECT_EQ(ask("SELECT x FROM a ORDER BY x"), "1|3");
  EXPECT_EQ(ask("SELECT state, statements_done, error FROM "
                "schemagen_migrations WHERE id = '20260102000000'"),
            "applied 4 NULL");
  EXPECT_EQ(up(app), "");
  EXPECT_EQ(down(app), "20260102");
  EXPECT_EQ(ask("SELECT count(*) FROM a"), "0");
}

TEST_F(SqliteMigratorTest, a_block_of_its_own_is_kept_or_taken_back_whole) {
  Embedded app;
  app.add(kFirst, "start", "CREATE TABLE a (x UNIQUE);", nullptr);
  app.add(kSecond, "alone",
          "-- schemagen: no-transaction\nPRAGMA journal_mode = WAL;\nBEGIN;\n"
          "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\nCOMMIT;\n",
          nullptr);
  {
    auto database = open();
    ASSERT_EQ(told(Migrator(*database, app.set()).up_to(kFirst)), "20260101");
  }
  sql("INSERT INTO a VALUES (2)");
  EXPECT_NE(up(app).find("1 of its statements are done"), std::string::npos);
  EXPECT_EQ(ask("SELECT x FROM a"), "2");
  sql("DELETE FROM a");
  EXPECT_EQ(up(app), "20260102");
  EXPECT_EQ(ask("SELECT x FROM a ORDER BY x"), "1|2");
  EXPECT_EQ(ask("PRAGMA journal_mode"), "wal");
}

TEST_F(SqliteMigratorTest, a_block_that_takes_itself_back_is_done_with) {
  Embedded app;
  app.add(kFirst, "alone",
          "-- schemagen: no-transaction\nCREATE TABLE t (x);\nBEGIN;\n"
          "INSERT INTO t VALUES (1);\nROLLBACK;\nINSERT INTO t VALUES (2);\n"
          "CREATE TABLE z (x);\n",
          nullptr);
  EXPECT_EQ(up(app), "20260101");
  EXPECT_EQ(ask("SELECT x FROM t"), "2");
  EXPECT_EQ(ask("SELECT name FROM sqlite_master WHERE name = 'z'"), "z");
  EXPECT_EQ(ask("SELECT statements_done FROM schemagen_migrations"), "6");
}

TEST_F(SqliteMigratorTest, a_limit_of_one_script_is_none_for_the_next) {
  Embedded app;
  app.add(kFirst, "start", "CREATE TABLE t (x);", nullptr);
  app.add(kSecond, "limit", "PRAGMA max_page_count = 8;", nullptr);
  app.add(kThird, "fill", "INSERT INTO t VALUES (zeroblob(100000));", nullptr);
  EXPECT_EQ(up(app), "20260101 20260102 20260103");
}

TEST_F(SqliteMigratorTest, a_block_that_is_left_open_is_told) {
  Embedded app;
  app.add(kFirst, "start", "CREATE TABLE t (x);", nullptr);
  app.add(kSecond, "alone",
          "-- schemagen: no-transaction\nBEGIN;\nINSERT INTO t VALUES (1);\n",
          nullptr);
  EXPECT_EQ(
      up(app),
      "error: 20260102000000_alone: the script leaves a transaction open; "
      "end it with COMMIT; 0 of its statements are done and stay, since "
      "it runs outside a transaction; mend the cause and run it again, it "
      "goes on there");
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "0");
}

TEST_F(SqliteMigratorTest, a_call_from_inside_of_another_harms_nothing) {
  Embedded app;
  add_two(app);
  MigrateOptions options;
  options.before = [&](Database& same, std::string_view) {
    EXPECT_FALSE(Migrator(same, app.set()).current_version());
    return Result<Done>(Done{});
  };
  EXPECT_EQ(up(app, options), "20260101 20260102");
  EXPECT_EQ(history(), "20260101|20260102");
}

TEST_F(SqliteMigratorTest, S07_what_replaces_a_parent_row_is_looked_at) {
  Embedded app;
  app.add(kFirst, "start",
          "CREATE TABLE p (id INTEGER PRIMARY KEY, k TEXT UNIQUE);\n"
          "CREATE TABLE c (id INTEGER PRIMARY KEY, k TEXT REFERENCES p (k));\n"
          "INSERT INTO p VALUES (1, 'a'); INSERT INTO c VALUES (1, 'a');",
          nullptr);
  app.add(kSecond, "replace", "REPLACE INTO p VALUES (1, 'z');", nullptr);
  const std::string told = up(app);
  EXPECT_NE(told.find("it leaves references to nothing: c row 1: 'a'"),
            std::string::npos)
      << told;
  EXPECT_EQ(ask("SELECT k FROM p"), "a");
}

TEST_F(SqliteMigratorTest, a_batch_script_repeats_until_nothing_changes) {
  Embedded app;
  app.add(kFirst, "start",
          "CREATE TABLE a (id INTEGER PRIMARY KEY, x); WITH RECURSIVE n (i) AS "
          "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 95) INSERT INTO a "
          "SELECT i, 0 FROM n;",
          nullptr);
  app.add(kSecond, "batch",
          "-- schemagen: batch\nUPDATE a SET x = 1 WHERE id IN (SELECT id FROM "
          "a WHERE x = 0 LIMIT 10);",
          nullptr);
  app.add(kThird, "with",
          "-- schemagen: batch\nWITH some AS (SELECT id FROM a WHERE x = 1 "
          "LIMIT 10) UPDATE a SET x = 2 WHERE id IN some;\n"
          "WITH one AS (SELECT 1) INSERT INTO a SELECT NULL, 3 FROM one;",
          nullptr);
  EXPECT_EQ(up(app), "20260101 20260102 20260103");
  EXPECT_EQ(ask("SELECT x, count(*) FROM a GROUP BY x"), "2 95|3 1");
}

Result<Done> hash_up(Database& database) {
  auto rows = in_batches(database,
                         "UPDATE a SET x = x + 100 WHERE id IN (SELECT id FROM "
                         "a WHERE x < 100 LIMIT 2)",
                         2);
  if (!rows) return rows.error();
  return Done{};
}

Result<Done> hash_down(Database& database) {
  auto rows = database.execute("UPDATE a SET x = x - 100");
  if (!rows) return rows.error();
  return Done{};
}

TEST_F(SqliteMigratorTest, code_migrations_run_in_order_and_are_recorded) {
  Embedded app;
  app.add(kFirst, "start",
          "CREATE TABLE a (id INTEGER PRIMARY KEY, x); INSERT INTO a VALUES "
          "(1,1),(2,2),(3,3);",
          nullptr);
  app.add_code(kSecond, "hash", hash_up, hash_down);
  app.add(kThird, "after", "UPDATE a SET x = x * 10;",
          "UPDATE a SET x = x / 10;");
  EXPECT_EQ(up(app), "20260101 20260102 20260103");
  EXPECT_EQ(ask("SELECT x FROM a"), "1010|1020|1030");
  EXPECT_EQ(down(app, 2), "20260103 20260102");
  EXPECT_EQ(ask("SELECT x FROM a"), "1|2|3");
}

TEST_F(SqliteMigratorTest, a_callback_vetoes_and_the_migration_is_gone) {
  Embedded app;
  add_two(app);
  MigrateOptions options;
  options.after = [](Database& database, std::string_view id) -> Result<Done> {
    auto rows = database.query("SELECT * FROM sqlite_master WHERE name = 'b'");
    if (id == kSecond && rows && rows->size() == 1) {
      return core::make_error(ErrorCode::database, "b is not wanted");
    }
    return Done{};
  };
  EXPECT_EQ(up(app, options),
            "error: 20260102000000_create_b: vetoed after it: b is not wanted; "
            "it was rolled back, nothing of it was kept");
  EXPECT_EQ(history(), "20260101");
}

// Rows of a group wait for its commit, but nobody can tell.
TEST_F(SqliteMigratorTest, scripts_and_callbacks_see_the_rows_before_them) {
  Embedded app;
  app.add(kFirst, "create_view",
          "CREATE VIEW known AS SELECT id FROM schemagen_migrations;", nullptr);
  app.add(kSecond, "count",
          "CREATE TABLE seen AS SELECT count(*) AS n FROM known;", nullptr);
  app.add(kThird, "count_again",
          "INSERT INTO seen SELECT count(*) FROM SchemaGen_Migrations;",
          nullptr);
  app.add("20260104000000", "fail",
          "INSERT INTO seen SELECT count(*) FROM known; NONSENSE;", nullptr);
  up(app);
  EXPECT_EQ(ask("SELECT n FROM seen"), "1|2");
  EXPECT_EQ(history(), "20260101|20260102|20260103");

  Embedded other;
  add_two(other);
  MigrateOptions options;
  options.history_table = "others";
  std::string counts;
  options.before = [&](Database& database, std::string_view) -> Result<Done> {
    counts += *database.query("SELECT count(*) FROM others")->front().front();
    return Done{};
  };
  EXPECT_EQ(up(other, options), "20260101 20260102");
  EXPECT_EQ(counts, "01");
}

TEST_F(SqliteMigratorTest, L03_nothing_pending_takes_no_lock) {
  Embedded app;
  add_two(app);
  up(app);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &other), SQLITE_OK);
  sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  MigrateOptions options;
  options.lock_timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(up(app, options), "");
  app.add(kThird, "create_c", "CREATE TABLE c (x);", nullptr);
  EXPECT_EQ(up(app, options),
            "error: the database is locked by another connection and did not "
            "become free within 100 ms; end the other one, or wait longer");
  sqlite3_close(other);
  EXPECT_EQ(up(app, options), "20260103");
}

TEST_F(SqliteMigratorTest, S38_an_old_library_is_told_before_the_first_step) {
  Embedded app;
  app.add(kFirst, "start", "CREATE TABLE a (x);", nullptr);
  app.add(kSecond, "modern", "SELECT 1;", nullptr, 0, 99'001'000);
  EXPECT_EQ(up(app).substr(0, 62),
            "error: 20260102000000_modern: needs sqlite 99.1 or newer, and ");
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(SqliteMigratorTest, baseline_records_without_running) {
  sql("CREATE TABLE a (id INTEGER PRIMARY KEY)");
  Embedded app;
  add_two(app);
  auto database = open();
  Migrator migrator(*database, app.set());
  EXPECT_EQ(told(migrator.baseline(kFirst)), "20260101");
  EXPECT_EQ(told(migrator.up()), "20260102");
  EXPECT_EQ(ask("SELECT applied_by FROM schemagen_migrations LIMIT 1"),
            "app, baseline");
}

TEST_F(SqliteMigratorTest, redo_and_run_work_on_one_migration) {
  Embedded app;
  add_two(app);
  auto database = open();
  Migrator migrator(*database, app.set());
  EXPECT_EQ(told(migrator.run(kSecond)), "20260102");
  EXPECT_EQ(told(migrator.run(kFirst)), "20260101");
  EXPECT_EQ(told(migrator.run(kFirst)),
            "error: migration 20260101000000 is applied already; use redo to "
            "run the last one again");
  EXPECT_EQ(told(migrator.redo()), "20260101");
  EXPECT_TRUE(migrator.verify());
}

TEST_F(SqliteMigratorTest, paths_and_urls_are_taken_as_they_are) {
  const auto folder = scratch_.path() / "sg odd %20?#'";
  std::filesystem::create_directories(folder);
  Embedded app;
  add_two(app);
  for (const char* prefix : {"", "sqlite:", "sqlite://"}) {
    auto database =
        sqlite::open(std::string(prefix) + (folder / "a b;.db").string());
    ASSERT_TRUE(database) << database.error().message;
    EXPECT_TRUE(Migrator(**database, app.set()).up());
    EXPECT_TRUE(std::filesystem::exists(folder / "a b;.db"));
    std::filesystem::remove(folder / "a b;.db");
  }
  EXPECT_FALSE(sqlite::open(""));
  EXPECT_FALSE(sqlite::open("sqlite:"));
  auto nowhere = sqlite::open("/nowhere/at/all.db");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().message,
            "cannot open /nowhere/at/all.db: unable to open database file; "
            "check that the folder exists and may be written");
}

TEST_F(SqliteMigratorTest, a_file_that_is_no_database_is_named_so) {
  std::ofstream(file_) << std::string(2000, 'x');
  Embedded app;
  add_two(app);
  EXPECT_EQ(up(app),
            "error: file is not a database; give the path of an SQLite "
            "database");
}

TEST_F(SqliteMigratorTest, another_engine_than_the_programs_is_told) {
  Embedded app("postgres");
  EXPECT_EQ(up(app),
            "error: this program has no migrations for sqlite, only for "
            "postgres; add it to DIALECTS, or open such a database");
}

}  // namespace
}  // namespace schemagen
