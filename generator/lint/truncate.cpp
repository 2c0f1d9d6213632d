#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_truncate(const LintStatement& s) {
  return s.words.starts_with({"TRUNCATE"});
}

}  // namespace schemagen::gen
