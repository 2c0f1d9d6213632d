#include "core/history.hpp"

#include "core/checksum.hpp"
#include "core/text.hpp"

namespace schemagen::core {
namespace {

using Kind = MigrationState::Kind;

std::string label(std::string_view id, std::string_view name) {
  return cat({id, "_", name});
}

std::vector<std::string> labels(const Reconciled& look, Kind kind,
                                std::string_view target = {}) {
  std::vector<std::string> names;
  for (const MigrationState& state : look.states) {
    if (state.kind != kind) continue;
    if (!target.empty() && state.id > target) continue;
    names.push_back(label(state.id, state.name));
  }
  return names;
}

std::string first_id(const Reconciled& look, Kind kind) {
  for (const MigrationState& state : look.states) {
    if (state.kind == kind) return state.id;
  }
  return {};
}

MigrationState from_row(const HistoryRow& row) {
  MigrationState state;
  state.id = row.id;
  state.name = row.name;
  state.applied_at = row.applied_at;
  state.execution_ms = row.execution_ms;
  state.compatible = row.compatible;
  state.error = row.error;
  return state;
}

// A row of which the program knows nothing.
Kind kind_of_stranger(const HistoryRow& row, std::string_view newest_known) {
  return row.id > newest_known ? Kind::newer : Kind::missing;
}

Kind kind_of_known(const HistoryRow& row, const EmbeddedMigration& migration) {
  if (row.checksum != migration.checksum) return Kind::changed;
  return row.state == kApplied ? Kind::applied : Kind::started;
}

void add_pending(Reconciled& look, const EmbeddedMigration& migration,
                 std::string_view newest_row) {
  MigrationState state;
  state.id = migration.id;
  state.name = migration.name;
  state.compatible = (migration.flags & kCompatible) != 0;
  state.kind = state.id < newest_row ? Kind::late : Kind::pending;
  look.states.push_back(std::move(state));
  look.pending.push_back(&migration);
}

// What a row counts as in the chain: a half-done migration is another thing
// than a done one, so that the one row read at a start sees it.
std::string link_of(const HistoryRow& row) {
  if (row.state == kApplied) return row.checksum;
  return cat({row.state, " ", row.checksum});
}

Result<Done> refuse_half_done(const Reconciled& look) {
  for (const MigrationState& state : look.states) {
    if (state.kind != Kind::started || !state.undoing) continue;
    return refuse(ErrorCode::refused,
                  {label(state.id, state.name),
                   ": undoing it stopped half-way; finish that with down, or "
                   "finish it by hand and accept it with repair ",
                   state.id});
  }
  return Done{};
}

Result<Done> refuse_newer(const Reconciled& look, const Policy& policy) {
  if (policy.allow_newer) return Done{};
  std::vector<std::string> blocking;
  for (const MigrationState& state : look.states) {
    if (state.kind == Kind::newer && !state.compatible) {
      blocking.push_back(label(state.id, state.name));
    }
  }
  if (blocking.empty()) return Done{};
  return refuse(
      ErrorCode::newer,
      {"the database is newer than this program: it has ", listed(blocking),
       ", on which older programs do not work; start a newer "
       "program, or step the database back with down"});
}

}  // namespace

HistoryRow::HistoryRow() = default;
HistoryRow::HistoryRow(const HistoryRow&) = default;
HistoryRow::HistoryRow(HistoryRow&&) noexcept = default;
HistoryRow::~HistoryRow() = default;
HistoryRow& HistoryRow::operator=(const HistoryRow&) = default;
HistoryRow& HistoryRow::operator=(HistoryRow&&) noexcept = default;

Reconciled reconcile(const std::vector<HistoryRow>& history,
                     const EmbeddedDialect& available) {
  Reconciled look;
  const EmbeddedMigration* known = available.migrations;
  const EmbeddedMigration* const end = known + available.count;
  const std::string_view newest_known =
      available.count == 0 ? std::string_view() : end[-1].id;
  const std::string newest_row = history.empty() ? "" : history.back().id;
  for (const HistoryRow& row : history) {
    for (; known != end && known->id < row.id; ++known) {
      add_pending(look, *known, newest_row);
    }
    MigrationState state = from_row(row);
    state.undoing = row.state == kUndoing;
    if (known == end || known->id != row.id) {
      state.kind = kind_of_stranger(row, newest_known);
      if (row.state != kApplied) state.compatible = false;
      if (state.kind == Kind::newer && state.compatible) {
        look.newer.push_back(row.id);
      }
    } else {
      state.kind = kind_of_known(row, *known);
      if (state.kind == Kind::started) look.pending.push_back(known);
      ++known;
    }
    look.states.push_back(std::move(state));
  }
  for (; known != end; ++known) add_pending(look, *known, newest_row);
  return look;
}

Result<Done> refusal(const Reconciled& look, const Policy& policy,
                     std::string_view target) {
  const auto changed = labels(look, Kind::changed);
  if (!changed.empty()) {
    return refuse(ErrorCode::changed,
                  {listed(changed), changed.size() == 1 ? " was" : " were",
                   " applied with another text than this program has; restore "
                   "the script as it was applied, or accept the new text with "
                   "repair ",
                   first_id(look, Kind::changed)});
  }
  const auto missing = labels(look, Kind::missing);
  if (!missing.empty()) {
    return refuse(ErrorCode::missing,
                  {listed(missing), missing.size() == 1 ? " is" : " are",
                   " applied but not in this program, though newer ones are; "
                   "put the scripts back, or undo them with down"});
  }
  if (auto half = refuse_half_done(look); !half) return half;
  const auto late = labels(look, Kind::late, target);
  if (!late.empty() && !policy.allow_late) {
    return refuse(ErrorCode::late,
                  {listed(late), late.size() == 1 ? " is" : " are",
                   " pending, but older than an applied migration; rename ",
                   late.size() == 1 ? "it" : "them",
                   " to a newer time, or allow late migrations"});
  }
  return refuse_newer(look, policy);
}

std::vector<std::string> rechain(std::vector<HistoryRow>& rows,
                                 std::size_t from) {
  std::vector<std::string> touched;
  std::string previous = from == 0 ? std::string() : rows[from - 1].chain;
  for (std::size_t i = from; i < rows.size(); ++i) {
    HistoryRow& row = rows[i];
    std::string chain = chain_checksum(previous, row.id, link_of(row));
    if (chain != row.chain) {
      row.chain = chain;
      touched.push_back(row.id);
    }
    previous = std::move(chain);
  }
  return touched;
}

}  // namespace schemagen::core
