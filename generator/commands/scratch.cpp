#include "commands/scratch.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "commands/private_postgres.hpp"
#include "emit/prepared.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

/// Where initdb and pg_ctl are; distributions keep them off PATH.
fs::path find_postgres_binaries(const Environment& environment) {
  fs::path best;
  int best_version = 0;
  std::error_code failure;
  if (const auto named = environment.variable("SCHEMAGEN_POSTGRES_BIN")) {
    const fs::path folder = *named;
    return fs::exists(folder / "initdb", failure) ? folder : best;
  }
  fs::directory_iterator versions("/usr/lib/postgresql", failure);
  for (; !failure && versions != fs::directory_iterator();
       versions.increment(failure)) {
    const int version = std::atoi(versions->path().filename().c_str());
    std::error_code none;
    if (version > best_version &&
        fs::exists(versions->path() / "bin/initdb", none)) {
      best_version = version;
      best = versions->path() / "bin";
    }
  }
  std::string rest;
  if (best.empty()) rest = environment.variable("PATH").value_or("");
  while (!rest.empty()) {
    const std::size_t end = rest.find(':');
    fs::path folder = rest.substr(0, end);
    if (fs::exists(folder / "initdb", failure)) return folder;
    rest = end == std::string::npos ? "" : rest.substr(end + 1);
  }
  return best;
}

/// The same server, another database.
std::string with_database(const std::string& url, const std::string& name) {
  const std::size_t scheme = url.find("://");
  const std::size_t start = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t query = std::min(url.find('?', start), url.size());
  const std::size_t slash = std::min(url.find('/', start), query);
  return url.substr(0, slash) + "/" + name + url.substr(query);
}

/// Databases on a server, made one by one and dropped together.
class ServerDatabases {
 public:
  ServerDatabases(const Connector& driver, std::string url,
                  std::shared_ptr<void> server)
      : driver_(driver), url_(std::move(url)), server_(std::move(server)) {}
  ServerDatabases(const ServerDatabases&) = delete;
  ServerDatabases& operator=(const ServerDatabases&) = delete;
  ~ServerDatabases() {
    for (const std::string& name : names_) {
      static_cast<void>(
          execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"));
    }
  }

  Result<std::unique_ptr<Database>> make() {
    const std::string name = "schemagen_scratch_" + std::to_string(::getpid()) +
                             "_" + std::to_string(names_.size());
    const auto made =
        execute("CREATE DATABASE " + name + " TEMPLATE template0");
    if (!made) return made.error();
    names_.push_back(name);
    return driver_.open(with_database(url_, name));
  }

 private:
  Result<std::int64_t> execute(const std::string& sql) {
    auto database = driver_.open(url_);
    if (!database) return database.error();
    return (*database)->execute(sql);
  }

  const Connector& driver_;
  std::string url_;
  std::shared_ptr<void> server_;
  std::vector<std::string> names_;
};

void tell_missing(const std::string& dialect, Severity severity,
                  const std::string& why, Diagnostics& diagnostics) {
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.id = kNotVerified;
  diagnostic.message = dialect + " was not tried, because " + why +
                       "; give a server with --url, or "
                       "install PostgreSQL (initdb) on this machine";
  diagnostics.add(std::move(diagnostic));
}

}  // namespace

ScratchServer open_scratch(const std::string& dialect,
                           const ScratchChoice& choice,
                           const Environment& environment,
                           Diagnostics& diagnostics) {
  ScratchServer result;
  result.scratch = memory_scratch(dialect);
  if (result.scratch) return result;
  const Connector* driver = find_driver(dialect);
  if (driver == nullptr) {
    tell_missing(dialect, choice.missing, "this schemagen has no driver for it",
                 diagnostics);
    return result;
  }
  std::string server_url = choice.url;
  std::shared_ptr<void> server;
  if (choice.url.empty()) {
    const fs::path binaries = find_postgres_binaries(environment);
    if (binaries.empty()) {
      tell_missing(dialect, choice.missing, "there is no server", diagnostics);
      return result;
    }
    const auto own = std::make_shared<PrivatePostgres>(binaries);
    if (!own->why_not().empty()) {
      tell_missing(
          dialect, choice.missing,
          "no private server could be started (" + own->why_not() + ")",
          diagnostics);
      return result;
    }
    server_url = own->url();
    server = own;
  }
  const auto databases =
      std::make_shared<ServerDatabases>(*driver, server_url, server);
  result.keep = databases;
  result.scratch = [databases] { return databases->make(); };
  return result;
}

}  // namespace schemagen::gen
