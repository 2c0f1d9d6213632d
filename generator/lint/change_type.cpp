#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_change_type(const LintStatement& s) {
  return any_action(s, [](const Words& a) {
    return a.starts_with({"ALTER"}) && a.has({"TYPE"});
  });
}

}  // namespace schemagen::gen
