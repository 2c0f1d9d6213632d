#include "postgres/connection.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace schemagen::postgres {
namespace {

Error usage(std::string message) {
  Error error;
  error.code = ErrorCode::usage;
  error.message = std::move(message);
  return error;
}

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

/// The server's words on one line: message, detail and hint.
std::string words_of(const PGresult* result) {
  std::string text = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (text.empty()) return text;
  for (const char code : {PG_DIAG_MESSAGE_DETAIL, PG_DIAG_MESSAGE_HINT}) {
    std::string more = field(result, code);
    if (more.empty()) continue;
    for (char& c : more) {
      if (c == '\n') c = ' ';
    }
    const bool ended = text.back() == '.';
    const bool is_detail = code == PG_DIAG_MESSAGE_DETAIL;
    text.append(is_detail ? ": " : ended ? " " : ". ").append(more);
  }
  // A sentence of its own there; here the message goes on behind it.
  if (text.back() == '.') text.pop_back();
  return text;
}

/// The server's last words (shut down, terminated) come before libpq sees that
/// nobody is there any more.
bool ends_session(const std::string& sqlstate) {
  return sqlstate.compare(0, 4, "57P0") == 0;
}

/// A lock timeout and a deadlock pass by themselves; both undid the statement.
ErrorCode code_of(const std::string& sqlstate) {
  const bool waits = sqlstate == "55P03" || sqlstate == "40P01";
  return waits ? ErrorCode::locked : ErrorCode::database;
}

/// What a person can do about the refusals that the server words badly.
std::string advice(const std::string& sqlstate, const std::string& words) {
  const bool view =
      words.find("used by a view or rule") != std::string::npos ||
      words.find("used in a policy definition") != std::string::npos ||
      words.find("used in a trigger definition") != std::string::npos;
  if (sqlstate == "2BP01" || view) {
    return "; drop what depends on it before this statement and create it "
           "again after it, in the same script";
  }
  if (sqlstate == "55P04") {
    return "; add the value in a migration of its own, before the one that "
           "uses it";
  }
  if (sqlstate == kTransactionTermination ||
      words.find("inside a transaction block") != std::string::npos) {
    return "; begin the script with -- schemagen: no-transaction";
  }
  if (words.find("statement pooling") != std::string::npos) {
    return "; give migrations the address of the server itself";
  }
  if (words.find("statement timeout") != std::string::npos) {
    return "; raise the statement timeout where that long is meant";
  }
  if (sqlstate == "25006") {
    return "; give migrations a server and a user that may write";
  }
  if (sqlstate == "42501") return "; grant the privilege to the user";
  return {};
}

std::vector<const char*> pointers(const Row& parameters) {
  std::vector<const char*> out;
  out.reserve(parameters.size());
  for (const Cell& cell : parameters) {
    out.push_back(cell ? cell->c_str() : nullptr);
  }
  return out;
}

bool has_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_done(ExecStatusType status) {
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
         status == PGRES_EMPTY_QUERY;
}

constexpr const char* kNul =
    "the text has a NUL byte, after which PostgreSQL would read nothing; "
    "remove it";

}  // namespace

Connection::~Connection() {
  if (owned_) PQfinish(handle_);
}

/// COPY would wait for data that nobody sends.
PgResult Connection::end_copy(PgResult result) {
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COPY_IN || status == PGRES_COPY_BOTH) {
    PQputCopyEnd(handle_, "a migration has no standard input to copy from");
    return PgResult(PQgetResult(handle_));
  }
  if (status != PGRES_COPY_OUT) return result;
  char* line = nullptr;
  while (PQgetCopyData(handle_, &line, 0) > 0) PQfreemem(line);
  return PgResult(PQgetResult(handle_));
}

Result<PgResult> Connection::checked(PgResult result, Failure* failure) {
  if (result != nullptr && is_done(PQresultStatus(result.get()))) {
    const std::string_view tag = PQcmdStatus(result.get());
    if (tag == "DISCARD ALL" || tag == "DEALLOCATE ALL") discarded_ = true;
    return result;
  }
  Error error;
  const std::string state = field(result.get(), PG_DIAG_SQLSTATE);
  const std::string words = words_of(result.get());
  const bool lost = PQstatus(handle_) != CONNECTION_OK || ends_session(state);
  error.database_text =
      words.empty() ? one_line(PQerrorMessage(handle_)) : words;
  error.code = lost ? ErrorCode::connection : code_of(state);
  error.message =
      lost ? "the connection to PostgreSQL was lost: " + error.database_text +
                 "; start once more when the server answers"
           : error.database_text + advice(state, words);
  if (failure != nullptr) {
    failure->sqlstate = state;
    failure->position = std::strtoul(
        field(result.get(), PG_DIAG_STATEMENT_POSITION).c_str(), nullptr, 10);
  }
  return error;
}

Result<PgResult> Connection::run(std::string_view sql, Failure* failure) {
  if (has_nul(sql)) return usage(kNul);
  std::vector<PgResult> results;
  Failure local;
  Result<Done> done =
      run_each(std::string(sql), results, failure ? *failure : local);
  if (!done) return done.error();
  if (results.empty()) {
    return PgResult(PQmakeEmptyPGresult(handle_, PGRES_EMPTY_QUERY));
  }
  return std::move(results.back());
}

Result<PgResult> Connection::run(std::string_view sql, const Row& parameters) {
  if (parameters.empty()) return run(sql);
  if (has_nul(sql)) return usage(kNul);
  for (const Cell& cell : parameters) {
    if (cell && has_nul(*cell)) return usage(kNul);
  }
  if (owes()) {
    Result<PgResult> sent = run({});
    if (!sent) return sent;
  }
  const std::vector<const char*> values = pointers(parameters);
  const std::string text(sql);
  return checked(PgResult(PQexecParams(handle_, text.c_str(),
                                       static_cast<int>(values.size()), nullptr,
                                       values.data(), nullptr, nullptr, 0)),
                 nullptr);
}

Result<Done> Connection::run_each(const std::string& sql,
                                  std::vector<PgResult>& results,
                                  Failure& failure) {
  if (has_nul(sql)) return usage(kNul);
  const std::string owed = std::exchange(owed_, {});
  Result<Done> done = send(owed + sql, results, failure);
  if (done || owed.empty()) return done;
  // A message that cannot be read is refused as a whole, BEGIN in it too.
  if (results.empty() && status() == PQTRANS_IDLE && try_run(owed.c_str())) {
    return send(sql, results, failure);
  }
  failure.position -= std::min(failure.position, characters(owed));
  return done;
}

Result<Done> Connection::send(const std::string& sql,
                              std::vector<PgResult>& results,
                              Failure& failure) {
  if (PQsendQuery(handle_, sql.c_str()) == 0) {
    return checked(nullptr, &failure).error();
  }
  std::optional<Error> first;
  while (PgResult next{PQgetResult(handle_)}) {
    Result<PgResult> one = checked(end_copy(std::move(next)), &failure);
    if (one) {
      results.push_back(std::move(*one));
      continue;
    }
    if (!first) first = one.error();
    // A lost connection would repeat itself for ever.
    if (first->code == ErrorCode::connection) break;
  }
  if (first) return *first;
  return Done{};
}

bool Connection::try_run(const char* sql) noexcept {
  const PgResult result(PQexec(handle_, sql));
  return is_done(PQresultStatus(result.get()));
}

std::string one_line(std::string_view words) {
  std::string text;
  for (const char c : words) {
    const bool blank = c == '\n' || c == '\t' || c == ' ';
    if (blank && (text.empty() || text.back() == ' ')) continue;
    text += blank ? ' ' : c;
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

Cell cell_of(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return std::nullopt;
  return std::string(
      PQgetvalue(result, row, column),
      static_cast<std::size_t>(PQgetlength(result, row, column)));
}

std::string text_of(const PGresult* result, int row, int column) {
  return cell_of(result, row, column).value_or("");
}

std::int64_t rows_changed(PGresult* result) {
  return std::strtoll(PQcmdTuples(result), nullptr, 10);
}

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

}  // namespace schemagen::postgres
