// Both versions of a file that a merge left in conflict.
#pragma once

#include <string>

namespace schemagen::gen {

struct MergeSides {
  std::string ours, theirs;  ///< the same where there is no conflict
  /// Unless git is merging, HEAD ("ours") has what others may have already, and
  /// "theirs" is what is put on top: a commit that is replayed, a stash.
  bool mine_is_theirs = false;
  bool is_mine_unknown = false;  ///< git is past it, and they differ
  /// Told from the conflict markers alone. Between them a merge is exact, but
  /// what it mixed elsewhere belongs to neither side.
  bool is_guess = false;
};

/// git keeps both versions whole until the conflict is resolved, and is asked
/// for them; `text`, what lies at `path`, decides elsewhere.
MergeSides merge_sides(const std::string& path, const std::string& text);

}  // namespace schemagen::gen
