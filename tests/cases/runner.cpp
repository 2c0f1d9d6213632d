// Registers every tests/cases/plan/*.case as a GoogleTest test named after
// the file, and every entry of the reference in generator/README.md.
// SCHEMAGEN_UPDATE_CASES=1 renews expected sections, =all adds the SQL of both
// dialects; review the difference like code.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "cases/case_file.hpp"
#include "cases/plan_case.hpp"
#include "cases/reference.hpp"

namespace {

std::string update_mode() {
  const char* update = std::getenv("SCHEMAGEN_UPDATE_CASES");
  return update ? update : "";
}

class Case : public testing::Test {
 public:
  explicit Case(std::string path) : path_(std::move(path)) {}

  void TestBody() override {
    using namespace schemagen::test;  // NOLINT: the words of this file
    const std::string update = update_mode();
    const CaseFile renewed = run_plan_case(read_case(path_), update);
    if (!update.empty()) write_case(renewed);
  }

 private:
  std::string path_;
};

/// One entry of the reference: headers that users copy, and the SQL for them.
class Entry : public testing::Test {
 public:
  explicit Entry(std::string name) : name_(std::move(name)) {}

  void TestBody() override {
    using namespace schemagen::test;  // NOLINT: the words of this file
    const std::string update = update_mode();
    const CaseFile renewed =
        run_plan_case(read_entry(SCHEMAGEN_REFERENCE, name_), update);
    if (!update.empty()) write_entry(renewed);
  }

 private:
  std::string name_;
};

/// A word that no entry shows is a word that nobody finds.
class Vocabulary : public testing::Test {
 public:
  void TestBody() override {
    const auto unused = schemagen::test::unused_options(
        SCHEMAGEN_PUBLIC_HEADERS "/schemagen/annotations.hpp",
        SCHEMAGEN_REFERENCE);
    for (const std::string& option : unused) {
      ADD_FAILURE() << "no entry of the reference uses " << option;
    }
  }
};

/// The table of types: what each is held as, takes and refuses.
class Types : public testing::Test {
 public:
  void TestBody() override {
    const auto table = schemagen::test::read_type_table(SCHEMAGEN_REFERENCE);
    const auto done = schemagen::test::run_plan_case(table.file, "1");
    for (const auto& [dialect, types] : table.held) {
      const std::string& sql = *done.find(dialect + ".statements");
      ASSERT_GE(types.size(), 30u);
      for (std::size_t i = 0; i < types.size(); ++i) {
        const std::size_t at =
            sql.find("CREATE TABLE \"t" + std::to_string(i) + "\" (");
        const std::size_t column = sql.find("\"m\" ", at) + 4;
        std::string held = sql.substr(column, sql.find('\n', column) - column);
        held.erase(std::remove(held.begin(), held.end(), '"'), held.end());
        EXPECT_EQ(held.substr(0, types[i].size()), types[i]) << dialect << i;
        EXPECT_NE(std::string(" ,").find(held[types[i].size()]),
                  std::string::npos)
            << held;
      }
    }
  }
};

std::vector<std::filesystem::path> case_files(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".case") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// In a filter of GoogleTest everything behind a '-' is what does not run.
std::string test_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const auto& path : case_files(SCHEMAGEN_CASES "/plan")) {
    testing::RegisterTest(
        "plan", test_name(path.stem().string()).c_str(), nullptr, nullptr,
        path.filename().string().c_str(), __LINE__,
        [path]() -> testing::Test* { return new Case(path.string()); });
  }
  for (const auto& name : schemagen::test::entry_names(SCHEMAGEN_REFERENCE)) {
    testing::RegisterTest(
        "reference", test_name(name).c_str(), nullptr, nullptr,
        SCHEMAGEN_REFERENCE, __LINE__,
        [name]() -> testing::Test* { return new Entry(name); });
  }
  testing::RegisterTest("reference", "shows_every_option", nullptr, nullptr,
                        SCHEMAGEN_REFERENCE, __LINE__,
                        []() -> testing::Test* { return new Vocabulary; });
  testing::RegisterTest("reference", "table_of_types", nullptr, nullptr,
                        SCHEMAGEN_REFERENCE, __LINE__,
                        []() -> testing::Test* { return new Types; });
  return RUN_ALL_TESTS();
}
