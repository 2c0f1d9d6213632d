// What a target rests on, for the build tool: one make rule in the form that
// Ninja and CMake read.
#pragma once

#include <string>
#include <vector>

namespace schemagen::gen {

std::string depfile_text(const std::string& target,
                         const std::vector<std::string>& files);

}  // namespace schemagen::gen
