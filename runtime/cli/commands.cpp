// One function and one row per command of run_cli.
#include <algorithm>
#include <thread>

#include "cli/session.hpp"

namespace schemagen::cli {
namespace {

using std::chrono::steady_clock;

const EmbeddedMigration* find_migration(const EmbeddedDialect& dialect,
                                        std::string_view id) {
  for (std::size_t i = 0; i < dialect.count; ++i) {
    if (id == dialect.migrations[i].id) return &dialect.migrations[i];
  }
  return nullptr;
}

/// The migrations of a set up to one of them: what `--to` and `--steps` leave
/// for the plan.
class FirstMigrations {
 public:
  FirstMigrations(const Session& session, std::string_view last)
      : dialect_(*session.target.dialect),
        set_{session.set.name, &dialect_, 1} {
    dialect_.count = static_cast<std::size_t>(
        std::count_if(dialect_.migrations,
                      dialect_.migrations + session.target.dialect->count,
                      [&](const auto& row) { return row.id <= last; }));
  }
  FirstMigrations(const FirstMigrations&) = delete;
  FirstMigrations& operator=(const FirstMigrations&) = delete;

  const MigrationSet& set() const { return set_; }

 private:
  EmbeddedDialect dialect_;
  MigrationSet set_;
};

/// Tells that the command is done: `text` for people; in JSON the report, and
/// under `key` what a command has to tell beside.
int finish(const Session& session, const Report& report, std::string_view text,
           std::string_view key = {}, std::string_view value = {}) {
  if (session.arguments.json) {
    write_output(
        run_json(session.arguments.command->name, report, nullptr, key, value));
  } else {
    session.say(text);
  }
  return 0;
}

int finish_run(const Session& session, const Result<Report>& result,
               std::string_view verb) {
  if (!result) return session.fail(result.error());
  return finish(session, *result, run_text(*result, verb));
}

/// The id of the migration that `--to` or `--steps` ends with; "" for no end.
Result<std::string> last_of_plan(Session& session) {
  const Arguments& arguments = session.arguments;
  if (arguments.to) {
    if (find_migration(*session.target.dialect, *arguments.to) == nullptr) {
      Error error;
      error.code = ErrorCode::usage;
      error.message = "this program has no migration " + *arguments.to +
                      "; `pending` and `history` list the ids";
      return error;
    }
    return *arguments.to;
  }
  if (!arguments.steps) return std::string();
  auto pending = session.migrator().pending();
  if (!pending) return pending.error();
  if (*arguments.steps >= pending->size()) return std::string();
  return (*pending)[*arguments.steps - 1].id;
}

int run_plan(Session& session) {
  const auto last = last_of_plan(session);
  if (!last) return session.fail(last.error());
  Result<std::string> plan = std::string();
  if (last->empty()) {
    plan = session.migrator().plan();
  } else {
    const FirstMigrations first(session, *last);
    MigrateOptions options = session.arguments.migrate;
    // What lies behind the end is newer to a set that was cut there.
    options.allow_newer = true;
    plan = Migrator(*session.database, first.set(), options).plan();
  }
  if (!plan) return session.fail(plan.error());
  if (!session.arguments.json) {
    write_output(*plan);
    return 0;
  }
  const auto pending = session.migrator().pending();
  if (!pending) return session.fail(pending.error());
  Report report;
  for (const MigrationState& state : *pending) {
    if (!last->empty() && state.id > *last) break;
    report.migrations.push_back(state.id);
  }
  return finish(session, report, {}, "sql", *plan);
}

int run_up(Session& session) {
  const Arguments& arguments = session.arguments;
  if (arguments.dry_run) return run_plan(session);
  Migrator migrator = session.migrator();
  return finish_run(session,
                    arguments.to      ? migrator.up_to(*arguments.to)
                    : arguments.steps ? migrator.up_steps(*arguments.steps)
                                      : migrator.up(),
                    "applied");
}

int run_down(Session& session) {
  const Arguments& arguments = session.arguments;
  Migrator migrator = session.migrator();
  return finish_run(session,
                    arguments.all  ? migrator.down_to("")
                    : arguments.to ? migrator.down_to(*arguments.to)
                                   : migrator.down(arguments.steps.value_or(1)),
                    "undone");
}

int run_redo(Session& session) {
  return finish_run(session, session.migrator().redo(), "redone");
}

int status_exit_code(const Session& session,
                     const std::vector<MigrationState>& states) {
  const bool clean =
      std::all_of(states.begin(), states.end(), [](const auto& state) {
        return is_applied(state) && !is_problem(state);
      });
  return session.arguments.exit_code && !clean ? 1 : 0;
}

int run_status(Session& session) {
  const auto report = read_status(session);
  if (!report) return session.fail(report.error());
  if (session.arguments.json) {
    write_output(status_json(*report, nullptr));
  } else if (session.arguments.prometheus) {
    write_output(status_prometheus(*report));
  } else {
    session.say(status_text(*report));
  }
  return status_exit_code(session, report->states);
}

int print_states(Session& session,
                 const Result<std::vector<MigrationState>>& states,
                 std::string_view nothing) {
  if (!states) return session.fail(states.error());
  if (session.arguments.json) {
    Json json;
    append_states(json, *states);
    write_output(json.str() + '\n');
  } else if (states->empty()) {
    session.say(nothing);
  } else {
    session.say(list_text(*states));
  }
  return 0;
}

int run_pending(Session& session) {
  const auto states = session.migrator().pending();
  const int code = print_states(session, states, "nothing is pending\n");
  return code != 0 ? code : status_exit_code(session, *states);
}

int run_history(Session& session) {
  return print_states(session, session.migrator().applied(),
                      "nothing is applied\n");
}

int run_baseline(Session& session) {
  return finish_run(session,
                    session.migrator().baseline(session.arguments.operand),
                    "recorded as applied");
}

int run_repair(Session& session) {
  const std::string& id = session.arguments.operand;
  const auto line = session.migrator().repair(id);
  if (!line) return session.fail(line.error());
  Report report;
  report.migrations.push_back(id);
  return finish(session, report, *line + '\n', "repair", *line);
}

int run_verify(Session& session) {
  const auto verified = session.migrator().verify();
  if (!verified) return session.fail(verified.error());
  return finish(session, Report{},
                "every applied migration is as this program knows it\n");
}

int run_wait(Session& session) {
  using std::chrono::milliseconds;
  const auto deadline = steady_clock::now() + session.arguments.timeout;
  const std::string url = session.target.url;
  milliseconds pause{100};
  while (true) {
    session.target.url = with_connect_timeout(
        url, std::chrono::duration_cast<std::chrono::seconds>(
                 deadline - steady_clock::now()));
    auto ready = open_database(session);
    if (ready) {
      // A look at the history, for that makes no file where there is none.
      auto answer = session.migrator().current_version();
      if (answer) {
        return finish(session, Report{}, "the database accepts connections\n");
      }
      ready = answer.error();
    }
    const auto left = std::chrono::duration_cast<milliseconds>(
        deadline - steady_clock::now());
    if (left.count() <= 0) {
      Error error = ready.error();
      error.code = ErrorCode::connection;
      error.message = "the database did not answer within " +
                      duration_text(session.arguments.timeout.count()) + ": " +
                      error.message;
      return session.fail(std::move(error));
    }
    std::this_thread::sleep_for(std::min(pause, left));
    pause = std::min(pause * 2, milliseconds(1000));
  }
}

constexpr unsigned kEvery = kDatabase | kQuiet;
constexpr unsigned kRuns = kEvery | kJson | kPolicies | kTimeouts;

constexpr Command kCommands[] = {
    {"up", "", "apply what is pending", kRuns | kTo | kSteps | kDryRun, run_up},
    {"down", "", "undo the newest migration, or more",
     kRuns | kTo | kSteps | kAll, run_down},
    {"redo", "", "undo the newest migration and apply it again", kRuns,
     run_redo},
    {"status", "", "show every migration and its state",
     kEvery | kJson | kPrometheus | kExitCode, run_status},
    {"pending", "", "list what is not applied yet", kEvery | kJson | kExitCode,
     run_pending},
    {"history", "", "list what is applied", kEvery | kJson, run_history},
    {"plan", "", "print the SQL that up would run",
     kEvery | kJson | kPolicies | kTo | kSteps, run_plan},
    {"baseline", "ID", "record everything up to ID as applied, running nothing",
     kRuns, run_baseline},
    {"repair", "ID", "accept this program's text of one applied migration",
     kEvery | kJson | kTimeouts, run_repair},
    {"verify", "", "compare what is applied with this program's migrations",
     kEvery | kJson, run_verify},
    {"wait", "", "wait until the database accepts connections",
     kEvery | kJson | kTimeout, run_wait},
};

}  // namespace

CommandTable command_table() {
  return {kCommands, sizeof kCommands / sizeof *kCommands};
}

}  // namespace schemagen::cli
