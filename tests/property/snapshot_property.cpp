// Laws of the snapshot, for schemas that nobody would think of: what is read is
// what was written, equal states are equal bytes, and no bytes break a reader.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "model/snapshot.hpp"

namespace schemagen::gen {
namespace {

/// Names and texts with everything that JSON and merges could trip over.
rc::Gen<std::string> some_text() {
  return rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("abz09_ \"\\/'<>=|{}[],:\n\t\r\x01\x7F")));
}

std::string unique_name(const std::string& text, std::size_t number) {
  return text + "#" + std::to_string(number);
}

Literal some_literal() {
  using Kind = Literal::Kind;
  static const std::vector<Literal> kConstants = {
      {Kind::null, ""},        {Kind::boolean, "true"},
      {Kind::integer, "-12"},  {Kind::integer, "18446744073709551615"},
      {Kind::real, "1e-300"},  {Kind::real, "-0.5"},
      {Kind::blob, "00ff"},    {Kind::blob, ""},
      {Kind::enumerator, "x"}, {Kind::text, ""}};
  if (*rc::gen::arbitrary<bool>()) return {Kind::text, *some_text()};
  return *rc::gen::elementOf(kConstants);
}

Type some_type(const std::vector<Enum>& enums) {
  Type type;
  type.kind = static_cast<TypeKind>(
      *rc::gen::inRange(0, static_cast<int>(TypeKind::custom) + 1));
  if (type.kind == TypeKind::enumeration && enums.empty()) {
    type.kind = TypeKind::text;
  }
  if (type.kind == TypeKind::enumeration) type.enum_name = enums[0].name;
  type.max_length = *rc::gen::inRange(0, 100);
  type.fixed = *rc::gen::arbitrary<bool>();
  type.precision = *rc::gen::inRange(0, 40);
  type.scale = *rc::gen::inRange(0, 9);
  type.unit = *rc::gen::elementOf(std::vector<std::string>{"", "ms", "1/30"});
  if (*rc::gen::arbitrary<bool>()) type.sql[""] = *some_text();
  if (*rc::gen::arbitrary<bool>()) type.sql["sqlite"] = *some_text();
  return type;
}

Column some_column(std::size_t number, const std::vector<Enum>& enums) {
  Column column;
  column.name = unique_name(*some_text(), number);
  column.type = some_type(enums);
  column.nullable = *rc::gen::arbitrary<bool>();
  column.autoincrement = *rc::gen::arbitrary<bool>();
  column.stored = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) {
    column.default_value = some_literal();
  } else {
    column.default_sql = *some_text();
  }
  column.generated = *some_text();
  column.collate = *some_text();
  column.comment = *some_text();
  return column;
}

std::vector<std::string> some_columns(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) {
    if (names.empty() || *rc::gen::arbitrary<bool>()) {
      names.push_back(column.name);
    }
  }
  return names;
}

Index some_index(const Table& table) {
  Index index;
  index.name = *some_text();
  if (*rc::gen::arbitrary<bool>()) {
    index.expression = "e" + *some_text();
  } else {
    for (const std::string& name : some_columns(table)) {
      index.columns.push_back({name, *rc::gen::arbitrary<bool>()});
    }
  }
  index.unique = *rc::gen::arbitrary<bool>();
  index.where = *some_text();
  index.method = *some_text();
  return index;
}

Action some_action() { return static_cast<Action>(*rc::gen::inRange(0, 5)); }

Table some_table(std::size_t number, const std::vector<Enum>& enums) {
  Table table;
  table.name = unique_name(*some_text(), number);
  table.schema = *some_text();
  table.comment = *some_text();
  table.strict = *rc::gen::arbitrary<bool>();
  table.without_rowid = *rc::gen::arbitrary<bool>();
  std::size_t count = *rc::gen::inRange<std::size_t>(1, 5);
  for (std::size_t i = 0; i < count; ++i) {
    table.columns.push_back(some_column(i, enums));
  }
  table.primary_key = some_columns(table);
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    table.uniques.push_back({*some_text(), some_columns(table), {}});
    table.indexes.push_back(some_index(table));
    table.checks.push_back(
        {*some_text(), *some_text(), some_columns(table)[0], {}});
    std::vector<std::string> columns = some_columns(table);
    table.foreign_keys.push_back({*some_text(),
                                  columns,
                                  table.name,
                                  table.schema,
                                  columns,
                                  some_action(),
                                  some_action(),
                                  {}});
  }
  return table;
}

Snapshot some_snapshot() {
  Snapshot snapshot;
  snapshot.dialects = {"postgres", "sqlite"};
  if (*rc::gen::arbitrary<bool>()) {
    Enum e;
    e.name = unique_name(*some_text(), 0);
    e.storage = static_cast<EnumStorage>(*rc::gen::inRange(0, 3));
    for (std::size_t i = 0; i < 3; ++i) {
      e.values.push_back({unique_name(*some_text(), i),
                          *some_text(),
                          *rc::gen::arbitrary<std::int64_t>(),
                          {}});
    }
    snapshot.schema.enums.push_back(e);
  }
  std::size_t count = *rc::gen::inRange<std::size_t>(0, 4);
  for (std::size_t i = 0; i < count; ++i) {
    snapshot.schema.tables.push_back(some_table(i, snapshot.schema.enums));
  }
  snapshot.migrations.push_back({"20260101000000", "init", *some_text(), {}});
  canonicalize(snapshot.schema);
  return snapshot;
}

RC_GTEST_PROP(SnapshotProperty, ReadsBackWhatItWrote, ()) {
  Snapshot written = some_snapshot();
  std::string text = write_snapshot(written);
  Diagnostics diagnostics;
  Snapshot read = read_snapshot(text, "s.json", diagnostics);
  RC_ASSERT(to_text(diagnostics.sorted(), false) == "");
  RC_ASSERT(read.schema == written.schema);
  RC_ASSERT(write_snapshot(read) == text);
}

RC_GTEST_PROP(SnapshotProperty, NoBytesBreakTheReader, ()) {
  std::string text = write_snapshot(some_snapshot());
  std::size_t at = *rc::gen::inRange<std::size_t>(0, text.size());
  std::size_t length = *rc::gen::inRange<std::size_t>(0, 9);
  text.replace(at, length, *rc::gen::arbitrary<std::string>());
  Diagnostics diagnostics;
  Snapshot read = read_snapshot(text, "s.json", diagnostics);
  if (diagnostics.has_errors()) return;
  // What was accepted is a state like any other.
  std::string again = write_snapshot(read);
  Diagnostics second;
  RC_ASSERT(write_snapshot(read_snapshot(again, "s.json", second)) == again);
  RC_ASSERT(!second.has_errors());
}

}  // namespace
}  // namespace schemagen::gen
