// What of a table stays. PostgreSQL keeps a constraint or index through a
// rename; it goes and comes again where its words, or the types it speaks of,
// are others.
#include <algorithm>

#include "dialect/postgres_plan.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"
#include "plan/type_step.hpp"

namespace schemagen::gen::postgres {
namespace {

using Names = std::set<std::string>;

bool any_in(const std::vector<std::string>& columns, const Names& names) {
  if (names.empty()) return false;
  return std::any_of(
      columns.begin(), columns.end(), [&](const std::string& column) {
        return names.count(column) != 0 || names.count(fold_case(column)) != 0;
      });
}

bool mentions(const std::string& sql, const Names& names) {
  if (names.empty()) return false;
  std::vector<std::string> words;
  for (const SqlToken& token : cut_tokens(sql)) {
    words.push_back(identifier_name(token));
  }
  return any_in(words, names);
}

/// SQL that names a column without quotes means its lower-case form.
void insert(Names& names, const std::string& name) {
  names.insert(name);
  names.insert(fold_case(name));
}

bool same_sql(const std::string& a, const std::string& b) {
  return a == b || normalize(a) == normalize(b);
}

class Comparer {
 public:
  Comparer(const Rendering& rendering, const TablePair& pair)
      : rendering_(rendering) {
    work_.pair = &pair;
    work_.carried = carry(pair, rendering.identity);
    work_.from = name_of(*pair.from);
    work_.to = name_of(*pair.to);
  }

  TableWork run() {
    for (const ColumnPair& column : work_.pair->columns) {
      if (column.to == nullptr) {
        insert(work_.gone, column.from->name);
      } else if (column.from != nullptr && is_retyped(column)) {
        work_.retyped.insert(column.to->name);
      }
    }
    for (const ColumnPair& column : work_.pair->columns) {
      if (column.from == nullptr || column.to == nullptr) continue;
      if (column.to->generated.empty() || !is_recreated(column)) continue;
      work_.recreated.insert(column.to->name);
      work_.retyped.erase(column.to->name);
    }
    for (const ColumnPair& column : work_.pair->columns) {
      if (column.from == nullptr || column.to == nullptr) continue;
      if (work_.recreated.count(column.to->name) != 0) {
        insert(work_.gone, column.from->name);
      }
    }
    compare_objects();
    return std::move(work_);
  }

 private:
  const Column& carried(const ColumnPair& column) const {
    return work_.carried_column(*column.from);
  }

  bool is_retyped(const ColumnPair& pair) const {
    const Column& from = carried(pair);
    const Column& to = *pair.to;
    if (type_sql(from.type, rendering_.from_enums) !=
            type_sql(to.type, rendering_.to()) ||
        collate_sql(from) != collate_sql(to)) {
      return true;
    }
    if (const Enum* e = native_enum(to.type, rendering_.to())) {
      return rendering_.renewed_enums.count(e->name) != 0;
    }
    if (from.type.kind == TypeKind::enumeration &&
        to.type.kind == TypeKind::enumeration) {
      return changes_values(from, to);
    }
    if (from.type == to.type) return false;
    if (rendering_.is_up()) return !to.using_sql.empty();
    return type_step(rendering_.from_enums, from.type, rendering_.to(),
                     to.type) != TypeStep::lossless;
  }

  bool changes_values(const Column& from, const Column& to) const {
    const Enum* before = rendering_.from_enums.find_enum(from.type.enum_name);
    const Enum* after = rendering_.to().find_enum(to.type.enum_name);
    if (before == nullptr || after == nullptr) return false;
    for (const auto& [old, now] : value_map(rendering_, *before, *after)) {
      if (old != now) return true;
    }
    return !rendering_.is_up() &&
           !removed_values(rendering_, *before, *after).empty();
  }

  bool is_recreated(const ColumnPair& pair) const {
    const Column& from = carried(pair);
    return from.generated.empty() ||
           !same_sql(from.generated, pair.to->generated) ||
           work_.retyped.count(pair.to->name) != 0 ||
           mentions(from.generated, work_.retyped) ||
           mentions(pair.from->generated, work_.gone);
  }

  void compare_objects() {
    work_.old_objects = objects_of(*work_.pair->from, rendering_.plan.from);
    work_.carried_objects = objects_of(work_.carried, rendering_.from_enums);
    work_.new_objects = objects_of(*work_.pair->to, rendering_.to());
    work_.kept.assign(work_.old_objects.size(), -1);
    work_.is_new.assign(work_.new_objects.size(), true);
    // Equal names first, so that of two equal checks each keeps its own.
    for (const bool by_name : {true, false}) {
      for (std::size_t i = 0; i < work_.old_objects.size(); ++i) {
        if (work_.kept[i] < 0 && work_.stands(i)) {
          work_.kept[i] = find(i, by_name);
        }
      }
    }
  }

  int find(std::size_t i, bool by_name) {
    const Object& old = work_.carried_objects[i];
    for (std::size_t at = 0; at < work_.new_objects.size(); ++at) {
      const Object& now = work_.new_objects[at];
      if (!work_.is_new[at] || now.kind != old.kind) continue;
      if (by_name && now.name != work_.old_objects[i].name) continue;
      if (!same_sql(now.definition, old.definition)) continue;
      work_.is_new[at] = false;
      return static_cast<int>(at);
    }
    return -1;
  }

  const Rendering& rendering_;
  TableWork work_;
};

/// Foreign keys lean on keys of other tables; what moves there moves them.
class Ground {
 public:
  explicit Ground(Rendering& rendering) : rendering_(rendering) {
    for (const TableWork& work : rendering.works) works_[work.to] = &work;
    for (const TablePair& pair : rendering.matching.tables) {
      if (pair.to == nullptr) gone_.insert(name_of(*pair.from));
    }
  }

  void run() {
    for (TableWork& work : rendering_.works) {
      for (std::size_t i = 0; i < work.kept.size(); ++i) {
        if (work.kept[i] < 0 || !moves(work, i)) continue;
        work.is_new[static_cast<std::size_t>(work.kept[i])] = true;
        work.kept[i] = -1;
      }
    }
  }

 private:
  bool moves(const TableWork& work, std::size_t i) const {
    const ForeignKey* old = work.old_objects[i].key;
    if (old == nullptr) return false;
    const ForeignKey& key = *work.carried_objects[i].key;
    if (gone_.count({old->schema, old->table}) != 0) return true;
    if (any_in(key.columns, work.retyped)) return true;
    auto target = works_.find({key.schema, key.table});
    if (target == works_.end()) return false;
    return any_in(key.references, target->second->retyped) ||
           any_in(key.references, target->second->recreated) ||
           loses(*target->second, key.references);
  }

  static bool loses(const TableWork& work, std::vector<std::string> columns) {
    std::sort(columns.begin(), columns.end());
    for (std::size_t i = 0; i < work.kept.size(); ++i) {
      if (work.kept[i] >= 0 || !work.old_objects[i].is_unique) continue;
      std::vector<std::string> lost = work.carried_objects[i].columns;
      std::sort(lost.begin(), lost.end());
      if (lost == columns || columns.empty()) return true;
    }
    return false;
  }

  Rendering& rendering_;
  std::map<TableName, const TableWork*> works_;
  std::set<TableName> gone_;
};

/// The tables that may differ; the rest of a thousand is not looked at.
std::vector<const TablePair*> touched_pairs(const Rendering& rendering) {
  const bool all = !rendering.identity.renames_nothing();
  std::set<TableName> moved;
  Names enums;
  for (const Change& change : rendering.plan.changes) {
    if (auto* c = std::get_if<AlterEnum>(&change)) enums.insert(c->to.name);
    if (auto* c = std::get_if<DropTable>(&change)) {
      moved.insert(name_of(c->table));
    }
  }
  auto differs = [&](const TablePair& pair) {
    return all || *pair.from != *pair.to ||
           std::any_of(pair.to->columns.begin(), pair.to->columns.end(),
                       [&](const Column& column) {
                         return enums.count(column.type.enum_name) != 0;
                       });
  };
  std::vector<const TablePair*> pairs;
  std::vector<const TablePair*> rest;
  for (const TablePair& pair : rendering.matching.tables) {
    if (pair.from == nullptr || pair.to == nullptr) continue;
    const bool replaced = !rendering.identity.replaced_columns.empty();
    if (replaced || differs(pair)) {
      moved.insert(name_of(*pair.to));
      pairs.push_back(&pair);
    } else {
      rest.push_back(&pair);
    }
  }
  for (const TablePair* pair : rest) {
    const auto& keys = pair->to->foreign_keys;
    const bool leans =
        std::any_of(keys.begin(), keys.end(), [&](const ForeignKey& key) {
          return moved.count({key.schema, key.table}) != 0;
        });
    if (leans) pairs.push_back(pair);
  }
  return pairs;
}

}  // namespace

bool TableWork::stands(std::size_t old_object) const {
  const Object& now = carried_objects[old_object];
  if (any_in(old_objects[old_object].columns, gone)) return false;
  return !now.carries_sql || !any_in(now.columns, retyped);
}

const Column& TableWork::carried_column(const Column& from_column) const {
  const auto index =
      static_cast<std::size_t>(&from_column - pair->from->columns.data());
  return carried.columns[index];
}

TableWork compare(const Rendering& rendering, const TablePair& pair) {
  return Comparer(rendering, pair).run();
}

void find_works(Rendering& rendering) {
  for (const Change& change : rendering.plan.changes) {
    if (auto* c = std::get_if<AlterColumn>(&change)) {
      rendering.alters[{c->table, c->to.name}] = c;
    } else if (auto* a = std::get_if<AddColumn>(&change)) {
      rendering.adds[{a->table, a->column.name}] = a;
    } else if (auto* e = std::get_if<AlterEnum>(&change)) {
      if (is_renewed(rendering.plan, *e)) {
        rendering.renewed_enums.insert(e->to.name);
      }
    }
  }
  for (const TablePair* pair : touched_pairs(rendering)) {
    rendering.works.push_back(compare(rendering, *pair));
  }
  Ground(rendering).run();
}

}  // namespace schemagen::gen::postgres
