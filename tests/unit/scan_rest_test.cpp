// What one run still tells of the rest of a header in which annotations are
// faulty, and what it must not tell because it would only follow from them.
#include <gtest/gtest.h>

#include "model/lower.hpp"
#include "support/scan_text.hpp"

namespace schemagen::test {
namespace {

// Every error as "line id", those of the scan first.
std::string errors(const std::string& text) {
  const Scanned scanned = scan_text(text);
  EXPECT_FALSE(scanned.result.complete);
  gen::Diagnostics all;
  for (const gen::Diagnostic& one : scanned.found) all.add(one);
  gen::lower_rest(scanned.result.declarations, {"postgres", "sqlite"},
                  scanned.found, all);
  std::string lines;
  for (const gen::Diagnostic& one : all.sorted()) {
    lines += std::to_string(one.at.line - 1) + " " + one.id + "\n";
  }
  return lines;
}

TEST(ScanRest, tells_of_other_tables_in_the_same_run) {
  EXPECT_EQ(errors("struct SG_TABLE(.nmae = \"users\") User { int id; };\n"
                   "struct SG_TABLE() SG_INDEX(.columns = {\"titel\"})\n"
                   "Post {\n"
                   "  int key;\n"
                   "  SG_COLUMN(.max_length = 5) int title;\n"
                   "  void* tags;\n"
                   "};\n"
                   "enum class E {};\n"
                   "struct SG_TABLE() Tag { int id; E e; };\n"),
            "1 clang\n2 unknown-member\n3 no-primary-key\n5 unusable-option\n"
            "6 no-mapping\n8 empty-enum\n");
}

TEST(ScanRest, tells_of_them_whatever_the_fault_is) {
  const std::string good_and_bad =
      "struct SG_TABLE() A { int id; };\n"
      "struct SG_TABLE() B { int key; };\n";
  EXPECT_EQ(errors(good_and_bad + "struct SG_TABEL() C { int id; };\n"),
            "2 no-primary-key\n3 unknown-annotation\n");
  EXPECT_EQ(errors(good_and_bad + "struct SG_TABLE C { int id; };\n"),
            "2 no-primary-key\n3 annotation-parentheses\n");
  EXPECT_EQ(errors(good_and_bad + "union SG_TABLE() C { int id; };\n"),
            "2 no-primary-key\n3 table-union\n");
  EXPECT_EQ(
      errors(good_and_bad + "extern const char* n;\n"
                            "struct SG_TABLE(.name = n) C { int id; };\n"),
      "2 no-primary-key\n4 annotation-not-constant\n");
}

TEST(ScanRest, keeps_silent_about_what_only_follows) {
  // The key, the type and the table itself are not known.
  EXPECT_EQ(errors("struct SG_TABLE() A {\n"
                   "  SG_COLUMN(.primary_kye = true) int key;\n};\n"),
            "2 clang\n");
  EXPECT_EQ(errors("struct SG_TABLE() A { int id;\n"
                   "  SG_IGNOR void* tags;\n};\n"),
            "2 unknown-annotation\n");
  EXPECT_EQ(errors("struct SG_TABEL() Team { int id; };\n"
                   "struct SG_TABLE() A { int id;\n"
                   "  SG_COLUMN(.references = \"Team\") int team;\n};\n"),
            "1 unknown-annotation\n");
  EXPECT_EQ(errors("struct SG_TABLE() Team { int id;\n"
                   "  SG_COLUMN(.uniqe = true) int name; };\n"
                   "struct SG_TABLE() A { int id;\n"
                   "  SG_COLUMN(.references = \"Team::name\") int t;\n"
                   "};\n"),
            "2 clang\n");
  // An heir has the fault of its base.
  EXPECT_EQ(errors("struct Keyed {\n"
                   "  SG_COLUMN(.primary_kye = true) int key;\n};\n"
                   "struct SG_TABLE() A : Keyed { int a; };\n"),
            "2 clang\n");
  // A mapping that is not read leaves every member's type open.
  const std::string opaque = "struct Opaque { void* p; };\n";
  const std::string user =
      "struct SG_TABLE() First { int id; };\n"
      "struct SG_TABLE() A { int id; Opaque o; };\n";
  EXPECT_EQ(
      errors(opaque + "SG_MAPTYPE(Opaque, .sql_type = \"text\")\n" + user),
      "2 unknown-annotation\n");
  EXPECT_EQ(
      errors(opaque + "SG_MAP_TYPE(Opaque, .sqltype = \"text\")\n" + user),
      "2 clang\n");
  EXPECT_EQ(
      errors(opaque + "SG_MAP_TYPE(Opaque, .sql_type = nullptr)\n" + user),
      "2 option-not-text\n");
}

TEST(ScanRest, judges_nothing_when_the_header_itself_does_not_compile) {
  EXPECT_EQ(errors("struct SG_TABLE() A { int key; Unknown b; };\n"
                   "struct SG_TABLE() B { int key; };\n"),
            "1 clang\n");
}

}  // namespace
}  // namespace schemagen::test
