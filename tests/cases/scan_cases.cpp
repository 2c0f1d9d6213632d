// Prints what the scanner finds in every header of the case files, of the
// reference and of the whole schema, so that two Clangs can be compared.
// Usage: scan_cases PLAN_CASES REFERENCE WHOLE
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cases/case_scan.hpp"
#include "support/scan_text.hpp"

namespace {

namespace fs = std::filesystem;
using schemagen::test::CaseFile;

std::vector<fs::path> files_below(const char* folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void print_scan(const std::string& name,
                const schemagen::gen::ScanRequest& request) {
  schemagen::gen::Diagnostics diagnostics;
  const auto result = schemagen::gen::scan(request, diagnostics);
  std::printf("== %s\n%s%s", name.c_str(),
              schemagen::test::to_text(result.declarations).c_str(),
              schemagen::gen::to_text(diagnostics.sorted(), false).c_str());
}

void print_case(const CaseFile& file) {
  for (const auto& [name, text] : file.sections) {
    if (name != "before.hpp" && name != "after.hpp") continue;
    print_scan(file.path + " " + name,
               schemagen::test::case_request(file, name));
  }
}

// Each block "```cpp name" is a header.
void print_reference(const char* path) {
  std::ifstream in(path);
  CaseFile file;
  std::string name, text;
  for (std::string line; std::getline(in, line);) {
    if (!name.empty() && line == "```") {
      file.path = name;
      file.set("after.hpp", text);
      print_case(file);
      name.clear();
    } else if (line.rfind("```cpp ", 0) == 0) {
      name = line.substr(3);
      text.clear();
      file.sections.clear();
      file.set("standard", "c++20");
    } else {
      text += line + '\n';
    }
  }
}

void print_whole(const char* folder, const std::string& version) {
  schemagen::gen::ScanRequest request;
  request.directory = (fs::path(folder) / version).string();
  for (const fs::path& path : files_below(request.directory.c_str())) {
    request.headers.push_back(path.filename().string());
  }
  request.flags = {"-std=c++20", "-I" SCHEMAGEN_PUBLIC_HEADERS};
  print_scan("whole " + version, request);
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fputs("usage: scan_cases PLAN_CASES REFERENCE WHOLE\n", stderr);
    return 2;
  }
  for (const fs::path& path : files_below(words[1])) {
    print_case(schemagen::test::read_case(path.string()));
  }
  print_reference(words[2]);
  print_whole(words[3], "before");
  print_whole(words[3], "after");
  return 0;
}
