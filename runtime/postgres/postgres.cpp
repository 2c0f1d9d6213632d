// The entry points: a Database on a connection of ours or of the caller.
#include "schemagen/postgres.hpp"

#include <utility>

#include "postgres/driver.hpp"

namespace schemagen::postgres {
namespace {

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(PGconn* handle, bool owned)
      : connection_(handle, owned), driver_(connection_) {}

  std::string_view dialect() const noexcept override { return "postgres"; }

  Result<std::int64_t> execute(std::string_view sql,
                               const Row& parameters) override {
    Result<PgResult> result = connection_.run(sql, parameters);
    if (!result) return result.error();
    return rows_changed(result->get());
  }

  Result<std::vector<Row>> query(std::string_view sql,
                                 const Row& parameters) override {
    Result<PgResult> result = connection_.run(sql, parameters);
    if (!result) return result.error();
    const PGresult* table = result->get();
    std::vector<Row> rows(static_cast<std::size_t>(PQntuples(table)));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (int column = 0; column < PQnfields(table); ++column) {
        rows[row].push_back(cell_of(table, static_cast<int>(row), column));
      }
    }
    return rows;
  }

  Driver& driver() noexcept override { return driver_; }

 private:
  Connection connection_;
  PostgresDriver driver_;
};

/// libpq would print notices to standard error.
void no_notice(void* /*unused*/, const PGresult* /*notice*/) {}

Error unreachable(std::string message) {
  Error error;
  error.code = ErrorCode::connection;
  error.message = std::move(message);
  return error;
}

/// Nothing in it that the URL keeps secret.
std::string reason(PGconn* handle, std::string_view url) {
  return redacted(one_line(PQerrorMessage(handle)), url);
}

/// What to look at: the server said no, or nobody answered.
const char* advice(PGconn* handle) {
  if (PQconnectionNeedsPassword(handle) != 0) {
    return "; give the password in the address, in PGPASSWORD or in a password "
           "file";
  }
  if (PQconnectionUsedPassword(handle) != 0) {
    return "; check user, password and database";
  }
  const std::string_view words = PQerrorMessage(handle);
  return words.find("FATAL:") == std::string_view::npos
             ? "; check the address and that the server runs"
             : "; check user and database";
}

/// libpq quotes the URL, password and all, when it cannot read it; so its
/// words are not passed on.
bool is_readable(const std::string& url) {
  char* ignored = nullptr;
  PQconninfoOption* options = PQconninfoParse(url.c_str(), &ignored);
  PQfreemem(ignored);
  if (options == nullptr) return false;
  PQconninfoFree(options);
  return true;
}

}  // namespace

Result<std::unique_ptr<Database>> open(std::string_view url) {
  const std::string text(url);
  if (text.find('\0') != std::string::npos || !is_readable(text)) {
    return unreachable(
        "this is no address of a PostgreSQL database; write "
        "postgresql://USER:PASSWORD@HOST:PORT/DATABASE with every @ : / ? # % "
        "inside a name or password percent-encoded, or libpq's key=value "
        "words");
  }
  // Later words win: the URL may say another time-out, but not another
  // encoding than that of the scripts.
  const char* const words[] = {"connect_timeout", "fallback_application_name",
                               "dbname", "client_encoding", nullptr};
  const char* const values[] = {"10", "schemagen", text.c_str(), "UTF8",
                                nullptr};
  PGconn* handle = PQconnectdbParams(words, values, 1);
  if (PQstatus(handle) == CONNECTION_OK) {
    PQsetNoticeReceiver(handle, no_notice, nullptr);
    return std::unique_ptr<Database>(new PostgresDatabase(handle, true));
  }
  Error error = unreachable(
      "cannot connect to PostgreSQL: " + reason(handle, url) + advice(handle));
  PQfinish(handle);
  return error;
}

const Connector kConnector = {&open};

std::unique_ptr<Database> borrow(pg_conn* connection) {
  return std::make_unique<PostgresDatabase>(connection, false);
}

}  // namespace schemagen::postgres
