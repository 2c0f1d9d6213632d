#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  return first_column(step, [](const ColumnFact& c) {
    return c.type == "timestamp" || c.type.rfind("timestamp(", 0) == 0;
  });
}

}  // namespace

const Rule rules::prefer_timestamptz = {
    "prefer-timestamptz",
    Level::off,
    "postgres",
    "keeps a time without its zone",
    "make it timestamptz",
    "timestamp forgets which moment was meant as soon as sessions "
    "differ in their zone.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
