#include "core/history.hpp"

#include "core/checksum.hpp"
#include "core/text.hpp"

namespace schemagen::core {
namespace {

using Kind = MigrationState::Kind;

// What of a history stands against an up, kind by kind.
struct Found {
  const Reconciled& look;
  std::string names;  // as a message lists them
  std::size_t count;
  const char* first_id;

  // Whether there are any: up to `target`, "" for all.
  bool any(Kind kind, std::string_view target = {}) {
    std::vector<std::string> labels;
    for (const Standing& one : look) {
      if (one.kind != kind || (!target.empty() && one.id() > target) ||
          (kind == Kind::newer && one.is_compatible()) ||
          (kind == Kind::started && one.row->state != kUndoing)) {
        continue;
      }
      if (labels.empty()) first_id = one.id();
      append(labels, label_of(one.id(), one.name()));
    }
    count = labels.size();
    names = listed(labels);
    return count != 0;
  }
};

// A row of which the program knows nothing.
Kind kind_of_stranger(const HistoryRow& row, std::string_view newest_known) {
  return row.id > newest_known ? Kind::newer : Kind::missing;
}

Kind kind_of_known(const HistoryRow& row, const EmbeddedMigration& migration) {
  if (row.checksum != migration.checksum) return Kind::changed;
  return row.state == kApplied ? Kind::applied : Kind::started;
}

// What a row counts as in the chain: a half-done migration is another thing
// than a done one, so that the one row read at a start sees it.
std::string link_of(const HistoryRow& row) {
  if (row.state == kApplied) return row.checksum;
  return print("%s %s", row.state.c_str(), row.checksum.c_str());
}

}  // namespace

HistoryRow::HistoryRow() = default;
HistoryRow::HistoryRow(const HistoryRow&) = default;
HistoryRow::HistoryRow(HistoryRow&&) noexcept = default;
HistoryRow::~HistoryRow() = default;
HistoryRow& HistoryRow::operator=(HistoryRow&&) noexcept = default;

bool Standing::is_compatible() const {
  if (row == nullptr) return (migration->flags & kCompatible) != 0;
  // Half of a migration that the program lacks is nothing to rely on.
  return row->compatible && (migration != nullptr || row->state == kApplied);
}

bool Standing::is_pending() const {
  return kind == Kind::pending || kind == Kind::late || kind == Kind::started;
}

Reconciled reconcile(const std::vector<HistoryRow>& history,
                     const EmbeddedDialect& available) {
  Reconciled look(history.size() + available.count);
  std::size_t used = 0;
  const EmbeddedMigration* known = available.migrations;
  const EmbeddedMigration* const end = known + available.count;
  const std::string_view newest_known =
      available.count == 0 ? std::string_view() : end[-1].id;
  const HistoryRow* row = history.data();
  const HistoryRow* const last = row + history.size();
  while (row != last || known != end) {
    // Which of the two comes next, or both.
    const int order = row == last    ? 1
                      : known == end ? -1
                                     : row->id.compare(known->id);
    Standing& one = look[used++];
    one.row = order > 0 ? nullptr : row;
    one.migration = order < 0 ? nullptr : known;
    if (order > 0) {
      if (row != last) one.kind = Kind::late;
    } else if (order < 0) {
      one.kind = kind_of_stranger(*row, newest_known);
    } else {
      one.kind = kind_of_known(*row, *known);
    }
    if (order <= 0) ++row;
    if (order >= 0) ++known;
  }
  look.erase(look.begin() + static_cast<std::ptrdiff_t>(used), look.end());
  return look;
}

ErrorBox refusal(const Reconciled& look, const Policy& policy,
                 std::string_view target) {
  Found found{look, {}, 0, ""};
  if (found.any(Kind::changed)) {
    return refuse(ErrorCode::changed,
                  "%s %s applied with another text than this program has; "
                  "restore the script as it was applied, or accept the new "
                  "text with repair %s",
                  found.names.c_str(), found.count == 1 ? "was" : "were",
                  found.first_id);
  }
  if (found.any(Kind::missing)) {
    return refuse(ErrorCode::missing,
                  "%s %s applied but not in this program, though newer ones "
                  "are; put the scripts back, or undo them with down",
                  found.names.c_str(), found.count == 1 ? "is" : "are");
  }
  if (found.any(Kind::started)) {
    return refuse(ErrorCode::refused,
                  "%s: undoing it stopped half-way; finish that with down, "
                  "or finish it by hand and accept it with repair %s",
                  found.names.c_str(), found.first_id);
  }
  if (!policy.allow_late && found.any(Kind::late, target)) {
    return refuse(ErrorCode::late,
                  "%s %s pending, but older than an applied migration; rename "
                  "%s to a newer time, or allow late migrations",
                  found.names.c_str(), found.count == 1 ? "is" : "are",
                  found.count == 1 ? "it" : "them");
  }
  if (!policy.allow_newer && found.any(Kind::newer)) {
    return refuse(ErrorCode::newer,
                  "the database is newer than this program: it has %s, on "
                  "which older programs do not work; start a newer program, "
                  "or step the database back with down",
                  found.names.c_str());
  }
  return {};
}

std::string chain_of(const std::vector<HistoryRow>& rows, std::size_t index) {
  return chain_checksum(index == 0 ? std::string_view() : rows[index - 1].chain,
                        rows[index].id, link_of(rows[index]));
}

}  // namespace schemagen::core
