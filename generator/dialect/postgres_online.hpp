// The online form of a plan: what the first migration leaves to those behind
// it, because it would hold a lock for as long as a table is read or written.
// The way up of the first migration fills this; its way back, which starts
// where the later ones have been taken back, reads it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialect/postgres_plan.hpp"

namespace schemagen::gen::postgres {

class Online {
 public:
  struct Step {
    const char* name;
    const char* what;
    Script up, down;  ///< the statements of `down` in the order of `up`
  };

  /// The step that makes `object` of the new schema, and that drops `object` of
  /// the old one; nullptr: the first migration does it. Tables by the name of
  /// that schema.
  const Step* maker(const TableName& table, const std::string& object) const;
  const Step* dropper(const TableName& table, const std::string& object) const;

  /// After the first migration the object of the new schema is not there yet,
  /// or not valid.
  bool is_unfinished(const TableName& table, const std::string& object) const {
    return asked_.count({table, object}) != 0;
  }

  /// An index, a unique constraint or a foreign key of a table with rows.
  void make(const TableName& table, const Object& object);
  /// An index whose name nobody else needs; `before` and `old` as the old
  /// schema has it, `now` and `carried` by new names.
  void drop(const TableName& before, const Object& old, const TableName& now,
            const Object& carried);
  /// A check that the first migration adds without asking the rows; what it
  /// adds is returned.
  std::string add_unasked(const TableName& table, const Object& check);
  /// Rows get the value of `sql` where `column` is NULL.
  void fill(const TableName& table, const std::string& column,
            const std::string& sql);
  /// NOT NULL by way of a check of that name, after the rows are filled: a
  /// check that is not valid yet stops every UPDATE of a row that breaks it.
  void require(const TableName& table, const std::string& column,
               const std::string& check, const std::string& type);

  /// When all is known: drops behind what is built, questions to the rows ahead
  /// of all else. `to` is where the plan leads.
  void finish(const Schema& to);

  /// Those that have anything to do, in order.
  std::vector<const Step*> steps() const;

 private:
  using Name = std::pair<TableName, std::string>;
  void validate(const TableName& table, const std::string& name,
                const std::string& definition, const std::string& what);

  Step fill_{
      "fill", "Gives rows their values, some thousand at a time.", {}, {}};
  Step indexes_{"indexes",
                "Builds and drops indexes while rows are read and written.",
                {},
                {}};
  Step constraints_{"constraints",
                    "Adds constraints for what is written from now on; rows "
                    "that are there are\nnot read yet.",
                    {},
                    {}};
  Step validation_{
      "validate",
      "Holds the rows that were there against the new constraints, "
      "while rows are\nread and written.",
      {},
      {}};
  Step required_{"not_null",
                 "NOT NULL without reading the table: the check proves it.",
                 {},
                 {}};
  void append_late_fills();
  void append_guards(const Schema& to);

  std::set<Name> made_, foreign_, dropped_, asked_;
  std::vector<Statement> drops_, rebuilds_;
  std::map<Name, std::string> fills_;  ///< (table, column) -> value
  struct LateFill {
    std::string column, value, type;
  };
  std::map<TableName, std::vector<LateFill>> late_fills_;
};

std::vector<Stage> render_online(const Plan& plan);
/// The first of several migrations.
Script render_first(const Plan& plan, Online& online);

}  // namespace schemagen::gen::postgres
