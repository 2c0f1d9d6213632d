// A rule of lint: one file in rules/ and one row in rules.hpp. It is asked
// about each thing that a statement does and answers with what it means, in
// names for people, or with nothing.
#pragma once

#include <optional>
#include <string>

#include "lint/world.hpp"

namespace schemagen::gen {

enum class Level { off, note, warning, error };

/// One thing that a script is about to do, and the world before it.
struct Step {
  const Fact& fact;
  const TableState& table;  ///< that the fact is about, as it stands before
  const World& world;
  const World& end;                ///< the world when the script has run
  const std::vector<Fact>& facts;  ///< of the whole script
  std::size_t place = 0;           ///< of the statement's own among them
  bool is_transactional = true;
  bool foreign_keys_on = false;
  bool is_declared_rebuild = false;  ///< by `-- schemagen: rebuild`
  bool is_alone = false;  ///< the script changes nothing else of the schema
  bool is_ended = false;  ///< a transaction: by a later statement

  bool is(Fact::Kind kind) const { return fact.kind == kind; }
  std::string table_name() const;   ///< "app.users"
  std::string column_name() const;  ///< "users.nick"
  static std::string name_of(const TableName& table);
  /// "users (a, b)"
  std::string columns_name(const std::vector<std::string>& columns) const;

  /// "users (age > 0)"
  std::string check_name(const ConstraintFact& check) const;

  /// The constraint that is added, alone or with a column; nullptr: none of
  /// this kind.
  const ConstraintFact* adds(ConstraintFact::Kind kind) const;
  /// Every check that is added.
  std::vector<const ConstraintFact*> added_checks() const;
  /// The script's, or one that the script begins itself.
  bool is_in_transaction() const;
  /// The transaction adds the same again later, as it was or looser, a key as a
  /// unique index perhaps.
  bool is_put_back(const ConstraintFact& gone) const;
  /// This statement or a later one of the script drops it.
  bool drops_index(const std::string& index) const;
  /// The column that is added or changed.
  const ColumnFact* new_column() const;
};

/// What a rule says of a step: nothing, or what it is about ("users.nick").
using Found = std::optional<std::string>;

/// The first column that a CREATE TABLE or ADD COLUMN makes and `is_one` means.
template <class Test>
Found first_column(const Step& step, Test is_one) {
  const bool makes =
      step.is(Fact::Kind::create_table) || step.is(Fact::Kind::add_column);
  for (const ColumnFact& column : step.fact.columns) {
    if (makes && is_one(column)) return step.table_name() + "." + column.name;
  }
  return {};
}

struct Rule {
  const char* id;
  Level level;          ///< by default
  const char* dialect;  ///< "" = every one
  const char* summary;  ///< what it finds, the first half of the message
  const char* remedy;   ///< what to do, the second half
  const char* explanation;
  const char* lock;  ///< that PostgreSQL takes; "" = the lock is not the point
  const char* safe;  ///< the safe form, line by line; "" = the remedy says it
  /// Also for tables that the same unreleased migrations make.
  bool on_new_tables;
  Found (*finds)(const Step&);
  /// Not for a table whose rows the same transaction has deleted.
  bool needs_rows = false;
};

}  // namespace schemagen::gen
