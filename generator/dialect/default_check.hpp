// Whether the rows that ADD COLUMN gives a constant obey the new column's own
// check: both engines refuse the statement over rows otherwise.
#pragma once

#include <string>

#include "dialect/facts.hpp"

namespace schemagen::gen {

/// The column's constant default, or NULL where it has none, makes `check`
/// false. What only the engine itself could tell (its functions, columns of
/// the table) does not count.
bool default_breaks(const ColumnFact& column, const std::string& check);

}  // namespace schemagen::gen
