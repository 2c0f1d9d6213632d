// What a SQLite database holds, out of the CREATE statements it keeps. The
// pragmas know neither CHECK nor COLLATE nor AUTOINCREMENT, and the kept text
// is what SQLite itself reads at every start; ALTER TABLE edits it in place,
// so only spacing, quoting and order have to be evened out.
#include <algorithm>
#include <array>
#include <set>

#include "dialect/engines.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

using Kind = SqlToken::Kind;
using Tokens = std::vector<SqlToken>;
using Part = std::vector<std::string>;

bool is_word(const SqlToken& token, const char* word) {
  return token.kind == Kind::identifier && fold_case(token.text) == word;
}

bool is_symbol(const SqlToken& token, const char* symbol) {
  return token.kind == Kind::symbol && token.text == symbol;
}

Tokens without_blanks(std::string_view sql) {
  Tokens tokens;
  for (const SqlToken& token : cut_tokens(sql)) {
    if (token.kind == Kind::space || token.kind == Kind::comment) continue;
    tokens.push_back(token);
  }
  return tokens;
}

/// The text of some tokens with names and spacing evened out: a name is the
/// same with and without quotes.
std::string even(const Tokens& tokens, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) {
    if (!text.empty()) text += ' ';
    const SqlToken& token = tokens[i];
    if (token.kind == Kind::quoted_identifier) {
      text += identifier_name(token);
    } else if (token.kind == Kind::string) {
      text += token.text;
    } else if (token.kind == Kind::identifier) {
      text += token.text;
    } else {
      text += fold_case(token.text);
    }
  }
  return text;
}

/// One past the parenthesis that closes the one at `open`.
std::size_t closing(const Tokens& tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (is_symbol(tokens[i], "(")) ++depth;
    if (is_symbol(tokens[i], ")") && --depth == 0) return i + 1;
  }
  return tokens.size();
}

/// Reads one CREATE TABLE into sorted lines.
class TableText {
 public:
  explicit TableText(const std::string& sql) : tokens_(without_blanks(sql)) {}

  std::vector<std::string> lines() {
    std::size_t open = 0;
    while (open < tokens_.size() && !is_symbol(tokens_[open], "(")) ++open;
    const std::size_t end = closing(tokens_, open);
    std::size_t start = open + 1;
    for (std::size_t i = start; i + 1 <= end && i < tokens_.size();) {
      if (is_symbol(tokens_[i], "(")) {
        i = closing(tokens_, i);
        continue;
      }
      if (is_symbol(tokens_[i], ",") || i + 1 == end) {
        read_entry(start, i);
        start = i + 1;
      }
      ++i;
    }
    if (end < tokens_.size()) read_options(end);
    std::sort(lines_.begin(), lines_.end());
    return std::move(lines_);
  }

 private:
  bool starts_constraint(std::size_t at) const {
    for (const char* word :
         {"constraint", "primary", "unique", "check", "foreign"}) {
      if (is_word(tokens_[at], word)) return true;
    }
    return false;
  }

  void read_entry(std::size_t from, std::size_t to) {
    if (from >= to) return;
    if (starts_constraint(from)) {
      read_constraint(from, to);
    } else {
      read_column(from, to);
    }
  }

  void read_options(std::size_t from) {
    std::size_t start = from;
    for (std::size_t i = from; i <= tokens_.size(); ++i) {
      if (i < tokens_.size() && !is_symbol(tokens_[i], ",")) continue;
      if (i > start) {
        lines_.push_back("option " + fold_case(even(tokens_, start, i)));
      }
      start = i + 1;
    }
  }

  static std::string with_name(const std::string& name) {
    return name.empty() ? "" : "constraint " + name + " ";
  }

  std::string names_in(std::size_t open, std::size_t end) const {
    return even(tokens_, open + 1, end - 1);
  }

  void read_constraint(std::size_t at, std::size_t to) {
    std::string name;
    if (is_word(tokens_[at], "constraint")) {
      name = identifier_name(tokens_[at + 1]);
      at += 2;
    }
    if (is_word(tokens_[at], "check")) {
      lines_.push_back(with_name(name) + "check " + even(tokens_, at + 1, to));
      return;
    }
    std::size_t open = at;
    while (open < to && !is_symbol(tokens_[open], "(")) ++open;
    const std::size_t end = closing(tokens_, open);
    if (is_word(tokens_[at], "foreign")) {
      lines_.push_back(with_name(name) + "foreign key " + names_in(open, end) +
                       " " + references(end, to));
    } else if (is_word(tokens_[at], "primary")) {
      lines_.push_back("primary key " + names_in(open, end));
    } else {
      lines_.push_back(with_name(name) + "unique " + names_in(open, end));
    }
  }

  /// "references t ( a ) on delete cascade": words after the list in lower
  /// case.
  std::string references(std::size_t at, std::size_t to) const {
    std::string text = "references " + identifier_name(tokens_[at + 1]);
    std::size_t next = at + 2;
    if (next < to && is_symbol(tokens_[next], "(")) {
      const std::size_t end = closing(tokens_, next);
      text += " ( " + names_in(next, end) + " )";
      next = end;
    }
    return next < to ? text + " " + fold_case(even(tokens_, next, to)) : text;
  }

  static bool starts_clause(const SqlToken& token) {
    static constexpr std::array<const char*, 11> kWords = {
        "constraint", "primary", "not",        "null",      "unique", "check",
        "default",    "collate", "references", "generated", "as"};
    return std::any_of(kWords.begin(), kWords.end(),
                       [&](const char* word) { return is_word(token, word); });
  }

  void read_column(std::size_t at, std::size_t to) {
    const std::string name = identifier_name(tokens_[at]);
    std::size_t next = at + 1;
    while (next < to && !starts_clause(tokens_[next])) {
      next = is_symbol(tokens_[next], "(") ? closing(tokens_, next) : next + 1;
    }
    std::vector<std::string> words;
    const std::string type = fold_case(even(tokens_, at + 1, next));
    std::string constraint;
    while (next < to) next = read_clause(name, next, to, constraint, words);
    std::sort(words.begin(), words.end());
    std::string line = "column " + name + " " + type;
    for (const std::string& word : words) line += " " + word;
    lines_.push_back(std::move(line));
  }

  std::size_t read_clause(const std::string& column, std::size_t at,
                          std::size_t to, std::string& constraint,
                          std::vector<std::string>& words) {
    if (is_word(tokens_[at], "constraint")) {
      constraint = identifier_name(tokens_[at + 1]);
      return at + 2;
    }
    const std::string name = std::move(constraint);
    constraint.clear();
    std::size_t end = at + 1;
    if (is_word(tokens_[at], "check")) {
      end = closing(tokens_, at + 1);
      lines_.push_back(with_name(name) + "check " + even(tokens_, at + 1, end));
      return end;
    }
    if (is_word(tokens_[at], "default") && is_symbol(tokens_[end], "(")) {
      end = closing(tokens_, end);
      words.push_back("default " + even(tokens_, at + 1, end));
      return end;
    }
    while (end < to && !ends_clause(at, end)) {
      end = is_symbol(tokens_[end], "(") ? closing(tokens_, end) : end + 1;
    }
    add_clause(column, name, at, end, words);
    return end;
  }

  /// "NOT NULL", "SET NULL" and "SET DEFAULT" are one clause with the words
  /// before them, "GENERATED ALWAYS AS" too.
  bool ends_clause(std::size_t start, std::size_t at) const {
    if (!starts_clause(tokens_[at])) return false;
    const SqlToken& before = tokens_[at - 1];
    if (is_word(before, "not") || is_word(before, "set")) return false;
    if (is_word(tokens_[start], "generated") && is_word(tokens_[at], "as")) {
      return false;
    }
    return !(is_word(tokens_[start], "default") && at == start + 1);
  }

  void add_clause(const std::string& column, const std::string& constraint,
                  std::size_t at, std::size_t end,
                  std::vector<std::string>& words) {
    if (is_word(tokens_[at], "references")) {
      lines_.push_back(with_name(constraint) + "foreign key " + column + " " +
                       references(at, end));
    } else if (is_word(tokens_[at], "primary")) {
      lines_.push_back("primary key " + column);
      if (is_word(tokens_[end - 1], "autoincrement")) {
        words.push_back("autoincrement");
      }
    } else if (is_word(tokens_[at], "default")) {
      words.push_back("default " + even(tokens_, at + 1, end));
    } else if (is_word(tokens_[at], "collate")) {
      words.push_back("collate " + fold_case(identifier_name(tokens_[at + 1])));
    } else {
      words.push_back(fold_words(at, end));
    }
  }

  /// Clause words in lower case, what stands in parentheses as it is.
  std::string fold_words(std::size_t at, std::size_t end) const {
    std::string text;
    for (std::size_t i = at; i < end; ++i) {
      if (!text.empty()) text += ' ';
      if (is_symbol(tokens_[i], "(")) {
        const std::size_t close = closing(tokens_, i);
        text += even(tokens_, i, close);
        i = close - 1;
      } else {
        text += fold_case(even(tokens_, i, i + 1));
      }
    }
    return text;
  }

  Tokens tokens_;
  std::vector<std::string> lines_;
};

/// "CREATE UNIQUE INDEX "i" ON "t" (...)" with names evened out.
std::string index_line(const std::string& sql) {
  const Tokens tokens = without_blanks(sql);
  return even(tokens, 0, tokens.size());
}

bool is_internal(const std::string& name) {
  return name.compare(0, 7, "sqlite_") == 0 || name == "schemagen_migrations";
}

/// Virtual tables keep their rows in tables named after them.
bool is_shadow(const std::string& name, const std::set<std::string>& virtuals) {
  return std::any_of(
      virtuals.begin(), virtuals.end(), [&](const std::string& owner) {
        return name.compare(0, owner.size() + 1, owner + "_") == 0;
      });
}

bool is_virtual(const std::string& sql) {
  const Tokens tokens = without_blanks(sql);
  return tokens.size() > 1 && is_word(tokens[1], "virtual");
}

void add_object(const Row& row, const std::set<std::string>& virtuals,
                Catalog& catalog) {
  const std::string type = row[0].value_or(""), name = row[1].value_or("");
  const std::string table = row[2].value_or(""), sql = row[3].value_or("");
  if (is_internal(name) || is_internal(table)) return;
  const bool listed = (type != "table" && type != "index") ||
                      virtuals.count(table) != 0 || is_shadow(table, virtuals);
  if (listed) {
    catalog.unmodelled.push_back(type + " " + name);
    return;
  }
  std::vector<std::string>& lines = catalog.objects["table " + table];
  if (type == "index") {
    lines.push_back(index_line(sql));
    return;
  }
  for (std::string& line : TableText(sql).lines()) {
    lines.push_back(std::move(line));
  }
}

/// The row that SQLite would keep of a CREATE: its text as it is.
std::optional<Row> row_of(const std::string& sql) {
  const Tokens tokens = without_blanks(sql);
  const auto name_at = [&](std::size_t at) {
    return identifier_name(tokens[at]);
  };
  if (tokens.size() < 4 || !is_word(tokens[0], "create")) return std::nullopt;
  if (is_word(tokens[1], "table") && is_symbol(tokens[3], "(")) {
    return Row{"table", name_at(2), name_at(2), sql};
  }
  const std::size_t index = is_word(tokens[1], "unique") ? 2 : 1;
  const bool is_index = tokens.size() > index + 3 &&
                        is_word(tokens[index], "index") &&
                        is_word(tokens[index + 2], "on");
  if (!is_index) return std::nullopt;
  return Row{"index", name_at(index + 1), name_at(index + 3), sql};
}

Catalog catalog_of(const std::vector<Row>& rows) {
  std::set<std::string> virtuals;
  for (const Row& row : rows) {
    if (is_virtual(row[3].value_or(""))) virtuals.insert(row[1].value_or(""));
  }
  Catalog catalog;
  for (const Row& row : rows) add_object(row, virtuals, catalog);
  for (auto& object : catalog.objects) {
    std::sort(object.second.begin(), object.second.end());
  }
  return catalog;
}

}  // namespace

Result<Catalog> read_sqlite_catalog(Database& database) {
  Result<std::vector<Row>> rows = database.query(
      "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name");
  if (!rows) return rows.error();
  return catalog_of(*rows);
}

std::optional<Catalog> foresee_sqlite_catalog(const Script& script) {
  std::vector<Row> rows;
  for (const Statement& statement : script.statements) {
    if (statement.guard) continue;
    auto row = row_of(statement.sql);
    if (!row) return std::nullopt;
    rows.push_back(std::move(*row));
  }
  return catalog_of(rows);
}

}  // namespace schemagen::gen
