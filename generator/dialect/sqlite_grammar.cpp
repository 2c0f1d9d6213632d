#include "dialect/sqlite_grammar.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"

namespace schemagen::gen::sqlite {
namespace {

using Kind = Clause::Kind;

struct Opening {
  std::string_view word;
  Kind kind;
  bool opens_entry;  ///< it may stand where a column could
};

/// The words that begin a clause. CONSTRAINT, which names the next one, does
/// as well.
constexpr Opening kOpenings[] = {
    {"primary", Kind::primary_key, true},
    {"unique", Kind::unique, true},
    {"check", Kind::check, true},
    {"foreign", Kind::foreign_key, true},
    {"constraint", Kind::other, true},
    {"not", Kind::not_null, false},
    {"null", Kind::other, false},
    {"default", Kind::default_value, false},
    {"collate", Kind::collate, false},
    {"references", Kind::foreign_key, false},
    {"generated", Kind::generated, false},
    {"as", Kind::generated, false},
};

const Opening* opening_at(const Cursor& cursor) {
  const bool is_word =
      !cursor.done() && cursor.token().kind == SqlToken::Kind::identifier;
  if (!is_word) return nullptr;
  for (const Opening& opening : kOpenings) {
    if (cursor.sees(opening.word)) return &opening;
  }
  return nullptr;
}

bool starts_column_clause(const Cursor& cursor) {
  const Opening* opening = opening_at(cursor);
  return opening != nullptr && opening->word != "foreign";
}

/// Behind the words that begin a clause and may look like the next one's:
/// NOT NULL, GENERATED ALWAYS AS, DEFAULT NULL.
void skip_opening(Cursor& cursor) {
  if (cursor.take({"generated", "always", "as"})) return;
  const bool has_value = cursor.sees("default") || cursor.sees("not");
  cursor.skip();
  if (has_value) cursor.skip_group();
}

/// SET NULL, SET DEFAULT and NOT DEFERRABLE within a REFERENCES clause.
bool goes_on(Cursor& cursor) {
  if (!cursor.take("set") &&
      !(cursor.sees("not") && cursor.sees("deferrable", 1))) {
    return false;
  }
  cursor.skip();
  return true;
}

Clause read_column_clause(Cursor& cursor) {
  std::string constraint;
  if (cursor.take("constraint")) constraint = cursor.name();
  const std::size_t from = cursor.at();
  const Opening* opening = opening_at(cursor);
  if (opening != nullptr) skip_opening(cursor);
  while (!cursor.done() && (goes_on(cursor) || !starts_column_clause(cursor))) {
    cursor.skip_group();
  }
  return {opening != nullptr ? opening->kind : Kind::other,
          std::move(constraint), Cursor(cursor, from, cursor.at())};
}

bool starts_constraint(const Cursor& cursor) {
  const Opening* opening = opening_at(cursor);
  return opening != nullptr && opening->opens_entry;
}

/// Ends before the next one: SQLite wants no comma between two.
Clause read_constraint(Cursor& entry) {
  std::string constraint;
  if (entry.take("constraint")) constraint = entry.name();
  const std::size_t from = entry.at();
  const Opening* opening = opening_at(entry);
  do {
    entry.skip_group();
  } while (!entry.done() && !starts_constraint(entry));
  return {opening != nullptr ? opening->kind : Kind::other,
          std::move(constraint), Cursor(entry, from, entry.at())};
}

/// The parts between commas.
template <class Use>
void for_each_part(Cursor list, Use use) {
  while (!list.done()) {
    const std::size_t to = list.find(",");
    if (to > list.at()) use(Cursor(list, list.at(), to));
    list.move_to(to);
    list.skip();
  }
}

}  // namespace

std::vector<SqlToken> words_of(std::string_view sql) {
  std::vector<SqlToken> tokens = cut_tokens(sql, Comments::end_at_first);
  tokens.erase(std::remove_if(tokens.begin(), tokens.end(),
                              [](const SqlToken& token) {
                                return token.kind == SqlToken::Kind::space ||
                                       token.kind == SqlToken::Kind::comment;
                              }),
               tokens.end());
  return tokens;
}

bool Cursor::sees(std::string_view word, std::size_t ahead) const {
  if (at_ + ahead >= limit_) return false;
  const SqlToken& token = tokens_[at_ + ahead];
  if (token.kind == SqlToken::Kind::symbol) return token.text == word;
  return token.kind == SqlToken::Kind::identifier &&
         core::same_ignoring_case(token.text, word);
}

bool Cursor::take(std::string_view word) {
  const bool found = sees(word);
  if (found) skip();
  return found;
}

bool Cursor::take(std::initializer_list<std::string_view> words) {
  std::size_t ahead = 0;
  for (std::string_view word : words) {
    if (!sees(word, ahead++)) return false;
  }
  move_to(at_ + ahead);
  return true;
}

bool Cursor::sees_name() const {
  return !done() && (token().kind == SqlToken::Kind::identifier ||
                     token().kind == SqlToken::Kind::quoted_identifier);
}

std::string Cursor::name() {
  if (done()) return "";
  SqlToken here = token();
  skip();
  // SQLite takes 'name' for a name where only a name can stand.
  if (here.kind == SqlToken::Kind::string && here.text.front() == '\'') {
    here.kind = SqlToken::Kind::quoted_identifier;
  }
  return identifier_name(here);
}

std::size_t Cursor::closing() const {
  int depth = 0;
  for (std::size_t i = at_; i < limit_; ++i) {
    if (tokens_[i].kind != SqlToken::Kind::symbol) continue;
    if (tokens_[i].text == "(") ++depth;
    if (tokens_[i].text == ")" && --depth == 0) return i + 1;
  }
  return limit_;
}

Cursor Cursor::take_group() {
  const std::size_t from = at_ + 1, close = closing();
  move_to(close);
  return Cursor(*this, from, std::max(from, close - 1));
}

std::size_t Cursor::find(std::string_view word) const {
  Cursor next = *this;
  while (!next.done() && !next.sees(word)) next.skip_group();
  return next.at_;
}

ColumnText read_column(Cursor definition) {
  std::string name = definition.name();
  const std::size_t type = definition.at();
  while (!definition.done() && !starts_column_clause(definition)) {
    definition.skip_group();
  }
  ColumnText column{
      std::move(name), Cursor(definition, type, definition.at()), {}};
  while (!definition.done()) {
    column.clauses.push_back(read_column_clause(definition));
  }
  return column;
}

TableText read_table(Cursor at_parenthesis) {
  TableText table;
  for_each_part(at_parenthesis.take_group(), [&](Cursor entry) {
    if (!starts_constraint(entry)) {
      table.columns.push_back(read_column(entry));
      return;
    }
    while (!entry.done()) table.constraints.push_back(read_constraint(entry));
  });
  for_each_part(at_parenthesis,
                [&](const Cursor& option) { table.options.push_back(option); });
  return table;
}

}  // namespace schemagen::gen::sqlite
