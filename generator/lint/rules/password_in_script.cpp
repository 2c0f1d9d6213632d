#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::set_password)) return {};
  return step.fact.name;
}

}  // namespace

const Rule rules::password_in_script = {
    "password-in-script",
    Level::error,
    "postgres",
    "holds a password",
    "set it outside, and change it, since it lies in version control",
    "Scripts are committed, embedded in the program and kept in the "
    "history table.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
