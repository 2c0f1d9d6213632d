#include "status_page.hpp"

#include <httplib.h>

#include <iostream>
#include <schemagen/cli.hpp>

#include "embedded_migrations.hpp"

bool serve_status(const std::string& database_url, int port) {
  httplib::Server server;
  // Requests run in threads of their own, and so on connections of their own.
  server.Get("/migrations",
             [&](const httplib::Request&, httplib::Response& response) {
               response.set_content(
                   schemagen::status_json(workshop::migrations(), database_url),
                   "application/json");
             });
  const char* const host = "127.0.0.1";
  if (port == 0) {
    port = server.bind_to_any_port(host);
  } else if (!server.bind_to_port(host, port)) {
    port = -1;
  }
  if (port < 0) return false;
  std::cout << "http://" << host << ':' << port << "/migrations" << std::endl;
  return server.listen_after_bind();
}
