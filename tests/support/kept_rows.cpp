#include "support/kept_rows.hpp"

#include <functional>
#include <stdexcept>

#include "dialect/dialect.hpp"
#include "plan/identity.hpp"
#include "plan/type_step.hpp"
#include "support/random_history.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

using Mapping = std::map<std::string, std::string>;

bool is_sqlite(const Database& database) {
  return database.dialect() == "sqlite";
}

std::string quoted(const Database& database, const Table& table) {
  const Dialect& dialect = *find_dialect(database.dialect());
  const std::string name = dialect.quote(table.name);
  return table.schema.empty() || is_sqlite(database)
             ? name
             : dialect.quote(table.schema) + "." + name;
}

/// A stored value of an enum, as read_cells shows it.
std::string cell_of(Database& database, const Enum& e, const EnumValue& value) {
  const bool is_number = e.storage == EnumStorage::integer;
  const std::string number = std::to_string(value.number);
  if (!is_sqlite(database)) return is_number ? number : value.name;
  return is_number ? "integer:" + number
                   : "text:" + find_dialect("sqlite")->quote_text(value.name);
}

bool is_number(const Type& type) {
  IntegerRange range{};
  return type.sql.empty() && type.kind != TypeKind::boolean &&
         integer_range(type.kind, &range);
}

bool is_string(const Type& type) {
  return type.sql.empty() &&
         (type.kind == TypeKind::text || type.kind == TypeKind::blob);
}

/// What a plan says about the values of one column that stays.
class Promise {
 public:
  Promise(Database& database, const Plan& plan, const ColumnPair& pair)
      : from_(*pair.from), to_(*pair.to) {
    is_given_ = from_.generated.empty() && to_.generated.empty();
    if (!is_given_) return;
    Type carried = from_.type;
    for (const auto& [old, now] : plan.renamed_enums) {
      if (carried.enum_name == old) {
        carried.enum_name = now;
        break;
      }
    }
    if (carried == to_.type) {
      if (to_.type.kind == TypeKind::enumeration) map_values(database, plan);
      return;
    }
    const bool is_up = plan.direction == Direction::up;
    const TypeStep step = type_step(plan.from, from_.type, plan.to, to_.type);
    const bool comparable = (is_number(from_.type) && is_number(to_.type)) ||
                            (is_string(from_.type) && is_string(to_.type) &&
                             from_.type.kind == to_.type.kind);
    // Up, a guard has asked the rows; down, what does not fit is invented.
    is_given_ =
        comparable && (!is_up || to_.using_sql.empty()) &&
        (step == TypeStep::lossless || (is_up && step == TypeStep::narrowing));
  }

  bool is_given() const { return is_given_; }

  bool is_kept(const Cell& before, const Cell& after) const {
    if (!before) return to_.nullable ? !after : bool(after);
    if (mapping_.empty()) return before == after;
    auto found = mapping_.find(*before);
    return found == mapping_.end() || after == found->second;
  }

 private:
  /// Values that go are not in the rows, or are invented.
  void map_values(Database& database, const Plan& plan) {
    const Enum& old = *plan.from.find_enum(from_.type.enum_name);
    const Enum& now = *plan.to.find_enum(to_.type.enum_name);
    for (const EnumValue& value : old.values) {
      std::string name = value.name;
      for (const Plan::RenamedValue& renamed : plan.renamed_values) {
        if (renamed.enum_name == now.name && renamed.from == value.name) {
          name = renamed.to;
        }
      }
      const EnumValue* same = now.find_value(name);
      if (same == nullptr) continue;
      mapping_[cell_of(database, old, value)] = cell_of(database, now, *same);
    }
  }

  const Column& from_;
  const Column& to_;
  bool is_given_ = false;
  Mapping mapping_;
};

std::string text_of(const Cell& cell) { return cell.value_or("NULL"); }

using IsKept = std::function<bool(const Cell& before, const Cell& after)>;

void compare(const std::string& what, const std::map<std::string, Cell>& before,
             const std::map<std::string, Cell>& after, const IsKept& is_kept,
             std::string& found) {
  for (const auto& [row, cell] : before) {
    auto same = after.find(row);
    if (same == after.end()) {
      found += what + ", row " + row + " is gone\n";
    } else if (!is_kept(cell, same->second)) {
      found += what + ", row " + row + ": " + text_of(cell) + " became " +
               text_of(same->second) + "\n";
    }
  }
  if (after.size() > before.size()) found += what + " has more rows\n";
}

}  // namespace

TableCells read_cells(Database& database, const Table& table) {
  const Dialect& dialect = *find_dialect(database.dialect());
  std::string list, row_name;
  std::vector<std::string> columns;
  for (const Column& column : table.columns) {
    const std::string name = dialect.quote(column.name);
    if (is_row_name(column)) row_name = name;
    if (!column.generated.empty()) continue;
    columns.push_back(column.name);
    list += ", " + (is_sqlite(database)
                        ? "CASE WHEN " + name + " IS NOT NULL THEN typeof(" +
                              name + ") || ':' || quote(" + name + ") END"
                        : name + "::text");
  }
  auto rows = database.query("SELECT " + row_name + list + " FROM " +
                             quoted(database, table));
  if (!rows) throw std::runtime_error(rows.error().message);
  TableCells cells;
  for (const Row& row : *rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      cells[columns[i]][row[0].value_or("")] = row[i + 1];
    }
  }
  return cells;
}

KeptRows::KeptRows(Database& database, const Plan& plan)
    : database_(database), plan_(plan) {
  for (const Table& table : plan.from.tables) {
    before_[name_of(table)] = read_cells(database, table);
  }
}

std::string KeptRows::lost_by_step() const {
  std::string found;
  const Matching matching = match(plan_.from, plan_.to, identity_of(plan_));
  for (const TablePair& table : matching.tables) {
    if (table.from == nullptr || table.to == nullptr) continue;
    const TableCells& before = before_.at(name_of(*table.from));
    if (before.empty()) continue;
    TableCells after = read_cells(database_, *table.to);
    for (const ColumnPair& column : table.columns) {
      if (column.from == nullptr || column.to == nullptr) continue;
      const Promise promise(database_, plan_, column);
      if (!promise.is_given()) continue;
      compare(
          display(name_of(*table.to)) + "." + column.to->name,
          before.at(column.from->name), after[column.to->name],
          [&](const Cell& a, const Cell& b) { return promise.is_kept(a, b); },
          found);
    }
  }
  return found;
}

std::string KeptRows::lost_by_return(
    const std::set<std::string>& invented) const {
  std::string found;
  const Matching matching = match(plan_.from, plan_.to, identity_of(plan_));
  for (const TablePair& table : matching.tables) {
    if (table.from == nullptr || table.to == nullptr) continue;
    const TableCells& before = before_.at(name_of(*table.from));
    if (before.empty()) continue;
    TableCells after = read_cells(database_, *table.from);
    for (const ColumnPair& column : table.columns) {
      if (column.from == nullptr || !column.from->generated.empty()) continue;
      const std::string name =
          display(name_of(*table.from)) + "." + column.from->name;
      if (invented.count(name) != 0) continue;
      // What the user's SQL or a fill has made of a value is cast back.
      const bool remade = column.to != nullptr &&
                          column.from->type != column.to->type &&
                          !column.to->using_sql.empty();
      if (remade) continue;
      const bool filled = column.to != nullptr && !column.to->nullable;
      compare(
          name, before.at(column.from->name), after[column.from->name],
          [&](const Cell& a, const Cell& b) {
            return a == b || (!a && filled);
          },
          found);
    }
  }
  return found;
}

}  // namespace schemagen::test
