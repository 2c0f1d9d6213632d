#include "commands/command_line.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "commands/print.hpp"

namespace schemagen::gen {
namespace {

void add_shared_options(CLI::App& app, Arguments& arguments) {
  app.add_option("-p,--build", arguments.project.build_dir,
                 "The build folder that CMake configured");
  app.add_option("--target", arguments.project.target,
                 "The target, where the project has several");
  app.add_option("--config", arguments.project.config,
                 "The configuration of a multi-config build folder");
  app.add_option("--project", arguments.project.file,
                 "The project file itself, as the build passes it");
  app.add_flag("--json", arguments.json, "Print the result as JSON");
  app.add_option("--format", arguments.format,
                 "How findings are printed: text, json, sarif or github")
      ->check(CLI::IsMember({"text", "json", "sarif", "github"}));
  app.add_flag_callback(
      "--github", [&arguments] { arguments.format = "github"; },
      "The same as --format github");
}

void add_generate_options(CLI::App& app, Arguments& arguments,
                          unsigned options) {
  if ((options & kTakesConsents) != 0) {
    app.add_option("--rename", arguments.consents.renames,
                   "users.nick=nickname, users=people or "
                   "enum:colour.blue=azure; repeatable")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);
    app.add_option("--drop", arguments.consents.drops,
                   "users.nick, logs or enum:colour.blue; repeatable")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);
  }
  if ((options & kTakesNow) != 0) {
    app.add_option("--now", arguments.now,
                   "The time to use, UTC, as YYYYMMDDHHMMSS");
  }
  if ((options & kTakesDryRun) != 0) {
    app.add_flag("--dry-run", arguments.dry_run,
                 "Print what would be written, write nothing");
  }
  if ((options & kTakesOnline) != 0) {
    app.add_flag("--online", arguments.online,
                 "Several migrations, each with the weakest lock");
  }
  if ((options & kTakesAmend) != 0) {
    app.add_flag("--amend", arguments.amend,
                 "Write the last migration anew instead of another one");
    app.add_flag("--name-from-env", arguments.name_from_env,
                 "Take the name from the environment variable NAME");
  }
}

/// An empty one, as of a variable that is not set, would look like none.
std::string why_no_url(const std::string& url) {
  return url.empty() ? "is empty; write postgresql://USER@HOST/DATABASE" : "";
}

void add_options(CLI::App& app, Arguments& arguments, unsigned options) {
  add_shared_options(app, arguments);
  add_generate_options(app, arguments, options);
  if ((options & kTakesName) != 0) {
    CLI::Option* name =
        app.add_option("NAME", arguments.name, "The migration's name");
    if ((options & kTakesCode) != 0) name->required();
  }
  if ((options & kTakesCode) != 0) {
    app.add_flag("--code", arguments.code, "In C++ instead of SQL");
  }
  if ((options & kTakesBuild) != 0) {
    app.add_option("--stamp", arguments.stamp, "Touched when all went well");
    app.add_option("--depfile", arguments.depfile,
                   "Written with the files that the result rests on");
  }
  if ((options & kTakesDatabase) != 0) {
    app.add_option("--database", arguments.database,
                   "Show instead what the database of this URL has otherwise "
                   "than its migrations made it");
  }
  if ((options & (kTakesUrl | kTakesDatabase)) != 0) {
    app.add_option("--url", arguments.url,
                   "A PostgreSQL server for scratch databases")
        ->check(CLI::Validator(&why_no_url, ""));
  }
  if ((options & kTakesUrl) != 0) {
    app.add_option("--skip", arguments.skipped,
                   "A dialect that cannot be tried here; repeatable")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);
  }
  if ((options & kTakesLint) != 0) {
    app.add_option("MIGRATION", arguments.migrations,
                   "Ids or names; without them the newest migration");
    app.add_option("--explain", arguments.explain,
                   "Explain one rule, or all; without a rule list them")
        ->expected(0, 1);
    app.add_option("--since", arguments.since,
                   "The last released migration: look at all after it");
  }
  if ((options & kTakesMine) != 0) {
    app.add_option("--mine", arguments.mine,
                   "Which side of the conflict is mine: ours or theirs")
        ->check(CLI::IsMember({"ours", "theirs"}));
  }
}

std::string closest_command(const std::string& word) {
  std::vector<std::string> names = {"migrate"};
  for (const Command* row = kCommands; row->name != nullptr; ++row) {
    names.push_back(row->name);
  }
  return closest(word, names);
}

int usage_error(const std::string& message) {
  std::fprintf(stderr, "schemagen: error: %s [usage]\n", message.c_str());
  return kUsage;
}

/// A mistyped command deserves its name; everything else is told by CLI11.
int parse_error(const CLI::App& app, const CLI::ParseError& error, int argc,
                const char* const* argv) {
  if (error.get_exit_code() == 0) return app.exit(error);
  const std::string word = argc > 1 ? argv[1] : "";
  bool is_known = word.empty() || word[0] == '-';
  for (const Command* row = kCommands; row->name != nullptr; ++row) {
    is_known = is_known || word == row->name;
  }
  if (!is_known) {
    const std::string near = closest_command(word);
    return usage_error("there is no command \"" + word + "\"; " +
                       (near.empty() ? "`schemagen --help` lists them"
                                     : "did you mean \"" + near + "\"?"));
  }
  std::string text = error.what();
  while (!text.empty() && (text.back() == '\n' || text.back() == '.')) {
    text.pop_back();
  }
  return usage_error(text + "; `schemagen " +
                     (word.empty() || word[0] == '-' ? "" : word + " ") +
                     "--help` shows what there is");
}

}  // namespace

int run_command_line(int argc, const char* const* argv,
                     const Environment& environment) {
  if (argc > 1 && std::string(argv[1]) == "migrate") {
    return run_migrate({argv + 2, argv + argc}, environment);
  }
  CLI::App app{"Schema migrations generated from C++ headers", "schemagen"};
  app.set_version_flag("--version", "schemagen " SCHEMAGEN_VERSION);
  app.require_subcommand(1);
  Arguments arguments;
  const Command* chosen = nullptr;
  for (const Command* row = kCommands; row->name != nullptr; ++row) {
    CLI::App* command = app.add_subcommand(row->name, row->help);
    add_options(*command, arguments, row->options);
    command->callback([&chosen, row] { chosen = row; });
  }
  app.add_subcommand("migrate", "up, down, status, ... on a folder of scripts");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parse_error(app, error, argc, argv);
  }
  if (chosen == nullptr) return usage_error("name a command");
  arguments.command = chosen->name;
  return print_outcome(chosen->run(arguments, environment), arguments,
                       ::isatty(STDERR_FILENO) != 0);
}

}  // namespace schemagen::gen
