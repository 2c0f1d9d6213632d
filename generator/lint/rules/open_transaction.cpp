#include "lint/rules.hpp"

namespace schemagen::gen {
namespace {

Found finds(const Step& step) {
  if (!step.is(Fact::Kind::begin) || step.is_ended) return {};
  return "";
}

}  // namespace

const Rule rules::open_transaction = {
    "open-transaction",
    Level::error,
    "",
    "begins a transaction that the script does not end",
    "end it with COMMIT, or let the runtime have the transaction "
    "(without `-- schemagen: no-transaction`)",
    "What is not committed when the script ends is rolled back, though "
    "it counts as applied.",
    "",
    "",
    /*on_new_tables=*/true,
    &finds};

}  // namespace schemagen::gen
