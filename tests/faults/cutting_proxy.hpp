// Stands between libpq and a server and cuts the connection at a chosen
// message: before the server sees it, or after the server has carried it out
// but before its answer arrives.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace schemagen::faults {

class CuttingProxy {
 public:
  enum class Side { before, after };

  /// Listens on a free port of 127.0.0.1 and forwards to `server_port` there.
  explicit CuttingProxy(std::uint16_t server_port);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  std::uint16_t port() const { return port_; }

  /// Cuts once, at the `at`-th query from now (from 1); 0 never cuts.
  void cut(Side side, long at);
  /// Queries that came since cut().
  long queries() const { return queries_; }

 private:
  struct Link;

  void accept_all();
  void serve(int client);
  bool pass_startup(Link& link);
  void pass_queries(Link& link);

  std::uint16_t server_port_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<long> queries_{0};
  std::atomic<long> cut_at_{0};
  std::atomic<Side> side_{Side::before};
  std::thread acceptor_;
  std::mutex mutex_;
  std::vector<std::thread> servers_;
  std::vector<int> open_;
};

}  // namespace schemagen::faults
