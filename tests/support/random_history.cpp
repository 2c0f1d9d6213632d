#include "support/random_history.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "dialect/dialect.hpp"
#include "model/text.hpp"
#include "model/types.hpp"
#include "plan/identity.hpp"
#include "plan/type_step.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

using Names = std::vector<std::string>;

const Names kColumnNames = {
    "name",  "email", "select", "we\"ird", "größe", "two words",
    "Upper", "score", "it's",   "a.b",     "note",  "amount",
    "from",  "x",     "y",      "kind",    "ref",   "semi;colon",
    "a=b",   "NAME",  "-- no",  "$1",      "new",   "old"};
const Names kTableNames = {"users", "teams",  "order",    "Mixed", "USERS",
                           "logs",  "größen", "my table", "t\"q",  "a.t"};
const Names kValueNames = {"alpha", "beta", "it's", "omega", "Alpha", "größer"};
const std::vector<TypeKind> kKinds = {
    TypeKind::boolean,     TypeKind::int8,       TypeKind::int16,
    TypeKind::int32,       TypeKind::int32,      TypeKind::int64,
    TypeKind::uint8,       TypeKind::uint16,     TypeKind::uint32,
    TypeKind::uint64,      TypeKind::uint64,     TypeKind::float32,
    TypeKind::float64,     TypeKind::text,       TypeKind::text,
    TypeKind::text,        TypeKind::blob,       TypeKind::timestamp,
    TypeKind::date,        TypeKind::duration,   TypeKind::decimal,
    TypeKind::time_of_day, TypeKind::uuid,       TypeKind::json,
    TypeKind::enumeration, TypeKind::enumeration};

std::string quoted(const std::string& name) {
  return find_dialect("sqlite")->quote(name);
}

template <class List, class Test>
void erase_if(List& list, Test test) {
  list.erase(std::remove_if(list.begin(), list.end(), test), list.end());
}

bool has(const Names& names, const std::string& name) {
  return std::count(names.begin(), names.end(), name) != 0;
}

bool is_integer_kind(TypeKind kind) {
  return kind >= TypeKind::int8 && kind <= TypeKind::uint32;
}

Column* find(Table& table, const std::string& name) {
  for (Column& column : table.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

/// Everything in which SQL of the user or a list of names mentions columns.
template <class NameVisitor, class SqlVisitor>
void visit_mentions(Table& table, NameVisitor name, SqlVisitor sql) {
  for (std::string& each : table.primary_key) name(each);
  for (Unique& unique : table.uniques) {
    for (std::string& each : unique.columns) name(each);
  }
  for (Index& index : table.indexes) {
    for (IndexColumn& column : index.columns) name(column.name);
    sql(index.where);
    sql(index.expression);
  }
  for (Check& check : table.checks) {
    name(check.column);
    sql(check.sql);
  }
  for (ForeignKey& key : table.foreign_keys) {
    for (std::string& each : key.columns) name(each);
  }
  for (Column& column : table.columns) sql(column.generated);
}

bool sql_mentions(const std::string& sql, const std::string& column) {
  return sql.find(quoted(column)) != std::string::npos;
}

bool is_in_sql(Table& table, const std::string& column) {
  bool found = false;
  visit_mentions(
      table, [](const std::string&) {},
      [&](const std::string& sql) {
        found = found || sql_mentions(sql, column);
      });
  return found;
}

void rename_in_sql(std::string& sql, const std::string& from,
                   const std::string& to) {
  const std::string old = quoted(from), now = quoted(to);
  for (std::size_t at = sql.find(old); at != std::string::npos;
       at = sql.find(old, at + now.size())) {
    sql.replace(at, old.size(), now);
  }
}

/// The model on its way. Tables, columns, enums and values carry an identity
/// that no edit changes (entity, member, cpp_name, line), from which the
/// consents of a version follow.
struct Draft {
  Schema schema;
  Names edits;
  int serial = 0;

  // Words that no flag is needed for.
  Table* some_table(Dice& dice) {
    return schema.tables.empty() ? nullptr : &dice.pick(schema.tables);
  }
  Table* find_table(const std::string& in, const std::string& name) {
    for (Table& table : schema.tables) {
      if (table.name == name && table.schema == in) return &table;
    }
    return nullptr;
  }
  Enum* find_enum(const std::string& name) {
    for (Enum& e : schema.enums) {
      if (e.name == name) return &e;
    }
    return nullptr;
  }
};

// What an edit leaves behind in a shape that no header could have -------------

bool may_be_key(const Draft& draft, const Column& column) {
  (void)draft;
  return !column.nullable && column.generated.empty() &&
         column.type.kind != TypeKind::json;
}

bool is_unique_target(const Table& table, const Names& columns) {
  auto same = [&](Names other) {
    Names mine = columns;
    std::sort(mine.begin(), mine.end());
    std::sort(other.begin(), other.end());
    return mine == other;
  };
  if (same(table.primary_key)) return true;
  return std::any_of(table.uniques.begin(), table.uniques.end(),
                     [&](const Unique& u) { return same(u.columns); });
}

bool needs_null(Action action) { return action == Action::set_null; }

bool is_sound(Draft& draft, Table& table, const ForeignKey& key) {
  Table* target = draft.find_table(key.schema, key.table);
  if (target == nullptr || !is_unique_target(*target, key.references)) {
    return false;
  }
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const Column* from = find(table, key.columns[i]);
    const Column* to = find(*target, key.references[i]);
    if (from == nullptr || to == nullptr || from->type != to->type ||
        !from->generated.empty() || !to->generated.empty() ||
        from->type.kind == TypeKind::enumeration) {
      return false;
    }
    if ((needs_null(key.on_delete) || needs_null(key.on_update)) &&
        !from->nullable) {
      return false;
    }
    if ((key.on_delete == Action::set_default) && !from->nullable &&
        !from->default_value) {
      return false;
    }
  }
  return true;
}

/// No header can initialise with an enumerator that is gone.
void forget_lost_value(Draft& draft, Column& column) {
  const Enum* e = draft.find_enum(column.type.enum_name);
  if (e == nullptr || !column.default_value) return;
  const bool known = std::any_of(
      e->values.begin(), e->values.end(), [&](const EnumValue& value) {
        return value.name == column.default_value->text;
      });
  if (!known) column.default_value->text = e->values.front().name;
}

void repair(Draft& draft, Table& table) {
  Names key;
  for (const std::string& name : table.primary_key) {
    const Column* column = find(table, name);
    if (column != nullptr && may_be_key(draft, *column)) key.push_back(name);
  }
  if (key.empty()) {
    for (const Column& column : table.columns) {
      if (is_row_name(column)) key = {column.name};
    }
  }
  table.primary_key = key;
  for (Column& column : table.columns) {
    if (table.without_rowid || key.size() != 1 || key[0] != column.name) {
      column.autoincrement = false;
    }
    if (column.autoincrement) column.default_value.reset();
    forget_lost_value(draft, column);
  }
}

void repair(Draft& draft) {
  for (Table& table : draft.schema.tables) repair(draft, table);
  bool more = true;
  while (more) {
    more = false;
    for (Table& table : draft.schema.tables) {
      const std::size_t count = table.foreign_keys.size();
      erase_if(table.foreign_keys, [&](const ForeignKey& key) {
        return !is_sound(draft, table, key);
      });
      more = more || table.foreign_keys.size() != count;
    }
  }
}

// Consents --------------------------------------------------------------------

class ConsentFinder {
 public:
  ConsentFinder(const Schema& before, Schema& after, Dice& dice)
      : before_(before), after_(after), dice_(dice) {}

  Consents run() {
    for (const Table& old : before_.tables) {
      const std::string name = display(name_of(old));
      Table* now = successor(old);
      if (now == nullptr) {
        consents_.drops.push_back(name);
        continue;
      }
      const std::string new_name = display(name_of(*now));
      if (new_name != name) rename_table(old, *now);
      columns(old, *now, new_name);
    }
    for (const Enum& old : before_.enums) values(old);
    return std::move(consents_);
  }

 private:
  Table* successor(const Table& old) {
    for (Table& table : after_.tables) {
      if (table.entity == old.entity) return &table;
    }
    return nullptr;
  }

  void rename_table(const Table& old, Table& now) {
    const bool free = std::none_of(
        after_.tables.begin(), after_.tables.end(), [&](const Table& t) {
          return fold_case(t.name) == fold_case(old.name);
        });
    if (free && old.schema == now.schema && dice_.chance(50)) {
      now.renamed_from = old.name;
    } else {
      now.renamed_from.clear();
      consents_.renames.push_back(display(name_of(old)) + "=" +
                                  display(name_of(now)));
    }
  }

  void columns(const Table& old, Table& now, const std::string& name) {
    for (const Column& column : old.columns) {
      Column* same = nullptr;
      for (Column& each : now.columns) {
        if (each.member == column.member) same = &each;
      }
      if (same == nullptr) {
        if (column.generated.empty() || is_taken(now, column.name)) {
          consents_.drops.push_back(name + "." + column.name);
        }
      } else if (same->name != column.name) {
        rename_column(old, column, now, *same, name);
      } else if (column.generated.empty() && !same->generated.empty()) {
        consents_.drops.push_back(name + "." + column.name);
      }
    }
  }

  static bool is_taken(const Table& table, const std::string& name) {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [&](const Column& c) { return c.name == name; });
  }

  void rename_column(const Table& old, const Column& column, const Table& now,
                     Column& same, const std::string& name) {
    const bool free =
        !is_taken(now, column.name) &&
        std::none_of(old.columns.begin(), old.columns.end(),
                     [&](const Column& c) { return c.name == same.name; });
    if (free && dice_.chance(50)) {
      same.renamed_from = column.name;
      return;
    }
    same.renamed_from.clear();
    consents_.renames.push_back(name + "." + column.name + "=" + same.name);
  }

  void values(const Enum& old) {
    for (const Enum& now : after_.enums) {
      if (now.cpp_name != old.cpp_name) continue;
      if (now.name != old.name) {
        consents_.renames.push_back("enum:" + old.name + "=" + now.name);
      }
      for (const EnumValue& value : old.values) one_value(old, value, now);
      return;
    }
  }

  void one_value(const Enum& old, const EnumValue& value, const Enum& now) {
    const std::string name = "enum:" + old.name + "." + value.name;
    for (const EnumValue& each : now.values) {
      if (each.at.line != value.at.line) continue;
      if (each.name != value.name) {
        consents_.renames.push_back(name + "=" + each.name);
      }
      return;
    }
    consents_.drops.push_back(name);
  }

  const Schema& before_;
  Schema& after_;
  Dice& dice_;
  Consents consents_;
};

// Edits -----------------------------------------------------------------------

class Writer {
 public:
  explicit Writer(std::uint64_t seed) : dice_(seed) {}

  std::vector<Version> run(std::size_t versions, std::size_t edits) {
    make_enums();
    std::vector<Version> history;
    Schema before;
    for (std::size_t i = 0; i < versions; ++i) {
      before_ = history.empty() ? Schema{} : identified_;
      draft_.edits.clear();
      version_ = Version{};
      if (i == 0) {
        for (std::size_t t = 1 + dice_.below(4); t > 0; --t) {
          attempt(&Writer::add_table);
        }
      }
      for (std::size_t e = dice_.below(edits + 1); e > 0; --e) edit();
      settle();
      history.push_back(version_);
    }
    return history;
  }

 private:
  void note(std::string text) { draft_.edits.push_back(std::move(text)); }

  /// Carries an edit out, unless what comes of it is nothing that a user could
  /// ask for.
  void attempt(void (Writer::*change)()) {
    Draft saved = draft_;
    (this->*change)();
    repair(draft_);
    if (!is_accepted()) draft_ = std::move(saved);
  }

  Schema used_schema() const {
    Schema schema = draft_.schema;
    erase_if(schema.enums, [&](const Enum& e) {
      for (const Table& table : schema.tables) {
        for (const Column& column : table.columns) {
          if (column.type.enum_name == e.name) return false;
        }
      }
      return true;
    });
    return schema;
  }

  bool is_accepted() {
    Dice dice(1);
    Schema schema = used_schema();
    const Consents consents = ConsentFinder(before_, schema, dice).run();
    Schema old = before_;
    canonicalize(old);
    canonicalize(schema);
    Diagnostics diagnostics;
    (void)make_plan(old, schema, consents, diagnostics);
    for (const std::string& name : dialect_names()) {
      find_dialect(name)->check(schema, diagnostics);
    }
    return !diagnostics.has_errors();
  }

  void settle() {
    Schema schema = used_schema();
    version_.consents = ConsentFinder(before_, schema, dice_).run();
    for (Table& table : draft_.schema.tables) keep_instructions(schema, table);
    identified_ = used_schema();
    canonicalize(schema);
    version_.schema = std::move(schema);
    version_.edits = draft_.edits;
    for (Table& table : draft_.schema.tables) {
      for (Column& column : table.columns) {
        column.backfill.clear();
        column.using_sql.clear();
      }
    }
  }

  /// Annotations that were carried out may stay in the header.
  void keep_instructions(const Schema& schema, Table& table) {
    for (const Table& each : schema.tables) {
      if (each.entity != table.entity) continue;
      table.renamed_from = dice_.chance(50) ? each.renamed_from : "";
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        table.columns[i].renamed_from =
            dice_.chance(50) ? each.columns[i].renamed_from : "";
      }
    }
  }

  void edit() {
    using Edit = void (Writer::*)();
    static const std::vector<Edit> kEdits = {
        &Writer::add_column,     &Writer::add_column,
        &Writer::drop_column,    &Writer::rename_column,
        &Writer::swap_columns,   &Writer::change_null,
        &Writer::change_type,    &Writer::change_type,
        &Writer::change_default, &Writer::add_table,
        &Writer::drop_table,     &Writer::rename_table,
        &Writer::swap_tables,    &Writer::replace_table,
        &Writer::move_schema,    &Writer::change_index,
        &Writer::change_unique,  &Writer::change_check,
        &Writer::add_foreign,    &Writer::change_foreign,
        &Writer::change_value,   &Writer::change_enum,
        &Writer::change_options, &Writer::change_key,
        &Writer::replace_column, &Writer::change_generated,
        &Writer::change_words,   &Writer::change_number};
    attempt(dice_.pick(kEdits));
  }

  // Enums -------------------------------------------------------------------

  void make_enums() {
    const EnumStorage storages[] = {EnumStorage::text, EnumStorage::integer,
                                    EnumStorage::native};
    for (const EnumStorage storage : storages) {
      Enum e;
      e.name = "enum_" + std::to_string(++draft_.serial);
      e.cpp_name = "Enum" + std::to_string(draft_.serial);
      e.storage = storage;
      for (std::size_t i = 0; i < 3; ++i) add_value(e, kValueNames[i]);
      draft_.schema.enums.push_back(std::move(e));
    }
  }

  void add_value(Enum& e, const std::string& name) {
    EnumValue value;
    value.name = value.enumerator = name;
    for (const EnumValue& each : e.values) {
      value.number = std::max(value.number, each.number + 1);
    }
    value.at.line = ++draft_.serial;
    e.values.push_back(std::move(value));
  }

  /// As an IDE does it: initialisers follow.
  void rename_value(const Enum& e, EnumValue& value, const std::string& to) {
    for (Table& table : draft_.schema.tables) {
      for (Column& column : table.columns) {
        if (column.type.enum_name == e.name && column.default_value &&
            column.default_value->text == value.name) {
          column.default_value->text = to;
        }
      }
    }
    value.name = value.enumerator = to;
  }

  void change_value() {
    Enum& e = dice_.pick(draft_.schema.enums);
    Names free;
    for (const std::string& name : kValueNames) {
      if (std::none_of(e.values.begin(), e.values.end(),
                       [&](const EnumValue& v) { return v.name == name; })) {
        free.push_back(name);
      }
    }
    EnumValue& value = dice_.pick(e.values);
    switch (dice_.below(5)) {
      case 0:
        if (!free.empty()) add_value(e, dice_.pick(free));
        return note("add a value to " + e.name);
      case 1:
        if (e.values.size() < 2) return;
        note("drop " + e.name + "." + value.name);
        e.values.erase(e.values.begin() + (&value - e.values.data()));
        return;
      case 2:
        if (free.empty()) return;
        note("rename " + e.name + "." + value.name);
        return rename_value(e, value, dice_.pick(free));
      case 3: {
        EnumValue& other = dice_.pick(e.values);
        const std::string one = value.name, two = other.name;
        if (one == two) return;
        rename_value(e, value, "\x01");
        rename_value(e, other, one);
        rename_value(e, value, two);
        return note("swap the names of two values of " + e.name);
      }
      default:
        std::reverse(e.values.begin(), e.values.end());
        for (std::size_t i = 0; i < e.values.size(); ++i) {
          e.values[i].number = static_cast<std::int64_t>(i * 7) - 3;
        }
        note("turn the order of " + e.name + " round");
    }
  }

  void change_enum() {
    Enum& e = dice_.pick(draft_.schema.enums);
    if (dice_.chance(50)) {
      const std::string from = e.name;
      e.name = "enum_" + std::to_string(++draft_.serial);
      for (Table& table : draft_.schema.tables) {
        for (Column& column : table.columns) {
          if (column.type.enum_name == from) column.type.enum_name = e.name;
        }
      }
      return note("rename enum " + from + " to " + e.name);
    }
    e.storage = e.storage == EnumStorage::text ? EnumStorage::native
                                               : EnumStorage::text;
    note("change the storage of " + e.name);
  }

  // Tables ------------------------------------------------------------------

  std::string free_table_name() {
    for (int i = 0; i < 20; ++i) {
      const std::string& name = dice_.pick(kTableNames);
      if (std::none_of(draft_.schema.tables.begin(), draft_.schema.tables.end(),
                       [&](const Table& t) {
                         return fold_case(t.name) == fold_case(name);
                       })) {
        return name;
      }
    }
    return "table_" + std::to_string(++draft_.serial);
  }

  std::string free_column_name(const Table& table) {
    for (int i = 0; i < 20; ++i) {
      const std::string& name = dice_.pick(kColumnNames);
      if (std::none_of(table.columns.begin(), table.columns.end(),
                       [&](const Column& c) {
                         return fold_case(c.name) == fold_case(name);
                       })) {
        return name;
      }
    }
    return "column_" + std::to_string(++draft_.serial);
  }

  Table new_table(const std::string& name) {
    Table table;
    table.name = name;
    table.entity = "E" + std::to_string(++draft_.serial);
    if (dice_.chance(15)) table.schema = "app";
    table.strict = dice_.chance(20);
    Column id;
    id.name = dice_.chance(80) ? "id" : "ID";
    id.member = "m" + std::to_string(++draft_.serial);
    id.type.kind = TypeKind::int64;
    id.autoincrement = dice_.chance(30);
    table.columns.push_back(id);
    table.primary_key = {id.name};
    for (std::size_t i = 1 + dice_.below(5); i > 0; --i) {
      table.columns.push_back(new_column(table, false));
    }
    return table;
  }

  void add_table() {
    if (draft_.schema.tables.size() > 5) return;
    Table table = new_table(free_table_name());
    note("add table " + table.name);
    draft_.schema.tables.push_back(std::move(table));
    for (int i = 0; i < 3; ++i) edit_new_table();
  }

  void edit_new_table() {
    target_ = &draft_.schema.tables.back();
    switch (dice_.below(6)) {
      case 0:
        change_index();
        break;
      case 1:
        change_unique();
        break;
      case 2:
        change_check();
        break;
      case 3:
        change_generated();
        break;
      case 4:
        change_key();
        break;
      default:
        add_foreign();
    }
    target_ = nullptr;
  }

  Table* target() {
    return target_ != nullptr ? target_ : draft_.some_table(dice_);
  }

  void remove_table(const Table& gone) {
    const std::string in = gone.schema, name = gone.name;
    for (Table& table : draft_.schema.tables) {
      erase_if(table.foreign_keys, [&](const ForeignKey& key) {
        return key.table == name && key.schema == in;
      });
    }
    erase_if(draft_.schema.tables, [&](const Table& table) {
      return table.name == name && table.schema == in;
    });
  }

  void drop_table() {
    if (draft_.schema.tables.size() < 2) return;
    const Table& table = *draft_.some_table(dice_);
    note("drop table " + table.name);
    remove_table(table);
  }

  void replace_table() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr) return;
    Table fresh = new_table(table->name);
    fresh.schema = table->schema;
    note("replace table " + table->name);
    remove_table(*table);
    draft_.schema.tables.push_back(std::move(fresh));
  }

  void move_table(Table& table, const std::string& in,
                  const std::string& name) {
    const std::string old_in = table.schema, old_name = table.name;
    for (Table& other : draft_.schema.tables) {
      for (ForeignKey& key : other.foreign_keys) {
        if (key.table != old_name || key.schema != old_in) continue;
        key.table = name;
        key.schema = in;
      }
    }
    table.schema = in;
    table.name = name;
  }

  static std::string other_case(std::string name) {
    for (char& c : name) {
      if (c >= 'a' && c <= 'z') {
        c = static_cast<char>(c - 'a' + 'A');
      } else if (c >= 'A' && c <= 'Z') {
        c = static_cast<char>(c - 'A' + 'a');
      }
    }
    return name;
  }

  void rename_table() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr) return;
    const std::string from = table->name;
    move_table(*table, table->schema,
               dice_.chance(30) ? other_case(from) : free_table_name());
    note("rename table " + from + " to " + table->name);
  }

  void swap_tables() {
    Table* a = draft_.some_table(dice_);
    Table* b = draft_.some_table(dice_);
    if (a == b || a->schema != b->schema) return;
    const std::string one = a->name, two = b->name;
    note("swap tables " + one + " and " + two);
    move_table(*a, a->schema, "\x01");
    move_table(*b, b->schema, one);
    move_table(*a, a->schema, two);
  }

  void move_schema() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr || dice_.chance(50)) return;
    note("move table " + table->name + " to another schema");
    move_table(*table, table->schema.empty() ? "app" : "", table->name);
  }

  void change_options() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr) return;
    note("change options of " + table->name);
    if (dice_.chance(40)) table->strict = !table->strict;
    if (dice_.chance(40)) table->without_rowid = !table->without_rowid;
    if (dice_.chance(40)) table->comment = words();
  }

  std::string words() {
    static const Names kWords = {"", "It's a -- comment.", "two\nlines",
                                 "größer; \"x\"", "\\ back"};
    return dice_.pick(kWords);
  }

  // Columns -----------------------------------------------------------------

  Type random_type() {
    static const Names kUnits = {"ns", "us", "ms", "s"};
    Type type;
    type.kind = dice_.pick(kKinds);
    if (type.kind == TypeKind::text && dice_.chance(50)) {
      type.max_length = dice_.chance(50) ? 40 : 12;
    }
    if (type.kind == TypeKind::blob && dice_.chance(50)) {
      type.max_length = dice_.chance(50) ? 16 : 8;
      type.fixed = dice_.chance(50);
    }
    if (type.kind == TypeKind::decimal) {
      type.precision = dice_.chance(50) ? 12 : 30;
      type.scale = dice_.chance(50) ? 2 : 5;
    }
    if (type.kind == TypeKind::duration || type.kind == TypeKind::time_of_day) {
      type.unit = dice_.pick(kUnits);
    }
    if (type.kind == TypeKind::enumeration) {
      type.enum_name = dice_.pick(draft_.schema.enums).name;
    }
    return type;
  }

  /// A constant of the type as SQL, the same on both engines.
  std::optional<std::string> constant_sql(const Type& type) {
    switch (type.kind) {
      case TypeKind::text:
        return "'a' || 'b;--'";
      case TypeKind::int8:
      case TypeKind::int16:
      case TypeKind::int32:
      case TypeKind::int64:
      case TypeKind::uint8:
      case TypeKind::uint16:
      case TypeKind::uint32:
      case TypeKind::uint64:
        return "3 + 4";
      case TypeKind::float32:
      case TypeKind::float64:
        return "0.5";
      case TypeKind::decimal:
        return "'1.25'";
      case TypeKind::date:
        return "'2024-02-29'";
      case TypeKind::timestamp:
        return "CURRENT_TIMESTAMP";
      case TypeKind::json:
        return "'{}'";
      default:
        return std::nullopt;
    }
  }

  std::optional<Literal> constant(const Type& type) {
    switch (type.kind) {
      case TypeKind::boolean:
        return Literal{Literal::Kind::boolean,
                       dice_.chance(50) ? "true" : "false"};
      case TypeKind::float32:
      case TypeKind::float64:
        return Literal{Literal::Kind::real,
                       dice_.chance(50) ? "0.25" : "-1e20"};
      case TypeKind::text:
        return Literal{Literal::Kind::text,
                       dice_.chance(30) ? "" : "it's \"q\" \\ ä"};
      case TypeKind::blob:
        if (type.fixed) return std::nullopt;
        return Literal{Literal::Kind::blob, dice_.chance(30) ? "" : "00ff27"};
      case TypeKind::enumeration:
        return Literal{
            Literal::Kind::enumerator,
            dice_.pick(draft_.find_enum(type.enum_name)->values).name};
      case TypeKind::timestamp:
        return Literal{Literal::Kind::integer, "1500000000000000000"};
      case TypeKind::date:
        return Literal{Literal::Kind::integer, "19000"};
      case TypeKind::uint64:
        return Literal{Literal::Kind::integer,
                       dice_.chance(50) ? "18446744073709551615" : "7"};
      case TypeKind::int64:
        return Literal{Literal::Kind::integer,
                       dice_.chance(50) ? "-9223372036854775808" : "-1"};
      case TypeKind::decimal:
      case TypeKind::uuid:
      case TypeKind::json:
        return std::nullopt;
      default:
        return Literal{Literal::Kind::integer,
                       std::to_string(dice_.below(100))};
    }
  }

  void give_default(Column& column) {
    column.default_value.reset();
    column.default_sql.clear();
    if (dice_.chance(25)) {
      column.default_sql = constant_sql(column.type).value_or("");
    }
    if (column.default_sql.empty())
      column.default_value = constant(column.type);
  }

  Column new_column(const Table& table, bool for_rows) {
    Column column;
    column.name = free_column_name(table);
    column.member = "m" + std::to_string(++draft_.serial);
    column.type = random_type();
    column.nullable = dice_.chance(50);
    if (dice_.chance(40)) give_default(column);
    if (for_rows && !column.nullable) need_value(column);
    if (column.type.kind == TypeKind::text && dice_.chance(20)) {
      column.collate = "NOCASE";
    }
    if (dice_.chance(15)) column.comment = words();
    return column;
  }

  void need_value(Column& column) {
    if (dice_.chance(50))
      column.backfill = constant_sql(column.type).value_or("");
    if (!column.backfill.empty()) return;
    give_default(column);
    if (!column.default_value && column.default_sql.empty()) {
      column.nullable = true;
    }
  }

  /// A column that may change in every way, or nullptr.
  Column* some_column(Table& table) {
    std::vector<Column*> candidates;
    for (Column& column : table.columns) {
      if (column.generated.empty() && !is_row_name(column)) {
        candidates.push_back(&column);
      }
    }
    return candidates.empty() ? nullptr : dice_.pick(candidates);
  }

  void add_column() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr) return;
    Column column = new_column(*table, true);
    note("add column " + table->name + "." + column.name);
    table->columns.push_back(std::move(column));
  }

  /// Everything that mentions the column goes with it.
  void forget(Table& table, const std::string& name) {
    erase_if(table.primary_key, [&](const auto& n) { return n == name; });
    erase_if(table.uniques,
             [&](const Unique& u) { return has(u.columns, name); });
    erase_if(table.indexes, [&](const Index& index) {
      return sql_mentions(index.where, name) ||
             sql_mentions(index.expression, name) ||
             std::any_of(index.columns.begin(), index.columns.end(),
                         [&](const IndexColumn& c) { return c.name == name; });
    });
    erase_if(table.checks, [&](const Check& check) {
      return check.column == name || sql_mentions(check.sql, name);
    });
    erase_if(table.foreign_keys,
             [&](const ForeignKey& key) { return has(key.columns, name); });
    for (Table& other : draft_.schema.tables) {
      erase_if(other.foreign_keys, [&](const ForeignKey& key) {
        return key.table == table.name && key.schema == table.schema &&
               has(key.references, name);
      });
    }
    Names generated;
    for (const Column& each : table.columns) {
      if (sql_mentions(each.generated, name)) generated.push_back(each.name);
    }
    for (const std::string& each : generated) remove_column(table, each);
  }

  void remove_column(Table& table, const std::string& name) {
    forget(table, name);
    erase_if(table.columns, [&](const Column& c) { return c.name == name; });
  }

  void drop_column() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr || table->columns.size() < 2) return;
    const Column& column = dice_.pick(table->columns);
    if (is_row_name(column)) return;
    note("drop column " + table->name + "." + column.name);
    remove_column(*table, std::string(column.name));
  }

  void replace_column() {
    Table* table = draft_.some_table(dice_);
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr) return;
    Column fresh = new_column(*table, true);
    fresh.name = column->name;
    note("replace column " + table->name + "." + fresh.name);
    remove_column(*table, std::string(column->name));
    table->columns.push_back(std::move(fresh));
  }

  void rename_to(Table& table, const std::string& from, const std::string& to) {
    auto rename = [&](std::string& name) {
      if (name == from) name = to;
    };
    visit_mentions(table, rename,
                   [&](std::string& sql) { rename_in_sql(sql, from, to); });
    for (Column& column : table.columns) rename(column.name);
    for (Table& other : draft_.schema.tables) {
      for (ForeignKey& key : other.foreign_keys) {
        if (key.table != table.name || key.schema != table.schema) continue;
        for (std::string& name : key.references) rename(name);
      }
    }
  }

  void rename_column() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr) return;
    const Column& column = dice_.pick(table->columns);
    const std::string from = column.name;
    const std::string to = is_row_name(column) || dice_.chance(30)
                               ? other_case(from)
                               : free_column_name(*table);
    note("rename column " + table->name + "." + from + " to " + to);
    rename_to(*table, from, to);
  }

  void swap_columns() {
    Table* table = draft_.some_table(dice_);
    Column* a = table == nullptr ? nullptr : some_column(*table);
    Column* b = table == nullptr ? nullptr : some_column(*table);
    if (a == b) return;
    const std::string one = a->name, two = b->name;
    note("swap columns " + table->name + "." + one + " and " + two);
    rename_to(*table, one, "\x01");
    rename_to(*table, two, one);
    rename_to(*table, "\x01", two);
  }

  void change_null() {
    Table* table = draft_.some_table(dice_);
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr) return;
    note("change nullability of " + table->name + "." + column->name);
    column->nullable = !column->nullable;
    if (!column->nullable) need_value(*column);
  }

  void change_type() {
    Table* table = draft_.some_table(dice_);
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr) return;
    Type type = random_type();
    if (is_in_sql(*table, column->name) &&
        !(is_integer_kind(type.kind) && is_integer_kind(column->type.kind)) &&
        type.kind != column->type.kind) {
      return;
    }
    note("change type of " + table->name + "." + column->name + " from " +
         type_kind_name(column->type.kind) + " to " +
         type_kind_name(type.kind));
    const TypeStep step =
        type_step(draft_.schema, column->type, draft_.schema, type);
    column->type = type;
    column->default_sql.clear();
    if (column->default_value || !column->nullable) give_default(*column);
    if (type.kind != TypeKind::text) column->collate.clear();
    if (step != TypeStep::unclear) return;
    column->using_sql =
        column->nullable ? "NULL" : constant_sql(type).value_or("");
  }

  void change_default() {
    Table* table = draft_.some_table(dice_);
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr) return;
    note("change default of " + table->name + "." + column->name);
    if (dice_.chance(30)) {
      column->default_value.reset();
      column->default_sql.clear();
    } else {
      give_default(*column);
    }
  }

  void change_words() {
    Table* table = draft_.some_table(dice_);
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr) return;
    note("change words of " + table->name + "." + column->name);
    column->comment = words();
    if (column->type.kind == TypeKind::text) {
      column->collate = dice_.chance(50) ? "NOCASE" : "";
    }
  }

  void change_number() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr) return;
    note("change the counter of " + table->name);
    for (Column& column : table->columns) {
      if (is_row_name(column)) column.autoincrement = !column.autoincrement;
    }
  }

  void change_generated() {
    Table* table = target();
    Column* source = table == nullptr ? nullptr : some_column(*table);
    if (source == nullptr) return;
    Column column;
    column.name = free_column_name(*table);
    column.member = "m" + std::to_string(++draft_.serial);
    column.nullable = true;
    column.stored = true;
    if (is_integer_kind(source->type.kind)) {
      column.type.kind = TypeKind::int64;
      column.generated = quoted(source->name) + " / 2";
    } else if (source->type.kind == TypeKind::text) {
      column.generated = "coalesce(" + quoted(source->name) + ", '') || '!'";
    } else {
      column.type.kind = TypeKind::boolean;
      column.generated = quoted(source->name) + " IS NULL";
    }
    if (dice_.chance(25)) return turn_generated(*table, *source, column);
    note("add generated column " + table->name + "." + column.name);
    table->columns.push_back(std::move(column));
  }

  /// A column becomes generated, or one becomes ordinary.
  void turn_generated(Table& table, const Column& source,
                      const Column& wanted) {
    for (Column& column : table.columns) {
      if (&column == &source || is_row_name(column)) continue;
      note("turn generated " + table.name + "." + column.name);
      if (!column.generated.empty()) {
        column.generated.clear();
        column.stored = false;
        return;
      }
      if (column.type != wanted.type || is_in_sql(table, column.name)) return;
      column.generated = wanted.generated;
      column.stored = true;
      column.nullable = true;
      column.default_value.reset();
      column.default_sql = column.collate = column.backfill = "";
      return;
    }
  }

  // Keys, indexes, checks ---------------------------------------------------

  std::string some_indexable(const Table& table) {
    Names names;
    for (const Column& column : table.columns) {
      if (column.type.kind != TypeKind::json) names.push_back(column.name);
    }
    return dice_.pick(names);
  }

  void change_index() {
    Table* table = target();
    if (table == nullptr) return;
    note("change indexes of " + table->name);
    if (!table->indexes.empty() && dice_.chance(40)) {
      Index& index = dice_.pick(table->indexes);
      if (dice_.chance(50)) {
        index.unique = !index.unique;
      } else {
        index.where = "";
      }
      return;
    }
    if (!table->indexes.empty() && dice_.chance(30)) {
      return table->indexes.pop_back();
    }
    Index index;
    const std::string first = some_indexable(*table);
    if (dice_.chance(20)) {
      index.expression =
          "coalesce(" + quoted(first) + ", " + quoted(first) + ")";
      index.name = "by_" + std::to_string(++draft_.serial);
    } else {
      index.columns.push_back({first, dice_.chance(30)});
      const std::string second = some_indexable(*table);
      if (second != first) index.columns.push_back({second, dice_.chance(30)});
    }
    if (dice_.chance(30)) index.where = quoted(first) + " IS NOT NULL";
    if (dice_.chance(20)) index.method = "btree";
    index.unique = dice_.chance(20);
    if (dice_.chance(30)) index.name = "ix_" + std::to_string(++draft_.serial);
    table->indexes.push_back(std::move(index));
  }

  void change_unique() {
    Table* table = target();
    if (table == nullptr) return;
    note("change uniques of " + table->name);
    if (!table->uniques.empty() && dice_.chance(40)) {
      return table->uniques.pop_back();
    }
    Unique unique;
    unique.columns = {some_indexable(*table)};
    const std::string second = some_indexable(*table);
    if (second != unique.columns[0]) unique.columns.push_back(second);
    if (dice_.chance(30)) unique.name = "uq_" + std::to_string(++draft_.serial);
    for (const Unique& other : table->uniques) {
      if (other.columns == unique.columns) return;
    }
    table->uniques.push_back(std::move(unique));
  }

  void change_check() {
    Table* table = target();
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr) return;
    note("change checks of " + table->name);
    if (!table->checks.empty() && dice_.chance(40)) {
      return table->checks.pop_back();
    }
    Check check;
    if (is_integer_kind(column->type.kind)) {
      check.sql =
          quoted(column->name) + (dice_.chance(30) ? " >= 0" : " <> 77");
    } else if (column->type.kind == TypeKind::text) {
      check.sql = quoted(column->name) + " <> 'it''s -- forbidden'";
    } else {
      check.sql = quoted(column->name) + " IS NOT NULL";
      if (column->nullable) check.sql += " OR 1 = 1";
    }
    if (dice_.chance(50)) check.column = column->name;
    if (dice_.chance(30)) check.name = "ck_" + std::to_string(++draft_.serial);
    for (const Check& other : table->checks) {
      if (other.sql == check.sql) return;
    }
    table->checks.push_back(std::move(check));
  }

  void change_key() {
    Table* table = target();
    if (table == nullptr) return;
    note("change key of " + table->name);
    Names names;
    for (const Column& column : table->columns) {
      if (may_be_key(draft_, column)) names.push_back(column.name);
    }
    if (names.empty()) return;
    table->primary_key = {dice_.pick(names)};
    for (std::size_t i = dice_.below(3); i > 0; --i) {
      const std::string& name = dice_.pick(names);
      if (!has(table->primary_key, name)) table->primary_key.push_back(name);
    }
  }

  Action some_action() {
    static const std::vector<Action> kActions = {
        Action::no_action, Action::restrict_, Action::cascade, Action::set_null,
        Action::set_default};
    return dice_.pick(kActions);
  }

  void add_foreign() {
    Table* table = target();
    if (table == nullptr) return;
    const Table& parent = dice_.pick(draft_.schema.tables);
    ForeignKey key;
    key.table = parent.name;
    key.schema = parent.schema;
    key.references = !parent.uniques.empty() && dice_.chance(40)
                         ? parent.uniques[0].columns
                         : parent.primary_key;
    key.on_delete = some_action();
    key.on_update = dice_.chance(30) ? some_action() : Action::no_action;
    std::vector<Column> added;
    for (const std::string& name : key.references) {
      Column column;
      for (const Column& each : parent.columns) {
        if (each.name == name) column.type = each.type;
      }
      column.name = "fk_" + std::to_string(++draft_.serial);
      column.member = "m" + std::to_string(draft_.serial);
      column.nullable = true;
      key.columns.push_back(column.name);
      added.push_back(std::move(column));
    }
    note("add foreign key from " + table->name + " to " + parent.name);
    if (dice_.chance(20))
      key.name = "fk_named_" + std::to_string(++draft_.serial);
    table->columns.insert(table->columns.end(), added.begin(), added.end());
    table->foreign_keys.push_back(std::move(key));
  }

  void change_foreign() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr || table->foreign_keys.empty()) return;
    note("change foreign keys of " + table->name);
    if (dice_.chance(30)) return table->foreign_keys.pop_back();
    dice_.pick(table->foreign_keys).on_delete = some_action();
  }

  Dice dice_;
  Draft draft_;
  Schema before_, identified_;
  Version version_;
  Table* target_ = nullptr;
};

}  // namespace

bool is_row_name(const Column& column) {
  return column.type.kind == TypeKind::int64 && fold_case(column.name) == "id";
}

std::vector<Version> random_history(std::uint64_t seed, std::size_t versions,
                                    std::size_t edits) {
  return Writer(seed).run(versions, edits);
}

}  // namespace schemagen::test
