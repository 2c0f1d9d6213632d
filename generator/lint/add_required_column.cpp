#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_add_required_column(const LintStatement& s) {
  return any_action(s, [](const Words& a) {
    const bool adds = a.starts_with({"ADD"}) &&
                      !a.starts_with({"ADD", "CONSTRAINT"}) &&
                      !a.starts_with({"ADD", "CHECK"});
    return adds && a.has({"NOT", "NULL"}) && !a.has({"DEFAULT"}) &&
           !a.has({"GENERATED"}) && !a.has({"IS", "NOT", "NULL"});
  });
}

}  // namespace schemagen::gen
