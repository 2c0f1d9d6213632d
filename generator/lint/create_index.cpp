#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_create_index(const LintStatement& s) {
  const bool is_index = s.words.starts_with({"CREATE", "INDEX"}) ||
                        s.words.starts_with({"CREATE", "UNIQUE", "INDEX"});
  return is_index && !s.words.has({"CONCURRENTLY"}) && !s.table_is_new;
}

}  // namespace schemagen::gen
