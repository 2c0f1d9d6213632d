// The policy over a history, without any database.
#include "core/history.hpp"

#include <gtest/gtest.h>

#include "core/checksum.hpp"
#include "core/text.hpp"

namespace schemagen::core {
namespace {

using Kind = MigrationState::Kind;

struct Program {
  explicit Program(std::vector<const char*> ids) {
    for (const char* id : ids) {
      EmbeddedMigration migration{};
      migration.id = id;
      migration.name = "m";
      migration.checksum = "sum";
      migration.chain = "";
      rows.push_back(migration);
    }
    dialect = {"sqlite", nullptr, rows.data(), rows.size()};
  }
  std::vector<EmbeddedMigration> rows;
  EmbeddedDialect dialect;
};

HistoryRow row(const char* id, const char* checksum = "sum",
               bool compatible = false) {
  HistoryRow one;
  one.id = id;
  one.name = "m";
  one.checksum = checksum;
  one.compatible = compatible;
  return one;
}

std::string kinds(const Reconciled& look) {
  std::string all;
  for (const Standing& one : look) {
    all += one.id();
    all += "apcmnls"[static_cast<int>(one.kind)];
  }
  return all;
}

std::string said(const Reconciled& look, bool late = false, bool newer = false,
                 const char* target = "") {
  MigrateOptions options;
  options.allow_late = late;
  options.allow_newer = newer;
  const ErrorBox why = refusal(look, Policy(options), target);
  return why.empty() ? "" : why->message;
}

TEST(HistoryTest, sets_are_compared_and_not_maxima) {
  const Program program({"1", "2", "3", "4"});
  EXPECT_EQ(kinds(reconcile({}, program.dialect)), "1p2p3p4p");
  EXPECT_EQ(kinds(reconcile({row("1"), row("3")}, program.dialect)),
            "1a2l3a4p");
  EXPECT_EQ(kinds(reconcile({row("0"), row("1", "other"), row("5")},
                            program.dialect)),
            "0m1c2l3l4l5n");
}

TEST(HistoryTest, late_ones_block_only_up_to_the_target) {
  const Program program({"1", "2", "3"});
  const std::vector<HistoryRow> history = {row("1"), row("3")};
  const auto look = reconcile(history, program.dialect);
  EXPECT_NE(said(look), "");
  EXPECT_EQ(said(look, false, false, "1"), "");
  EXPECT_EQ(said(look, true), "");
}

TEST(HistoryTest, a_newer_half_done_migration_is_not_compatible) {
  const Program program({"1"});
  HistoryRow newer = row("2", "x", true);
  EXPECT_EQ(said(reconcile({row("1"), newer}, program.dialect)), "");
  newer.state = kStarted;
  const std::vector<HistoryRow> history = {row("1"), newer};
  const auto look = reconcile(history, program.dialect);
  EXPECT_NE(said(look), "");
  EXPECT_EQ(said(look, false, true), "");
}

TEST(HistoryTest, a_half_undone_migration_blocks_an_up) {
  const Program program({"1"});
  HistoryRow half = row("1");
  half.state = kUndoing;
  EXPECT_EQ(said(reconcile({half}, program.dialect)),
            "1_m: undoing it stopped half-way; finish that with down, or "
            "finish it by hand and accept it with repair 1");
}

TEST(HistoryTest, chains_follow_from_rows_and_see_a_half_done_one) {
  std::vector<HistoryRow> rows = {row("1"), row("2"), row("3")};
  for (std::size_t i = 0; i < 3; ++i) rows[i].chain = chain_of(rows, i);
  EXPECT_EQ(rows[0].chain, chain_checksum("", "1", "sum"));
  EXPECT_EQ(rows[2].chain, chain_checksum(rows[1].chain, "3", "sum"));
  rows[1].state = kStarted;
  EXPECT_NE(chain_of(rows, 1), rows[1].chain);
  EXPECT_EQ(chain_of(rows, 2), rows[2].chain);
  rows[1].chain = chain_of(rows, 1);
  EXPECT_NE(chain_of(rows, 2), rows[2].chain);
}

TEST(TextTest, times_are_written_and_read_back) {
  EXPECT_EQ(format_time(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_time(1'709'251'199'999'999), "2024-02-29T23:59:59.999999Z");
  for (std::int64_t micros :
       {-1LL, 0LL, 951'782'400'000'000LL, 4'102'444'799'000'001LL}) {
    EXPECT_EQ(parse_time(format_time(micros)), micros);
  }
  EXPECT_FALSE(parse_time("2024-02-29 23:59:59"));
}

TEST(TextTest, words_skip_comments_and_unquote) {
  Words words("/* x */ drop -- y\n TABLE \"a \"\"b\"");
  EXPECT_TRUE(words.take("DROP"));
  EXPECT_TRUE(words.take("TABLE"));
  EXPECT_EQ(words.next(), "a \"b");
  EXPECT_EQ(words.next(), "");
  EXPECT_FALSE(has_statement(" -- nothing\n /* at ; all */ ;;"));
  EXPECT_TRUE(has_statement("-- x\n''"));
}

}  // namespace
}  // namespace schemagen::core
