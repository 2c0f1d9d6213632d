// What real targets confront a scan with: flags of other compilers, every
// standard, broken headers, heavy libraries.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "support/scan_text.hpp"

namespace schemagen::test {
namespace {

const char* const kGood =
    "#include <schemagen/annotations.hpp>\n"
    "struct SG_TABLE() A { int id; };\n";

void expect_clean(const std::string& text,
                  const std::vector<std::string>& flags,
                  const std::string& why) {
  const Scanned scanned = scan_headers({{"a.hpp", text}}, flags);
  EXPECT_EQ(scanned.diagnostics, "") << why;
  EXPECT_NE(scanned.declarations.find("A table()\n  id: int32"),
            std::string::npos)
      << why;
}

// Clang refuses each of these, or it has to open what they name.
TEST(ScanRobust, reads_past_every_flag_that_clang_would_refuse) {
  for (const char* flag : {"-fno-gnu-unique",
                           "-mno-direct-extern-access",
                           "-fconcepts",
                           "-fanalyzer",
                           "-fhardened",
                           "-fimplicit-constexpr",
                           "-fexec-charset=latin1",
                           "-finput-charset=latin1",
                           "-fplugin=x.so",
                           "-march=znver9",
                           "-mtune=znver9",
                           "-mcpu=native",
                           "-specs=/none",
                           "-fdiagnostics-format=json",
                           "-fcallgraph-info",
                           "-flto=auto",
                           "-fuse-ld=mold",
                           "-fno-implement-inlines",
                           "-fmodules-ts",
                           "-Werror=maybe-uninitialized",
                           "-Wno-maybe-uninitialized",
                           "--param=x=1",
                           "-O9",
                           "-Ofast",
                           "-g3",
                           "-ggdb",
                           "-p",
                           "-pg",
                           "-fsanitize=everything",
                           "-fprofile-use=none",
                           "-save-temps",
                           "-MD",
                           "-MMD",
                           "-c",
                           "-S",
                           "-E",
                           "-###",
                           "-fsyntax-only",
                           "@none.rsp"}) {
    expect_clean(kGood, {"-std=c++20", flag}, flag);
  }
  for (const char* flag :
       {"-o", "-x", "-MF", "-MT", "-MQ", "-Xclang", "-mllvm", "--param",
        "-Xlinker", "-Xassembler", "-Xpreprocessor", "-aux-info", "-T"}) {
    expect_clean(kGood, {"-std=c++20", flag, "-nonsense"}, flag);
  }
}

TEST(ScanRobust, keeps_every_flag_that_changes_what_headers_mean) {
  using Flags = std::vector<std::string>;
  const Flags usual = {"-std=gnu++20"};
  const struct {
    const char* condition;
    Flags flags;
    Flags without;
  } kRows[] = {
      {"X == 2", {"-DX=2"}, usual},
      {"X == 2", {"-D", "X=2"}, usual},
      {"X == 2", {"-Wp,-DX=2"}, usual},
      {"!defined(X)", {"-DX", "-UX"}, {"-DX"}},
      {"X == 2", {"SHELL:-D X=2"}, usual},
      {"__has_include(<b.hpp>)", {"-I/memory/in"}, usual},
      {"__has_include(<b.hpp>)", {"-I", "in"}, usual},
      {"__has_include(<b.hpp>)", {"-isystem", "in"}, usual},
      {"__has_include(\"b.hpp\")", {"-iquote", "in"}, usual},
      {"__has_include(<b.hpp>)", {"-idirafter", "in"}, usual},
      {"defined(IN_B)", {"-include", "in/b.hpp"}, usual},
      {"defined(IN_B)", {"-imacros", "in/b.hpp"}, usual},
      {"!__EXCEPTIONS", {"-fno-exceptions"}, usual},
      {"!__GXX_RTTI", {"-fno-rtti"}, usual},
      {"__CHAR_UNSIGNED__", {"-funsigned-char"}, usual},
      {"_OPENMP", {"-fopenmp"}, usual},
      {"_REENTRANT", {"-pthread"}, usual},
      {"__cplusplus == 201703L", {"-std=c++17"}, usual},
      {"defined(__STRICT_ANSI__)", {"-std=c++17"}, usual},
      {"!defined(__STRICT_ANSI__)", {"-std=gnu++17"}, {"-std=c++20"}},
  };
  for (const auto& row : kRows) {
    const std::map<std::string, std::string> headers = {
        {"a.hpp", std::string("#if !(") + row.condition +
                      ")\n#error it does not hold\n#endif\n" + kGood},
        {"in/b.hpp", "#define IN_B 1\n"}};
    EXPECT_EQ(scan_headers(headers, row.flags, {"a.hpp"}).diagnostics, "")
        << row.condition << " with " << row.flags.back();
    EXPECT_NE(scan_headers(headers, row.without, {"a.hpp"}).diagnostics, "")
        << row.condition << " without " << row.flags.back();
  }
}

TEST(ScanRobust, takes_every_form_of_every_standard) {
  for (const char* year : {"11", "0x", "14", "1y", "17", "1z", "20", "2a", "23",
                           "2b", "26", "2c"}) {
    for (const char* form : {"-std=c++", "--std=gnu++"}) {
      const std::string flag = std::string(form) + year;
      const Scanned scanned = scan_headers(
          {{"a.hpp",
            std::string(form[1] == 's' ? "#include <string>\n" : "") + kGood}},
          {flag});
      EXPECT_TRUE(scanned.result.complete) << flag << scanned.diagnostics;
      EXPECT_EQ(scanned.declarations, "A table()\n  id: int32\n") << flag;
    }
  }
}

TEST(ScanRobust, loses_no_table_over_one_bad_member) {
  const Scanned scanned = scan_text(
      "struct SG_TABLE() Before { int id; };\n"
      "struct SG_TABLE() Bad { int id; Unknown what; };\n"
      "struct SG_TABLE() After { int id; };\n");
  EXPECT_FALSE(scanned.result.complete);
  EXPECT_EQ(scanned.diagnostics,
            "a.hpp:3:33: error: unknown type name 'Unknown' [clang]\n");
}

TEST(ScanRobust, tells_of_a_missing_include_and_of_the_header_after_it) {
  const Scanned scanned =
      scan_headers({{"a.hpp", std::string("#include \"none.hpp\"\n") + kGood},
                    {"b.hpp",
                     "#include <schemagen/annotations.hpp>\n"
                     "struct SG_TABLE() B { Unknown b; };\n"}});
  EXPECT_FALSE(scanned.result.complete);
  EXPECT_EQ(scanned.diagnostics.substr(0, scanned.diagnostics.find('\n')),
            "a.hpp:1:10: error: 'none.hpp' file not found [clang]");
  EXPECT_NE(scanned.diagnostics.find("\nb.hpp:2:23: error: unknown type name "
                                     "'Unknown' [clang]\n"),
            std::string::npos)
      << scanned.diagnostics;
}

// Macros, templates by the thousand, attributes of other compilers, builtins.
TEST(ScanRobust, reads_headers_beside_heavy_libraries) {
  const Scanned scanned = scan_text(
      "#include <immintrin.h>\n#include <pthread.h>\n"
      "#include <CLI/CLI.hpp>\n#include <gtest/gtest.h>\n"
      "#include <nlohmann/json.hpp>\n#include <filesystem>\n"
      "#include <future>\n#include <iostream>\n#include <random>\n"
      "#include <regex>\n#include <unordered_map>\n#include <variant>\n"
      "SG_MAP_TYPE(nlohmann::json, .sql_type = \"jsonb\")\n"
      "struct SG_TABLE() A {\n  int id;\n  nlohmann::json data;\n"
      "  SG_IGNORE std::regex pattern;\n};\n");
  EXPECT_EQ(scanned.diagnostics, "");
  EXPECT_EQ(scanned.declarations.substr(0, 22), "A table()\n  id: int32\n");
  EXPECT_NE(scanned.declarations.find("map nlohmann::"), std::string::npos)
      << scanned.declarations;
}

}  // namespace
}  // namespace schemagen::test
