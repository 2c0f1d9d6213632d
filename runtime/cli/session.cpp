#include "cli/session.hpp"

namespace schemagen::cli {

Migrator Session::migrator() {
  MigrateOptions options = arguments.migrate;
  options.observer = &progress;
  return Migrator(*database, set, std::move(options));
}

StatusReport Session::report() const {
  StatusReport report;
  report.set = set.name;
  report.dialect = target.dialect->dialect;
  report.database = target.shown;
  return report;
}

Error Session::without_secrets(Error error) const {
  error.message = cli::without_secrets(std::move(error.message), target.url);
  error.database_text =
      cli::without_secrets(std::move(error.database_text), target.url);
  return error;
}

int Session::fail(Error failure) const {
  const Error error = without_secrets(std::move(failure));
  write_error(error_text(error));
  if (arguments.json) {
    // A monitor that reads JSON gets an answer in the shape of a good one.
    const bool is_status = (arguments.command->options & kPrometheus) != 0;
    Report done;
    done.migrations = error.applied;
    write_output(is_status ? status_json(report(), &error)
                           : run_json(arguments.command->name, done, &error));
  }
  return exit_code(error);
}

void Session::say(std::string_view text) const {
  if (!arguments.quiet) write_output(text);
}

Result<Done> open_database(Session& session) {
  auto opened = session.target.dialect->connector->open(session.target.url);
  if (!opened) {
    // Nothing of the program has run yet: whatever it is, it is environment.
    Error error = std::move(opened.error());
    error.code = ErrorCode::connection;
    return error;
  }
  session.database = *std::move(opened);
  return Done{};
}

Result<StatusReport> read_status(Session& session) {
  StatusReport report = session.report();
  auto states = session.migrator().status();
  if (!states) return states.error();
  report.states = *std::move(states);
  auto current = session.migrator().current_version();
  if (!current) return current.error();
  report.current = *std::move(current);
  return report;
}

}  // namespace schemagen::cli
