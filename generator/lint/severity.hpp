// How loud each rule is in one project: lint.conf in SCHEMA_DIR, committed and
// reviewed with the scripts. A line is a rule and off, note, warning or error;
// # begins a comment.
#pragma once

#include <map>
#include <string>

#include "lint/rule.hpp"
#include "model/diagnostics.hpp"

namespace schemagen::gen {

inline constexpr const char* kLintConf = "lint.conf";

class Levels {
 public:
  Levels() = default;
  /// Unknown rules and words, and doubled rules, are errors at their place.
  Levels(const std::string& text, const std::string& path,
         Diagnostics& diagnostics);

  Level of(const Rule& rule) const;

 private:
  std::map<std::string, Level> set_;
};

const char* word(Level level);

}  // namespace schemagen::gen
