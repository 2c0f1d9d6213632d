// The way back: linked only by programs that go it.
#include "schemagen/migrator.hpp"

#include "core/choices.hpp"
#include "core/session.hpp"
#include "core/text.hpp"

namespace schemagen {
namespace {

Result<Report> run_down(core::Session& session, core::DownChoice& choice) {
  if (!session.open()) return session.failure().take();
  return core::Runner(session, choice).run();
}

}  // namespace

Result<Report> Migrator::down(std::size_t count) {
  core::Session session(database_, migrations_, options_);
  core::DownChoice choice;
  choice.limit = count;
  return run_down(session, choice);
}

Result<Report> Migrator::down_to(std::string_view id) {
  core::Session session(database_, migrations_, options_);
  core::DownChoice choice;
  choice.target = id;
  return run_down(session, choice);
}

Result<Report> Migrator::redo() {
  std::string last;
  {
    core::Session session(database_, migrations_, options_);
    core::Reconciled look;
    if (!session.look(look)) return session.failure().take();
    if (session.rows().empty()) {
      return core::refuse(ErrorCode::usage,
                          "nothing is applied, so nothing can be redone");
    }
    last = core::latest_first(session.rows()).front()->id;
    if (session.find_available(last) == nullptr)
      return core::not_available(last);
  }
  auto undone = down(1);
  if (!undone) return undone;
  // Another program may have applied a newer one meanwhile.
  auto again = run(undone->migrations.front());
  if (!again) return again;
  again->losses = std::move(undone->losses);
  return again;
}

}  // namespace schemagen
