// What the comments before a script's first token say; the part of
// migration_file.hpp that every program links.
#include "core/migration_file.hpp"
#include "core/text.hpp"

namespace schemagen::core {
namespace {

constexpr std::string_view kMark = "schemagen:";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\f\v";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

struct Word {
  std::string_view text;
  bool Directives::*member;
};

constexpr Word kWords[] = {
    {"no-transaction", &Directives::no_transaction},
    {"batch", &Directives::batch},
    {"unchecked", &Directives::unchecked},
    {"foreign-keys on", &Directives::foreign_keys_on},
    {"nothing to undo", &Directives::nothing_to_undo},
    {"compatible", &Directives::compatible},
    {"shape only", &Directives::shape_only},
    {"guard", &Directives::guard},
};

bool take_word(std::string_view text, Directives& directives) {
  for (const Word& word : kWords) {
    if (text == word.text) {
      directives.*word.member = true;
      return true;
    }
  }
  constexpr std::string_view kRebuild = "rebuild ";
  if (text.substr(0, kRebuild.size()) != kRebuild) return false;
  const std::string_view name = trimmed(text.substr(kRebuild.size()));
  const bool quoted = name.size() > 1 && name.front() == '"';
  directives.rebuilds.push_back(quoted ? Words(name).next()
                                       : std::string(name));
  return true;
}

}  // namespace

Directives parse_directives(std::string_view script) {
  Directives directives;
  const std::string_view head = script.substr(0, Words(script).skip_blank());
  int line = 0;
  bool in_block = false;
  for (std::size_t at = 0; at < head.size();) {
    const std::size_t end = std::min(head.find('\n', at), head.size());
    std::string_view text = trimmed(head.substr(at, end - at));
    at = end + 1;
    ++line;
    if (!in_block && text.substr(0, 2) == "--") {
      text = trimmed(text.substr(2));
      if (text.substr(0, kMark.size()) == kMark) {
        text = trimmed(text.substr(kMark.size()));
        if (!take_word(text, directives)) {
          directives.unknown.emplace_back(line, std::string(text));
        }
      }
      continue;
    }
    const std::size_t open = text.rfind("/*");
    const std::size_t close = text.rfind("*/");
    if (close != std::string_view::npos) in_block = false;
    if (open != std::string_view::npos &&
        (close == std::string_view::npos || close < open + 2)) {
      in_block = true;
    }
  }
  return directives;
}

bool is_guard(std::string_view statement) {
  return parse_directives(statement).guard;
}

}  // namespace schemagen::core
