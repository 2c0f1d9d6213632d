#include "model/schema.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace schemagen::gen {
namespace {

constexpr std::array<std::pair<TypeKind, const char*>, 22> kKinds = {{
    {TypeKind::boolean, "bool"},      {TypeKind::int8, "int8"},
    {TypeKind::int16, "int16"},       {TypeKind::int32, "int32"},
    {TypeKind::int64, "int64"},       {TypeKind::uint8, "uint8"},
    {TypeKind::uint16, "uint16"},     {TypeKind::uint32, "uint32"},
    {TypeKind::uint64, "uint64"},     {TypeKind::float32, "float32"},
    {TypeKind::float64, "float64"},   {TypeKind::text, "text"},
    {TypeKind::blob, "blob"},         {TypeKind::timestamp, "timestamp"},
    {TypeKind::date, "date"},         {TypeKind::time_of_day, "time_of_day"},
    {TypeKind::duration, "duration"}, {TypeKind::decimal, "decimal"},
    {TypeKind::enumeration, "enum"},  {TypeKind::uuid, "uuid"},
    {TypeKind::json, "json"},         {TypeKind::local_time, "local_time"},
}};

auto key(const Type& t) {
  return std::tie(t.kind, t.max_length, t.fixed, t.precision, t.scale, t.unit,
                  t.enum_name, t.sql);
}
auto key(const Literal& l) { return std::tie(l.kind, l.text); }
auto key(const Column& c) {
  return std::tie(c.name, c.type, c.nullable, c.autoincrement, c.stored,
                  c.default_value, c.default_sql, c.generated, c.collate,
                  c.comment);
}
auto key(const Unique& u) { return std::tie(u.name, u.columns); }
auto key(const IndexColumn& c) { return std::tie(c.name, c.descending); }
auto key(const Index& i) {
  return std::tie(i.name, i.columns, i.expression, i.unique, i.where, i.method);
}
auto key(const Check& c) { return std::tie(c.name, c.sql, c.column); }
auto key(const ForeignKey& f) {
  return std::tie(f.name, f.columns, f.table, f.schema, f.references,
                  f.on_delete, f.on_update);
}
auto key(const Table& t) {
  return std::tie(t.schema, t.name, t.comment, t.strict, t.without_rowid,
                  t.columns, t.primary_key, t.uniques, t.indexes, t.checks,
                  t.foreign_keys);
}
auto key(const EnumValue& v) {
  return std::tie(v.name, v.enumerator, v.number);
}
auto key(const Enum& e) { return std::tie(e.name, e.storage, e.values); }
auto key(const Schema& s) { return std::tie(s.tables, s.enums); }

template <class List, class Project>
void sort_by(List& list, Project project) {
  auto less = [&](const auto& a, const auto& b) {
    return project(a) < project(b);
  };
  // Snapshots arrive sorted, and moving tables about is dear.
  if (std::is_sorted(list.begin(), list.end(), less)) return;
  std::stable_sort(list.begin(), list.end(), less);
}

std::vector<std::string> names_of(const Index& index) {
  std::vector<std::string> names;
  for (const IndexColumn& column : index.columns) {
    names.push_back(column.name + (column.descending ? " desc" : ""));
  }
  return names;
}

void canonicalize(Table& table) {
  sort_by(table.columns, [](const Column& c) { return std::tie(c.name); });
  sort_by(table.uniques,
          [](const Unique& u) { return std::make_tuple(u.columns, u.name); });
  sort_by(table.indexes, [](const Index& i) {
    return std::make_tuple(names_of(i), i.expression, i.name, i.where, i.method,
                           i.unique);
  });
  sort_by(table.checks, [](const Check& c) {
    return std::make_tuple(c.name, c.column, c.sql);
  });
  sort_by(table.foreign_keys, [](const ForeignKey& f) {
    return std::make_tuple(f.columns, f.schema, f.table, f.references, f.name);
  });
}

/// Of a text enum only the stored names are in a database; of a native one
/// their order as well; only an integer one has the numbers.
void canonicalize(Enum& e) {
  if (e.storage == EnumStorage::text) {
    sort_by(e.values, [](const EnumValue& v) { return v.name; });
  } else {
    sort_by(e.values, [](const EnumValue& v) {
      return std::make_pair(v.number, v.name);
    });
  }
  if (e.storage == EnumStorage::integer) return;
  std::int64_t rank = 0;
  for (EnumValue& value : e.values) {
    value.number = e.storage == EnumStorage::native ? rank++ : 0;
    value.enumerator.clear();
  }
}

}  // namespace

const char* type_kind_name(TypeKind kind) {
  for (const auto& row : kKinds) {
    if (row.first == kind) return row.second;
  }
  return "custom";
}

std::optional<TypeKind> type_kind_from_name(const std::string& name) {
  for (const auto& row : kKinds) {
    if (name == row.second) return row.first;
  }
  if (name == "custom") return TypeKind::custom;
  return std::nullopt;
}

bool operator==(const Type& a, const Type& b) { return key(a) == key(b); }
bool operator!=(const Type& a, const Type& b) { return !(a == b); }
bool operator==(const Literal& a, const Literal& b) { return key(a) == key(b); }
bool operator!=(const Literal& a, const Literal& b) { return !(a == b); }
bool operator==(const Column& a, const Column& b) { return key(a) == key(b); }
bool operator!=(const Column& a, const Column& b) { return !(a == b); }
bool operator==(const Unique& a, const Unique& b) { return key(a) == key(b); }
bool operator!=(const Unique& a, const Unique& b) { return !(a == b); }
bool operator==(const IndexColumn& a, const IndexColumn& b) {
  return key(a) == key(b);
}
bool operator==(const Index& a, const Index& b) { return key(a) == key(b); }
bool operator!=(const Index& a, const Index& b) { return !(a == b); }
bool operator==(const Check& a, const Check& b) { return key(a) == key(b); }
bool operator!=(const Check& a, const Check& b) { return !(a == b); }
bool operator==(const ForeignKey& a, const ForeignKey& b) {
  return key(a) == key(b);
}
bool operator!=(const ForeignKey& a, const ForeignKey& b) { return !(a == b); }
bool operator==(const Table& a, const Table& b) { return key(a) == key(b); }
bool operator!=(const Table& a, const Table& b) { return !(a == b); }
bool operator==(const EnumValue& a, const EnumValue& b) {
  return key(a) == key(b);
}
bool operator==(const Enum& a, const Enum& b) { return key(a) == key(b); }
bool operator!=(const Enum& a, const Enum& b) { return !(a == b); }
bool operator==(const Schema& a, const Schema& b) { return key(a) == key(b); }
bool operator!=(const Schema& a, const Schema& b) { return !(a == b); }

const Column* Table::find_column(const std::string& column) const {
  auto found = std::lower_bound(columns.begin(), columns.end(), column,
                                [](const Column& c, const std::string& wanted) {
                                  return c.name < wanted;
                                });
  return found != columns.end() && found->name == column ? &*found : nullptr;
}

std::vector<const Column*> Table::columns_in_order() const {
  auto rank = [&](const Column* c) {
    auto key_part = std::find(primary_key.begin(), primary_key.end(), c->name);
    return std::make_pair(c->position, key_part - primary_key.begin());
  };
  std::vector<const Column*> order;
  for (const Column& column : columns) order.push_back(&column);
  std::stable_sort(
      order.begin(), order.end(),
      [&](const Column* a, const Column* b) { return rank(a) < rank(b); });
  return order;
}

const EnumValue* Enum::find_value(const std::string& stored_name) const {
  for (const EnumValue& value : values) {
    if (value.name == stored_name) return &value;
  }
  return nullptr;
}

const Table* Schema::find_table(const std::string& schema,
                                const std::string& name) const {
  auto wanted = std::tie(schema, name);
  auto found = std::lower_bound(tables.begin(), tables.end(), wanted,
                                [](const Table& t, const auto& w) {
                                  return std::tie(t.schema, t.name) < w;
                                });
  return found != tables.end() && std::tie(found->schema, found->name) == wanted
             ? &*found
             : nullptr;
}

const Enum* Schema::find_enum(const std::string& name) const {
  auto found = std::lower_bound(
      enums.begin(), enums.end(), name,
      [](const Enum& e, const std::string& wanted) { return e.name < wanted; });
  return found != enums.end() && found->name == name ? &*found : nullptr;
}

void canonicalize(Schema& schema) {
  for (Table& table : schema.tables) canonicalize(table);
  for (Enum& e : schema.enums) canonicalize(e);
  sort_by(schema.tables,
          [](const Table& t) { return std::tie(t.schema, t.name); });
  sort_by(schema.enums, [](const Enum& e) { return e.name; });
}

}  // namespace schemagen::gen
