// Paths in the one spelling in which the scan compares them. Apart from Clang,
// whose source would take much longer to compile with std::filesystem in it.
#pragma once

#include <string>
#include <vector>

namespace schemagen::gen {

/// Without dots; symlinks are left as they are where that is the same file.
std::string normal_path(const std::string& path);

/// What `path` means in `folder`; absolute ones stay what they are.
std::string path_in(const std::string& folder, const std::string& path);

/// Behind the last slash.
std::string file_name(const std::string& path);

void sort_unique(std::vector<std::string>& paths);

}  // namespace schemagen::gen
