// The functions of the rules, one file each, and the one question that most of
// them ask.
#pragma once

#include <algorithm>

#include "lint/statement.hpp"

namespace schemagen::gen {

/// True when an action of an ALTER TABLE over rows that are there (or another
/// statement as a whole) is one of those that `is_one` means.
template <class Test>
bool any_action(const LintStatement& s, Test is_one) {
  return !s.table_is_new &&
         std::any_of(s.actions.begin(), s.actions.end(), is_one) &&
         s.words.starts_with({"ALTER", "TABLE"});
}

bool finds_drop_table(const LintStatement& s);
bool finds_drop_column(const LintStatement& s);
bool finds_drop_constraint(const LintStatement& s);
bool finds_rename_table(const LintStatement& s);
bool finds_rename_column(const LintStatement& s);
bool finds_delete_all(const LintStatement& s);
bool finds_update_all(const LintStatement& s);
bool finds_truncate(const LintStatement& s);
bool finds_drop_cascade(const LintStatement& s);
bool finds_add_required_column(const LintStatement& s);
bool finds_set_not_null(const LintStatement& s);
bool finds_change_type(const LintStatement& s);
bool finds_volatile_default(const LintStatement& s);
bool finds_add_foreign_key(const LintStatement& s);
bool finds_add_check(const LintStatement& s);
bool finds_add_unique(const LintStatement& s);
bool finds_create_index(const LintStatement& s);
bool finds_full_rewrite(const LintStatement& s);

}  // namespace schemagen::gen
