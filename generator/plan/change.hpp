// The closed set of what can differ between two schemas. A new kind fails to
// compile wherever it is not yet handled (std::visit without a default).
// Changes name tables and columns as they are called *at that point of the
// plan*. The phases are fixed: constraints and indexes go (old names); tables
// and columns go whose names are needed again (old names); enums; renames;
// tables are made; columns added, altered; keys; the other columns go; uniques,
// indexes, checks and foreign keys come; the other tables and enums go.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/schema.hpp"

namespace schemagen::gen {

struct TableName {
  std::string schema;
  std::string name;
};
bool operator==(const TableName& a, const TableName& b);
bool operator<(const TableName& a, const TableName& b);

/// Where the values of existing rows come from when a column begins to demand
/// one.
struct Fill {
  enum class Kind {
    none,      ///< the column may be NULL, or has a DEFAULT that serves
    backfill,  ///< `sql`, an expression over the row, by the user
    zero,      ///< only in a down: the type's zero, because values are gone
  };
  Kind kind = Kind::none;
  std::string sql;
};

struct CreateEnum {
  Enum value;
};
struct DropEnum {
  Enum value;
};
struct RenameEnum {
  std::string from, to;
};
/// Values added, removed, renamed, renumbered or another storage.
struct AlterEnum {
  Enum from, to;
  /// Stored names, old -> new; values in neither list side are added/removed.
  std::vector<std::pair<std::string, std::string>> renamed;
};

/// The whole table with its keys, indexes and checks: no Add... follows for it.
/// Tables come in the order of their foreign keys; in a cycle a key may name a
/// table that comes later.
struct CreateTable {
  Table table;
};
/// With everything on it. Children go before parents; where they form a cycle,
/// or the parent's name is needed again, DropForeignKey stands before.
struct DropTable {
  Table table;
};
/// Swapped names go through a third one, so RenameTable and RenameColumn can
/// name things that are in neither schema.
struct RenameTable {
  TableName from, to;
};
/// comment, strict, without_rowid
struct AlterTableOptions {
  Table from, to;
};

struct AddColumn {
  TableName table;
  Column column;
  Fill fill;
};
struct DropColumn {
  TableName table;
  Column column;
};
struct RenameColumn {
  TableName table;
  std::string from, to;
};
/// Any other difference of one column; `from.name` is already the new name.
struct AlterColumn {
  TableName table;
  Column from, to;
  Fill fill;             ///< when it stops being nullable
  bool lossless = true;  ///< the type change keeps every value by itself
};

/// Foreign keys that lean on the old key, or on a unique that goes, or whose
/// columns change type, are dropped before and added after, though they stay;
/// those of tables that go are dropped before.
struct AlterPrimaryKey {
  TableName table;
  std::vector<std::string> from, to;
};
struct AddUnique {
  TableName table;
  Unique value;
};
struct DropUnique {
  TableName table;
  Unique value;
};
struct AddIndex {
  TableName table;
  Index value;
};
struct DropIndex {
  TableName table;
  Index value;
};
struct AddCheck {
  TableName table;
  Check value;
};
struct DropCheck {
  TableName table;
  Check value;
};
struct AddForeignKey {
  TableName table;
  ForeignKey value;
};
struct DropForeignKey {
  TableName table;
  ForeignKey value;
};

using Change =
    std::variant<CreateEnum, DropEnum, RenameEnum, AlterEnum, CreateTable,
                 DropTable, RenameTable, AlterTableOptions, AddColumn,
                 DropColumn, RenameColumn, AlterColumn, AlterPrimaryKey,
                 AddUnique, DropUnique, AddIndex, DropIndex, AddCheck,
                 DropCheck, AddForeignKey, DropForeignKey>;

}  // namespace schemagen::gen
