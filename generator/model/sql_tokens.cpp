#include "model/sql_tokens.hpp"

#include <algorithm>

#include "model/text.hpp"

namespace schemagen::gen {
namespace {

using Kind = SqlToken::Kind;

constexpr std::size_t kEnd = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '$'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

class Cutter {
 public:
  Cutter(std::string_view sql, Comments comments)
      : sql_(sql), comments_(comments) {}

  std::vector<SqlToken> cut() {
    std::vector<SqlToken> tokens;
    tokens.reserve(sql_.size() / 3 + 1);
    while (at_ < sql_.size()) {
      std::size_t start = at_;
      Kind kind = next();
      tokens.push_back({kind, sql_.substr(start, at_ - start)});
    }
    return tokens;
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0';
  }

  Kind next() {
    char c = peek();
    if (is_space(c)) return skip_while(is_space, Kind::space);
    if (c == '-' && peek(1) == '-') return line_comment();
    if (c == '/' && peek(1) == '*') return block_comment();
    if (c == '\'') return quoted('\'', false, Kind::string);
    if (c == '"' || c == '`') return quoted(c, false, Kind::quoted_identifier);
    if (c == '[' && is_letter(peek(1))) return bracketed();
    if (c == '$') return dollar();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (is_letter(c)) return word();
    return symbol();
  }

  template <class Predicate>
  Kind skip_while(Predicate wanted, Kind kind) {
    while (at_ < sql_.size() && wanted(sql_[at_])) ++at_;
    return kind;
  }

  Kind line_comment() {
    std::size_t end = sql_.find('\n', at_);
    at_ = end == kEnd ? sql_.size() : end;
    return Kind::comment;
  }

  Kind block_comment() {
    int depth = 0;
    while (at_ < sql_.size()) {
      const bool opens = peek() == '/' && peek(1) == '*';
      if (opens && (depth == 0 || comments_ == Comments::nest)) {
        ++depth;
        at_ += 2;
      } else if (peek() == '*' && peek(1) == '/') {
        at_ += 2;
        if (--depth == 0) break;
      } else {
        ++at_;
      }
    }
    if (at_ > sql_.size()) at_ = sql_.size();
    return Kind::comment;
  }

  Kind quoted(char mark, bool backslashes, Kind kind) {
    ++at_;
    while (at_ < sql_.size()) {
      char c = sql_[at_++];
      if (backslashes && c == '\\' && at_ < sql_.size()) {
        ++at_;
      } else if (c == mark) {
        if (peek() != mark || at_ >= sql_.size()) break;
        ++at_;
      }
    }
    return kind;
  }

  /// [name] of SQLite; PostgreSQL's subscripts [1] and [] stay symbols, and so
  /// does what is not closed.
  Kind bracketed() {
    std::size_t end = sql_.find(']', at_);
    if (end == kEnd || (at_ > 0 && is_word(sql_[at_ - 1]))) return symbol();
    at_ = end + 1;
    return Kind::quoted_identifier;
  }

  Kind dollar() {
    std::size_t tag = at_ + 1;
    while (tag < sql_.size() && is_word(sql_[tag]) && sql_[tag] != '$') ++tag;
    if (tag < sql_.size() && sql_[tag] == '$' && !is_digit(peek(1))) {
      std::string_view mark = sql_.substr(at_, tag + 1 - at_);
      std::size_t close = sql_.find(mark, tag + 1);
      at_ = close == kEnd ? sql_.size() : close + mark.size();
      return Kind::string;
    }
    ++at_;
    return skip_while(is_digit, Kind::symbol);
  }

  Kind number() {
    while (at_ < sql_.size()) {
      char c = sql_[at_];
      bool exponent_sign = (c == '+' || c == '-') &&
                           (sql_[at_ - 1] == 'e' || sql_[at_ - 1] == 'E');
      if (!is_word(c) && c != '.' && !exponent_sign) break;
      ++at_;
    }
    return Kind::number;
  }

  Kind word() {
    std::size_t start = at_;
    skip_while(is_word, Kind::identifier);
    if (at_ - start > 1) return Kind::identifier;
    const std::string prefix = fold_case(sql_.substr(start, 1));
    if (peek() == '\'' &&
        (prefix == "e" || prefix == "x" || prefix == "b" || prefix == "n")) {
      return quoted('\'', prefix == "e", Kind::string);
    }
    if (prefix == "u" && peek() == '&' && (peek(1) == '\'' || peek(1) == '"')) {
      char mark = peek(1);
      ++at_;
      return quoted(mark, false,
                    mark == '"' ? Kind::quoted_identifier : Kind::string);
    }
    return Kind::identifier;
  }

  Kind symbol() {
    constexpr std::string_view kLong[] = {
        "->>", "#>>", "<=>", "!~*", "<>", "<=", ">=", "!=", "==", "||",
        "::",  "->",  "#>",  "<<",  ">>", "@>", "<@", "&&", "~*", "!~"};
    constexpr std::string_view kAlone = "(),;.";  // nearly all there are
    std::size_t length = 1;
    if (kAlone.find(peek()) != kEnd) {
      ++at_;
      return Kind::symbol;
    }
    for (std::string_view candidate : kLong) {
      if (sql_.substr(at_, candidate.size()) == candidate) {
        length = candidate.size();
        break;
      }
    }
    at_ += length;
    return Kind::symbol;
  }

  std::string_view sql_;
  Comments comments_;
  std::size_t at_ = 0;
};

bool is_blank(const SqlToken& token) {
  return token.kind == Kind::space || token.kind == Kind::comment;
}

bool is_plain_name(std::string_view name) {
  if (name.empty() || !is_letter(name[0])) return false;
  for (char c : name) {
    if (!is_word(c) || (c >= 'A' && c <= 'Z')) return false;
  }
  return true;
}

/// Words that mean something else without their quotes. Bare words of an
/// expression are otherwise names, so the list may be generous.
bool is_reserved(const std::string& word) {
  static constexpr std::string_view kWords[] = {"all",
                                                "analyse",
                                                "analyze",
                                                "and",
                                                "any",
                                                "array",
                                                "as",
                                                "asc",
                                                "between",
                                                "both",
                                                "case",
                                                "cast",
                                                "check",
                                                "collate",
                                                "column",
                                                "constraint",
                                                "create",
                                                "cross",
                                                "current_catalog",
                                                "current_date",
                                                "current_role",
                                                "current_schema",
                                                "current_time",
                                                "current_timestamp",
                                                "current_user",
                                                "default",
                                                "deferrable",
                                                "desc",
                                                "distinct",
                                                "do",
                                                "else",
                                                "end",
                                                "escape",
                                                "except",
                                                "exists",
                                                "false",
                                                "fetch",
                                                "filter",
                                                "for",
                                                "foreign",
                                                "from",
                                                "full",
                                                "glob",
                                                "grant",
                                                "group",
                                                "having",
                                                "ilike",
                                                "in",
                                                "index",
                                                "initially",
                                                "inner",
                                                "intersect",
                                                "interval",
                                                "into",
                                                "is",
                                                "isnull",
                                                "join",
                                                "lateral",
                                                "leading",
                                                "left",
                                                "like",
                                                "limit",
                                                "localtime",
                                                "localtimestamp",
                                                "match",
                                                "natural",
                                                "not",
                                                "notnull",
                                                "null",
                                                "offset",
                                                "on",
                                                "only",
                                                "or",
                                                "order",
                                                "outer",
                                                "over",
                                                "overlaps",
                                                "placing",
                                                "primary",
                                                "references",
                                                "regexp",
                                                "returning",
                                                "right",
                                                "rowid",
                                                "select",
                                                "session_user",
                                                "similar",
                                                "some",
                                                "symmetric",
                                                "table",
                                                "then",
                                                "to",
                                                "trailing",
                                                "true",
                                                "union",
                                                "unique",
                                                "user",
                                                "using",
                                                "values",
                                                "variadic",
                                                "verbose",
                                                "when",
                                                "where",
                                                "window",
                                                "with"};
  for (std::string_view candidate : kWords) {
    if (candidate == word) return true;
  }
  return false;
}

std::string quoted_if_needed(const std::string& name) {
  if (is_plain_name(name) && !is_reserved(name)) return name;
  std::string quoted = "\"";
  for (char c : name) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + '"';
}

const SqlToken* neighbour(const std::vector<SqlToken>& tokens, std::size_t at,
                          bool forward) {
  while (forward ? ++at < tokens.size() : at-- > 0) {
    if (!is_blank(tokens[at])) return &tokens[at];
  }
  return nullptr;
}

/// A bare word that the grammar reads as something other than a column: a
/// function's name, a type behind `::`, a schema before `.`.
bool is_other_name(const std::vector<SqlToken>& tokens, std::size_t at) {
  const SqlToken* before = neighbour(tokens, at, false);
  const SqlToken* after = neighbour(tokens, at, true);
  if (before && before->text == "::") return true;
  if (after && after->text == "(") {
    return tokens[at].kind == Kind::identifier;
  }
  return before && before->kind == Kind::identifier &&
         (fold_case(before->text) == "as" ||
          fold_case(before->text) == "collate");
}

const std::string* new_name(const SqlToken& token,
                            const std::map<std::string, std::string>& names) {
  std::string name = identifier_name(token);
  auto exact = names.find(name);
  if (exact != names.end()) return &exact->second;
  if (token.kind == Kind::quoted_identifier) return nullptr;
  std::string folded = fold_case(name);
  if (is_reserved(folded)) return nullptr;
  for (const auto& entry : names) {
    if (fold_case(entry.first) == folded) return &entry.second;
  }
  return nullptr;
}

std::string normal_form(const SqlToken& token) {
  if (token.kind == Kind::identifier || token.kind == Kind::number) {
    return fold_case(token.text);
  }
  if (token.kind == Kind::quoted_identifier) {
    return quoted_if_needed(identifier_name(token));
  }
  return std::string(token.text);
}

}  // namespace

std::vector<SqlToken> cut_tokens(std::string_view sql, Comments comments) {
  return Cutter(sql, comments).cut();
}

std::string identifier_name(const SqlToken& token) {
  std::string_view text = token.text;
  if (token.kind != Kind::quoted_identifier || text.size() < 2 ||
      is_letter(text[0])) {
    return std::string(text);
  }
  char close = text[0] == '[' ? ']' : text[0];
  std::string_view inside = text.substr(1);
  if (inside.back() == close) inside.remove_suffix(1);
  std::string name;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    name += inside[i];
    if (inside[i] == close) ++i;
  }
  return name;
}

bool mentions_name(std::string_view sql, std::string_view name) {
  const std::string wanted = fold_case(name);
  const std::vector<SqlToken> tokens = cut_tokens(sql);
  return std::any_of(tokens.begin(), tokens.end(), [&](const SqlToken& token) {
    const bool is_name = token.kind == SqlToken::Kind::identifier ||
                         token.kind == SqlToken::Kind::quoted_identifier;
    return is_name && fold_case(identifier_name(token)) == wanted;
  });
}

std::string rename_identifiers(
    std::string_view sql, const std::map<std::string, std::string>& names) {
  std::vector<SqlToken> tokens = cut_tokens(sql);
  std::string out;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const SqlToken& token = tokens[i];
    bool is_name =
        token.kind == Kind::identifier || token.kind == Kind::quoted_identifier;
    const std::string* renamed =
        is_name && !is_other_name(tokens, i) ? new_name(token, names) : nullptr;
    out += renamed ? quoted_if_needed(*renamed) : std::string(token.text);
  }
  return out;
}

std::string normalize(std::string_view sql) {
  std::string out;
  for (const SqlToken& token : cut_tokens(sql)) {
    if (is_blank(token)) continue;
    if (!out.empty()) out += ' ';
    out += normal_form(token);
  }
  return out;
}

}  // namespace schemagen::gen
