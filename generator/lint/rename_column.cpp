#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_rename_column(const LintStatement& s) {
  return any_action(s, [](const Words& a) {
    return a.starts_with({"RENAME"}) && !a.starts_with({"RENAME", "TO"}) &&
           !a.starts_with({"RENAME", "CONSTRAINT"});
  });
}

}  // namespace schemagen::gen
