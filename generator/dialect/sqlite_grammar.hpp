// SQLite's own words, as far as they are read without running them: what a
// statement is made of, and what stands in the parenthesis of CREATE TABLE.
// sqlite_facts asks what a script does, sqlite_catalog what a database keeps.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "model/sql_tokens.hpp"

namespace schemagen::gen::sqlite {

/// The tokens of `sql` but spaces and comments; they point into it.
std::vector<SqlToken> words_of(std::string_view sql);

/// A row of tokens and a place among them; it points into the row.
class Cursor {
 public:
  explicit Cursor(const std::vector<SqlToken>& tokens)
      : tokens_(tokens.data()), limit_(tokens.size()) {}
  /// The places [from, to) of `whole`.
  Cursor(const Cursor& whole, std::size_t from, std::size_t to)
      : tokens_(whole.tokens_), at_(from), limit_(to) {}

  bool done() const { return at_ >= limit_; }
  std::size_t at() const { return at_; }
  std::size_t limit() const { return limit_; }
  const SqlToken& token() const { return tokens_[at_]; }
  /// What is left, for a loop.
  const SqlToken* begin() const { return tokens_ + at_; }
  const SqlToken* end() const { return tokens_ + limit_; }

  void move_to(std::size_t place) { at_ = place < limit_ ? place : limit_; }
  void skip() { move_to(at_ + 1); }

  /// A bare word in any case, or a symbol.
  bool sees(std::string_view word, std::size_t ahead = 0) const;
  bool take(std::string_view word);
  bool take(std::initializer_list<std::string_view> words);
  /// A bare or quoted name, as it is written within the quotes.
  bool sees_name() const;
  std::string name();

  /// One past the parenthesis that closes the one here; the limit when nothing
  /// does.
  std::size_t closing() const;
  /// Skips one token, or all of a parenthesis.
  void skip_group() { move_to(sees("(") ? closing() : at_ + 1); }
  /// Takes the parenthesis here; the cursor gets what is in it.
  Cursor take_group();
  /// Finds `word` outside parentheses from here on, else the limit.
  std::size_t find(std::string_view word) const;
  bool has(std::string_view word) const { return find(word) < limit_; }

 private:
  const SqlToken* tokens_;
  std::size_t at_ = 0;
  std::size_t limit_;
};

/// What stands behind a column's type, or instead of a column.
struct Clause {
  enum class Kind {
    primary_key,
    unique,
    check,
    foreign_key,  ///< of a column: from REFERENCES on
    not_null,
    default_value,
    collate,
    generated,
    other,
  };
  Kind kind = Kind::other;
  std::string constraint;  ///< its name, or ""
  Cursor text;             ///< all of it behind CONSTRAINT name
};

struct ColumnText {
  std::string name;
  Cursor type;
  std::vector<Clause> clauses;
};

struct TableText {
  std::vector<ColumnText> columns;
  std::vector<Clause> constraints;
  std::vector<Cursor> options;  ///< STRICT, WITHOUT ROWID
};

/// Reads from the parenthesis of CREATE TABLE to the end.
TableText read_table(Cursor at_parenthesis);
/// One column's definition, as ADD COLUMN has it.
ColumnText read_column(Cursor definition);

}  // namespace schemagen::gen::sqlite
