#include "emit/depfile.hpp"

#include <algorithm>
#include <cstring>

#include "core/checksum.hpp"

namespace schemagen::gen {
namespace {

/// What Ninja takes for a part of a path as it is, and CMake writes as it is.
bool is_plain(char c) {
  const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9');
  const bool is_beyond_ascii = static_cast<unsigned char>(c) >= 0x80;
  return is_word || is_beyond_ascii ||
         (c != '\0' && std::strchr("/._-+,~()[]@= ", c) != nullptr);
}

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

Depfile make_depfile(const std::string& target,
                     const std::vector<std::string>& files,
                     const std::string& links_folder) {
  Depfile result;
  result.text = escaped(target) + ":";
  for (const std::string& file : files) {
    std::string path = file;
    if (!std::all_of(file.begin(), file.end(), is_plain)) {
      // The folder's own path needs no link: CMake writes what lies in the
      // build folder relative to it.
      path = links_folder + "/" + core::sha256(file).substr(0, 16);
      result.links.push_back({path, file});
    }
    result.text += " \\\n  " + escaped(path);
  }
  result.text += "\n";
  return result;
}

}  // namespace schemagen::gen
