#include <cstdlib>

#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const std::string& name = step.fact.name;
  const bool sets =
      step.is(Fact::Kind::set_setting) &&
      (name == "lock_timeout" || name == "statement_timeout" || name == "all");
  if (!sets || std::strtod(step.fact.to.c_str(), nullptr) != 0) return {};
  return step.fact.name;
}

}  // namespace

const Rule rules::timeout_off = {
    "timeout-off",
    Level::warning,
    "postgres",
    "turns off a timeout that the runtime sets",
    "give it a value, or set it for all migrations in MigrateOptions",
    "Without lock_timeout a migration waits in the queue for ever, and "
    "everybody behind it.",
    "",
    "SET lock_timeout = '5s';",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
