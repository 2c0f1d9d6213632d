// Scripts cut and judged by PostgreSQL's own parser.
#include <pg_query.h>

#include <algorithm>
#include <memory>

#include "dialect/postgres.hpp"
#include "dialect/script_faults.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen::postgres {
namespace {

using Kind = SqlToken::Kind;

struct FreeSplit {
  void operator()(PgQuerySplitResult* result) const {
    pg_query_free_split_result(*result);
    delete result;
  }
};
using Split = std::unique_ptr<PgQuerySplitResult, FreeSplit>;

Split split(const std::string& sql) {
  return Split(new PgQuerySplitResult(pg_query_split_with_parser(sql.c_str())));
}

bool is_blank(const SqlToken& token) {
  return token.kind == Kind::space || token.kind == Kind::comment;
}

bool is_continuation(char c) { return (c & 0xC0) == 0x80; }

/// The parser counts characters, from 1.
std::size_t byte_of(const std::string& text, int position) {
  std::size_t at = 0;
  for (int seen = 1; at < text.size() && seen < position; ++seen) {
    ++at;
    while (at < text.size() && is_continuation(text[at])) ++at;
  }
  return at;
}

/// The statement without blanks around it; its comments belong to it.
StatementRange trimmed(const std::string& script, std::size_t begin,
                       std::size_t end) {
  constexpr const char* kBlank = " \t\r\n\f\v";
  begin = std::min(script.find_first_not_of(kBlank, begin), end);
  while (end > begin && std::string_view(kBlank).find(script[end - 1]) !=
                            std::string_view::npos) {
    --end;
  }
  return {begin, end - begin};
}

/// Cuts what the parser cannot read: at semicolons outside brackets and of the
/// bodies that SQL functions have between BEGIN ATOMIC and END.
std::vector<StatementRange> pieces(const std::string& script) {
  std::vector<StatementRange> ranges;
  std::size_t begin = 0, at = 0;
  int brackets = 0, atomic = 0;
  bool has_words = false;
  std::string before;
  for (const SqlToken& token : cut_tokens(script)) {
    const std::size_t start = at;
    at += token.text.size();
    if (is_blank(token)) continue;
    const std::string word =
        token.kind == Kind::identifier ? fold_case(token.text) : "";
    if (token.text == "(") ++brackets;
    if (token.text == ")") --brackets;
    if (word == "atomic" && before == "begin") ++atomic;
    if (word == "case" && atomic > 0) ++atomic;
    if (word == "end" && atomic > 0) --atomic;
    before = word;
    if (token.text != ";" || brackets > 0 || atomic > 0) {
      has_words = has_words || token.text != ";";
      continue;
    }
    if (has_words) ranges.push_back(trimmed(script, begin, start));
    begin = at;
    has_words = false;
  }
  if (has_words) ranges.push_back(trimmed(script, begin, script.size()));
  return ranges;
}

struct Words {
  /// The first few, lower case; "" for a quoted name.
  std::vector<std::string> words;
  std::size_t offset = 0;  ///< of the first one
  bool has(const char* word) const {
    return std::find(words.begin(), words.end(), word) != words.end();
  }
  bool starts(const char* word) const {
    return !words.empty() && words[0] == word;
  }
  /// CONCURRENTLY, and not (CONCURRENTLY false), however that is written.
  bool is_concurrent() const {
    const auto word = std::find(words.begin(), words.end(), "concurrently");
    if (word == words.end() || word + 1 == words.end()) {
      return word != words.end();
    }
    for (const char* off : {"false", "'false'", "off", "'off'", "0"}) {
      if (word[1] == off) return false;
    }
    return true;
  }
};

Words words_of(const std::string& script, const StatementRange& range) {
  Words out;
  out.offset = range.offset;
  std::size_t at = range.offset;
  const std::string_view text =
      std::string_view(script).substr(range.offset, range.length);
  for (const SqlToken& token : cut_tokens(text)) {
    if (!is_blank(token)) {
      if (out.words.empty()) out.offset = at;
      out.words.push_back(
          token.kind == Kind::quoted_identifier ? "" : fold_case(token.text));
      if (out.words.size() == 14) break;
    }
    at += token.text.size();
  }
  return out;
}

bool is_transaction_control(const Words& w) {
  for (const char* verb : {"begin", "start", "commit", "end", "rollback",
                           "abort", "savepoint", "release"}) {
    if (w.starts(verb)) return true;
  }
  return w.starts("prepare") && w.words.size() > 1 &&
         w.words[1] == "transaction";
}

/// DO whose body commits: it fails in a transaction, often only where there are
/// rows enough for the branch to be taken.
bool commits_inside(std::string_view statement) {
  for (const SqlToken& body : cut_tokens(statement)) {
    if (body.kind != Kind::string) continue;
    const std::size_t quote = body.text.find_first_of("$'");
    const std::size_t mark =
        body.text[quote] == '$' ? body.text.find('$', quote + 1) : quote;
    std::string before = ";";
    for (const SqlToken& token : cut_tokens(body.text.substr(mark + 1))) {
      if (is_blank(token)) continue;
      const std::string word = fold_case(token.text);
      const bool begins = before == ";" || before == "begin" ||
                          before == "then" || before == "else" ||
                          before == "loop";
      if (begins && (word == "commit" || word == "rollback")) return true;
      before = word;
    }
  }
  return false;
}

/// Statements that the server refuses in a transaction.
bool wants_no_transaction(const Words& w, std::string_view statement) {
  const std::string second = w.words.size() > 1 ? w.words[1] : "";
  const bool index = w.starts("create") || w.starts("drop");
  if (w.starts("reindex") && !w.has("table") && !w.has("index")) return true;
  if ((index || w.starts("reindex")) && w.is_concurrent()) {
    return !w.has("materialized");
  }
  if (w.starts("do")) return commits_inside(statement);
  if (w.starts("vacuum")) return true;
  if (w.starts("alter")) {
    return second == "system" || (w.has("detach") && w.has("concurrently"));
  }
  return index && (second == "database" || second == "tablespace");
}

/// $1: bound by nobody, except where a prepared statement or the body of a
/// function gives it a meaning.
void refuse_parameters(const ScriptText& script,
                       const std::vector<StatementRange>& ranges,
                       Diagnostics& diagnostics) {
  if (script.text.find('$') == std::string::npos) return;
  for (const StatementRange& range : ranges) {
    const Words words = words_of(script.text, range);
    if (words.starts("prepare") || words.has("function") ||
        words.has("procedure")) {
      continue;
    }
    std::size_t at = range.offset;
    for (const SqlToken& token :
         cut_tokens(std::string_view(script.text)
                        .substr(range.offset, range.length))) {
      if (token.kind == Kind::symbol && token.text.size() > 1 &&
          token.text[0] == '$') {
        refuse_placeholder(script, at, std::string(token.text), diagnostics);
        return;
      }
      at += token.text.size();
    }
  }
}

/// What may not stand in a transaction.
void judge(const ScriptText& script, const std::vector<StatementRange>& ranges,
           Diagnostics& diagnostics) {
  std::size_t refused = 0, first = 0;
  for (const StatementRange& range : ranges) {
    const Words words = words_of(script.text, range);
    const std::string_view statement =
        std::string_view(script.text).substr(range.offset, range.length);
    if (is_transaction_control(words)) {
      diagnostics.error(
          script.place(words.offset), "transaction-control",
          script.text.substr(words.offset, words.words[0].size()) +
              " may not stand in a migration, which runs in one transaction; "
              "remove it, or begin the script with -- schemagen: "
              "no-transaction");
    } else if (wants_no_transaction(words, statement) && ++refused == 1) {
      first = words.offset;
    }
  }
  refuse_in_transaction(script, first, refused, "PostgreSQL", diagnostics);
}

/// COPY ... FROM STDIN: its columns, or a query, stand in brackets before that.
bool copies_from_stdin(const std::string& script, const StatementRange& range,
                       const Words& words) {
  if (!words.starts("copy")) return false;
  int brackets = 0;
  bool is_from = false;
  for (const SqlToken& token : cut_tokens(
           std::string_view(script).substr(range.offset, range.length))) {
    if (is_blank(token)) continue;
    if (token.text == "(") ++brackets;
    if (token.text == ")") --brackets;
    const bool counts = token.kind == Kind::identifier && brackets == 0;
    const std::string word = counts ? fold_case(token.text) : "";
    if (is_from && word == "stdin") return true;
    is_from = word == "from";
  }
  return false;
}

/// Whether there is one that ends before `stop`, from where on its rows stand.
bool refuse_copies(const ScriptText& script,
                   const std::vector<StatementRange>& ranges, std::size_t stop,
                   Diagnostics& diagnostics) {
  bool found = false;
  for (const StatementRange& range : ranges) {
    const Words words = words_of(script.text, range);
    if (!copies_from_stdin(script.text, range, words)) continue;
    found = found || range.offset + range.length <= stop;
    diagnostics.error(script.place(words.offset), "copy-from-stdin",
                      "a migration has no standard input to copy from; write "
                      "the rows as INSERT, as pg_dump --inserts does");
  }
  return found;
}

void refuse_syntax(const ScriptText& script, std::size_t at,
                   const char* message, Diagnostics& diagnostics) {
  const std::string& text = script.text;
  if (at < text.size() && text[at] == '\\') {
    const std::size_t end = text.find_first_of(" \t\r\n;", at);
    diagnostics.error(script.place(at), "psql-command",
                      text.substr(at, end - at) +
                          " is a command of psql, not of the server; remove "
                          "it, or write it as SQL");
    return;
  }
  const std::string placeholder =
      placeholder_at(std::string_view(text).substr(std::min(at, text.size())));
  if (!placeholder.empty()) {
    return refuse_placeholder(script, at, placeholder, diagnostics);
  }
  diagnostics.error(script.place(at), "invalid-sql",
                    first_line(message) +
                        "; PostgreSQL cannot read this statement, correct "
                        "it, or begin the script with -- schemagen: "
                        "unchecked when it is newer than "
                        "PostgreSQL " PG_MAJORVERSION);
}

}  // namespace

bool parses(const std::string& sql) { return split(sql)->error == nullptr; }

std::vector<StatementRange> cut(const std::string& script,
                                const std::string& path, bool transactional,
                                bool unchecked, Diagnostics& diagnostics) {
  const Split result = split(script);
  std::vector<StatementRange> ranges;
  std::size_t fault = script.size();
  if (result->error != nullptr) {
    fault = byte_of(script, result->error->cursorpos);
    ranges = pieces(script);
  } else {
    for (int i = 0; i < result->n_stmts; ++i) {
      const auto begin =
          static_cast<std::size_t>(result->stmts[i]->stmt_location);
      const auto length = static_cast<std::size_t>(result->stmts[i]->stmt_len);
      // Length 0 of the last one means: to the end.
      ranges.push_back(trimmed(script, begin,
                               length == 0
                                   ? script.size()
                                   : std::min(begin + length, script.size())));
    }
  }
  const ScriptText whole{script, path};
  if (transactional) judge(whole, ranges, diagnostics);
  // Rows to copy are no SQL: what the parser says of them misleads.
  const bool has_rows = refuse_copies(whole, ranges, fault, diagnostics);
  if (result->error != nullptr && !unchecked && !has_rows) {
    refuse_syntax(whole, fault, result->error->message, diagnostics);
  } else if (result->error == nullptr) {
    refuse_parameters(whole, ranges, diagnostics);
  }
  return ranges;
}

}  // namespace schemagen::gen::postgres
