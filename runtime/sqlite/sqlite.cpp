#include "schemagen/sqlite.hpp"

#include "core/text.hpp"
#include "sqlite/connection.hpp"

namespace schemagen::sqlite {
namespace {

// "sqlite:PATH" and "sqlite://PATH" name PATH; nothing in it is decoded.
std::string path_of(std::string_view url) {
  constexpr std::string_view kScheme = "sqlite:";
  if (core::starts_with(url, kScheme)) {
    url.remove_prefix(kScheme.size());
    if (core::starts_with(url, "//")) url.remove_prefix(2);
  }
  return core::copy_of(url);
}

}  // namespace

Result<std::unique_ptr<Database>> open(std::string_view path) {
  auto connection = std::make_unique<Connection>(nullptr, true);
  if (auto opened = connection->open(path_of(path)); !opened) {
    return opened.failure();
  }
  return std::unique_ptr<Database>(std::move(connection));
}

const Connector kConnector = {&open};

std::unique_ptr<Database> borrow(sqlite3* connection) {
  return std::make_unique<Connection>(connection, false);
}

}  // namespace schemagen::sqlite
