// Cuts a script where SQLite itself would end a statement. Preparing needs the
// tables to exist; completeness does not, so scripts over foreign objects are
// cut as well. What is no SQL at all is found by preparing each piece in an
// empty database and looking for syntax errors only.
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>

#include "dialect/script_faults.hpp"
#include "dialect/sqlite.hpp"
#include "model/diagnostics.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen::sqlite {
namespace {

using Kind = SqlToken::Kind;

bool is_blank(const SqlToken& token) {
  return token.kind == Kind::space || token.kind == Kind::comment;
}

std::size_t offset_of(const SqlToken& token, const std::string& script) {
  return static_cast<std::size_t>(token.text.data() - script.data());
}

/// Pieces between semicolons that SQLite agrees end a statement: those inside
/// a trigger's body do not.
std::vector<StatementRange> pieces(const std::string& script,
                                   const std::vector<SqlToken>& tokens) {
  std::vector<StatementRange> ranges;
  std::size_t start = 0;
  bool has_words = false;
  for (const SqlToken& token : tokens) {
    const std::size_t at = offset_of(token, script);
    if (token.kind != Kind::symbol || token.text != ";") {
      has_words = has_words || !is_blank(token);
      continue;
    }
    const std::string piece = script.substr(start, at + 1 - start);
    if (has_words && sqlite3_complete(piece.c_str()) == 0) continue;
    if (has_words) ranges.push_back({start, at - start});
    start = at + 1;
    has_words = false;
  }
  if (has_words) ranges.push_back({start, script.size() - start});
  return ranges;
}

/// The first words of a statement, comments left out.
std::vector<SqlToken> first_words(const std::string& script,
                                  const std::vector<SqlToken>& tokens,
                                  const StatementRange& range) {
  std::vector<SqlToken> words;
  auto token = std::partition_point(
      tokens.begin(), tokens.end(), [&](const SqlToken& each) {
        return offset_of(each, script) < range.offset;
      });
  for (; token != tokens.end() && words.size() < 3; ++token) {
    if (offset_of(*token, script) >= range.offset + range.length) break;
    if (!is_blank(*token)) words.push_back(*token);
  }
  return words;
}

bool is_verb(const std::vector<SqlToken>& words, const char* verb) {
  return !words.empty() && words[0].kind == Kind::identifier &&
         fold_case(words[0].text) == verb;
}

bool is_transaction_control(const std::vector<SqlToken>& words) {
  static constexpr std::array<const char*, 6> kVerbs = {
      "begin", "commit", "end", "rollback", "savepoint", "release"};
  if (words.empty() || words[0].kind != Kind::identifier) return false;
  const std::string verb = fold_case(words[0].text);
  return std::any_of(kVerbs.begin(), kVerbs.end(),
                     [&](const char* each) { return verb == each; });
}

struct Closer {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
  }
};

/// An empty database that only judges syntax; nothing ever runs in it.
class Judge {
 public:
  /// One for all scripts: opening it costs more than it takes to judge one.
  static Judge& shared() {
    static Judge judge;
    return judge;
  }

  /// SQLite's words for a syntax error, or ""; sets the error's byte offset.
  std::string fault(std::string_view sql, std::size_t* offset) {
    sqlite3_stmt* prepared = nullptr;
    const int code =
        sqlite3_prepare_v2(database_.get(), sql.data(),
                           static_cast<int>(sql.size()), &prepared, nullptr);
    const std::unique_ptr<sqlite3_stmt, Closer> owner(prepared);
    if (code == SQLITE_OK) return "";
    const std::string message = sqlite3_errmsg(database_.get());
    const int at = sqlite3_error_offset(database_.get());
    *offset = at < 0 ? 0 : static_cast<std::size_t>(at);
    return is_syntax(message) ? message : "";
  }

 private:
  Judge() {
    sqlite3* opened = nullptr;
    sqlite3_open(":memory:", &opened);
    database_.reset(opened);
  }

  /// Everything else ("no such table") depends on what the database holds.
  static bool is_syntax(const std::string& message) {
    static constexpr std::array<const char*, 4> kSigns = {
        "syntax error", "incomplete input", "unrecognized token",
        "unterminated"};
    return std::any_of(kSigns.begin(), kSigns.end(), [&](const char* sign) {
      return message.find(sign) != std::string::npos;
    });
  }

  std::unique_ptr<sqlite3, Closer> database_;
};

/// Variables that a program would bind: to a script nobody does. True when
/// there are any.
bool refuse_variables(const ScriptText& script,
                      const std::vector<SqlToken>& tokens,
                      Diagnostics& diagnostics) {
  bool found = false;
  for (const SqlToken& token : tokens) {
    if (token.kind != Kind::symbol) continue;
    if (std::string_view("?:@$").find(token.text[0]) ==
        std::string_view::npos) {
      continue;
    }
    const std::size_t at = offset_of(token, script.text);
    const std::string variable =
        placeholder_at(std::string_view(script.text).substr(at));
    if (variable.empty()) continue;
    refuse_placeholder(script, at, variable, diagnostics);
    found = true;
  }
  return found;
}

/// Tells a statement that SQLite cannot read. `start` is its first word.
void refuse_syntax(const ScriptText& script, const StatementRange& range,
                   std::size_t start, Diagnostics& diagnostics) {
  std::size_t at = 0;
  const std::string_view sql =
      std::string_view(script.text).substr(range.offset, range.length);
  const std::string fault = Judge::shared().fault(sql, &at);
  if (fault.empty()) return;
  const std::string placeholder = placeholder_at(sql.substr(at));
  at = at == 0 ? start : range.offset + at;
  if (!placeholder.empty()) {
    return refuse_placeholder(script, at, placeholder, diagnostics);
  }
  diagnostics.error(
      script.place(at), "invalid-sql",
      first_line(fault) + "; SQLite cannot read this statement, correct it");
}

}  // namespace

std::vector<StatementRange> cut(const std::string& script,
                                const std::string& path, bool transactional,
                                bool unchecked, Diagnostics& diagnostics) {
  const std::vector<SqlToken> tokens =
      cut_tokens(script, Comments::end_at_first);
  const ScriptText whole{script, path};
  const bool has_variables = refuse_variables(whole, tokens, diagnostics);
  std::vector<StatementRange> ranges = pieces(script, tokens);
  std::size_t refused = 0, first = 0;
  for (const StatementRange& range : ranges) {
    const auto words = first_words(script, tokens, range);
    const std::size_t start =
        words.empty() ? range.offset : offset_of(words[0], script);
    if (transactional && is_transaction_control(words)) {
      diagnostics.error(
          whole.place(start), "transaction-control",
          std::string(words[0].text) +
              " may not stand in a migration, which runs in one transaction; "
              "remove it, or begin the script with -- schemagen: "
              "no-transaction");
    } else if (transactional && is_verb(words, "vacuum")) {
      if (++refused == 1) first = start;
    } else if (!unchecked && !has_variables) {
      refuse_syntax(whole, range, start, diagnostics);
    }
  }
  refuse_in_transaction(whole, first, refused, "SQLite", diagnostics);
  return ranges;
}

}  // namespace schemagen::gen::sqlite
