// Stands between a client and a server on 127.0.0.1 and misbehaves on demand:
// what broken networks do to a connection.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace schemagen::test {

class TcpProxy {
 public:
  explicit TcpProxy(int server_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  int port() const { return port_; }
  /// `url` of the server, led through this proxy.
  std::string through(const std::string& url) const;

  /// The next time a client sends `text`: it reaches the server, whose answer
  /// is thrown away; then the connection is cut, once.
  void cut_after(const std::string& text);
  /// The same, but `text` does not reach the server either.
  void cut_before(const std::string& text);

 private:
  void accept_clients();
  void serve(int client);
  bool forward_request(int client, int server);
  bool forward_answer(int server, int client);

  int server_port_;
  int port_ = 0;
  int listener_ = -1;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::string cut_text_;
  bool reaches_ = true;
  std::thread acceptor_;
  std::vector<std::thread> servers_;
};

}  // namespace schemagen::test
