// The session's settings, so that no script leaves one to the next script or to
// the program. Read only when the first PRAGMA comes along.
#pragma once

#include <string>
#include <vector>

#include "sqlite/engine.hpp"

namespace schemagen::sqlite {

class Settings {
 public:
  explicit Settings(Engine& engine) : engine_(engine) {}

  /// Before a PRAGMA of a script or of code.
  Result<Done> save();
  /// Puts back what differs; does nothing when nothing was saved.
  Result<Done> restore();

 private:
  Engine& engine_;
  std::vector<Cell> saved_;
};

}  // namespace schemagen::sqlite
