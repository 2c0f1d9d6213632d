#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  return first_column(step,
                      [](const ColumnFact& c) { return c.type == "json"; });
}

}  // namespace

const Rule rules::prefer_jsonb = {
    "prefer-jsonb",
    Level::off,
    "postgres",
    "keeps JSON as text",
    "make it jsonb",
    "json cannot be compared or indexed, so DISTINCT and UNION over it "
    "fail.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
