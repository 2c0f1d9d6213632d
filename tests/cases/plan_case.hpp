// What every plan case is put through on each real database, whether the file
// asks for it or not: the migrated catalogue is that of a fresh build, the way
// back leads to the catalogue before, a second look finds nothing, and the same
// input gives the same bytes.
#pragma once

#include <string>

#include "cases/case_file.hpp"

namespace schemagen::test {

/// Reports through GoogleTest. `update` renews the expected sections that the
/// file has; "all" adds the SQL of every dialect too. Returns the file as it
/// should be then.
CaseFile run_plan_case(CaseFile file, const std::string& update);

}  // namespace schemagen::test
