// A plan on its way to PostgreSQL's SQL: what its phases share.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialect/postgres.hpp"
#include "plan/identity.hpp"

namespace schemagen::gen::postgres {

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

  /// What the old object speaks of is there as before.
  bool stands(std::size_t old_object) const;

  const Column& carried_column(const Column& from_column) const;
};

class Online;

struct Rendering {
  const Plan& plan;
  Identity identity;
  Matching matching;
  Schema from_enums;  ///< the enums of plan.from by their new names
  std::set<std::string> renewed_enums;  ///< native types made anew, new names
  std::vector<TableWork> works;
  std::map<std::pair<TableName, std::string>, const AlterColumn*> alters;
  std::map<std::pair<TableName, std::string>, const AddColumn*> adds;
  Online* online = nullptr;  ///< set: this is the first of several migrations

  bool is_up() const { return plan.direction == Direction::up; }
  const Schema& to() const { return plan.to; }
};

/// Compares every pair and fills `works`.
void find_works(Rendering& rendering);
TableWork compare(const Rendering& rendering, const TablePair& pair);

/// Statements collected with their reasons; ALTER TABLE clauses are grouped.
class Statements {
 public:
  explicit Statements(Script& script) : script_(script) {}
  void add(std::string sql, std::string comment, bool guard = false);
  /// What the user is to write here.
  void leave(const std::vector<std::string>& blocks);
  /// Clauses of one ALTER TABLE; nothing when there are none.
  void alter(const TableName& table, const std::vector<std::string>& clauses,
             std::string comment);

 private:
  Script& script_;
};

// Constraints and indexes: postgres_objects.cpp
/// On the way back: what comes anew on the way up is not there yet, or not
/// valid, though seen from here it could have stayed.
void renew_unfinished(Rendering& rendering);
void drop_objects(const Rendering& rendering, Statements& out);
void add_objects(const Rendering& rendering, Statements& out);
/// What the CREATE TABLE of a new table has no place for.
void add_first_objects(const Rendering& rendering, const Table& table,
                       Statements& out);

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
  std::string why;        ///< what `prepare` is for
};
/// `value` is the quoted column, by its name at that time.
Conversion convert(const Rendering& rendering, const TableWork& work,
                   const Column& from, const Column& to,
                   const std::string& value);
/// The condition under which a value of `from` does not fit `to`, over the
/// quoted old name; "" when all do.
std::string misfit(const Rendering& rendering, const Type& from, const Type& to,
                   const std::string& value);

void append_guards(const Rendering& rendering, Statements& out);
/// Refuses when `rows`, FROM and WHERE, holds any.
void append_guard(const std::string& subject, const std::string& problem,
                  const std::string& rows, Statements& out);

}  // namespace schemagen::gen::postgres
