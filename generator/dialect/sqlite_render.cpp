// A whole plan as SQLite's SQL: ALTER TABLE where it is enough, else one
// rebuild per table, however much changes in it.
#include <algorithm>
#include <map>
#include <set>

#include "dialect/fidelity.hpp"
#include "dialect/sqlite.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen::sqlite {
namespace {

/// Collects which tables a plan touches, by their names before and after, and
/// the words of each change.
struct Touched {
  std::set<TableName> before, after;
  std::set<std::string> enums;
  std::map<TableName, std::string> reasons_before, reasons_after;

  void note_after(const TableName& table, const Change& change) {
    after.insert(table);
    reasons_after[table] += "\n  " + describe(change);
  }
  void note_before(const TableName& table, const Change& change) {
    before.insert(table);
    reasons_before[table] += "\n  " + describe(change);
  }
};

struct Touch {
  Touched& touched;
  const Change& change;

  void operator()(const CreateEnum&) {}
  void operator()(const DropEnum&) {}
  void operator()(const RenameEnum&) {}
  void operator()(const AlterEnum& c) { touched.enums.insert(c.to.name); }
  void operator()(const CreateTable&) {}
  void operator()(const DropTable&) {}
  void operator()(const RenameTable& c) { touched.after.insert(c.to); }
  void operator()(const RenameColumn& c) { touched.after.insert(c.table); }
  void operator()(const AlterTableOptions& c) { after(name_of(c.to)); }
  void operator()(const AddColumn& c) { after(c.table); }
  void operator()(const DropColumn& c) { both(c.table); }
  void operator()(const AlterColumn& c) { after(c.table); }
  void operator()(const AlterPrimaryKey& c) { after(c.table); }
  void operator()(const AddUnique& c) { after(c.table); }
  void operator()(const AddIndex& c) { after(c.table); }
  void operator()(const AddCheck& c) { after(c.table); }
  void operator()(const AddForeignKey& c) { after(c.table); }
  void operator()(const DropUnique& c) { before(c.table); }
  void operator()(const DropIndex& c) { before(c.table); }
  void operator()(const DropCheck& c) { before(c.table); }
  void operator()(const DropForeignKey& c) { before(c.table); }

  void after(const TableName& table) { touched.note_after(table, change); }
  void before(const TableName& table) { touched.note_before(table, change); }
  /// Early columns go by the old name of their table, late ones by the new.
  void both(const TableName& table) {
    touched.before.insert(table);
    after(table);
  }
};

std::string assignment(const std::string& name, const std::string& value) {
  return name + " = " + value;
}

class Render {
 public:
  explicit Render(const Plan& plan)
      : rendering_{plan, identity_of(plan), {}, {}} {
    rendering_.matching = match(plan.from, plan.to, rendering_.identity);
    rendering_.from_enums.enums = plan.from.enums;
    for (Enum& e : rendering_.from_enums.enums) {
      for (const auto& [to, from] : rendering_.identity.enums) {
        if (e.name == from) {
          e.name = to;
          break;
        }
      }
    }
    canonicalize(rendering_.from_enums);
  }

  Script run() {
    for (const Change& change : plan().changes) {
      std::visit(Touch{touched_, change}, change);
    }
    find_works();
    leave(blocks_at(plan(), ByHand::Place::first, {}));
    append_guards(rendering_, works_, script_);
    for (const TableWork& work : works_) drop_indexes(work);
    early_drops();
    for (const Change& change : plan().changes) {
      if (auto* table = std::get_if<RenameTable>(&change)) rename(*table);
      if (auto* column = std::get_if<RenameColumn>(&change)) rename(*column);
    }
    for (const Change& change : plan().changes) {
      if (auto* table = std::get_if<CreateTable>(&change)) create(table->table);
    }
    for (const TableWork& work : works_) alter(work);
    late_drops();
    judge_fidelity(plan(), script_);
    return std::move(script_);
  }

 private:
  const Plan& plan() const { return rendering_.plan; }

  void add(std::string sql, std::string comment) {
    script_.statements.push_back({std::move(sql), std::move(comment), false});
  }

  /// What the user is to write here.
  void leave(const std::vector<std::string>& blocks) {
    for (const std::string& block : blocks) {
      script_.statements.push_back({"", block, false, true});
    }
  }

  // Which tables ------------------------------------------------------------

  bool is_touched(const TablePair& pair) const {
    if (touched_.before.count(name_of(*pair.from)) != 0 ||
        touched_.after.count(name_of(*pair.to)) != 0) {
      return true;
    }
    if (touched_.enums.empty()) return false;
    return std::any_of(pair.to->columns.begin(), pair.to->columns.end(),
                       [&](const Column& column) {
                         return touched_.enums.count(column.type.enum_name);
                       });
  }

  void find_works() {
    for (const TablePair& pair : rendering_.matching.tables) {
      if (pair.from == nullptr || pair.to == nullptr || !is_touched(pair)) {
        continue;
      }
      TableWork work{&pair, carry(pair, rendering_.identity), false};
      work.rebuild = needs_rebuild(rendering_, work);
      works_.push_back(std::move(work));
    }
    if (rendering_.is_up()) order_works(plan(), works_);
  }

  // Indexes -----------------------------------------------------------------

  struct IndexSteps {
    std::vector<std::string> dropped;
    std::vector<NamedIndex> created;
  };

  /// An index stays when it has the same name and, after the renames, the
  /// same definition, and no column of it goes, be it for another one of its
  /// name: SQLite drops no column that an index names.
  static IndexSteps index_steps(const TableWork& work) {
    IndexSteps steps;
    const auto before = index_statements(*work.pair->from);
    const auto carried = index_statements(work.carried);
    std::map<std::string, std::string> old;
    for (std::size_t i = 0; i < before.size(); ++i) {
      old[before[i].name] = carried[i].sql;
    }
    std::set<std::string> kept;
    for (NamedIndex& index : index_statements(*work.pair->to)) {
      auto same = old.find(index.name);
      const bool stays = same != old.end() &&
                         (same->second == index.sql ||
                          normalize(same->second) == normalize(index.sql)) &&
                         !loses_column(work, index.sql);
      if (stays) kept.insert(index.name);
      if (!stays || work.rebuild) steps.created.push_back(std::move(index));
    }
    for (const NamedIndex& index : before) {
      if (kept.count(index.name) == 0) steps.dropped.push_back(index.name);
    }
    return steps;
  }

  static bool loses_column(const TableWork& work, const std::string& index) {
    const auto& columns = work.pair->columns;
    return std::any_of(columns.begin(), columns.end(),
                       [&](const ColumnPair& column) {
                         return column.to == nullptr &&
                                mentions_name(index, column.from->name);
                       });
  }

  void drop_indexes(const TableWork& work) {
    for (const std::string& name : index_steps(work).dropped) {
      add("DROP INDEX " + quote(name),
          "drop index " + name + " of " + work.pair->from->name);
    }
  }

  void create_indexes(const std::vector<NamedIndex>& indexes,
                      const std::string& table) {
    for (const NamedIndex& index : indexes) {
      add(index.sql, "index " + index.name + " of " + table);
    }
  }

  // Names -------------------------------------------------------------------

  void early_drops() {
    bool before_renames = true;
    for (const Change& change : plan().changes) {
      if (std::holds_alternative<RenameTable>(change) ||
          std::holds_alternative<RenameColumn>(change) ||
          std::holds_alternative<CreateTable>(change) ||
          std::holds_alternative<AddColumn>(change) ||
          std::holds_alternative<AlterColumn>(change)) {
        before_renames = false;
      }
      if (!before_renames) continue;
      if (auto* table = std::get_if<DropTable>(&change)) {
        drop(table->table);
      } else if (auto* column = std::get_if<DropColumn>(&change)) {
        drop_early(*column);
      }
    }
  }

  const TableWork* work_before(const TableName& name) const {
    for (const TableWork& work : works_) {
      if (name_of(*work.pair->from) == name) return &work;
    }
    return nullptr;
  }

  static bool takes_name(const TableWork& work, const std::string& name) {
    return std::any_of(work.pair->columns.begin(), work.pair->columns.end(),
                       [&](const ColumnPair& pair) {
                         return pair.from != nullptr && pair.to != nullptr &&
                                pair.from->name != pair.to->name &&
                                fold_case(pair.to->name) == fold_case(name);
                       });
  }

  /// A column whose name another one needs. Where the table is rebuilt anyway
  /// the copy leaves it out; until then it only has to make way.
  void drop_early(const DropColumn& c) {
    dropped_.insert({c.table, c.column.name});
    const TableWork* work = work_before(c.table);
    if (work == nullptr) return;
    if (!work->rebuild) {
      leave(blocks_at(plan(), ByHand::Place::before_drop,
                      name_of(*work->pair->to), c.column.name));
      add("ALTER TABLE " + quote(c.table.name) + " DROP COLUMN " +
              quote(c.column.name),
          describe(c));
    } else if (takes_name(*work, c.column.name)) {
      add("ALTER TABLE " + quote(c.table.name) + " RENAME COLUMN " +
              quote(c.column.name) + " TO " +
              quote(c.column.name + "__schemagen_gone"),
          "make way for the column that takes its name");
    }
  }

  void rename(const RenameTable& c) {
    if (c.from.name == c.to.name) return;  // schemas are no matter of SQLite
    if (fold_case(c.from.name) == fold_case(c.to.name)) {
      const std::string third = c.to.name + "__schemagen_swap";
      add("ALTER TABLE " + quote(c.from.name) + " RENAME TO " + quote(third),
          describe(c) + ", through another name since only the case differs");
      add("ALTER TABLE " + quote(third) + " RENAME TO " + quote(c.to.name), "");
      return;
    }
    add("ALTER TABLE " + quote(c.from.name) + " RENAME TO " + quote(c.to.name),
        describe(c));
  }

  void rename(const RenameColumn& c) {
    add("ALTER TABLE " + quote(c.table.name) + " RENAME COLUMN " +
            quote(c.from) + " TO " + quote(c.to),
        describe(c));
  }

  // Tables ------------------------------------------------------------------

  void create(const Table& table) {
    add(create_table_sql(table, table.name, plan().to),
        "create table " + table.name);
    create_indexes(index_statements(table), table.name);
    leave(blocks_at(plan(), ByHand::Place::after_create, name_of(table)));
  }

  void drop(const Table& table) {
    const TableName name = name_of(table);
    if (!dropped_.insert({name, ""}).second) return;
    leave(blocks_at(plan(), ByHand::Place::before_drop, name));
    add("DROP TABLE " + quote(table.name), "drop table " + table.name);
  }

  void late_drops() {
    for (const Change& change : plan().changes) {
      if (auto* table = std::get_if<DropTable>(&change)) drop(table->table);
    }
  }

  std::string reasons(const TableWork& work) const {
    std::string text;
    for (const auto& [notes, name] :
         {std::pair{&touched_.reasons_before, name_of(*work.pair->from)},
          std::pair{&touched_.reasons_after, name_of(*work.pair->to)}}) {
      auto found = notes->find(name);
      if (found != notes->end()) text += found->second;
    }
    for (const Change& change : plan().changes) {
      auto* e = std::get_if<AlterEnum>(&change);
      if (e == nullptr) continue;
      for (const Column& column : work.pair->to->columns) {
        if (column.type.enum_name != e->to.name) continue;
        text += "\n  " + describe(change);
        break;
      }
    }
    return text;
  }

  /// The values of columns that go.
  void leave_moves(const TableWork& work) {
    const TableName table = name_of(*work.pair->to);
    for (const ColumnPair& column : work.pair->columns) {
      if (column.to != nullptr) continue;
      const bool has_gone =
          !work.rebuild &&
          dropped_.count({name_of(*work.pair->from), column.from->name}) != 0;
      if (has_gone) continue;
      leave(blocks_at(plan(), ByHand::Place::before_drop, table,
                      column.from->name));
    }
  }

  void alter(const TableWork& work) {
    if (work.rebuild) {
      leave_moves(work);
      append_rebuild(rendering_, work, reasons(work), script_);
    } else {
      add_columns(work);
      convert_values(work);
      leave_moves(work);
      drop_columns(work);
    }
    create_indexes(index_steps(work).created, work.pair->to->name);
  }

  /// Generated columns come last: they compute with the others.
  void add_columns(const TableWork& work) {
    const Table& table = *work.pair->to;
    std::vector<const Column*> plain, generated;
    for (const Column* column : table.columns_in_order()) {
      const auto index =
          static_cast<std::size_t>(column - table.columns.data());
      if (work.pair->columns[index].from != nullptr) continue;
      (column->generated.empty() ? plain : generated).push_back(column);
    }
    std::vector<std::string> fills;
    for (const Column* column : plain) {
      add_column(table, *column);
      if (rendering_.is_up() && !column->backfill.empty()) {
        fills.push_back(
            assignment(quote(column->name), enclosed(column->backfill)));
      }
    }
    if (!fills.empty()) {
      update(table, fills, "give existing rows their values");
    }
    for (const Column* column : generated) add_column(table, *column);
  }

  void add_column(const Table& table, const Column& column) {
    add("ALTER TABLE " + quote(table.name) + " ADD COLUMN " +
            column_sql(table, column, plan().to),
        describe(AddColumn{name_of(table), column, Fill{}}));
  }

  void update(const Table& table, const std::vector<std::string>& sets,
              const std::string& comment) {
    std::string sql = "UPDATE " + quote(table.name) + " SET";
    for (const std::string& set : sets) {
      sql += (&set == &sets.front() ? "\n  " : ",\n  ") + set;
    }
    add(std::move(sql), comment);
  }

  /// Types may differ though SQLite stores both alike: the values still have
  /// to become what the new type says.
  void convert_values(const TableWork& work) {
    std::vector<std::string> sets;
    for (const ColumnPair& column : work.pair->columns) {
      if (column.from == nullptr || column.to == nullptr) continue;
      // Values of an enum may have traded their names.
      if (work.carried_column(*column.from).type == column.to->type &&
          column.to->type.kind != TypeKind::enumeration) {
        continue;
      }
      if (!column.to->generated.empty()) continue;
      const std::string name = quote(column.to->name);
      const std::string value = value_for(rendering_, work, column, "");
      if (value != name) sets.push_back(assignment(name, value));
    }
    if (sets.empty()) return;
    update(*work.pair->to, sets, "convert values to their new type");
  }

  void drop_columns(const TableWork& work) {
    for (const ColumnPair& column : work.pair->columns) {
      if (column.to != nullptr ||
          dropped_.count({name_of(*work.pair->from), column.from->name})) {
        continue;
      }
      const Table& table = *work.pair->to;
      add("ALTER TABLE " + quote(table.name) + " DROP COLUMN " +
              quote(column.from->name),
          describe(DropColumn{name_of(table), *column.from}));
    }
  }

  Rendering rendering_;
  Touched touched_;
  std::vector<TableWork> works_;
  std::set<std::pair<TableName, std::string>> dropped_;
  Script script_;
};

}  // namespace

Script render(const Plan& plan) { return Render(plan).run(); }

}  // namespace schemagen::gen::sqlite
