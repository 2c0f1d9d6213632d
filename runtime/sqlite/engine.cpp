#include "sqlite/engine.hpp"

#include <algorithm>
#include <thread>

#include "core/text.hpp"

namespace schemagen::sqlite {
namespace {

using core::cat;
using core::make_error;
using Clock = std::chrono::steady_clock;

bool is_lock(int code) {
  return (code & 0xFF) == SQLITE_BUSY || code == SQLITE_LOCKED_SHAREDCACHE;
}

ErrorCode kind_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
      return ErrorCode::locked;
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorCode::connection;
    default:
      return code == SQLITE_LOCKED_SHAREDCACHE ? ErrorCode::locked
                                               : ErrorCode::database;
  }
}

std::string_view advice(int code) {
  switch (code & 0xFF) {
    case SQLITE_CANTOPEN:
      return "; check that the folder exists and may be written";
    case SQLITE_NOTADB:
      return "; give the path of an SQLite database";
    case SQLITE_READONLY:
      return "; make the file and its folder writable";
    default:
      return "";
  }
}

#ifdef _WIN32
constexpr const char* kSlashes = "/\\";
#else
constexpr const char* kSlashes = "/";
#endif

// As SQLite sees it, whose paths are UTF-8 on every system. Where it cannot
// see, opening tells why.
bool is_there(const std::string& path) {
  sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
  int found = 1;
  return vfs == nullptr ||
         vfs->xAccess(vfs, path.c_str(), SQLITE_ACCESS_EXISTS, &found) !=
             SQLITE_OK ||
         found != 0;
}

// With a name in it, so that a file in place of the folder is not one.
std::string folder_of(const std::string& file) {
  const std::size_t end = file.find_last_of(kSlashes);
  return end == std::string::npos ? "." : file.substr(0, end + 1) + ".";
}

}  // namespace

std::string quote(std::string_view identifier) {
  std::string quoted = "\"";
  for (char c : identifier) {
    if (c == '"') quoted += c;
    quoted += c;
  }
  return quoted + '"';
}

Cell Statement::text(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) {
    return std::nullopt;
  }
  const void* bytes = sqlite3_column_type(statement_, column) == SQLITE_BLOB
                          ? sqlite3_column_blob(statement_, column)
                          : sqlite3_column_text(statement_, column);
  const auto size =
      static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string()
                          : std::string(static_cast<const char*>(bytes), size);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

Engine::~Engine() {
  if (owned_) sqlite3_close_v2(handle_);
}

Result<Done> Engine::open_with(int flags) {
  sqlite3* handle = nullptr;
  // The URI form is SQLite's own, and only where it was asked for by name.
  if (path_.compare(0, 5, "file:") == 0) flags |= SQLITE_OPEN_URI;
  const int code = sqlite3_open_v2(path_.c_str(), &handle, flags, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_extended_result_codes(handle, 1);
    handle_ = handle;
    return Done{};
  }
  const std::string text =
      handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle);
  sqlite3_close_v2(handle);
  Error error =
      make_error(ErrorCode::connection,
                 cat({"cannot open ", path_, ": ", text, advice(code)}));
  error.database_text = text;
  return error;
}

Result<Done> Engine::open(std::string path) {
  path_ = std::move(path);
  if (path_.empty() || path_.find('\0') != std::string::npos) {
    return core::refuse(
        ErrorCode::usage,
        {path_.empty() ? "the path of the database is empty; give "
                         "a file, or :memory:"
                       : "the path of the database holds a NUL "
                         "byte; give the name of a file"});
  }
  constexpr int kCreate = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (path_ == ":memory:" || path_.compare(0, 5, "file:") == 0) {
    return open_with(kCreate);
  }
  // Without a file SQLite cannot open; in a folder it can be made later.
  if (is_there(path_) || !is_there(folder_of(path_))) {
    return open_with(SQLITE_OPEN_READWRITE);
  }
  return Done{};
}

Result<Done> Engine::ensure_file() {
  if (handle_ != nullptr) return Done{};
  return open_with(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

void Engine::wait_for(std::chrono::milliseconds timeout, Observer* observer) {
  timeout_ = timeout;
  observer_ = observer;
}

bool Engine::may_try_again(int code, Clock::time_point since, int tries) {
  constexpr std::chrono::milliseconds kLongest{50};
  constexpr int kTellEvery = 20;
  if (!is_lock(code)) return false;
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(
      Clock::now() - since);
  if (waited >= timeout_) return false;
  if (observer_ != nullptr && tries % kTellEvery == 7) {
    observer_->on_lock_wait(waited, "another connection");
  }
  std::this_thread::sleep_for(
      std::min(std::chrono::milliseconds(1 << std::min(tries, 6)), kLongest));
  return true;
}

Error Engine::last_error(int code) const {
  const char* text =
      (code & 0xFF) == SQLITE_NOMEM ? "out of memory" : sqlite3_errmsg(handle_);
  Error error;
  error.code = kind_of(code);
  error.database_text = text;
  if (error.code == ErrorCode::locked) {
    error.message =
        cat({"the database is locked by another connection and "
             "did not become free within ",
             std::to_string(timeout_.count()),
             " ms; end the other one, or wait longer"});
  } else {
    error.message = cat({text, advice(code)});
  }
  return error;
}

Result<Done> Engine::prepare(std::string_view sql, Statement& statement,
                             std::string_view* tail) {
  if (auto there = ensure_file(); !there) return there;
  if (sql.size() > 0x7FFFFFFF) {
    return core::refuse(ErrorCode::usage,
                        {"the statement is longer than 2 GiB"});
  }
  const auto since = Clock::now();
  for (int tries = 0;; ++tries) {
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(
        handle_, sql.data() == nullptr ? "" : sql.data(),
        static_cast<int>(sql.size()), 0, statement.out(), &rest);
    if (code == SQLITE_OK) {
      if (tail != nullptr && rest != nullptr) {
        *tail = sql.substr(static_cast<std::size_t>(rest - sql.data()));
      }
      return Done{};
    }
    if (!may_try_again(code, since, tries)) return last_error(code);
  }
}

Result<Done> Engine::bind(Statement& statement, const Value* first,
                          std::size_t count) {
  const int wanted = sqlite3_bind_parameter_count(statement.get());
  if (static_cast<std::size_t>(wanted) != count) {
    return core::refuse(
        ErrorCode::usage,
        {"the statement has ", std::to_string(wanted), " parameters and ",
         std::to_string(count), " values were given"});
  }
  for (int i = 0; i < wanted; ++i) {
    const Value& value = first[i];
    if (value.is_null) continue;  // unbound is NULL
    const int code = sqlite3_bind_text64(
        statement.get(), i + 1,
        value.text.data() == nullptr ? "" : value.text.data(),
        value.text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    if (code != SQLITE_OK) return last_error(code);
  }
  return Done{};
}

Result<Done> Engine::bind(Statement& statement, Values values) {
  return bind(statement, values.begin(), values.size());
}

Result<Done> Engine::bind(Statement& statement, const Row& row) {
  const std::vector<Value> values(row.begin(), row.end());
  return bind(statement, values.data(), values.size());
}

Result<bool> Engine::step(Statement& statement) {
  if (statement.get() == nullptr) return false;
  const auto since = Clock::now();
  for (int tries = 0;; ++tries) {
    const int code = sqlite3_step(statement.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    if (!may_try_again(code, since, tries)) return last_error(code);
    sqlite3_reset(statement.get());
  }
}

Result<std::vector<Row>> Engine::rows(std::string_view sql, Values values) {
  Statement statement;
  if (auto made = prepare(sql, statement); !made) {
    return made.failure();
  }
  std::vector<Row> rows;
  if (statement.get() == nullptr) return rows;
  if (auto bound = bind(statement, values); !bound) {
    return bound.failure();
  }
  const int columns = sqlite3_column_count(statement.get());
  for (;;) {
    auto more = step(statement);
    if (!more) return more.failure();
    if (!*more) return rows;
    Row row;
    for (int i = 0; i < columns; ++i) row.push_back(statement.text(i));
    rows.push_back(std::move(row));
  }
}

Result<Done> Engine::run(std::string_view sql, Values values) {
  auto done = rows(sql, values);
  if (!done) return done.failure();
  return Done{};
}

Result<Cell> Engine::cell(std::string_view sql, Values values) {
  auto all = rows(sql, values);
  if (!all) return all.failure();
  if (all->empty() || all->front().empty()) return Cell{};
  return std::move(all->front().front());
}

}  // namespace schemagen::sqlite
