// Schemas by hand, a table on a few lines.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/schema.hpp"

namespace schemagen::test {

inline gen::Column column(std::string name,
                          gen::TypeKind kind = gen::TypeKind::text) {
  gen::Column made;
  made.name = std::move(name);
  made.type.kind = kind;
  return made;
}

inline gen::Column optional(gen::Column made) {
  made.nullable = true;
  return made;
}

inline gen::Column with_default(gen::Column made, gen::Literal::Kind kind,
                                std::string text) {
  made.default_value = gen::Literal{kind, std::move(text)};
  return made;
}

inline gen::Column sized(gen::Column made, int length) {
  made.type.max_length = length;
  return made;
}

/// With `id` as its key; places are those of a header "models.hpp".
inline gen::Table table(std::string name, std::vector<gen::Column> columns) {
  gen::Table made;
  made.name = std::move(name);
  made.at = {"models.hpp", 10, 8};
  made.columns = std::move(columns);
  made.columns.push_back(column("id", gen::TypeKind::int64));
  made.primary_key = {"id"};
  int line = 11;
  for (gen::Column& each : made.columns) each.at = {"models.hpp", line++, 5};
  return made;
}

inline gen::ForeignKey refers(std::string column, std::string target) {
  gen::ForeignKey key;
  key.columns = {std::move(column)};
  key.table = std::move(target);
  key.references = {"id"};
  return key;
}

inline gen::Schema schema(std::vector<gen::Table> tables,
                          std::vector<gen::Enum> enums = {}) {
  gen::Schema made;
  made.tables = std::move(tables);
  made.enums = std::move(enums);
  gen::canonicalize(made);
  return made;
}

/// The same as the snapshot would give it: places in that file, no
/// instructions.
inline gen::Schema snapshot_of(gen::Schema made) {
  for (gen::Table& each : made.tables) {
    each.at = {"schema.snapshot.json", 4, 1};
    each.renamed_from.clear();
    for (gen::Column& column : each.columns) {
      column.at = {"schema.snapshot.json", 5, 1};
      column.renamed_from.clear();
      column.backfill.clear();
      column.using_sql.clear();
    }
  }
  for (gen::Enum& each : made.enums) each.at = {"schema.snapshot.json", 3, 1};
  return made;
}

inline gen::Enum enumeration(std::string name,
                             const std::vector<std::string>& values) {
  gen::Enum made;
  made.name = std::move(name);
  made.at = {"models.hpp", 3, 12};
  for (const std::string& value : values) {
    made.values.push_back({value, value, 0, {}});
  }
  return made;
}

inline gen::Column of_enum(std::string name, std::string enum_name) {
  gen::Column made = column(std::move(name), gen::TypeKind::enumeration);
  made.type.enum_name = std::move(enum_name);
  return made;
}

}  // namespace schemagen::test
