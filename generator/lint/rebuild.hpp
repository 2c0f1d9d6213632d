// A table that is made anew under another name, filled from the old one and
// put in its place: to the reader of a review that is not a DROP and a CREATE,
// but what changed between the two. Every way round is known (the new one is
// made beside the old, the old is renamed first, or the rows wait in a third
// table), on either engine.
#pragma once

#include <cstddef>
#include <optional>
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
  /// Where the rows went in between, when the old table had to go before the
  /// new one could take its name.
  struct Backup {
    std::size_t create = 0;
    std::size_t copy = 0;
  };
  std::optional<Backup> backup;

  /// From here on the old table may change.
  std::size_t begin() const { return backup ? backup->create : create; }
  /// The copy that reads the old table.
  std::size_t first_copy() const { return backup ? backup->copy : copy; }
  bool copies(std::size_t fact) const {
    return fact == copy || fact == first_copy();
  }
  bool holds(std::size_t fact) const;
};

std::vector<Rebuild> find_rebuilds(const std::vector<Fact>& facts);

/// What it changes, as if by ALTER TABLE, each with by_rebuild.
std::vector<Fact> changes_of(const Rebuild& rebuild,
                             const std::vector<Fact>& facts,
                             const TableState& before);

}  // namespace schemagen::gen
