// Questions to the rows before the first statement: each guard returns a
// message, with a count, when rows are in the way. They ask the rows as they
// will be, computed from the table as it is.
#include <algorithm>

#include "dialect/postgres_plan.hpp"
#include "model/names.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen::postgres {
namespace {

class Guards {
 public:
  Guards(const Rendering& rendering, Statements& out)
      : rendering_(rendering), out_(out) {}

  void run() {
    for (const TableWork& work : rendering_.works) {
      if (rendering_.is_up()) ask_values(work);
      ask_objects(work);
    }
    for (const std::string& sql : tidy_) out_.add(sql, "");
  }

 private:
  void add(const std::string& subject, const std::string& problem,
           const std::string& rows) {
    append_guard(subject, problem, rows, out_);
  }

  static std::string subject(const TableWork& work, const std::string& name) {
    return display(work.to) + "." + name;
  }

  // Values of one column ------------------------------------------------------

  void ask_values(const TableWork& work) {
    for (const ColumnPair& pair : work.pair->columns) {
      if (pair.from == nullptr || pair.to == nullptr) continue;
      if (!pair.to->generated.empty()) continue;
      const Column& from = work.carried_column(*pair.from);
      const bool is_enum = pair.to->type.kind == TypeKind::enumeration;
      if (from.type == pair.to->type && !is_enum) continue;
      if (from.type != pair.to->type && !pair.to->using_sql.empty()) continue;
      const std::string condition =
          misfit(rendering_, from.type, pair.to->type, quote(pair.from->name));
      if (condition.empty()) continue;
      add(subject(work, pair.to->name), problem_of(from, *pair.to),
          "FROM " + quote(work.from) + " WHERE " + condition);
    }
  }

  std::string problem_of(const Column& from, const Column& to) const {
    const Enum* before = rendering_.from_enums.find_enum(from.type.enum_name);
    const Enum* after = rendering_.to().find_enum(to.type.enum_name);
    if (before == nullptr || after == nullptr) {
      return "row(s) hold a value that does not fit the new type; change them "
             "first";
    }
    std::string names;
    const auto removed = removed_values(rendering_, *before, *after);
    for (const EnumValue& value : before->values) {
      const std::string text = stored_text(*before, value);
      if (std::find(removed.begin(), removed.end(), text) == removed.end()) {
        continue;
      }
      names += (names.empty() ? "" : ", ") + value.name;
    }
    return "row(s) still hold " + names + "; change them first";
  }

  // Constraints over the rows as they will be ---------------------------------

  struct Values {
    /// Expressions over the old row, by new column name. Columns whose values
    /// the user's SQL makes have none.
    std::map<std::string, std::string> plain;
    /// Expressions over those, of columns that the engine computes.
    std::map<std::string, std::string> computed;

    bool has(const std::string& name) const {
      return plain.count(name) != 0 || computed.count(name) != 0;
    }
    bool empty() const { return plain.empty() && computed.empty(); }
  };

  Values future_values(const TableWork& work) {
    Values values;
    for (const ColumnPair& pair : work.pair->columns) {
      if (pair.to == nullptr || !pair.to->generated.empty()) continue;
      const std::string value = pair.from == nullptr
                                    ? invented_value(work, *pair.to)
                                    : future_value(work, pair);
      if (!value.empty()) values.plain[pair.to->name] = value;
    }
    for (const ColumnPair& pair : work.pair->columns) {
      if (pair.to == nullptr || !is_computable(work, *pair.to, values))
        continue;
      values.computed[pair.to->name] =
          typed(closed(pair.to->generated), *pair.to);
    }
    return values;
  }

  /// Everything that its expression names is known, and of the type that it
  /// will have: a native enum's values stand there as text.
  bool is_computable(const TableWork& work, const Column& column,
                     const Values& values) const {
    if (column.generated.empty()) return false;
    const auto& all = work.pair->to->columns;
    return std::all_of(all.begin(), all.end(), [&](const Column& named) {
      return !mentions_name(column.generated, named.name) ||
             (values.plain.count(named.name) != 0 &&
              native_enum(named.type, rendering_.to()) == nullptr);
    });
  }

  /// "" when it cannot be told in advance.
  std::string future_value(const TableWork& work, const ColumnPair& pair) {
    const Column& from = work.carried_column(*pair.from);
    const Column& to = *pair.to;
    if (work.recreated.count(to.name) != 0) return "";
    std::string value = quote(pair.from->name);
    if (work.retyped.count(to.name) != 0) {
      value = converted_value(work, from, to, value);
    }
    const bool is_filled =
        !is_not_null(work.carried, from) && is_not_null(*work.pair->to, to);
    if (!is_filled || value.empty()) return value;
    auto change = rendering_.alters.find({work.to, to.name});
    if (change == rendering_.alters.end()) return value;
    const Fill& fill = change->second->fill;
    if (fill.kind == Fill::Kind::backfill) return "";
    if (fill.kind == Fill::Kind::none && !has_default(to)) return value;
    if (native_enum(to.type, rendering_.to()) != nullptr) {
      value = "CAST(" + value + " AS text)";
    }
    return "coalesce(" + value + ", " +
           typed(fill_sql(rendering_, to, &fill), to) + ")";
  }

  std::string converted_value(const TableWork& work, const Column& from,
                              const Column& to, const std::string& value) {
    const bool by_user =
        rendering_.is_up() && !to.using_sql.empty() && from.type != to.type;
    // The type that it becomes may not be there yet.
    if (by_user || native_enum(to.type, rendering_.to()) != nullptr) return "";
    const Conversion conversion = convert(rendering_, work, from, to, value);
    if (!conversion.prepare.empty() &&
        prepared_.insert(conversion.prepare).second) {
      out_.add(conversion.prepare,
               "for questions to the rows; it goes before anything changes");
      tidy_.push_back(conversion.tidy);
    }
    return conversion.using_sql;
  }

  std::string invented_value(const TableWork& work, const Column& to) const {
    auto change = rendering_.adds.find({work.to, to.name});
    const bool filled = change != rendering_.adds.end() &&
                        change->second->fill.kind == Fill::Kind::backfill;
    // A number of a sequence would be used up by the question.
    const bool counts = mentions(to.default_sql, "nextval");
    if (filled || to.autoincrement || counts) return "";
    return typed(fill_sql(rendering_, to, nullptr), to);
  }

  static bool mentions(const std::string& sql, const std::string& word) {
    return fold_case(sql).find(word) != std::string::npos;
  }

  /// A native type may not be there yet: its values are text.
  std::string typed(const std::string& value, const Column& to) const {
    const Enum* native = native_enum(to.type, rendering_.to());
    return "CAST(" + value + " AS " +
           (native != nullptr ? "text" : type_sql(to.type, rendering_.to())) +
           ")";
  }

  void ask_objects(const TableWork& work) {
    const std::set<std::string> filled = filled_columns(work);
    const bool asks = std::find(work.is_new.begin(), work.is_new.end(), true) !=
                      work.is_new.end();
    if (!asks && filled.empty()) return;
    const Values values = future_values(work);
    for (std::size_t i = 0; i < work.new_objects.size(); ++i) {
      const Object& object = work.new_objects[i];
      const bool is_filled = std::any_of(
          object.columns.begin(), object.columns.end(),
          [&](const auto& name) { return filled.count(name) != 0; });
      if (!work.is_new[i] && !is_filled) continue;
      if (object.key != nullptr) {
        if (has_all(values, object.columns) && !is_left(*object.key)) {
          ask_key(work, *object.key, values);
        }
      } else if (object.kind == Object::Kind::check) {
        ask_check(work, object, values);
      } else if (object.carries_sql) {
        ask_unique_index(work, object, values);
      } else if (object.is_unique && has_all(values, object.columns)) {
        ask_unique(work, object, values);
      }
    }
  }

  /// Columns whose NULLs get a value: what stands over them is asked anew.
  static std::set<std::string> filled_columns(const TableWork& work) {
    std::set<std::string> names;
    for (const ColumnPair& pair : work.pair->columns) {
      if (pair.from == nullptr || pair.to == nullptr) continue;
      const bool was =
          is_not_null(work.carried, work.carried_column(*pair.from));
      if (!was && is_not_null(*work.pair->to, *pair.to)) {
        names.insert(pair.to->name);
      }
    }
    return names;
  }

  static bool has_all(const Values& values,
                      const std::vector<std::string>& columns) {
    return std::all_of(
        columns.begin(), columns.end(),
        [&](const std::string& column) { return values.has(column); });
  }

  /// Every column that the object names is known; other words are functions.
  static bool knows(const TableWork& work, const Object& object,
                    const Values& values) {
    for (const Column& column : work.pair->to->columns) {
      if (values.has(column.name)) continue;
      for (const std::string& word : object.columns) {
        if (fold_case(word) == fold_case(column.name)) return false;
      }
    }
    return !values.empty();
  }

  static std::string select_of(const TableWork& work, const Values& values) {
    std::string list;
    for (const auto& [name, value] : values.plain) {
      list += (list.empty() ? "" : ", ") + value;
      if (value != quote(name)) list += " AS " + quote(name);
    }
    const std::string rows =
        "(SELECT " + list + " FROM " + quote(work.from) + ")";
    if (values.computed.empty()) return rows;
    std::string computed;
    for (const auto& [name, value] : values.computed) {
      computed += ", " + value + " AS " + quote(name);
    }
    return "(SELECT *" + computed + " FROM " + rows + " AS " +
           quote(work.to.name) + ")";
  }

  static std::string rows_of(const TableWork& work, const Values& values) {
    return select_of(work, values) + " AS " + quote(work.to.name);
  }

  /// All of them where the engine computes one, since it does so from others.
  static Values only(const Values& values,
                     const std::vector<std::string>& columns) {
    Values some;
    for (const std::string& column : columns) {
      const auto found = values.plain.find(column);
      if (found == values.plain.end()) return values;
      some.plain[column] = found->second;
    }
    return some;
  }

  static std::string present(const std::vector<std::string>& columns) {
    std::string text;
    for (const std::string& column : columns) {
      text += (text.empty() ? "" : " AND ") + quote(column) + " IS NOT NULL";
    }
    return text;
  }

  void ask_unique(const TableWork& work, const Object& object,
                  const Values& values) {
    add(subject(work, join(object.columns, ", ")),
        "value(s) stand in more than one row, and must be unique; change them "
        "first",
        "FROM (SELECT 1 FROM " + rows_of(work, only(values, object.columns)) +
            " WHERE " + present(object.columns) + " GROUP BY " +
            quote_list(object.columns) + " HAVING count(*) > 1) AS doubled");
  }

  /// Over expressions, or over some of the rows.
  void ask_unique_index(const TableWork& work, const Object& object,
                        const Values& values) {
    const auto& indexes = work.pair->to->indexes;
    const auto index =
        std::find_if(indexes.begin(), indexes.end(), [&](const Index& each) {
          return index_name(*work.pair->to, each) == object.name;
        });
    if (index == indexes.end() || !index->unique) return;
    if (!knows(work, object, values)) return;
    std::vector<std::string> columns;
    for (const IndexColumn& column : index->columns) {
      columns.push_back(column.name);
    }
    const std::string key =
        "ROW(" +
        (index->expression.empty() ? quote_list(columns)
                                   : closed(index->expression)) +
        ")";
    // An index takes words that no expression does: a class of operators.
    if (!parses("SELECT " + key)) return;
    add(index->expression.empty() ? subject(work, join(columns, ", "))
                                  : display(work.to),
        "value(s) of " +
            (index->expression.empty() ? "index " + object.name
                                       : index->expression) +
            " stand in more than one row, and must be unique; change them "
            "first",
        "FROM (SELECT 1 FROM (SELECT " + key + " AS key FROM " +
            rows_of(work, values) +
            (index->where.empty() ? "" : " WHERE " + closed(index->where)) +
            ") AS keys WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1"
            ") AS doubled");
  }

  void ask_check(const TableWork& work, const Object& object,
                 const Values& values) {
    const auto& checks = work.pair->to->checks;
    const auto check =
        std::find_if(checks.begin(), checks.end(), [&](const Check& each) {
          return object.definition == "CHECK " + enclosed(each.sql);
        });
    if (check == checks.end()) return;
    if (!knows(work, object, values)) return;
    add(check->column.empty() ? display(work.to) : subject(work, check->column),
        "row(s) break the check " + check->sql + "; change them first",
        "FROM " + rows_of(work, values) + " WHERE NOT " + enclosed(check->sql));
  }

  void ask_key(const TableWork& work, const ForeignKey& key,
               const Values& values) {
    add(subject(work, join(key.columns, ", ")),
        "row(s) refer to nothing in " + display({key.schema, key.table}) +
            "; change or remove them first",
        "FROM " + rows_of(work, only(values, key.columns)) + " WHERE " +
            present(key.columns) + absent_parent(work, key));
  }

  /// The parent is new, and to be filled by hand.
  bool is_left(const ForeignKey& key) const {
    return !blocks_at(rendering_.plan, ByHand::Place::after_create,
                      {key.schema, key.table})
                .empty();
  }

  /// A parent that the plan makes is empty; one whose values cannot be told in
  /// advance is not asked about single rows.
  std::string absent_parent(const TableWork& work, const ForeignKey& key) {
    const TableName target{key.schema, key.table};
    const TablePair* parent = nullptr;
    for (const TablePair& pair : rendering_.matching.tables) {
      if (pair.to != nullptr && name_of(*pair.to) == target) parent = &pair;
    }
    if (parent == nullptr || parent->from == nullptr) return "";
    std::string rows = quote(name_of(*parent->from));
    for (const TableWork& other : rendering_.works) {
      if (other.pair != parent) continue;
      const Values values = future_values(other);
      if (!has_all(values, key.references)) return " AND false";
      rows = select_of(other, only(values, key.references));
    }
    std::string same;
    for (std::size_t i = 0; i < key.references.size(); ++i) {
      same += (i == 0 ? "" : " AND ") + std::string("schemagen_parent.") +
              quote(key.references[i]) + "::text = " + quote(work.to.name) +
              "." + quote(key.columns[i]) + "::text";
    }
    return " AND NOT EXISTS (SELECT 1 FROM " + rows +
           " AS schemagen_parent WHERE " + (same.empty() ? "true" : same) + ")";
  }

  const Rendering& rendering_;
  Statements& out_;
  std::set<std::string> prepared_;
  std::vector<std::string> tidy_;
};

}  // namespace

/// The column's name tells the runtime what this is even where the script was
/// not cut.
void append_guard(const std::string& subject, const std::string& problem,
                  const std::string& rows, Statements& out) {
  out.add("SELECT " + quote_text(subject + ": ") + " || n || " +
              quote_text(" " + problem) +
              " AS schemagen_guard\nFROM (SELECT count(*) AS n " + rows +
              ") AS counted\nWHERE n > 0",
          "refuse while rows are in the way of " + subject, true);
}

void append_guards(const Rendering& rendering, Statements& out) {
  Guards(rendering, out).run();
}

}  // namespace schemagen::gen::postgres
