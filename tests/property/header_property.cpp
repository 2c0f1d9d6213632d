// Random models as headers: the scanner gives every model back, whatever the
// order of its declarations and in both ways that it has to read options.
// SCHEMAGEN_HEADER_SEED repeats one.
#include <gtest/gtest.h>

#include <cstdlib>

#include "model/lower.hpp"
#include "model/snapshot.hpp"
#include "scan/scan.hpp"
#include "support/header_text.hpp"
#include "support/scan_text.hpp"

namespace schemagen::test {
namespace {

constexpr const char* kIncludes = R"(#include <schemagen/annotations.hpp>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>
)";

void comes_back(std::uint64_t seed) {
  Dice dice(seed);
  gen::Schema wanted = random_history({seed, 3, 12, {}}).back().schema;
  const std::string header = kIncludes + header_text(wanted, dice);
  gen::canonicalize(wanted);
  gen::ScanRequest request;
  request.directory = "/random";
  request.headers = {"a.hpp"};
  request.flags = {"-std=c++20", "-I" SCHEMAGEN_RUNTIME_INCLUDE};
  request.files = {{"/random/a.hpp", header}};
  gen::Diagnostics diagnostics;
  const gen::ScanResult scanned = gen::scan(request, diagnostics);
  const gen::Schema found =
      gen::lower(scanned.declarations, {"postgres", "sqlite"}, diagnostics);
  EXPECT_EQ("", gen::to_text(diagnostics.sorted(), false));
  EXPECT_EQ(gen::scan_json(wanted), gen::scan_json(found));
  const TokenReading tokens = read_off_tokens(request);
  if (!tokens.is_refused) {
    EXPECT_EQ(to_text(scanned.declarations), tokens.declarations);
  }
  if (testing::Test::HasFailure()) {
    FAIL() << "SCHEMAGEN_HEADER_SEED=" << seed << "\n" << header;
  }
}

TEST(Headers, give_back_every_model) {
  if (const char* seed = std::getenv("SCHEMAGEN_HEADER_SEED")) {
    comes_back(std::strtoull(seed, nullptr, 10));
    return;
  }
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    ASSERT_NO_FATAL_FAILURE(comes_back(seed));
  }
}

}  // namespace
}  // namespace schemagen::test
