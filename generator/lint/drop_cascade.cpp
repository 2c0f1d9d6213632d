#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_drop_cascade(const LintStatement& s) {
  return any_action(s, [](const Words& a) {
    return a.starts_with({"DROP"}) && a.has({"CASCADE"});
  });
}

}  // namespace schemagen::gen
