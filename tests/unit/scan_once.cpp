// A tool that only scans: a.hpp in the folder that it is given, with the cache
// there. Exits with 11 when the answer came from the cache, with 10 when it was
// read anew.
#include "scan/scan.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  schemagen::gen::ScanRequest request;
  request.directory = argv[1];
  request.headers = {"a.hpp"};
  request.flags = {"-std=c++20", "-isystem", "system", "-I",
                   SCHEMAGEN_RUNTIME_INCLUDE};
  request.cache_dir = request.directory + "/cache";
  schemagen::gen::Diagnostics diagnostics;
  const auto result = schemagen::gen::scan(request, diagnostics);
  if (!result.complete) return 1;
  return result.from_cache ? 11 : 10;
}
