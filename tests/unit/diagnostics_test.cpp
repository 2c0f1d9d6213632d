#include "model/diagnostics.hpp"

#include <gtest/gtest.h>

#include "model/diagnostics_json.hpp"

namespace schemagen::gen {
namespace {

Diagnostics example() {
  Diagnostics diagnostics;
  diagnostics.note({"b.hpp", 1, 1}, "default-not-constant", "no DEFAULT");
  Diagnostic& error =
      diagnostics.error({"a.hpp", 12, 3}, "unknown-member", "no 'x'; say 'y'");
  error.fixes.push_back({{"a.hpp", 12, 3}, {"a.hpp", 12, 6}, "\"y\""});
  error.notes.push_back(
      {Severity::note, "", "the other one is here", {"a.hpp", 2, 1}, {}, {}});
  diagnostics.warning({"a.hpp", 0, 0}, "old", "an old file");
  diagnostics.error({"a.hpp", 12, 3}, "unknown-member", "no 'x'; say 'y'");
  diagnostics.error({}, "usage", "no place");
  return diagnostics;
}

TEST(Diagnostics, AreSortedByPlaceWithoutDoubles) {
  EXPECT_EQ(to_text(example().sorted(), false),
            "error: no place [usage]\n"
            "a.hpp: warning: an old file [old]\n"
            "a.hpp:12:3: error: no 'x'; say 'y' [unknown-member]\n"
            "a.hpp:2:1: note: the other one is here\n"
            "b.hpp:1:1: note: no DEFAULT [default-not-constant]\n");
}

TEST(Diagnostics, KnowWhetherThereWereErrors) {
  EXPECT_TRUE(example().has_errors());
  Diagnostics notes;
  EXPECT_TRUE(notes.empty());
  notes.note({}, "x", "y");
  EXPECT_FALSE(notes.has_errors());
  EXPECT_FALSE(notes.empty());
}

TEST(Diagnostics, AreColouredOnRequest) {
  Diagnostics diagnostics;
  diagnostics.error({"a.hpp", 1, 2}, "id", "what");
  EXPECT_EQ(to_text(diagnostics.sorted(), true),
            "\x1b[1ma.hpp:1:2: \x1b[0m\x1b[1;31merror: \x1b[0mwhat [id]\n");
}

TEST(Diagnostics, NamesCannotSteerATerminal) {
  Diagnostics diagnostics;
  diagnostics.error({}, "", "table '\x1b[2J'");
  EXPECT_EQ(to_text(diagnostics.sorted(), false), "error: table '\\x1b[2J'\n");
}

TEST(Diagnostics, BecomeJson) {
  EXPECT_EQ(to_json({}), "[]");
  EXPECT_EQ(
      to_json(example().sorted()),
      "[\n"
      "  {\"severity\": \"error\", \"id\": \"usage\", \"message\": \"no "
      "place\", \"file\": \"\", \"line\": 0, \"column\": 0},\n"
      "  {\"severity\": \"warning\", \"id\": \"old\", \"message\": \"an old "
      "file\", \"file\": \"a.hpp\", \"line\": 0, \"column\": 0},\n"
      "  {\"severity\": \"error\", \"id\": \"unknown-member\", \"message\": "
      "\"no 'x'; say 'y'\", \"file\": \"a.hpp\", \"line\": 12, \"column\": 3, "
      "\"fixes\": [{\"file\": \"a.hpp\", \"line\": 12, \"column\": 3, "
      "\"end_line\": 12, \"end_column\": 6, \"text\": \"\\\"y\\\"\"}], "
      "\"notes\": [{\"severity\": \"note\", \"id\": \"\", \"message\": \"the "
      "other one is here\", \"file\": \"a.hpp\", \"line\": 2, \"column\": "
      "1}]},\n"
      "  {\"severity\": \"note\", \"id\": \"default-not-constant\", "
      "\"message\": \"no DEFAULT\", \"file\": \"b.hpp\", \"line\": 1, "
      "\"column\": 1}\n"
      "]");
}

TEST(Diagnostics, JsonIsValidWhateverTheBytes) {
  Diagnostics diagnostics;
  diagnostics.error({}, "", std::string("\xFF\x01\"\\", 4));
  EXPECT_EQ(to_json(diagnostics.sorted()),
            "[\n  {\"severity\": \"error\", \"id\": \"\", \"message\": "
            "\"\\ufffd\\u0001\\\"\\\\\", \"file\": \"\", \"line\": 0, "
            "\"column\": 0}\n]");
}

TEST(Diagnostics, BecomeSarif) {
  Diagnostics diagnostics;
  Diagnostic& error =
      diagnostics.error({"/src/a b.hpp", 12, 3}, "unknown-member", "no 'x'");
  error.fixes.push_back(
      {{"/src/a b.hpp", 12, 3}, {"/src/a b.hpp", 12, 6}, "y"});
  error.notes.push_back({Severity::note, "", "here", {"c.hpp", 2, 1}, {}, {}});
  EXPECT_EQ(
      to_sarif(diagnostics.sorted()),
      "{\n"
      "  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
      "  \"version\": \"2.1.0\",\n"
      "  \"runs\": [{\n"
      "    \"tool\": {\"driver\": {\"name\": \"schemagen\", \"rules\": "
      "[\n        {\"id\": \"unknown-member\"}]}},\n"
      "    \"columnKind\": \"unicodeCodePoints\",\n"
      "    \"results\": [\n"
      "      {\"ruleId\": \"unknown-member\", \"ruleIndex\": 0, \"level\": "
      "\"error\", "
      "\"message\": {\"text\": \"no 'x'\"}, \"locations\": "
      "[{\"physicalLocation\": {\"artifactLocation\": {\"uri\": "
      "\"file:///src/a%20b.hpp\"}, \"region\": {\"startLine\": 12, "
      "\"startColumn\": 3}}}], \"relatedLocations\": [{\"physicalLocation\": "
      "{\"artifactLocation\": {\"uri\": \"c.hpp\"}, \"region\": "
      "{\"startLine\": 2, \"startColumn\": 1}}, \"message\": {\"text\": "
      "\"here\"}}], \"fixes\": [{\"artifactChanges\": [{\"artifactLocation\": "
      "{\"uri\": \"file:///src/a%20b.hpp\"}, \"replacements\": "
      "[{\"deletedRegion\": {\"startLine\": 12, \"startColumn\": 3, "
      "\"endLine\": 12, \"endColumn\": 6}, \"insertedContent\": {\"text\": "
      "\"y\"}}]}]}], \"partialFingerprints\": {\"schemagen/v1\": "
      "\"6d64a38ceec8f77492812835503ab59340db67865f63cd5817773e06acc61127\"}}]"
      "\n"
      "  }]\n"
      "}\n");
}

TEST(Closest, OffersOnlyWhatIsNear) {
  std::vector<std::string> words = {"email", "nickname", "id"};
  EXPECT_EQ(closest("emial", words), "email");
  EXPECT_EQ(closest("EMAIL", words), "email");
  EXPECT_EQ(closest("nick_name", words), "nickname");
  EXPECT_EQ(closest("zebra", words), "");
  EXPECT_EQ(closest("x", words), "");
  EXPECT_EQ(closest("", words), "");
  EXPECT_EQ(closest("ab", {}), "");
}

}  // namespace
}  // namespace schemagen::gen
