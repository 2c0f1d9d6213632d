#include "commands/drift.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace schemagen::gen {
namespace {

std::string qualified(const Table& table) {
  return (table.schema.empty() ? "" : table.schema + ".") + table.name;
}

std::string yes_no(bool value) { return value ? "yes" : "no"; }

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text.empty() ? "none" : text;
}

std::string type_text(const Type& type) {
  std::string text = type_kind_name(type.kind);
  if (!type.enum_name.empty()) text += " " + type.enum_name;
  if (type.max_length > 0) text += "(" + std::to_string(type.max_length) + ")";
  if (type.precision > 0) {
    text += "(" + std::to_string(type.precision) + "," +
            std::to_string(type.scale) + ")";
  }
  if (!type.unit.empty()) text += " in " + type.unit;
  for (const auto& [dialect, sql] : type.sql) {
    text += dialect.empty() ? " " : " " + dialect + " ";
    text += sql;
  }
  return text;
}

std::string default_text(const Column& column) {
  if (!column.default_sql.empty()) return column.default_sql;
  if (!column.default_value) return "none";
  return column.default_value->text.empty() ? "''" : column.default_value->text;
}

std::string or_none(const std::string& text) {
  return text.empty() ? "none" : text;
}

/// "type int32 -> int64, optional no -> yes".
class Differences {
 public:
  void add(const std::string& what, const std::string& from,
           const std::string& to) {
    if (from == to) return;
    text_ += (text_.empty() ? "" : ", ") + what + " " + from + " -> " + to;
  }
  std::string text() const { return text_.empty() ? "changed" : text_; }

 private:
  std::string text_;
};

std::string column_difference(const Column& from, const Column& to) {
  Differences all;
  all.add("type", type_text(from.type), type_text(to.type));
  all.add("optional", yes_no(from.nullable), yes_no(to.nullable));
  all.add("default", default_text(from), default_text(to));
  all.add("autoincrement", yes_no(from.autoincrement),
          yes_no(to.autoincrement));
  all.add("generated", or_none(from.generated), or_none(to.generated));
  all.add("stored", yes_no(from.stored), yes_no(to.stored));
  all.add("collation", or_none(from.collate), or_none(to.collate));
  all.add("comment", "\"" + from.comment + "\"", "\"" + to.comment + "\"");
  return all.text();
}

std::string table_difference(const Table& from, const Table& to) {
  Differences all;
  all.add("primary key", joined(from.primary_key), joined(to.primary_key));
  all.add("comment", "\"" + from.comment + "\"", "\"" + to.comment + "\"");
  all.add("strict", yes_no(from.strict), yes_no(to.strict));
  all.add("without rowid", yes_no(from.without_rowid),
          yes_no(to.without_rowid));
  return all.text();
}

std::string columns_text(const Index& index) {
  if (!index.expression.empty()) return "(" + index.expression + ")";
  std::vector<std::string> names;
  for (const IndexColumn& column : index.columns) names.push_back(column.name);
  return "(" + joined(names) + ")";
}

std::string part_text(const Index& value) {
  return (value.unique ? "unique index on " : "index on ") +
         columns_text(value);
}
std::string part_text(const Unique& value) {
  return "unique key (" + joined(value.columns) + ")";
}
std::string part_text(const Check& value) { return "check " + value.sql; }
std::string part_text(const ForeignKey& value) {
  return "foreign key (" + joined(value.columns) + ") to " + value.table;
}

constexpr const char* kTableHere = "the snapshot has the table here";

class Report {
 public:
  Report(std::string snapshot_path, const std::string& remedy,
         Severity severity, Diagnostics& diagnostics)
      : snapshot_path_(std::move(snapshot_path)),
        remedy_("; run: " + remedy),
        severity_(severity),
        diagnostics_(diagnostics) {}

  /// `there` is the line of the snapshot that the reader may want to see.
  void add(const SourceLocation& at, const std::string& what,
           const SourceLocation& there,
           const char* note_text = "the snapshot has it here") {
    Diagnostic diagnostic;
    diagnostic.severity = severity_;
    diagnostic.id = "drift";
    diagnostic.message = what + remedy_;
    diagnostic.at = at.file.empty() ? SourceLocation{snapshot_path_, 0, 0} : at;
    Diagnostic note;
    note.severity = Severity::note;
    note.id = "drift";
    note.message = note_text;
    note.at = there;
    if (!there.file.empty()) diagnostic.notes.push_back(std::move(note));
    diagnostics_.add(std::move(diagnostic));
  }

  void compare(const Table& from, const Table& to) {
    const std::string of = " of " + to.entity;
    for (const Column& column : to.columns) {
      const Column* old = from.find_column(column.name);
      const std::string name = qualified(to) + "." + column.name + of;
      if (old == nullptr) {
        add(column.at, "column " + name + " is new", from.at, kTableHere);
      } else if (*old != column) {
        add(column.at,
            "column " + name + " differs: " + column_difference(*old, column),
            old->at);
      }
    }
    for (const Column& column : from.columns) {
      if (to.find_column(column.name) != nullptr) continue;
      add(to.at,
          "column " + qualified(from) + "." + column.name + of + " is gone",
          column.at);
    }
    compare_options(from, to);
    compare_parts(from.uniques, to.uniques, from, to);
    compare_parts(from.indexes, to.indexes, from, to);
    compare_parts(from.checks, to.checks, from, to);
    compare_parts(from.foreign_keys, to.foreign_keys, from, to);
  }

  void compare(const Enum& from, const Enum& to) {
    const std::string name = "enum " + to.name + " of " + to.cpp_name;
    const bool same_values = from.values == to.values;
    for (const EnumValue& value : to.values) {
      if (from.find_value(value.name) != nullptr) continue;
      add(value.at, name + " has the new value " + value.name, from.at,
          "the snapshot has the enum here");
    }
    for (const EnumValue& value : from.values) {
      if (to.find_value(value.name) != nullptr) continue;
      add(to.at, name + " has lost the value " + value.name, from.at);
    }
    if (from.storage != to.storage ||
        (!same_values && only_numbers(from, to))) {
      add(to.at, name + " is stored in another way", from.at);
    }
  }

 private:
  static bool only_numbers(const Enum& from, const Enum& to) {
    return from.values.size() == to.values.size() &&
           std::all_of(to.values.begin(), to.values.end(),
                       [&](const EnumValue& value) {
                         return from.find_value(value.name) != nullptr;
                       });
  }

  void compare_options(const Table& from, const Table& to) {
    if (from.primary_key == to.primary_key && from.comment == to.comment &&
        from.strict == to.strict && from.without_rowid == to.without_rowid) {
      return;
    }
    add(to.at,
        "table " + qualified(to) + " of " + to.entity +
            " differs: " + table_difference(from, to),
        from.at);
  }

  template <class Part>
  void compare_parts(const std::vector<Part>& from, const std::vector<Part>& to,
                     const Table& old_table, const Table& table) {
    const std::string of = " of table " + qualified(table);
    for (const Part& part : to) {
      if (std::find(from.begin(), from.end(), part) != from.end()) continue;
      const bool is_placed = !part.at.file.empty();
      add(is_placed ? part.at : table.at, part_text(part) + of + " is new",
          old_table.at, kTableHere);
    }
    for (const Part& part : from) {
      if (std::find(to.begin(), to.end(), part) != to.end()) continue;
      add(table.at, part_text(part) + of + " is gone", part.at);
    }
  }

  std::string snapshot_path_;
  std::string remedy_;
  Severity severity_;
  Diagnostics& diagnostics_;
};

}  // namespace

void report_drift(const Schema& snapshot, const Schema& model,
                  const std::string& snapshot_path, const std::string& remedy,
                  Severity severity, Diagnostics& diagnostics) {
  Report report(snapshot_path, remedy, severity, diagnostics);
  for (const Table& table : model.tables) {
    const Table* old = snapshot.find_table(table.schema, table.name);
    if (old == nullptr) {
      report.add(
          table.at,
          "table " + qualified(table) + " of " + table.entity + " is new", {});
    } else if (*old != table) {
      report.compare(*old, table);
    }
  }
  for (const Table& table : snapshot.tables) {
    if (model.find_table(table.schema, table.name) != nullptr) continue;
    report.add(table.at,
               "table " + qualified(table) +
                   " has no entity any more; put its header back into "
                   "HEADERS, or drop the table",
               {});
  }
  for (const Enum& value : model.enums) {
    const Enum* old = snapshot.find_enum(value.name);
    if (old == nullptr) {
      report.add(value.at,
                 "enum " + value.name + " of " + value.cpp_name + " is new",
                 {});
    } else if (*old != value) {
      report.compare(*old, value);
    }
  }
  for (const Enum& value : snapshot.enums) {
    if (model.find_enum(value.name) != nullptr) continue;
    report.add(value.at, "enum " + value.name + " is no longer used", {});
  }
}

}  // namespace schemagen::gen
