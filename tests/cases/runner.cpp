// Registers every tests/cases/plan/*.case as a GoogleTest test named after
// the file. SCHEMAGEN_UPDATE_CASES=1 renews expected sections,
// =all adds the SQL of both dialects; review the difference like code.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "cases/case_file.hpp"
#include "cases/plan_case.hpp"

namespace {

class Case : public testing::Test {
 public:
  explicit Case(std::string path) : path_(std::move(path)) {}

  void TestBody() override {
    const char* update = std::getenv("SCHEMAGEN_UPDATE_CASES");
    schemagen::test::run_plan_case(schemagen::test::read_case(path_),
                                   update ? update : "");
  }

 private:
  std::string path_;
};

std::vector<std::filesystem::path> case_files(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".case") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const auto& path : case_files(SCHEMAGEN_CASES "/plan")) {
    testing::RegisterTest(
        "plan", path.stem().string().c_str(), nullptr, nullptr,
        path.filename().string().c_str(), __LINE__,
        [path]() -> testing::Test* { return new Case(path.string()); });
  }
  return RUN_ALL_TESTS();
}
