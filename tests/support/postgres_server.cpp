#include "support/postgres_server.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace schemagen::test {
namespace {

namespace fs = std::filesystem;

// Raised when the layout of the shared folder or the server's settings change,
// so that two checkouts never share a server that only one of them expects.
constexpr int kLayout = 2;
constexpr int kIdleSeconds = 20;

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(
      "no PostgreSQL server for the tests: " + what +
      "; install the package `postgresql` (15 or newer) or set "
      "SCHEMAGEN_POSTGRES_BIN to the folder of initdb and pg_ctl");
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string temporary_folder() {
  const std::string chosen = variable("TMPDIR");
  // Root's server runs as somebody else, who may not enter root's folders; and
  // a path of a unix socket holds about 100 bytes.
  const bool usable = geteuid() != 0 && !chosen.empty() && chosen.size() < 50;
  return usable ? chosen : "/tmp";
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Runs a shell command; its output goes to `log`.
bool run(const std::string& command, const fs::path& log) {
  const std::string line =
      command + " >>" + quoted(log.string()) + " 2>&1 </dev/null";
  const int status = std::system(line.c_str());
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// The folder of initdb and pg_ctl; distributions keep it off PATH.
fs::path find_binaries() {
  const std::string chosen = variable("SCHEMAGEN_POSTGRES_BIN");
  if (!chosen.empty()) return chosen;
  fs::path best;
  int best_version = 0;
  std::error_code ignored;
  for (const auto& entry :
       fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const int version = std::atoi(entry.path().filename().c_str());
    if (version <= best_version) continue;
    if (!fs::exists(entry.path() / "bin/initdb", ignored)) continue;
    best_version = version;
    best = entry.path() / "bin";
  }
  if (!best.empty()) return best;
  std::istringstream path(variable("PATH"));
  for (std::string part; std::getline(path, part, ':');) {
    if (fs::exists(fs::path(part) / "initdb", ignored)) return part;
  }
  fail("initdb was found nowhere");
}

/// PostgreSQL refuses to run as root; root starts it as somebody else.
const passwd* server_account() {
  if (geteuid() != 0) return nullptr;
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* account = getpwnam(name)) return account;
  }
  fail("root may not run it and neither user `postgres` nor `nobody` exists");
}

std::string as_server(const passwd* account, const std::string& command) {
  if (account == nullptr) return command;
  return "setpriv --reuid=" + std::to_string(account->pw_uid) +
         " --regid=" + std::to_string(account->pw_gid) + " --clear-groups " +
         command;
}

std::string url_of(const std::string& port, const std::string& database) {
  return "postgresql://schemagen@127.0.0.1:" + port + "/" + database;
}

Connection connect(const std::string& port) {
  return {
      PQconnectdb((url_of(port, "postgres") + "?connect_timeout=10").c_str()),
      PQfinish};
}

bool answers(const std::string& port) {
  return !port.empty() && PQstatus(connect(port).get()) == CONNECTION_OK;
}

int open_lock(const fs::path& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) fail("cannot open " + path.string());
  return fd;
}

std::string server_command(const fs::path& bin, const fs::path& root,
                           const std::string& what) {
  return quoted((bin / "pg_ctl").string()) + " -D " +
         quoted((root / "data").string()) + " " + what;
}

void stop_server(const fs::path& bin, const fs::path& root,
                 const passwd* account) {
  run("cd / && " +
          as_server(account, server_command(bin, root, "-m immediate -w stop")),
      "/dev/null");
  std::error_code ignored;
  fs::remove(root / "port", ignored);
  fs::remove_all(root / "data", ignored);
}

/// Waits until nobody has used the server for a while and stops it. Both locks
/// are taken, so a process that is just about to join starts a new one.
void watch(const fs::path& bin, const fs::path& root, const passwd* account) {
  const int start = open_lock(root / "start.lock");
  const int users = open_lock(root / "users.lock");
  for (int idle = 0; idle < kIdleSeconds;) {
    sleep(1);
    const bool alone = flock(users, LOCK_EX | LOCK_NB) == 0;
    if (alone) flock(users, LOCK_UN);
    idle = alone ? idle + 1 : 0;
    if (idle < kIdleSeconds) continue;
    if (flock(start, LOCK_EX | LOCK_NB) != 0 ||
        flock(users, LOCK_EX | LOCK_NB) != 0) {
      idle = 0;
      flock(start, LOCK_UN);
    }
  }
  stop_server(bin, root, account);
}

/// The watcher outlives the test process and holds none of its descriptors:
/// ctest waits for the end of a test's output.
void start_watcher(const fs::path& bin, const fs::path& root,
                   const passwd* account) {
  const pid_t child = fork();
  if (child != 0) {
    waitpid(child, nullptr, 0);
    return;
  }
  setsid();
  if (fork() != 0) _exit(0);
  const int null = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; ++fd) dup2(null, fd);
  for (int fd = 3; fd < 256; ++fd) close(fd);
  if (chdir("/") != 0) _exit(1);
  watch(bin, root, account);
  _exit(0);
}

void make_cluster(const fs::path& bin, const fs::path& root,
                  const passwd* account) {
  const fs::path log = root / "log";
  fs::remove_all(root / "data");
  fs::create_directories(root / "data");
  fs::permissions(root, fs::perms(0755));
  fs::permissions(root / "data", fs::perms(0700));
  if (account != nullptr &&
      chown((root / "data").c_str(), account->pw_uid, account->pw_gid) != 0) {
    fail("cannot give the data folder to " + std::string(account->pw_name));
  }
  const std::string initdb =
      quoted((bin / "initdb").string()) + " -D " +
      quoted((root / "data").string()) +
      " -U schemagen -A trust -E UTF8 --locale=C.UTF-8 --no-sync";
  if (!run("cd / && " + as_server(account, initdb), log)) {
    fail("initdb failed: " + read_text(log));
  }
  // One role has to show its password; the first line that fits counts.
  const std::string trusting = read_text(root / "data/pg_hba.conf");
  std::ofstream(root / "data/pg_hba.conf")
      << "host all guarded 127.0.0.1/32 scram-sha-256\n"
      << trusting;
}

std::string start_server(const fs::path& root) {
  const fs::path bin = find_binaries();
  const passwd* account = server_account();
  const fs::path log = root / "log";
  fs::remove(log);
  stop_server(bin, root, account);
  make_cluster(bin, root, account);
  std::ofstream(root / "data/postgresql.auto.conf", std::ios::app)
      << "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
         "max_connections = 200\nshared_buffers = 32MB\n"
         "listen_addresses = '127.0.0.1'\nwal_level = minimal\n"
         "max_wal_senders = 0\nautovacuum = off\n"
      << "unix_socket_directories = '" << (root / "data").string() << "'\n";
  for (int attempt = 0; attempt < 5; ++attempt) {
    const std::string port = std::to_string(free_port());
    const std::string start = server_command(
        bin, root,
        "-w -t 60 -l " + quoted((root / "data/server.log").string()) +
            " -o '-p " + port + "' start");
    if (run("cd / && " + as_server(account, start), log) && answers(port)) {
      std::ofstream(root / "port") << port;
      start_watcher(bin, root, account);
      return port;
    }
  }
  fail("it did not start: " + read_text(log) +
       read_text(root / "data/server.log"));
}

}  // namespace

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  const bool bound = fd >= 0 && bind(fd, plain, size) == 0 &&
                     getsockname(fd, plain, &size) == 0;
  if (fd >= 0) close(fd);
  if (!bound) fail("no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

PostgresServer& PostgresServer::instance() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer()
    : directory_(temporary_folder() + "/schemagen-postgres-" +
                 std::to_string(kLayout) + "-" + std::to_string(geteuid())) {
  fs::create_directories(directory_);
  const int start = open_lock(fs::path(directory_) / "start.lock");
  users_lock_ = open_lock(fs::path(directory_) / "users.lock");
  flock(start, LOCK_EX);
  flock(users_lock_, LOCK_SH);
  try {
    port_ = read_text(fs::path(directory_) / "port");
    if (!answers(port_)) port_ = start_server(directory_);
  } catch (...) {
    close(start);
    close(users_lock_);
    throw;
  }
  close(start);
}

PostgresServer::~PostgresServer() {
  // Each drop is a checkpoint, which takes seconds on a busy machine, and a
  // test of many databases would seem to hang after its last line. What is not
  // dropped in time goes with the server's folder.
  constexpr std::chrono::seconds kPatience{20};
  const auto end = std::chrono::steady_clock::now() + kPatience;
  const Connection server = connect(port_);
  PQclear(PQexec(server.get(), "SET statement_timeout = '5s'"));
  for (const std::string& name : databases_) {
    if (std::chrono::steady_clock::now() > end) break;
    const std::string sql = "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)";
    PQclear(PQexec(server.get(), sql.c_str()));
  }
  close(users_lock_);
}

void PostgresServer::execute(const std::string& sql) {
  const Connection server = connect(port_);
  PGresult* result = PQexec(server.get(), sql.c_str());
  const ExecStatusType status = PQresultStatus(result);
  PQclear(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
  throw std::runtime_error(sql + ": " + PQerrorMessage(server.get()));
}

std::string PostgresServer::create_database() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  const std::string name = "t" + std::to_string(getpid()) + "_" +
                           std::to_string(databases_.size()) + "_" +
                           std::to_string(now);
  execute("CREATE DATABASE " + name + " TEMPLATE template0");
  databases_.push_back(name);
  return url_of(port_, name);
}

std::string PostgresServer::with(const std::string& url, std::string_view key,
                                 std::string_view value) {
  std::string out = url;
  out += url.find('?') == std::string::npos ? '?' : '&';
  return out.append(key).append("=").append(value);
}

}  // namespace schemagen::test
