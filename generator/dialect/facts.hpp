// What one statement of a script does, in words that both engines share, for
// those who judge scripts without running them. PostgreSQL's come out of its
// own parse trees, SQLite's out of its small grammar. What a reader cannot see
// into is said as such (Kind::opaque), never guessed.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plan/change.hpp"

namespace schemagen::gen {

struct ColumnFact {
  std::string name;
  std::string type;  ///< as the engine compares it: "varchar(10)", "int8"
  /// What values of the column compare by: on SQLite all types of one affinity
  /// are the same; "" elsewhere, where each type is its own.
  std::string affinity;
  std::string collation;  ///< that keys over it have; "" where none asks
  bool not_null = false;
  bool has_default = false;
  /// Differs from row to row; on SQLite: is no constant.
  bool default_varies = false;
  bool default_counts = false;  ///< no two rows get the same: a number, a uuid
  std::string default_value;    ///< its literal; "" for anything else
  bool is_generated = false;
  bool is_stored = false;    ///< generated, and kept in the row
  bool is_numbered = false;  ///< serial, identity, AUTOINCREMENT
  bool is_serial = false;
};

struct ConstraintFact {
  enum class Kind { primary_key, unique, check, foreign_key, exclusion };
  Kind kind = Kind::check;
  std::string name;                  ///< "" = the engine's choice
  std::vector<std::string> columns;  ///< of a check: what it mentions
  std::string expression;            ///< of a check, evened out
  TableName parent;
  std::vector<std::string> parent_columns;  ///< empty = its primary key
  /// Nothing asks for the parent's key before rows are written.
  bool binds_late = false;
  bool is_validated = true;
  bool demands_values = false;  ///< of a primary key: NOT NULL comes with it
  std::string index;  ///< that is there and becomes the constraint's, or ""
};

struct IndexFact {
  std::string name;
  /// In order, "" for an expression; only plain ascending ones have names
  /// that compare.
  std::vector<std::string> columns;
  /// What tells rows apart, part by part, whatever its order: a column ("a", "a
  /// collate nocase"), or an expression evened out.
  std::vector<std::string> keys;
  std::string condition;  ///< of WHERE, evened out; "" = every row
  std::string method;
  bool is_unique = false;
  bool includes_more = false;  ///< columns that it carries, but not by order

  bool is_partial() const { return !condition.empty(); }
};

/// INSERT INTO this table SELECT items FROM source.
struct CopyFact {
  TableName source;                  ///< its name is "" when there is no one
  std::vector<std::string> columns;  ///< written to; empty = all in order
  std::vector<std::string> items;    ///< the plain column read, "*", or ""
  std::vector<std::vector<std::string>> mentioned;  ///< names in each item
  bool names_home = false;  ///< the source's schema, as Fact has it
  bool is_whole = true;     ///< nothing that leaves rows out (WHERE, OR IGNORE)
  bool replaces = false;    ///< a row of the same key goes (REPLACE)
  bool skips_doubles = false;  ///< rows that a key refuses are left out
  bool skips_faulty = false;   ///< those that NOT NULL and CHECK refuse too
};

struct Fact {
  enum class Kind {
    create_table,
    drop_table,
    rename_table,
    add_column,
    drop_column,
    rename_column,
    set_type,
    set_not_null,
    drop_not_null,
    set_default,
    drop_default,
    add_constraint,
    drop_constraint,
    validate_constraint,
    rename_constraint,
    change_options,  ///< STRICT, WITHOUT ROWID, AUTOINCREMENT, by a rebuild
    create_index,
    drop_index,
    rename_index,
    reindex,
    create_trigger,
    detach_partition,
    rewrite,  ///< VACUUM FULL, CLUSTER, SET TABLESPACE, ...
    truncate,
    delete_rows,
    update_rows,
    insert_rows,
    drop_schema,
    rename_schema,
    create_object,  ///< a view, function or sequence, as `to` says
    drop_object,    ///< `to` is "" for what no program calls by name: a trigger
    rename_object,
    create_policy,
    hide_rows,         ///< ENABLE ROW LEVEL SECURITY
    disable_triggers,  ///< all of them, those of foreign keys too
    swallow_writes,    ///< CREATE RULE ... DO INSTEAD NOTHING
    rename_enum_value,
    add_enum_value,
    constrain_domain,
    change_extension,
    grant,
    set_password,
    lock_table,
    set_setting,
    begin,
    commit,
    select,
    opaque,  ///< DO, CALL, what the parser cannot read
    other,
  };
  Kind kind = Kind::other;
  TableName table;   ///< that it is about; the name is "" when there is none
  std::string name;  ///< of the column, constraint, index, value or setting
  std::string to;    ///< the new name; of a setting, its value
  /// Its schema is the one that everybody means, and is said: no temporary
  /// table of the name is meant.
  bool names_home = false;
  TableName renamed;  ///< of rename_table: what the table is called then
                      ///< (of rename_schema: a name without a table)
  std::vector<ColumnFact> columns;  ///< one, but for create_table
  std::vector<ConstraintFact> constraints;
  IndexFact index;
  CopyFact copy;
  std::vector<std::string> assigned;  ///< columns that an UPDATE sets
  /// Of delete_rows: columns that no row without a value is left in.
  std::vector<std::string> cleared;
  bool knows_columns = true;  ///< false: CREATE TABLE AS, LIKE, PARTITION OF
  bool cascades = false;
  bool if_exists = false;  ///< or IF NOT EXISTS
  bool has_where = false;
  bool empties = false;  ///< no row of the table is left behind it
  bool is_concurrent = false;
  bool is_exclusive = false;  ///< of lock_table: against readers too
  bool is_strict = false;
  bool is_without_rowid = false;
  bool is_temporary = false;
  bool is_private = false;  ///< of create_object: no program can use it
  bool is_filled = false;   ///< by a rebuild whose copy gives the value
  bool by_rebuild = false;
};

/// What the readers of both engines build on.
class FactReader {
 protected:
  Fact& add(Fact::Kind kind, TableName table = {}) {
    Fact& fact = facts_.emplace_back();
    fact.kind = kind;
    fact.table = std::move(table);
    return fact;
  }

  /// Leaves the schema out that everybody means, so that names compare.
  void leave_out(const std::string& home) {
    for (Fact& fact : facts_) {
      fact.names_home |= fact.table.schema == home;
      fact.copy.names_home |= fact.copy.source.schema == home;
      for (TableName* name : {&fact.table, &fact.copy.source, &fact.renamed}) {
        if (name->schema == home) name->schema.clear();
      }
      for (ConstraintFact& one : fact.constraints) {
        if (one.parent.schema == home) one.parent.schema.clear();
      }
    }
  }

  std::vector<Fact> facts_;
};

}  // namespace schemagen::gen
