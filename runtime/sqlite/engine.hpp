// The thin layer over sqlite3: statements with their errors as values, waiting
// for locks by polling (a caller's busy handler is never replaced), and a file
// that is made only when something is written.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "schemagen/database.hpp"
#include "schemagen/migrator.hpp"

namespace schemagen::sqlite {

/// A prepared statement; finalized at the end of its life.
class Statement {
 public:
  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  sqlite3_stmt* get() const { return statement_; }
  sqlite3_stmt** out() { return &statement_; }
  Cell text(int column) const;
  std::int64_t integer(int column) const;

 private:
  sqlite3_stmt* statement_ = nullptr;
};

/// One bound value: text or NULL; a view for the time of the call.
struct Value {
  Value(std::string_view bytes) : text(bytes), is_null(false) {}
  Value(const std::string& bytes) : text(bytes), is_null(false) {}
  Value(const char* bytes) : text(bytes), is_null(false) {}
  Value(const Cell& cell)
      : text(cell ? std::string_view(*cell) : std::string_view()),
        is_null(!cell) {}
  std::string_view text;
  bool is_null;
};
using Values = std::initializer_list<Value>;

/// "name" with its quotes doubled.
std::string quote(std::string_view identifier);

class Engine {
 public:
  Engine(sqlite3* handle, bool owned) : handle_(handle), owned_(owned) {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  /// Opens the file when it is there; else remembers to make it.
  Result<Done> open(std::string path);
  /// Makes the file now, when open() did not find it.
  Result<Done> ensure_file();
  /// nullptr while there is no file.
  sqlite3* handle() const { return handle_; }
  bool is_owned() const { return owned_; }

  /// Rebinds the wait for locks; `observer` hears of long ones.
  void wait_for(std::chrono::milliseconds timeout, Observer* observer);

  /// The first statement of `sql`; `tail` gets what follows it. A text of
  /// comments alone gives a statement without a handle.
  Result<Done> prepare(std::string_view sql, Statement& statement,
                       std::string_view* tail = nullptr);
  Result<Done> bind(Statement& statement, Values values);
  Result<Done> bind(Statement& statement, const Row& row);
  /// True: there is a row.
  Result<bool> step(Statement& statement);

  Result<Done> run(std::string_view sql, Values values = {});
  Result<std::vector<Row>> rows(std::string_view sql, Values values = {});
  /// The first cell of the first row.
  Result<Cell> cell(std::string_view sql, Values values = {});

  /// The engine's last word as an Error.
  Error last_error(int code) const;

 private:
  Result<Done> bind(Statement& statement, const Value* first,
                    std::size_t count);
  // Sleeps a moment; false when the wait is over.
  bool may_try_again(int code, std::chrono::steady_clock::time_point since,
                     int tries);
  Result<Done> open_with(int flags);

  sqlite3* handle_;
  bool owned_;
  std::string path_;
  std::chrono::milliseconds timeout_{5000};
  Observer* observer_ = nullptr;
};

}  // namespace schemagen::sqlite
