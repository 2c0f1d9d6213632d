// Which object of the old schema is which object of the new one. Decided once,
// from names, annotations and the user's consents; the way back turns it round.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/schema.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {

/// Everything that equal names alone do not tell.
struct Identity {
  std::map<TableName, TableName> tables;  ///< new name -> old name
  /// New table, new column -> old column.
  std::map<std::pair<TableName, std::string>, std::string> columns;
  std::map<std::string, std::string> enums;  ///< new name -> old name
  /// New enum, new stored name -> old stored name.
  std::map<std::pair<std::string, std::string>, std::string> values;
  /// Objects of the new schema that only share their name with an old one: the
  /// user had the old one dropped.
  std::set<TableName> replaced_tables;
  std::set<std::pair<TableName, std::string>> replaced_columns;

  bool renames_nothing() const {
    return tables.empty() && columns.empty() && enums.empty() && values.empty();
  }
};

struct ColumnPair {
  const Column* from = nullptr;  ///< nullptr: the column is new
  const Column* to = nullptr;    ///< nullptr: the column goes
};

struct TablePair {
  const Table* from = nullptr;
  const Table* to = nullptr;
  std::vector<ColumnPair> columns;  ///< of `to` in order, then those that go
};

struct EnumPair {
  const Enum* from = nullptr;
  const Enum* to = nullptr;
};

/// The schemas side by side; points into both.
struct Matching {
  std::vector<TablePair> tables;  ///< of `to` in order, then those that go
  std::vector<EnumPair> enums;
};

TableName name_of(const Table& table);
/// "users", "app.users": as people write it.
std::string display(const TableName& name);

Matching match(const Schema& from, const Schema& to, const Identity& identity);

/// What annotations and flags say about identity. Reports flags that match
/// nothing and names that are taken; a loss that nobody agreed to is found
/// later, by check_losses.
struct Agreement {
  Identity identity;
  std::set<TableName> dropped_tables;  ///< old names
  std::set<std::pair<TableName, std::string>> dropped_columns;
  std::set<std::pair<std::string, std::string>> dropped_values;
  std::vector<ByHand> by_hand;  ///< renames to what is there already
};
Agreement agree(const Schema& from, const Schema& to, const Consents& consents,
                Diagnostics& diagnostics);

/// What a plan decided, for those who render it.
Identity identity_of(const Plan& plan);
/// The same seen from the other side. Whatever is replaced stays so.
Identity turned_round(const Identity& identity);

/// Reports every table, column, enum value and demand for values in the way
/// from `from` to `to` that the user has not explained yet.
void check_losses(const Schema& from, const Schema& to,
                  const Agreement& agreement, const Matching& matching,
                  Diagnostics& diagnostics);

/// Reports every .default_sql and every .backfill that is due and is a constant
/// which the column's enum does not have; warns of other SQL that names a value
/// which goes or is renamed.
void check_enum_literals(const Schema& to, const Identity& identity,
                         const Matching& matching, Diagnostics& diagnostics);

/// A table of the old schema with the names it has in the new one, so that what
/// still differs is a change. Constraints keep their order; columns that go
/// keep their names.
Table carry(const TablePair& pair, const Identity& identity);

}  // namespace schemagen::gen
