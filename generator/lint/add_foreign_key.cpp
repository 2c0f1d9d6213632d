#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_add_foreign_key(const LintStatement& s) {
  return any_action(s, [](const Words& a) {
    return a.starts_with({"ADD"}) && a.has({"FOREIGN", "KEY"}) &&
           !a.has({"NOT", "VALID"});
  });
}

}  // namespace schemagen::gen
