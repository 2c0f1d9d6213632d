// What a statement does, read by SQLite's small grammar: ALTER TABLE knows four
// forms, and everything else that changes a schema is a CREATE or a DROP. Names
// compare without case here, so they are folded.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "dialect/sqlite.hpp"
#include "dialect/sqlite_grammar.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen::sqlite {
namespace {

using Kind = Fact::Kind;
using Facts = std::vector<Fact>;

/// The next name, folded.
std::string name_in(Cursor& cursor) { return fold_case(cursor.name()); }

TableName qualified_in(Cursor& cursor) {
  std::string first = name_in(cursor);
  if (!cursor.take(".")) return {"", std::move(first)};
  return {std::move(first), name_in(cursor)};
}

/// The column that is all of `part`, or "" when it is more.
std::string plain_name(Cursor part) {
  if (!part.sees_name() && !part.sees("*")) return "";
  std::string found = name_in(part);
  while (part.take(".")) found = name_in(part);
  part.take("asc");
  return part.done() ? found : "";
}

/// Up to the next comma; the cursor moves behind it.
Cursor take_part(Cursor& cursor, std::size_t limit) {
  const std::size_t to = std::min(cursor.find(","), limit);
  const Cursor part(cursor, cursor.at(), to);
  cursor.move_to(to);
  if (cursor.at() < limit) cursor.skip();
  return part;
}

/// (a, b): the plain names in a parenthesis, "" for anything else.
std::vector<std::string> list_in(Cursor& cursor) {
  std::vector<std::string> names;
  Cursor list = cursor.take_group();
  while (!list.done()) {
    names.push_back(plain_name(take_part(list, list.limit())));
  }
  return names;
}

/// The tokens evened out.
std::string text_of(const Cursor& part) {
  std::string all;
  for (const SqlToken& token : part) {
    all += (all.empty() ? "" : " ") + normalize(token.text);
  }
  return all;
}

/// What an index tells rows apart by in `part`, without its order.
std::string key_of(const Cursor& part) {
  const std::size_t order = std::min(
      {part.find("asc"), part.find("desc"), part.find("nulls"), part.limit()});
  Cursor key(part, part.at(), order);
  const std::size_t collate = key.find("collate");
  const std::string name = plain_name(Cursor(key, key.at(), collate));
  if (name.empty() || collate == order) {
    return name.empty() ? text_of(key) : name;
  }
  key.move_to(collate + 1);
  return name + " collate " + name_in(key);
}

std::string affinity_name(const std::string& type) {
  switch (affinity_of(type)) {
    case Affinity::integer:
      return "integer";
    case Affinity::real:
      return "real";
    case Affinity::text:
      return "text";
    case Affinity::numeric:
      return "numeric";
    case Affinity::none:
      break;
  }
  return "none";
}

/// Every name among the tokens, those of functions and words of SQL too: the
/// caller asks for the columns that it knows.
std::vector<std::string> names_of(Cursor part) {
  std::vector<std::string> all;
  while (!part.done()) {
    if (part.sees_name()) {
      all.push_back(name_in(part));
    } else {
      part.skip();
    }
  }
  return all;
}

/// What ADD COLUMN takes over rows: a literal, with a sign or in parentheses.
bool is_constant(Cursor value) {
  while (value.take("(")) {
    Cursor inner(value, value.at(), value.limit() - 1);
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

/// The number here, or "".
std::string take_number(Cursor& cursor) {
  if (cursor.done() || cursor.token().kind != SqlToken::Kind::number) return "";
  const std::string number(cursor.token().text);
  cursor.skip();
  return number;
}

/// WHERE with a condition that some row may not meet: not `true`, nor 1 = 1.
bool leaves_out(Cursor cursor) {
  cursor.move_to(cursor.find("where"));
  if (!cursor.take("where")) return false;
  bool is_true = cursor.take("true");
  if (!is_true) {
    const std::string number = take_number(cursor);
    is_true = cursor.take("=") ? take_number(cursor) == number : number != "0";
    is_true &= !number.empty();
  }
  const bool ends =
      cursor.done() || cursor.sees("returning") || cursor.sees("order");
  return !is_true || !ends || cursor.has("limit");
}

/// Columns whose every NULL meets the WHERE: `a IS NULL OR ...`.
std::vector<std::string> null_columns(Cursor cursor) {
  std::vector<std::string> names;
  cursor.move_to(cursor.find("where"));
  if (!cursor.take("where")) return names;
  const std::size_t end = cursor.find("returning");
  while (cursor.at() < end) {
    const std::size_t next = std::min(cursor.find("or"), end);
    const Cursor part(cursor, cursor.at(), next);
    const std::size_t is = std::min(part.find("is"), part.find("isnull"));
    Cursor test(part, is, next);
    const bool tests = test.take({"is", "null"}) || test.take("isnull");
    const std::string name = plain_name(Cursor(part, part.at(), is));
    if (tests && test.done() && !name.empty()) names.push_back(name);
    cursor.move_to(next);
    if (cursor.at() < end) cursor.skip();
  }
  return names;
}

/// Adds to a fact what the grammar has found in a definition.
class Definition {
 public:
  explicit Definition(Fact& fact) : fact_(fact) {}

  void table(const TableText& text) {
    for (const ColumnText& each : text.columns) column(each);
    for (const Clause& each : text.constraints) {
      ConstraintFact made;
      made.name = fold_case(each.constraint);
      constraint(each, std::move(made));
    }
    for (const Cursor& option : text.options) {
      fact_.is_strict |= option.sees("strict");
      fact_.is_without_rowid |= option.sees("without");
    }
    if (!fact_.is_without_rowid) number_rowid();
  }

  void column(const ColumnText& text) {
    ColumnFact made;
    made.name = fold_case(text.name);
    // SQLite reads the numbers of VARCHAR(20) and forgets them.
    const std::size_t numbers = text.type.find("(");
    made.type = text_of(Cursor(text.type, text.type.at(), numbers));
    made.affinity = affinity_name(made.type);
    made.collation = "binary";
    for (const Clause& each : text.clauses) clause(each, made);
    fact_.columns.push_back(std::move(made));
  }

 private:
  /// A lone INTEGER PRIMARY KEY is the rowid itself: it gives a number to every
  /// row that comes without one, and is never NULL.
  void number_rowid() {
    for (const ConstraintFact& key : fact_.constraints) {
      if (key.kind != ConstraintFact::Kind::primary_key) continue;
      for (ColumnFact& column : fact_.columns) {
        const bool is_lone =
            key.columns == std::vector<std::string>{column.name};
        if (!is_lone || column.type != "integer" || is_reversed_) continue;
        column.not_null = column.has_default = true;
      }
    }
  }

  void constraint(const Clause& clause, ConstraintFact made) {
    Cursor text = clause.text;
    bool is_numbered = false;
    switch (clause.kind) {
      case Clause::Kind::primary_key:
        made.kind = ConstraintFact::Kind::primary_key;
        text.take({"primary", "key"});
        is_reversed_ |= text.sees("desc");
        is_numbered =
            text.sees("(") && Cursor(text).take_group().has("autoincrement");
        break;
      case Clause::Kind::unique:
        made.kind = ConstraintFact::Kind::unique;
        text.take("unique");
        break;
      case Clause::Kind::check:
        text.take("check");
        made.expression = text_of(Cursor(text).take_group());
        made.columns = names_of(text.take_group());
        break;
      case Clause::Kind::foreign_key:
        made.kind = ConstraintFact::Kind::foreign_key;
        made.binds_late = true;
        if (text.take({"foreign", "key"})) made.columns = list_in(text);
        text.take("references");
        made.parent = {"", name_in(text)};
        if (text.sees("(")) made.parent_columns = list_in(text);
        break;
      default:
        return;
    }
    const bool has_list = clause.kind == Clause::Kind::primary_key ||
                          clause.kind == Clause::Kind::unique;
    if (is_numbered) {
      Cursor list = text.take_group();  // of one column, with its order
      made.columns = {name_in(list)};
    } else if (has_list && text.sees("(")) {
      made.columns = list_in(text);
    }
    for (ColumnFact& column : fact_.columns) {
      column.is_numbered |=
          is_numbered && made.columns == std::vector<std::string>{column.name};
    }
    fact_.constraints.push_back(std::move(made));
  }

  void clause(const Clause& clause, ColumnFact& made) {
    Cursor text = clause.text;
    switch (clause.kind) {
      case Clause::Kind::not_null:
        made.not_null = text.sees("null", 1);
        break;
      case Clause::Kind::default_value:
        text.skip();
        made.has_default =
            !(text.sees("null") && text.limit() - text.at() == 1);
        made.default_varies = !is_constant(text);
        if (!made.default_varies) made.default_value = text_of(text);
        break;
      case Clause::Kind::collate:
        text.skip();
        made.collation = name_in(text);
        break;
      case Clause::Kind::generated:
        made.is_generated = true;
        made.is_stored = text.has("stored");
        break;
      default:
        made.is_numbered |= text.has("autoincrement");
        ConstraintFact key;
        key.name = fold_case(clause.constraint);
        key.columns = {made.name};
        constraint(clause, std::move(key));
    }
  }

  Fact& fact_;
  /// `INTEGER PRIMARY KEY DESC`, by an old mistake, is no rowid.
  bool is_reversed_ = false;
};

class Reader : private FactReader {
 public:
  Facts read(const std::vector<SqlToken>& tokens) {
    Cursor cursor(tokens);
    if (cursor.take("with")) skip_ctes(cursor);
    if (cursor.take("create")) {
      create(cursor);
    } else if (cursor.take({"alter", "table"})) {
      alter(cursor);
    } else if (cursor.take("drop")) {
      drop(cursor);
    } else if (cursor.take({"delete", "from"})) {
      Fact& fact = add(Kind::delete_rows, qualified_in(cursor));
      fact.has_where = leaves_out(cursor);
      fact.empties = !fact.has_where;
      fact.cleared = null_columns(cursor);
    } else if (cursor.take("update")) {
      update(cursor);
    } else if (cursor.sees("insert") || cursor.sees("replace")) {
      insert(cursor);
    } else if (cursor.take("vacuum")) {
      if (!cursor.has("into")) add(Kind::rewrite);
    } else if (cursor.take("reindex")) {
      add(Kind::reindex).name = cursor.done() ? "" : name_in(cursor);
    } else if (cursor.take("pragma")) {
      Fact& fact = add(Kind::set_setting);
      fact.name = qualified_in(cursor).name;
      if (cursor.take("=") || cursor.take("(")) fact.to = name_in(cursor);
    } else if (cursor.take("begin") || cursor.take("savepoint")) {
      add(Kind::begin);
    } else if (cursor.take("commit") || cursor.take("end") ||
               cursor.take("rollback") || cursor.take("release")) {
      add(Kind::commit);
    } else {
      add(cursor.sees("select") ? Kind::select : Kind::other);
    }
    if (facts_.empty()) add(Kind::other);
    leave_out("main");
    return std::move(facts_);
  }

 private:
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
    if (cursor.take("view")) {
      take_not_exists(cursor);
      Fact& fact = add(Kind::create_object, qualified_in(cursor));
      fact.to = "view";
      fact.is_private = is_temporary;
      return;
    }
    if (cursor.take("trigger")) {
      take_not_exists(cursor);
      const std::string name = qualified_in(cursor).name;
      cursor.move_to(cursor.find("on"));
      cursor.skip();
      add(Kind::create_trigger, qualified_in(cursor)).name = name;
    }
  }

  void create_table(Cursor cursor, bool is_temporary) {
    Fact& fact = add(Kind::create_table);
    fact.if_exists = take_not_exists(cursor);
    fact.table = qualified_in(cursor);
    if (is_temporary) fact.table.schema = "temp";
    fact.is_temporary = fact.table.schema == "temp";
    if (cursor.take("as")) {
      fact.knows_columns = false;
      const TableName table = fact.table;
      return copy(table, {}, cursor, true);
    }
    Definition(fact).table(read_table(cursor));
  }

  void create_index(Cursor cursor, bool is_unique) {
    Fact& fact = add(Kind::create_index);
    fact.if_exists = take_not_exists(cursor);
    fact.name = qualified_in(cursor).name;
    cursor.take("on");
    fact.table = qualified_in(cursor);
    fact.index.name = fact.name;
    fact.index.is_unique = is_unique;
    for (Cursor list = cursor.take_group(); !list.done();) {
      const Cursor part = take_part(list, list.limit());
      fact.index.columns.push_back(plain_name(part));
      fact.index.keys.push_back(key_of(part));
    }
    if (cursor.take("where")) fact.index.condition = text_of(cursor);
  }

  void alter(Cursor cursor) {
    const TableName table = qualified_in(cursor);
    if (cursor.take("rename")) {
      if (cursor.take("to")) {
        Fact& fact = add(Kind::rename_table, table);
        fact.to = name_in(cursor);
        fact.renamed = {table.schema, fact.to};
        return;
      }
      cursor.take("column");
      Fact& fact = add(Kind::rename_column, table);
      fact.name = name_in(cursor);
      cursor.take("to");
      fact.to = name_in(cursor);
    } else if (cursor.take("add")) {
      cursor.take("column");
      Fact& fact = add(Kind::add_column, table);
      Definition(fact).column(read_column(cursor));
      fact.name = fact.columns[0].name;
    } else if (cursor.take("drop")) {
      cursor.take("column");
      add(Kind::drop_column, table).name = name_in(cursor);
    }
  }

  void drop(Cursor cursor) {
    const bool is_table = cursor.take("table");
    const bool is_index = !is_table && cursor.take("index");
    const bool is_view = cursor.take("view");
    if (!is_table && !is_index && !is_view) cursor.skip();
    Fact& fact = add(is_table   ? Kind::drop_table
                     : is_index ? Kind::drop_index
                                : Kind::drop_object);
    fact.if_exists = cursor.take({"if", "exists"});
    const TableName name = qualified_in(cursor);
    if (is_table || is_view) fact.table = name;
    if (is_view) fact.to = "view";
    fact.name = name.name;
  }

  void update(Cursor cursor) {
    if (cursor.take("or")) cursor.skip();
    Fact& fact = add(Kind::update_rows, qualified_in(cursor));
    fact.has_where = leaves_out(cursor);
    cursor.move_to(cursor.find("set"));
    cursor.skip();
    const std::size_t end = std::min(cursor.find("where"), cursor.find("from"));
    while (cursor.at() < end) {
      if (cursor.sees("(")) {
        for (std::string& name : list_in(cursor)) {
          fact.assigned.push_back(std::move(name));
        }
      } else {
        fact.assigned.push_back(name_in(cursor));
      }
      const std::size_t next = cursor.find(",");
      cursor.move_to(std::min(next, end));
      if (cursor.at() < end) cursor.skip();
    }
  }

  void insert(Cursor cursor) {
    bool replaces = cursor.sees("replace");
    bool ignores = false;
    cursor.skip();
    if (cursor.take("or")) {
      replaces = cursor.sees("replace");
      ignores = cursor.sees("ignore");
      cursor.skip();
    }
    cursor.take("into");
    const TableName table = qualified_in(cursor);
    if (cursor.take("as")) cursor.skip();
    std::vector<std::string> columns;
    if (cursor.sees("(")) columns = list_in(cursor);
    copy(table, std::move(columns), cursor, !replaces && !ignores);
    facts_.back().copy.replaces = replaces;
    facts_.back().copy.skips_doubles = replaces || ignores;
    facts_.back().copy.skips_faulty = ignores;
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
      const Cursor item = take_part(cursor, from);
      fact.copy.items.push_back(plain_name(item));
      fact.copy.mentioned.push_back(names_of(item));
    }
    cursor.skip();
    if (cursor.done() || cursor.sees("(")) return;
    fact.copy.source = qualified_in(cursor);
    static constexpr std::array<const char*, 6> kLeavesOut = {
        "group", "having", "limit", "join", "except", "conflict"};
    const bool joins = cursor.find(",") < cursor.find("order");
    fact.copy.is_whole =
        is_whole && !joins && !leaves_out(cursor) &&
        std::none_of(kLeavesOut.begin(), kLeavesOut.end(),
                     [&](const char* word) { return cursor.has(word); });
  }
};

}  // namespace

std::vector<Fact> facts(const std::string& sql) {
  return Reader().read(words_of(sql));
}

}  // namespace schemagen::gen::sqlite
