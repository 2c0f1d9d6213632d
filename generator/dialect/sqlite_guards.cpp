// Questions to the rows before the first statement: each guard returns a
// message, with a count, when rows would be lost or refused half-way. They ask
// the rows as they will be, computed from the table as it is.
#include <algorithm>
#include <functional>
#include <set>

#include "dialect/sqlite.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"
#include "plan/type_step.hpp"

namespace schemagen::gen::sqlite {
namespace {

bool has_default(const Column& column) {
  return !column.default_sql.empty() ||
         (column.default_value &&
          column.default_value->kind != Literal::Kind::null);
}

class Guards {
 public:
  Guards(const Rendering& rendering, const std::vector<TableWork>& works,
         Script& script)
      : rendering_(rendering), works_(works), script_(script) {}

  void run() {
    for (const TableWork& work : works_) {
      if (rendering_.is_up()) ask_values(work);
      ask_constraints(work);
    }
  }

 private:
  bool is_up() const { return rendering_.is_up(); }

  /// `rows` is FROM and WHERE of the rows in the way.
  void add(const std::string& subject, const std::string& problem,
           const std::string& rows) {
    script_.statements.push_back(
        {"SELECT " + quote_text(subject + ": ") + " || n || " +
             quote_text(" " + problem) + "\nFROM (SELECT count(*) AS n " +
             rows + ")\nWHERE n > 0",
         "refuse while rows are in the way of " + subject, true});
  }

  static std::string subject(const TableWork& work, const std::string& name) {
    return work.pair->to->name + "." + name;
  }

  // Values of one column ----------------------------------------------------

  void ask_values(const TableWork& work) {
    for (const ColumnPair& column : work.pair->columns) {
      if (column.from == nullptr || column.to == nullptr) continue;
      const Column& from = work.carried_column(*column.from);
      const Column& to = *column.to;
      if (!to.generated.empty()) continue;
      if (from.type != to.type && to.using_sql.empty()) {
        ask_fit(work, *column.from, from.type, to);
      } else if (to.type.kind == TypeKind::enumeration &&
                 from.type == to.type) {
        ask_removed_values(work, *column.from, to);
      }
    }
  }

  void ask_fit(const TableWork& work, const Column& old, const Type& from,
               const Column& to) {
    const TypeStep step =
        type_step(rendering_.from_enums, from, rendering_.plan.to, to.type);
    if (step != TypeStep::narrowing) return;
    const std::string name = quote(old.name);
    const Conversion checked{rendering_.from_enums, rendering_.plan.to,
                             rendering_.identity, true};
    add(subject(work, to.name),
        "row(s) hold a value that does not fit the new type; change them "
        "first",
        "FROM " + quote(work.pair->from->name) + " WHERE " + name +
            " IS NOT NULL AND " + convert(checked, from, to.type, name) +
            " IS NULL");
  }

  void ask_removed_values(const TableWork& work, const Column& old,
                          const Column& to) {
    const Enum* before = rendering_.from_enums.find_enum(to.type.enum_name);
    const Enum* after = rendering_.plan.to.find_enum(to.type.enum_name);
    if (before == nullptr || after == nullptr || *before == *after) return;
    std::set<std::string> kept;
    for (const EnumValue& value : after->values) {
      auto renamed = rendering_.identity.values.find({after->name, value.name});
      kept.insert(renamed == rendering_.identity.values.end()
                      ? value.name
                      : renamed->second);
    }
    std::string stored, names;
    for (const EnumValue& value : before->values) {
      if (kept.count(value.name) != 0) continue;
      stored += (stored.empty() ? "" : ", ") + stored_sql(*before, value);
      names += (names.empty() ? "" : ", ") + value.name;
    }
    if (stored.empty()) return;
    add(subject(work, to.name),
        "row(s) still hold " + names + "; change them first",
        "FROM " + quote(work.pair->from->name) + " WHERE " + quote(old.name) +
            " IN (" + stored + ")");
  }

  // Constraints over the rows as they will be -------------------------------

  /// Columns whose future values SQL of the user makes: it may name tables
  /// that only exist later, so it is not asked in advance.
  bool is_opaque(const ColumnPair& column) const {
    if (!is_up()) return false;
    const bool used = column.from == nullptr
                          ? !column.to->backfill.empty()
                          : column.from->type != column.to->type &&
                                !column.to->using_sql.empty();
    const bool filled = column.from != nullptr && column.from->nullable &&
                        !column.to->nullable && !column.to->backfill.empty();
    return used || filled;
  }

  /// Its values will not be what they were.
  bool is_changed(const TableWork& work, const ColumnPair& column) const {
    if (column.from == nullptr) {
      return has_default(*column.to) || !column.to->nullable;
    }
    const Column& from = work.carried_column(*column.from);
    return future_value(work, column) != quote(from.name);
  }

  /// With the collation by which it will be compared, where that is not the
  /// one that it brings along.
  std::string future_value(const TableWork& work,
                           const ColumnPair& column) const {
    const std::string value = value_for(rendering_, work, column, "");
    const std::string collation = collate_sql(*column.to);
    if (column.from == nullptr) return value + collation;
    const Column& from = work.carried_column(*column.from);
    const bool is_same =
        value == quote(from.name) && collate_sql(from) == collation;
    if (is_same) return value;
    const bool is_back = collation.empty() && !collate_sql(from).empty();
    return value + (is_back ? " COLLATE \"BINARY\"" : collation);
  }

  /// A computed column is what its expression makes of the row as it will be,
  /// so it is as opaque, and as changed, as what the expression names.
  void judge_computed(const TableWork& work, const ColumnPair& column,
                      std::set<std::string>& opaque,
                      std::set<std::string>& changed) const {
    const Column& to = *column.to;
    bool is_moved = column.from == nullptr;
    if (!is_moved) {
      const Column& from = work.carried_column(*column.from);
      is_moved = normalize(from.generated) != normalize(to.generated) ||
                 from.type != to.type || collate_sql(from) != collate_sql(to);
    }
    for (const Column& named : work.pair->to->columns) {
      if (!mentions_name(to.generated, named.name)) continue;
      if (opaque.count(named.name) != 0 || !named.generated.empty()) {
        opaque.insert(to.name);
        return;
      }
      is_moved = is_moved || changed.count(named.name) != 0;
    }
    if (is_moved) changed.insert(to.name);
  }

  void ask_constraints(const TableWork& work) {
    std::set<std::string> opaque, changed;
    empty_.clear();
    has_new_ = false;
    for (const ColumnPair& column : work.pair->columns) {
      if (column.to == nullptr) continue;
      has_new_ = has_new_ || column.from == nullptr;
      if (!column.to->generated.empty()) continue;
      if (is_opaque(column)) {
        opaque.insert(column.to->name);
      } else if (is_changed(work, column)) {
        changed.insert(column.to->name);
      } else if (column.from == nullptr) {
        empty_.insert(column.to->name);
      }
    }
    for (const ColumnPair& column : work.pair->columns) {
      if (column.to == nullptr || column.to->generated.empty()) continue;
      judge_computed(work, column, opaque, changed);
    }
    opaque_ = std::move(opaque);
    changed_ = std::move(changed);
    if (to_strict(work)) ask_classes(work);
    ask_keys(work);
    ask_checks(work);
    ask_foreign_keys(work);
  }

  static bool to_strict(const TableWork& work) {
    return work.pair->to->strict && !work.carried.strict;
  }

  /// What a STRICT table takes into a column of `type`; "" for anything.
  static std::string strict_classes(const std::string& type) {
    const std::string folded = fold_case(type);
    if (folded == "int" || folded == "integer") return "'integer'";
    if (folded == "real") return "'integer', 'real'";
    if (folded == "text") return "'integer', 'real', 'text'";
    return folded == "blob" ? "'blob'" : "";
  }

  /// A table that becomes STRICT may hold what its columns did not ask for.
  void ask_classes(const TableWork& work) {
    for (const ColumnPair& column : work.pair->columns) {
      if (column.from == nullptr || column.to == nullptr) continue;
      if (!column.to->generated.empty()) continue;
      if (opaque_.count(column.to->name) != 0) continue;
      const std::string type =
          type_sql(column.to->type, rendering_.plan.to, true);
      const std::string classes = strict_classes(type);
      if (classes.empty()) continue;
      add(subject(work, column.to->name),
          "row(s) hold a value that a STRICT table refuses as " + type +
              "; change them first",
          "FROM " + future_rows(work) + " WHERE typeof(" +
              quote(column.to->name) + ") NOT IN ('null', " + classes + ")");
    }
  }

  template <class Value>
  static bool contains(const std::vector<Value>& list, const Value& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  }

  bool any_in(const std::vector<std::string>& columns,
              const std::set<std::string>& set) const {
    return std::any_of(
        columns.begin(), columns.end(),
        [&](const std::string& column) { return set.count(column) != 0; });
  }

  /// The engine gives a number to each row.
  static bool is_numbered(const TableWork& work) {
    const Column* rowid = rowid_key(*work.pair->to);
    if (rowid == nullptr || rowid->autoincrement) return rowid != nullptr;
    const auto index = rowid - work.pair->to->columns.data();
    return work.pair->columns[static_cast<std::size_t>(index)].from ==
               nullptr &&
           rowid->backfill.empty();
  }

  void ask_keys(const TableWork& work) {
    const Table& to = *work.pair->to;
    if (!to.primary_key.empty() && !is_numbered(work)) {
      ask_distinct(work, to.primary_key, "",
                   work.carried.primary_key != to.primary_key);
    }
    for (const Unique& unique : to.uniques) {
      ask_distinct(work, unique.columns, "",
                   !contains(work.carried.uniques, unique));
    }
    for (const Index& index : to.indexes) {
      if (!index.unique) continue;
      if (!index.where.empty() && !opaque_.empty()) continue;
      const bool is_new = !contains(work.carried.indexes, index);
      if (!index.expression.empty()) {
        ask_distinct_values(work, index, is_new);
        continue;
      }
      std::vector<std::string> columns;
      for (const IndexColumn& column : index.columns) {
        columns.push_back(column.name);
      }
      ask_distinct(work, columns, index.where, is_new);
    }
  }

  void ask_distinct_values(const TableWork& work, const Index& index,
                           bool is_new) {
    const std::vector<std::string> named = columns_in(work, index.expression);
    if (!is_value(index.expression) || any_in(named, opaque_)) return;
    if (!is_new && !any_in(named, changed_)) return;
    const std::string value = enclosed(index.expression);
    add(work.pair->to->name,
        "value(s) of " + index.expression +
            " stand in more than one row, and must be unique; change them "
            "first",
        "FROM (SELECT 1 FROM " + future_rows(work) + " WHERE " +
            (index.where.empty() ? "" : enclosed(index.where) + " AND ") +
            value + " IS NOT NULL GROUP BY " + value + " HAVING count(*) > 1)");
  }

  /// An index also takes what no expression does: several, and a direction.
  static bool is_value(const std::string& sql) {
    const std::string plain = normalize(sql);
    int depth = 0;
    std::string_view last;
    for (const SqlToken& token : cut_tokens(plain)) {
      last = token.text;
      if (last == "(") ++depth;
      if (last == ")") --depth;
      if (last == "," && depth == 0) return false;
    }
    return last != "asc" && last != "desc";
  }

  /// The table's columns that `sql` names.
  static std::vector<std::string> columns_in(const TableWork& work,
                                             const std::string& sql) {
    std::vector<std::string> named;
    for (const Column& column : work.pair->to->columns) {
      if (mentions_name(sql, column.name)) named.push_back(column.name);
    }
    return named;
  }

  void ask_distinct(const TableWork& work,
                    const std::vector<std::string>& columns,
                    const std::string& where, bool is_new) {
    if (any_in(columns, opaque_) || any_in(columns, empty_)) return;
    if (!is_new && !any_in(columns, changed_)) return;
    std::string present = where.empty() ? "" : enclosed(where), names;
    for (const std::string& column : columns) {
      present +=
          (present.empty() ? "" : " AND ") + quote(column) + " IS NOT NULL";
      names += (names.empty() ? "" : ", ") + column;
    }
    add(subject(work, names),
        "value(s) stand in more than one row, and must be unique; change them "
        "first",
        "FROM (SELECT 1 FROM " + future_rows(work) + " WHERE " + present +
            " GROUP BY " + quote_list(columns) + " HAVING count(*) > 1)");
  }

  void ask_checks(const TableWork& work) {
    for (const Check& check : work.pair->to->checks) {
      const bool is_new =
          std::none_of(work.carried.checks.begin(), work.carried.checks.end(),
                       [&](const Check& old) {
                         return normalize(old.sql) == normalize(check.sql);
                       });
      const std::vector<std::string> named = columns_in(work, check.sql);
      if (any_in(named, opaque_)) continue;
      if (!is_new && !any_in(named, changed_)) continue;
      add(check.column.empty() ? work.pair->to->name
                               : subject(work, check.column),
          "row(s) break the check " + check.sql + "; change them first",
          "FROM " + future_rows(work) + " WHERE NOT " + enclosed(check.sql));
    }
  }

  void ask_foreign_keys(const TableWork& work) {
    for (const ForeignKey& key : work.pair->to->foreign_keys) {
      const bool is_new = !contains(work.carried.foreign_keys, key);
      if (any_in(key.columns, opaque_) || any_in(key.columns, empty_)) continue;
      if (!is_new && !any_in(key.columns, changed_)) continue;
      // The parent is new, and to be filled by hand.
      if (!blocks_at(rendering_.plan, ByHand::Place::after_create,
                     {key.schema, key.table})
               .empty()) {
        continue;
      }
      std::string present;
      for (const std::string& column : key.columns) {
        present +=
            (present.empty() ? "" : " AND ") + quote(column) + " IS NOT NULL";
      }
      std::string names;
      for (const std::string& column : key.columns) {
        names += (names.empty() ? "" : ", ") + column;
      }
      add(subject(work, names),
          "row(s) refer to nothing in " + key.table +
              "; change or remove them first",
          "FROM (SELECT * FROM " + future_rows(work) + ") AS child WHERE " +
              present + absent_parent(key));
    }
  }

  std::string absent_parent(const ForeignKey& key) const {
    const TablePair* parent = nullptr;
    for (const TablePair& pair : rendering_.matching.tables) {
      if (pair.to != nullptr &&
          name_of(*pair.to) == TableName{key.schema, key.table}) {
        parent = &pair;
      }
    }
    if (parent == nullptr || parent->from == nullptr) return "";
    std::string same;
    for (std::size_t i = 0; i < key.references.size(); ++i) {
      auto column = std::find_if(parent->columns.begin(), parent->columns.end(),
                                 [&](const ColumnPair& pair) {
                                   return pair.to != nullptr &&
                                          pair.to->name == key.references[i];
                                 });
      if (column == parent->columns.end() || column->from == nullptr) return "";
      same += (i == 0 ? "" : " AND ") + std::string("parent.") +
              quote(column->from->name) + " = child." + quote(key.columns[i]);
    }
    return " AND NOT EXISTS (SELECT 1 FROM " + quote(parent->from->name) +
           " AS parent WHERE " + same + ")";
  }

  /// The table's rows after the plan, as a subquery over the table before it.
  std::string future_rows(const TableWork& work) const {
    const Table& from = *work.pair->from;
    const Table& to = *work.pair->to;
    bool renamed = from.name != to.name;
    std::string inner;
    for (const ColumnPair& column : work.pair->columns) {
      if (column.from == nullptr || column.to == nullptr) continue;
      const std::string& name = work.carried_column(*column.from).name;
      renamed = renamed || name != column.from->name;
      inner += (inner.empty() ? "" : ", ") + quote(column.from->name) + " AS " +
               quote(name);
    }
    const std::string source = renamed ? "(SELECT " +
                                             (inner.empty() ? "1" : inner) +
                                             " FROM " + quote(from.name) + ")"
                                       : quote(from.name);
    if (changed_.empty() && !has_new_)
      return renamed ? source + " AS " + quote(to.name) : source;
    std::string outer, computed;
    for (const ColumnPair& column : work.pair->columns) {
      if (column.to == nullptr || opaque_.count(column.to->name) != 0) continue;
      const bool is_computed = !column.to->generated.empty();
      const std::string value =
          is_computed ? enclosed(column.to->generated) + collate_sql(*column.to)
                      : future_value(work, column);
      const std::string named = value + " AS " + quote(column.to->name);
      if (is_computed) {
        computed += ", " + named;
      } else {
        outer += (outer.empty() ? "" : ", ") + named;
      }
    }
    const std::string as = " AS " + quote(to.name);
    const std::string rows = "(SELECT " + (outer.empty() ? "1" : outer) +
                             " FROM " + source + ")" + as;
    return computed.empty()
               ? rows
               : "(SELECT *" + computed + " FROM " + rows + ")" + as;
  }

  const Rendering& rendering_;
  const std::vector<TableWork>& works_;
  Script& script_;
  std::set<std::string> opaque_;
  std::set<std::string> changed_;
  std::set<std::string> empty_;  ///< new, and NULL in every row
  bool has_new_ = false;
};

}  // namespace

void append_guards(const Rendering& rendering,
                   const std::vector<TableWork>& works, Script& script) {
  Guards(rendering, works, script).run();
}

}  // namespace schemagen::gen::sqlite
