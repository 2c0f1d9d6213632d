// Ctrl-C and its like while something stands on a server of the user's.
#pragma once

#include <csignal>
#include <functional>
#include <thread>

namespace schemagen::gen {

/// While it lives, SIGINT, SIGTERM and SIGHUP end the process as they always
/// do, but after `clean_up`, which is called in a thread of its own.
class OnInterrupt {
 public:
  explicit OnInterrupt(std::function<void()> clean_up);
  ~OnInterrupt();
  OnInterrupt(const OnInterrupt&) = delete;
  OnInterrupt& operator=(const OnInterrupt&) = delete;

 private:
  void wait();

  std::function<void()> clean_up_;
  sigset_t signals_;
  sigset_t before_;
  std::thread waiting_;
};

}  // namespace schemagen::gen
