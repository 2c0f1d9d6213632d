// Every change of type that the planner takes upon itself, from any type to any
// other, on a row that fits both and on a row of NULLs: there and back, each
// value is what it was.
#include <gtest/gtest.h>

#include "dialect/catalog.hpp"
#include "plan/type_step.hpp"
#include "support/build_schema.hpp"
#include "support/fresh_database.hpp"
#include "support/kept_rows.hpp"
#include "support/plan_world.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

/// A type and a value that every other type it is clear to change to can hold.
struct Sample {
  std::string word;
  Type type;
  std::string value;
};

Type plain(TypeKind kind) {
  Type type;
  type.kind = kind;
  return type;
}

std::vector<Sample> samples() {
  std::vector<Sample> all = {{"bool", plain(TypeKind::boolean), "'1'"}};
  for (const TypeKind kind :
       {TypeKind::int8, TypeKind::int16, TypeKind::int32, TypeKind::int64,
        TypeKind::uint8, TypeKind::uint16, TypeKind::uint32, TypeKind::uint64,
        TypeKind::float32, TypeKind::float64}) {
    all.push_back({type_kind_name(kind), plain(kind), "1"});
  }
  for (const int length : {0, 36, 60}) {
    Type text = plain(TypeKind::text);
    text.max_length = length;
    all.push_back({"text" + std::to_string(length), text, "'alpha'"});
  }
  for (const int length : {0, 4, 9}) {
    Type blob = plain(TypeKind::blob);
    blob.max_length = length;
    blob.fixed = length == 4;
    all.push_back({"blob" + std::to_string(length), blob, ""});
  }
  for (const int precision : {0, 9, 30}) {
    Type decimal = plain(TypeKind::decimal);
    decimal.precision = precision;
    decimal.scale = precision == 0 ? 0 : 2;
    all.push_back({"decimal" + std::to_string(precision), decimal, "'1.00'"});
  }
  for (const char* name : {"words", "numbers", "natives", "fewer", "types"}) {
    Type type = plain(TypeKind::enumeration);
    type.enum_name = name;
    const bool is_number = type.enum_name == "numbers";
    all.push_back({name, type, is_number ? "7" : "'alpha'"});
  }
  all.push_back({"uuid", plain(TypeKind::uuid),
                 "'00112233-4455-6677-8899-aabbccddeeff'"});
  all.push_back({"date", plain(TypeKind::date), "'2024-02-29'"});
  all.push_back(
      {"local", plain(TypeKind::local_time), "'2024-02-29 01:02:03'"});
  all.push_back({"json", plain(TypeKind::json), "'{}'"});
  return all;
}

std::vector<Enum> enums() {
  std::vector<Enum> all;
  for (const auto& [name, storage] :
       {std::pair{"words", EnumStorage::text},
        std::pair{"fewer", EnumStorage::text},
        std::pair{"numbers", EnumStorage::integer},
        std::pair{"natives", EnumStorage::native},
        std::pair{"types", EnumStorage::native}}) {
    Enum e = enumeration(name, {"alpha", "beta"});
    e.storage = storage;
    e.values[0].number = 7;
    if (e.name == "fewer") e.values.pop_back();
    all.push_back(std::move(e));
  }
  return all;
}

/// One column for each clear step, all in one table.
struct Steps {
  Schema from, to;
  std::string names, values;
};

Steps all_steps(const std::string& dialect) {
  std::vector<Column> before, after;
  Steps steps;
  const Schema types = schema({}, enums());
  for (const Sample& a : samples()) {
    for (const Sample& b : samples()) {
      const TypeStep step = type_step(types, a.type, types, b.type);
      if (step != TypeStep::lossless && step != TypeStep::narrowing) continue;
      Column column = optional(test::column(a.word + "_" + b.word));
      column.type = a.type;
      before.push_back(column);
      column.type = b.type;
      after.push_back(column);
      steps.names += ", " + column.name;
      const std::string bytes =
          dialect == "sqlite" ? "x'00ff2701'" : "'\\x00ff2701'";
      steps.values += ", " + (a.value.empty() ? bytes : a.value);
    }
  }
  steps.from = schema({table("t", before)}, enums());
  steps.to = schema({table("t", after)}, enums());
  return steps;
}

void go_and_return(const char* dialect, PlanWorld::Open open) {
  const Steps steps = all_steps(dialect);
  ASSERT_GT(steps.from.tables[0].columns.size(), 150U);
  PlanWorld world(dialect, open, steps.from);
  world.rows(
      {"INSERT INTO t (id" + steps.names + ") VALUES (1" + steps.values + ")",
       "INSERT INTO t (id) VALUES (2)"});
  const TableCells before = read_cells(world.database(), steps.from.tables[0]);
  world.go(steps.to);
  for (const auto& [column, cells] :
       read_cells(world.database(), steps.to.tables[0])) {
    EXPECT_TRUE(cells.at("1")) << column << " is NULL";
    EXPECT_EQ(column == "id", cells.at("2").has_value()) << column;
  }
  world.back();
  const TableCells after = read_cells(world.database(), steps.from.tables[0]);
  for (const auto& [column, cells] : before) {
    EXPECT_EQ(cells, after.at(column)) << column;
  }
}

TEST(TypeSteps, lead_there_and_back_on_sqlite) {
  go_and_return("sqlite", fresh_sqlite);
}

TEST(TypeSteps, lead_there_and_back_on_postgres) {
  go_and_return("postgres", fresh_postgres);
}

}  // namespace
}  // namespace schemagen::test
