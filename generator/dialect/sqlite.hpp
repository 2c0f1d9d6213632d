// The parts of the SQLite dialect among themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.hpp"
#include "plan/identity.hpp"

namespace schemagen::gen::sqlite {

std::string quote(std::string_view identifier);
std::string quote_text(std::string_view text);
/// "a", "b"
std::string quote_list(const std::vector<std::string>& names);

/// SQL of the user in parentheses that no comment of theirs can swallow.
std::string enclosed(const std::string& sql);

// Types and values; `schema` is asked for enums only
// ---------------------------

/// The SQL the user spelled for SQLite, or "".
std::string spelled_type(const Type& type);
/// What SQLite reads out of a type that the user spelled.
enum class Affinity { integer, real, text, numeric, none };
Affinity affinity_of(const std::string& spelled);
std::string type_sql(const Type& type, const Schema& schema, bool strict);
/// COLLATE of the column with a leading blank, or "". SQLite has three, and
/// those of other engines mean nothing here.
std::string collate_sql(const Column& column);
std::string literal_sql(const Type& type, const Literal& literal,
                        const Schema& schema);
/// What stands in for a value that nobody has.
std::string zero_sql(const Type& type, const Schema& schema);
/// The conditions that the type puts on values, over the quoted column.
std::vector<std::string> implied_checks(const Column& column,
                                        const Schema& schema);
/// The DEFAULT as an expression; "" without one.
std::string default_sql(const Column& column, const Schema& schema);
bool has_constant_default(const Column& column);
/// The stored form of an enum's value.
std::string stored_sql(const Enum& e, const EnumValue& value);

struct Conversion {
  const Schema& from;  ///< with the enums' new names
  const Schema& to;
  const Identity& identity;
  /// Yields NULL for what does not fit; else the caller has asked the rows.
  bool checked = false;
};
/// `value` of type `a` as one of type `b`; `value` itself when nothing is to
/// be done.
std::string convert(const Conversion& conversion, const Type& a, const Type& b,
                    const std::string& value);

// Statements
// -------------------------------------------------------------------

/// The one column that is the rowid, or nullptr.
const Column* rowid_key(const Table& table);
std::string column_sql(const Table& table, const Column& column,
                       const Schema& schema);
std::string check_sql(const Check& check);
/// Keys and checks of more than one column, the lines after the columns.
std::vector<std::string> constraint_lines(const Table& table);
std::string create_table_sql(const Table& table, const std::string& name,
                             const Schema& schema);

struct NamedIndex {
  std::string name;
  std::string sql;
};
/// Indexes and uniques of the table: on SQLite a unique is an index, so that
/// it comes and goes without touching the table.
std::vector<NamedIndex> index_statements(const Table& table);

// The plan
// ---------------------------------------------------------------------

/// A table on its way, with everything that its steps ask.
struct TableWork {
  const TablePair* pair = nullptr;
  Table carried;  ///< pair->from with new names, columns in step with it
  bool rebuild = false;

  /// The carried form of one of pair->from's columns.
  const Column& carried_column(const Column& from) const;
};

struct Rendering {
  const Plan& plan;
  Identity identity;
  Matching matching;
  Schema from_enums;  ///< the enums of plan.from by their new names

  bool is_up() const { return plan.direction == Direction::up; }
};

/// What a column of the new table holds for an old row: an expression over
/// the old row by new names. `old` prefixes the old columns.
std::string value_for(const Rendering& rendering, const TableWork& work,
                      const ColumnPair& column, const std::string& old);

bool needs_rebuild(const Rendering& rendering, const TableWork& work);
bool can_add(const Table& table, const Column& column);
/// Tables that are filled from others before or after those.
void order_works(const Plan& plan, std::vector<TableWork>& works);
/// `reasons` are the changes that ask for it, a line each.
void append_rebuild(const Rendering& rendering, const TableWork& work,
                    const std::string& reasons, Script& script);
void append_guards(const Rendering& rendering,
                   const std::vector<TableWork>& works, Script& script);

/// What one statement does.
std::vector<Fact> facts(const std::string& sql);
Script render(const Plan& plan);
void check(const Schema& schema, Diagnostics& diagnostics);
std::vector<StatementRange> cut(const std::string& script,
                                const std::string& path, bool transactional,
                                bool unchecked, Diagnostics& diagnostics);

}  // namespace schemagen::gen::sqlite
