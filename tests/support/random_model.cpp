#include "support/random_model.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "plan/identity.hpp"
#include "plan/order.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

/// std::mt19937_64 is the same everywhere; the standard distributions are not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) {
    return limit == 0 ? 0 : static_cast<std::size_t>(engine_() % limit);
  }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <class List>
  auto& pick(List& list) {
    return list[below(list.size())];
  }

 private:
  std::mt19937_64 engine_;
};

const std::vector<std::string> kColumnNames = {
    "name",  "email", "select", "we\"ird", "größe", "two words", "Upper",
    "score", "it's",  "a.b",    "active",  "note",  "amount",    "from",
    "state", "x",     "y",      "kind",    "ref",   "semi;colon"};
const std::vector<std::string> kTableNames = {
    "users", "teams", "order", "Mixed", "logs", "größen", "my table", "t\"q"};
const std::vector<TypeKind> kKinds = {
    TypeKind::boolean,     TypeKind::int8,     TypeKind::int16,
    TypeKind::int32,       TypeKind::int64,    TypeKind::uint8,
    TypeKind::uint16,      TypeKind::uint32,   TypeKind::uint64,
    TypeKind::float32,     TypeKind::float64,  TypeKind::text,
    TypeKind::text,        TypeKind::blob,     TypeKind::timestamp,
    TypeKind::date,        TypeKind::duration, TypeKind::decimal,
    TypeKind::enumeration, TypeKind::uuid,     TypeKind::json};

std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

bool is_small_integer(TypeKind kind) {
  return kind == TypeKind::int16 || kind == TypeKind::int32 ||
         kind == TypeKind::int64;
}

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : dice_(seed) {}

  Evolution run(int tables, int edits) {
    make_enums();
    for (int i = 0; i < tables; ++i) add_table(false);
    for (Table& table : schema_.tables) add_keys(table);
    result_.before = schema_;
    canonicalize(result_.before);
    for (int i = 0; i < edits; ++i) edit();
    result_.after = schema_;
    canonicalize(result_.after);
    finish_consents();
    return std::move(result_);
  }

 private:
  // Models ------------------------------------------------------------------

  void make_enums() {
    const EnumStorage storages[] = {EnumStorage::text, EnumStorage::integer,
                                    EnumStorage::native};
    int number = 0;
    for (const EnumStorage storage : storages) {
      Enum e;
      e.name = "enum_" + std::to_string(number++);
      e.storage = storage;
      for (const char* value : {"alpha", "beta", "it's", "omega"}) {
        e.values.push_back({value, value, 0, {}});
      }
      number_values(e);
      schema_.enums.push_back(std::move(e));
    }
  }

  static void number_values(Enum& e) {
    std::int64_t number = 0;
    for (EnumValue& value : e.values) value.number = number++;
  }

  std::string fresh(const std::vector<std::string>& names,
                    const std::set<std::string>& taken) {
    for (int i = 0; i < 20; ++i) {
      const std::string& name = dice_.pick(names);
      if (taken.count(name) == 0) return name;
    }
    return names[0] + "_" + std::to_string(++serial_);
  }

  std::string fresh_table_name() {
    std::set<std::string> taken = used_tables_;
    const std::string name = fresh(kTableNames, taken);
    used_tables_.insert(name);
    return name;
  }

  std::string fresh_column_name(const Table& table) {
    std::set<std::string> taken = used_columns_[table.entity];
    const std::string name = fresh(kColumnNames, taken);
    used_columns_[table.entity].insert(name);
    return name;
  }

  void add_table(bool is_edit) {
    Table table;
    table.name = fresh_table_name();
    table.entity = "E" + std::to_string(++serial_);
    Column id;
    id.name = "id";
    id.type.kind = TypeKind::int64;
    id.autoincrement = dice_.chance(30);
    table.columns.push_back(id);
    table.primary_key = {"id"};
    const std::size_t count = 1 + dice_.below(5);
    for (std::size_t i = 0; i < count; ++i) {
      table.columns.push_back(random_column(table, false));
    }
    add_generated(table);
    if (dice_.chance(50)) add_index(table);
    if (dice_.chance(40)) add_unique(table);
    if (dice_.chance(40)) add_check(table);
    schema_.tables.push_back(std::move(table));
    if (is_edit) {
      note("add table " + schema_.tables.back().name);
      add_keys(schema_.tables.back());
    }
  }

  Type random_type() {
    Type type;
    type.kind = dice_.pick(kKinds);
    if (type.kind == TypeKind::text && dice_.chance(50)) type.max_length = 40;
    if (type.kind == TypeKind::blob && dice_.chance(50)) type.max_length = 16;
    if (type.kind == TypeKind::decimal) {
      type.precision = 12;
      type.scale = 2;
    }
    if (type.kind == TypeKind::duration) type.unit = "ms";
    if (type.kind == TypeKind::enumeration) {
      type.enum_name = dice_.pick(schema_.enums).name;
    }
    return type;
  }

  /// `for_rows`: the column comes to a table that has rows.
  Column random_column(Table& table, bool for_rows) {
    Column column;
    column.name = fresh_column_name(table);
    column.type = random_type();
    column.nullable = dice_.chance(50);
    if (dice_.chance(40)) column.default_value = random_default(column.type);
    if (for_rows && !column.nullable && !column.default_value) {
      column.default_value = random_default(column.type);
    }
    if (for_rows && !column.nullable && !column.default_value) {
      column.nullable = true;
    }
    return column;
  }

  std::optional<Literal> random_default(const Type& type) {
    switch (type.kind) {
      case TypeKind::boolean:
        return Literal{Literal::Kind::boolean,
                       dice_.chance(50) ? "true" : "false"};
      case TypeKind::float32:
      case TypeKind::float64:
        return Literal{Literal::Kind::real, "0.25"};
      case TypeKind::text:
        return Literal{Literal::Kind::text, "it's; \"q\" \\ ä"};
      case TypeKind::blob:
        return Literal{Literal::Kind::blob, "00ff27"};
      case TypeKind::enumeration:
        return Literal{Literal::Kind::enumerator, "beta"};
      case TypeKind::timestamp:
        return Literal{Literal::Kind::integer, "1500000000000000000"};
      case TypeKind::date:
        return Literal{Literal::Kind::integer, "19000"};
      case TypeKind::decimal:
      case TypeKind::uuid:
      case TypeKind::json:
        return std::nullopt;
      default:
        return Literal{Literal::Kind::integer,
                       std::to_string(dice_.below(100))};
    }
  }

  void add_generated(Table& table) {
    if (!dice_.chance(20)) return;
    const Column* source = some_integer(table);
    if (source == nullptr) return;
    Column column;
    column.generated = quoted(source->name) + " * 2";
    column.stored = true;
    column.nullable = true;
    column.type.kind = TypeKind::int64;
    column.name = fresh_column_name(table);
    table.columns.push_back(std::move(column));
  }

  const Column* some_integer(Table& table) {
    std::vector<const Column*> candidates;
    for (const Column& column : table.columns) {
      if (is_small_integer(column.type.kind) && column.generated.empty() &&
          column.name != "id" && !is_reference(table, column.name)) {
        candidates.push_back(&column);
      }
    }
    return candidates.empty() ? nullptr : dice_.pick(candidates);
  }

  static bool is_key(const Table& table, const std::string& column) {
    return std::count(table.primary_key.begin(), table.primary_key.end(),
                      column) != 0;
  }

  static bool is_reference(const Table& table, const std::string& column) {
    for (const ForeignKey& key : table.foreign_keys) {
      for (const std::string& name : key.columns) {
        if (name == column) return true;
      }
    }
    return false;
  }

  std::string some_plain(Table& table) {
    std::vector<std::string> names;
    for (const Column& column : table.columns) {
      const TypeKind kind = column.type.kind;
      if (column.generated.empty() && kind != TypeKind::json) {
        names.push_back(column.name);
      }
    }
    return dice_.pick(names);
  }

  void add_index(Table& table) {
    Index index;
    index.columns.push_back({some_plain(table), dice_.chance(30)});
    const std::string second = some_plain(table);
    if (second != index.columns[0].name) {
      index.columns.push_back({second, dice_.chance(30)});
    }
    if (dice_.chance(30)) {
      index.where = quoted(index.columns[0].name) + " IS NOT NULL";
    }
    for (const Index& other : table.indexes) {
      if (same_columns(other, index)) return;
    }
    table.indexes.push_back(std::move(index));
  }

  static bool same_columns(const Index& a, const Index& b) {
    return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(),
                      b.columns.end(),
                      [](const IndexColumn& x, const IndexColumn& y) {
                        return x.name == y.name;
                      });
  }

  void add_unique(Table& table) {
    const std::string column = some_plain(table);
    Unique unique;
    unique.columns = {column};
    if (column != "id") unique.columns.push_back("id");
    for (const Unique& other : table.uniques) {
      if (other.columns == unique.columns) return;
    }
    table.uniques.push_back(std::move(unique));
  }

  void add_check(Table& table) {
    const Column* column = some_integer(table);
    if (column == nullptr) return;
    Check check;
    check.sql = quoted(column->name) + " >= 0";
    if (dice_.chance(50)) check.column = column->name;
    if (dice_.chance(30)) check.name = "positive_" + std::to_string(++serial_);
    for (const Check& other : table.checks) {
      if (other.sql == check.sql) return;
    }
    table.checks.push_back(std::move(check));
  }

  void add_keys(Table& table) {
    if (schema_.tables.empty() || dice_.chance(40)) return;
    const Table& parent = dice_.pick(schema_.tables);
    if (parent.primary_key.size() != 1) return;
    Column column;
    column.name = fresh_column_name(table);
    column.type.kind = TypeKind::int64;
    column.nullable = true;
    ForeignKey key;
    key.columns = {column.name};
    key.table = parent.name;
    key.references = {"id"};
    const Action actions[] = {Action::no_action, Action::cascade,
                              Action::set_null, Action::restrict_};
    key.on_delete = actions[dice_.below(4)];
    table.columns.push_back(std::move(column));
    table.foreign_keys.push_back(std::move(key));
  }

  // Edits -------------------------------------------------------------------

  void note(std::string text) { result_.edits.push_back(std::move(text)); }

  void edit() {
    switch (dice_.below(20)) {
      case 0:
      case 1:
        return edit_add_column();
      case 2:
        return edit_drop_column();
      case 3:
        return edit_rename_column();
      case 4:
        return edit_swap_columns();
      case 5:
        return edit_nullability();
      case 6:
        return edit_type();
      case 7:
        return edit_default();
      case 8:
        return schema_.tables.size() < 6 ? add_table(true) : void();
      case 9:
        return edit_drop_table();
      case 10:
        return edit_rename_table();
      case 11:
        return edit_index();
      case 12:
        return edit_unique();
      case 13:
        return edit_check();
      case 14:
        return edit_foreign_key();
      case 15:
        return edit_enum();
      case 16:
        return edit_options();
      case 17:
        return edit_key();
      case 18:
        return edit_replace();
      default:
        return edit_generated();
    }
  }

  Table* some_table() {
    return schema_.tables.empty() ? nullptr : &dice_.pick(schema_.tables);
  }

  /// A column that no edit has to spare, or nullptr.
  Column* some_column(Table& table) {
    std::vector<Column*> candidates;
    for (Column& column : table.columns) {
      if (column.generated.empty() && !is_key(table, column.name)) {
        candidates.push_back(&column);
      }
    }
    return candidates.empty() ? nullptr : dice_.pick(candidates);
  }

  bool existed(const Table& table, const std::string& column) const {
    auto found = origin_.find({table.entity, column});
    if (found != origin_.end()) return !found->second.empty();
    const std::string old = old_table(table);
    const Table* before = result_.before.find_table("", old);
    return before != nullptr && before->find_column(column) != nullptr;
  }

  std::string old_table(const Table& table) const {
    auto found = old_tables_.find(table.entity);
    return found == old_tables_.end() ? table.name : found->second;
  }

  std::string old_column(const Table& table, const std::string& column) const {
    auto found = origin_.find({table.entity, column});
    return found == origin_.end() ? column : found->second;
  }

  void edit_add_column() {
    Table* table = some_table();
    if (table == nullptr) return;
    Column column = random_column(*table, true);
    if (dice_.chance(30) && column.type.kind == TypeKind::int64) {
      column.default_value.reset();
      column.nullable = false;
      column.backfill = quoted("id") + " + 1";
    }
    origin_[{table->entity, column.name}] = "";
    note("add column " + table->name + "." + column.name);
    table->columns.push_back(std::move(column));
  }

  void forget(Table& table, const std::string& column) {
    auto names_it = [&](const std::string& text) {
      return text.find(quoted(column)) != std::string::npos;
    };
    erase_if(table.indexes, [&](const Index& index) {
      return names_it(index.where) ||
             std::any_of(
                 index.columns.begin(), index.columns.end(),
                 [&](const IndexColumn& c) { return c.name == column; });
    });
    erase_if(table.uniques, [&](const Unique& unique) {
      return std::count(unique.columns.begin(), unique.columns.end(), column);
    });
    erase_if(table.checks, [&](const Check& check) {
      return check.column == column || names_it(check.sql);
    });
    erase_if(table.foreign_keys,
             [&](const ForeignKey& key) { return key.columns[0] == column; });
    std::vector<std::string> generated;
    for (const Column& each : table.columns) {
      if (names_it(each.generated)) generated.push_back(each.name);
    }
    for (const std::string& name : generated) {
      forget(table, name);
      erase_if(table.columns,
               [&](const Column& each) { return each.name == name; });
    }
  }

  template <class List, class Test>
  static void erase_if(List& list, Test test) {
    list.erase(std::remove_if(list.begin(), list.end(), test), list.end());
  }

  void edit_drop_column() {
    Table* table = some_table();
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr) return;
    const std::string name = column->name;
    note("drop column " + table->name + "." + name);
    if (existed(*table, name)) {
      dropped_columns_.push_back({table->entity, old_column(*table, name)});
    }
    forget(*table, name);
    erase_if(table->columns, [&](const Column& c) { return c.name == name; });
  }

  void rename_in(Table& table, const std::string& from, const std::string& to) {
    auto rename = [&](std::string& name) {
      if (name == from) name = to;
    };
    auto rename_sql = [&](std::string& sql) {
      const std::string old = quoted(from);
      for (std::size_t at = sql.find(old); at != std::string::npos;
           at = sql.find(old, at + quoted(to).size())) {
        sql.replace(at, old.size(), quoted(to));
      }
    };
    for (Column& column : table.columns) {
      rename(column.name);
      rename_sql(column.generated);
    }
    for (std::string& name : table.primary_key) rename(name);
    for (Unique& unique : table.uniques) {
      for (std::string& name : unique.columns) rename(name);
    }
    for (Index& index : table.indexes) {
      for (IndexColumn& column : index.columns) rename(column.name);
      rename_sql(index.where);
    }
    for (Check& check : table.checks) {
      rename(check.column);
      rename_sql(check.sql);
    }
    for (ForeignKey& key : table.foreign_keys) {
      for (std::string& name : key.columns) rename(name);
    }
  }

  void move_origin(const Table& table, const std::string& from,
                   const std::string& to) {
    origin_[{table.entity, to}] =
        existed(table, from) ? old_column(table, from) : "";
    origin_.erase({table.entity, from});
  }

  void edit_rename_column() {
    Table* table = some_table();
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr) return;
    const std::string from = column->name, to = fresh_column_name(*table);
    note("rename column " + table->name + "." + from + " to " + to);
    move_origin(*table, from, to);
    rename_in(*table, from, to);
  }

  void edit_swap_columns() {
    Table* table = some_table();
    Column* a = table == nullptr ? nullptr : some_column(*table);
    Column* b = table == nullptr ? nullptr : some_column(*table);
    if (a == nullptr || a == b) return;
    const std::string one = a->name, two = b->name;
    note("swap columns " + table->name + "." + one + " and " + two);
    const std::string old_one =
        existed(*table, one) ? old_column(*table, one) : "";
    const std::string old_two =
        existed(*table, two) ? old_column(*table, two) : "";
    rename_in(*table, one, "\x01");
    rename_in(*table, two, one);
    rename_in(*table, "\x01", two);
    origin_[{table->entity, one}] = old_two;
    origin_[{table->entity, two}] = old_one;
  }

  void edit_nullability() {
    Table* table = some_table();
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr || is_reference(*table, column->name)) return;
    if (column->nullable) {
      if (!column->default_value) {
        column->default_value = random_default(column->type);
      }
      if (!column->default_value) return;
    }
    column->nullable = !column->nullable;
    note("change nullability of " + table->name + "." + column->name);
  }

  void edit_type() {
    static const std::map<TypeKind, TypeKind> kWider = {
        {TypeKind::int8, TypeKind::int16},
        {TypeKind::int16, TypeKind::int32},
        {TypeKind::int32, TypeKind::int64},
        {TypeKind::uint8, TypeKind::int32},
        {TypeKind::uint32, TypeKind::uint64},
        {TypeKind::int64, TypeKind::int32},
        {TypeKind::float32, TypeKind::float64},
        {TypeKind::int32, TypeKind::text}};
    Table* table = some_table();
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr || is_reference(*table, column->name)) return;
    for (const Check& check : table->checks) {
      if (check.sql.find(quoted(column->name)) != std::string::npos) return;
    }
    for (const Column& other : table->columns) {
      if (other.generated.find(quoted(column->name)) != std::string::npos) {
        return;
      }
    }
    if (column->type.kind == TypeKind::text) {
      column->type.max_length = column->type.max_length == 0 ? 60 : 0;
    } else if (auto wider = kWider.find(column->type.kind);
               wider != kWider.end()) {
      column->type = Type{};
      column->type.kind = wider->second;
      if (wider->second == TypeKind::text) column->default_value.reset();
    } else {
      return;
    }
    if (!column->nullable && !column->default_value) {
      column->default_value = random_default(column->type);
    }
    note("change type of " + table->name + "." + column->name);
  }

  void edit_default() {
    Table* table = some_table();
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr || is_reference(*table, column->name)) return;
    if (column->default_value && column->nullable) {
      column->default_value.reset();
    } else {
      column->default_value = random_default(column->type);
      if (!column->default_value) column->nullable = true;
    }
    note("change default of " + table->name + "." + column->name);
  }

  void edit_drop_table() {
    if (schema_.tables.size() < 2) return;
    const std::size_t at = dice_.below(schema_.tables.size());
    const Table table = schema_.tables[at];
    note("drop table " + table.name);
    if (result_.before.find_table("", old_table(table)) != nullptr &&
        existed(table, "id")) {
      result_.consents.drops.push_back(old_table(table));
    }
    gone_.insert(table.entity);
    schema_.tables.erase(schema_.tables.begin() +
                         static_cast<std::ptrdiff_t>(at));
    for (Table& other : schema_.tables) {
      erase_if(other.foreign_keys,
               [&](const ForeignKey& key) { return key.table == table.name; });
    }
  }

  void edit_rename_table() {
    Table* table = some_table();
    if (table == nullptr) return;
    const std::string from = table->name, to = fresh_table_name();
    note("rename table " + from + " to " + to);
    if (old_tables_.count(table->entity) == 0) {
      old_tables_[table->entity] = from;
    }
    table->name = to;
    for (Table& other : schema_.tables) {
      for (ForeignKey& key : other.foreign_keys) {
        if (key.table == from) key.table = to;
      }
    }
  }

  void edit_index() {
    Table* table = some_table();
    if (table == nullptr) return;
    note("change indexes of " + table->name);
    if (!table->indexes.empty() && dice_.chance(50)) {
      table->indexes.pop_back();
    } else {
      add_index(*table);
    }
  }

  void edit_unique() {
    Table* table = some_table();
    if (table == nullptr) return;
    note("change uniques of " + table->name);
    if (!table->uniques.empty() && dice_.chance(50)) {
      table->uniques.pop_back();
    } else {
      add_unique(*table);
    }
  }

  void edit_check() {
    Table* table = some_table();
    if (table == nullptr) return;
    note("change checks of " + table->name);
    if (!table->checks.empty() && dice_.chance(50)) {
      table->checks.pop_back();
    } else {
      add_check(*table);
    }
  }

  void edit_foreign_key() {
    Table* table = some_table();
    if (table == nullptr) return;
    note("change foreign keys of " + table->name);
    if (!table->foreign_keys.empty()) {
      ForeignKey& key = dice_.pick(table->foreign_keys);
      key.on_delete =
          key.on_delete == Action::cascade ? Action::set_null : Action::cascade;
      return;
    }
    const std::size_t columns = table->columns.size();
    add_keys(*table);
    for (std::size_t i = columns; i < table->columns.size(); ++i) {
      origin_[{table->entity, table->columns[i].name}] = "";
    }
  }

  void edit_enum() {
    Enum& e = dice_.pick(schema_.enums);
    const Enum* before = result_.before.find_enum(e.name);
    const bool is_old = before != nullptr && before->values.size() == 4;
    switch (dice_.below(3)) {
      case 0:
        e.values.push_back({"new_" + std::to_string(++serial_), "", 0, {}});
        e.values.back().enumerator = e.values.back().name;
        note("add value to " + e.name);
        break;
      case 1:
        if (!is_old || e.find_value("omega") == nullptr) return;
        erase_if(e.values,
                 [](const EnumValue& value) { return value.name == "omega"; });
        result_.consents.drops.push_back("enum:" + e.name + ".omega");
        note("drop value of " + e.name);
        break;
      default:
        for (EnumValue& value : e.values) {
          if (value.name != "alpha") continue;
          value.name = value.enumerator = "first";
          result_.consents.renames.push_back("enum:" + e.name + ".alpha=first");
          note("rename value of " + e.name);
        }
    }
    number_values(e);
  }

  void edit_options() {
    Table* table = some_table();
    if (table == nullptr) return;
    note("change options of " + table->name);
    if (dice_.chance(50)) {
      table->strict = !table->strict;
    } else if (!table->columns[0].autoincrement) {
      table->without_rowid = !table->without_rowid;
    }
    table->comment = dice_.chance(50) ? "It's a table." : "";
  }

  /// The key becomes composite, or single again.
  void edit_key() {
    Table* table = some_table();
    if (table == nullptr || table->columns[0].autoincrement) return;
    for (const Table& other : schema_.tables) {
      for (const ForeignKey& key : other.foreign_keys) {
        if (key.table == table->name) return;
      }
    }
    note("change key of " + table->name);
    if (table->primary_key.size() > 1) {
      table->primary_key = {"id"};
      return;
    }
    for (const Column& column : table->columns) {
      if (column.nullable || column.name == "id" || !column.generated.empty() ||
          column.type.kind == TypeKind::json) {
        continue;
      }
      table->primary_key.push_back(column.name);
      return;
    }
  }

  /// A column goes, and another of its name and another type comes.
  void edit_replace() {
    Table* table = some_table();
    Column* column = table == nullptr ? nullptr : some_column(*table);
    if (column == nullptr || !existed(*table, column->name)) return;
    const std::string name = column->name;
    const Table* before = result_.before.find_table("", old_table(*table));
    const Column* old = before->find_column(old_column(*table, name));
    if (old_column(*table, name) != name) return;
    Column fresh;
    fresh.name = name;
    fresh.type = random_type();
    fresh.nullable = true;
    if (fresh.type == old->type) return;
    note("replace column " + table->name + "." + name);
    dropped_columns_.push_back({table->entity, name});
    forget(*table, name);
    erase_if(table->columns, [&](const Column& c) { return c.name == name; });
    table->columns.push_back(std::move(fresh));
    origin_[{table->entity, name}] = "";
  }

  void edit_generated() {
    Table* table = some_table();
    if (table == nullptr) return;
    const std::size_t columns = table->columns.size();
    add_generated(*table);
    for (std::size_t i = columns; i < table->columns.size(); ++i) {
      origin_[{table->entity, table->columns[i].name}] = "";
      note("add generated column to " + table->name);
    }
  }

  // Consents ----------------------------------------------------------------

  void finish_consents() {
    for (const Table& table : schema_.tables) {
      const std::string old = old_table(table);
      const Table* before = result_.before.find_table("", old);
      if (before == nullptr) continue;
      if (old != table.name) {
        result_.consents.renames.push_back(old + "=" + table.name);
      }
      for (const Column& column : table.columns) {
        auto found = origin_.find({table.entity, column.name});
        if (found == origin_.end() || found->second.empty() ||
            found->second == column.name) {
          continue;
        }
        result_.consents.renames.push_back(old + "." + found->second + "=" +
                                           column.name);
      }
    }
    for (const auto& [entity, column] : dropped_columns_) {
      if (gone_.count(entity) != 0) continue;
      for (const Table& table : schema_.tables) {
        if (table.entity != entity) continue;
        if (result_.before.find_table("", old_table(table)) == nullptr)
          continue;
        result_.consents.drops.push_back(old_table(table) + "." + column);
      }
    }
  }

  using Key = std::pair<std::string, std::string>;

  Dice dice_;
  Schema schema_;
  Evolution result_;
  int serial_ = 0;
  std::set<std::string> used_tables_;
  std::map<std::string, std::set<std::string>> used_columns_;
  std::map<std::string, std::string> old_tables_;  // entity -> first name
  std::map<Key, std::string> origin_;  // entity, column -> old name or ""
  std::vector<Key> dropped_columns_;
  std::set<std::string> gone_;
};

// Rows ------------------------------------------------------------------------

class RowMaker {
 public:
  RowMaker(const Schema& schema, std::string dialect, std::uint64_t seed,
           int rows)
      : schema_(schema),
        dialect_(std::move(dialect)),
        dice_(seed),
        rows_(rows) {}

  std::vector<std::string> run() {
    std::vector<const Table*> tables;
    for (const Table& table : schema_.tables) tables.push_back(&table);
    const TableOrder order = order_tables(tables);
    for (const Table* table : order.parents_first) {
      filled_.insert(table->name);
      for (int row = 1; row <= rows_; ++row) insert(*table, row);
    }
    return std::move(statements_);
  }

 private:
  bool is_sqlite() const { return dialect_ == "sqlite"; }

  void insert(const Table& table, int row) {
    std::string names, values;
    for (const Column& column : table.columns) {
      if (!column.generated.empty()) continue;
      names += (names.empty() ? "" : ", ") + quoted(column.name);
      values += (values.empty() ? "" : ", ") + value_of(table, column, row);
    }
    statements_.push_back("INSERT INTO " + quoted(table.name) + " (" + names +
                          ") VALUES (" + values + ")");
  }

  std::string value_of(const Table& table, const Column& column, int row) {
    if (column.name == "id") return std::to_string(row);
    for (const ForeignKey& key : table.foreign_keys) {
      if (key.columns[0] != column.name) continue;
      if (key.table == table.name || filled_.count(key.table) == 0) {
        return "NULL";
      }
      return std::to_string(1 + dice_.below(static_cast<std::size_t>(rows_)));
    }
    if (column.nullable && dice_.chance(25)) return "NULL";
    return random_value(column.type, row);
  }

  std::string random_value(const Type& type, int row) {
    const bool extreme = dice_.chance(30);
    switch (type.kind) {
      case TypeKind::boolean:
        return is_sqlite() ? (extreme ? "1" : "0")
                           : (extreme ? "true" : "false");
      case TypeKind::int8:
        return extreme ? "127" : std::to_string(row);
      case TypeKind::uint8:
        return extreme ? "255" : std::to_string(row);
      case TypeKind::int16:
      case TypeKind::int32:
      case TypeKind::uint16:
        return extreme ? "32767" : std::to_string(row);
      case TypeKind::uint32:
        return extreme ? "4294967295" : std::to_string(row);
      case TypeKind::int64:
      case TypeKind::duration:
        return extreme ? "4611686018427387903" : std::to_string(row);
      case TypeKind::uint64:
        return !extreme ? std::to_string(row)
                        : (is_sqlite() ? "'18446744073709551615'"
                                       : "18446744073709551615");
      case TypeKind::float32:
      case TypeKind::float64:
        return std::to_string(row) + ".5";
      case TypeKind::text:
        return extreme ? "'it''s; -- \"\"'"
                       : "'text " + std::to_string(row) + "'";
      case TypeKind::blob:
        return is_sqlite() ? "x'00ff10'" : "'\\x00ff10'";
      case TypeKind::timestamp:
        return is_sqlite() ? "'2024-02-29 12:00:00'" : "'2024-02-29 12:00:00Z'";
      case TypeKind::date:
        return "'2024-02-29'";
      case TypeKind::decimal:
        return "'12.50'";
      case TypeKind::enumeration:
        return enum_value(type);
      case TypeKind::uuid:
        return "'00112233-4455-6677-8899-aabbccddeeff'";
      case TypeKind::json:
        return "'{\"a\": 1}'";
      default:
        return "'12:30:00'";
    }
  }

  std::string enum_value(const Type& type) {
    const Enum* e = schema_.find_enum(type.enum_name);
    std::vector<const EnumValue*> values;
    for (const EnumValue& value : e->values) {
      if (value.name == "alpha" || value.name == "beta")
        values.push_back(&value);
    }
    const EnumValue& value = *dice_.pick(values);
    return e->storage == EnumStorage::integer ? std::to_string(value.number)
                                              : "'" + value.name + "'";
  }

  const Schema& schema_;
  std::string dialect_;
  Dice dice_;
  int rows_;
  std::set<std::string> filled_;
  std::vector<std::string> statements_;
};

}  // namespace

Evolution random_evolution(std::uint64_t seed, int tables, int edits) {
  return Maker(seed).run(tables, edits);
}

std::vector<std::string> random_rows(const Schema& schema,
                                     const std::string& dialect,
                                     std::uint64_t seed, int rows) {
  return RowMaker(schema, dialect, seed, rows).run();
}

std::vector<Survivor> survivors(const Plan& plan) {
  std::vector<Survivor> all;
  const Matching matching = match(plan.from, plan.to, identity_of(plan));
  for (const TablePair& pair : matching.tables) {
    if (pair.from == nullptr || pair.to == nullptr) continue;
    for (const ColumnPair& column : pair.columns) {
      if (column.from == nullptr || column.to == nullptr) continue;
      if (column.from->type != column.to->type ||
          column.from->type.kind == TypeKind::enumeration ||
          column.from->nullable != column.to->nullable ||
          !column.to->generated.empty()) {
        continue;
      }
      all.push_back(
          {pair.from->name, column.from->name, pair.to->name, column.to->name});
    }
  }
  return all;
}

}  // namespace schemagen::test
