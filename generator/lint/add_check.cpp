#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_add_check(const LintStatement& s) {
  return any_action(s, [](const Words& a) {
    return a.starts_with({"ADD", "CONSTRAINT"}) && a.has({"CHECK", "("}) &&
           !a.has({"NOT", "VALID"});
  });
}

}  // namespace schemagen::gen
