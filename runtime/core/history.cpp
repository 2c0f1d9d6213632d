#include "core/history.hpp"

#include "core/checksum.hpp"
#include "core/text.hpp"

namespace schemagen::core {
namespace {

using Kind = MigrationState::Kind;

std::vector<std::string> labels(const Reconciled& look, Kind kind,
                                std::string_view target = {}) {
  std::vector<std::string> names;
  for (const Standing& one : look) {
    if (one.kind != kind || (!target.empty() && one.id() > target)) continue;
    names.push_back(label_of(one.id(), one.name()));
  }
  return names;
}

const char* first_id(const Reconciled& look, Kind kind) {
  for (const Standing& one : look) {
    if (one.kind == kind) return one.id();
  }
  return "";
}

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
  return row.state + " " + row.checksum;
}

ErrorBox refuse_half_done(const Reconciled& look) {
  for (const Standing& one : look) {
    if (one.kind != Kind::started || one.row->state != kUndoing) continue;
    return refuse(ErrorCode::refused,
                  "%s_%s: undoing it stopped half-way; finish that with down, "
                  "or finish it by hand and accept it with repair %s",
                  one.id(), one.name(), one.id());
  }
  return {};
}

ErrorBox refuse_newer(const Reconciled& look, const Policy& policy) {
  if (policy.allow_newer) return {};
  std::vector<std::string> blocking;
  for (const Standing& one : look) {
    if (one.kind != Kind::newer || one.is_compatible()) continue;
    blocking.push_back(label_of(one.id(), one.name()));
  }
  if (blocking.empty()) return {};
  return refuse(ErrorCode::newer,
                "the database is newer than this program: it has %s, on which "
                "older programs do not work; start a newer program, or step "
                "the database back with down",
                listed(blocking).c_str());
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
  Reconciled look;
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
    Standing one{order > 0 ? nullptr : row, order < 0 ? nullptr : known,
                 Kind::pending};
    if (order > 0) {
      if (row != last) one.kind = Kind::late;
    } else if (order < 0) {
      one.kind = kind_of_stranger(*row, newest_known);
    } else {
      one.kind = kind_of_known(*row, *known);
    }
    look.push_back(one);
    if (order <= 0) ++row;
    if (order >= 0) ++known;
  }
  return look;
}

ErrorBox refusal(const Reconciled& look, const Policy& policy,
                 std::string_view target) {
  const auto changed = labels(look, Kind::changed);
  if (!changed.empty()) {
    return refuse(ErrorCode::changed,
                  "%s %s applied with another text than this program has; "
                  "restore the script as it was applied, or accept the new "
                  "text with repair %s",
                  listed(changed).c_str(), changed.size() == 1 ? "was" : "were",
                  first_id(look, Kind::changed));
  }
  const auto missing = labels(look, Kind::missing);
  if (!missing.empty()) {
    return refuse(ErrorCode::missing,
                  "%s %s applied but not in this program, though newer ones "
                  "are; put the scripts back, or undo them with down",
                  listed(missing).c_str(), missing.size() == 1 ? "is" : "are");
  }
  ErrorBox half = refuse_half_done(look);
  if (!half.empty()) return half;
  const auto late = labels(look, Kind::late, target);
  if (!late.empty() && !policy.allow_late) {
    const bool one = late.size() == 1;
    return refuse(ErrorCode::late,
                  "%s %s pending, but older than an applied migration; rename "
                  "%s to a newer time, or allow late migrations",
                  listed(late).c_str(), one ? "is" : "are",
                  one ? "it" : "them");
  }
  return refuse_newer(look, policy);
}

std::string chain_of(const std::vector<HistoryRow>& rows, std::size_t index) {
  return chain_checksum(index == 0 ? "" : rows[index - 1].chain, rows[index].id,
                        link_of(rows[index]));
}

}  // namespace schemagen::core
