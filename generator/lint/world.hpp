// What the scripts have made so far, followed statement by statement without a
// database: enough to know whether a table has rows, what a column was before,
// and which constraint already proves what the next one demands.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "dialect/facts.hpp"

namespace schemagen::gen {

struct TableState {
  /// False: no script made it, or in a way that hides its columns.
  bool knows_columns = false;
  bool is_known = false;
  /// Made by the migrations that no database in the field has yet.
  bool is_new = false;
  bool is_temporary = false;  ///< gone when the connection is
  bool has_policy = false;    ///< that lets some roles see some rows
  bool is_strict = false;
  bool is_without_rowid = false;
  std::vector<ColumnFact> columns;
  std::vector<ConstraintFact> constraints;
  std::vector<IndexFact> indexes;

  // Since this migration began.
  std::set<std::string> added;    ///< columns
  std::set<std::string> filled;   ///< columns that an UPDATE or a copy set
  std::set<std::string> cleared;  ///< columns whose rows without a value went
  bool is_emptied = false;        ///< its rows went, and none came since
  std::vector<ConstraintFact> former_constraints;  ///< that went
  std::vector<IndexFact> former_indexes;
  bool is_locked = false;  ///< nobody else can use it until the commit

  const ColumnFact* find_column(const std::string& name) const;
  const ConstraintFact* find_constraint(const std::string& name) const;
  /// No row (of those that meet the condition) can hold these values twice, or
  /// none could before this migration. Keys are columns and expressions.
  bool is_unique(std::vector<std::string> keys,
                 const std::string& condition = "") const;
  /// Another table can refer to just these columns.
  bool is_key(const std::vector<std::string>& columns) const;
  bool has_primary_key() const;
  /// The keys of an index without the collations that their columns have.
  std::vector<std::string> evened(std::vector<std::string> keys) const;
  /// The columns, or some of them, hold NULL in every row.
  bool is_empty_in(const std::vector<std::string>& columns) const;
  /// One of the columns is new and gave every row a value of its own.
  bool is_distinct_in(const std::vector<std::string>& columns) const;
  /// A validated CHECK (column IS NOT NULL) stands.
  bool proves_not_null(const std::string& column) const;
  /// The indexes ("i") and keys ("the key over a, b") that begin with the
  /// columns of an index which does nothing but find rows by them: they serve
  /// its queries as well.
  std::vector<std::string> serving(const IndexFact& index) const;
  /// The rows obeyed this, or something stricter, before this migration.
  bool obeys(const ConstraintFact& constraint) const;
};

class World {
 public:
  void begin_migration();
  /// `is_new`: tables that this makes have no rows in the field.
  void apply(const Fact& fact, bool is_new, bool is_transactional);

  /// An unknown table is one of the field's.
  const TableState& find(const TableName& table) const;
  TableState* find_known(const TableName& table);
  /// The table that an index stands on; "" when no script made it.
  TableName owner_of_index(const std::string& index) const;
  /// Programs of the field may use the view, function or sequence.
  bool is_used(const TableName& object) const;
  const std::map<TableName, TableState>& tables() const { return tables_; }

 private:
  void alter(const Fact& fact, TableState& table);
  void rename_schema(const std::string& from, const std::string& to);
  void drop_column(TableState& table, const std::string& name);
  void add_constraint(TableState& table, ConstraintFact constraint);

  std::map<TableName, TableState> tables_;
  std::map<TableName, bool> objects_;  ///< that scripts made: is it used?
};

/// The index after its table's columns were renamed, old -> new.
void rename_columns(IndexFact& index,
                    const std::map<std::string, std::string>& names);

/// It keeps rows apart.
bool is_row_key(const ConstraintFact& one);

/// It only finds rows by its columns, so that a longer one can stand in for it.
bool is_plain(const IndexFact& index);
bool is_tree(const IndexFact& index);
/// `all` begins with the columns of `index`.
bool begins_with(const std::vector<std::string>& all, const IndexFact& index);

/// `wider` lets everything through that `narrower` does: the same words with a
/// longer list, a greater length or a wider range.
bool is_looser_check(const std::string& narrower, const std::string& wider);

}  // namespace schemagen::gen
