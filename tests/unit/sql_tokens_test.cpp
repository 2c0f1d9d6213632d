#include "model/sql_tokens.hpp"

#include <gtest/gtest.h>

namespace schemagen::gen {
namespace {

using Kind = SqlToken::Kind;

std::string shown(const std::string& sql) {
  constexpr const char* kNames[] = {"space",  "comment", "name",  "quoted",
                                    "string", "number",  "symbol"};
  std::string out;
  for (const SqlToken& token : cut_tokens(sql)) {
    if (token.kind == Kind::space) continue;
    out += std::string(kNames[static_cast<int>(token.kind)]) + ':' +
           std::string(token.text) + '|';
  }
  return out;
}

TEST(SqlTokens, CutsWhatTheEnginesKnow) {
  const std::pair<const char*, const char*> cases[] = {
      {"nick <> ''", "name:nick|symbol:<>|string:''|"},
      {"a->>'b'", "name:a|symbol:->>|string:'b'|"},
      {"'it''s' || E'\\'x'", "string:'it''s'|symbol:|||string:E'\\'x'|"},
      {"\"a\"\"b\" `c` [d e]", "quoted:\"a\"\"b\"|quoted:`c`|quoted:[d e]|"},
      {"$$a;b$$ $t$x$y$t$ $1", "string:$$a;b$$|string:$t$x$y$t$|symbol:$1|"},
      {"1.5e-3 .5 0x1F 1e+5",
       "number:1.5e-3|number:.5|number:0x1F|"
       "number:1e+5|"},
      {"a -- b\n/* c /* d */ e */ f",
       "name:a|comment:-- b|comment:/* c /* d */ e */|name:f|"},
      {"x::text", "name:x|symbol:::|name:text|"},
      {"größe", "name:größe|"},
      {"a[1]", "name:a|symbol:[|number:1|symbol:]|"},
      {"X'00ff' U&'x'", "string:X'00ff'|string:U&'x'|"},
      {"'open", "string:'open|"},
      {"/* open", "comment:/* open|"},
      {"\"", "quoted:\"|"},
      {"", ""},
  };
  for (const auto& one : cases) EXPECT_EQ(shown(one.first), one.second);
}

TEST(SqlTokens, CommentsNestOrNot) {
  const auto cut = [](Comments comments) {
    std::vector<std::string> texts;
    for (const SqlToken& token : cut_tokens("/* a /* b */ c */", comments)) {
      texts.emplace_back(token.text);
    }
    return texts;
  };
  EXPECT_EQ(cut(Comments::nest),
            (std::vector<std::string>{"/* a /* b */ c */"}));
  EXPECT_EQ(
      cut(Comments::end_at_first),
      (std::vector<std::string>{"/* a /* b */", " ", "c", " ", "*", "/"}));
}

TEST(SqlTokens, RenamesAllAtOnceAndKeepsEverythingElse) {
  std::map<std::string, std::string> swap = {{"a", "b"}, {"b", "a"}};
  EXPECT_EQ(rename_identifiers("a > B -- a\n AND 'a' <> \"b\"", swap),
            "b > a -- a\n AND 'a' <> a");
  std::map<std::string, std::string> odd = {{"nick", "Nick Name"},
                                            {"Old", "order"}};
  EXPECT_EQ(rename_identifiers("nick <> ''", odd), "\"Nick Name\" <> ''");
  EXPECT_EQ(rename_identifiers("\"Old\" > 1", odd), "\"order\" > 1");
  EXPECT_EQ(rename_identifiers("\"old\" > 1", odd), "\"old\" > 1");
}

TEST(SqlTokens, FunctionsTypesAndCollationsAreNoColumns) {
  std::map<std::string, std::string> names = {
      {"length", "size"}, {"text", "body"}, {"nocase", "x"}};
  EXPECT_EQ(rename_identifiers("length(length) > 1", names),
            "length(size) > 1");
  EXPECT_EQ(rename_identifiers("text::text", names), "body::text");
  EXPECT_EQ(rename_identifiers("CAST(text AS text)", names),
            "CAST(body AS text)");
  EXPECT_EQ(rename_identifiers("text COLLATE nocase", names),
            "body COLLATE nocase");
}

TEST(SqlTokens, EqualExpressionsNormaliseToEqualText) {
  EXPECT_EQ(normalize("Nick<>''  AND /* x */ \"nick\" IS NOT NULL"),
            "nick <> '' and nick is not null");
  EXPECT_EQ(normalize("\"Nick\" = 'A'"), "\"Nick\" = 'A'");
  EXPECT_EQ(normalize("[order] > 1E3"), "\"order\" > 1e3");
  EXPECT_EQ(normalize("  "), "");
}

TEST(SqlTokens, EveryByteIsInOneToken) {
  std::string every;
  for (int round = 0; round < 3; ++round) {
    for (int c = 0; c < 256; ++c) every += static_cast<char>((c * 7) & 255);
  }
  for (std::size_t start = 0; start < every.size(); start += 5) {
    std::string sql = every.substr(start);
    std::string joined;
    for (const SqlToken& token : cut_tokens(sql)) joined += token.text;
    ASSERT_EQ(joined, sql);
    ASSERT_EQ(rename_identifiers(sql, {}), sql);
  }
}

}  // namespace
}  // namespace schemagen::gen
