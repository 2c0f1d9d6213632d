// Part of random_history.cpp: what tables are made of - enums, names, types,
// constants, columns.
#pragma once

#include "support/history_draft.ipp"

class Material {
 protected:
  explicit Material(std::uint64_t seed) : dice_(seed) {}

  void note(std::string text) { draft_.edits.push_back(std::move(text)); }

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
    static const std::vector<EnumStorage> kStorages = {
        EnumStorage::text, EnumStorage::integer, EnumStorage::native};
    e.storage = dice_.pick(kStorages);
    note("change the storage of " + e.name);
  }

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

  std::string words() {
    static const Names kWords = {"", "It's a -- comment.", "two\nlines",
                                 "größer; \"x\"", "\\ back"};
    return dice_.pick(kWords);
  }

  // Columns -----------------------------------------------------------------

  /// Types that the user spelled: for all engines, for one, for each.
  Type spelled_type() {
    static const std::vector<Type> kSpelled = [] {
      std::vector<Type> all(4);
      all[0].sql = {{"", "VARCHAR(60)"}};
      all[1].sql = {{"postgres", "character varying(70)"}};
      all[2].kind = TypeKind::int32;
      all[2].sql = {{"sqlite", "NUMERIC"}, {"postgres", "numeric(14,2)"}};
      all[3].kind = TypeKind::custom;
      all[3].sql = {{"sqlite", "TEXT"}, {"postgres", "inet"}};
      return all;
    }();
    return dice_.pick(kSpelled);
  }

  Type random_type() {
    static const Names kUnits = {"ns", "us", "ms", "s"};
    if (dice_.chance(8)) return spelled_type();
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
      case TypeKind::custom:
        return "'10.0.0.9'";
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
      case TypeKind::local_time:
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
      case TypeKind::custom:
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

  Dice dice_;
  Draft draft_;
};
