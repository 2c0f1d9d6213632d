#include "plan/diff.hpp"

#include <algorithm>
#include <optional>

#include "model/names.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"
#include "plan/order.hpp"
#include "plan/type_step.hpp"

namespace schemagen::gen {
namespace {

using Changes = std::vector<Change>;

/// The changes by phase; the members stand in the order of the plan.
struct Phases {
  Changes drop_foreign_keys, drop_constraints;
  Changes early_tables, early_columns;
  Changes enums, renames, tables;
  Changes add_columns, alter_columns, options, keys;
  Changes late_columns;
  Changes uniques, indexes, checks, foreign_keys;
  Changes late_tables, late_enums;

  Changes joined() && {
    Changes all;
    for (Changes* phase :
         {&drop_foreign_keys, &drop_constraints, &early_tables, &early_columns,
          &enums, &renames, &tables, &add_columns, &alter_columns, &options,
          &keys, &late_columns, &uniques, &indexes, &checks, &foreign_keys,
          &late_tables, &late_enums}) {
      std::move(phase->begin(), phase->end(), std::back_inserter(all));
    }
    return all;
  }
};

bool same(const Unique& a, const Unique& b) { return a == b; }
bool same(const ForeignKey& a, const ForeignKey& b) { return a == b; }

/// A rename went through the user's SQL token by token; what it wrote and what
/// the user wrote may differ in spacing and quotes.
bool same_sql(const std::string& a, const std::string& b) {
  return a == b || normalize(a) == normalize(b);
}
bool same(const Index& a, const Index& b) {
  return a == b ||
         (a.name == b.name && a.columns == b.columns && a.unique == b.unique &&
          a.method == b.method && same_sql(a.where, b.where) &&
          same_sql(a.expression, b.expression));
}
bool same(const Check& a, const Check& b) {
  return a == b ||
         (a.name == b.name && a.column == b.column && same_sql(a.sql, b.sql));
}

class Finder {
 public:
  Finder(const Plan& plan, const Matching& matching, const Identity& identity)
      : plan_(plan), matching_(matching), identity_(identity) {}

  Changes run() {
    find_enums();
    find_gone_tables();
    rename_tables();
    for (const TablePair& pair : matching_.tables) {
      if (pair.from != nullptr && pair.to != nullptr) compare(pair);
    }
    if (!retyped_.empty() || !lost_keys_.empty()) {
      renew_foreign_keys();
      release_gone_keys();
    }
    create_tables();
    return std::move(phases_).joined();
  }

 private:
  // Enums -------------------------------------------------------------------

  void find_enums() {
    for (const EnumPair& pair : matching_.enums) {
      if (pair.from == nullptr) {
        phases_.enums.push_back(CreateEnum{*pair.to});
      } else if (pair.to == nullptr) {
        phases_.late_enums.push_back(DropEnum{*pair.from});
      } else {
        compare(pair);
      }
    }
  }

  void compare(const EnumPair& pair) {
    AlterEnum change{*pair.from, *pair.to, {}};
    if (pair.from->name != pair.to->name) {
      phases_.enums.push_back(RenameEnum{pair.from->name, pair.to->name});
      change.from.name = pair.to->name;
    }
    for (const auto& [to, from] : identity_.values) {
      if (to.first == pair.to->name) {
        change.renamed.push_back({from, to.second});
      }
    }
    // Values that swap their names leave the enum as it was, not its rows.
    if (change.from == change.to && change.renamed.empty()) return;
    std::sort(change.renamed.begin(), change.renamed.end());
    phases_.enums.push_back(std::move(change));
  }

  // Tables ------------------------------------------------------------------

  void find_gone_tables() {
    std::vector<const Table*> gone;
    for (const TablePair& pair : matching_.tables) {
      if (pair.to != nullptr) continue;
      gone.push_back(pair.from);
      gone_.insert(name_of(*pair.from));
    }
    if (gone.empty()) return;
    TableOrder order = order_tables(gone);
    for (const auto& [table, key] : order.closing) {
      phases_.drop_foreign_keys.push_back(
          DropForeignKey{name_of(*table), *key});
    }
    const std::set<std::string> needed = needed_names();
    std::set<TableName> early;
    for (const Table* table : gone) {
      if (is_in_way(*table, needed)) early.insert(name_of(*table));
    }
    for (auto at = order.parents_first.rbegin();
         at != order.parents_first.rend(); ++at) {
      const bool is_early = early.count(name_of(**at)) != 0;
      Changes& phase = is_early ? phases_.early_tables : phases_.late_tables;
      phase.push_back(DropTable{**at});
      if (!is_early) release_keys(**at, early, order);
    }
  }

  /// What goes late lets go of what goes early.
  void release_keys(const Table& table, const std::set<TableName>& early,
                    const TableOrder& order) {
    for (const ForeignKey& key : table.foreign_keys) {
      const bool is_closing =
          std::any_of(order.closing.begin(), order.closing.end(),
                      [&](const auto& each) { return each.second == &key; });
      if (is_closing || early.count({key.schema, key.table}) == 0) continue;
      phases_.drop_foreign_keys.push_back(DropForeignKey{name_of(table), key});
    }
  }

  /// Names that tables and indexes of the new schema carry, without case.
  std::set<std::string> needed_names() const {
    std::set<std::string> names;
    for (const Table& table : plan_.to.tables) {
      names.insert(fold_case(table.name));
      for (const Index& index : table.indexes) {
        names.insert(fold_case(index_name(table, index)));
      }
      for (const Unique& unique : table.uniques) {
        names.insert(fold_case(unique_name(table, unique)));
      }
    }
    return names;
  }

  static bool is_in_way(const Table& gone, const std::set<std::string>& names) {
    auto is_needed = [&](const std::string& name) {
      return names.count(fold_case(name)) != 0;
    };
    return is_needed(gone.name) ||
           std::any_of(gone.indexes.begin(), gone.indexes.end(),
                       [&](const Index& index) {
                         return is_needed(index_name(gone, index));
                       }) ||
           std::any_of(gone.uniques.begin(), gone.uniques.end(),
                       [&](const Unique& unique) {
                         return is_needed(unique_name(gone, unique));
                       });
  }

  void rename_tables() {
    std::vector<std::pair<TableName, TableName>> renames;
    for (const auto& [to, from] : identity_.tables)
      renames.push_back({from, to});
    std::sort(renames.begin(), renames.end());
    if (renames.empty()) return;
    std::set<TableName> names;
    for (const Table& table : plan_.from.tables) names.insert(name_of(table));
    for (const Table& table : plan_.to.tables) names.insert(name_of(table));
    for (auto& [from, to] : order_renames(std::move(renames), names, false)) {
      phases_.renames.push_back(RenameTable{from, to});
    }
  }

  void create_tables() {
    std::vector<const Table*> fresh;
    for (const TablePair& pair : matching_.tables) {
      if (pair.from == nullptr) fresh.push_back(pair.to);
    }
    for (const Table* table : order_tables(fresh).parents_first) {
      phases_.tables.push_back(CreateTable{*table});
    }
  }

  void compare(const TablePair& pair) {
    if (identity_.renames_nothing() && gone_.empty() &&
        *pair.from == *pair.to && identity_.replaced_columns.empty()) {
      return;
    }
    const Table carried = carry(pair, identity_);
    const TableName table = name_of(*pair.to);
    if (carried.comment != pair.to->comment ||
        carried.strict != pair.to->strict ||
        carried.without_rowid != pair.to->without_rowid) {
      phases_.options.push_back(AlterTableOptions{carried, *pair.to});
    }
    compare_columns(pair, carried);
    if (carried.primary_key != pair.to->primary_key) {
      phases_.keys.push_back(
          AlterPrimaryKey{table, carried.primary_key, pair.to->primary_key});
      lose_key(table, carried.primary_key);
    }
    compare_lists<DropUnique, AddUnique>(pair, carried.uniques, &Table::uniques,
                                         phases_.uniques);
    compare_lists<DropIndex, AddIndex>(pair, carried.indexes, &Table::indexes,
                                       phases_.indexes);
    compare_lists<DropCheck, AddCheck>(pair, carried.checks, &Table::checks,
                                       phases_.checks);
    compare_lists<DropForeignKey, AddForeignKey>(
        pair, carried.foreign_keys, &Table::foreign_keys, phases_.foreign_keys);
  }

  // Columns -----------------------------------------------------------------

  void compare_columns(const TablePair& pair, const Table& carried) {
    const TableName table = name_of(*pair.to);
    std::vector<std::pair<TableName, TableName>> renames;
    std::set<TableName> names;
    for (const ColumnPair& column : pair.columns) {
      if (column.from != nullptr) names.insert({"", column.from->name});
      if (column.to != nullptr) names.insert({"", column.to->name});
      if (column.to != nullptr && column.from != nullptr) {
        if (column.from->name != column.to->name) {
          renames.push_back({{"", column.from->name}, {"", column.to->name}});
        }
        const auto index =
            static_cast<std::size_t>(column.from - pair.from->columns.data());
        compare_column(table, carried.columns[index], *column.to);
      }
    }
    drop_columns(pair);
    add_columns(pair);
    for (auto& [from, to] : order_renames(std::move(renames), names)) {
      phases_.renames.push_back(RenameColumn{table, from.name, to.name});
    }
  }

  /// Columns make way early where their name is needed again; generated ones
  /// that may compute with such a column go along.
  void drop_columns(const TablePair& pair) {
    std::set<std::string> needed;
    for (const Column& column : pair.to->columns) {
      needed.insert(fold_case(column.name));
    }
    bool any_in_way = false;
    for (const ColumnPair& column : pair.columns) {
      any_in_way = any_in_way || (column.to == nullptr &&
                                  needed.count(fold_case(column.from->name)));
    }
    for (const ColumnPair& column : pair.columns) {
      if (column.to != nullptr) continue;
      const Column& gone = *column.from;
      if (needed.count(fold_case(gone.name)) != 0 ||
          (any_in_way && !gone.generated.empty())) {
        phases_.early_columns.push_back(DropColumn{name_of(*pair.from), gone});
      } else {
        phases_.late_columns.push_back(DropColumn{name_of(*pair.to), gone});
      }
    }
  }

  void add_columns(const TablePair& pair) {
    for (const bool generated : {false, true}) {
      for (const ColumnPair& column : pair.columns) {
        if (column.from != nullptr) continue;
        if (column.to->generated.empty() == generated) continue;
        phases_.add_columns.push_back(
            AddColumn{name_of(*pair.to), *column.to, fill_new(*column.to)});
      }
    }
  }

  bool is_up() const { return plan_.direction == Direction::up; }

  static bool has_default(const Column& column) {
    return !column.default_sql.empty() ||
           (column.default_value &&
            column.default_value->kind != Literal::Kind::null);
  }

  Fill fill_new(const Column& column) const {
    if (!column.generated.empty()) return {};
    if (is_up() && !column.backfill.empty()) {
      return {Fill::Kind::backfill, column.backfill};
    }
    if (column.nullable || has_default(column) || column.autoincrement) {
      return {};
    }
    return {Fill::Kind::zero, {}};
  }

  Fill fill_demand(const Column& from, const Column& to) const {
    if (!from.nullable || to.nullable || !to.generated.empty()) return {};
    if (is_up() && !to.backfill.empty()) {
      return {Fill::Kind::backfill, to.backfill};
    }
    if (has_default(to)) return {};
    return {Fill::Kind::zero, {}};
  }

  void compare_column(const TableName& table, const Column& carried,
                      const Column& to) {
    Column from = carried;
    if (same_sql(from.generated, to.generated)) from.generated = to.generated;
    if (from == to) return;
    AlterColumn change{table, from, to, fill_demand(from, to), true};
    if (from.type != to.type) {
      const TypeStep step = step_of(from.type, to.type);
      const bool by_user = is_up() && !to.using_sql.empty();
      change.lossless = !by_user && step == TypeStep::lossless;
      retyped_.insert({table, to.name});
    }
    phases_.alter_columns.push_back(std::move(change));
  }

  TypeStep step_of(Type from, const Type& to) const {
    auto renamed = identity_.enums.find(from.enum_name);
    if (renamed != identity_.enums.end()) from.enum_name = renamed->second;
    return type_step(plan_.from, from, plan_.to, to);
  }

  // Constraints -------------------------------------------------------------

  /// `carried` is in step with the list of pair.from, which has the old names.
  template <class Drop, class Add, class Value>
  void compare_lists(const TablePair& pair, const std::vector<Value>& carried,
                     std::vector<Value> Table::*list, Changes& added) {
    const std::vector<Value>& before = pair.from->*list;
    const std::vector<Value>& after = pair.to->*list;
    std::vector<bool> kept(after.size(), false);
    for (std::size_t i = 0; i < carried.size(); ++i) {
      std::size_t at = 0;
      while (at < after.size() && (kept[at] || !same(carried[i], after[at]))) {
        ++at;
      }
      if (at < after.size() && !leans_on_gone(before[i])) {
        kept[at] = true;
        continue;
      }
      note_lost(name_of(*pair.to), carried[i]);
      drop_phase(before[i]).push_back(Drop{name_of(*pair.from), before[i]});
    }
    for (std::size_t at = 0; at < after.size(); ++at) {
      if (!kept[at]) added.push_back(Add{name_of(*pair.to), after[at]});
    }
  }

  Changes& drop_phase(const ForeignKey&) { return phases_.drop_foreign_keys; }
  template <class Value>
  Changes& drop_phase(const Value&) {
    return phases_.drop_constraints;
  }

  /// The table it refers to goes, though one of that name will be there.
  bool leans_on_gone(const ForeignKey& key) const {
    return gone_.count({key.schema, key.table}) != 0;
  }
  template <class Value>
  bool leans_on_gone(const Value&) const {
    return false;
  }

  void note_lost(const TableName& table, const Unique& unique) {
    lose_key(table, unique.columns);
  }
  void note_lost(const TableName& table, const Index& index) {
    if (!index.unique) return;
    std::vector<std::string> columns;
    for (const IndexColumn& column : index.columns) {
      columns.push_back(column.name);
    }
    lose_key(table, columns);
  }
  template <class Value>
  void note_lost(const TableName&, const Value&) {}

  void lose_key(const TableName& table, std::vector<std::string> columns) {
    std::sort(columns.begin(), columns.end());
    lost_keys_.insert({table, std::move(columns)});
  }

  /// Keys that stay, but whose ground moves: PostgreSQL refuses the change
  /// under them.
  void renew_foreign_keys() {
    for (const TablePair& pair : matching_.tables) {
      if (pair.from == nullptr || pair.to == nullptr) continue;
      if (pair.from->foreign_keys.empty()) continue;
      const Table carried = carry(pair, identity_);
      for (std::size_t i = 0; i < carried.foreign_keys.size(); ++i) {
        const ForeignKey& key = carried.foreign_keys[i];
        const bool stays = std::find(pair.to->foreign_keys.begin(),
                                     pair.to->foreign_keys.end(),
                                     key) != pair.to->foreign_keys.end() &&
                           !leans_on_gone(pair.from->foreign_keys[i]);
        if (!stays || !ground_moves(name_of(*pair.to), key)) continue;
        phases_.drop_foreign_keys.push_back(
            DropForeignKey{name_of(*pair.from), pair.from->foreign_keys[i]});
        phases_.foreign_keys.push_back(AddForeignKey{name_of(*pair.to), key});
      }
    }
  }

  /// Keys of tables that go, onto tables that stay and change under them.
  void release_gone_keys() {
    std::set<TableName> moving;
    for (const auto& each : retyped_) moving.insert(each.first);
    for (const auto& each : lost_keys_) moving.insert(each.first);
    std::set<TableName> before;  // the same by their old names
    for (const TablePair& pair : matching_.tables) {
      if (pair.from != nullptr && pair.to != nullptr &&
          moving.count(name_of(*pair.to)) != 0) {
        before.insert(name_of(*pair.from));
      }
    }
    for (const TablePair& pair : matching_.tables) {
      if (pair.to != nullptr) continue;
      for (const ForeignKey& key : pair.from->foreign_keys) {
        if (before.count({key.schema, key.table}) == 0) continue;
        phases_.drop_foreign_keys.push_back(
            DropForeignKey{name_of(*pair.from), key});
      }
    }
  }

  bool ground_moves(const TableName& table, const ForeignKey& key) const {
    const TableName target{key.schema, key.table};
    auto is_retyped = [&](const TableName& owner,
                          const std::vector<std::string>& columns) {
      return std::any_of(columns.begin(), columns.end(),
                         [&](const std::string& column) {
                           return retyped_.count({owner, column}) != 0;
                         });
    };
    std::vector<std::string> sorted = key.references;
    std::sort(sorted.begin(), sorted.end());
    return lost_keys_.count({target, sorted}) != 0 ||
           is_retyped(table, key.columns) || is_retyped(target, key.references);
  }

  const Plan& plan_;
  const Matching& matching_;
  const Identity& identity_;
  Phases phases_;
  std::set<TableName> gone_;
  std::set<std::pair<TableName, std::string>> retyped_;
  std::set<std::pair<TableName, std::vector<std::string>>> lost_keys_;
};

}  // namespace

Changes find_changes(const Plan& plan, const Matching& matching,
                     const Identity& identity) {
  return Finder(plan, matching, identity).run();
}

}  // namespace schemagen::gen
