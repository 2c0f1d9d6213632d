// What a statement does, read by SQLite's small grammar: ALTER TABLE knows four
// forms, and everything else that changes a schema is a CREATE or a DROP. Names
// compare without case here, so they are folded.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "dialect/sqlite.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen::sqlite {
namespace {

using Kind = Fact::Kind;
using Facts = std::vector<Fact>;
using Tokens = std::vector<SqlToken>;

Tokens without_blanks(std::string_view sql) {
  Tokens tokens;
  for (const SqlToken& token : cut_tokens(sql)) {
    const bool is_blank = token.kind == SqlToken::Kind::space ||
                          token.kind == SqlToken::Kind::comment;
    if (!is_blank) tokens.push_back(token);
  }
  return tokens;
}

/// A statement's tokens and a place among them.
class Cursor {
 public:
  explicit Cursor(const Tokens& tokens)
      : tokens_(tokens.data()), end_(tokens.size()) {}
  Cursor(const Cursor& whole, std::size_t from, std::size_t to)
      : tokens_(whole.tokens_), at_(from), end_(to) {}

  bool done() const { return at_ >= end_; }
  std::size_t at() const { return at_; }
  std::size_t end() const { return end_; }
  void move_to(std::size_t place) { at_ = std::min(place, end_); }
  void skip() { move_to(at_ + 1); }

  bool sees(std::string_view word, std::size_t ahead = 0) const {
    if (at_ + ahead >= end_) return false;
    const SqlToken& token = tokens_[at_ + ahead];
    if (token.kind == SqlToken::Kind::symbol) return token.text == word;
    return token.kind == SqlToken::Kind::identifier &&
           fold_case(token.text) == word;
  }
  bool take(std::string_view word) {
    const bool found = sees(word);
    if (found) skip();
    return found;
  }
  bool take(std::initializer_list<std::string_view> words) {
    std::size_t ahead = 0;
    for (std::string_view word : words) {
      if (!sees(word, ahead++)) return false;
    }
    move_to(at_ + ahead);
    return true;
  }
  const SqlToken& token() const { return tokens_[at_]; }

  /// One past the parenthesis that closes the one here; here when there is
  /// none.
  std::size_t closing() const {
    int depth = 0;
    for (std::size_t i = at_; i < end_; ++i) {
      if (tokens_[i].kind != SqlToken::Kind::symbol) continue;
      if (tokens_[i].text == "(") ++depth;
      if (tokens_[i].text == ")" && --depth == 0) return i + 1;
    }
    return end_;
  }
  /// Skips one token, or all of a parenthesis.
  void skip_group() { move_to(sees("(") ? closing() : at_ + 1); }
  /// Finds `word` outside parentheses from here on.
  std::size_t find(std::string_view word) const {
    Cursor next = *this;
    while (!next.done() && !next.sees(word)) next.skip_group();
    return next.at_;
  }
  bool has(std::string_view word) const { return find(word) < end_; }

  std::string name() {
    if (done()) return "";
    const SqlToken& token = tokens_[at_];
    skip();
    if (token.kind == SqlToken::Kind::string && token.text.size() >= 2) {
      return fold_case(token.text.substr(1, token.text.size() - 2));
    }
    return fold_case(identifier_name(token));
  }
  TableName qualified() {
    std::string first = name();
    if (!take(".")) return {"", std::move(first)};
    if (first == "main") first.clear();
    return {std::move(first), name()};
  }
  /// (a, b): the plain names in a parenthesis, "" for anything else.
  std::vector<std::string> list() {
    std::vector<std::string> names;
    const std::size_t close = closing();
    for (skip(); at_ + 1 < close;) {
      const std::size_t start = at_;
      while (at_ + 1 < close && !sees(",")) skip_group();
      names.push_back(plain(start, at_));
      take(",");
    }
    move_to(close);
    return names;
  }
  /// The column that tokens [from, to) name, or "" when they are more.
  std::string plain(std::size_t from, std::size_t to) const {
    Cursor part(*this, from, to);
    if (part.done() || !(part.is_name(from) || part.sees("*"))) return "";
    std::string found = part.name();
    while (part.take(".")) found = part.name();
    part.take("asc");
    return part.done() ? found : "";
  }
  /// Tokens [from, to) evened out.
  std::string text(std::size_t from, std::size_t to) const {
    std::string all;
    for (std::size_t i = from; i < to && i < end_; ++i) {
      all += (all.empty() ? "" : " ") + normalize(tokens_[i].text);
    }
    return all;
  }
  /// Every name among tokens [from, to), those of functions too.
  std::vector<std::string> names(std::size_t from, std::size_t to) const {
    std::vector<std::string> all;
    for (std::size_t i = from; i < to && i < end_; ++i) {
      if (is_name(i)) all.push_back(Cursor(*this, i, to).name());
    }
    return all;
  }
  bool is_name(std::size_t place) const {
    return tokens_[place].kind == SqlToken::Kind::identifier ||
           tokens_[place].kind == SqlToken::Kind::quoted_identifier;
  }

 private:
  const SqlToken* tokens_;
  std::size_t at_ = 0;
  std::size_t end_;
};

bool starts_clause(const Cursor& cursor) {
  static constexpr std::array<const char*, 11> kWords = {
      "constraint", "primary", "not",        "null",      "unique", "check",
      "default",    "collate", "references", "generated", "as"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](const char* word) { return cursor.sees(word); });
}

/// What ADD COLUMN takes over rows: a literal, with a sign or in parentheses.
bool is_constant(Cursor value) {
  while (value.take("(")) {
    Cursor inner(value, value.at(), value.end() - 1);
    value = inner;
  }
  if (value.sees("+") || value.sees("-")) value.skip();
  if (value.done()) return false;
  const SqlToken& token = value.token();
  const bool is_literal = token.kind == SqlToken::Kind::string ||
                          token.kind == SqlToken::Kind::number;
  const bool is_word = value.sees("null") || value.sees("true") ||
                       value.sees("false") ||
                       token.kind == SqlToken::Kind::quoted_identifier;
  value.skip();
  return (is_literal || is_word) && value.done();
}

/// CREATE TABLE's parenthesis, or the definition in ADD COLUMN.
class Definition {
 public:
  explicit Definition(Fact& fact) : fact_(fact) {}

  void entries(Cursor inside) {
    while (!inside.done()) {
      const std::size_t to = inside.find(",");
      entry(Cursor(inside, inside.at(), to));
      inside.move_to(to);
      inside.skip();
    }
  }

  void column(Cursor def) {
    ColumnFact made;
    made.name = def.name();
    const std::size_t type = def.at();
    while (!def.done() && !starts_clause(def)) def.skip_group();
    made.type = def.text(type, def.at());
    std::string name;
    while (!def.done()) clause(def, made, name);
    fact_.columns.push_back(std::move(made));
  }

 private:
  void entry(Cursor def) {
    static constexpr std::array<const char*, 5> kWords = {
        "constraint", "primary", "unique", "check", "foreign"};
    const bool is_constraint =
        std::any_of(kWords.begin(), kWords.end(),
                    [&](const char* word) { return def.sees(word); });
    if (!is_constraint) return column(def);
    std::string name;
    if (def.take("constraint")) name = def.name();
    ConstraintFact made;
    made.name = name;
    if (def.take({"primary", "key"})) {
      made.kind = ConstraintFact::Kind::primary_key;
      made.columns = def.list();
    } else if (def.take("unique")) {
      made.kind = ConstraintFact::Kind::unique;
      made.columns = def.list();
    } else if (def.take("check")) {
      return check(def, name);
    } else if (def.take({"foreign", "key"})) {
      made.columns = def.list();
      def.take("references");
      return references(def, std::move(made));
    }
    fact_.constraints.push_back(std::move(made));
  }

  void check(Cursor& def, const std::string& name) {
    ConstraintFact made;
    made.name = name;
    const std::size_t open = def.at();
    const std::size_t close = def.closing();
    made.expression = def.text(open + 1, close - 1);
    // Names of functions and words of SQL are among them: the caller asks for
    // the columns that it knows.
    made.columns = def.names(open + 1, close - 1);
    def.move_to(close);
    fact_.constraints.push_back(std::move(made));
  }

  void references(Cursor& def, ConstraintFact made) {
    made.kind = ConstraintFact::Kind::foreign_key;
    made.parent = {"", def.name()};
    if (def.sees("(")) made.parent_columns = def.list();
    while (def.sees("on") || def.sees("match") || def.sees("deferrable") ||
           def.sees("initially") ||
           (def.sees("not") && def.sees("deferrable", 1))) {
      if (def.take("on")) {
        def.skip();
        if (def.sees("set") || def.sees("no")) def.skip();
        def.skip();
      } else {
        def.skip();
        if (!def.done() && !starts_clause(def)) def.skip();
      }
    }
    fact_.constraints.push_back(std::move(made));
  }

  void clause(Cursor& def, ColumnFact& made, std::string& name) {
    ConstraintFact constraint;
    constraint.columns = {made.name};
    constraint.name = name;
    if (def.take("constraint")) {
      name = def.name();
      return;
    }
    if (def.take({"not", "null"})) {
      made.not_null = true;
    } else if (def.take({"primary", "key"})) {
      constraint.kind = ConstraintFact::Kind::primary_key;
      fact_.constraints.push_back(constraint);
    } else if (def.take("autoincrement")) {
      made.is_numbered = true;
    } else if (def.take("unique")) {
      constraint.kind = ConstraintFact::Kind::unique;
      fact_.constraints.push_back(constraint);
    } else if (def.take("check")) {
      check(def, name);
    } else if (def.take("default")) {
      default_value(def, made);
    } else if (def.take("references")) {
      references(def, constraint);
    } else if (def.take({"generated", "always", "as"}) || def.take("as")) {
      made.is_generated = true;
      def.skip_group();
      made.is_stored = def.take("stored");
    } else {
      def.skip_group();
    }
    name.clear();
  }

  static void default_value(Cursor& def, ColumnFact& made) {
    const std::size_t from = def.at();
    if (def.sees("+") || def.sees("-")) def.skip();
    def.skip_group();
    const Cursor value(def, from, def.at());
    made.has_default = !(value.sees("null") && value.end() - from == 1);
    made.default_varies = !is_constant(value);
  }

  Fact& fact_;
};

class Reader {
 public:
  Facts read(const Tokens& tokens) {
    Cursor cursor(tokens);
    if (cursor.take("with")) skip_ctes(cursor);
    if (cursor.take("create")) {
      create(cursor);
    } else if (cursor.take({"alter", "table"})) {
      alter(cursor);
    } else if (cursor.take("drop")) {
      drop(cursor);
    } else if (cursor.take({"delete", "from"})) {
      Fact& fact = add(Kind::delete_rows, cursor.qualified());
      fact.has_where = cursor.has("where");
    } else if (cursor.take("update")) {
      update(cursor);
    } else if (cursor.sees("insert") || cursor.sees("replace")) {
      insert(cursor);
    } else if (cursor.take("vacuum")) {
      if (!cursor.has("into")) add(Kind::rewrite);
    } else if (cursor.take("reindex")) {
      add(Kind::reindex).name = cursor.done() ? "" : cursor.name();
    } else if (cursor.take("pragma")) {
      Fact& fact = add(Kind::set_setting);
      fact.name = cursor.qualified().name;
      if (cursor.take("=") || cursor.take("(")) fact.to = cursor.name();
    } else if (cursor.take("begin") || cursor.take("savepoint")) {
      add(Kind::begin);
    } else if (cursor.take("commit") || cursor.take("end") ||
               cursor.take("rollback") || cursor.take("release")) {
      add(Kind::commit);
    } else {
      add(cursor.sees("select") ? Kind::select : Kind::other);
    }
    if (facts_.empty()) add(Kind::other);
    return std::move(facts_);
  }

 private:
  Fact& add(Kind kind, TableName table = {}) {
    Fact fact;
    fact.kind = kind;
    fact.table = std::move(table);
    facts_.push_back(std::move(fact));
    return facts_.back();
  }

  /// WITH a AS (...), b AS (...): the statement stands behind.
  static void skip_ctes(Cursor& cursor) {
    while (!cursor.done()) {
      for (const char* verb :
           {"select", "delete", "update", "insert", "replace", "values"}) {
        if (cursor.sees(verb)) return;
      }
      cursor.skip_group();
    }
  }

  static bool take_not_exists(Cursor& cursor) {
    return cursor.take({"if", "not", "exists"});
  }

  void create(Cursor cursor) {
    const bool is_temporary = cursor.take("temp") || cursor.take("temporary");
    const bool is_unique = cursor.take("unique");
    if (cursor.take("table")) return create_table(cursor, is_temporary);
    if (cursor.take("index")) return create_index(cursor, is_unique);
    if (cursor.take("trigger")) {
      take_not_exists(cursor);
      const std::string name = cursor.qualified().name;
      cursor.move_to(cursor.find("on"));
      cursor.skip();
      add(Kind::create_trigger, cursor.qualified()).name = name;
    }
  }

  void create_table(Cursor cursor, bool is_temporary) {
    Fact& fact = add(Kind::create_table);
    fact.if_exists = take_not_exists(cursor);
    fact.table = cursor.qualified();
    fact.is_temporary = is_temporary || fact.table.schema == "temp";
    if (cursor.take("as")) {
      fact.knows_columns = false;
      const TableName table = fact.table;
      return copy(table, {}, cursor, true);
    }
    const std::size_t close = cursor.closing();
    Definition(fact).entries(Cursor(cursor, cursor.at() + 1, close - 1));
    cursor.move_to(close);
    for (; !cursor.done(); cursor.skip()) {
      fact.is_strict |= cursor.sees("strict");
      fact.is_without_rowid |= cursor.sees("without");
    }
  }

  void create_index(Cursor cursor, bool is_unique) {
    Fact& fact = add(Kind::create_index);
    fact.if_exists = take_not_exists(cursor);
    fact.name = cursor.qualified().name;
    cursor.take("on");
    fact.table = cursor.qualified();
    fact.index.name = fact.name;
    fact.index.is_unique = is_unique;
    fact.index.columns = cursor.list();
    fact.index.is_partial = cursor.sees("where");
  }

  void alter(Cursor cursor) {
    const TableName table = cursor.qualified();
    if (cursor.take("rename")) {
      if (cursor.take("to")) {
        add(Kind::rename_table, table).to = cursor.name();
        return;
      }
      cursor.take("column");
      Fact& fact = add(Kind::rename_column, table);
      fact.name = cursor.name();
      cursor.take("to");
      fact.to = cursor.name();
    } else if (cursor.take("add")) {
      cursor.take("column");
      Fact& fact = add(Kind::add_column, table);
      Definition(fact).column(cursor);
      fact.name = fact.columns[0].name;
    } else if (cursor.take("drop")) {
      cursor.take("column");
      add(Kind::drop_column, table).name = cursor.name();
    }
  }

  void drop(Cursor cursor) {
    const bool is_table = cursor.take("table");
    const bool is_index = !is_table && cursor.take("index");
    if (!is_table && !is_index) cursor.skip();
    Fact& fact = add(is_table   ? Kind::drop_table
                     : is_index ? Kind::drop_index
                                : Kind::drop_object);
    fact.if_exists = cursor.take({"if", "exists"});
    const TableName name = cursor.qualified();
    if (is_table) fact.table = name;
    fact.name = name.name;
  }

  void update(Cursor cursor) {
    if (cursor.take("or")) cursor.skip();
    Fact& fact = add(Kind::update_rows, cursor.qualified());
    fact.has_where = cursor.has("where") || cursor.has("from");
    cursor.move_to(cursor.find("set"));
    cursor.skip();
    const std::size_t end = std::min(cursor.find("where"), cursor.find("from"));
    while (cursor.at() < end) {
      if (cursor.sees("(")) {
        for (std::string& name : cursor.list()) {
          fact.assigned.push_back(std::move(name));
        }
      } else {
        fact.assigned.push_back(cursor.name());
      }
      const std::size_t next = cursor.find(",");
      cursor.move_to(std::min(next, end));
      if (cursor.at() < end) cursor.skip();
    }
  }

  void insert(Cursor cursor) {
    bool is_whole = !cursor.sees("replace");
    cursor.skip();
    if (cursor.take("or")) {
      is_whole = !cursor.sees("ignore") && !cursor.sees("replace");
      cursor.skip();
    }
    cursor.take("into");
    const TableName table = cursor.qualified();
    if (cursor.take("as")) cursor.skip();
    std::vector<std::string> columns;
    if (cursor.sees("(")) columns = cursor.list();
    copy(table, std::move(columns), cursor, is_whole);
  }

  void copy(const TableName& table, std::vector<std::string> columns,
            Cursor cursor, bool is_whole) {
    Fact& fact = add(Kind::insert_rows, table);
    fact.copy.columns = std::move(columns);
    if (cursor.take("with")) skip_ctes(cursor);
    if (!cursor.take("select")) return;
    is_whole &= !cursor.take("distinct");
    const std::size_t from = cursor.find("from");
    while (cursor.at() < from) {
      const std::size_t to = std::min(cursor.find(","), from);
      fact.copy.items.push_back(cursor.plain(cursor.at(), to));
      fact.copy.mentioned.push_back(cursor.names(cursor.at(), to));
      cursor.move_to(to);
      if (cursor.at() < from) cursor.skip();
    }
    cursor.skip();
    if (cursor.done() || cursor.sees("(")) return;
    fact.copy.source = cursor.qualified();
    static constexpr std::array<const char*, 8> kLeavesOut = {
        "where", "group", "having", "limit", "join", ",", "except", "conflict"};
    fact.copy.is_whole =
        is_whole &&
        std::none_of(kLeavesOut.begin(), kLeavesOut.end(),
                     [&](const char* word) { return cursor.has(word); });
  }

  Facts facts_;
};

}  // namespace

std::vector<Fact> facts(const std::string& sql) {
  return Reader().read(without_blanks(sql));
}

}  // namespace schemagen::gen::sqlite
