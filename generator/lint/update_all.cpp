#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_update_all(const LintStatement& s) {
  return s.words.starts_with({"UPDATE"}) && !s.words.has({"WHERE"}) &&
         !s.table_is_new;
}

}  // namespace schemagen::gen
