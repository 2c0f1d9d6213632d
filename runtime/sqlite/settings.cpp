#include "sqlite/settings.hpp"

#include <cstring>

#include "core/text.hpp"

namespace schemagen::sqlite {
namespace {

// All that a PRAGMA can set for a connection, can read back, and that changes
// what later statements do. foreign_keys has its own owner. One text, ended by
// an empty name: a list of pointers would have to be relocated at every start.
constexpr char kNames[] =
    "legacy_alter_table\0recursive_triggers\0ignore_check_constraints\0"
    "defer_foreign_keys\0writable_schema\0reverse_unordered_selects\0"
    "trusted_schema\0automatic_index\0cell_size_check\0secure_delete\0"
    "synchronous\0busy_timeout\0read_uncommitted\0temp_store\0cache_size\0"
    "locking_mode\0max_page_count\0query_only\0";

constexpr const char* kLikeIsBlind = "SELECT 'a' LIKE 'A'";

}  // namespace

bool Settings::save() {
  if (!saved_.empty()) return true;
  Names values;
  Cell value;
  for (const char* name = kNames; *name != '\0'; name += strlen(name) + 1) {
    if (!engine_.cell(value, "PRAGMA %s", name)) return false;
    core::append(values, value ? *value : std::string_view());
  }
  if (!engine_.cell(value, kLikeIsBlind)) return false;
  core::append(values, value ? *value : std::string_view());
  saved_ = std::move(values);
  return true;
}

bool Settings::restore() {
  if (saved_.empty()) return true;
  // A script that forbade writing would stop the history row too.
  if (!engine_.run("PRAGMA query_only = 0")) return false;
  const std::string* wanted = saved_.data();
  Cell value;
  for (const char* name = kNames; *name != '\0'; name += strlen(name) + 1) {
    const std::string& before = *wanted++;
    if (before.empty()) continue;  // not known to this SQLite
    if (!engine_.cell(value, "PRAGMA %s", name)) return false;
    if (value != before &&
        !engine_.run("PRAGMA %s = %s", name, before.c_str())) {
      return false;
    }
  }
  if (!engine_.cell(value, kLikeIsBlind)) return false;
  return value == *wanted ||
         engine_.run("PRAGMA case_sensitive_like = %d", *wanted == "0" ? 1 : 0);
}

}  // namespace schemagen::sqlite
