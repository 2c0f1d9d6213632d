// From argv to an exit code: finds the command and the database, and tells what
// went wrong. The commands themselves stand in commands.cpp.
#include "schemagen/cli.hpp"

#include <cstdlib>

#include "cli/session.hpp"

namespace schemagen {
namespace {

using namespace cli;

std::string program_name(int argc, const char* const* argv) {
  if (argc < 1 || argv[0] == nullptr) return "migrate";
  const std::string_view path = argv[0];
  return std::string(path.substr(path.rfind('/') + 1));
}

int fail(const Error& error) {
  write_error(error_text(error));
  return exit_code(error);
}

Error usage(std::string message) {
  Error error;
  error.code = ErrorCode::usage;
  error.message = std::move(message);
  return error;
}

std::string version_text(const MigrationSet& migrations) {
  std::string out = "SchemaGen " SCHEMAGEN_VERSION "\n";
  for (std::size_t i = 0; i < migrations.dialect_count; ++i) {
    const EmbeddedDialect& dialect = migrations.dialects[i];
    out += std::string(migrations.name) + ": " +
           counted(dialect.count, "migration") + " for " + dialect.dialect;
    if (dialect.count > 0) {
      out += ", the newest is ";
      out += dialect.migrations[dialect.count - 1].id;
    }
    out += '\n';
  }
  return out;
}

Result<std::string> database_url(const Arguments& arguments,
                                 const MigrationSet& migrations) {
  if (!arguments.url.empty()) return arguments.url;
  const char* from_environment = std::getenv("DATABASE_URL");
  if (from_environment != nullptr && *from_environment != '\0') {
    return std::string(from_environment);
  }
  return usage("no database given; write --url " + accepted_urls(migrations) +
               ", or set DATABASE_URL");
}

int run_command(const Arguments& arguments, const MigrationSet& migrations) {
  const auto url = database_url(arguments, migrations);
  if (!url) return fail(url.error());
  auto target = find_target(migrations, *url);
  if (!target) return fail(target.error());
  Progress progress(arguments.quiet || arguments.json);
  Session session{arguments, migrations, *std::move(target), nullptr, progress};
  // `wait` opens by itself, again and again.
  if (arguments.command->options & kTimeout) {
    return arguments.command->run(session);
  }
  if (auto opened = open_database(session); !opened) {
    return session.fail(opened.error());
  }
  return arguments.command->run(session);
}

int answer(int argc, const char* const* argv, const MigrationSet& migrations) {
  const auto arguments = parse(argc, argv, command_table());
  if (!arguments) return fail(arguments.error());
  if (arguments->version) {
    write_output(version_text(migrations));
    return 0;
  }
  if (arguments->help) {
    write_output(help(program_name(argc, argv), command_table(),
                      arguments->command, accepted_urls(migrations)));
    return 0;
  }
  return run_command(*arguments, migrations);
}

}  // namespace

std::string status_json(const MigrationSet& migrations, std::string_view url) {
  auto target = find_target(migrations, url);
  if (!target) {
    StatusReport report;
    report.set = migrations.name;
    return cli::status_json(report, &target.error());
  }
  const Arguments arguments;
  Progress silent(true);
  Session session{arguments, migrations, *std::move(target), nullptr, silent};
  auto status = [&]() -> Result<StatusReport> {
    if (auto opened = open_database(session); !opened) return opened.error();
    return read_status(session);
  }();
  if (status) return cli::status_json(*status, nullptr);
  const Error error = session.without_secrets(std::move(status.error()));
  return cli::status_json(session.report(), &error);
}

int run_cli(int argc, const char* const* argv, const MigrationSet& migrations) {
  keep_standard_streams();
  const KeepGoing keep_going;
  const int code = answer(argc, argv, migrations);
  if (finish_output()) return code;
  write_error(
      "error: standard output took only a part of the report; free space or "
      "give it another place\n");
  return code == 0 ? 2 : code;
}

}  // namespace schemagen
