#include "lint/allow.hpp"

#include <algorithm>
#include <string_view>

#include "model/sql_tokens.hpp"

namespace schemagen::gen {
namespace {

constexpr std::string_view kMark = "schemagen-lint";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// The lines of a comment without its marks, and without the stars that some
/// begin them with.
std::vector<std::string_view> lines_of(std::string_view comment) {
  const bool is_block = comment.substr(0, 2) == "/*";
  comment.remove_prefix(2);
  const std::size_t size = comment.size();
  if (is_block && size >= 2 && comment.substr(size - 2) == "*/") {
    comment.remove_suffix(2);
  }
  std::vector<std::string_view> lines;
  while (!comment.empty()) {
    const std::size_t end = std::min(comment.find('\n'), comment.size());
    std::string_view line = trimmed(comment.substr(0, end));
    const bool has_star = is_block && !line.empty() && line.front() == '*';
    lines.push_back(has_star ? trimmed(line.substr(1)) : line);
    comment.remove_prefix(std::min(end + 1, comment.size()));
  }
  return lines;
}

/// The first word of `text`, which is taken off it.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of(" \t,"), text.size());
  const std::string_view word = text.substr(0, end);
  text = trimmed(text.substr(end));
  return word;
}

/// The rules and the reason of one comment.
void read_comment(std::string_view comment, Allowance like,
                  std::vector<Allowance>& all) {
  comment.remove_prefix(kMark.size());
  comment = trimmed(comment);
  const bool has_colon = !comment.empty() && comment.front() == ':';
  if (has_colon) comment = trimmed(comment.substr(1));
  const std::string_view verb = take_word(comment);
  like.is_for_file = verb == "allow-file";
  const std::size_t comma = comment.find(',');
  std::string_view rules = trimmed(comment.substr(0, comma));
  if (comma != std::string_view::npos) {
    like.reason = trimmed(comment.substr(comma + 1));
  }
  const bool is_known = has_colon && (verb == "allow" || like.is_for_file);
  if (!is_known || rules.empty()) return all.push_back(like);
  while (!rules.empty()) {
    like.rule = take_word(rules);
    all.push_back(like);
  }
}

/// The statement that a comment speaks of: the one that ends on its line, the
/// one around it, or the next. `word` is the last token before it.
std::size_t statement_at(const std::string& script,
                         const std::vector<StatementRange>& statements,
                         std::size_t comment, std::size_t word) {
  const bool is_line = script.compare(comment, 2, "--") == 0;
  const bool follows =
      word != std::string::npos && is_line && script.find('\n', word) > comment;
  std::size_t before = std::string::npos;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const std::size_t begin = statements[i].offset;
    const std::size_t end = begin + statements[i].length;
    const bool is_around =
        word != std::string::npos && word >= begin && comment < end;
    if (end > comment) {
      return follows && !is_around && before != std::string::npos ? before : i;
    }
    before = i;
  }
  return follows ? before : std::string::npos;
}

}  // namespace

std::vector<Allowance> allowances_of(
    const std::string& script, const std::vector<StatementRange>& statements) {
  std::vector<Allowance> all;
  if (script.find(kMark) == std::string::npos) return all;
  std::size_t offset = 0, word = std::string::npos;
  for (const SqlToken& token : cut_tokens(script)) {
    const std::size_t start = offset;
    offset += token.text.size();
    if (token.kind == SqlToken::Kind::space) continue;
    if (token.kind != SqlToken::Kind::comment) {
      word = start;
      continue;
    }
    if (token.text.find(kMark) == std::string_view::npos) continue;
    Allowance like;
    like.offset = start;
    like.statement = statement_at(script, statements, start, word);
    for (const std::string_view line : lines_of(token.text)) {
      if (line.substr(0, kMark.size()) == kMark) read_comment(line, like, all);
    }
  }
  return all;
}

}  // namespace schemagen::gen
