// One command at work: what was asked, the open database, and how it ends.
#pragma once

#include <memory>
#include <string>

#include "cli/arguments.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/url.hpp"

namespace schemagen::cli {

struct Session {
  const Arguments& arguments;
  const MigrationSet& set;
  Target target;
  std::unique_ptr<Database> database;
  Progress& progress;

  Migrator migrator();
  /// The error as it may be shown.
  Error without_secrets(Error error) const;
  /// Prints the error without the URL's secrets, with --json on both streams;
  /// returns the exit code.
  int fail(Error error) const;
  /// A report that names the database and has no migration yet.
  StatusReport report() const;
  /// Prints unless --quiet.
  void say(std::string_view text) const;
};

/// Opens the session's database; its failure is the environment's.
Result<Done> open_database(Session& session);

Result<StatusReport> read_status(Session& session);

/// The commands of run_cli, in the order of the help.
CommandTable command_table();

}  // namespace schemagen::cli
