#include "commands/private_postgres.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "model/text.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

/// PostgreSQL refuses to run as root; root starts it as somebody else, whom the
/// folder is given to.
std::string choose_account(const fs::path& data) {
  if (::geteuid() != 0) return "";
  for (const char* name : {"postgres", "nobody"}) {
    const passwd* account = ::getpwnam(name);
    if (account == nullptr) continue;
    if (::chown(data.c_str(), account->pw_uid, account->pw_gid) != 0) return "";
    return "setpriv --reuid=" + std::to_string(account->pw_uid) +
           " --regid=" + std::to_string(account->pw_gid) + " --clear-groups ";
  }
  return "";
}

/// The life of the server, as the keeper goes through it. What is asked to end
/// during the start ends after it, so that nothing is removed under a server
/// that is about to come.
std::string keeper_script(const fs::path& binaries, const fs::path& root,
                          const std::string& data) {
  const std::string prefix = choose_account(data);
  const std::string folder = shell_word(data);
  const std::string control =
      prefix + shell_word((binaries / "pg_ctl").string()) + " -D " + folder;
  return "exec 2>/dev/null\n"
         "trap '' PIPE\n"  // nobody may be left to read the answer
         "{ " +
         prefix + shell_word((binaries / "initdb").string()) + " -D " + folder +
         " -U schemagen -A trust -E UTF8 --locale=C.UTF-8 --no-sync && " +
         control +
         " -w -t 60 -o \"-c listen_addresses='' -c fsync=off -c "
         "unix_socket_directories=" +
         data + "\" start; } >" + shell_word((root / "log").string()) +
         " 2>&1 </dev/null && echo\n"
         "exec >/dev/null\n"
         "cat\n" +
         control + " -m immediate -w stop </dev/null\nrm -rf " +
         shell_word(root.string());
}

bool make_folders(const fs::path& root, const fs::path& data) {
  std::error_code failure;
  fs::permissions(root, fs::perms(0755), failure);
  if (!failure) fs::create_directory(data, failure);
  if (!failure) fs::permissions(data, fs::perms(0700), failure);
  return !failure;
}

/// What initdb or the server said of their failure.
std::string reason_in(const fs::path& log) {
  std::ifstream in(log);
  std::string line, last;
  while (std::getline(in, line)) {
    const bool tells = line.find("error:") != std::string::npos ||
                       line.find("FATAL:") != std::string::npos;
    if (tells) return line;
    if (!line.empty()) last = line;
  }
  return last.empty() ? "its programs said nothing" : last;
}

}  // namespace

PrivatePostgres::PrivatePostgres(const fs::path& binaries) {
  std::string name = "/tmp/schemagen-XXXXXX";  // sockets need short paths
  if (::mkdtemp(name.data()) == nullptr) {
    why_not_ = "/tmp: " + std::generic_category().message(errno);
    return;
  }
  root_ = name;
  const fs::path data = root_ / "data";
  if (make_folders(root_, data)) {
    start_keeper(keeper_script(binaries, root_, data.string()));
  }
  char byte = 0;
  if (answer_ < 0 || ::read(answer_, &byte, 1) != 1) {
    why_not_ = reason_in(root_ / "log");
  }
}

PrivatePostgres::~PrivatePostgres() {
  if (life_ >= 0) ::close(life_);
  if (answer_ >= 0) ::close(answer_);
  if (keeper_ > 0) {
    while (::waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {
    }
  } else if (!root_.empty()) {
    std::error_code failure;
    fs::remove_all(root_, failure);
  }
}

void PrivatePostgres::start_keeper(const std::string& script) {
  int life[2], answer[2];
  if (::pipe2(life, O_CLOEXEC) != 0) return;
  if (::pipe2(answer, O_CLOEXEC) == 0) {
    keeper_ = ::fork();
    if (keeper_ == 0) {
      // Out of the terminal's group: Ctrl-C is for us, and ends it by the pipe.
      ::setsid();
      ::dup2(life[0], STDIN_FILENO);
      ::dup2(answer[1], STDOUT_FILENO);
      if (::chdir("/") == 0) {
        ::execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
      }
      ::_exit(127);
    }
    answer_ = answer[0];
    ::close(answer[1]);
  }
  life_ = life[1];
  ::close(life[0]);
}

/// Nothing of the user's PGOPTIONS and PGHOSTADDR is meant for it.
std::string PrivatePostgres::url() const {
  return "postgresql://schemagen@/postgres?options=&hostaddr=&host=" +
         (root_ / "data").string();
}

}  // namespace schemagen::gen
