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

#include "support/history_material.ipp"

// Edits -----------------------------------------------------------------------

class Writer : Material {
 public:
  explicit Writer(const Recipe& recipe)
      : Material(recipe.seed), recipe_(recipe) {}

  std::vector<Version> run() {
    make_enums();
    std::vector<Version> history;
    for (std::size_t i = 0; i < recipe_.versions; ++i) {
      before_ = history.empty() ? Schema{} : identified_;
      draft_.edits.clear();
      version_ = Version{};
      dice_ = own_dice(~i);
      const std::size_t edits = dice_.below(recipe_.edits + 1);
      if (i == 0) {
        for (std::size_t t = 1 + dice_.below(4); t > 0; --t) {
          edit(&Writer::add_table);
        }
      }
      for (std::size_t e = 0; e < edits; ++e) edit(nullptr);
      dice_ = own_dice(~i);
      settle();
      history.push_back(version_);
    }
    return history;
  }

 private:
  Dice own_dice(std::size_t number) const {
    return Dice(recipe_.seed * 1000003 + number);
  }

  /// The next edit: `change`, or one of all.
  void edit(void (Writer::*change)()) {
    const std::size_t number = ++edits_;
    if (recipe_.without.count(number) != 0) return;
    dice_ = own_dice(number);
    if (attempt(change != nullptr ? change : some_edit())) {
      version_.numbers.push_back(number);
    }
  }

  /// Carries an edit out, unless what comes of it is nothing that a user could
  /// ask for.
  bool attempt(void (Writer::*change)()) {
    Draft saved = draft_;
    (this->*change)();
    repair(draft_);
    const bool accepted = is_accepted();
    if (!accepted) draft_ = std::move(saved);
    return accepted;
  }

  Schema used_schema() const {
    Schema schema = draft_.schema;
    SourceWriter(before_, draft_.sources).run(schema);
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
    draft_.sources.clear();
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

  using Edit = void (Writer::*)();

  Edit some_edit() {
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
        &Writer::change_words,   &Writer::change_number,
        &Writer::turn_columns,   &Writer::refer_by_columns};
    return dice_.pick(kEdits);
  }

  // Tables ------------------------------------------------------------------

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

  // Columns -----------------------------------------------------------------
  void add_column() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr) return;
    Column column = new_column(*table, true);
    note("add column " + table->name + "." + column.name);
    if (dice_.chance(40)) {
      const Column& source = dice_.pick(table->columns);
      if (is_computable(source.type, column.type) && column.generated.empty()) {
        draft_.sources[column.member] = source.member;
      }
    }
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

  /// Three names move round: a -> b -> c -> a.
  void turn_columns() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr) return;
    Names names;
    for (const Column& column : table->columns) {
      if (!is_row_name(column)) names.push_back(column.name);
    }
    if (names.size() < 3) return;
    note("turn columns of " + table->name + " round");
    rename_to(*table, names[0], "\x01");
    rename_to(*table, names[2], names[0]);
    rename_to(*table, names[1], names[2]);
    rename_to(*table, "\x01", names[1]);
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
    const Type old = column->type;
    column->type = type;
    column->default_sql.clear();
    column->backfill.clear();
    if (column->default_value || !column->nullable) give_default(*column);
    if (type.kind != TypeKind::text) column->collate.clear();
    if (step != TypeStep::unclear) return;
    draft_.sources.erase(column->member);
    if (is_computable(old, type) && dice_.chance(60)) {
      draft_.sources[column->member] = column->member;
    }
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
      static const Names kCollations = {"NOCASE", "RTRIM", "BINARY", ""};
      column->collate = dice_.pick(kCollations);
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
    column.stored = dice_.chance(60);
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
      column.stored = wanted.stored;
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
      if (may_be_key(column)) names.push_back(column.name);
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

  /// A key over columns that have been there, where one of the right type is;
  /// they may demand a value and stand in other keys.
  void refer_by_columns() {
    Table* table = target();
    if (table == nullptr) return;
    const Table& parent = dice_.pick(draft_.schema.tables);
    ForeignKey key;
    key.table = parent.name;
    key.schema = parent.schema;
    key.references = parent.primary_key;
    key.on_delete = dice_.chance(50) ? Action::cascade : Action::no_action;
    for (const std::string& name : key.references) {
      Names candidates;
      for (const Column& each : parent.columns) {
        if (each.name != name) continue;
        for (const Column& column : table->columns) {
          if (column.type == each.type && !has(key.columns, column.name)) {
            candidates.push_back(column.name);
          }
        }
      }
      if (candidates.empty()) return;
      key.columns.push_back(dice_.pick(candidates));
    }
    for (const ForeignKey& other : table->foreign_keys) {
      if (other.columns == key.columns) return;
    }
    note("refer from columns of " + table->name + " to " + parent.name);
    table->foreign_keys.push_back(std::move(key));
  }

  void change_foreign() {
    Table* table = draft_.some_table(dice_);
    if (table == nullptr || table->foreign_keys.empty()) return;
    note("change foreign keys of " + table->name);
    if (dice_.chance(30)) return table->foreign_keys.pop_back();
    dice_.pick(table->foreign_keys).on_delete = some_action();
  }

  const Recipe& recipe_;
  std::size_t edits_ = 0;
  Schema before_, identified_;
  Version version_;
  Table* target_ = nullptr;
};

}  // namespace

bool is_row_name(const Column& column) {
  return column.type.kind == TypeKind::int64 && fold_case(column.name) == "id";
}

std::vector<Version> random_history(const Recipe& recipe) {
  return Writer(recipe).run();
}

}  // namespace schemagen::test
