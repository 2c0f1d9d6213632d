// The only place that reads the real clock, the real environment and argv.
#include <sqlite3.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "commands/command_line.hpp"

#ifdef SCHEMAGEN_HAS_SCANNER
#include "scan/scan.hpp"
#endif

namespace {

using schemagen::gen::Diagnostics;
using schemagen::gen::Project;
using schemagen::gen::Scanned;

#ifdef SCHEMAGEN_HAS_SCANNER
Scanned scan_headers(const Project& project,
                     const std::vector<std::string>& flags,
                     Diagnostics& diagnostics) {
  schemagen::gen::ScanRequest request;
  request.headers = project.headers;
  request.flags = flags;
  request.directory = project.source_dir;
  request.cache_dir = project.cache_dir;
  auto result = schemagen::gen::scan(request, diagnostics);
  return {result.complete, std::move(result.declarations),
          std::move(result.dependencies)};
}
#else
Scanned scan_headers(const Project& project, const std::vector<std::string>&,
                     Diagnostics& diagnostics) {
  diagnostics.error({project.path, 0, 0}, "no-scanner",
                    "this schemagen was built without its scanner; use one "
                    "that was built with SCHEMAGEN_SCANNER=ON");
  return {};
}
#endif

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  // One thread replays long histories in memory: no locks, no statistics.
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  std::error_code failure;
  schemagen::gen::Environment environment;
  environment.working_dir = std::filesystem::current_path(failure).string();
  environment.variable = variable;
  environment.now = [] {
    return static_cast<std::int64_t>(std::time(nullptr));
  };
  environment.scan = scan_headers;
  return schemagen::gen::run_command_line(argc, argv, environment);
}
