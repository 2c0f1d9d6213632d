// Temporary tables have a schema of their own, and a bare name looks there
// first: DROP TABLE users drops the temporary one while there is one.
#pragma once

#include <vector>

#include "dialect/facts.hpp"

namespace schemagen::gen {

/// Completes the names of a script's temporary tables.
void tell_temporary(std::vector<Fact>& facts);

}  // namespace schemagen::gen
