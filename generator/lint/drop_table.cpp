#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_drop_table(const LintStatement& s) {
  return s.words.starts_with({"DROP", "TABLE"}) && !s.table_is_new &&
         !s.table_is_rebuilt;
}

}  // namespace schemagen::gen
