#include "core/session.hpp"

#include <algorithm>
#include <chrono>

#include "core/text.hpp"

namespace schemagen::core {
namespace {

Cell text_of(const EmbeddedScript& script) {
  if (script.text == nullptr) return std::nullopt;
  return std::string(script.text, script.size);
}

bool before(const HistoryRow& row, std::string_view id) { return row.id < id; }

}  // namespace

Result<Done> Session::open() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < set_.dialect_count; ++i) {
    const EmbeddedDialect& dialect = set_.dialects[i];
    if (database_.dialect() == dialect.dialect) available_ = &dialect;
    names.push_back(dialect.dialect);
  }
  if (available_ == nullptr) {
    return core::refuse(
        ErrorCode::usage,
        "this program has no migrations for %s, only for %s; add it to "
        "DIALECTS, or open such a database",
        std::string(database_.dialect()).c_str(),
        names.empty() ? "no database" : listed(names).c_str());
  }
  return driver_.attach(options_);
}

ErrorBox not_available(std::string_view id) {
  return refuse(ErrorCode::usage,
                "this program has no migration %s; status lists those that it "
                "has",
                std::string(id).c_str());
}

Result<Reconciled> Session::look() {
  if (auto opened = open(); !opened) return opened.failure();
  if (auto read = read_history(); !read) return read.failure();
  return reconcile(rows_, *available_);
}

const EmbeddedMigration* Session::find_available(std::string_view id) const {
  for (std::size_t i = 0; i < available_->count; ++i) {
    if (available_->migrations[i].id == id) return &available_->migrations[i];
  }
  return nullptr;
}

const HistoryRow* Session::find_row(std::string_view id) const {
  const auto at = std::lower_bound(rows_.begin(), rows_.end(), id, before);
  return at != rows_.end() && at->id == id ? &*at : nullptr;
}

Result<Done> Session::read_history() {
  auto rows = driver_.history();
  if (!rows) return rows.failure();
  rows_ = std::move(*rows);
  for (const HistoryRow& row : rows_) {
    if (row.applied_at > latest_) latest_ = row.applied_at;
  }
  return Done{};
}

Result<bool> Session::is_current() {
  auto newest = driver_.newest();
  if (!newest) return newest.failure();
  if (!newest->has_value()) return rows_.empty();
  const HistoryRow& row = **newest;
  return !rows_.empty() && rows_.back().id == row.id &&
         rows_.back().chain == row.chain && rows_.back().state == row.state;
}

Result<bool> Session::is_complete() {
  auto newest = driver_.newest();
  if (!newest) return newest.failure();
  if (available_->count == 0) return !newest->has_value();
  if (!newest->has_value()) return false;
  const HistoryRow& row = **newest;
  const EmbeddedMigration& last = available_->migrations[available_->count - 1];
  return row.id == last.id && row.chain == last.chain &&
         row.checksum == last.checksum && row.state == kApplied;
}

HistoryRow Session::row_for(const EmbeddedMigration& migration,
                            const char* how) {
  HistoryRow row;
  row.id = migration.id;
  row.name = migration.name;
  row.applied_at = now();
  row.script = text_of(migration.up);
  row.down_script = text_of(migration.down);
  row.checksum = migration.checksum;
  row.compatible = (migration.flags & kCompatible) != 0;
  const std::string user = driver_.user();
  row.applied_by = print("%s%s%s%s", set_.name, user.empty() ? "" : " as ",
                         user.c_str(), how);
  return row;
}

Result<Done> Session::write(HistoryRow row) {
  const auto at = std::lower_bound(rows_.begin(), rows_.end(),
                                   std::string_view(row.id), before);
  const auto index = static_cast<std::size_t>(at - rows_.begin());
  if (row.applied_at > latest_) latest_ = row.applied_at;
  if (at != rows_.end() && at->id == row.id) {
    *at = std::move(row);
  } else {
    rows_.insert(at, std::move(row));
  }
  const auto touched = rechain(rows_, index);
  if (auto done = driver_.record(rows_[index]); !done) return done;
  for (const std::string& id : touched) {
    if (id == rows_[index].id) continue;
    if (auto done = driver_.set_chain(id, find_row(id)->chain); !done) {
      return done;
    }
  }
  // The texts stay in the table; ten thousand scripts need no memory here.
  rows_[index].script.reset();
  rows_[index].down_script.reset();
  return Done{};
}

Result<Done> Session::remove(std::string_view id) {
  const HistoryRow* row = find_row(id);
  if (row == nullptr) return Done{};
  if (auto done = driver_.erase(id); !done) return done;
  const auto index = row - rows_.data();
  rows_.erase(rows_.begin() + index);
  return write_chains(static_cast<std::size_t>(index));
}

Result<Done> Session::write_chains(std::size_t from) {
  for (const std::string& id : rechain(rows_, from)) {
    if (auto done = driver_.set_chain(id, find_row(id)->chain); !done) {
      return done;
    }
  }
  return Done{};
}

Result<Done> Session::check_chains() const {
  std::vector<HistoryRow> rows = rows_;
  const std::vector<std::string> wrong = rechain(rows);
  if (wrong.empty()) return Done{};
  return core::refuse(
      ErrorCode::changed,
      "the history table was edited: from %s on its chain does not follow from "
      "its rows; restore the table from a backup, or accept what it says with "
      "repair %s",
      wrong.front().c_str(), wrong.front().c_str());
}

std::string Session::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  std::int64_t micros =
      std::chrono::duration_cast<std::chrono::microseconds>(since_epoch)
          .count();
  if (const auto seen = parse_time(latest_); seen && micros <= *seen) {
    micros = *seen + 1;
  }
  return format_time(micros);
}

}  // namespace schemagen::core
