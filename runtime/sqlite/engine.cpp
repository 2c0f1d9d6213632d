#include "sqlite/engine.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/text.hpp"

namespace schemagen::sqlite {
namespace {

using Clock = std::chrono::steady_clock;

bool is_lock(int code) {
  return (code & 0xFF) == SQLITE_BUSY || code == SQLITE_LOCKED_SHAREDCACHE;
}

ErrorCode kind_of(int code) {
  if (is_lock(code)) return ErrorCode::locked;
  switch (code & 0xFF) {
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorCode::connection;
    default:
      return ErrorCode::database;
  }
}

const char* advice(int code) {
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

bool is_slash(char c) {
#ifdef _WIN32
  if (c == '\\') return true;
#endif
  return c == '/';
}

// With a name in it, so that a file in place of the folder is not one.
std::string folder_of(const std::string& file) {
  std::size_t end = file.size();
  while (end > 0 && !is_slash(file[end - 1])) --end;
  return core::print("%.*s.", static_cast<int>(end), file.c_str());
}

}  // namespace

Engine::~Engine() {
  if (owned_) sqlite3_close_v2(handle_);
}

bool Engine::open_with(int flags) {
  sqlite3* handle = nullptr;
  const char* const path = path_.c_str();
  const char* end = nullptr;
  // The URI form is SQLite's own, and only where it was asked for by name. Its
  // parameters may be keys.
  if (is_uri()) {
    flags |= SQLITE_OPEN_URI;
    end = static_cast<const char*>(std::memchr(path, '?', path_.size()));
  }
  const int code = sqlite3_open_v2(path, &handle, flags, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_extended_result_codes(handle, 1);
    handle_ = handle;
    return true;
  }
  const char* text = sqlite3_errmsg(handle);  // no handle: out of memory
  failure_.refuse(ErrorCode::connection, "cannot open %.*s: %s%s",
                  end == nullptr ? static_cast<int>(path_.size())
                                 : static_cast<int>(end - path),
                  path, text, advice(code));
  const int cause = sqlite3_system_errno(handle);
  is_missing_ = code == SQLITE_CANTOPEN && (cause == 0 || cause == ENOENT);
  failure_->database_text = text;
  sqlite3_close_v2(handle);
  return false;
}

bool Engine::open(std::string path) {
  path_ = std::move(path);
  if (path_.empty() || path_.size() != std::strlen(path_.c_str())) {
    return failure_.refuse(ErrorCode::usage, "the path of the database %s",
                           path_.empty()
                               ? "is empty; give a file, or :memory:"
                               : "holds a NUL byte; give the name of a file");
  }
  const bool uri = is_uri();
  const bool asks_for_file =
      uri && std::strstr(path_.c_str(), "mode=rwc") != nullptr;
  if (asks_for_file || path_ == ":memory:") return ensure_file();
  // Without a file SQLite cannot open; in a folder it can be made later. What
  // file a URI means, SQLite alone knows.
  if ((!uri && !is_there(path_) && is_there(folder_of(path_))) ||
      open_with(SQLITE_OPEN_READWRITE)) {
    return true;
  }
  if (uri && is_missing_) failure_.take();
  return failure_.ok();
}

bool Engine::is_uri() const { return core::starts_with(path_, "file:"); }

bool Engine::ensure_file() {
  return handle_ != nullptr ||
         open_with(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

void Engine::wait_for(std::chrono::milliseconds timeout, Observer* observer) {
  timeout_ = timeout;
  observer_ = observer;
}

bool Engine::may_try_again(int code, Clock::time_point since, int tries) {
  constexpr int kLongest = 50;
  constexpr int kTellEvery = 20;
  if (!is_lock(code)) return false;
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(
      Clock::now() - since);
  if (waited >= timeout_) return false;
  if (observer_ != nullptr && tries % kTellEvery == 7) {
    observer_->on_lock_wait(waited, "another connection");
  }
  sqlite3_sleep(std::min(1 << std::min(tries, 6), kLongest));
  return true;
}

bool Engine::fail(int code) {
  const ErrorCode kind = kind_of(code);
  const char* text =
      (code & 0xFF) == SQLITE_NOMEM ? "out of memory" : sqlite3_errmsg(handle_);
  if (kind == ErrorCode::locked) {
    failure_.refuse(
        kind,
        "the database is locked by another connection and did not become "
        "free within %lld ms; end the other one, or wait longer",
        static_cast<long long>(timeout_.count()));
  } else {
    failure_.refuse(kind, "%s%s", text, advice(code));
  }
  failure_->database_text = text;
  return false;
}

bool Engine::run(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  Query query(*this);
  query.prepare_format(format, arguments);
  va_end(arguments);
  while (query.next()) {
  }
  return ok();
}

bool Engine::cell(Cell& value, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  Query query(*this);
  query.prepare_format(format, arguments);
  va_end(arguments);
  value.reset();
  if (query.next()) value = query.cell(0);
  return ok();
}

bool Engine::list(Names& values, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  Query query(*this);
  query.prepare_format(format, arguments);
  va_end(arguments);
  while (query.next()) core::append(values, query.text(0));
  return ok();
}

Query::Query(Engine& engine, const char* format, ...) : engine_(engine) {
  va_list arguments;
  va_start(arguments, format);
  prepare_format(format, arguments);
  va_end(arguments);
}

bool Query::prepare_format(const char* format, va_list arguments) {
  char* sql = sqlite3_vmprintf(format, arguments);
  const bool made = sql == nullptr ? engine_.ok() && engine_.fail(SQLITE_NOMEM)
                                   : prepare(sql);
  sqlite3_free(sql);
  return made;
}

bool Query::prepare(std::string_view sql, std::string_view* tail) {
  if (!engine_.ok() || !engine_.ensure_file()) return false;
  if (sql.size() > 0x7FFFFFFF) {
    return engine_.failure().refuse(ErrorCode::usage,
                                    "the statement is longer than 2 GiB");
  }
  const auto since = Clock::now();
  for (int tries = 0;; ++tries) {
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(
        engine_.handle(), sql.data() == nullptr ? "" : sql.data(),
        static_cast<int>(sql.size()), 0, &statement_, &rest);
    if (code == SQLITE_OK) {
      if (tail != nullptr && rest != nullptr) {
        *tail = core::part_of(sql, static_cast<std::size_t>(rest - sql.data()));
      }
      return true;
    }
    if (!engine_.may_try_again(code, since, tries)) return engine_.fail(code);
  }
}

void Query::reset() {
  sqlite3_reset(statement_);
  bound_ = 0;
}

// No text at all is NULL.
void Query::bind_text(const char* text, std::size_t size) {
  const int code = sqlite3_bind_text64(statement_, ++bound_, text, size,
                                       SQLITE_STATIC, SQLITE_UTF8);
  // A value that is not bound would be written as NULL.
  if (code != SQLITE_OK && engine_.ok()) engine_.fail(code);
}

void Query::bind(std::string_view text) {
  bind_text(text.data() == nullptr ? "" : text.data(), text.size());
}

void Query::bind_cell(const Cell& cell) {
  bind_text(cell ? cell->data() : nullptr, cell ? cell->size() : 0);
}

void Query::bind(std::int64_t number) {
  sqlite3_bind_int64(statement_, ++bound_, number);
}

bool Query::next() {
  if (statement_ == nullptr || !engine_.ok()) return false;
  const auto since = Clock::now();
  for (int tries = 0;; ++tries) {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    if (!engine_.may_try_again(code, since, tries)) return engine_.fail(code);
    sqlite3_reset(statement_);
  }
}

Cell Query::cell(int column) const {
  const int type = sqlite3_column_type(statement_, column);
  if (type == SQLITE_NULL) return std::nullopt;
  const void* bytes = type == SQLITE_BLOB
                          ? sqlite3_column_blob(statement_, column)
                          : sqlite3_column_text(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr) {
    note_missing();
    return std::string();
  }
  return std::string(static_cast<const char*>(bytes),
                     static_cast<std::size_t>(size));
}

const char* Query::text(int column) const {
  const void* text = sqlite3_column_text(statement_, column);
  return text == nullptr ? note_missing() : static_cast<const char*>(text);
}

// Memory ran out while a value was made into text. Such a statement takes the
// whole transaction with it when it ends.
const char* Query::note_missing() const {
  if (sqlite3_errcode(engine_.handle()) == SQLITE_NOMEM && engine_.ok()) {
    engine_.fail(SQLITE_NOMEM);
  }
  return "";
}

std::int64_t Query::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

}  // namespace schemagen::sqlite
