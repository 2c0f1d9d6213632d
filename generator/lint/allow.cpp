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
/// begin them with; they point into it.
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

/// Nothing but comments stands on the rest of the line of `token`.
bool ends_its_line(const std::vector<SqlToken>& tokens, std::size_t token) {
  for (std::size_t i = token + 1; i < tokens.size(); ++i) {
    const bool is_comment = tokens[i].kind == SqlToken::Kind::comment;
    if (!is_comment && tokens[i].kind != SqlToken::Kind::space) return false;
    if (tokens[i].text.find('\n') != std::string_view::npos) return true;
  }
  return true;
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

/// A comment of ours among the tokens of its script.
struct Place {
  std::size_t offset = 0;
  std::size_t word = std::string::npos;  ///< the last one before it
  bool ends_line = false;
};

/// The statement that a comment speaks of: the one that ends on its line, the
/// one around it, or the next.
std::size_t statement_at(const std::string& script,
                         const std::vector<StatementRange>& statements,
                         const Place& comment) {
  const std::size_t word = comment.word;
  const bool has_word = word != std::string::npos;
  const bool follows =
      has_word && comment.ends_line && script.find('\n', word) > comment.offset;
  std::size_t before = std::string::npos;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const std::size_t begin = statements[i].offset;
    const std::size_t end = begin + statements[i].length;
    const bool is_around = has_word && word >= begin && comment.offset < end;
    if (end > comment.offset) {
      return follows && !is_around && before != std::string::npos ? before : i;
    }
    before = i;
  }
  return follows ? before : std::string::npos;
}

}  // namespace

std::vector<Allowance> allowances_of(
    const std::string& script, const std::vector<StatementRange>& statements,
    Comments comments) {
  std::vector<Allowance> all;
  if (script.find(kMark) == std::string::npos) return all;
  const std::vector<SqlToken> tokens = cut_tokens(script, comments);
  Place place;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view text = tokens[i].text;
    place.offset = static_cast<std::size_t>(text.data() - script.data());
    if (tokens[i].kind == SqlToken::Kind::space) continue;
    if (tokens[i].kind != SqlToken::Kind::comment) {
      place.word = place.offset;
      continue;
    }
    if (text.find(kMark) == std::string_view::npos) continue;
    place.ends_line =
        text.find('\n') == std::string_view::npos && ends_its_line(tokens, i);
    Allowance like;
    like.statement = statement_at(script, statements, place);
    const std::size_t first = std::min(text.find('\n'), text.size());
    for (const std::string_view line : lines_of(text)) {
      if (line.substr(0, kMark.size()) != kMark) continue;
      const bool is_first = line.data() < text.data() + first;
      like.offset = static_cast<std::size_t>((is_first ? text : line).data() -
                                             script.data());
      read_comment(line, like, all);
    }
  }
  return all;
}

}  // namespace schemagen::gen
