#include "scan/resource_dir.hpp"

#include <filesystem>
#include <system_error>
#include <vector>

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

bool is_resource_dir(const fs::path& path) {
  std::error_code error;
  return !path.empty() && fs::exists(path / "include" / "stddef.h", error);
}

fs::path beside_the_tool() {
  std::error_code error;
  const fs::path tool = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  return tool.parent_path().parent_path() / "lib" / "schemagen";
}

// clang-19 -> .../bin/clang, whose headers are in ../lib/clang/<version>.
fs::path beside_clang(const std::string& search_path, int clang_major) {
  const std::string major = std::to_string(clang_major);
  std::size_t begin = 0;
  while (begin <= search_path.size()) {
    const std::size_t end =
        std::min(search_path.find(':', begin), search_path.size());
    const fs::path program =
        fs::path(search_path.substr(begin, end - begin)) / ("clang-" + major);
    begin = end + 1;
    std::error_code error;
    const fs::path real = fs::canonical(program, error);
    if (error) continue;
    const fs::path versions =
        real.parent_path().parent_path() / "lib" / "clang";
    for (const auto& entry : fs::directory_iterator(versions, error)) {
      const std::string name = entry.path().filename().string();
      const bool is_ours = name == major || name.rfind(major + ".", 0) == 0;
      if (is_ours && is_resource_dir(entry.path())) return entry.path();
    }
  }
  return {};
}

}  // namespace

std::string find_resource_dir(const std::string& wanted, int clang_major,
                              const std::string& search_path,
                              Diagnostics& diagnostics) {
  const std::string major = std::to_string(clang_major);
  if (!wanted.empty()) {
    if (is_resource_dir(wanted)) return wanted;
    diagnostics.error({wanted, 0, 0}, "no-resource-dir",
                      "no Clang headers here (include/stddef.h); name the "
                      "folder that `clang-" +
                          major + " -print-resource-dir` prints");
    return "";
  }
  for (const fs::path& place :
       {beside_the_tool(), fs::path(SCHEMAGEN_RESOURCE_DIR),
        beside_clang(search_path, clang_major)}) {
    if (is_resource_dir(place)) return place.string();
  }
  diagnostics.error({}, "no-resource-dir",
                    "the headers of Clang " + major +
                        " are missing; install libclang-common-" + major +
                        "-dev");
  return "";
}

}  // namespace schemagen::gen
