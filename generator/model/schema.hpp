// What a database schema is to the generator: plain values, the same for every
// dialect. The scanner makes them from headers, the snapshot keeps them, the
// plan compares them, the dialects render them. Nothing here knows SQL text of
// an engine beyond what the user wrote in an option that carries SQL.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/source_location.hpp"

namespace schemagen::gen {

/// The neutral type of a column; each dialect has one row per kind.
enum class TypeKind {
  boolean,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  text,         ///< max_length > 0 limits it, in characters
  blob,         ///< max_length > 0 limits it, in bytes; fixed: exactly so long
  timestamp,    ///< an instant in UTC
  local_time,   ///< a calendar day and a time of day, of no zone
  date,         ///< a calendar day
  time_of_day,  ///< since midnight, in `unit`
  duration,     ///< a count of `unit`, 64 bits
  decimal,      ///< `precision` digits, `scale` of them after the point
  enumeration,  ///< `enum_name` names an Enum of the schema
  uuid,
  json,
  custom,  ///< only `sql` says what it is
};

/// The snapshot's word for a kind ("int64") and back.
const char* type_kind_name(TypeKind kind);
std::optional<TypeKind> type_kind_from_name(const std::string& name);

struct Type {
  TypeKind kind = TypeKind::text;
  int max_length = 0;
  bool fixed = false;
  int precision = 0;
  int scale = 0;
  std::string unit;       ///< "ns" "us" "ms" "s" "min" "h" "d" or "N/M" seconds
  std::string enum_name;  ///< database name of the enum
  /// SQL spelled out by the user, by dialect name; "" holds for every dialect
  /// that has no entry of its own.
  std::map<std::string, std::string> sql;
};
bool operator==(const Type& a, const Type& b);
bool operator!=(const Type& a, const Type& b);

/// A constant of a default, typed so that each dialect can write it safely.
struct Literal {
  enum class Kind { null, boolean, integer, real, text, blob, enumerator };
  Kind kind = Kind::null;
  /// "true"; decimal digits with sign; shortest round-trip decimal; the UTF-8
  /// text; hex digits of the bytes; the stored name of the enumerator.
  /// Timestamps, dates and durations are `integer` in the column's unit
  /// (timestamp: nanoseconds since 1970 UTC; date: days since 1970).
  std::string text;
};
bool operator==(const Literal& a, const Literal& b);
bool operator!=(const Literal& a, const Literal& b);

struct Column {
  std::string name;  ///< in the database
  Type type;
  bool nullable = false;
  bool autoincrement = false;
  bool stored = false;                   ///< a generated column is stored
  std::optional<Literal> default_value;  ///< never together with default_sql
  std::string default_sql;
  std::string generated;  ///< SQL expression; "" = an ordinary column
  std::string collate;
  std::string comment;

  // Instructions for the next plan and places for messages. They are no part
  // of the model: == and the snapshot ignore them.
  std::string renamed_from;
  std::string backfill;
  std::string using_sql;
  std::string member;  ///< C++ path inside the entity, "home.zip"
  int position = 0;    ///< order of declaration; 0 = unknown
  SourceLocation at;
};
bool operator==(const Column& a, const Column& b);
bool operator!=(const Column& a, const Column& b);

enum class Action { no_action, restrict_, cascade, set_null, set_default };

// A name that is "" is made by the rule of model/names.hpp; only names that the
// user gave are kept here.

struct Unique {
  std::string name;
  std::vector<std::string> columns;
  SourceLocation at;
};
bool operator==(const Unique& a, const Unique& b);
bool operator!=(const Unique& a, const Unique& b);

struct IndexColumn {
  std::string name;
  bool descending = false;
};
bool operator==(const IndexColumn& a, const IndexColumn& b);

struct Index {
  std::string name;
  std::vector<IndexColumn> columns;  ///< empty when `expression` is set
  std::string expression;
  bool unique = false;
  std::string where;
  std::string method;  ///< "btree", "gin", ...; "" = the engine's usual one
  SourceLocation at;
};
bool operator==(const Index& a, const Index& b);
bool operator!=(const Index& a, const Index& b);

struct Check {
  std::string name;
  std::string sql;
  std::string column;  ///< set when it was written on a column
  SourceLocation at;
};
bool operator==(const Check& a, const Check& b);
bool operator!=(const Check& a, const Check& b);

struct ForeignKey {
  std::string name;
  std::vector<std::string> columns;
  std::string table;   ///< referenced table
  std::string schema;  ///< of the referenced table
  std::vector<std::string> references;
  Action on_delete = Action::no_action;
  Action on_update = Action::no_action;
  SourceLocation at;
};
bool operator==(const ForeignKey& a, const ForeignKey& b);
bool operator!=(const ForeignKey& a, const ForeignKey& b);

struct Table {
  std::string name;
  std::string schema;  ///< "" = the connection's own
  std::string comment;
  bool strict = false;
  bool without_rowid = false;
  std::vector<Column> columns;           ///< canonical: sorted by name
  std::vector<std::string> primary_key;  ///< column names, in key order
  std::vector<Unique> uniques;
  std::vector<Index> indexes;
  std::vector<Check> checks;
  std::vector<ForeignKey> foreign_keys;

  std::string renamed_from;  ///< instruction, like those of Column
  std::string entity;        ///< qualified C++ name, for messages
  SourceLocation at;

  const Column* find_column(const std::string& column) const;
  /// The columns as a person wants to read them: by declaration where it is
  /// known, else key columns first and the rest by name.
  std::vector<const Column*> columns_in_order() const;
};
bool operator==(const Table& a, const Table& b);
bool operator!=(const Table& a, const Table& b);

enum class EnumStorage { text, integer, native };

struct EnumValue {
  std::string name;         ///< stored name
  std::string enumerator;   ///< C++ name; integer storage only
  std::int64_t number = 0;  ///< integer: as stored; native: rank; text: 0
  SourceLocation at;
};
bool operator==(const EnumValue& a, const EnumValue& b);

struct Enum {
  std::string name;  ///< in the database
  EnumStorage storage = EnumStorage::text;
  /// Canonical: by name for text, by number for integer and native.
  std::vector<EnumValue> values;
  std::string cpp_name;  ///< for messages
  SourceLocation at;

  const EnumValue* find_value(const std::string& stored_name) const;
};
bool operator==(const Enum& a, const Enum& b);
bool operator!=(const Enum& a, const Enum& b);

/// Two schemas are equal when they describe the same database; order of
/// declaration, places and instructions do not count.
struct Schema {
  std::vector<Table> tables;  ///< canonical: sorted by schema, name
  std::vector<Enum> enums;    ///< canonical: sorted by name

  const Table* find_table(const std::string& schema,
                          const std::string& name) const;
  const Enum* find_enum(const std::string& name) const;
};
bool operator==(const Schema& a, const Schema& b);
bool operator!=(const Schema& a, const Schema& b);

/// Brings every list into its canonical order. Readers and writers of schemas
/// call it once at the end; everything else may rely on it.
void canonicalize(Schema& schema);

}  // namespace schemagen::gen
