// What becomes of the values when a column changes its type.
#pragma once

#include <string>

namespace schemagen::gen {

/// Every value of the old type is one of the new. Types that nothing is known
/// of (the user's own) are taken to be the same kind of thing.
bool keeps_values(const std::string& from, const std::string& to);

/// PostgreSQL changes only its catalogue: no row is written anew.
bool keeps_bytes(const std::string& from, const std::string& to);

}  // namespace schemagen::gen
