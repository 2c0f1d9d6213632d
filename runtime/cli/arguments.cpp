#include "cli/arguments.hpp"

#include <algorithm>
#include <vector>

namespace schemagen::cli {
namespace {

using std::chrono::milliseconds;

bool is_url(std::string_view word) { return word.find("://") != word.npos; }

/// Digits only, from 1; no value for anything else or for an overflow.
std::optional<std::size_t> to_count(std::string_view text) {
  constexpr std::size_t kMost = 1'000'000'000;
  std::size_t count = 0;
  for (char c : text) {
    if (c < '0' || c > '9' || count > kMost) return std::nullopt;
    count = count * 10 + static_cast<std::size_t>(c - '0');
  }
  if (text.empty() || count > kMost) return std::nullopt;
  return count;
}

constexpr std::int64_t kMostMinutes = 24 * 24 * 60;

/// "30", "30s", "500ms", "2m".
std::optional<milliseconds> to_time(std::string_view text) {
  const std::size_t digits =
      std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = to_count(text.substr(0, digits));
  if (!count || *count > 1'000'000) return std::nullopt;
  const auto value = static_cast<std::int64_t>(*count);
  const std::string_view unit = text.substr(digits);
  if (unit == "ms") return milliseconds(value);
  if (unit.empty() || unit == "s") return milliseconds(value * 1000);
  // Engines count milliseconds in 31 bits.
  if (unit != "m" || value > kMostMinutes) return std::nullopt;
  return milliseconds(value * 60'000);
}

bool set_text(std::string& target, std::string_view value) {
  target = std::string(value);
  return !value.empty();
}

/// A misplaced URL would be repeated in words that know no secrets.
bool set_name(std::string& target, std::string_view value) {
  return set_text(target, value) && !is_url(value);
}

bool set_time(milliseconds& target, std::string_view value) {
  const auto time = to_time(value);
  if (time) target = *time;
  return time.has_value();
}

bool set_steps(Arguments& arguments, std::string_view value) {
  arguments.steps = to_count(value);
  return arguments.steps && *arguments.steps > 0;
}

struct Option {
  unsigned bit;  ///< 0: every command takes it
  std::string_view name;
  std::string_view short_name;
  std::string_view value;  ///< its word in help; "" for a switch
  std::string_view wants;  ///< what a good value is
  std::string_view help;
  bool (*apply)(Arguments&, std::string_view value);
};

constexpr std::string_view kTime = "a time such as 30s, 500ms or 2m";

// clang-format off
constexpr Option kOptions[] = {
    {kDatabase, "--url", "", "URL", "a database URL",
     "the database (default: the environment's DATABASE_URL)",
     [](Arguments& a, std::string_view v) { return set_text(a.url, v); }},
    {kTo, "--to", "", "ID", "a migration's id",
     "stop once this migration is the newest applied one",
     [](Arguments& a, std::string_view v) { return set_name(a.to.emplace(), v); }},
    {kSteps, "--steps", "", "N", "a number from 1",
     "at most this many migrations", set_steps},
    {kAll, "--all", "", "", "", "undo every migration",
     [](Arguments& a, std::string_view) { return a.all = true; }},
    {kDryRun, "--dry-run", "", "", "", "print the SQL and run nothing",
     [](Arguments& a, std::string_view) { return a.dry_run = true; }},
    {kTimeout, "--timeout", "", "TIME", kTime,
     "give up after this time (default: 60s)",
     [](Arguments& a, std::string_view v) { return set_time(a.timeout, v); }},
    {kExitCode, "--exit-code", "", "", "", "exit 1 unless all is applied as it should be",
     [](Arguments& a, std::string_view) { return a.exit_code = true; }},
    {kJson, "--json", "", "", "", "report as JSON",
     [](Arguments& a, std::string_view) { return a.json = true; }},
    {kPrometheus, "--prometheus", "", "", "", "report as Prometheus text",
     [](Arguments& a, std::string_view) { return a.prometheus = true; }},
    {kQuiet, "--quiet", "-q", "", "", "print errors only",
     [](Arguments& a, std::string_view) { return a.quiet = true; }},
    {kPolicies, "--allow-late", "", "", "", "apply migrations older than an applied one",
     [](Arguments& a, std::string_view) { return a.migrate.allow_late = true; }},
    {kPolicies, "--allow-newer", "", "", "", "go on although the database is ahead of this program",
     [](Arguments& a, std::string_view) { return a.migrate.allow_newer = true; }},
    {kPolicies, "--all-or-nothing", "", "", "", "undo the whole run when one migration fails",
     [](Arguments& a, std::string_view) { return a.migrate.all_or_nothing = true; }},
    {kTimeouts, "--lock-timeout", "", "TIME", kTime,
     "wait this long for another migrator (default: 60s)",
     [](Arguments& a, std::string_view v) { return set_time(a.migrate.lock_timeout, v); }},
    {kTimeouts, "--statement-lock-timeout", "", "TIME", kTime,
     "let a statement wait this long for a table (PostgreSQL; default: 5s)",
     [](Arguments& a, std::string_view v) { return set_time(a.migrate.statement_lock_timeout, v); }},
    {kTimeouts, "--statement-timeout", "", "TIME", kTime,
     "let a statement run this long (default: no limit)",
     [](Arguments& a, std::string_view v) { return set_time(a.migrate.statement_timeout, v); }},
    {kDatabase, "--history-table", "", "NAME", "a table's name",
     "the table of applied migrations (default: schemagen_migrations)",
     [](Arguments& a, std::string_view v) { return set_name(a.migrate.history_table, v); }},
    {kDatabase, "--history-schema", "", "NAME", "a schema's name",
     "the schema of that table (PostgreSQL)",
     [](Arguments& a, std::string_view v) { return set_name(a.migrate.history_schema, v); }},
    {kVersion, "--version", "", "", "", "print the migrations' and the library's version",
     [](Arguments& a, std::string_view) { return a.version = true; }},
    {0, "--help", "-h", "", "", "print this help",
     [](Arguments& a, std::string_view) { return a.help = true; }},
};
// clang-format on

/// What was typed, but for a URL, whose password nobody shall read.
std::string quoted(std::string_view word) {
  return is_url(word) ? "a URL" : '"' + std::string(word) + '"';
}

Error usage(std::string message) {
  Error error;
  error.code = ErrorCode::usage;
  error.message = std::move(message);
  return error;
}

bool takes(const Command& command, const Option& option) {
  return option.bit == 0 || (command.options & option.bit) != 0;
}

const Option* find_option(std::string_view name) {
  for (const Option& option : kOptions) {
    if (name == option.name || (!name.empty() && name == option.short_name)) {
      return &option;
    }
  }
  return nullptr;
}

const Command* find_command(CommandTable commands, std::string_view name) {
  for (const Command& command : commands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

/// "; did you mean "x"?", else "; `fallback`".
std::string hint(std::string_view word,
                 const std::vector<std::string_view>& candidates,
                 const std::string& fallback) {
  const std::string_view guess =
      nearest(word, candidates.data(), candidates.size());
  if (guess.empty()) return "; " + fallback;
  return "; did you mean " + quoted(guess) + "?";
}

Error unknown_command(std::string_view word, CommandTable commands) {
  std::vector<std::string_view> names;
  std::string all;
  for (const Command& command : commands) {
    names.push_back(command.name);
    all += (all.empty() ? "" : ", ") + std::string(command.name);
  }
  return usage("unknown command " + quoted(word) +
               hint(word, names, "the commands are " + all));
}

Error unknown_option(std::string_view word, const Command* command) {
  std::vector<std::string_view> names;
  for (const Option& option : kOptions) {
    if (command == nullptr || takes(*command, option)) {
      names.push_back(option.name);
    }
  }
  return usage("unknown option " + quoted(word) +
               hint(word, names, "--help lists the options"));
}

/// The words of one command line, read one after the other.
class Reader {
 public:
  Reader(int argc, const char* const* argv, CommandTable commands)
      : commands_(commands) {
    for (int i = 1; i < argc; ++i) words_.push_back(argv[i]);
  }

  Result<Arguments> read() {
    while (next_ < words_.size()) {
      const std::string_view word = words_[next_++];
      if (!options_ended_ && word == "--") {
        options_ended_ = true;
        continue;
      }
      const bool option =
          !options_ended_ && word.size() > 1 && word.front() == '-';
      const auto read = option ? read_option(word) : read_word(word);
      if (read) continue;
      // What follows a misspelt option is often its value; the option is told.
      const auto fine = check_options();
      return fine ? read.error() : fine.error();
    }
    return finish();
  }

 private:
  Result<Done> read_word(std::string_view word) {
    if (is_url(word)) {
      return usage("a database URL stands behind --url; write --url URL");
    }
    if (asked_for_help_ || arguments_.command == nullptr) {
      if (word == "help" && !asked_for_help_) {
        asked_for_help_ = arguments_.help = true;
        return Done{};
      }
      arguments_.command = find_command(commands_, word);
      if (arguments_.command == nullptr)
        return unknown_command(word, commands_);
      return Done{};
    }
    const Command& command = *arguments_.command;
    if (command.operand.empty() || !arguments_.operand.empty()) {
      return usage(quoted(command.name) + " does not take " + quoted(word) +
                   "; leave it out");
    }
    arguments_.operand = std::string(word);
    return Done{};
  }

  Result<Done> read_option(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    const Option* option = find_option(name);
    // Judged at the end: the command may stand behind its options.
    used_.push_back(name);
    if (option == nullptr) return Done{};
    std::string_view value;
    if (option->value.empty()) {
      if (equals != word.npos) {
        return usage(std::string(name) + " takes no value; write " +
                     std::string(name));
      }
    } else if (equals != word.npos) {
      value = word.substr(equals + 1);
    } else if (next_ < words_.size()) {
      value = words_[next_++];
    } else {
      return usage(std::string(name) + " needs " + std::string(option->wants) +
                   "; write " + std::string(name) + " " +
                   std::string(option->value));
    }
    if (option->apply(arguments_, value)) return Done{};
    return usage(std::string(name) + " takes " + std::string(option->wants) +
                 ", not " + quoted(value));
  }

  Result<Done> check_options() const {
    const Command* command = arguments_.command;
    for (std::string_view name : used_) {
      const Option* option = find_option(name);
      if (option == nullptr) return unknown_option(name, command);
      if (command != nullptr && !takes(*command, *option) &&
          option->bit != kVersion) {
        return usage(quoted(command->name) + " does not take " +
                     std::string(name) + "; \"" + std::string(command->name) +
                     " --help\" lists what it takes");
      }
    }
    return Done{};
  }

  Result<Done> check_together() const {
    const int ends = (arguments_.to ? 1 : 0) + (arguments_.steps ? 1 : 0) +
                     (arguments_.all ? 1 : 0);
    if (ends > 1) {
      return usage(
          "--to, --steps and --all say different ends; give one of them");
    }
    if (arguments_.json && arguments_.prometheus) {
      return usage("--json and --prometheus exclude each other; give one");
    }
    return Done{};
  }

  Result<Arguments> finish() {
    if (const auto fine = check_options(); !fine) return fine.error();
    if (arguments_.help || arguments_.version) return std::move(arguments_);
    const Command* command = arguments_.command;
    if (command == nullptr) {
      return usage("no command given; --help lists the commands");
    }
    if (const auto fine = check_together(); !fine) return fine.error();
    if (!command->operand.empty() && arguments_.operand.empty()) {
      return usage(quoted(command->name) + " needs a migration's id; write " +
                   std::string(command->name) + " " +
                   std::string(command->operand));
    }
    return std::move(arguments_);
  }

  CommandTable commands_;
  std::vector<std::string_view> words_;
  std::vector<std::string_view> used_;
  std::size_t next_ = 0;
  bool options_ended_ = false;
  bool asked_for_help_ = false;
  Arguments arguments_;
};

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 2, width), ' ');
  return text;
}

std::string option_line(const Option& option) {
  std::string left = "  " + std::string(option.name);
  if (!option.value.empty()) left += " " + std::string(option.value);
  if (!option.short_name.empty()) left += ", " + std::string(option.short_name);
  return padded(left, 32) + std::string(option.help) + '\n';
}

}  // namespace

std::string_view nearest(std::string_view word,
                         const std::string_view* candidates,
                         std::size_t count) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t far = distance(word, candidates[i]);
    if (far < least) {
      least = far;
      best = candidates[i];
    }
  }
  return best;
}

Result<Arguments> parse(int argc, const char* const* argv,
                        CommandTable commands) {
  return Reader(argc, argv, commands).read();
}

std::string help(std::string_view program, CommandTable commands,
                 const Command* command, std::string_view accepted_urls) {
  std::string out = "usage: " + std::string(program) + ' ';
  if (command == nullptr) {
    out += "COMMAND [OPTIONS]\n\ncommands:\n";
    for (const Command& row : commands) {
      std::string left = "  " + std::string(row.name);
      if (!row.operand.empty()) left += " " + std::string(row.operand);
      out += padded(left, 16) + std::string(row.summary) + '\n';
    }
    out += "\n\"" + std::string(program) +
           " COMMAND --help\" lists the options of a command.\n";
  } else {
    out += std::string(command->name);
    if (!command->operand.empty()) out += " " + std::string(command->operand);
    out += " [OPTIONS]\n\n" + std::string(command->summary) + "\n\noptions:\n";
    for (const Option& option : kOptions) {
      if (takes(*command, option)) out += option_line(option);
    }
  }
  out += "URL is " + std::string(accepted_urls) + ".\n";
  out +=
      "Exit codes: 0 done, 1 a migration failed or was refused, 2 usage, "
      "input or environment.\n";
  return out;
}

}  // namespace schemagen::cli
