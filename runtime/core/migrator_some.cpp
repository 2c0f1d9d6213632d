// An up that is not of everything: linked only by programs that ask for it.
#include "core/choices.hpp"
#include "core/session.hpp"
#include "core/text.hpp"
#include "schemagen/migrator.hpp"

namespace schemagen {

Result<Report> Migrator::up_to(std::string_view id) {
  core::Session session(database_, migrations_, options_);
  core::UpChoice choice;
  choice.target = id;
  return choice.carry_out(session);
}

Result<Report> Migrator::up_steps(std::size_t count) {
  core::Session session(database_, migrations_, options_);
  core::UpChoice choice;
  choice.limit = count;
  return choice.carry_out(session);
}

Result<Report> Migrator::run(std::string_view id) {
  core::Session session(database_, migrations_, options_);
  core::UpChoice choice;
  choice.only = id;
  auto report = choice.carry_out(session);
  if (!report || !report->migrations.empty()) return report;
  return core::refuse(
      ErrorCode::usage,
      "migration %s is applied already; use redo to run the last one again",
      std::string(id).c_str());
}

}  // namespace schemagen
