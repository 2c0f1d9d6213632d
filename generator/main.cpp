// The only place that reads the real clock, the real environment and argv.
#include <sqlite3.h>

#include <algorithm>
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

/// A build knows the tool by its path; a shell may not have it in PATH.
std::string program_name(const std::string& called) {
  namespace fs = std::filesystem;
  if (called.find('/') == std::string::npos) return "schemagen";
  std::string rest = variable("PATH").value_or("");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const fs::path found = fs::path(rest.substr(0, end)) / "schemagen";
    std::error_code failure;
    if (fs::exists(found, failure)) {
      return fs::equivalent(found, called, failure) ? "schemagen" : called;
    }
    rest.erase(0, end + 1);
  }
  return called;
}

}  // namespace

int main(int argc, char** argv) {
  // One thread replays long histories in memory: no locks, no statistics.
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  std::error_code failure;
  schemagen::gen::Environment environment;
  environment.working_dir = std::filesystem::current_path(failure).string();
  if (argc > 0) environment.program = program_name(argv[0]);
  environment.variable = variable;
  environment.now = [] {
    return static_cast<std::int64_t>(std::time(nullptr));
  };
  environment.scan = scan_headers;
  return schemagen::gen::run_command_line(argc, argv, environment);
}
