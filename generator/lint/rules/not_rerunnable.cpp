#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  const bool detaches =
      step.is(Fact::Kind::detach_partition) && step.fact.is_concurrent;
  if (!detaches || step.is_transactional) return {};
  return step.table_name();
}

}  // namespace

const Rule rules::not_rerunnable = {
    "not-rerunnable",
    Level::warning,
    "postgres",
    "cannot be run twice, in a script that is not one transaction",
    "let it stand in a migration of its own, and where it was cut off, end it "
    "by hand with DETACH PARTITION ... FINALIZE",
    "The runtime writes down that a statement was done in the statement's own "
    "transaction, and knows again an index that was built or dropped "
    "CONCURRENTLY. A partition that was detached CONCURRENTLY it does not: "
    "when the process dies before the note, the next start runs it again.",
    "",
    "",
    /*on_new_tables=*/false,
    &finds};

}  // namespace schemagen::gen
