// The parts of the PostgreSQL dialect among themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.hpp"
#include "plan/identity.hpp"

namespace schemagen::gen::postgres {

std::string quote(std::string_view identifier);
/// Reads the same whatever standard_conforming_strings says.
std::string quote_text(std::string_view text);
std::string quote_list(const std::vector<std::string>& names);
/// SQL of the user, and the same in parentheses, so that a comment at its end
/// swallows nothing of ours.
std::string closed(const std::string& sql);
std::string enclosed(const std::string& sql);
/// "app"."users"
std::string quote(const TableName& name);

// Types and values; `schema` is asked for enums only.

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

// Statements.

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

void check(const Schema& schema, Diagnostics& diagnostics);
std::vector<StatementRange> cut(const std::string& script,
                                const std::string& path, bool transactional,
                                bool unchecked, Diagnostics& diagnostics);
/// Whether PostgreSQL's grammar takes `sql`.
bool parses(const std::string& sql);
/// What one statement does.
std::vector<Fact> facts(const std::string& sql);

/// Moves a table (quoted) into the connection's own schema, whose name is known
/// only where the script runs.
std::string move_home_sql(const std::string& table);
/// The ALTER TABLE ... SET SCHEMA of such a statement, without the schema's
/// name; "" when `sql` is none.
std::string moved_home(const std::string& sql);
Script render(const Plan& plan);

}  // namespace schemagen::gen::postgres
