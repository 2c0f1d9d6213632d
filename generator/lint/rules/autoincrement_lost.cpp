#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool changes = step.is(Fact::Kind::change_options);
  if (!changes || step.fact.to != "autoincrement") return {};
  return step.column_name();
}

}  // namespace

const Rule rules::autoincrement_lost = {
    "autoincrement-lost",
    Level::warning,
    "sqlite",
    "takes AUTOINCREMENT off, so that keys of deleted rows are given "
    "out again",
    "keep AUTOINCREMENT, or say why old keys may come back",
    "Whatever still holds an old key (a link, a log, another system) "
    "then means another row.",
    "",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
