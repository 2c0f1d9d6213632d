#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_set_not_null(const LintStatement& s) {
  return any_action(s, [](const Words& a) {
    return a.has({"SET", "NOT", "NULL"});
  });
}

}  // namespace schemagen::gen
