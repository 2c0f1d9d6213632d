// A PostgreSQL server of this run's own, on a socket in a folder of its own. A
// keeper, a process apart, starts it, stops it and removes the folder: it waits
// on a pipe that the kernel closes however this process ends, by kill -9 too.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace schemagen::gen {

class PrivatePostgres {
 public:
  /// Starts one with the programs in `binaries`. Look at why_not().
  explicit PrivatePostgres(const std::filesystem::path& binaries);
  PrivatePostgres(const PrivatePostgres&) = delete;
  PrivatePostgres& operator=(const PrivatePostgres&) = delete;
  /// Returns when the server and its folder are gone.
  ~PrivatePostgres();

  /// "" = it runs; else what the machine said.
  const std::string& why_not() const { return why_not_; }
  /// Of its first database, as a user who may do everything.
  std::string url() const;

 private:
  void start_keeper(const std::string& script);

  std::filesystem::path root_;
  std::string why_not_;
  pid_t keeper_ = -1;
  int life_ = -1;    ///< closed: the keeper ends the server
  int answer_ = -1;  ///< a byte: the server runs; closed before: it does not
};

}  // namespace schemagen::gen
