// The standard headers of a target, precompiled once: parsing them is nearly
// all that a scan costs. Any doubt about one, and it is not used.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scan/cache.hpp"
#include "scan/clang_scan.hpp"

namespace schemagen::gen {

struct Prelude {
  std::string path;
  std::string text;
  CacheEntry made_of;  ///< its files and absent places
};

/// Those of `includes` that belong to the C++ standard library. Others may mean
/// something else after a macro of the target's own headers.
std::vector<std::string> standard_headers(
    const std::vector<std::string>& includes);

/// The prelude of `headers` for the flags of `job`, from `folder`. It is made
/// when there is none and `may_make` says so. `key` covers everything outside
/// of the headers that could change what they mean.
std::optional<Prelude> find_prelude(const ParseJob& job,
                                    const std::vector<std::string>& headers,
                                    const std::string& folder,
                                    const std::string& key, bool may_make);

}  // namespace schemagen::gen
