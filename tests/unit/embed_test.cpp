// Embedded text is data that two compilers read back: these tests compile what
// embed() prints, warnings being errors, and compare the bytes at run time.
#include "emit/embed.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "support/scratch_folder.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWarnings =
    " -std=c++17 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror ";

class EmbedTest : public testing::TestWithParam<const char*> {
 protected:
  void write(const OutputFile& file) const {
    std::ofstream(file.path, std::ios::binary) << file.content;
  }

  /// Exit code of a shell command run in the test's folder.
  int run(const std::string& command) const {
    return std::system(("cd '" + root_.string() + "' && " + command).c_str());
  }

  std::string compile() const {
    return std::string(GetParam()) + kWarnings + "-I" SCHEMAGEN_INCLUDE " ";
  }

  test::ScratchFolder scratch_;
  const fs::path root_ = scratch_.path();
};

PreparedMigration migration(const std::string& id, const std::string& up) {
  PreparedMigration m;
  m.id = id;
  m.name = "m" + id;
  m.up.present = true;
  m.up.text = up;
  m.up.statements = {{0, static_cast<std::uint32_t>(up.size()), false}};
  m.checksum = "sha256-1:aa";
  m.chain = "sha256-1:bb";
  return m;
}

std::string odd_text() {
  std::string text =
      "?"
      "?/ ?"
      "?= )sql\" )sql1\" R\"(x)\" \\ \\n '\"\n\n";
  text += "lone\rreturn\ttab\x01\x1a\x7f end\\\n";
  text += "\xc3\xa9 \xe2\x80\xae bidi \xe2\x81\xa6 \xd8\x9c \xef\xbb\xbf";
  return text;
}

/// `count` bytes that hold all of the odd ones, over and over.
std::string long_text(std::size_t count) {
  std::string text;
  while (text.size() < count) text += odd_text() + "SELECT 'plain';\n";
  return text;
}

/// A program that compares every text with what it should be, and opens
/// nothing.
std::string reader(const std::vector<std::string>& texts,
                   const fs::path& root) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::ofstream(root / ("text" + std::to_string(i)), std::ios::binary)
        << texts[i];
  }
  return R"(#include "embedded_migrations.hpp"
#include <schemagen/sqlite.hpp>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
namespace schemagen::sqlite {
const Connector kConnector = {nullptr};
}
int main() {
  const auto& dialect = app::db::migrations().dialects[0];
  for (std::size_t i = 0; i < dialect.count; ++i) {
    std::ifstream file("text" + std::to_string(i), std::ios::binary);
    const std::string wanted{std::istreambuf_iterator<char>(file), {}};
    const auto& up = dialect.migrations[i].up;
    if (std::string(up.text, up.size) != wanted) return 10;
    if (std::strlen(up.text) != up.size) return 11;
    if (up.statements[0].length != up.size) return 12;
  }
  return dialect.count == )" +
         std::to_string(texts.size()) + " ? 0 : 13;\n}\n";
}

TEST_P(EmbedTest, keeps_every_byte_of_every_script) {
  const std::vector<std::string> texts = {
      "",
      odd_text(),
      long_text(20'000),
      long_text(59'000),
      long_text(61'000),
      std::string(15'000, 'x') + "\xc3\xa9",
      std::string(14'999, 'x') + "\xf0\x9f\x98\x80"};
  PreparedDialect sqlite{"sqlite", {}};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    sqlite.migrations.push_back(
        migration("2026010100000" + std::to_string(i), texts[i]));
  }
  for (const OutputFile& file : embed({sqlite}, "app", "app::db", root_)) {
    write(file);
  }
  write({(root_ / "main.cpp").string(), reader(texts, root_)});
  ASSERT_EQ(run(compile() + "embedded_migrations.cpp main.cpp -o reader"), 0);
  EXPECT_EQ(run("./reader"), 0);
}

TEST_P(EmbedTest, has_no_static_initialiser) {
  PreparedDialect sqlite{"sqlite", {migration("20260101000000", "SELECT 1")}};
  sqlite.migrations[0].rebuilds = {
      "odd \"name\"?"
      "?/"};
  for (const OutputFile& file : embed({sqlite}, "app", "app", root_)) {
    write(file);
  }
  ASSERT_EQ(run(compile() + "-c embedded_migrations.cpp -o e.o"), 0);
  EXPECT_NE(run("nm e.o | grep -qi 'GLOBAL__sub\\|static_init'"), 0);
  EXPECT_NE(run("objdump -h e.o | grep -q '\\.init_array\\|\\.ctors'"), 0);
}

// Strings and pointers of the library would cost more than a thousand
// migrations do.
TEST_P(EmbedTest, brings_no_header_of_weight) {
  const PreparedDialect sqlite{"sqlite",
                               {migration("20260101000000", "SELECT 1")}};
  for (const OutputFile& file : embed({sqlite}, "app", "app", root_)) {
    write(file);
  }
  ASSERT_EQ(run(compile() + "-M embedded_migrations.cpp > headers"), 0);
  EXPECT_EQ(run("grep -q schemagen/embedded.hpp headers"), 0);
  EXPECT_NE(run("grep -E '/(string|string_view|memory|vector)( |$)' headers"),
            0);
}

TEST_P(EmbedTest, compiles_without_any_migration) {
  for (const OutputFile& file :
       embed({{"postgres", {}}, {"sqlite", {}}}, "app", "app", root_)) {
    write(file);
  }
  EXPECT_EQ(run(compile() + "-c embedded_migrations.cpp -o e.o"), 0);
}

TEST_P(EmbedTest, names_the_functions_of_code_migrations) {
  PreparedMigration code;
  code.id = "20260101000000";
  code.name = "hash_emails";
  code.is_code = true;
  const PreparedDialect postgres{"postgres", {code}}, sqlite{"sqlite", {code}};
  for (const OutputFile& file :
       embed({postgres, sqlite}, "app", "app", root_)) {
    write(file);
  }
  ASSERT_EQ(run(compile() + "-c embedded_migrations.cpp -o e.o"), 0);
  EXPECT_EQ(run("nm -C e.o | grep -q 'U "
                "schemagen_migration_20260101000000_hash_emails::up'"),
            0);
}

INSTANTIATE_TEST_SUITE_P(Compilers, EmbedTest,
                         testing::Values("g++", SCHEMAGEN_CLANGXX),
                         [](const auto& compiler) {
                           const std::string name = compiler.param;
                           return name == "g++" ? "gcc" : "clang";
                         });

TEST(Embed, writes_a_text_that_two_dialects_share_once) {
  const PreparedMigration shared = migration("20260101000000", "SELECT 42");
  const auto files =
      embed({{"postgres", {shared}}, {"sqlite", {shared}}}, "a", "a", "out");
  EXPECT_EQ(files[1].content.find("SELECT 42"),
            files[1].content.rfind("SELECT 42"));
}

TEST(Embed, gives_the_same_bytes_for_the_same_input) {
  const PreparedDialect sqlite{"sqlite", {migration("20260101000000", "x")}};
  EXPECT_EQ(embed({sqlite}, "a", "a", "one")[1].content,
            embed({sqlite}, "a", "a", "two")[1].content);
}

TEST(MinimumServer, P06_a_new_enum_value_in_a_transaction_takes_12) {
  EXPECT_EQ(minimum_server("postgres", "ALTER TYPE mood ADD VALUE 'ok'"),
            120000);
  EXPECT_EQ(minimum_server("postgres",
                           "ALTER TYPE mood RENAME VALUE 'a' TO "
                           "'ADD VALUE'"),
            0);
}

TEST(MinimumServer, if_is_a_function_only_before_a_bracket) {
  EXPECT_EQ(minimum_server("sqlite", "UPDATE t SET a = If (b, 1, 2);"),
            3048000);
  EXPECT_EQ(minimum_server("sqlite", "DROP TABLE IF EXISTS t;"), 0);
}

TEST(MinimumServer, a_comment_in_a_comment_is_read_as_its_engine_does) {
  const std::string script = "/* /* */ ALTER TABLE t DROP COLUMN c; /* */ */";
  EXPECT_EQ(minimum_server("sqlite", script), 3035000);
  EXPECT_EQ(minimum_server("postgres", "/* /* */ MERGE INTO t; /* */ */"), 0);
  EXPECT_EQ(minimum_server("postgres", "/* /* */ */ MERGE INTO t;"), 150000);
}

TEST(IsNamespace, takes_what_cpp_takes) {
  for (const char* good : {"app", "a::b", "_x9", "A::b_c::d"}) {
    EXPECT_TRUE(is_namespace(good)) << good;
  }
  for (const char* bad : {"", "a::", "::a", "a:b", "9a", "a-b", "class",
                          "a::new", "std", "schemagen", "a b"}) {
    EXPECT_FALSE(is_namespace(bad)) << bad;
  }
}

}  // namespace
}  // namespace schemagen::gen
