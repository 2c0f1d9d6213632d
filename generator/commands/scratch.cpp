#include "commands/scratch.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "commands/interrupt.hpp"
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

/// Databases on a server, made one by one and dropped together. They are named
/// after a session that lives as long as they are used: what is named after one
/// that is gone was left by a run that was killed, and the next run removes it.
class ServerDatabases {
 public:
  ServerDatabases(const Connector& driver, std::string url,
                  std::shared_ptr<void> server)
      : driver_(driver), url_(std::move(url)), server_(std::move(server)) {}
  ServerDatabases(const ServerDatabases&) = delete;
  ServerDatabases& operator=(const ServerDatabases&) = delete;
  ~ServerDatabases() {
    interrupt_.reset();
    drop_all();
  }

  Result<std::unique_ptr<Database>> make() {
    if (session_ == nullptr) {
      const auto begun = begin_session();
      if (!begun) return begun.error();
    }
    const std::string name = next_name();
    const auto made =
        execute("CREATE DATABASE " + name + " TEMPLATE template0");
    if (!made) return made.error();
    return driver_.open(with_database(url_, name));
  }

 private:
  std::string next_name() {
    const std::lock_guard<std::mutex> guard(mutex_);
    names_.push_back(prefix_ + std::to_string(names_.size()));
    return names_.back();
  }

  void drop_all() {
    const std::lock_guard<std::mutex> guard(mutex_);
    for (const std::string& name : names_) {
      static_cast<void>(
          execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"));
    }
  }

  Result<Done> begin_session() {
    auto opened = driver_.open(url_);
    if (!opened) return opened.error();
    const auto id = (*opened)->query("SELECT pg_backend_pid()");
    if (!id) return id.error();
    prefix_ = "schemagen_scratch_" + id->at(0).at(0).value_or("") + "_" +
              std::to_string(::getpid()) + "_";
    session_ = std::move(*opened);
    sweep();
    // A private server ends with this process, and all that is on it.
    if (server_ == nullptr) interrupt_.emplace([this] { drop_all(); });
    return Done{};
  }

  /// Without FORCE: what anybody uses stays. What cannot be dropped, because it
  /// is somebody else's, does too.
  void sweep() {
    const auto left = session_->query(
        "SELECT datname FROM pg_database WHERE datname ~ "
        "'^schemagen_scratch_[0-9]+_[0-9]+_[0-9]+$' AND NOT EXISTS (SELECT "
        "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND pid::text = "
        "split_part(pg_database.datname, '_', 3))");
    if (!left) return;
    for (const Row& row : *left) {
      static_cast<void>(execute("DROP DATABASE " + row.at(0).value_or("")));
    }
  }

  Result<std::int64_t> execute(const std::string& sql) {
    auto database = driver_.open(url_);
    if (!database) return database.error();
    return (*database)->execute(sql);
  }

  const Connector& driver_;
  std::string url_;
  std::shared_ptr<void> server_;
  std::unique_ptr<Database> session_;
  std::string prefix_;
  std::mutex mutex_;  ///< of names_
  std::vector<std::string> names_;
  std::optional<OnInterrupt> interrupt_;
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
      const auto named = environment.variable("SCHEMAGEN_POSTGRES_BIN");
      tell_missing(
          dialect, choice.missing,
          named ? "SCHEMAGEN_POSTGRES_BIN is " + *named + ", where no initdb is"
                : "there is no server",
          diagnostics);
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
