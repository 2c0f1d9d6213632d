// What `up` is to do: which migrations, in which order and manner. How a step
// is carried out is the runner's.
#include "core/choices.hpp"
#include "core/migration_file.hpp"
#include "core/text.hpp"

namespace schemagen::core {
namespace {

void make_step(Step& step, const EmbeddedMigration& migration) {
  step.id = migration.id;
  step.name = migration.name;
  step.migration = &migration;
  step.code = migration.code_up;
  step.alone = (migration.flags & (kNoTransaction | kBatch)) != 0;
  // The keys' setting and the rebuilds of a script stand in its own head; the
  // generated flags say them of up and down together.
  step.flags = migration.flags & ~static_cast<unsigned>(kForeignKeysOn);
  if (migration.up.text != nullptr) {
    Directives head = parse_directives({migration.up.text, migration.up.size});
    step.rebuilds = std::move(head.rebuilds);
    if (head.foreign_keys_on) step.flags |= kForeignKeysOn;
  }
  // Code changes rows as the program does: the keys hold for it.
  if (step.code != nullptr) step.flags |= kForeignKeysOn;
}

}  // namespace

Step::Step() = default;
Step::Step(Step&&) noexcept = default;
Step::~Step() = default;

bool UpChoice::knows_names(Session& session) const {
  const std::string_view name = only.empty() ? target : only;
  return name.empty() || session.find_available(name) != nullptr ||
         session.failure().keep(not_available(name));
}

bool UpChoice::choose(Session& session, std::size_t done,
                      std::vector<Step>& steps) {
  if (!knows_names(session)) return false;
  const Reconciled look = reconcile(session.rows(), session.available());
  Policy policy(session.options());
  if (!only.empty()) policy.allow_late = true;
  if (!session.failure().pass(refusal(look, policy, target)) ||
      !session.check_chains()) {
    return false;
  }
  newer.clear();
  bool is_enough = false;
  for (const Standing& one : look) {
    const std::string_view id = one.id();
    if (one.kind == Standing::Kind::newer && one.is_compatible()) {
      append(newer, id);
    }
    is_enough = is_enough || (!target.empty() && id > target) ||
                (limit && done + steps.size() >= *limit);
    if (is_enough || !one.is_pending() || (!only.empty() && id != only)) {
      continue;
    }
    steps.emplace_back();
    make_step(steps.back(), *one.migration);
  }
  return true;
}

Result<Report> UpChoice::carry_out(Session& session) {
  if (!session.open()) return session.failure().take();
  if (target.empty() && only.empty()) {
    bool complete = false;
    if (!session.is_complete(complete)) return session.failure().take();
    if (complete) return Report{};
  }
  auto report = Runner(session, *this).run();
  if (report) report->newer = std::move(newer);
  return report;
}

}  // namespace schemagen::core
