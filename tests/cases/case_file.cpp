#include "cases/case_file.hpp"

#include <fstream>
#include <sstream>

namespace schemagen::test {
namespace {

/// "sqlite.up.sql" of "-- sqlite.up.sql --"; "" when it is no section line.
std::string section_name(const std::string& line) {
  if (line.size() < 7 || line.compare(0, 3, "-- ") != 0) return "";
  if (line.compare(line.size() - 3, 3, " --") != 0) return "";
  const std::string name = line.substr(3, line.size() - 6);
  return name.find(' ') == std::string::npos ? name : "";
}

}  // namespace

const std::string* CaseFile::find(const std::string& name) const {
  for (const auto& section : sections) {
    if (section.first == name) return &section.second;
  }
  return nullptr;
}

void CaseFile::set(const std::string& name, const std::string& text) {
  for (auto& section : sections) {
    if (section.first == name) {
      section.second = text;
      return;
    }
  }
  sections.emplace_back(name, text);
}

std::string CaseFile::text_for(const std::string& name,
                               const std::string& dialect) const {
  if (const std::string* own = find(name + "." + dialect)) return *own;
  const std::string* shared = find(name);
  return shared ? *shared : "";
}

CaseFile read_case(const std::string& path) {
  CaseFile file;
  file.path = path;
  std::ifstream input(path, std::ios::binary);
  std::string line;
  std::getline(input, file.sentence);
  while (std::getline(input, line)) {
    const std::string name = section_name(line);
    if (!name.empty()) {
      file.sections.emplace_back(name, "");
    } else if (!file.sections.empty()) {
      file.sections.back().second += line + "\n";
    }
  }
  return file;
}

void write_case(const CaseFile& file) {
  std::ofstream output(file.path, std::ios::binary);
  output << file.sentence << "\n";
  for (const auto& [name, text] : file.sections) {
    output << "-- " << name << " --\n" << text;
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream input(text);
  for (std::string line; std::getline(input, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

}  // namespace schemagen::test
