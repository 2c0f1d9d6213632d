#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_concurrent_in_transaction(const LintStatement& s) {
  return s.words.has({"CONCURRENTLY"}) && s.transactional &&
         !s.words.starts_with({"REFRESH"});
}

}  // namespace schemagen::gen
