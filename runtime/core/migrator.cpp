#include "schemagen/migrator.hpp"

#include "core/choices.hpp"
#include "core/session.hpp"
#include "core/text.hpp"

namespace schemagen {
namespace {

Result<Report> run_up(core::Session& session, core::UpChoice& choice) {
  if (!session.open()) return session.failure().take();
  if (choice.target.empty() && choice.only.empty()) {
    bool complete = false;
    if (!session.is_complete(complete)) return session.failure().take();
    if (complete) return Report{};
  }
  auto report = core::Runner(session, choice).run();
  if (report) report->newer = std::move(choice.newer);
  return report;
}

}  // namespace

Migrator::Migrator(Database& database, const MigrationSet& migrations,
                   MigrateOptions options)
    : database_(database),
      migrations_(migrations),
      options_(std::move(options)) {}

Result<Report> Migrator::up() {
  core::Session session(database_, migrations_, options_);
  core::UpChoice choice;
  return run_up(session, choice);
}

Result<Report> Migrator::up_to(std::string_view id) {
  core::Session session(database_, migrations_, options_);
  core::UpChoice choice;
  choice.target = id;
  return run_up(session, choice);
}

Result<Report> Migrator::up_steps(std::size_t count) {
  core::Session session(database_, migrations_, options_);
  core::UpChoice choice;
  choice.limit = count;
  return run_up(session, choice);
}

Result<Report> Migrator::run(std::string_view id) {
  core::Session session(database_, migrations_, options_);
  core::UpChoice choice;
  choice.only = id;
  auto report = run_up(session, choice);
  if (!report || !report->migrations.empty()) return report;
  return core::refuse(
      ErrorCode::usage,
      "migration %s is applied already; use redo to run the last one again",
      std::string(id).c_str());
}

}  // namespace schemagen
