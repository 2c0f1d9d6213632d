// A real PgBouncer in front of the tests' PostgreSQL server, for as long as the
// value lives.
#pragma once

#include <sys/types.h>

#include <string>

namespace schemagen::test {

class PgBouncer {
 public:
  /// `mode` is "session", "transaction" or "statement". Every transaction gets
  /// another of two server connections, so that what is left behind on one is
  /// missed. Throws std::runtime_error when none can be started: never a skip.
  PgBouncer(const std::string& server_url, const std::string& mode);
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;

  /// The same database through the pooler.
  const std::string& url() const { return url_; }
  int port() const { return port_; }

 private:
  void stop() const;

  std::string folder_;
  std::string url_;
  int port_ = 0;
  pid_t process_ = -1;
};

}  // namespace schemagen::test
