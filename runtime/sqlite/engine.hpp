// The thin layer over sqlite3: SQL written as formats, rows read in place,
// waiting for locks by polling (a caller's busy handler is never replaced), and
// a file that is made only when something is written.
//
// What fails puts its error into the connection's slot and returns false;
// nothing more is run until the error is taken.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdarg>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "schemagen/database.hpp"
#include "schemagen/migrator.hpp"

namespace schemagen::sqlite {

using Names = std::vector<std::string>;

class Engine {
 public:
  Engine(sqlite3* handle, bool owned, core::ErrorSlot& failure)
      : handle_(handle), owned_(owned), failure_(failure) {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  /// Opens the file when it is there; else remembers to make it.
  bool open(std::string path);
  /// Makes the file now, when open() did not find it.
  bool ensure_file();
  /// nullptr while there is no file.
  sqlite3* handle() const { return handle_; }
  bool is_owned() const { return owned_; }

  /// Rebinds the wait for locks; `observer` hears of long ones.
  void wait_for(std::chrono::milliseconds timeout, Observer* observer);
  /// Sleeps a moment; false when the wait that began at `since` is over, or
  /// when `code` says no lock.
  bool may_try_again(int code, std::chrono::steady_clock::time_point since,
                     int tries);

  /// Runs one statement, a format of sqlite3_mprintf: '%q' inside a literal,
  /// "%w" inside a quoted name.
  bool run(const char* format, ...);
  /// The first cell of the first row; no value when there is no row.
  bool cell(Cell& value, const char* format, ...);
  /// The first column of all rows.
  bool list(Names& values, const char* format, ...);

  bool ok() const { return failure_.ok(); }
  /// Keeps what the engine says of `code`; returns false.
  bool fail(int code);
  core::ErrorSlot& failure() { return failure_; }

 private:
  bool open_with(int flags);
  bool is_uri() const;

  sqlite3* handle_;
  bool owned_;
  core::ErrorSlot& failure_;
  std::string path_;
  bool is_missing_ = false;  // as the last failed open found
  std::chrono::milliseconds timeout_{5000};
  Observer* observer_ = nullptr;
};

/// One statement and the row that it is at.
class Query {
 public:
  explicit Query(Engine& engine) : engine_(engine) {}
  Query(Engine& engine, const char* format, ...);
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { sqlite3_finalize(statement_); }

  bool prepare_format(const char* format, va_list arguments);
  /// The first statement of `sql`; `tail` gets what follows it. A text of
  /// comments alone gives none, which is no error.
  bool prepare(std::string_view sql, std::string_view* tail = nullptr);
  sqlite3_stmt* get() const { return statement_; }

  /// Parameters from left to right; they must live until the last row.
  void bind(std::string_view text);
  void bind_cell(const Cell& cell);
  void bind(std::int64_t number);
  /// Back to before the first parameter: to be bound and run once more.
  void reset();

  /// False: there is no further row, or an error (see Engine::ok).
  bool next();
  Cell cell(int column) const;
  /// NULL reads as "".
  const char* text(int column) const;
  std::int64_t number(int column) const;

 private:
  void bind_text(const char* text, std::size_t size);
  const char* note_missing() const;

  Engine& engine_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

}  // namespace schemagen::sqlite
