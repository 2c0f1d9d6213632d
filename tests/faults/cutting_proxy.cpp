#include "faults/cutting_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace schemagen::faults {
namespace {

constexpr std::uint32_t kSslRequest = 80877103;
constexpr std::uint32_t kGssRequest = 80877104;

bool read_all(int socket, char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t got = recv(socket, data, size, 0);
    if (got <= 0) return false;
    data += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(int socket, const std::string& data) {
  std::size_t done = 0;
  while (done < data.size()) {
    const ssize_t put =
        send(socket, data.data() + done, data.size() - done, MSG_NOSIGNAL);
    if (put <= 0) return false;
    done += static_cast<std::size_t>(put);
  }
  return true;
}

std::uint32_t number_at(const std::string& data, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, data.data() + at, sizeof value);
  return ntohl(value);
}

/// One message; `head` is 4 for the untyped ones of the start, else 5.
bool read_message(int socket, std::size_t head, std::string& message) {
  message.assign(head, '\0');
  if (!read_all(socket, message.data(), head)) return false;
  const std::size_t size = number_at(message, head - 4) + head - 4;
  if (size < head) return false;
  message.resize(size);
  return read_all(socket, message.data() + head, size - head);
}

sockaddr_in address_of(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

int connect_to(std::uint16_t port) {
  const int result = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = address_of(port);
  if (connect(result, reinterpret_cast<const sockaddr*>(&address),
              sizeof address) != 0) {
    close(result);
    return -1;
  }
  const int on = 1;
  setsockopt(result, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return result;
}

}  // namespace

struct CuttingProxy::Link {
  int client;
  int server;
};

CuttingProxy::CuttingProxy(std::uint16_t server_port)
    : server_port_(server_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = address_of(0);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    return;
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

CuttingProxy::~CuttingProxy() {
  shutdown(listener_, SHUT_RDWR);
  if (acceptor_.joinable()) acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (int client : open_) shutdown(client, SHUT_RDWR);
  }
  for (std::thread& server : servers_) server.join();
  for (int client : open_) close(client);
  close(listener_);
}

void CuttingProxy::cut(Side side, long at) {
  side_ = side;
  queries_ = 0;
  cut_at_ = at;
}

void CuttingProxy::accept_all() {
  while (true) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard lock(mutex_);
    // Closed by the destructor: a descriptor in use is never reused under it.
    open_.push_back(client);
    servers_.emplace_back([this, client] { serve(client); });
  }
}

void CuttingProxy::serve(int client) {
  Link link{client, connect_to(server_port_)};
  if (link.server >= 0 && pass_startup(link)) pass_queries(link);
  if (link.server >= 0) close(link.server);
  shutdown(client, SHUT_RDWR);
}

bool CuttingProxy::pass_startup(Link& link) {
  std::string message;
  while (read_message(link.client, 4, message)) {
    const std::uint32_t code = message.size() >= 8 ? number_at(message, 4) : 0;
    if (code != kSslRequest && code != kGssRequest) {
      return write_all(link.server, message);
    }
    if (!write_all(link.client, "N")) return false;
  }
  return false;
}

void CuttingProxy::pass_queries(Link& link) {
  pollfd ends[] = {{link.client, POLLIN, 0}, {link.server, POLLIN, 0}};
  bool answer_is_lost = false;
  std::string message;
  while (poll(ends, 2, -1) > 0) {
    if (ends[1].revents != 0) {
      if (!read_message(link.server, 5, message)) return;
      // ReadyForQuery: the server is done with what the client never hears of.
      if (answer_is_lost && message[0] == 'Z') return;
      if (!answer_is_lost && !write_all(link.client, message)) return;
    }
    if (ends[0].revents != 0) {
      if (!read_message(link.client, 5, message)) return;
      const bool is_query = message[0] == 'Q' || message[0] == 'S';
      const bool is_cut = is_query && ++queries_ == cut_at_;
      if (is_cut && side_ == Side::before) return;
      answer_is_lost = answer_is_lost || is_cut;
      if (!write_all(link.server, message)) return;
    }
  }
}

}  // namespace schemagen::faults
