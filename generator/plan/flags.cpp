#include "plan/flags.hpp"

#include "model/text.hpp"
#include "plan/identity.hpp"

namespace schemagen::gen {
namespace {

constexpr const char* kEnumPrefix = "enum:";
constexpr std::size_t kEnumPrefixSize = 5;

/// Everything of the old schema that a flag can name.
std::vector<std::string> known_words(const Schema& from, bool enums) {
  std::vector<std::string> words;
  if (enums) {
    for (const Enum& e : from.enums) {
      words.push_back(kEnumPrefix + e.name);
      for (const EnumValue& value : e.values) {
        words.push_back(kEnumPrefix + e.name + "." + value.name);
      }
    }
    return words;
  }
  for (const Table& table : from.tables) {
    const std::string name = display(name_of(table));
    words.push_back(name);
    for (const Column& column : table.columns) {
      words.push_back(name + "." + column.name);
    }
  }
  return words;
}

}  // namespace

bool is_enum_flag(const std::string& flag) {
  return flag.compare(0, kEnumPrefixSize, kEnumPrefix) == 0;
}

std::string enum_words(const std::string& flag) {
  return flag.substr(kEnumPrefixSize);
}

std::vector<Split> splits(const std::string& text, char mark) {
  std::vector<Split> all;
  for (std::size_t at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + 1)) {
    all.push_back({text.substr(0, at), text.substr(at + 1)});
  }
  return all;
}

std::string typed_flag(const std::string& option, const std::string& words) {
  // A word of its own that begins so would be taken for another option.
  const bool is_like_option = !words.empty() && words[0] == '-';
  return "--" + option + (is_like_option ? "=" : " ") + shell_word(words);
}

const Table* find_displayed(const Schema& schema, const std::string& text) {
  for (const Table& table : schema.tables) {
    if (display(name_of(table)) == text) return &table;
  }
  return nullptr;
}

const EnumValue* find_named(const Enum& e, const std::string& name) {
  const EnumValue* found = e.find_value(name);
  if (found != nullptr) return found;
  for (const EnumValue& value : e.values) {
    if (value.enumerator == name) return &value;
  }
  return nullptr;
}

std::vector<std::string> displayed_tables(const Schema& schema) {
  std::vector<std::string> names;
  for (const Table& table : schema.tables) {
    names.push_back(display(name_of(table)));
  }
  return names;
}

std::string suggest(const std::string& word,
                    const std::vector<std::string>& candidates) {
  const std::string near = closest(word, candidates);
  return near.empty() ? "" : " (did you mean " + near + "?)";
}

void report_unmatched(const std::string& option, const std::string& flag,
                      const Schema& from, Diagnostics& diagnostics) {
  std::string words = flag;
  if (option == "rename") {
    const std::size_t cut = flag.find('=');
    if (cut == std::string::npos || cut == 0 || cut + 1 == flag.size()) {
      diagnostics.error({}, "malformed-rename",
                        "--rename " + flag +
                            " is no rename; write OLD=NEW, as in "
                            "--rename users.nick=nickname");
      return;
    }
    words = flag.substr(0, cut);
  }
  if (words.empty()) {
    diagnostics.error(
        {}, "malformed-drop",
        "--drop names nothing; write --drop users.nick or --drop users");
    return;
  }
  diagnostics.error({}, "unknown-" + option,
                    "--" + option + " " + flag + ": the snapshot has no " +
                        words +
                        suggest(words, known_words(from, is_enum_flag(flag))) +
                        "; all names are database names");
}

}  // namespace schemagen::gen
