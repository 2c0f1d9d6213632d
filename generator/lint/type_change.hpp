// What becomes of the values when a column changes its type.
#pragma once

#include <string>

#include "dialect/facts.hpp"

namespace schemagen::gen {

/// Every value of the old type is one of the new. Types that nothing is known
/// of (the user's own) are taken to be the same kind of thing.
bool keeps_values(const std::string& from, const std::string& to);

/// The same where columns have an affinity, which the copy of a rebuild gives
/// the values.
bool keeps_stored(const ColumnFact& from, const Fact& set_type);

/// PostgreSQL changes only its catalogue: no row is written anew.
bool keeps_bytes(const std::string& from, const std::string& to);
/// Only while TimeZone is UTC does it so.
bool keeps_bytes_in_utc(const std::string& from, const std::string& to);

}  // namespace schemagen::gen
