// What a SQLite database holds, out of the CREATE statements it keeps. The
// pragmas know neither CHECK nor COLLATE nor AUTOINCREMENT, and the kept text
// is what SQLite itself reads at every start; ALTER TABLE edits it in place,
// so only spacing, quoting and order have to be evened out.
#include <algorithm>
#include <set>
#include <utility>

#include "dialect/engines.hpp"
#include "dialect/sqlite_grammar.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

using sqlite::Clause;
using sqlite::ColumnText;
using sqlite::Cursor;
using Lines = std::vector<std::string>;

/// One row of sqlite_master.
struct Object {
  std::string type;
  std::string name;
  std::string table;
  std::vector<SqlToken> words;  ///< of the CREATE statement
};

/// Some tokens with names and spacing evened out: a name is the same with and
/// without quotes.
std::string even(const Cursor& part) {
  std::string text;
  for (const SqlToken& token : part) {
    if (!text.empty()) text += ' ';
    if (token.kind == SqlToken::Kind::quoted_identifier) {
      text += identifier_name(token);
    } else if (token.kind == SqlToken::Kind::number) {
      text += fold_case(token.text);
    } else {
      text += token.text;
    }
  }
  return text;
}

/// Words of SQL in lower case, what stands in parentheses as it is.
std::string even_words(Cursor part) {
  std::string text;
  while (!part.done()) {
    if (!text.empty()) text += ' ';
    const bool is_group = part.sees("(");
    const std::size_t from = part.at();
    part.skip_group();
    const std::string piece = even(Cursor(part, from, part.at()));
    text += is_group ? piece : fold_case(piece);
  }
  return text;
}

/// "references t ( a ) on delete cascade".
std::string references(Cursor part) {
  part.take("references");
  std::string text = "references " + part.name();
  if (part.sees("(")) text += " ( " + even(part.take_group()) + " )";
  return part.done() ? text : text + " " + fold_case(even(part));
}

std::string with_name(const Clause& clause) {
  return clause.constraint.empty() ? ""
                                   : "constraint " + clause.constraint + " ";
}

/// "check ( a > 0 )", wherever it stands; of a table, its constraints too.
std::string constraint_line(const Clause& clause) {
  Cursor text = clause.text;
  switch (clause.kind) {
    case Clause::Kind::check:
      text.take("check");
      return with_name(clause) + "check " + even(text);
    case Clause::Kind::primary_key:
      text.take({"primary", "key"});
      return "primary key " + even(text.take_group());
    case Clause::Kind::foreign_key: {
      text.take({"foreign", "key"});
      const std::string columns = even(text.take_group());
      return with_name(clause) + "foreign key " + columns + " " +
             references(text);
    }
    default:
      text.take("unique");
      return with_name(clause) + "unique " + even(text.take_group());
  }
}

void add_clause(const std::string& column, const Clause& clause, Lines& words,
                Lines& lines) {
  Cursor text = clause.text;
  switch (clause.kind) {
    case Clause::Kind::check:
      lines.push_back(constraint_line(clause));
      break;
    case Clause::Kind::foreign_key:
      lines.push_back(with_name(clause) + "foreign key " + column + " " +
                      references(text));
      break;
    case Clause::Kind::primary_key:
      lines.push_back("primary key " + column);
      if (text.has("autoincrement")) words.push_back("autoincrement");
      break;
    case Clause::Kind::default_value:
      text.take("default");
      words.push_back("default " + even(text));
      break;
    case Clause::Kind::collate:
      text.take("collate");
      words.push_back("collate " + fold_case(text.name()));
      break;
    default:
      words.push_back(even_words(text));
  }
}

struct Key {
  std::vector<std::string> columns;
  bool is_descending = false;
};

Key key_of(const sqlite::TableText& table) {
  Key key;
  for (const ColumnText& column : table.columns) {
    for (const Clause& clause : column.clauses) {
      if (clause.kind != Clause::Kind::primary_key) continue;
      key.columns.push_back(fold_case(column.name));
      key.is_descending = clause.text.has("desc");
    }
  }
  for (const Clause& clause : table.constraints) {
    if (clause.kind != Clause::Kind::primary_key) continue;
    Cursor text = clause.text;
    text.take({"primary", "key"});
    Cursor list = text.take_group();
    while (!list.done()) {
      key.columns.push_back(fold_case(list.name()));
      list.move_to(list.find(","));
      list.skip();
    }
  }
  return key;
}

/// Columns that hold no NULL whether or not NOT NULL is written: the rowid
/// (lang_createtable.html: but for INTEGER PRIMARY KEY DESC), and keys of
/// WITHOUT ROWID and STRICT tables.
std::set<std::string> never_null(const sqlite::TableText& table) {
  const Key key = key_of(table);
  const bool takes_none = std::any_of(
      table.options.begin(), table.options.end(), [](const Cursor& option) {
        return option.sees("without") || option.sees("strict");
      });
  const std::set<std::string> columns(key.columns.begin(), key.columns.end());
  if (takes_none) return columns;
  if (columns.size() != 1 || key.is_descending) return {};
  const bool is_rowid = std::any_of(
      table.columns.begin(), table.columns.end(), [&](const auto& column) {
        return fold_case(column.name) == key.columns.front() &&
               fold_case(even(column.type)) == "integer";
      });
  return is_rowid ? columns : std::set<std::string>();
}

std::string column_line(const ColumnText& column, bool is_never_null,
                        Lines& lines) {
  Lines words;
  for (const Clause& clause : column.clauses) {
    if (clause.kind == Clause::Kind::not_null && is_never_null) continue;
    add_clause(column.name, clause, words, lines);
  }
  std::sort(words.begin(), words.end());
  std::string line =
      "column " + column.name + " " + fold_case(even(column.type));
  for (const std::string& word : words) line += " " + word;
  return line;
}

void add_table(const Object& object, Lines& lines) {
  const Cursor statement(object.words);
  const sqlite::TableText table = sqlite::read_table(
      Cursor(statement, statement.find("("), statement.limit()));
  const std::set<std::string> full = never_null(table);
  for (const ColumnText& column : table.columns) {
    const bool is_never_null = full.count(fold_case(column.name)) > 0;
    lines.push_back(column_line(column, is_never_null, lines));
  }
  for (const Clause& clause : table.constraints) {
    lines.push_back(constraint_line(clause));
  }
  for (const Cursor& option : table.options) {
    lines.push_back("option " + fold_case(even(option)));
  }
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

bool is_virtual(const Object& object) {
  return Cursor(object.words).sees("virtual", 1);
}

void add_object(const Object& object, const std::set<std::string>& virtuals,
                Catalog& catalog) {
  const std::string& table = object.table;
  if (is_internal(object.name) || is_internal(table)) return;
  const bool listed = (object.type != "table" && object.type != "index") ||
                      virtuals.count(table) != 0 || is_shadow(table, virtuals);
  if (listed) {
    catalog.unmodelled.push_back(object.type + " " + object.name);
    return;
  }
  Lines& lines = catalog.objects["table " + table];
  if (object.type == "index") {
    lines.push_back(even(Cursor(object.words)));
  } else {
    add_table(object, lines);
  }
}

/// What SQLite would keep of a CREATE: its text as it is.
std::optional<Object> object_of(const std::string& sql) {
  Object object;
  object.words = sqlite::words_of(sql);
  Cursor words(object.words);
  if (!words.take("create")) return std::nullopt;
  if (words.take("table")) {
    object.type = "table";
    object.name = object.table = words.name();
  } else {
    words.take("unique");
    if (!words.take("index")) return std::nullopt;
    object.type = "index";
    object.name = words.name();
    if (!words.take("on")) return std::nullopt;
    object.table = words.name();
  }
  if (!words.sees("(")) return std::nullopt;
  return object;
}

Catalog catalog_of(const std::vector<Object>& objects) {
  std::set<std::string> virtuals;
  for (const Object& object : objects) {
    if (is_virtual(object)) virtuals.insert(object.name);
  }
  Catalog catalog;
  for (const Object& object : objects) add_object(object, virtuals, catalog);
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
  std::vector<Object> objects;
  for (const Row& row : *rows) {
    Object object{
        row[0].value_or(""), row[1].value_or(""), row[2].value_or(""), {}};
    if (row[3]) object.words = sqlite::words_of(*row[3]);
    objects.push_back(std::move(object));
  }
  return catalog_of(objects);
}

std::optional<Catalog> foresee_sqlite_catalog(const Script& script) {
  std::vector<Object> objects;
  for (const Statement& statement : script.statements) {
    if (statement.guard) continue;
    auto object = object_of(statement.sql);
    if (!object) return std::nullopt;
    objects.push_back(std::move(*object));
  }
  return catalog_of(objects);
}

}  // namespace schemagen::gen
