#include "model/snapshot_check.hpp"

#include <map>
#include <set>

#include "core/migration_file.hpp"

namespace schemagen::gen {
namespace {

class Checker {
 public:
  Checker(const Snapshot& snapshot, std::string path, std::string advice,
          Diagnostics& diagnostics)
      : snapshot_(snapshot),
        path_(std::move(path)),
        advice_(std::move(advice)),
        diagnostics_(diagnostics) {}

  void run() {
    unique(snapshot_.migrations, "migration",
           [](const MigrationEntry& m) { return m.id; });
    unique(snapshot_.schema.enums, "enum",
           [](const Enum& e) { return e.name; });
    unique(snapshot_.schema.tables, "table", [](const Table& t) {
      return t.schema.empty() ? t.name : t.schema + '.' + t.name;
    });
    for (const std::string& dialect : snapshot_.dialects) {
      if (!dialects_.insert(dialect).second) {
        report({path_, 0, 0}, "snapshot-duplicate",
               named("dialect", dialect) + " stands twice");
      }
    }
    for (const MigrationEntry& migration : snapshot_.migrations) {
      check(migration);
    }
    collect();
    for (const Enum& e : snapshot_.schema.enums) check(e);
    for (const Table& table : snapshot_.schema.tables) check(table);
  }

 private:
  using Names = std::set<std::string>;

  void report(SourceLocation at, const char* id, const std::string& what) {
    diagnostics_.error(std::move(at), id, what + "; " + advice_);
  }

  static std::string named(const std::string& what, const std::string& name) {
    return what + " '" + name + "'";
  }

  template <class List, class Name>
  void unique(const List& list, const std::string& what, Name name) {
    Names seen;
    for (const auto& entry : list) {
      std::string shown = name(entry);
      if (shown.empty()) {
        report(entry.at, "snapshot-value", "a " + what + " has an empty name");
      } else if (!seen.insert(shown).second) {
        report(entry.at, "snapshot-duplicate",
               named(what, shown) + " stands twice");
      }
    }
  }

  void collect() {
    for (const Table& table : snapshot_.schema.tables) {
      Names& names = columns_[{table.schema, table.name}];
      for (const Column& column : table.columns) names.insert(column.name);
    }
    for (const Enum& e : snapshot_.schema.enums) enums_.insert(e.name);
  }

  /// Files are found by these two, so they must make a file's name and
  /// nothing else.
  void check(const MigrationEntry& migration) {
    std::string stem = migration.id + '_' + migration.name;
    if (core::parse_file_name(stem + ".up.sql")) return;
    report(migration.at, "snapshot-value",
           "'" + stem + "' is no name of a migration");
  }

  void check(const Enum& e) {
    unique(e.values, "value of enum '" + e.name + "',",
           [](const EnumValue& v) { return v.name; });
  }

  /// Every name of a key, once each, is a column of the table.
  void expect(const SourceLocation& at, const Names& columns,
              const std::vector<std::string>& names, const std::string& what) {
    Names seen;
    for (const std::string& name : names) {
      if (columns.count(name) == 0) {
        report(at, "snapshot-dangling",
               named(what + " names the unknown column", name));
      } else if (!seen.insert(name).second) {
        report(at, "snapshot-duplicate",
               named(what + " names column", name) + " twice");
      }
    }
  }

  void check(const Table& table) {
    const Names& columns = columns_[{table.schema, table.name}];
    std::string of = named(" of table", table.name);
    unique(table.columns, "column", [](const Column& c) { return c.name; });
    for (const Column& column : table.columns) check(column);
    expect(table.at, columns, table.primary_key, "the primary key" + of);
    for (const Unique& u : table.uniques) {
      expect(u.at, columns, u.columns, "a unique" + of);
    }
    for (const Index& index : table.indexes) {
      std::vector<std::string> names;
      for (const IndexColumn& column : index.columns) {
        names.push_back(column.name);
      }
      expect(index.at, columns, names, "an index" + of);
      if (names.empty() == index.expression.empty()) {
        report(index.at, "snapshot-value",
               "an index" + of + " needs columns or an expression, not both");
      }
    }
    for (const Check& c : table.checks) {
      if (!c.column.empty()) expect(c.at, columns, {c.column}, "a check" + of);
    }
    for (const ForeignKey& key : table.foreign_keys) check(key, columns, of);
  }

  void check(const Column& column) {
    bool is_enum = column.type.kind == TypeKind::enumeration;
    if (is_enum && enums_.count(column.type.enum_name) == 0) {
      report(column.at, "snapshot-dangling",
             named(named("column", column.name) + " names the unknown enum",
                   column.type.enum_name));
    }
    if (column.default_value && !column.default_sql.empty()) {
      report(column.at, "snapshot-value",
             named("column", column.name) + " has two defaults");
    }
  }

  void check(const ForeignKey& key, const Names& columns,
             const std::string& of) {
    expect(key.at, columns, key.columns, "a foreign key" + of);
    auto target = columns_.find({key.schema, key.table});
    if (target == columns_.end()) {
      report(
          key.at, "snapshot-dangling",
          named("a foreign key" + of + " names the unknown table", key.table));
      return;
    }
    expect(key.at, target->second, key.references,
           "the target of a foreign key" + of);
    if (key.columns.empty() || key.columns.size() != key.references.size()) {
      report(key.at, "snapshot-value",
             "a foreign key" + of + " does not pair its columns");
    }
  }

  const Snapshot& snapshot_;
  std::string path_;
  std::string advice_;
  Diagnostics& diagnostics_;
  std::map<std::pair<std::string, std::string>, Names> columns_;
  Names enums_;
  Names dialects_;
};

}  // namespace

void check_snapshot(const Snapshot& snapshot, const std::string& path,
                    const std::string& advice, Diagnostics& diagnostics) {
  Checker(snapshot, path, advice, diagnostics).run();
}

}  // namespace schemagen::gen
