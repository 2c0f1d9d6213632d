// Linked only by programs that look without applying.
#include "core/session.hpp"

namespace schemagen::core {

bool Session::look(Reconciled& state) {
  if (!open() || !read_history()) return false;
  state = reconcile(rows_, *available_);
  return true;
}

}  // namespace schemagen::core
