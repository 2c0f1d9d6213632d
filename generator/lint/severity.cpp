#include "lint/severity.hpp"

#include <array>
#include <sstream>
#include <string_view>
#include <utility>

#include "lint/lint.hpp"

namespace schemagen::gen {
namespace {

constexpr std::array<std::pair<const char*, Level>, 4> kWords = {{
    {"off", Level::off},
    {"note", Level::note},
    {"warning", Level::warning},
    {"error", Level::error},
}};

struct Word {
  std::string text;
  int column = 0;
};

std::vector<Word> words_of(std::string line) {
  line = line.substr(0, line.find('#'));
  std::vector<Word> words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(" \t\r", at)) != std::string::npos) {
    const std::size_t end =
        std::min(line.find_first_of(" \t\r", at), line.size());
    words.push_back({line.substr(at, end - at), static_cast<int>(at) + 1});
    at = end;
  }
  return words;
}

}  // namespace

const char* word(Level level) {
  for (const auto& [text, each] : kWords) {
    if (each == level) return text;
  }
  return "";
}

Levels::Levels(const std::string& text, const std::string& path,
               Diagnostics& diagnostics) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";  // of Windows editors
  const bool has_mark = text.compare(0, kMark.size(), kMark) == 0;
  std::istringstream lines(text.substr(has_mark ? kMark.size() : 0));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.rfind("<<<<<<< ", 0) == 0) {
      diagnostics.error({path, number, 1}, "conflict-marker",
                        "a merge left its conflict here; settle it by hand");
      return;
    }
    const std::vector<Word> words = words_of(line);
    if (words.empty()) continue;
    const std::string& rule = words[0].text;
    const SourceLocation at{path, number, words[0].column};
    const std::pair<const char*, Level>* found = nullptr;
    for (const auto& row : kWords) {
      if (words.size() == 2 && words[1].text == row.first) found = &row;
    }
    if (find_rule(rule) == nullptr) {
      diagnostics.error(at, "unknown-rule", unknown_rule(rule));
    } else if (found == nullptr) {
      diagnostics.error(
          {path, number, words[words.size() > 1 ? 1 : 0].column}, "lint-conf",
          "a line is a rule and one of off, note, warning, error; write \"" +
              rule + " warning\"");
    } else if (!set_.emplace(rule, found->second).second) {
      diagnostics.error(
          at, "lint-conf",
          "says twice how loud " + rule + " is; delete one of the lines");
    }
  }
}

Level Levels::of(const Rule& rule) const {
  const auto found = set_.find(rule.id);
  return found == set_.end() ? rule.level : found->second;
}

}  // namespace schemagen::gen
