// A table that is made anew under another name, filled from the old one and
// put in its place: to the reader of a review that is not a DROP and a CREATE,
// but what changed between the two. Both ways round are known (the new one is
// made beside the old, or the old is renamed first), on either engine.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lint/world.hpp"

namespace schemagen::gen {

/// Places in the list of a script's facts.
struct Rebuild {
  TableName table;  ///< as it is called before and after
  std::size_t create = 0;
  std::size_t copy = 0;
  std::size_t drop = 0;
  std::vector<std::size_t> renames;

  bool holds(std::size_t fact) const;
};

std::vector<Rebuild> find_rebuilds(const std::vector<Fact>& facts);

/// What it changes, as if by ALTER TABLE, each with by_rebuild.
std::vector<Fact> changes_of(const Rebuild& rebuild,
                             const std::vector<Fact>& facts,
                             const TableState& before);

}  // namespace schemagen::gen
