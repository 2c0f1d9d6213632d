#include "core/session.hpp"

#include <chrono>

#include "core/text.hpp"

namespace schemagen::core {
namespace {

Cell text_of(const EmbeddedScript& script) {
  if (script.text == nullptr) return std::nullopt;
  return std::string(script.text, script.size);
}

}  // namespace

Session::~Session() {
  if (is_attached_) driver_.detach();
}

bool Session::open() {
  std::string names;
  for (std::size_t i = 0; i < set_.dialect_count; ++i) {
    const EmbeddedDialect& dialect = set_.dialects[i];
    if (database_.dialect() == dialect.dialect) available_ = &dialect;
    names.append(i == 0 ? "" : ", ").append(dialect.dialect);
  }
  if (available_ != nullptr) {
    is_attached_ = driver_.attach(options_, observer());
    return is_attached_;
  }
  return failure().refuse(
      ErrorCode::usage,
      "this program has no migrations for %s, only for %s; add it to "
      "DIALECTS, or open such a database",
      copy_of(database_.dialect()).c_str(),
      names.empty() ? "no database" : names.c_str());
}

ErrorBox not_available(std::string_view id) {
  return refuse(ErrorCode::usage,
                "this program has no migration %s; status lists those that it "
                "has",
                copy_of(id).c_str());
}

const EmbeddedMigration* Session::find_available(std::string_view id) const {
  for (std::size_t i = 0; i < available_->count; ++i) {
    if (available_->migrations[i].id == id) return &available_->migrations[i];
  }
  return nullptr;
}

std::size_t Session::place_of(std::string_view id) const {
  std::size_t low = 0;
  std::size_t high = rows_.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (rows_[middle].id < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

const HistoryRow* Session::find_row(std::string_view id) const {
  const std::size_t at = place_of(id);
  return at < rows_.size() && rows_[at].id == id ? &rows_[at] : nullptr;
}

bool Session::read_history() {
  rows_.clear();
  if (!driver_.read_history(rows_, false)) return false;
  for (const HistoryRow& row : rows_) {
    if (row.applied_at > latest_) latest_ = row.applied_at;
  }
  return true;
}

bool Session::newest_is(const EmbeddedMigration* migration,
                        std::string_view state, bool& same) {
  std::vector<HistoryRow> newest;
  if (!driver_.read_history(newest, true)) return false;
  same = newest.empty() == (migration == nullptr);
  if (!same || migration == nullptr) return true;
  const HistoryRow& row = newest.front();
  same = row.id == migration->id && row.chain == migration->chain &&
         row.checksum == migration->checksum && row.state == state;
  return true;
}

bool Session::is_current(bool& current) {
  if (rows_.empty()) return newest_is(nullptr, {}, current);
  const HistoryRow& row = rows_.back();
  EmbeddedMigration last{};
  last.id = row.id.c_str();
  last.checksum = row.checksum.c_str();
  last.chain = row.chain.c_str();
  return newest_is(&last, row.state, current);
}

bool Session::is_complete(bool& complete) {
  const std::size_t count = available_->count;
  return newest_is(count == 0 ? nullptr : &available_->migrations[count - 1],
                   kApplied, complete);
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

bool Session::write(HistoryRow row) {
  if (row.applied_at > latest_) latest_ = row.applied_at;
  const std::size_t index = place_of(row.id);
  const bool is_new = find_row(row.id) == nullptr;
  if (is_new) {
    rows_.emplace_back();
    for (std::size_t i = rows_.size() - 1; i > index; --i) {
      std::swap(rows_[i], rows_[i - 1]);
    }
  }
  HistoryRow& kept = rows_[index];
  kept = std::move(row);
  kept.chain = chain_of(rows_, index);
  if (!driver_.record(kept, is_new)) return false;
  // The texts stay in the table; ten thousand scripts need no memory here.
  kept.script.reset();
  kept.down_script.reset();
  return write_chains(index + 1);
}

bool Session::remove(std::string_view id) {
  const HistoryRow* row = find_row(id);
  if (row == nullptr) return true;
  if (!driver_.erase(id)) return false;
  const auto index = row - rows_.data();
  rows_.erase(rows_.begin() + index);
  return write_chains(static_cast<std::size_t>(index));
}

bool Session::write_chains(std::size_t from) {
  for (std::size_t i = from; i < rows_.size(); ++i) {
    std::string chain = chain_of(rows_, i);
    if (chain == rows_[i].chain) continue;
    rows_[i].chain = std::move(chain);
    if (!driver_.set_chain(rows_[i])) return false;
  }
  return true;
}

bool Session::check_chains() {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (chain_of(rows_, i) == rows_[i].chain) continue;
    const char* id = rows_[i].id.c_str();
    return failure().refuse(
        ErrorCode::changed,
        "the history table was edited: from %s on its chain does not follow "
        "from its rows; restore the table from a backup, or accept what it "
        "says with repair %s",
        id, id);
  }
  return true;
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
