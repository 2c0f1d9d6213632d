// The one way to change what SQLite's ALTER TABLE cannot: a new table, filled
// from the old one, takes its place. The order (create, copy, drop, rename) is
// the only one that leaves references of other tables, views and triggers
// alone; see sqlite.org/lang_altertable.html section 7. The runtime keeps
// foreign keys off around the script and puts triggers and views back.
#include <algorithm>
#include <array>

#include "dialect/sqlite.hpp"
#include "model/text.hpp"

namespace schemagen::gen::sqlite {
namespace {

struct Copied {
  std::vector<std::string> targets;
  std::vector<std::string> values;
};

bool has_column(const Table& table, const std::string& folded) {
  return std::any_of(
      table.columns.begin(), table.columns.end(),
      [&](const Column& c) { return fold_case(c.name) == folded; });
}

/// A name of the rowid that no column hides, or "".
std::string rowid_name(const TableWork& work) {
  for (const char* name : {"rowid", "_rowid_", "oid"}) {
    if (!has_column(work.carried, name) && !has_column(*work.pair->to, name)) {
      return name;
    }
  }
  return "";
}

bool is_given(const Rendering& rendering, const ColumnPair& column) {
  if (column.to == nullptr || !column.to->generated.empty()) return false;
  if (column.from != nullptr) return true;
  const Column& to = *column.to;
  const bool has_default =
      !to.default_sql.empty() ||
      (to.default_value && to.default_value->kind != Literal::Kind::null);
  if (rendering.is_up() && !to.backfill.empty()) return true;
  return !to.nullable && !has_default;
}

/// Rows without a key column of their own keep their hidden number: full text
/// indexes and the like point at it.
void copy_rowid(const TableWork& work, Copied& copied) {
  const Table& to = *work.pair->to;
  const std::string rowid = rowid_name(work);
  if (rowid.empty() || work.carried.without_rowid || to.without_rowid ||
      rowid_key(to) != nullptr) {
    return;
  }
  copied.targets.push_back(rowid);
  copied.values.push_back(quote(to.name) + "." + rowid);
}

/// A row of defaults alone for each row: one of them is named, for INSERT
/// wants a column.
void copy_default(const Rendering& rendering, const TableWork& work,
                  Copied& copied) {
  for (const ColumnPair& pair : work.pair->columns) {
    if (pair.to == nullptr || !pair.to->generated.empty()) continue;
    copied.targets.push_back(quote(pair.to->name));
    copied.values.push_back(value_for(rendering, work, pair, ""));
    return;
  }
}

Copied copied_columns(const Rendering& rendering, const TableWork& work) {
  Copied copied;
  copy_rowid(work, copied);
  const Table& to = *work.pair->to;
  const std::string old = quote(to.name) + ".";
  const Column* key = rowid_key(to);
  for (const Column* column : to.columns_in_order()) {
    const auto index = static_cast<std::size_t>(column - to.columns.data());
    const ColumnPair& pair = work.pair->columns[index];
    if (!is_given(rendering, pair)) continue;
    if (pair.from == nullptr && column == key && column->backfill.empty()) {
      // The engine numbers rows anyway; a new key is that number.
      const bool known =
          !work.carried.without_rowid && !rowid_name(work).empty();
      copied.targets.push_back(quote(column->name));
      copied.values.push_back(known ? old + rowid_name(work) : "NULL");
      continue;
    }
    copied.targets.push_back(quote(column->name));
    copied.values.push_back(value_for(rendering, work, pair, old));
  }
  if (copied.targets.empty()) copy_default(rendering, work, copied);
  return copied;
}

std::string lines_of(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "\n  " : ",\n  ") + part;
  }
  return text;
}

std::string copy_sql(const Rendering& rendering, const TableWork& work,
                     const std::string& target) {
  const Copied copied = copied_columns(rendering, work);
  const std::string from = "\nFROM " + quote(work.pair->to->name);
  return "INSERT INTO " + quote(target) + " (" + lines_of(copied.targets) +
         "\n)\nSELECT" + lines_of(copied.values) + from;
}

/// A leftover of a crashed tool must not be taken for ours: a plain CREATE
/// fails on it.
std::string new_name(const Rendering& rendering, const Table& table) {
  std::string name = table.name + "__schemagen_new";
  while (rendering.plan.to.find_table(table.schema, name) != nullptr ||
         rendering.plan.from.find_table(table.schema, name) != nullptr) {
    name += '_';
  }
  return name;
}

}  // namespace

void append_rebuild(const Rendering& rendering, const TableWork& work,
                    const std::string& reasons, Script& script) {
  const Table& to = *work.pair->to;
  const std::string made = new_name(rendering, to);
  auto add = [&](std::string sql, std::string comment) {
    script.statements.push_back({std::move(sql), std::move(comment), false});
  };
  add(create_table_sql(to, made, rendering.plan.to),
      "rebuild table " + to.name +
          ", which SQLite cannot change in place:" + reasons);
  add(copy_sql(rendering, work, made), "copy every row");
  add("DROP TABLE " + quote(to.name), "the copy takes the old table's place");
  add("PRAGMA legacy_alter_table = ON",
      "keys, views and triggers elsewhere go on naming " + to.name);
  add("ALTER TABLE " + quote(made) + " RENAME TO " + quote(to.name), "");
  add("PRAGMA legacy_alter_table = OFF", "");
  script.rebuilds.push_back(to.name);
}

}  // namespace schemagen::gen::sqlite
