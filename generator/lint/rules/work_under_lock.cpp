#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  using Kind = Fact::Kind;
  const bool is_slow = step.is(Kind::validate_constraint) ||
                       step.is(Kind::create_index) ||
                       step.is(Kind::update_rows) ||
                       step.is(Kind::delete_rows) || step.is(Kind::reindex);
  if (!is_slow || !step.table.is_locked || !step.is_transactional) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::work_under_lock = {
    "work-under-lock",
    Level::warning,
    "postgres",
    "does slow work while an earlier statement of the transaction "
    "keeps everybody out",
    "put it into a migration of its own",
    "A lock is held until the commit, so the moment that ALTER TABLE "
    "needs lasts as long as the scan, the build or the UPDATE behind "
    "it.",
    "ACCESS EXCLUSIVE, taken before",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
