#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_volatile_default(const LintStatement& s) {
  return any_action(s, [](const Words& a) {
    const bool adds = a.starts_with({"ADD"}) && a.has({"DEFAULT"});
    return adds && (a.has({"RANDOM", "("}) || a.has({"GEN_RANDOM_UUID", "("}) ||
                    a.has({"CLOCK_TIMESTAMP", "("}) || a.has({"NEXTVAL", "("}));
  });
}

}  // namespace schemagen::gen
