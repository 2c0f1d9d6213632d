// From two schemas to an ordered list of changes. The only place that decides
// what is a rename, what is a loss, and whether the user agreed to it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/diagnostics.hpp"
#include "model/schema.hpp"
#include "plan/change.hpp"

namespace schemagen::gen {

/// What the user agreed to on the command line, in database names:
/// "users.nick=nickname", "users=people", "enum:colour.blue=azure" and
/// "users.nick", "logs", "enum:colour.blue".
struct Consents {
  std::vector<std::string> renames;
  std::vector<std::string> drops;
};

enum class Direction { up, down };

/// A step that the user has asked for and that no word of the contract can
/// tell in full: values that go where others are, rows that a new table needs.
/// The dialects leave a marked block at its place. Only the way up has any.
struct ByHand {
  enum class Place {
    first,         ///< before the rows are asked
    after_create,  ///< `table` is there, and empty
    before_drop,   ///< of `column` of `table`, or of the whole table
  };
  Place place = Place::first;
  TableName table;
  std::string column;
  TableName target;  ///< before_drop: where the values go
  std::string text;  ///< what is to be written
};

struct Plan {
  Direction direction = Direction::up;
  Schema from;
  Schema to;
  std::vector<Change> changes;  ///< ordered; empty when the schemas are equal
  std::vector<ByHand> by_hand;

  // Which object of `from` became which of `to`. Found once, turned round for
  // the way back; they hold renamed objects only.
  std::vector<std::pair<TableName, TableName>> renamed_tables;
  struct RenamedColumn {
    TableName table;  ///< its name in `to`
    std::string from, to;
  };
  std::vector<RenamedColumn> renamed_columns;
  std::vector<std::pair<std::string, std::string>> renamed_enums;
  struct RenamedValue {
    std::string enum_name;  ///< its name in `to`
    std::string from, to;   ///< stored names
  };
  std::vector<RenamedValue> renamed_values;
};

/// The blocks at one place: of `table`, and of `column` or the table itself.
std::vector<std::string> blocks_at(const Plan& plan, ByHand::Place place,
                                   const TableName& table,
                                   const std::string& column = "");

/// The way from `from` to `to`. A removed or possibly renamed thing without
/// consent, a consent that matches nothing, a demand for values that nobody
/// supplied: each is an error that prints the words to add.
Plan make_plan(const Schema& from, const Schema& to, const Consents& consents,
               Diagnostics& diagnostics);

/// The way back. Never fails: what the way up discarded returns as invented
/// values, which the changes say (Fill::zero).
Plan reverse(const Plan& plan);

/// One line for people: "add column users.nickname (text, optional)".
std::string describe(const Change& change);

/// A migration name made from the changes: "add_users_nickname".
std::string derive_name(const Plan& plan);

}  // namespace schemagen::gen
