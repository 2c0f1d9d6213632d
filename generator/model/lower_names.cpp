// Names that meet in the database. Engines compare them without case, and
// indexes share one room with tables, so that two harmless names can collide.
#include <algorithm>

#include "model/lower_entity.hpp"
#include "model/names.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

/// The history table that the runtime keeps in every database.
constexpr const char* kHistoryTable = "schemagen_migrations";

struct Named {
  std::string what;  ///< "the index on (a, b) of table 't'"
  SourceLocation at;
};

class NameChecker {
 public:
  NameChecker(const Lowering& lowering, const std::vector<Entity>& entities)
      : diagnostics_(lowering.diagnostics),
        lowering_(lowering),
        entities_(entities) {}

  void run() {
    check_tables();
    check_enums();
    for (const Entity& entity : entities_) {
      check_columns(entity);
      // What a second table of one name brings along would only repeat it.
      if (doubles_.count(&entity) > 0) continue;
      check_relations(entity.table);
      check_constraints(entity.table);
    }
  }

 private:
  using Key = std::pair<std::string, std::string>;

  void check_tables() {
    std::map<Key, const Entity*> tables;
    std::map<std::string, const Entity*> shown;
    for (const Entity& entity : entities_) {
      const Table& table = entity.table;
      Key key{table.schema, fold_case(table.name)};
      auto added = tables.emplace(key, &entity);
      if (!added.second) {
        const Entity& other = *added.first->second;
        doubles_.insert(&entity);
        report_double(diagnostics_, entity.record->at, other.record->at,
                      "duplicate-table",
                      "'" + entity.record->name + "' and '" +
                          other.record->name + "' are both the table '" +
                          table.name + "'; give one another SG_TABLE(.name)");
      }
      check_shown(entity, shown);
      relations_[key] = {"table '" + table.name + "'", table.at};
      if (fold_case(table.name) == kHistoryTable) {
        diagnostics_.error(table.at, "reserved-name",
                           "table '" + table.name +
                               "' is where SchemaGen keeps its history; give "
                               "it another .name");
      }
    }
  }

  /// A flag and the snapshot's list name a table by its schema and its name,
  /// where a point inside of one would be read as the point between them.
  void check_shown(const Entity& entity,
                   std::map<std::string, const Entity*>& shown) {
    const Table& table = entity.table;
    const std::string name =
        table.schema.empty() ? table.name : table.schema + "." + table.name;
    const auto added = shown.emplace(name, &entity);
    if (added.second || doubles_.count(&entity) > 0) return;
    const Entity& other = *added.first->second;
    doubles_.insert(&entity);
    report_double(diagnostics_, entity.record->at, other.record->at,
                  "duplicate-table",
                  "'" + entity.record->name + "' and '" + other.record->name +
                      "' would both be called '" + name +
                      "'; give one a .schema and a .name without a point");
  }

  /// One enum of a class template, in two of its instances.
  static bool is_member_of_template(const Enum& a, const Enum& b) {
    return a.at.file == b.at.file && a.at.line == b.at.line &&
           a.at.column == b.at.column && a == b;
  }

  void check_enums() {
    std::map<std::string, const Enum*> enums;
    for (const auto& entry : lowering_.used_enums) {
      const Enum& e = entry.second;
      auto added = enums.emplace(fold_case(e.name), &e);
      if (added.second) continue;
      const Enum& other = *added.first->second;
      if (is_member_of_template(e, other)) continue;
      report_double(diagnostics_, e.at, other.at, "duplicate-enum",
                    "enums '" + other.cpp_name + "' and '" + e.cpp_name +
                        "' are both named '" + e.name +
                        "'; give one another SG_ENUM(.name)");
    }
  }

  void check_columns(const Entity& entity) {
    std::map<std::string, const Column*> columns;
    std::map<std::string, const Column*> sources;
    for (const Column& column : entity.table.columns) {
      auto added = columns.emplace(fold_case(column.name), &column);
      if (!added.second) {
        const Column& other = *added.first->second;
        report_double(diagnostics_, column.at, other.at, "duplicate-column",
                      "members '" + other.member + "' and '" + column.member +
                          "' of '" + entity.record->name +
                          "' are both the column '" + column.name +
                          "'; give one another .name, or SG_EMBED a .prefix");
      }
      if (column.renamed_from.empty()) continue;
      auto source = sources.emplace(column.renamed_from, &column);
      if (source.second) continue;
      report_double(diagnostics_, column.at, source.first->second->at,
                    "contradicting-options",
                    "two columns of '" + entity.record->name +
                        "' are .renamed_from '" + column.renamed_from +
                        "'; keep one");
    }
  }

  /// Tables, indexes and the indexes behind keys.
  void check_relations(const Table& table) {
    std::string of = " of table '" + table.name + "'";
    if (!table.primary_key.empty()) {
      add_relation(table, primary_key_name(table), "the primary key" + of,
                   table.at);
    }
    for (const Unique& unique : table.uniques) {
      add_relation(table, unique_name(table, unique),
                   "the unique on (" + join(unique.columns, ", ") + ")" + of,
                   unique.at);
    }
    for (const Index& index : table.indexes) {
      std::vector<std::string> names;
      for (const IndexColumn& column : index.columns) {
        names.push_back(column.name);
      }
      std::string what = "the index on (";
      what += index.columns.empty() ? index.expression : join(names, ", ");
      what += ")" + of;
      add_relation(table, index_name(table, index), what, index.at);
    }
  }

  void add_relation(const Table& table, const std::string& name,
                    const std::string& what, const SourceLocation& at) {
    Key key{table.schema, fold_case(name)};
    auto added = relations_.emplace(key, Named{what, at});
    if (!added.second) report_name(name, {what, at}, added.first->second);
  }

  /// Checks and foreign keys, and keys again: one room per table.
  void check_constraints(const Table& table) {
    std::map<std::string, Named> names;
    auto add = [&](const std::string& name, const Named& named) {
      auto added = names.emplace(fold_case(name), named);
      if (!added.second) report_name(name, named, added.first->second);
    };
    std::string of = " of table '" + table.name + "'";
    names[fold_case(primary_key_name(table))] = {"the primary key" + of,
                                                 table.at};
    for (const Unique& unique : table.uniques) {
      // Two of them are reported as relations.
      names.emplace(
          fold_case(unique_name(table, unique)),
          Named{"the unique on (" + join(unique.columns, ", ") + ")" + of,
                unique.at});
    }
    for (const Check& check : table.checks) {
      add(check_name(table, check),
          {"the check \"" + check.sql + "\"" + of, check.at});
    }
    for (const ForeignKey& key : table.foreign_keys) {
      add(foreign_key_name(table, key),
          {"the foreign key on (" + join(key.columns, ", ") + ")" + of,
           key.at});
    }
  }

  void report_name(const std::string& name, const Named& one,
                   const Named& other) {
    report_double(diagnostics_, one.at, other.at, "duplicate-name",
                  one.what + " and " + other.what + " are both named '" + name +
                      "'; remove one, or give one a .name");
  }

  Diagnostics& diagnostics_;
  const Lowering& lowering_;
  const std::vector<Entity>& entities_;
  std::map<Key, Named> relations_;
  std::set<const Entity*> doubles_;
};

}  // namespace

void check_names(const Lowering& lowering,
                 const std::vector<Entity>& entities) {
  NameChecker(lowering, entities).run();
}

}  // namespace schemagen::gen
