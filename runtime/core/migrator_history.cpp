// Changes of the history alone: linked only by programs that make them.
#include "schemagen/migrator.hpp"

#include "core/session.hpp"
#include "core/text.hpp"

namespace schemagen {
namespace {

using core::HistoryRow;
using core::not_available;
using core::Session;

// A change of history rows alone: under the lock, in one transaction. ~Session
// rolls back and unlocks.
template <class T, class Change>
Result<T> rewrite_history(Session& session, Change change) {
  Driver& driver = session.driver();
  T changed;
  if (session.open() && driver.lock() && driver.begin({}) &&
      driver.create_history() && session.read_history() &&
      change(session, changed) && driver.commit()) {
    return changed;
  }
  return session.failure().take();
}

ErrorBox not_applied(std::string_view id) {
  return core::refuse(
      ErrorCode::usage,
      "migration %s is not applied; status lists those that are",
      std::string(id).c_str());
}

bool record_baseline(Session& session, std::string_view id, Report& report) {
  core::ErrorSlot& failure = session.failure();
  if (session.find_available(id) == nullptr) {
    return failure.keep(not_available(id));
  }
  const core::Reconciled look =
      core::reconcile(session.rows(), session.available());
  core::Policy policy(session.options());
  policy.allow_late = true;
  if (!failure.pass(core::refusal(look, policy, id))) return false;
  std::vector<const EmbeddedMigration*> unknown;
  for (const core::Standing& one : look) {
    if (one.id() > id) break;
    if (one.row == nullptr) unknown.push_back(one.migration);
  }
  // Writing moves the rows that `look` points to.
  for (const EmbeddedMigration* migration : unknown) {
    if (!session.write(session.row_for(*migration, ", baseline"))) {
      return false;
    }
    report.migrations.emplace_back(migration->id);
  }
  return true;
}

bool record_repair(Session& session, std::string_view id, std::string& line) {
  core::ErrorSlot& failure = session.failure();
  const HistoryRow* old = session.find_row(id);
  if (old == nullptr) return failure.keep(not_applied(id));
  const EmbeddedMigration* migration = session.find_available(id);
  if (migration == nullptr) return failure.keep(not_available(id));
  const std::string label = core::label_of(migration->id, migration->name);
  const bool is_done = old->state == core::kApplied;
  HistoryRow row = session.row_for(*migration);
  const bool is_same = is_done && old->checksum == migration->checksum;
  if (is_same) {
    HistoryRow texts(*old);
    if (!session.driver().read_scripts(texts)) return false;
    if (texts.script == row.script && texts.down_script == row.down_script) {
      line = core::print("%s: nothing to repair, applied as %s", label.c_str(),
                         migration->checksum);
      return session.write_chains();
    }
  }
  const char* const before =
      old->checksum.empty() ? "no checksum" : old->checksum.c_str();
  line = core::print(is_same ? "%s: wrote the scripts of %s anew"
                             : "%s: accepted %s in place of %s",
                     label.c_str(), migration->checksum, before);
  if (!is_done) {
    line += core::print(
        "; it had stopped after statement %lld and counts as applied now",
        static_cast<long long>(old->statements_done));
  }
  row.applied_by =
      core::print("%s; %s repaired at %s from %s %s", old->applied_by.c_str(),
                  row.applied_by.c_str(), session.now().c_str(),
                  old->state.c_str(), old->checksum.c_str());
  row.applied_at = old->applied_at;
  row.execution_ms = old->execution_ms;
  return session.write(std::move(row));
}

}  // namespace

Result<Report> Migrator::baseline(std::string_view id) {
  Session session(database_, migrations_, options_);
  return rewrite_history<Report>(session, [id](Session& s, Report& report) {
    return record_baseline(s, id, report);
  });
}

Result<std::string> Migrator::repair(std::string_view id) {
  Session session(database_, migrations_, options_);
  return rewrite_history<std::string>(session,
                                      [id](Session& s, std::string& line) {
                                        return record_repair(s, id, line);
                                      });
}

}  // namespace schemagen
