#include "scan/paths.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace schemagen::gen {

// "/lib/gcc/12/../../include" is not "/include" where /lib is a link to
// /usr/lib: what stands before the last ".." has to be resolved on the disk.
std::string normal_path(const std::string& path) {
  namespace fs = std::filesystem;
  if (path.find("/.") == std::string::npos &&
      path.find("//") == std::string::npos && path.rfind("./", 0) != 0) {
    return path;
  }
  const fs::path plain = fs::path(path).lexically_normal();
  if (path.find("..") == std::string::npos) return plain.string();
  // Behind a symlink, `..` is not the folder before it.
  std::error_code error;
  if (fs::equivalent(path, plain, error)) return plain.string();
  const fs::path real = fs::canonical(path, error);
  return error ? plain.string() : real.string();
}

std::string path_in(const std::string& folder, const std::string& path) {
  return (std::filesystem::path(folder) / path).string();
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

void sort_unique(std::vector<std::string>& paths) {
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
}

}  // namespace schemagen::gen
