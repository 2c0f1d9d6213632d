// One scan, for scan_bench.py: scan_bench CACHE_DIR HEADER... ("" = no cache).
#include <cstdio>
#include <string>

#include "scan/scan.hpp"

int main(int count, char** words) {
  if (count < 3) {
    std::fputs("usage: scan_bench CACHE_DIR HEADER...\n", stderr);
    return 2;
  }
  schemagen::gen::ScanRequest request;
  request.cache_dir = words[1];
  request.flags = {"-std=c++20", "-I", SCHEMAGEN_RUNTIME_INCLUDE};
  request.headers.assign(words + 2, words + count);
  schemagen::gen::Diagnostics diagnostics;
  const auto result = schemagen::gen::scan(request, diagnostics);
  const std::string text = schemagen::gen::to_text(diagnostics.sorted(), false);
  std::fputs(text.c_str(), stderr);
  return result.complete ? 0 : 1;
}
