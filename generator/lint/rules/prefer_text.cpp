#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  return first_column(step, [](const ColumnFact& c) {
    return c.type.rfind("varchar(", 0) == 0 || c.type.rfind("bpchar", 0) == 0;
  });
}

}  // namespace

const Rule rules::prefer_text = {
    "prefer-text",
    Level::off,
    "postgres",
    "limits text by its type",
    "make it text, with a CHECK where a limit is meant",
    "char(n) pads, and varchar(n) is changed under a lock; a CHECK can "
    "be changed NOT VALID.",
    "",
    "name text CHECK (length(name) <= 80)",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
