// A private PostgreSQL for tests. The first test process that asks starts one
// server per user and machine; every other process joins it, each test in a
// database of its own. The server stops by itself a while after the last
// process that used it has gone, so nothing has to be cleaned up by a caller.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace schemagen::test {

/// A port of 127.0.0.1 on which nobody listens at the moment.
int free_port();

class PostgresServer {
 public:
  /// The server of this process. Throws std::runtime_error, which fails the
  /// test with its text, when no server can be started: never a skip.
  static PostgresServer& instance();

  /// A new empty database, whose URL needs no password (the role `guarded`
  /// would need one), dropped when the process ends normally.
  std::string create_database();

  /// The same database under another user or with further options:
  /// `with(url, "application_name", "other")`.
  static std::string with(const std::string& url, std::string_view key,
                          std::string_view value);

  /// Runs one statement as the superuser, outside any test database.
  void execute(const std::string& sql);

  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

 private:
  PostgresServer();
  ~PostgresServer();

  std::string directory_;
  std::string port_;
  int users_lock_ = -1;  ///< shared flock: "this process uses the server"
  std::vector<std::string> databases_;
};

}  // namespace schemagen::test
