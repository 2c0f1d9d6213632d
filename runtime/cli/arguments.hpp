// The command line of run_cli: options, values and mistakes. Only words are
// judged here; nothing is opened and nothing is printed.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "schemagen/migrator.hpp"

namespace schemagen::cli {

/// One bit per option that a command can take beside the common ones.
enum OptionBit : unsigned {
  kTo = 1u << 0,
  kSteps = 1u << 1,
  kAll = 1u << 2,
  kDryRun = 1u << 3,
  kPrometheus = 1u << 4,
  kExitCode = 1u << 5,
  kTimeout = 1u << 6,
  kPolicies = 1u << 7,  ///< --allow-late, --allow-newer, --all-or-nothing
  kTimeouts = 1u << 8,  ///< locks and statements
  kDatabase = 1u << 9,  ///< --url and where the history lies
  kJson = 1u << 10,
  kQuiet = 1u << 11,
  kVersion = 1u << 12,
};

struct Session;

struct Command {
  std::string_view name;
  std::string_view operand;  ///< "ID", or "" for none
  std::string_view summary;
  unsigned options;
  int (*run)(Session&);
};

struct CommandTable {
  const Command* rows;
  std::size_t count;
  const Command* begin() const noexcept { return rows; }
  const Command* end() const noexcept { return rows + count; }
};

struct Arguments {
  const Command* command = nullptr;  ///< none: help or version is asked for
  std::string operand;
  std::string url;
  std::optional<std::string> to;
  std::optional<std::size_t> steps;
  std::chrono::milliseconds timeout{60'000};
  bool all = false;
  bool dry_run = false;
  bool json = false;
  bool prometheus = false;
  bool exit_code = false;
  bool quiet = false;
  bool help = false;
  bool version = false;
  MigrateOptions migrate;
};

/// The words after the program's name; an Error tells what to write instead.
Result<Arguments> parse(int argc, const char* const* argv,
                        CommandTable commands);

/// Help of one command, or of the program where `command` is nullptr.
/// `accepted_urls` says what --url takes.
std::string help(std::string_view program, CommandTable commands,
                 const Command* command, std::string_view accepted_urls);

/// The candidate that was probably meant, or "".
std::string_view nearest(std::string_view word,
                         const std::string_view* candidates, std::size_t count);

}  // namespace schemagen::cli
