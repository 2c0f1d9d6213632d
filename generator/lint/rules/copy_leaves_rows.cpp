#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool copies = step.is(Fact::Kind::insert_rows) && step.fact.by_rebuild;
  if (!copies || step.fact.copy.is_whole) return {};
  return Step::name_of(step.fact.copy.source);
}

}  // namespace

const Rule rules::copy_leaves_rows = {
    "copy-leaves-rows",
    Level::error,
    "",
    "rebuilds a table but copies only some of its rows",
    "copy every row, and delete in a statement of its own what may go",
    "A WHERE, LIMIT, DISTINCT, JOIN, OR IGNORE or ON CONFLICT in the "
    "copy decides silently which rows survive the rebuild.",
    "",
    "INSERT INTO t_new (a, b) SELECT a, b FROM t;",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
