// Where each column of a new table gets its values from, and whether that
// takes a rebuild.
#include <algorithm>

#include "dialect/sqlite.hpp"
#include "model/sql_tokens.hpp"

namespace schemagen::gen::sqlite {
namespace {

bool has_default(const Column& column) {
  return !column.default_sql.empty() ||
         (column.default_value &&
          column.default_value->kind != Literal::Kind::null);
}

/// What a row gets where it has no value of its own.
std::string fill_sql(const Rendering& rendering, const Column& column) {
  if (rendering.is_up() && !column.backfill.empty()) {
    return enclosed(column.backfill);
  }
  if (has_default(column)) return default_sql(column, rendering.plan.to);
  return column.nullable ? "NULL" : zero_sql(column.type, rendering.plan.to);
}

bool same_text(const std::string& a, const std::string& b) {
  return a == b || normalize(a) == normalize(b);
}

std::vector<std::string> sorted_lines(const Table& table) {
  std::vector<std::string> lines = constraint_lines(table);
  for (std::string& line : lines) line = normalize(line);
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

const Column& TableWork::carried_column(const Column& from) const {
  return carried
      .columns[static_cast<std::size_t>(&from - pair->from->columns.data())];
}

std::string value_for(const Rendering& rendering, const TableWork& work,
                      const ColumnPair& column, const std::string& old) {
  const Column& to = *column.to;
  if (column.from == nullptr) return fill_sql(rendering, to);
  const Column& from = work.carried_column(*column.from);
  const std::string base = old + quote(from.name);
  const bool demands = !to.nullable && from.nullable;
  std::string value;
  if (rendering.is_up() && !to.using_sql.empty() && from.type != to.type) {
    value = enclosed(to.using_sql);
  } else {
    const Conversion conversion{rendering.from_enums, rendering.plan.to,
                                rendering.identity, !rendering.is_up()};
    value = convert(conversion, from.type, to.type, base);
    const bool may_fail = conversion.checked && value != base;
    if (!demands && !may_fail) return value;
  }
  if (to.nullable && !has_default(to)) return value;
  if (to.nullable || (!demands && rendering.is_up())) return value;
  return "coalesce(" + value + ", " + fill_sql(rendering, to) + ")";
}

bool can_add(const Table& table, const Column& column) {
  const bool is_key =
      std::find(table.primary_key.begin(), table.primary_key.end(),
                column.name) != table.primary_key.end();
  if (is_key) return false;
  if (!column.generated.empty()) return !column.stored;
  if (!has_constant_default(column)) return false;
  return column.nullable || has_default(column);
}

bool needs_rebuild(const Rendering& rendering, const TableWork& work) {
  const Table& to = *work.pair->to;
  if (work.carried.strict != to.strict ||
      work.carried.without_rowid != to.without_rowid ||
      work.carried.primary_key != to.primary_key) {
    return true;
  }
  for (const ColumnPair& column : work.pair->columns) {
    if (column.to == nullptr) continue;
    if (column.from == nullptr) {
      if (!can_add(to, *column.to)) return true;
      continue;
    }
    const Column& from = work.carried_column(*column.from);
    if (!same_text(column_sql(work.carried, from, rendering.from_enums),
                   column_sql(to, *column.to, rendering.plan.to))) {
      return true;
    }
  }
  return sorted_lines(work.carried) != sorted_lines(to);
}

}  // namespace schemagen::gen::sqlite
