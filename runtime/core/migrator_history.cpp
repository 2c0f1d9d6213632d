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
      "migration %s is not applied; status lists those that are",
      std::string(id).c_str());
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
  std::vector<const EmbeddedMigration*> unknown;
  for (const core::Standing& one : look) {
    if (one.id() > id) break;
    if (one.row == nullptr) unknown.push_back(one.migration);
  }
  // Writing moves the rows that `look` points to.
  for (const EmbeddedMigration* migration : unknown) {
    auto row = session.row_for(*migration, ", baseline");
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
    return core::print("%s: nothing to repair, applied as %s", label.c_str(),
                       migration->checksum);
  }
  std::string line = core::print(
      "%s: accepted %s in place of %s", label.c_str(), migration->checksum,
      old->checksum.empty() ? "no checksum" : old->checksum.c_str());
  if (!is_done) {
    line += core::print(
        "; it had stopped after statement %lld and counts as applied now",
        static_cast<long long>(old->statements_done));
  }
  HistoryRow row = session.row_for(*migration);
  row.applied_by =
      core::print("%s; %s repaired at %s from %s %s", old->applied_by.c_str(),
                  row.applied_by.c_str(), session.now().c_str(),
                  old->state.c_str(), old->checksum.c_str());
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
