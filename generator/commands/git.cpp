#include "commands/git.hpp"

#include <cstdio>

#include "model/text.hpp"

namespace schemagen::gen {

std::optional<std::string> ask_git(const std::filesystem::path& folder,
                                   const std::string& arguments) {
  const std::string command = "git -C " + shell_word(folder.string()) + " " +
                              arguments + " 2>/dev/null </dev/null";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string text;
  char buffer[1 << 12];
  std::size_t got = 0;
  while ((got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0) {
    text.append(buffer, got);
  }
  if (::pclose(pipe) != 0) return std::nullopt;
  return text;
}

}  // namespace schemagen::gen
