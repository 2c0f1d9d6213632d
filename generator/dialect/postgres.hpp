// The parts of the PostgreSQL dialect among themselves.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/dialect.hpp"
#include "plan/identity.hpp"

namespace schemagen::gen::postgres {

std::string quote(std::string_view identifier);
/// Reads the same whatever standard_conforming_strings says.
std::string quote_text(std::string_view text);
std::string quote_list(const std::vector<std::string>& names);
/// "app"."users"
std::string quote(const TableName& name);

// Types and values; `schema` is asked for enums only
// ---------------------------

/// The SQL the user spelled for PostgreSQL, or "".
std::string spelled_type(const Type& type);
std::string type_sql(const Type& type, const Schema& schema);
/// COLLATE of the column with a leading blank, or "". SQLite's own collations
/// mean nothing here.
std::string collate_sql(const Column& column);
std::string literal_sql(const Type& type, const Literal& literal,
                        const Schema& schema);
/// What stands in for a value that nobody has.
std::string zero_sql(const Type& type, const Schema& schema);
std::string default_sql(const Column& column, const Schema& schema);
bool has_default(const Column& column);
/// The form in which the value lies in the column, as text.
std::string stored_text(const Enum& e, const EnumValue& value);
std::string stored_sql(const Enum& e, const EnumValue& value);
/// The enum of an enum column that is a type of its own here, or nullptr.
const Enum* native_enum(const Type& type, const Schema& schema);

struct ImpliedCheck {
  std::string rule;  ///< "range", "length", "enum": part of its name
  std::string sql;
};
/// What the type demands of `value`, an SQL expression, beyond its SQL type.
std::vector<ImpliedCheck> implied_checks(const Type& type, const Schema& schema,
                                         const std::string& value);

// Statements
// -------------------------------------------------------------------

/// A constraint or index as the database has it.
struct Object {
  enum class Kind { primary, unique, check, foreign, index };
  Kind kind = Kind::check;
  std::string name;
  std::string definition;            ///< all that follows the name
  std::vector<std::string> columns;  ///< that it mentions
  bool carries_sql = false;          ///< of the user, or over a value's type
  bool is_unique = false;            ///< a foreign key may lean on it
  const ForeignKey* key = nullptr;
};
/// Everything on `table` but columns. Two tables that differ in names only
/// give lists that are in step.
std::vector<Object> objects_of(const Table& table, const Schema& schema);

/// "name" type COLLATE ... NOT NULL DEFAULT ...
std::string column_sql(const Table& table, const Column& column,
                       const Schema& schema);
bool is_not_null(const Table& table, const Column& column);
std::string create_table_sql(const Table& table, const Schema& schema);
/// Uniques that CREATE TABLE would merge with another key.
std::vector<Object> doubled_uniques(const Table& table, const Schema& schema);
std::string create_index_sql(const TableName& table, const Object& index);
std::string comment_sql(const std::string& on, const std::string& text);

// The plan
// ---------------------------------------------------------------------

/// A table on its way. Columns and objects of `carried` are in step with those
/// of pair->from.
struct TableWork {
  const TablePair* pair = nullptr;
  Table carried;  ///< pair->from with new names
  TableName from, to;

  std::set<std::string> retyped;    ///< new names, other SQL type
  std::set<std::string> recreated;  ///< new names, dropped and added again
  std::set<std::string> gone;       ///< old names, recreated ones included

  std::vector<Object> old_objects;      ///< by old names
  std::vector<Object> carried_objects;  ///< the same by new names
  std::vector<Object> new_objects;
  std::vector<int> kept;  ///< index in new_objects of each old one, or -1
  std::vector<bool> is_new;

  const Column& carried_column(const Column& from_column) const;
};

struct Rendering {
  const Plan& plan;
  Identity identity;
  Matching matching;
  Schema from_enums;  ///< the enums of plan.from by their new names
  std::set<std::string> renewed_enums;  ///< native types made anew, new names
  std::vector<TableWork> works;
  std::map<std::pair<TableName, std::string>, const AlterColumn*> alters;
  std::map<std::pair<TableName, std::string>, const AddColumn*> adds;

  bool is_up() const { return plan.direction == Direction::up; }
  const Schema& to() const { return plan.to; }
};

/// Compares every pair and fills `works`.
void find_works(Rendering& rendering);

/// Statements collected with their reasons; ALTER TABLE clauses are grouped.
class Statements {
 public:
  explicit Statements(Script& script) : script_(script) {}
  void add(std::string sql, std::string comment, bool guard = false);
  /// Clauses of one ALTER TABLE; nothing when there are none.
  void alter(const TableName& table, const std::vector<std::string>& clauses,
             std::string comment);

 private:
  Script& script_;
};

// Enums: postgres_enums.cpp
/// The type is made anew instead of altered.
bool is_renewed(const Plan& plan, const AlterEnum& change);
void create_types(const Rendering& rendering, Statements& out);
void drop_types(const Rendering& rendering, Statements& out);
/// Values whose stored form changes: stored text before -> after; values that
/// are gone have no entry.
std::map<std::string, std::string> value_map(const Rendering& rendering,
                                             const Enum& from, const Enum& to);
/// Stored texts of `from` that `to` does not have.
std::vector<std::string> removed_values(const Rendering& rendering,
                                        const Enum& from, const Enum& to);

// Columns: postgres_columns.cpp
void add_columns(const Rendering& rendering, const TableWork& work,
                 Statements& out);
void alter_columns(const Rendering& rendering, const TableWork& work,
                   Statements& out);
/// What a row gets where it has no value of its own.
std::string fill_sql(const Rendering& rendering, const Column& column,
                     const Fill* fill);

// Values on their way to another type: postgres_convert.cpp
struct Conversion {
  std::string using_sql;  ///< over the column
  std::string prepare;    ///< statement before, or ""
  std::string tidy;       ///< statement after, or ""
};
Conversion convert(const Rendering& rendering, const TableWork& work,
                   const Column& from, const Column& to);
/// The condition under which a value of `from` does not fit `to`, over the
/// quoted old name; "" when all do.
std::string misfit(const Rendering& rendering, const Type& from, const Type& to,
                   const std::string& value);

void append_guards(const Rendering& rendering, Statements& out);

Script render(const Plan& plan);
void check(const Schema& schema, Diagnostics& diagnostics);
std::vector<StatementRange> cut(const std::string& script,
                                const std::string& path, bool transactional,
                                bool unchecked, Diagnostics& diagnostics);
/// Whether PostgreSQL's grammar takes `sql`.
bool parses(const std::string& sql);

}  // namespace schemagen::gen::postgres
