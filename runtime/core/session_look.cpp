// Linked only by programs that look without applying.
#include "core/migration_file.hpp"
#include "core/session.hpp"

namespace schemagen::core {

bool has_own_scripts(const HistoryRow& row) {
  return (!row.script && !row.down_script) ||
         row.checksum == scripts_checksum(row.script.value_or(""),
                                          row.down_script.value_or(""));
}

bool Session::look(Reconciled& state) {
  if (!open() || !read_history()) return false;
  state = reconcile(rows_, *available_);
  return true;
}

bool Session::check_scripts() {
  for (const HistoryRow& row : rows_) {
    HistoryRow texts(row);
    if (!driver_.read_scripts(texts)) return false;
    const EmbeddedMigration* known = find_available(row.id);
    const bool is_gone =
        !texts.script && known != nullptr && known->up.text != nullptr;
    if (!is_gone && has_own_scripts(texts)) continue;
    return failure().refuse(
        ErrorCode::changed,
        "the history table was edited: the scripts of %s are not those of its "
        "checksum; restore the table from a backup, or write this program's "
        "with repair %s",
        row.id.c_str(), row.id.c_str());
  }
  return true;
}

}  // namespace schemagen::core
