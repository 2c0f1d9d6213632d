#include "core/text.hpp"
#include "sqlite/connection.hpp"

namespace schemagen::sqlite {

using core::cat;
using core::make_error;

Result<Done> Connection::attach(const MigrateOptions& options) {
  sqlite3* handle = engine_.handle();
  if (handle != nullptr && sqlite3_get_autocommit(handle) == 0) {
    return core::refuse(ErrorCode::usage,
                        {"the connection has an open transaction; commit it or "
                         "roll it back before migrating"});
  }
  options_ = &options;
  engine_.wait_for(options.lock_timeout, options.observer);
  keys_.listen(true);
  return Done{};
}

void Connection::detach() noexcept {
  if (options_ == nullptr) return;
  rollback();
  (void)static_cast<bool>(settings_.restore());
  keys_.listen(false);
  if (foreign_keys_before_ >= 0) {
    sqlite3_db_config(engine_.handle(), SQLITE_DBCONFIG_ENABLE_FKEY,
                      foreign_keys_before_, nullptr);
    foreign_keys_before_ = -1;
  }
  options_ = nullptr;
  engine_.wait_for(std::chrono::milliseconds(5000), nullptr);
}

std::string Connection::version_text(int version) {
  const int patch = version % 1000;
  return cat({std::to_string(version / 1'000'000), ".",
              std::to_string(version / 1000 % 1000), patch == 0 ? "" : ".",
              patch == 0 ? "" : std::to_string(patch)});
}

// In a transaction SQLite ignores the setting without a word, so it is set
// before BEGIN and read back.
Result<Done> Connection::set_foreign_keys(bool on) {
  int now = -1;
  if (foreign_keys_before_ < 0) {
    sqlite3_db_config(engine_.handle(), SQLITE_DBCONFIG_ENABLE_FKEY, -1, &now);
    foreign_keys_before_ = now;
  }
  sqlite3_db_config(engine_.handle(), SQLITE_DBCONFIG_ENABLE_FKEY, on ? 1 : 0,
                    &now);
  if (auto set = engine_.run(on ? "PRAGMA foreign_keys = ON"
                                : "PRAGMA foreign_keys = OFF");
      !set) {
    return set;
  }
  auto read = engine_.cell("PRAGMA foreign_keys");
  if (!read) return read.failure();
  if (*read && (**read == "1") != on) {
    return core::refuse(
        ErrorCode::refused,
        {"foreign_keys cannot be switched ", on ? "on" : "off",
         ": something keeps a transaction open on this connection; end it "
         "before migrating"});
  }
  return Done{};
}

Result<Done> Connection::begin(const TransactionKind& kind) {
  const bool is_new = engine_.handle() == nullptr;
  if (auto there = engine_.ensure_file(); !there) return there;
  if (is_new) keys_.listen(true);
  keys_are_on_ = (kind.flags & kForeignKeysOn) != 0;
  if (auto set = set_foreign_keys(keys_are_on_); !set) return set;
  keys_.forget();
  return engine_.run("BEGIN IMMEDIATE");
}

Result<Done> Connection::commit() { return engine_.run("COMMIT"); }

void Connection::rollback() noexcept {
  keys_.pause();
  keys_.forget();
  rebuilds_.stop();
  if (in_transaction()) (void)static_cast<bool>(engine_.run("ROLLBACK"));
}

bool Connection::in_transaction() {
  return engine_.handle() != nullptr &&
         sqlite3_get_autocommit(engine_.handle()) == 0;
}

Result<Done> Connection::savepoint() {
  return engine_.run("SAVEPOINT schemagen");
}

Result<Done> Connection::release_savepoint() {
  return engine_.run("RELEASE schemagen");
}

Result<Done> Connection::rollback_to_savepoint() {
  keys_.pause();
  keys_.forget();
  rebuilds_.stop();
  if (auto back = engine_.run("ROLLBACK TO schemagen"); !back) return back;
  return release_savepoint();
}

Result<Done> Connection::reconnect() {
  return core::refuse(ErrorCode::connection,
                      {"an SQLite connection is not lost and made again"});
}

}  // namespace schemagen::sqlite
