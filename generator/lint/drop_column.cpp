#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_drop_column(const LintStatement& s) {
  return any_action(s, [](const Words& a) {
    return a.starts_with({"DROP"}) && !a.starts_with({"DROP", "CONSTRAINT"});
  });
}

}  // namespace schemagen::gen
