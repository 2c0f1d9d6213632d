// Lists as text, a line each, for messages.
#pragma once

#include <string>
#include <vector>

namespace schemagen::test {

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace schemagen::test
