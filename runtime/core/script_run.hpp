// A script on its way through a driver, and how it ended.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schemagen/embedded.hpp"
#include "schemagen/migrator.hpp"

namespace schemagen {

/// Views stay valid during the call.
struct ScriptRun {
  std::string_view id;
  std::string_view text;
  /// nullptr: not cut; the text goes whole.
  const EmbeddedStatement* statements = nullptr;
  std::size_t count = 0;
  unsigned flags = 0;                                  ///< MigrationFlag
  const std::vector<std::string>* rebuilds = nullptr;  ///< of its head
  Observer* observer = nullptr;  ///< on_statement, when there is one
  bool goes_on = false;          ///< another one follows, in its transaction
};

/// What becomes of a script that ran to its end.
enum class ScriptEnd {
  done,
  again,  ///< back to the savepoint, once more: the state before must be known
          ///< to judge the state after
  held,   ///< not to be kept as it is, but by what follows it may become good
  unmended,  ///< refused, for what it or one that was held has left
};

}  // namespace schemagen
