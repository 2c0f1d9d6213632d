// How many cases a property test tries: always the same few in CI, so that it
// is as green tomorrow as today; as many and as different as wanted by hand.
#pragma once

#include <cstdlib>
#include <string>

namespace schemagen::test {

/// Before the first rc::check of a program. RC_PARAMS, rapidcheck's own
/// switch, wins over everything here.
inline void set_property_cases(int usual) {
  const char* wanted = std::getenv("SCHEMAGEN_PROPERTY_CASES");
  const std::string parameters =
      wanted != nullptr ? "max_success=" + std::string(wanted)
                        : "seed=20240229 max_success=" + std::to_string(usual);
  setenv("RC_PARAMS", parameters.c_str(), 0);
}

}  // namespace schemagen::test
