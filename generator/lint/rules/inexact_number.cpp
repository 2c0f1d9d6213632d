#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  return first_column(step, [](const ColumnFact& c) {
    return c.type == "float4" || c.type == "float8" || c.type == "real" ||
           c.type.rfind("double", 0) == 0 || c.type == "money";
  });
}

}  // namespace

const Rule rules::inexact_number = {
    "inexact-number",
    Level::off,
    "",
    "keeps numbers that round",
    "make it numeric where the value is exact, such as money",
    "A double has no 0.1.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
