// Which fact is meant by PostgreSQL's own words for a change, a rename and a
// drop, as its parse trees have them.
#pragma once

#include <string>

#include "dialect/facts.hpp"

namespace schemagen::gen::postgres {

/// Of ALTER TABLE, "AT_AddColumn".
Fact::Kind kind_of_command(const std::string& subtype);

/// Kind::other where nothing of interest is renamed.
Fact::Kind kind_of_rename(const std::string& object_type);

Fact::Kind kind_of_drop(const std::string& object_type);

/// "view", "function" or "sequence", which programs may call by name; "" for
/// anything else.
std::string object_word(const std::string& object_type);

}  // namespace schemagen::gen::postgres
