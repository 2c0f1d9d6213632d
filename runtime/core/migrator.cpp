#include "schemagen/migrator.hpp"

#include "core/choices.hpp"
#include "core/runner.hpp"
#include "core/session.hpp"
#include "core/text.hpp"

namespace schemagen {
namespace {

using core::HistoryRow;
using core::Session;
using Kind = MigrationState::Kind;

Result<Report> run_up(Session& session, core::UpChoice& choice) {
  if (auto opened = session.open(); !opened) return opened.failure();
  if (choice.target.empty() && choice.only.empty()) {
    auto complete = session.is_complete();
    if (!complete) return complete.failure();
    if (*complete) return Report{};
  }
  auto report = core::Runner(session, choice).run();
  if (report) report->newer = std::move(choice.newer);
  return report;
}

Result<Report> run_down(Session& session, core::DownChoice& choice) {
  if (auto opened = session.open(); !opened) return opened.failure();
  return core::Runner(session, choice).run();
}

Result<core::Reconciled> look_at(Session& session) {
  if (auto opened = session.open(); !opened) return opened.failure();
  if (auto read = session.read_history(); !read) return read.failure();
  return core::reconcile(session.rows(), session.available());
}

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

Error not_applied(std::string_view id) {
  return core::make_error(
      ErrorCode::usage,
      core::cat(
          {"migration ", id, " is not applied; status lists those that are"}));
}

Error not_available(std::string_view id) {
  return core::make_error(ErrorCode::usage,
                          core::cat({"this program has no migration ", id,
                                     "; status lists those that it has"}));
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

Migrator::Migrator(Database& database, const MigrationSet& migrations,
                   MigrateOptions options)
    : database_(database),
      migrations_(migrations),
      options_(std::move(options)) {}

Result<Report> Migrator::up() {
  Session session(database_, migrations_, options_);
  core::UpChoice choice;
  return run_up(session, choice);
}

Result<Report> Migrator::up_to(std::string_view id) {
  Session session(database_, migrations_, options_);
  core::UpChoice choice;
  choice.target = id;
  return run_up(session, choice);
}

Result<Report> Migrator::up_steps(std::size_t count) {
  Session session(database_, migrations_, options_);
  core::UpChoice choice;
  choice.limit = count;
  return run_up(session, choice);
}

Result<Report> Migrator::run(std::string_view id) {
  Session session(database_, migrations_, options_);
  core::UpChoice choice;
  choice.only = id;
  auto report = run_up(session, choice);
  if (!report || !report->migrations.empty()) return report;
  return core::make_error(
      ErrorCode::usage,
      core::cat({"migration ", id,
                 " is applied already; use redo to run the last one again"}));
}

Result<Report> Migrator::down(std::size_t count) {
  Session session(database_, migrations_, options_);
  core::DownChoice choice;
  choice.limit = count;
  return run_down(session, choice);
}

Result<Report> Migrator::down_to(std::string_view id) {
  Session session(database_, migrations_, options_);
  core::DownChoice choice;
  choice.target = id;
  return run_down(session, choice);
}

Result<Report> Migrator::redo() {
  std::string last;
  {
    Session session(database_, migrations_, options_);
    auto look = look_at(session);
    if (!look) return look.failure();
    if (session.rows().empty()) {
      return core::make_error(ErrorCode::usage,
                              "nothing is applied, so nothing can be redone");
    }
    last = core::latest_first(session.rows()).front()->id;
    if (session.find_available(last) == nullptr) return not_available(last);
  }
  auto undone = down(1);
  if (!undone) return undone;
  auto again = run(last);
  if (!again) return again;
  again->losses = std::move(undone->losses);
  return again;
}

Result<std::string> Migrator::plan() {
  Session session(database_, migrations_, options_);
  auto look = look_at(session);
  if (!look) return look.failure();
  if (auto fine = core::refusal(*look, core::Policy(options_), {}); !fine) {
    return fine.failure();
  }
  std::string sql;
  for (const EmbeddedMigration* migration : look->pending) {
    sql += core::cat({sql.empty() ? "" : "\n", "-- ",
                      core::label_of(migration->id, migration->name), "\n"});
    if (migration->up.text == nullptr) {
      sql += "-- runs code of this program\n";
      continue;
    }
    sql.append(migration->up.text, migration->up.size);
    if (sql.back() != '\n') sql += '\n';
  }
  return sql;
}

Result<std::vector<MigrationState>> Migrator::status() {
  Session session(database_, migrations_, options_);
  auto look = look_at(session);
  if (!look) return look.failure();
  return std::move(look->states);
}

Result<std::vector<MigrationState>> Migrator::applied() {
  auto states = status();
  if (!states) return states;
  std::vector<MigrationState> kept;
  for (MigrationState& state : *states) {
    if (state.kind != Kind::pending && state.kind != Kind::late &&
        state.kind != Kind::started) {
      kept.push_back(std::move(state));
    }
  }
  return kept;
}

Result<std::vector<MigrationState>> Migrator::pending() {
  auto states = status();
  if (!states) return states;
  std::vector<MigrationState> kept;
  for (MigrationState& state : *states) {
    if (state.kind == Kind::pending || state.kind == Kind::late ||
        state.kind == Kind::started) {
      kept.push_back(std::move(state));
    }
  }
  return kept;
}

Result<std::string> Migrator::current_version() {
  auto states = applied();
  if (!states) return states.failure();
  return states->empty() ? std::string() : states->back().id;
}

Result<std::string> Migrator::previous_version() {
  auto states = applied();
  if (!states) return states.failure();
  return states->size() < 2 ? std::string() : (states->end() - 2)->id;
}

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

Result<Done> Migrator::verify() {
  Session session(database_, migrations_, options_);
  auto look = look_at(session);
  if (!look) return look.failure();
  if (auto fine = core::refusal(*look, core::Policy(options_), {}); !fine)
    return fine;
  return session.check_chains();
}

Result<std::int64_t> in_batches(Database& database, std::string_view sql,
                                std::int64_t batch) {
  std::int64_t all = 0;
  for (;;) {
    auto rows = database.execute(sql);
    if (!rows) return rows;
    if (*rows == 0) return all;
    if (*rows > batch) {
      return core::make_error(
          ErrorCode::usage,
          core::cat({"a batch changed ", std::to_string(*rows),
                     " rows and not at most ", std::to_string(batch),
                     "; limit the statement to a batch by itself"}));
    }
    all += *rows;
  }
}

}  // namespace schemagen
