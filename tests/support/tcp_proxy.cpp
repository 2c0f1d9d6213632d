#include "support/tcp_proxy.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace schemagen::test {
namespace {

constexpr int kTickMilliseconds = 50;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(port);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    return fd;
  }
  close(fd);
  return -1;
}

std::string read_some(int fd) {
  std::array<char, 65536> buffer;
  const ssize_t size = read(fd, buffer.data(), buffer.size());
  return size <= 0 ? ""
                   : std::string(buffer.data(), static_cast<std::size_t>(size));
}

bool write_all(int fd, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t size =
        send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) return false;
    sent += static_cast<std::size_t>(size);
  }
  return true;
}

}  // namespace

TcpProxy::TcpProxy(int server_port) : server_port_(server_port) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, plain, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, plain, &size) != 0) {
    throw std::runtime_error("the proxy cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_clients(); });
}

TcpProxy::~TcpProxy() {
  stopped_ = true;
  acceptor_.join();
  for (std::thread& server : servers_) server.join();
  close(listener_);
}

std::string TcpProxy::through(const std::string& url) const {
  const std::string before = ":" + std::to_string(server_port_) + "/";
  std::string out = url;
  out.replace(out.find(before), before.size(),
              ":" + std::to_string(port_) + "/");
  return out + "?sslmode=disable&gssencmode=disable";
}

void TcpProxy::cut_after(const std::string& text) {
  const std::lock_guard<std::mutex> guard(mutex_);
  cut_text_ = text;
  reaches_ = true;
}

void TcpProxy::cut_before(const std::string& text) {
  const std::lock_guard<std::mutex> guard(mutex_);
  cut_text_ = text;
  reaches_ = false;
}

void TcpProxy::accept_clients() {
  while (!stopped_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (poll(&waiting, 1, kTickMilliseconds) <= 0) continue;
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    servers_.emplace_back([this, client] { serve(client); });
  }
}

void TcpProxy::serve(int client) {
  const int server = connect_to(server_port_);
  std::array<pollfd, 2> ends = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
  while (server >= 0 && !stopped_) {
    if (poll(ends.data(), ends.size(), kTickMilliseconds) <= 0) continue;
    if (ends[0].revents != 0 && !forward_request(client, server)) break;
    if (ends[1].revents != 0 && !forward_answer(server, client)) break;
  }
  close(client);
  if (server >= 0) close(server);
}

bool TcpProxy::forward_request(int client, int server) {
  const std::string request = read_some(client);
  if (request.empty()) return false;
  bool cuts = false, reaches = true;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    cuts = !cut_text_.empty() && request.find(cut_text_) != std::string::npos;
    reaches = reaches_;
    if (cuts) cut_text_.clear();
  }
  if (cuts && !reaches) return false;
  if (!write_all(server, request)) return false;
  if (cuts) read_some(server);
  return !cuts;
}

bool TcpProxy::forward_answer(int server, int client) {
  std::string answer = read_some(server);
  return !answer.empty() && write_all(client, answer);
}

}  // namespace schemagen::test
