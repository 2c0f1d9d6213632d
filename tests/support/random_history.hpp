// Years of a random model: one version after the other, each with the consents
// that its user would have given. Everything that the contract has a word for
// may happen at any step. Equal seeds give equal histories, on every machine.
#pragma once

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "model/schema.hpp"
#include "plan/plan.hpp"
#include "schemagen/database.hpp"

namespace schemagen::test {

/// std::mt19937_64 is the same everywhere; the standard distributions are not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) {
    return limit == 0 ? 0 : static_cast<std::size_t>(engine_() % limit);
  }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <class List>
  auto& pick(List& list) {
    return list[below(list.size())];
  }

 private:
  std::mt19937_64 engine_;
};

struct Version {
  gen::Schema schema;      ///< canonical, with its instructions
  gen::Consents consents;  ///< for the way here from the version before
  std::vector<std::string> edits;
  std::vector<std::size_t> numbers;  ///< of the edits, through all versions
};

/// Every edit has dice of its own, so that a history `without` some of them is
/// much the same otherwise: that brings a failure down to the edits it takes.
struct Recipe {
  std::uint64_t seed = 1;
  std::size_t versions = 2;
  std::size_t edits = 8;  ///< per version, at most
  std::set<std::size_t> without;
};

/// The first version is made from nothing. Every way between neighbours is one
/// that `make_plan` and both dialects accept.
std::vector<Version> random_history(const Recipe& recipe);

/// Every table has a column of this kind, which tells its rows apart: no edit
/// but a rename touches it.
bool is_row_name(const gen::Column& column);

/// Puts rows into `database` that its checks and keys allow, one by one; values
/// lie at the edges of their types. `next_row` names the rows. Returns how
/// many went in.
int insert_random_rows(Database& database, const gen::Schema& schema,
                       Dice& dice, int rows_per_table, int& next_row);

}  // namespace schemagen::test
