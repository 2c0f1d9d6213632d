// A schema as the header that would declare it: the other way round of scan
// and lower, for tests that want to see a model come back.
#pragma once

#include <string>

#include "model/schema.hpp"
#include "support/random_history.hpp"

namespace schemagen::test {

/// What no header can say is taken out of `schema`: a default that C++ has no
/// constant for, the name of a column's check, uuid and json but as SQL. The
/// dice choose between the ways to say a thing, and shuffle.
std::string header_text(gen::Schema& schema, Dice& dice);

}  // namespace schemagen::test
