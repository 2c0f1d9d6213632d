// What a target rests on, for the build tool: one make rule in the form that
// Ninja and CMake read.
#pragma once

#include <string>
#include <vector>

namespace schemagen::gen {

struct Depfile {
  struct Link {
    std::string path;
    std::string file;  ///< what it leads to
  };

  std::string text;
  std::vector<Link> links;  ///< to be made before the text is read
};

/// No spelling of `#`, `$`, a quote and their like survives CMake's copy of a
/// depfile and Ninja's reading of it. A file with such a path stands there as
/// a symbolic link in `links_folder`, whose time stamp is the file's own.
Depfile make_depfile(const std::string& target,
                     const std::vector<std::string>& files,
                     const std::string& links_folder);

}  // namespace schemagen::gen
