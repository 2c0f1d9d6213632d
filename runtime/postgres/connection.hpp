// libpq behind Results: one connection, its statements and its errors. Knows
// nothing of migrations.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemagen/database.hpp"

namespace schemagen::postgres {

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, ClearResult>;

// Conditions of the standard's table that somebody decides on.
inline constexpr std::string_view kUndefinedTable = "42P01";
inline constexpr std::string_view kUndefinedColumn = "42703";
inline constexpr std::string_view kUndefinedFunction = "42883";
inline constexpr std::string_view kUndefinedSchema = "3F000";
inline constexpr std::string_view kDuplicateTable = "42P07";
inline constexpr std::string_view kUndefinedObject = "42704";
inline constexpr std::string_view kActiveTransaction = "25001";
inline constexpr std::string_view kTransactionTermination = "2D000";

/// What a failed statement leaves to be looked at beside its Error.
struct Failure {
  std::string sqlstate;
  std::size_t position = 0;  ///< character in the statement, from 1; 0 unknown
};

class Connection {
 public:
  /// `owned`: closed at the end, and may be connected again.
  Connection(PGconn* handle, bool owned) : handle_(handle), owned_(owned) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  PGconn* handle() const noexcept { return handle_; }
  bool owned() const noexcept { return owned_; }
  PGTransactionStatusType status() const noexcept {
    return PQtransactionStatus(handle_);
  }

  /// Sends `sql` in front of the next statement, in one message with it, since
  /// a round trip costs as much as a small statement. What then fails in it is
  /// the next statement's error.
  void owe(std::string_view sql) { owed_.append(sql).append("; "); }
  bool owes() const noexcept { return !owed_.empty(); }
  void forget_owed() noexcept { owed_.clear(); }

  /// Runs `sql`, one statement or several, without parameters.
  Result<PgResult> run(std::string_view sql, Failure* failure = nullptr);
  /// Runs one statement with text parameters.
  Result<PgResult> run(std::string_view sql, const Row& parameters);

  /// The results of what was owed and of everything in `sql`, in order, up to
  /// the first error, which is then the Error.
  Result<Done> run_each(const std::string& sql, std::vector<PgResult>& results,
                        Failure& failure);

  /// Whether DISCARD ALL or DEALLOCATE ALL ran since the last question: both
  /// take every prepared statement along.
  bool take_discard() noexcept { return std::exchange(discarded_, false); }

  /// Sends `sql` alone and forgets; for the paths that cannot fail any
  /// further.
  bool try_run(const char* sql) noexcept;

 private:
  Result<Done> send(const std::string& sql, std::vector<PgResult>& results,
                    Failure& failure);
  Result<PgResult> checked(PgResult result, Failure* failure);
  PgResult end_copy(PgResult result);

  PGconn* handle_;
  bool owned_;
  bool discarded_ = false;
  std::string owed_;
};

/// libpq's several lines as one, without blanks around.
std::string one_line(std::string_view words);

/// The value at (row, column), no value for NULL.
Cell cell_of(const PGresult* result, int row, int column);
/// The same, NULL as "".
std::string text_of(const PGresult* result, int row, int column);
std::int64_t rows_changed(PGresult* result);

/// `"name"`, with quotes inside doubled.
std::string quoted(std::string_view name);

/// `text` without anything that `url` keeps secret.
std::string redacted(std::string text, std::string_view url);

}  // namespace schemagen::postgres
