#include "emit/depfile.hpp"

namespace schemagen::gen {
namespace {

/// Both readers take a backslash literally, but before a blank or a #: there
/// every one of them is doubled.
std::string escaped(const std::string& path) {
  std::string word;
  std::size_t backslashes = 0;
  for (char c : path) {
    if (c == ' ' || c == '#') word.append(backslashes + 1, '\\');
    if (c == '$') word += '$';
    backslashes = c == '\\' ? backslashes + 1 : 0;
    word += c;
  }
  return word;
}

}  // namespace

std::string depfile_text(const std::string& target,
                         const std::vector<std::string>& files) {
  std::string text = escaped(target) + ":";
  for (const std::string& file : files) text += " \\\n  " + escaped(file);
  return text + "\n";
}

}  // namespace schemagen::gen
