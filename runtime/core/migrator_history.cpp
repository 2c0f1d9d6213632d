// Changes of the history alone: linked only by programs that make them.
#include "schemagen/migrator.hpp"

#include "core/session.hpp"
#include "core/text.hpp"

namespace schemagen {
namespace {

using core::HistoryRow;
using core::not_available;
using core::Session;

// A change of history rows alone: under the lock, in one transaction.
template <class Change>
auto rewrite_history(Session& session, Change change)
    -> decltype(change(session)) {
  Driver& driver = session.driver();
  if (auto opened = session.open(); !opened) return opened.failure();
  if (auto locked = driver.lock(); !locked) return locked.failure();
  if (auto begun = driver.begin({}); !begun) return begun.failure();
  if (auto made = driver.create_history(); !made) {
    return made.failure();
  }
  if (auto read = session.read_history(); !read) return read.failure();
  auto changed = change(session);
  if (!changed) return changed;  // ~Session rolls back and unlocks
  if (auto committed = driver.commit(); !committed) {
    return committed.failure();
  }
  return changed;
}

ErrorBox not_applied(std::string_view id) {
  return core::refuse(
      ErrorCode::usage,
      {"migration ", id, " is not applied; status lists those that are"});
}

Result<Report> record_baseline(Session& session, std::string_view id) {
  if (session.find_available(id) == nullptr) return not_available(id);
  const core::Reconciled look =
      core::reconcile(session.rows(), session.available());
  core::Policy policy(session.options());
  policy.allow_late = true;
  if (auto fine = core::refusal(look, policy, id); !fine) {
    return fine.failure();
  }
  Report report;
  for (const EmbeddedMigration* migration : look.pending) {
    if (migration->id > id) break;
    if (session.find_row(migration->id) != nullptr) continue;
    auto row = session.row_for(*migration, "baseline");
    if (auto done = session.write(std::move(row)); !done) {
      return done.failure();
    }
    report.migrations.emplace_back(migration->id);
  }
  return report;
}

Result<std::string> record_repair(Session& session, std::string_view id) {
  const HistoryRow* old = session.find_row(id);
  if (old == nullptr) return not_applied(id);
  const EmbeddedMigration* migration = session.find_available(id);
  if (migration == nullptr) return not_available(id);
  const std::string label = core::label_of(migration->id, migration->name);
  const bool is_done = old->state == core::kApplied;
  if (is_done && old->checksum == migration->checksum) {
    if (auto mended = session.mend_chains(); !mended) {
      return mended.failure();
    }
    return core::cat(
        {label, ": nothing to repair, applied as ", migration->checksum});
  }
  std::string line =
      core::cat({label, ": accepted ", migration->checksum, " in place of ",
                 old->checksum.empty() ? "no checksum"
                                       : std::string_view(old->checksum)});
  if (!is_done) {
    line += core::cat({"; it had stopped after statement ",
                       std::to_string(old->statements_done),
                       " and counts as applied now"});
  }
  HistoryRow row = session.row_for(*migration);
  row.applied_by =
      core::cat({old->applied_by, "; ", row.applied_by, " repaired at ",
                 session.now(), " from ", old->state, " ", old->checksum});
  row.applied_at = old->applied_at;
  row.execution_ms = old->execution_ms;
  if (auto done = session.write(std::move(row)); !done) {
    return done.failure();
  }
  return line;
}

}  // namespace

Result<Report> Migrator::baseline(std::string_view id) {
  Session session(database_, migrations_, options_);
  return rewrite_history(session,
                         [id](Session& s) { return record_baseline(s, id); });
}

Result<std::string> Migrator::repair(std::string_view id) {
  Session session(database_, migrations_, options_);
  return rewrite_history(session,
                         [id](Session& s) { return record_repair(s, id); });
}

}  // namespace schemagen
