#include "lint/rules.hpp"

namespace schemagen::gen {

bool finds_full_rewrite(const LintStatement& s) {
  return s.words.starts_with({"VACUUM"}) || s.words.starts_with({"CLUSTER"});
}

}  // namespace schemagen::gen
