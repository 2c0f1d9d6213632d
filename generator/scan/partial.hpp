// After an edit, most headers of a target mean what they meant. This decides
// which have to be read again, and afterwards whether that was enough: when
// nothing outside of what was read could have been changed by it or could have
// changed it. Wherever there is a doubt, everything is read.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/declarations.hpp"
#include "scan/traces.hpp"

namespace schemagen::gen {

/// How far the edit of some files goes.
struct Reach {
  std::vector<std::string> headers;  ///< to be parsed, in their order
  std::set<std::string> edited;
  std::set<std::string> changed;  ///< edited, or with such a file inside
  std::set<std::string> read;     ///< all that parsing the headers reads
};

/// Nothing when the edit may reach beyond, or nearly everything.
std::optional<Reach> find_reach(const Traces& before,
                                const std::vector<std::string>& headers,
                                const std::vector<std::string>& edited);

/// Whether a parse of only `reach.headers`, which left the traces `now`, means
/// what a parse of all headers would.
bool stands_alone(const Reach& reach, const Traces& before, const Traces& now);

/// The traces of a full parse after the edit.
Traces merged(const Traces& before, Traces now);

/// The declarations of a full parse after the edit: those of the partial parse,
/// and of `before` what lies in files that it did not read.
Declarations merged(Declarations before, Declarations now,
                    const Traces& traces_now);

/// The one order that declarations have, however they were found: tables by
/// place; then what their members lead to, once each, and nothing else.
void arrange(Declarations& declarations);

}  // namespace schemagen::gen
