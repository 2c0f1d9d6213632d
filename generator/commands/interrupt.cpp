#include "commands/interrupt.hpp"

#include <pthread.h>

#include <utility>

namespace schemagen::gen {
namespace {

// Tells the waiting thread that there is nothing to wait for any more.
constexpr int kOver = SIGUSR1;

}  // namespace

OnInterrupt::OnInterrupt(std::function<void()> clean_up)
    : clean_up_(std::move(clean_up)) {
  sigemptyset(&signals_);
  sigaddset(&signals_, kOver);
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) {
    // Whoever ignores one (nohup) goes on ignoring it.
    struct sigaction now {};
    sigaction(each, nullptr, &now);
    if (now.sa_handler != SIG_IGN) sigaddset(&signals_, each);
  }
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  waiting_ = std::thread([this] { wait(); });
}

OnInterrupt::~OnInterrupt() {
  pthread_kill(waiting_.native_handle(), kOver);
  waiting_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void OnInterrupt::wait() {
  int signal = 0;
  if (sigwait(&signals_, &signal) != 0 || signal == kOver) return;
  clean_up_();
  // Our destructor may have sent kOver meanwhile, which stays blocked.
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  std::signal(signal, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  raise(signal);
}

}  // namespace schemagen::gen
