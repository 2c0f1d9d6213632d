#include "sqlite/settings.hpp"

#include "core/text.hpp"

namespace schemagen::sqlite {
namespace {

// All that a PRAGMA can set for a connection, can read back, and that changes
// what later statements do. foreign_keys has its own owner.
constexpr std::string_view kNames[] = {
    "legacy_alter_table", "recursive_triggers", "ignore_check_constraints",
    "defer_foreign_keys", "writable_schema",    "reverse_unordered_selects",
    "trusted_schema",     "automatic_index",    "cell_size_check",
    "secure_delete",      "synchronous",        "busy_timeout",
    "read_uncommitted",   "temp_store",         "cache_size",
    "locking_mode",       "query_only"};

constexpr std::string_view kLikeIsBlind = "SELECT 'a' LIKE 'A'";

}  // namespace

Result<Done> Settings::save() {
  if (!saved_.empty()) return Done{};
  std::vector<Cell> values;
  for (std::string_view name : kNames) {
    auto value = engine_.cell(core::cat({"PRAGMA ", name}));
    if (!value) return value.failure();
    values.push_back(std::move(*value));
  }
  auto blind = engine_.cell(kLikeIsBlind);
  if (!blind) return blind.failure();
  values.push_back(std::move(*blind));
  saved_ = std::move(values);
  return Done{};
}

Result<Done> Settings::restore() {
  if (saved_.empty()) return Done{};
  // A script that forbade writing would stop the history row too.
  if (auto open = engine_.run("PRAGMA query_only = 0"); !open) return open;
  std::size_t index = 0;
  for (std::string_view name : kNames) {
    const Cell& wanted = saved_[index++];
    if (!wanted) continue;
    auto value = engine_.cell(core::cat({"PRAGMA ", name}));
    if (!value) return value.failure();
    if (*value == wanted) continue;
    auto set = engine_.run(core::cat({"PRAGMA ", name, " = ", *wanted}));
    if (!set) return set;
  }
  auto blind = engine_.cell(kLikeIsBlind);
  if (!blind) return blind.failure();
  if (*blind == saved_[index]) return Done{};
  return engine_.run(core::cat(
      {"PRAGMA case_sensitive_like = ", saved_[index] == "0" ? "1" : "0"}));
}

}  // namespace schemagen::sqlite
