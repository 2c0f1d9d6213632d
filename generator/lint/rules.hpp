// One row per rule, in the order of the documentation; each is a file of its
// name in rules/.
#pragma once

#include "lint/rule.hpp"

// clang-format off
#define SCHEMAGEN_LINT_RULES(ROW) \
  ROW(drop_table) \
  ROW(drop_column) \
  ROW(drop_schema) \
  ROW(truncate) \
  ROW(delete_without_where) \
  ROW(copy_leaves_rows) \
  ROW(replace_forgets_columns) \
  ROW(write_schema_table) \
  ROW(drop_cascade) \
  ROW(drop_cascades_to_rows) \
  ROW(narrow_column_type) \
  ROW(add_required_column) \
  ROW(non_constant_default) \
  ROW(default_breaks_check) \
  ROW(default_breaks_reference) \
  ROW(not_null_over_rows) \
  ROW(unique_over_rows) \
  ROW(check_over_rows) \
  ROW(foreign_key_over_rows) \
  ROW(strict_over_rows) \
  ROW(validate_over_rows) \
  ROW(rename_table) \
  ROW(rename_column) \
  ROW(rename_schema) \
  ROW(rename_enum_value) \
  ROW(drop_object) \
  ROW(row_security_without_policy) \
  ROW(old_inserts_fail) \
  ROW(drop_not_null) \
  ROW(drop_constraint) \
  ROW(triggers_off) \
  ROW(rule_swallows_writes) \
  ROW(drop_index) \
  ROW(index_lost) \
  ROW(rebuild_undeclared) \
  ROW(autoincrement_lost) \
  ROW(rowid_changed) \
  ROW(change_column_type) \
  ROW(volatile_default) \
  ROW(add_numbered_column) \
  ROW(add_stored_column) \
  ROW(set_not_null) \
  ROW(add_check_validated) \
  ROW(add_foreign_key_validated) \
  ROW(add_unique_constraint) \
  ROW(add_primary_key) \
  ROW(add_exclusion_constraint) \
  ROW(index_blocks_writes) \
  ROW(drop_index_blocks) \
  ROW(reindex_blocks) \
  ROW(detach_blocks) \
  ROW(work_under_lock) \
  ROW(lock_table) \
  ROW(update_without_where) \
  ROW(full_rewrite) \
  ROW(domain_constraint) \
  ROW(open_transaction) \
  ROW(not_rerunnable) \
  ROW(timeout_off) \
  ROW(opaque_statement) \
  ROW(extension) \
  ROW(grant_to_public) \
  ROW(privileges) \
  ROW(password_in_script) \
  ROW(duplicate_column) \
  ROW(foreign_key_parent_not_unique) \
  ROW(foreign_key_type_differs) \
  ROW(redundant_index) \
  ROW(table_without_primary_key) \
  ROW(wide_index) \
  ROW(narrow_key) \
  ROW(prefer_identity) \
  ROW(prefer_text) \
  ROW(prefer_timestamptz) \
  ROW(prefer_jsonb) \
  ROW(inexact_number) \
  ROW(enum_order_unstated) \
  ROW(schema_unstated) \
  ROW(name_needs_quotes)
// clang-format on

namespace schemagen::gen::rules {

#define SCHEMAGEN_DECLARE_RULE(name) extern const Rule name;
SCHEMAGEN_LINT_RULES(SCHEMAGEN_DECLARE_RULE)
#undef SCHEMAGEN_DECLARE_RULE

}  // namespace schemagen::gen::rules
