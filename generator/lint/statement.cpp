#include "lint/statement.hpp"

#include <algorithm>
#include <utility>

#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

struct Word {
  std::string key;   ///< what keywords are compared with
  std::string name;  ///< what it names, folded
};

std::vector<Word> words_of(std::string_view sql) {
  std::vector<Word> words;
  for (const SqlToken& token : cut_tokens(sql)) {
    using Kind = SqlToken::Kind;
    if (token.kind == Kind::space || token.kind == Kind::comment) continue;
    Word word;
    if (token.kind == Kind::quoted_identifier) {
      word = {"\"", identifier_name(token)};
    } else if (token.kind == Kind::string) {
      word = {"'", ""};
    } else {
      word.name = fold_case(token.text);
      word.key = word.name;
      for (char& c : word.key) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      }
    }
    words.push_back(std::move(word));
  }
  return words;
}

/// Words that may stand between a command and the name that it is about.
bool is_filler(const std::string& key) {
  constexpr std::string_view kFillers[] = {"IF",           "NOT",  "EXISTS",
                                           "CONCURRENTLY", "ONLY", "TABLE"};
  return std::find(std::begin(kFillers), std::end(kFillers), key) !=
         std::end(kFillers);
}

/// The name at `at`: of "schema.table" the table. `at` goes behind it.
std::string take_name(const std::vector<Word>& words, std::size_t& at) {
  while (at < words.size() && is_filler(words[at].key)) ++at;
  if (at >= words.size()) return "";
  std::string name = words[at++].name;
  while (at + 1 < words.size() && words[at].key == ".") {
    name = words[at + 1].name;
    at += 2;
  }
  return name;
}

std::size_t find_word(const std::vector<Word>& words, std::string_view key) {
  std::size_t at = 0;
  while (at < words.size() && words[at].key != key) ++at;
  return at;
}

/// Where the name of the table begins.
std::size_t table_at(const std::vector<Word>& words) {
  const auto key = [&](std::size_t i) {
    return i < words.size() ? words[i].key : std::string();
  };
  if ((key(0) == "ALTER" || key(0) == "DROP") && key(1) == "TABLE") return 2;
  if (key(0) == "CREATE" && (key(1) == "INDEX" || key(2) == "INDEX")) {
    return find_word(words, "ON") + 1;
  }
  if (key(0) == "CREATE") {
    const std::size_t table = find_word(words, "TABLE");
    return table < 4 ? table + 1 : words.size();
  }
  if (key(0) == "DELETE" && key(1) == "FROM") return 2;
  if (key(0) == "UPDATE" || key(0) == "TRUNCATE") return 1;
  if (key(0) == "INSERT" && key(1) == "INTO") return 2;
  return words.size();
}

std::vector<Words> actions_of(const std::vector<Word>& words, std::size_t at) {
  std::vector<Words> actions;
  std::vector<std::string> action;
  int depth = 0;
  for (; at < words.size(); ++at) {
    const std::string& key = words[at].key;
    if (key == "(") ++depth;
    if (key == ")") --depth;
    if (key == "," && depth == 0) {
      actions.emplace_back(std::exchange(action, {}));
    } else {
      action.push_back(key);
    }
  }
  actions.emplace_back(std::move(action));
  return actions;
}

}  // namespace

bool Words::stands_at(std::size_t at,
                      std::initializer_list<std::string_view> wanted) const {
  return at + wanted.size() <= words_.size() &&
         std::equal(wanted.begin(), wanted.end(),
                    words_.begin() + static_cast<std::ptrdiff_t>(at));
}

bool Words::starts_with(std::initializer_list<std::string_view> wanted) const {
  return stands_at(0, wanted);
}

bool Words::has(std::initializer_list<std::string_view> wanted) const {
  for (std::size_t at = 0; at < words_.size(); ++at) {
    if (stands_at(at, wanted)) return true;
  }
  return false;
}

LintStatement read_statement(std::string_view sql, const std::string& dialect) {
  const std::vector<Word> words = words_of(sql);
  LintStatement statement;
  statement.dialect = dialect;
  std::vector<std::string> keys;
  for (const Word& word : words) keys.push_back(word.key);
  statement.words = Words(keys);
  std::size_t at = table_at(words);
  statement.table = take_name(words, at);
  const bool is_alter = statement.words.starts_with({"ALTER", "TABLE"});
  statement.actions = actions_of(words, is_alter ? at : 0);
  if (!is_alter) statement.actions = {statement.words};
  return statement;
}

}  // namespace schemagen::gen
