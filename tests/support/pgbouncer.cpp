#include "support/pgbouncer.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "support/postgres_server.hpp"

namespace schemagen::test {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error("no PgBouncer for the tests: " + what +
                           "; install the package `pgbouncer`");
}

std::string program() {
  for (const char* path : {"/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"}) {
    if (fs::exists(path)) return path;
  }
  fail("the program was found nowhere");
}

struct Place {
  std::string host, port, database;
};

/// postgresql://schemagen@HOST:PORT/DATABASE, as PostgresServer makes it.
Place place_of(const std::string& url) {
  const std::size_t host = url.find('@') + 1;
  const std::size_t port = url.find(':', host) + 1;
  const std::size_t database = url.find('/', port) + 1;
  return {url.substr(host, port - 1 - host),
          url.substr(port, database - 1 - port), url.substr(database)};
}

std::string settings(const Place& server, int port, const std::string& mode) {
  return "[databases]\n" + server.database + " = host=" + server.host +
         " port=" + server.port + " user=schemagen\n[pgbouncer]\n" +
         "listen_addr = 127.0.0.1\nlisten_port = " + std::to_string(port) +
         "\nunix_socket_dir =\nauth_type = any\npool_mode = " + mode +
         "\ndefault_pool_size = 2\nmin_pool_size = 2\n"
         "server_round_robin = 1\n";
}

/// PgBouncer refuses to run as root, as the server does.
void become_somebody_else() {
  if (geteuid() != 0) return;
  for (const char* name : {"postgres", "nobody"}) {
    const passwd* account = getpwnam(name);
    if (account == nullptr) continue;
    if (setgid(account->pw_gid) == 0 && setuid(account->pw_uid) == 0) return;
  }
  _exit(126);
}

pid_t start(const std::string& file, const std::string& folder) {
  const std::string executable = program();
  const std::string log = folder + "/log";
  const pid_t process = fork();
  if (process != 0) return process;
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  become_somebody_else();
  execl(executable.c_str(), executable.c_str(), file.c_str(), nullptr);
  _exit(127);
}

/// The server must answer through it, which needs a moment after its start.
bool answers(const std::string& url, pid_t process) {
  for (int tries = 0; tries < 100; ++tries) {
    PGconn* handle = PQconnectdb(url.c_str());
    const bool connected = PQstatus(handle) == CONNECTION_OK;
    PQfinish(handle);
    if (connected) return true;
    if (waitpid(process, nullptr, WNOHANG) == process) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

}  // namespace

PgBouncer::PgBouncer(const std::string& server_url, const std::string& mode) {
  const Place server = place_of(server_url);
  std::string pattern = "/tmp/schemagen-pgbouncer-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) fail("no folder " + pattern);
  folder_ = pattern;
  fs::permissions(folder_, fs::perms(0755));
  const std::string file = folder_ + "/pgbouncer.ini";
  for (int attempt = 0; attempt < 5; ++attempt) {
    port_ = free_port();
    std::ofstream(file) << settings(server, port_, mode);
    url_ = "postgresql://schemagen@127.0.0.1:" + std::to_string(port_) + "/" +
           server.database;
    process_ = start(file, folder_);
    if (answers(url_, process_)) return;
    stop();
  }
  fail("it did not start; its words are in " + folder_ + "/log");
}

void PgBouncer::stop() const {
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

PgBouncer::~PgBouncer() {
  stop();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace schemagen::test
