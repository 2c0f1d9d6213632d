// Where transactions, savepoints and the setting of foreign keys begin and end
// on SQLite. After a rollback nothing that was noted inside is believed.
#include "core/text.hpp"
#include "sqlite/connection.hpp"

namespace schemagen::sqlite {

bool Connection::attach(const MigrateOptions& options, Observer* observer) {
  sqlite3* handle = engine_.handle();
  if (options_ != nullptr ||
      (handle != nullptr && sqlite3_get_autocommit(handle) == 0)) {
    return failure_.refuse(ErrorCode::usage,
                           "the connection has an open transaction; commit it "
                           "or roll it back before migrating");
  }
  options_ = &options;
  engine_.wait_for(options.lock_timeout, observer);
  keys_.listen(table());
  return true;
}

void Connection::detach() noexcept {
  if (options_ == nullptr) return;
  rollback();
  settings_.restore();
  failure_.take();
  keys_.listen(nullptr);
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
  return core::print("%d.%d%s", version / 1'000'000, version / 1000 % 1000,
                     patch == 0 ? "" : core::print(".%d", patch).c_str());
}

// In a transaction SQLite ignores the setting without a word, so it is set
// before BEGIN and read back.
bool Connection::set_foreign_keys(bool on) {
  int now = -1;
  if (foreign_keys_before_ < 0) {
    sqlite3_db_config(engine_.handle(), SQLITE_DBCONFIG_ENABLE_FKEY, -1, &now);
    foreign_keys_before_ = now;
  }
  const char* word = on ? "on" : "off";
  sqlite3_db_config(engine_.handle(), SQLITE_DBCONFIG_ENABLE_FKEY, on ? 1 : 0,
                    &now);
  Cell read;
  if (!engine_.run("PRAGMA foreign_keys = %s", word) ||
      !engine_.cell(read, "PRAGMA foreign_keys")) {
    return false;
  }
  if (!read || (*read == "1") == on) return true;
  return failure_.refuse(
      ErrorCode::refused,
      "foreign_keys cannot be switched %s: something keeps a transaction open "
      "on this connection; end it before migrating",
      word);
}

bool Connection::begin(const TransactionKind& kind) {
  const bool is_new = engine_.handle() == nullptr;
  if (!engine_.ensure_file()) return false;
  if (is_new) keys_.listen(table());
  keys_are_on_ = (kind.flags & kForeignKeysOn) != 0;
  // With the keys on, nobody watches what happens to the tables.
  if (keys_are_on_) keys_.forget();
  return set_foreign_keys(keys_are_on_) && engine_.run("BEGIN IMMEDIATE") &&
         keys_.enter();
}

bool Connection::commit() {
  if (!write_rows() || !engine_.run("COMMIT")) return false;
  forget_rows(0, 0);
  return true;
}

void Connection::rollback() noexcept {
  keys_.pause();
  keys_.forget();
  rebuilds_.stop();
  forget_rows(0, 0);
  if (!in_transaction()) return;
  // The cause, if there is one, is what is told.
  ErrorBox cause = failure_.take();
  engine_.run("ROLLBACK");
  failure_.keep(std::move(cause));
}

bool Connection::in_transaction() {
  return engine_.handle() != nullptr &&
         sqlite3_get_autocommit(engine_.handle()) == 0;
}

bool Connection::savepoint() {
  if (written_ == new_rows_.size()) forget_rows(0, 0);
  rows_before_ = new_rows_.size();
  written_before_ = written_;
  return engine_.run("SAVEPOINT schemagen");
}

bool Connection::release_savepoint() {
  return engine_.run("RELEASE schemagen");
}

bool Connection::rollback_to_savepoint() {
  keys_.pause();
  keys_.forget();
  rebuilds_.stop();
  forget_rows(rows_before_, written_before_);
  engine_.run("ROLLBACK TO schemagen");
  return engine_.run("RELEASE schemagen");
}

bool Connection::reconnect() {
  return failure_.refuse(ErrorCode::connection,
                         "an SQLite connection is not lost and made again");
}

}  // namespace schemagen::sqlite
