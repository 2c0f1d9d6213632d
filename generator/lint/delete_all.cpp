#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_delete_all(const LintStatement& s) {
  return s.words.starts_with({"DELETE", "FROM"}) && !s.words.has({"WHERE"}) &&
         !s.table_is_new;
}

}  // namespace schemagen::gen
