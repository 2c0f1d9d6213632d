#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_rename_table(const LintStatement& s) {
  return !s.table_is_rebuilt && any_action(s, [](const Words& a) {
    return a.starts_with({"RENAME", "TO"});
  });
}

}  // namespace schemagen::gen
