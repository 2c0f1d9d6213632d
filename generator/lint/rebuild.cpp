#include "lint/rebuild.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "model/sql_tokens.hpp"

namespace schemagen::gen {
namespace {

using Kind = Fact::Kind;
using Constraint = ConstraintFact::Kind;

/// The differences of two forms of one table.
class Comparison {
 public:
  Comparison(const Fact& create, const CopyFact& copy, const TableState& before,
             TableName table)
      : create_(create),
        copy_(copy),
        before_(before),
        table_(std::move(table)) {}

  std::vector<Fact> run(const std::vector<IndexFact>& indexes_after) {
    if (!before_.knows_columns || !create_.knows_columns) return {};
    expand_star();
    find_renames();
    for (const ColumnFact& old : before_.columns) {
      if (new_column(old.name) == nullptr && renamed_.count(old.name) == 0) {
        add(Kind::drop_column, old.name);
      }
    }
    for (const auto& [from, to] : renamed_)
      add(Kind::rename_column, from).to = to;
    for (const ColumnFact& column : create_.columns) compare(column);
    compare_constraints();
    compare_options();
    for (const IndexFact& old : before_.indexes) {
      const bool stays = std::any_of(
          indexes_after.begin(), indexes_after.end(),
          [&](const IndexFact& now) {
            return now.name == old.name || now.columns == renamed(old.columns);
          });
      const bool has_columns = std::all_of(
          old.columns.begin(), old.columns.end(), [&](const auto& name) {
            return name.empty() || new_column(new_name(name)) != nullptr;
          });
      if (!stays && has_columns) add(Kind::drop_index, old.name);
    }
    return std::move(facts_);
  }

 private:
  Fact& add(Kind kind, std::string name) {
    Fact fact;
    fact.kind = kind;
    fact.table = table_;
    fact.name = std::move(name);
    fact.by_rebuild = true;
    facts_.push_back(std::move(fact));
    return facts_.back();
  }

  const ColumnFact* new_column(const std::string& name) const {
    for (const ColumnFact& column : create_.columns) {
      if (column.name == name) return &column;
    }
    return nullptr;
  }

  /// What the copy reads for a column: a plain name, "" for an expression; no
  /// value when it gives none.
  const std::string* source_of(const std::string& column) const {
    for (std::size_t i = 0; i < copy_.items.size(); ++i) {
      const std::string& to =
          copy_.columns.empty()
              ? (i < create_.columns.size() ? create_.columns[i].name : column)
              : (i < copy_.columns.size() ? copy_.columns[i] : std::string());
      if (to == column) return &copy_.items[i];
    }
    return nullptr;
  }

  /// What the copy gives a column comes, as far as one can see, from `old`.
  bool reads(const std::string& column, const std::string& old) const {
    const auto item =
        static_cast<std::size_t>(source_of(column) - copy_.items.data());
    const auto& names = copy_.mentioned[item];
    return std::find(names.begin(), names.end(), old) != names.end();
  }

  /// The copy gives every row the same.
  bool is_filled_alike(const std::string& column) const {
    const std::string* source = source_of(column);
    if (source == nullptr) return true;
    const auto item = static_cast<std::size_t>(source - copy_.items.data());
    const auto& names = copy_.mentioned[item];
    return std::none_of(names.begin(), names.end(), [&](const auto& name) {
      return name == "*" || before_.find_column(name) != nullptr;
    });
  }

  void expand_star() {
    if (copy_.items != std::vector<std::string>{"*"}) return;
    copy_.items.clear();
    copy_.mentioned.clear();
    for (const ColumnFact& column : before_.columns) {
      copy_.items.push_back(column.name);
      copy_.mentioned.push_back({column.name});
    }
  }

  void find_renames() {
    for (const ColumnFact& column : create_.columns) {
      if (before_.find_column(column.name) != nullptr) continue;
      const std::string* source = source_of(column.name);
      if (source == nullptr || before_.find_column(*source) == nullptr)
        continue;
      if (new_column(*source) == nullptr) renamed_[*source] = column.name;
    }
  }

  std::string new_name(const std::string& old) const {
    const auto found = renamed_.find(old);
    return found == renamed_.end() ? old : found->second;
  }
  std::vector<std::string> renamed(std::vector<std::string> names) const {
    for (std::string& name : names) name = new_name(name);
    return names;
  }
  const ColumnFact* old_column(const std::string& name) const {
    for (const auto& [from, to] : renamed_) {
      if (to == name) return before_.find_column(from);
    }
    return before_.find_column(name);
  }

  void compare(const ColumnFact& column) {
    const ColumnFact* old = old_column(column.name);
    const std::string* source = source_of(column.name);
    const bool is_filled = source != nullptr;
    const bool is_computed =
        is_filled && before_.find_column(*source) == nullptr;
    // The name may stay, the values do not: nothing copies them.
    const bool is_replaced = old != nullptr && !old->is_generated &&
                             !(is_filled && reads(column.name, old->name));
    if (is_replaced) add(Kind::drop_column, column.name);
    if (old == nullptr || is_replaced) {
      Fact& fact = add(Kind::add_column, column.name);
      fact.columns = {column};
      fact.is_filled = is_filled;
      return;
    }
    if (old->type != column.type) {
      Fact& fact = add(Kind::set_type, column.name);
      fact.columns = {column};
      fact.to = is_computed ? "using" : "";
      fact.is_strict = create_.is_strict;
    }
    if (!old->not_null && column.not_null) {
      Fact& fact = add(Kind::set_not_null, column.name);
      fact.columns = {column};
      fact.is_filled = is_computed || copy_.skips_faulty;
    }
    if (old->not_null && !column.not_null) {
      add(Kind::drop_not_null, column.name);
    }
    if (old->has_default && !column.has_default && column.not_null) {
      add(Kind::drop_default, column.name);
    }
    if (old->is_numbered && !column.is_numbered) {
      add(Kind::change_options, column.name).to = "autoincrement";
    }
  }

  /// Old constraints by the new names.
  std::vector<ConstraintFact> carried() const {
    std::vector<ConstraintFact> all = before_.constraints;
    for (ConstraintFact& one : all) {
      one.columns = renamed(std::move(one.columns));
      if (!one.expression.empty()) {
        one.expression =
            normalize(rename_identifiers(one.expression, renamed_));
      }
    }
    return all;
  }

  static bool is_same(const ConstraintFact& a, const ConstraintFact& b) {
    if (a.kind != b.kind) return false;
    if (a.kind == Constraint::check) return a.expression == b.expression;
    return a.columns == b.columns && a.parent == b.parent;
  }

  /// A constraint that only values can break which the copy brings.
  bool depends_on_rows(const ConstraintFact& one) const {
    const bool any = one.kind == Constraint::foreign_key;
    bool depends = any;
    for (const std::string& name : one.columns) {
      const ColumnFact* column = new_column(name);
      if (column == nullptr) continue;
      const bool is_fresh =
          old_column(name) == nullptr && source_of(name) == nullptr;
      const bool is_null =
          is_fresh && !column->not_null && !column->has_default;
      if (any || one.kind == Constraint::unique) {
        if (is_null) return false;
        depends = true;
      } else {
        depends |= old_column(name) != nullptr || !is_filled_alike(name);
      }
    }
    return depends;
  }

  /// The copy leaves out the rows that break it, which is told of the copy.
  bool is_skipped(const ConstraintFact& one) const {
    return (is_row_key(one) && copy_.skips_doubles) ||
           (one.kind == Constraint::check && copy_.skips_faulty);
  }

  void compare_constraints() {
    TableState old;
    old.constraints = carried();
    old.indexes = before_.indexes;
    for (IndexFact& index : old.indexes) {
      rename_columns(index, renamed_);
    }
    for (const ConstraintFact& now : create_.constraints) {
      const bool is_kept =
          is_row_key(now) ? old.is_unique(now.columns) : old.obeys(now);
      if (is_kept || !depends_on_rows(now) || is_skipped(now)) continue;
      Fact& fact = add(Kind::add_constraint, now.name);
      fact.constraints = {now};
    }
    for (const ConstraintFact& was : old.constraints) {
      const bool stays = std::any_of(
          create_.constraints.begin(), create_.constraints.end(),
          [&](const ConstraintFact& now) { return is_same(was, now); });
      const bool is_loosened = std::any_of(
          create_.constraints.begin(), create_.constraints.end(),
          [&](const ConstraintFact& now) {
            return was.kind == Constraint::check && now.kind == was.kind &&
                   (is_looser_check(was.expression, now.expression) ||
                    is_looser_check(now.expression, was.expression));
          });
      const bool has_columns = std::all_of(
          was.columns.begin(), was.columns.end(), [&](const auto& name) {
            return before_.find_column(name) == nullptr ||
                   new_column(name) != nullptr;
          });
      if (stays || is_loosened || !has_columns) continue;
      Fact& fact = add(Kind::drop_constraint, was.name);
      fact.constraints = {was};
    }
  }

  void compare_options() {
    if (create_.is_strict && !before_.is_strict) {
      add(Kind::change_options, "").to = "strict";
    }
    if (create_.is_without_rowid != before_.is_without_rowid) {
      add(Kind::change_options, "").to = "rowid";
    }
  }

  const Fact& create_;
  CopyFact copy_;
  const TableState& before_;
  TableName table_;
  std::map<std::string, std::string> renamed_;
  std::vector<Fact> facts_;
};

/// What a copy reads for one column.
struct Reading {
  std::string item;
  std::vector<std::string> mentioned;
};

/// What the table in between holds of the old one, by its own columns, which
/// are listed in their order as well.
std::map<std::string, Reading> readings_of(const Fact& made, CopyFact copy,
                                           const TableState& before,
                                           std::vector<std::string>& order) {
  if (copy.items == std::vector<std::string>{"*"}) {
    copy.items.clear();
    copy.mentioned.clear();
    for (const ColumnFact& column : before.columns) {
      copy.items.push_back(column.name);
      copy.mentioned.push_back({column.name});
    }
  }
  std::map<std::string, Reading> readings;
  for (std::size_t i = 0; i < copy.items.size(); ++i) {
    const bool has_list = i < copy.columns.size();
    const bool is_told = has_list || i < made.columns.size();
    order.push_back(!is_told   ? copy.items[i]
                    : has_list ? copy.columns[i]
                               : made.columns[i].name);
    readings[order.back()] = {copy.items[i], copy.mentioned[i]};
  }
  return readings;
}

/// `last`, which reads the table in between, as if it read the old one.
CopyFact through(const Fact& made, const CopyFact& first, CopyFact last,
                 const TableState& before) {
  std::vector<std::string> order;
  const auto readings = readings_of(made, first, before, order);
  if (last.items == std::vector<std::string>{"*"}) {
    last.items = order;
    last.mentioned.clear();
    for (const std::string& name : order) last.mentioned.push_back({name});
  }
  for (std::size_t i = 0; i < last.items.size(); ++i) {
    const auto whole = readings.find(last.items[i]);
    last.items[i] = whole == readings.end() ? "" : whole->second.item;
    std::vector<std::string> mentioned;
    for (const std::string& name : last.mentioned[i]) {
      const auto found = readings.find(name);
      if (found == readings.end()) continue;
      const auto& names = found->second.mentioned;
      mentioned.insert(mentioned.end(), names.begin(), names.end());
    }
    last.mentioned[i] = std::move(mentioned);
  }
  return last;
}

/// A table that this script makes, on its way to another's place.
struct Candidate {
  Rebuild rebuild;
  TableName now;       ///< what the new table is called at this point
  TableName source;    ///< what the copied one is called then
  TableName original;  ///< and what it was called at first
  bool is_copied = false;
  bool is_dropped = false;

  /// It holds a copy, and has nobody's place.
  bool is_between() const {
    return is_copied && !(now == original) && !(now == source);
  }
  void fill(std::size_t copy, TableName from, TableName first) {
    is_copied = true;
    rebuild.copy = copy;
    source = std::move(from);
    original = std::move(first);
  }
  void go_through(const Candidate& other) {
    original = other.original;
    is_dropped = other.is_dropped;
    rebuild.drop = other.rebuild.drop;
    rebuild.backup = {other.rebuild.create, other.rebuild.copy};
  }
};

}  // namespace

bool Rebuild::holds(std::size_t fact) const {
  return fact == create || fact == drop ||
         std::find(renames.begin(), renames.end(), fact) != renames.end();
}

std::vector<Rebuild> find_rebuilds(const std::vector<Fact>& facts) {
  std::vector<Candidate> candidates;
  std::map<TableName, TableName> originals;   // name now -> at first
  std::map<TableName, std::size_t> moved_at;  // at first -> its RENAME
  const auto original = [&](const TableName& name) {
    const auto found = originals.find(name);
    return found == originals.end() ? name : found->second;
  };
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fact& fact = facts[i];
    if (fact.kind == Kind::create_table) {
      Candidate made;
      made.rebuild.create = i;
      made.now = fact.table;
      candidates.push_back(std::move(made));
    }
    for (Candidate& each : candidates) {
      if (fact.kind == Kind::insert_rows && fact.table == each.now &&
          !fact.copy.source.name.empty() && !each.is_copied) {
        each.fill(i, fact.copy.source, original(fact.copy.source));
        for (const Candidate& other : candidates) {
          const bool is_source = other.now == each.source;
          if (is_source && other.is_between()) each.go_through(other);
        }
      } else if (fact.kind == Kind::drop_table && each.is_copied &&
                 !each.is_dropped && original(fact.table) == each.original) {
        each.is_dropped = true;
        each.rebuild.drop = i;
      } else if (fact.kind == Kind::rename_table && fact.table == each.now) {
        each.now = fact.renamed;
        each.rebuild.renames.push_back(i);
      }
    }
    if (fact.kind == Kind::rename_table) {
      const TableName first = original(fact.table);
      originals.erase(fact.table);
      originals[fact.renamed] = first;
      moved_at.emplace(first, i);
    }
  }
  std::vector<Rebuild> found;
  for (Candidate& each : candidates) {
    // In the old one's place; that may have been renamed for good before.
    const bool stays = each.now == each.source;
    if (!each.is_dropped || !(stays || each.now == each.original)) continue;
    each.rebuild.table = each.now;
    const auto moved = moved_at.find(each.original);
    const bool makes_way = !stays && moved != moved_at.end() &&
                           moved->second < each.rebuild.create;
    if (makes_way) each.rebuild.renames.push_back(moved->second);
    found.push_back(std::move(each.rebuild));
  }
  return found;
}

std::vector<Fact> changes_of(const Rebuild& rebuild,
                             const std::vector<Fact>& facts,
                             const TableState& before) {
  std::vector<IndexFact> indexes;
  const TableName& first = facts[rebuild.create].table;
  for (std::size_t i = rebuild.create; i < facts.size(); ++i) {
    const bool is_here =
        facts[i].table == rebuild.table || facts[i].table == first;
    if (facts[i].kind == Kind::create_index && is_here) {
      indexes.push_back(facts[i].index);
    }
  }
  for (std::size_t i = 0; i < facts.size(); ++i) {
    // What is dropped by name was meant to go.
    if (facts[i].kind != Kind::drop_index) continue;
    IndexFact gone;
    gone.name = facts[i].name;
    indexes.push_back(std::move(gone));
  }
  CopyFact copy = facts[rebuild.copy].copy;
  if (rebuild.backup) {
    copy = through(facts[rebuild.backup->create],
                   facts[rebuild.backup->copy].copy, std::move(copy), before);
  }
  return Comparison(facts[rebuild.create], copy, before, rebuild.table)
      .run(indexes);
}

}  // namespace schemagen::gen
