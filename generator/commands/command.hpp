// The commands of the tool. Each is a function from what the user said and
// what the world is like to an outcome; only main prints. A new command is one
// function and one row of kCommands.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "emit/project.hpp"
#include "model/declarations.hpp"
#include "model/diagnostics.hpp"
#include "model/diagnostics_json.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {

/// The headers of a target as rows, and every file that they were read from.
struct Scanned {
  bool complete = false;
  Declarations declarations;  ///< incomplete: for further errors only
  std::vector<std::string> dependencies;
};

/// The world as a command may see it; tests bring their own.
struct Environment {
  std::string working_dir;
  std::string program = "schemagen";  ///< what a shell here calls the tool
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::function<std::int64_t()> now;  ///< seconds since 1970
  std::function<Scanned(const Project&, const std::vector<std::string>& flags,
                        Diagnostics&)>
      scan;
};

/// What the user said, for all commands together.
struct Arguments {
  std::string command;
  ProjectChoice project;
  bool json = false;
  std::string format = "text";  ///< of diagnostics: text, json, sarif, github

  std::string name;  ///< of generate and new
  bool name_from_env = false;
  Consents consents;
  bool amend = false;
  bool dry_run = false;
  bool online = false;
  bool code = false;
  std::string now;  ///< YYYYMMDDHHMMSS

  std::string stamp;                    ///< embed
  std::string depfile;                  ///< embed
  std::string url;                      ///< verify, diff: of scratch databases
  std::string database;                 ///< diff: of a real one
  std::vector<std::string> skipped;     ///< verify: dialects
  std::optional<std::string> explain;   ///< lint; "" lists the rules
  std::optional<std::string> since;     ///< lint: the last id that is released
  std::vector<std::string> migrations;  ///< lint: which ones
  std::string mine;                     ///< rebase: "ours" or "theirs"
};

/// Exit codes everywhere.
inline constexpr int kDone = 0;
inline constexpr int kFindings = 1;
inline constexpr int kUsage = 2;

struct Outcome {
  int code = kDone;
  std::string text;  ///< for standard output
  std::string json;  ///< the same for --json: members of an object, or ""
  bool wrote_files = false;  ///< into SCHEMA_DIR
  Diagnostics diagnostics;
  std::vector<RuleText> rules;  ///< what SARIF tells about the findings' ids
};

/// Which options a command takes, beside those that all take.
enum CommandOption : unsigned {
  kTakesName = 1u << 0,
  kTakesConsents = 1u << 1,
  kTakesNow = 1u << 2,
  kTakesDryRun = 1u << 3,
  kTakesAmend = 1u << 4,
  kTakesCode = 1u << 5,
  kTakesBuild = 1u << 6,  ///< --stamp, --depfile
  kTakesUrl = 1u << 7,
  kTakesLint = 1u << 8,
  kTakesMine = 1u << 9,
  kTakesOnline = 1u << 10,
  kTakesDatabase = 1u << 11,
};

struct Command {
  const char* name;
  const char* help;
  Outcome (*run)(const Arguments&, const Environment&);
  unsigned options;
};

/// Ends with a row without a name.
extern const Command kCommands[];

Outcome run_scan(const Arguments&, const Environment&);
Outcome run_diff(const Arguments&, const Environment&);
Outcome run_generate(const Arguments&, const Environment&);
Outcome run_new(const Arguments&, const Environment&);
Outcome run_check(const Arguments&, const Environment&);
Outcome run_verify(const Arguments&, const Environment&);
Outcome run_lint(const Arguments&, const Environment&);
Outcome run_accept(const Arguments&, const Environment&);
Outcome run_rebase(const Arguments&, const Environment&);
Outcome run_embed(const Arguments&, const Environment&);

/// `schemagen migrate ...`: prints by itself, as run_cli of a program does.
int run_migrate(const std::vector<std::string>& arguments,
                const Environment& environment);

}  // namespace schemagen::gen
