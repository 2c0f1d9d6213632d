#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_add_unique(const LintStatement& s) {
  const bool is_index = s.words.starts_with({"CREATE", "UNIQUE", "INDEX"});
  return (is_index && !s.table_is_new && !s.table_is_rebuilt) ||
         any_action(s, [](const Words& a) {
           return a.starts_with({"ADD"}) && a.has({"UNIQUE"}) &&
                  !a.has({"USING", "INDEX"});
         });
}

}  // namespace schemagen::gen
