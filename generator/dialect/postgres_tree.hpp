// What can be asked of PostgreSQL's parse tree. It comes as JSON; fields that
// have their default value are left out of it.
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "dialect/facts.hpp"

namespace schemagen::gen::postgres {

using Json = nlohmann::json;

/// A field of a node; null where it has none.
const Json& at(const Json& node, const char* key);
std::string text(const Json& node, const char* key);
bool flag(const Json& node, const char* key);

/// The value of a String node.
std::string string_of(const Json& node);
std::vector<std::string> strings_of(const Json& list);

/// As every connection calls its own.
constexpr const char* kTemporarySchema = "pg_temp";

TableName relation(const Json& range);

/// ["app", "users"], as DROP and COMMENT have it.
TableName qualified(const std::vector<std::string>& parts);

/// The names in an object of DROP: a List, a TypeName, a function with its
/// arguments or one String.
std::vector<std::string> object_name(const Json& object);

/// Visits every node with a type name, from the outside in.
void walk(const Json& node,
          const std::function<void(const std::string&, const Json&)>& visit);

/// A constant that is text or a whole number; "" for any other.
std::string constant_text(const Json& node);

void add_once(std::vector<std::string>& list, const std::string& name);
std::vector<std::string> mentioned_columns(const Json& expression);

/// An option in parentheses, `(ANALYZE)` or `(ANALYZE true)`, is on.
bool is_on(const Json& options, const char* name);

/// A function of the user does, as PostgreSQL itself takes it: VOLATILE is what
/// one is that does not say otherwise.
bool varies(const Json& expression);

/// No two rows get the same of it.
bool counts(const Json& expression);

/// A condition that some row may not meet: not `true`, nor 1 = 1.
bool leaves_out(const Json& condition);

/// Columns whose every NULL meets the condition: `a IS NULL OR ...`.
std::vector<std::string> null_columns(const Json& condition);

std::string type_name(const Json& type);

/// No USING, or one that says no more than the change itself: column::type.
bool only_casts(const Json& expression, const std::string& column,
                const std::string& type);

/// CHECK, UNIQUE, a key; nothing for what is none of a table. `sql` is the
/// statement that the tree was made of.
std::optional<ConstraintFact> constraint_of(const std::string& sql,
                                            const Json& node);

/// What CREATE INDEX says of rows, `sql` as above.
IndexFact read_index(const std::string& sql, const Json& body);

/// One of `table`, named as PostgreSQL would.
void read_constraint(const std::string& sql, const Json& node,
                     const std::string& table,
                     std::vector<ConstraintFact>& constraints);

/// A column with its own constraints.
ColumnFact read_column(const std::string& sql, const Json& def,
                       const std::string& table,
                       std::vector<ConstraintFact>& constraints);

}  // namespace schemagen::gen::postgres
