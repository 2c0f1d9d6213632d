// Questions to the rows before the first statement: each guard returns a
// message, with a count, when rows are in the way. They ask the rows as they
// will be, computed from the table as it is.
#include <algorithm>

#include "dialect/postgres_plan.hpp"
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

  /// Expressions over the old row, by new column name. Columns whose values the
  /// user's SQL makes, or that are cast, have none.
  std::map<std::string, std::string> future_values(const TableWork& work) {
    std::map<std::string, std::string> values;
    for (const ColumnPair& pair : work.pair->columns) {
      if (pair.to == nullptr || !pair.to->generated.empty()) continue;
      const Column& to = *pair.to;
      if (pair.from == nullptr) {
        add_invented(work, to, values);
      } else if (work.retyped.count(to.name) == 0 && !is_filled(work, pair)) {
        values[to.name] = quote(pair.from->name);
      }
    }
    return values;
  }

  bool is_filled(const TableWork& work, const ColumnPair& pair) const {
    return !is_not_null(work.carried, work.carried_column(*pair.from)) &&
           is_not_null(*work.pair->to, *pair.to);
  }

  void add_invented(const TableWork& work, const Column& to,
                    std::map<std::string, std::string>& values) {
    auto change = rendering_.adds.find({work.to, to.name});
    const bool filled = change != rendering_.adds.end() &&
                        change->second->fill.kind == Fill::Kind::backfill;
    if (filled || to.autoincrement || !to.default_sql.empty()) return;
    const Enum* native = native_enum(to.type, rendering_.to());
    const std::string type =
        native != nullptr ? "text" : type_sql(to.type, rendering_.to());
    values[to.name] =
        "CAST(" + fill_sql(rendering_, to, nullptr) + " AS " + type + ")";
  }

  void ask_objects(const TableWork& work) {
    const auto values = future_values(work);
    auto known = [&](const std::vector<std::string>& columns) {
      return std::all_of(
          columns.begin(), columns.end(),
          [&](const std::string& c) { return values.count(c) != 0; });
    };
    for (std::size_t i = 0; i < work.new_objects.size(); ++i) {
      const Object& object = work.new_objects[i];
      if (!work.is_new[i]) continue;
      if (object.key != nullptr) {
        if (known(object.columns)) ask_key(work, *object.key, values);
      } else if (object.kind == Object::Kind::check) {
        ask_check(work, object, values);
      } else if (object.is_unique && !object.carries_sql &&
                 known(object.columns)) {
        ask_unique(work, object, values);
      }
    }
  }

  static std::string rows_of(const TableWork& work,
                             const std::map<std::string, std::string>& values) {
    std::string list;
    for (const auto& [name, value] : values) {
      list += (list.empty() ? "" : ", ") + value;
      if (value != quote(name)) list += " AS " + quote(name);
    }
    return "(SELECT " + list + " FROM " + quote(work.from) + ") AS " +
           quote(work.to.name);
  }

  static std::map<std::string, std::string> only(
      const std::map<std::string, std::string>& values,
      const std::vector<std::string>& columns) {
    std::map<std::string, std::string> some;
    for (const std::string& column : columns) {
      some[column] = values.at(column);
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
                  const std::map<std::string, std::string>& values) {
    add(subject(work, join(object.columns, ", ")),
        "value(s) stand in more than one row, and must be unique; change them "
        "first",
        "FROM (SELECT 1 FROM " + rows_of(work, only(values, object.columns)) +
            " WHERE " + present(object.columns) + " GROUP BY " +
            quote_list(object.columns) + " HAVING count(*) > 1) AS doubled");
  }

  void ask_check(const TableWork& work, const Object& object,
                 const std::map<std::string, std::string>& values) {
    const auto& checks = work.pair->to->checks;
    const auto check =
        std::find_if(checks.begin(), checks.end(), [&](const Check& each) {
          return object.definition == "CHECK " + enclosed(each.sql);
        });
    if (check == checks.end()) return;
    // Every column that it names must be known; other words are functions.
    for (const Column& column : work.pair->to->columns) {
      if (values.count(column.name) != 0) continue;
      for (const std::string& word : object.columns) {
        if (fold_case(word) == fold_case(column.name)) return;
      }
    }
    if (values.empty()) return;
    add(check->column.empty() ? display(work.to) : subject(work, check->column),
        "row(s) break the check " + check->sql + "; change them first",
        "FROM " + rows_of(work, values) + " WHERE NOT " + enclosed(check->sql));
  }

  void ask_key(const TableWork& work, const ForeignKey& key,
               const std::map<std::string, std::string>& values) {
    add(subject(work, join(key.columns, ", ")),
        "row(s) refer to nothing in " + display({key.schema, key.table}) +
            "; change or remove them first",
        "FROM " + rows_of(work, only(values, key.columns)) + " WHERE " +
            present(key.columns) + absent_parent(work, key));
  }

  /// A parent that the plan makes is empty; one whose columns change is not
  /// asked about single rows.
  std::string absent_parent(const TableWork& work,
                            const ForeignKey& key) const {
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
      const std::string old = old_name(*parent, key.references[i]);
      if (old.empty()) return " AND false";
      same += (i == 0 ? "" : " AND ") + std::string("parent.") + quote(old) +
              "::text = " + quote(work.to.name) + "." + quote(key.columns[i]) +
              "::text";
    }
    return " AND NOT EXISTS (SELECT 1 FROM " + quote(name_of(*parent->from)) +
           " AS parent WHERE " + (same.empty() ? "true" : same) + ")";
  }

  static std::string old_name(const TablePair& pair, const std::string& name) {
    for (const ColumnPair& column : pair.columns) {
      if (column.to == nullptr || column.to->name != name) continue;
      return column.from == nullptr ? "" : column.from->name;
    }
    return "";
  }

  const Rendering& rendering_;
  Statements& out_;
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
