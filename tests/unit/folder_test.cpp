#include "emit/folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/scratch_folder.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;
using Kind = core::MigrationFileName::Kind;

class FolderTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }

  Folder read(const std::vector<std::string>& dialects = {"sqlite"}) {
    return read_folder(root_.string(), dialects, true, diagnostics_);
  }

  /// The findings, with the folder's path taken off.
  std::string findings() const {
    std::string text = to_text(diagnostics_.sorted(), false);
    const std::string start = root_.string() + "/";
    for (std::size_t at = text.find(start); at != std::string::npos;
         at = text.find(start)) {
      text.erase(at, start.size());
    }
    return text;
  }

  /// The snapshot of what is in the folder now.
  void write_record() {
    Snapshot snapshot;
    snapshot.dialects = {"sqlite"};
    snapshot.migrations = record(read());
    write("schema.snapshot.json", write_snapshot(snapshot));
  }

  test::ScratchFolder scratch_;
  const fs::path root_ = scratch_.path();
  Diagnostics diagnostics_;
};

TEST_F(FolderTest, groups_scripts_into_migrations_by_id) {
  write("20260102000000_second.up.sql", "SELECT 2;");
  write("20260101000000_first.up.sql", "SELECT 1;");
  write("20260101000000_first.down.sql", "SELECT 0;");
  write("README.md", "not ours");
  const Folder folder = read();
  EXPECT_EQ(findings(), "");
  ASSERT_EQ(folder.migrations.size(), 2u);
  EXPECT_EQ(folder.migrations[0].name, "first");
  EXPECT_EQ(folder.migrations[0].files.size(), 2u);
  EXPECT_EQ(folder.migrations[1].id, "20260102000000");
}

TEST_F(FolderTest, prefers_the_script_of_the_dialect_to_the_general_one) {
  write("20260101000000_a.up.sql", "SELECT 'all';");
  write("20260101000000_a.postgres.up.sql", "SELECT 'postgres';");
  const Folder folder = read({"postgres", "sqlite"});
  EXPECT_EQ(findings(), "");
  const FolderMigration& migration = folder.migrations[0];
  EXPECT_EQ(migration.find(Kind::up, "postgres")->text, "SELECT 'postgres';");
  EXPECT_EQ(migration.find(Kind::up, "sqlite")->text, "SELECT 'all';");
}

TEST_F(FolderTest, takes_a_missing_folder_for_an_empty_one) {
  const Folder folder =
      read_folder((root_ / "none").string(), {"sqlite"}, true, diagnostics_);
  EXPECT_TRUE(folder.migrations.empty());
  EXPECT_EQ(findings(), "");
}

TEST_F(FolderTest, names_every_file_that_cannot_be_a_migration) {
  write("20261301000000_month.up.sql", "");
  write("20260101000000_a.mysql.up.sql", "");
  write("20260101000000_a.up.sql", "");
  write("20260102000000_b.down.sql", "");
  write("20260103000000_c.up.sql", std::string("a\nb\0c", 5));
  write("20260104000000_d.up.sql", "SELECT 1;\n<<<<<<< HEAD\n");
  write("20260105000000_e.up.sql", "-- schemagen: no-transactions\n");
  write("20260106000000_f.up.sql", "");
  write("20260106000000_g.up.sql", "");
  write("20260107000000_h.up.SQL", "");
  read();
  EXPECT_EQ(
      findings(),
      "20260101000000_a.mysql.up.sql: error: no dialect is called \"mysql\"; "
      "there are: postgres, sqlite [unknown-dialect]\n"
      "20260102000000_b.down.sql: error: its migration has no up script for "
      "sqlite; add 20260102000000_b.up.sql [missing-script]\n"
      "20260103000000_c.up.sql: error: a NUL byte on line 2; a script is "
      "UTF-8 text, save it as such [not-text]\n"
      "20260104000000_d.up.sql:2:1: error: a merge left its conflict here; "
      "settle it by hand, then run `schemagen accept` [conflict-marker]\n"
      "20260105000000_e.up.sql:1:1: error: unknown directive "
      "\"no-transactions\"; did you mean \"no-transaction\"? "
      "[unknown-directive]\n"
      "20260106000000_g.up.sql: error: has the id of 20260106000000_f; give "
      "one of them a later id, `schemagen rebase` does that for generated "
      "ones [duplicate-id]\n"
      "20260107000000_h.up.SQL: error: is not the name of a migration; call it "
      "YYYYMMDDHHMMSS_snake_name.up.sql or .down.sql, with .<dialect> before "
      ".up where it is for one dialect, or move it elsewhere [bad-file-name]\n"
      "20261301000000_month.up.sql: error: is not the name of a migration; "
      "call it YYYYMMDDHHMMSS_snake_name.up.sql or .down.sql, with .<dialect> "
      "before .up where it is for one dialect, or move it elsewhere "
      "[bad-file-name]\n");
}

TEST_F(FolderTest, L15_two_migrations_of_one_second_are_an_error) {
  write("20260106000000_f.up.sql", "SELECT 1;\n");
  write("20260106000000_g.up.sql", "SELECT 2;\n");
  read();
  EXPECT_EQ(findings(),
            "20260106000000_g.up.sql: error: has the id of 20260106000000_f; "
            "give one of them a later id, `schemagen rebase` does that for "
            "generated ones [duplicate-id]\n");
}

TEST_F(FolderTest, finds_nothing_where_all_is_as_recorded) {
  write("20260101000000_a.up.sql", "SELECT 1;");
  write_record();
  check_record(read(), diagnostics_);
  EXPECT_EQ(findings(), "");
}

TEST_F(FolderTest, P25_does_not_mind_a_byte_order_mark_or_how_lines_end) {
  write("20260101000000_a.up.sql", "SELECT 1;\nSELECT 2;\n");
  write_record();
  write("20260101000000_a.up.sql", "\xef\xbb\xbfSELECT 1;\r\nSELECT 2;\r\n");
  check_record(read(), diagnostics_);
  EXPECT_EQ(findings(), "");
}

TEST_F(FolderTest, tells_edited_missing_unrecorded_and_late_migrations_apart) {
  write("20260101000000_gone.up.sql", "SELECT 3;");
  write("20260103000000_edited.up.sql", "SELECT 1;");
  write("20260103000000_edited.down.sql", "SELECT 0;");
  write("20260103050000_half.up.sql", "SELECT 1;");
  write("20260103050000_half.down.sql", "SELECT 0;");
  write_record();
  fs::remove(root_ / "20260101000000_gone.up.sql");
  fs::remove(root_ / "20260103050000_half.down.sql");
  write("20260103000000_edited.up.sql", "SELECT 2;");
  write("20260102000000_late.up.sql", "SELECT 1;");
  write("20260104000000_new.up.sql", "SELECT 1;");
  check_record(read(), diagnostics_);
  const std::string text = findings();
  for (const char* line :
       {"20260103000000_edited.up.sql: error: migration "
        "20260103000000_edited is not as the snapshot records it: "
        "20260103000000_edited.up.sql or 20260103000000_edited.down.sql was "
        "edited; undo that, or run `schemagen accept` to record it "
        "[edited-migration]\n",
        "20260103050000_half.up.sql: error: migration 20260103050000_half is "
        "not as the snapshot records it: 20260103050000_half.up.sql was "
        "edited, or 20260103050000_half.down.sql is missing; undo that, or "
        "run `schemagen accept` to record it [edited-migration]\n",
        "error: the files of migration 20260101000000_gone are gone; restore "
        "them from version control [missing-migration]\n",
        "20260102000000_late.up.sql: error: is not in the snapshot and older "
        "than 20260103050000, which is; run `schemagen rebase` to put it on "
        "top [late-migration]\n",
        "20260104000000_new.up.sql: error: is not in the snapshot; run "
        "`schemagen accept` to record it, or delete it "
        "[unrecorded-migration]\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

TEST_F(FolderTest, knows_a_migration_by_its_scripts_when_it_was_renamed) {
  write("20260101000000_a.up.sql", "SELECT 1;");
  write("20260102000000_b.up.sql", "SELECT 2;");
  write_record();
  fs::rename(root_ / "20260101000000_a.up.sql",
             root_ / "20260101000000_other.up.sql");
  fs::rename(root_ / "20260102000000_b.up.sql",
             root_ / "20260103000000_b.up.sql");
  check_record(read(), diagnostics_);
  const std::string text = findings();
  for (const char* line :
       {"20260101000000_other.up.sql: error: migration 20260101000000_other is "
        "not as the snapshot records it: it was called 20260101000000_a; undo "
        "that, or run `schemagen accept` to record it [edited-migration]\n",
        "error: the files of migration 20260102000000_b are gone; they are "
        "called 20260103000000_b now, give them their names back "
        "[missing-migration]\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

TEST_F(FolderTest, stays_red_while_a_block_waits_for_the_user) {
  write("20260101000000_a.up.sql",
        "-- schemagen: fill-in\n-- move the rows\n\nSELECT 1;\n");
  check_blocks(read(), diagnostics_);
  EXPECT_EQ(findings(),
            "20260101000000_a.up.sql:1:1: error: this step is still to be "
            "written by hand; write it, delete this line and run `schemagen "
            "accept` [unfilled-block]\n");
}

TEST_F(FolderTest, takes_no_way_back_for_a_part_of_the_way_up) {
  write("20260101000000_a.up.sql",
        "-- migrate:up\nSELECT '\n-- migrate:down\n';\n"
        "-- migrate:down transaction:false\nSELECT 2;\n");
  write("20260101000000_a.down.sql", "-- migrate:down\nSELECT 2;\n");
  write("20260102000000_b.up.sql", "-- +goose Up\nSELECT 1;\n-- +goose Down");
  read();
  const std::string told =
      "the way back of another tool begins here and would run with the way "
      "up; move what follows to ";
  EXPECT_EQ(findings(),
            "20260101000000_a.up.sql:5:1: error: " + told +
                "20260101000000_a.down.sql and delete this line "
                "[down-section]\n20260102000000_b.up.sql:3:1: error: " +
                told +
                "20260102000000_b.down.sql and delete this line "
                "[down-section]\n");
}

TEST_F(FolderTest, tells_an_unreadable_script_once) {
  write("20260101000000_a.up.sql", std::string("SELECT 1;\n\0", 11));
  write("20260101000000_a.down.sql", "SELECT 2;\n");
  read();
  EXPECT_EQ(findings(),
            "20260101000000_a.up.sql: error: a NUL byte on line 2; a script "
            "is UTF-8 text, save it as such [not-text]\n");
  diagnostics_ = {};
  fs::remove(root_ / "20260101000000_a.up.sql");
  fs::create_directory(root_ / "20260101000000_a.up.sql");
  read();
  EXPECT_EQ(findings(),
            "20260101000000_a.up.sql: error: cannot be read: Is a directory; "
            "check the path and its permissions [cannot-read]\n");
}

TEST_F(FolderTest, takes_no_value_for_a_block) {
  write("20260101000000_a.up.sql",
        "INSERT INTO a VALUES ('x\n-- schemagen: fill-in\n');\n"
        "-- schemagen: fill-in\nSELECT 1;\n");
  check_blocks(read(), diagnostics_);
  EXPECT_EQ(findings(),
            "20260101000000_a.up.sql:4:1: error: this step is still to be "
            "written by hand; write it, delete this line and run `schemagen "
            "accept` [unfilled-block]\n");
}

TEST_F(FolderTest, counts_a_code_migration_by_its_revision) {
  const std::string code =
      "SCHEMAGEN_MIGRATION(20260101000000, hash) {\n"
      "constexpr int revision = 3;\n}\n";
  write("20260101000000_hash.cpp", code);
  const std::string digest = read().migrations[0].digest;
  write("20260101000000_hash.cpp", code + "// a comment\n");
  EXPECT_EQ(read().migrations[0].digest, digest);
  write("20260101000000_hash.cpp",
        "SCHEMAGEN_MIGRATION(20260101000000, hash) {\n"
        "constexpr int revision = 4;\n}\n");
  EXPECT_NE(read().migrations[0].digest, digest);
  EXPECT_EQ(findings(), "");
}

TEST_F(FolderTest, asks_for_the_name_and_revision_of_a_code_migration) {
  write("20260101000000_hash.cpp", "int main() {}\n");
  read();
  EXPECT_EQ(findings(),
            "20260101000000_hash.cpp: error: does not define its migration; "
            "write SCHEMAGEN_MIGRATION(20260101000000, hash) { ... } with up "
            "and down in it [code-migration]\n"
            "20260101000000_hash.cpp: error: declares no revision; write "
            "`constexpr int revision = 1;` and raise it when what the "
            "migration does changes [code-migration]\n");
}

}  // namespace
}  // namespace schemagen::gen
