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
  return part_of(text, first, text.find_last_not_of(kBlank) - first + 1);
}

struct Word {
  char text[16];
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

}  // namespace

bool take_directive(std::string_view text, Directives& directives) {
  for (const Word& word : kWords) {
    if (text == word.text) return directives.*word.member = true;
  }
  if (!starts_with(text, "rebuild ")) return false;
  text = trimmed(part_of(text, 8));
  const bool quoted = text.size() > 1 && text.front() == '"';
  append(directives.rebuilds, quoted ? Words(text).next() : copy_of(text));
  return true;
}

DirectiveLines::DirectiveLines(std::string_view script)
    : head_(part_of(script, 0, Words(script).skip_blank())) {}

bool DirectiveLines::next(std::string_view& text) {
  while (!head_.empty()) {
    const std::size_t end = std::min(head_.find('\n'), head_.size());
    text = trimmed(part_of(head_, 0, end));
    head_.remove_prefix(std::min(end + 1, head_.size()));
    ++line_;
    if (!in_block_ && starts_with(text, "--")) {
      text = trimmed(part_of(text, 2));
      if (!starts_with(text, kMark)) continue;
      text = trimmed(part_of(text, kMark.size()));
      return true;
    }
    const std::size_t open = text.rfind("/*");
    const std::size_t close = text.rfind("*/");
    if (close != std::string_view::npos) in_block_ = false;
    if (open != std::string_view::npos &&
        (close == std::string_view::npos || close < open + 2)) {
      in_block_ = true;
    }
  }
  return false;
}

Directives parse_directives(std::string_view script) {
  Directives directives;
  DirectiveLines lines(script);
  std::string_view text;
  while (lines.next(text)) take_directive(text, directives);
  return directives;
}

bool is_guard(std::string_view statement) {
  return parse_directives(statement).guard;
}

}  // namespace schemagen::core
