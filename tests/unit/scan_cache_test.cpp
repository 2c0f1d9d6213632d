// The cache may save time and nothing else: whatever changes, the answer is
// that of a scan without it.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "scan/cache.hpp"
#include "support/scan_text.hpp"
#include "support/scratch_folder.hpp"

namespace schemagen::test {
namespace {

namespace fs = std::filesystem;

class ScanCache : public testing::Test {
 protected:
  ScanCache() {
    fs::create_directories(folder_ / "first");
    fs::create_directories(folder_ / "second");
    write("inner.hpp", "struct Base { int base; };\n");
    write("a.hpp",
          "#include <optional>\n#include <string>\n"
          "#include <schemagen/annotations.hpp>\n#include \"inner.hpp\"\n"
          "#ifdef EXTRA\n#define MORE int more;\n#else\n#define MORE\n#endif\n"
          "#if __has_include(<late.hpp>)\n#include <late.hpp>\n#endif\n"
          "struct SG_TABLE() A : Base { std::optional<std::string> s = \"x\"; "
          "MORE };\n");
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    // A file that changes while it is scanned is not cached.
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }

  Scanned run(std::vector<std::string> flags = {}, bool cached = true) const {
    gen::ScanRequest request;
    request.directory = folder_.string();
    request.headers = {"a.hpp"};
    request.flags = {"-std=c++20", "-Ifirst", "-Isecond", "-I",
                     SCHEMAGEN_RUNTIME_INCLUDE};
    request.flags.insert(request.flags.end(), flags.begin(), flags.end());
    if (cached) request.cache_dir = (folder_ / "cache").string();
    gen::Diagnostics diagnostics;
    Scanned scanned;
    scanned.result = gen::scan(request, diagnostics);
    scanned.declarations = to_text(scanned.result.declarations);
    scanned.diagnostics = gen::to_text(diagnostics.sorted(), false);
    return scanned;
  }

  // The cached answer is not a stored one, and equals the plain one.
  void expect_rescan(const std::string& why,
                     const std::vector<std::string>& flags = {}) const {
    const Scanned cached = run(flags);
    EXPECT_FALSE(cached.result.from_cache) << why;
    const Scanned plain = run(flags, false);
    EXPECT_EQ(cached.declarations, plain.declarations) << why;
    EXPECT_EQ(cached.diagnostics, plain.diagnostics) << why;
    EXPECT_EQ(cached.result.dependencies, plain.result.dependencies) << why;
    const Scanned again = run(flags);
    EXPECT_TRUE(again.result.from_cache) << why;
    EXPECT_EQ(again.declarations, plain.declarations) << why;
    EXPECT_EQ(again.result.dependencies, plain.result.dependencies) << why;
  }

  ScratchFolder scratch_;
  const fs::path folder_ = scratch_.path();
};

TEST_F(ScanCache, answers_without_parsing_when_nothing_changed) {
  const Scanned first = run();
  const Scanned second = run();
  EXPECT_FALSE(first.result.from_cache);
  EXPECT_TRUE(second.result.from_cache);
  EXPECT_EQ(first.declarations, second.declarations);
  EXPECT_EQ(first.declarations,
            "A table()\n  base: int32\n  s: optional string = text x\n");
}

TEST_F(ScanCache, sees_every_kind_of_change) {
  fs::create_directories(folder_ / "system");
  write("system/late.hpp", "struct Late { int late; };\n");
  const std::vector<std::string> usual = {"-isystem", "system"};
  run(usual);
  EXPECT_TRUE(run(usual).result.from_cache) << "nothing changed";
  const auto with = [&](const std::string& flag) {
    return std::vector<std::string>{"-isystem", "system", flag};
  };
  write("a.hpp",
        "#include <schemagen/annotations.hpp>\n#include <late.hpp>\n"
        "#include <string>\n#include \"inner.hpp\"\n"
        "#ifndef EXTRA\n#define EXTRA int none;\n#endif\n"
        "struct SG_TABLE() A : Base, Late { std::string s; EXTRA };\n");
  expect_rescan("the header", usual);
  write("inner.hpp", "#include \"deep.hpp\"\nstruct Base : Deep {};\n");
  write("deep.hpp", "struct Deep { int base; };\n");
  expect_rescan("an included header", usual);
  write("deep.hpp", "struct Deep { int base, two; };\n");
  expect_rescan("a transitive header", usual);
  write("system/late.hpp", "struct Late { int late, later; };\n");
  expect_rescan("a system header", usual);
  expect_rescan("a define", with("-DEXTRA=int more;"));
  expect_rescan("another value of it", with("-DEXTRA=int most;"));
  expect_rescan("a flag", with("-fshort-enums"));
  expect_rescan("the standard", with("-std=c++17"));
  expect_rescan("another include folder", with("-Ithird"));
  fs::create_directories(folder_ / "elsewhere");
  ASSERT_EQ(::setenv("CPATH", (folder_ / "elsewhere").c_str(), 1), 0);
  expect_rescan("the environment", usual);
  ::unsetenv("CPATH");
  // The tool: a program of its own, whose bytes may change.
  const std::string tool = (folder_ / "tool").string();
  fs::copy_file(SCHEMAGEN_SCAN_ONCE, tool);
  const auto is_from_cache = [&] {
    const int status = std::system(
        ("'" + tool + "' '" + folder_.string() + "' >/dev/null 2>&1").c_str());
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) >= 10) << status;
    return WEXITSTATUS(status) == 11;
  };
  EXPECT_FALSE(is_from_cache()) << "another tool";
  EXPECT_TRUE(is_from_cache());
  std::ofstream(tool, std::ios::app) << "changed";
  EXPECT_FALSE(is_from_cache()) << "the tool";
  EXPECT_TRUE(is_from_cache());
}

TEST_F(ScanCache, sees_a_change_that_keeps_size_and_time) {
  run();
  const auto time = fs::last_write_time(folder_ / "inner.hpp");
  write("inner.hpp", "struct Base { int bass; };\n");
  fs::last_write_time(folder_ / "inner.hpp", time);
  expect_rescan("same size, same time");
}

TEST_F(ScanCache, sees_a_file_that_appears_where_one_was_looked_for) {
  write("second/late.hpp", "struct Late { int late; };\n");
  run();
  write("first/late.hpp", "struct Late { int early; };\n");
  expect_rescan("a file that hides another");
  fs::remove(folder_ / "first/late.hpp");
  fs::remove(folder_ / "second/late.hpp");
  expect_rescan("files gone");
  write("first/late.hpp", "struct Late { int early; };\n");
  expect_rescan("__has_include");
}

TEST_F(ScanCache, sees_a_change_of_a_system_header) {
  fs::create_directories(folder_ / "system");
  write("system/late.hpp", "struct Late { int late; };\n");
  const std::vector<std::string> flags = {"-isystem", "system"};
  run(flags);
  run(flags);
  write("system/late.hpp", "#define EXTRA\n#undef MORE\n#define MORE int x;\n");
  expect_rescan("a system header", flags);
}

TEST_F(ScanCache, sees_a_change_of_the_environment) {
  run();
  write("second/late.hpp", "");
  fs::create_directories(folder_ / "third");
  write("third/late.hpp", "#undef MORE\n#define MORE int third;\n");
  fs::remove(folder_ / "second/late.hpp");
  EXPECT_TRUE(run().result.from_cache) << "as it was";
  ASSERT_EQ(::setenv("CPATH", (folder_ / "third").c_str(), 1), 0);
  expect_rescan("CPATH");
  EXPECT_NE(run().declarations.find("third"), std::string::npos);
  ::unsetenv("CPATH");
  EXPECT_EQ(run().declarations.find("third"), std::string::npos);
}

TEST_F(ScanCache, sees_that_a_header_is_gone) {
  run();
  run();
  for (const char* name : {"inner.hpp", "a.hpp"}) {
    fs::remove(folder_ / name);
    const Scanned cached = run();
    EXPECT_FALSE(cached.result.complete) << name;
    EXPECT_EQ(cached.diagnostics, run({}, false).diagnostics) << name;
    EXPECT_NE(cached.diagnostics, "") << name;
  }
}

TEST_F(ScanCache, finds_the_same_with_a_precompiled_prelude) {
  run();
  for (const char* member : {"one", "two", "three"}) {
    write("inner.hpp", std::string("struct Base { int ") + member + "; };\n");
    expect_rescan(member);
  }
  bool has_prelude = false;
  for (const auto& entry : fs::directory_iterator(folder_ / "cache")) {
    has_prelude = has_prelude || entry.path().extension() == ".pch";
  }
  EXPECT_TRUE(has_prelude);
}

TEST_F(ScanCache, survives_damaged_files_of_its_own) {
  run();
  write("inner.hpp", "struct Base { int other; };\n");
  run();
  for (const auto& entry : fs::directory_iterator(folder_ / "cache")) {
    fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
  }
  expect_rescan("half of every file");
}

TEST_F(ScanCache, keeps_no_answer_of_a_failed_scan) {
  write("inner.hpp", "struct Base { int base };\n");
  const Scanned first = run();
  const Scanned second = run();
  EXPECT_FALSE(first.result.complete);
  EXPECT_FALSE(second.result.from_cache);
  EXPECT_EQ(first.diagnostics, second.diagnostics);
}

TEST_F(ScanCache, reads_no_file_again_that_nobody_touched) {
  const std::string path = (folder_ / "inner.hpp").string();
  gen::CacheEntry entry;
  const auto later = std::chrono::nanoseconds(
      (std::chrono::system_clock::now() + std::chrono::hours(1))
          .time_since_epoch());
  entry.files = *gen::stamp_files({path}, later.count());
  EXPECT_EQ(gen::check_freshness(entry), gen::Freshness::fresh)
      << "too new to be believed, and nothing to renew";
  EXPECT_EQ(entry.files[0].untouched, 0U);
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));
  EXPECT_EQ(gen::check_freshness(entry), gen::Freshness::fresh_by_content);
  EXPECT_NE(entry.files[0].untouched, 0U);
  // Only a stamp that nobody looks behind lets a wrong hash through.
  entry.files[0].hash ^= 1U;
  EXPECT_EQ(gen::check_freshness(entry), gen::Freshness::fresh);
  entry.files[0].hash ^= 1U;
  const auto time = fs::last_write_time(path);
  std::ofstream(path) << "struct Base { int bass; };\n";
  fs::last_write_time(path, time);
  EXPECT_EQ(gen::check_freshness(entry), gen::Freshness::stale);
}

TEST_F(ScanCache, keeps_the_newest_files_of_a_kind) {
  for (const char* name : {"p-1.pch", "p-2.pch", "p-3.pch", "p-3.pch.cache"}) {
    write(name, "");
  }
  gen::prune_folder(folder_.string(), "p-", ".pch", 2);
  EXPECT_FALSE(fs::exists(folder_ / "p-1.pch"));
  EXPECT_TRUE(fs::exists(folder_ / "p-2.pch"));
  EXPECT_TRUE(fs::exists(folder_ / "p-3.pch"));
  EXPECT_TRUE(fs::exists(folder_ / "p-3.pch.cache"));
}

TEST(CacheFormat, refuses_every_truncation_and_every_changed_byte) {
  gen::Declarations declarations;
  declarations.records.push_back({"A", {}, {}, true, "c", {"a.hpp", 1, 2}});
  gen::CacheEntry entry;
  entry.files = {{"/x", 3, 4}};
  entry.declarations = gen::pack(declarations);
  const std::string bytes = gen::encode(entry);
  gen::CacheEntry back;
  ASSERT_TRUE(gen::decode(bytes, back));
  EXPECT_EQ(gen::encode(back), bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    gen::CacheEntry ignored;
    EXPECT_FALSE(gen::decode(bytes.substr(0, i), ignored)) << i;
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(gen::decode(changed, ignored)) << i;
  }
  gen::Declarations unpacked;
  ASSERT_TRUE(gen::unpack(back.declarations, unpacked));
  EXPECT_EQ(gen::pack(unpacked), entry.declarations);
  for (std::size_t i = 0; i < entry.declarations.size(); ++i) {
    gen::Declarations ignored;
    EXPECT_FALSE(gen::unpack(entry.declarations.substr(0, i), ignored)) << i;
  }
}

}  // namespace
}  // namespace schemagen::test
