#include "commands/scratch.hpp"

#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "emit/prepared.hpp"
#include "emit/project.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

bool run_quietly(const std::string& command, const fs::path& log) {
  const std::string line = "cd / && " + command + " >>" +
                           shell_word(log.string()) + " 2>&1 </dev/null";
  const int status = std::system(line.c_str());
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

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

/// A private PostgreSQL on a socket in a folder of its own.
class PrivatePostgres {
 public:
  static std::shared_ptr<PrivatePostgres> start(const fs::path& binaries) {
    std::shared_ptr<PrivatePostgres> server(new PrivatePostgres(binaries));
    return server->is_running_ ? server : nullptr;
  }

  PrivatePostgres(const PrivatePostgres&) = delete;
  PrivatePostgres& operator=(const PrivatePostgres&) = delete;
  ~PrivatePostgres() {
    if (is_running_) run_quietly(control("-m immediate -w stop"), "/dev/null");
    std::error_code failure;
    fs::remove_all(root_, failure);
  }

  std::string url() const {
    return "postgresql://schemagen@/postgres?host=" + data().string();
  }

 private:
  explicit PrivatePostgres(fs::path binaries) : binaries_(std::move(binaries)) {
    std::string name = "/tmp/schemagen-XXXXXX";  // sockets need short paths
    if (::mkdtemp(name.data()) == nullptr) return;
    root_ = name;
    std::error_code failure;
    fs::permissions(root_, fs::perms(0755), failure);
    fs::create_directory(data(), failure);
    fs::permissions(data(), fs::perms(0700), failure);
    choose_account();
    const std::string initdb =
        prefix_ + shell_word((binaries_ / "initdb").string()) + " -D " +
        shell_word(data().string()) +
        " -U schemagen -A trust -E UTF8 --locale=C.UTF-8 --no-sync";
    if (failure || !run_quietly(initdb, root_ / "log")) return;
    is_running_ = run_quietly(
        control("-w -t 60 -l " + shell_word((data() / "log").string()) +
                " -o \"-c listen_addresses='' -c fsync=off -c "
                "unix_socket_directories=" +
                data().string() + "\" start"),
        root_ / "log");
  }

  fs::path data() const { return root_ / "data"; }

  /// PostgreSQL refuses to run as root; root starts it as somebody else.
  void choose_account() {
    if (::geteuid() != 0) return;
    for (const char* name : {"postgres", "nobody"}) {
      const passwd* account = ::getpwnam(name);
      if (account == nullptr) continue;
      prefix_ = "setpriv --reuid=" + std::to_string(account->pw_uid) +
                " --regid=" + std::to_string(account->pw_gid) +
                " --clear-groups ";
      if (::chown(data().c_str(), account->pw_uid, account->pw_gid) != 0) {
        prefix_.clear();
      }
      return;
    }
  }

  std::string control(const std::string& what) const {
    return prefix_ + shell_word((binaries_ / "pg_ctl").string()) + " -D " +
           shell_word(data().string()) + " " + what;
  }

  fs::path binaries_;
  fs::path root_;
  std::string prefix_;
  bool is_running_ = false;
};

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
  ServerDatabases(OpenFunction open, std::string url,
                  std::shared_ptr<void> server)
      : open_(open), url_(std::move(url)), server_(std::move(server)) {}
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
    return open_(with_database(url_, name));
  }

 private:
  Result<std::int64_t> execute(const std::string& sql) {
    auto database = open_(url_);
    if (!database) return database.error();
    return (*database)->execute(sql);
  }

  OpenFunction open_;
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
  const OpenFunction open = find_driver(dialect);
  if (open == nullptr) {
    tell_missing(dialect, choice.missing, "this schemagen has no driver for it",
                 diagnostics);
    return result;
  }
  std::string server_url = choice.url;
  std::shared_ptr<void> server;
  if (choice.url.empty()) {
    const fs::path binaries = find_postgres_binaries(environment);
    const auto own =
        binaries.empty() ? nullptr : PrivatePostgres::start(binaries);
    if (own == nullptr) {
      tell_missing(dialect, choice.missing,
                   binaries.empty() ? "there is no server"
                                    : "no private server could be started",
                   diagnostics);
      return result;
    }
    server_url = own->url();
    server = own;
  }
  const auto databases =
      std::make_shared<ServerDatabases>(open, server_url, server);
  result.keep = databases;
  result.scratch = [databases] { return databases->make(); };
  return result;
}

}  // namespace schemagen::gen
