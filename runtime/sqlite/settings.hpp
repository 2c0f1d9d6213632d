// The session's settings, so that no script leaves one to the next script or to
// the program. Read only when the first PRAGMA comes along.
#pragma once

#include "sqlite/engine.hpp"

namespace schemagen::sqlite {

class Settings {
 public:
  explicit Settings(Engine& engine) : engine_(engine) {}

  /// Before a PRAGMA of a script or of code.
  bool save();
  /// Puts back what differs; does nothing when nothing was saved.
  bool restore();

 private:
  Engine& engine_;
  Names saved_;  // "": the setting is not known here
};

}  // namespace schemagen::sqlite
