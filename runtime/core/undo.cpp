#include <algorithm>

#include "core/choices.hpp"
#include "core/migration_file.hpp"
#include "core/text.hpp"

namespace schemagen::core {
namespace {

ErrorBox refuse(const Step& step, ErrorCode code, const std::string& why) {
  ErrorBox error = core::refuse(code, "%s_%s: %s", step.id.c_str(),
                                step.name.c_str(), why.c_str());
  error->migration = step.id;
  return error;
}

// What a line in the head of a generated down script says of values that do
// not come back; "" for all that loses none (indexes, renames). Behind the
// heading "Invented values:" each line is a column.
std::string loss_of(std::string_view line, bool is_invented) {
  constexpr std::string_view kTables[] = {"create table ", "drop table "};
  constexpr std::string_view kColumns[] = {"add column ", "drop column "};
  const auto words = [](std::string_view what, std::string_view name) {
    return std::string(what) + std::string(name.substr(0, name.find(" (")));
  };
  for (std::string_view verb : kTables) {
    if (line.substr(0, verb.size()) == verb) {
      return words("rows of ", line.substr(verb.size()));
    }
  }
  for (std::string_view verb : kColumns) {
    if (line.substr(0, verb.size()) == verb) {
      return words("values of ", line.substr(verb.size()));
    }
  }
  return is_invented ? words("values of ", line) : std::string();
}

std::vector<std::string> losses_of(const Step& step, std::string_view down) {
  std::vector<std::string> losses;
  constexpr std::string_view kIndented = "--   ";
  bool is_invented = false;
  for (std::size_t at = 0; at < down.size();) {
    const std::size_t end = std::min(down.find('\n', at), down.size());
    const std::string_view line = down.substr(at, end - at);
    at = end + 1;
    if (line.substr(0, 2) != "--") break;
    if (line.substr(0, kIndented.size()) != kIndented) {
      is_invented = line == "-- Invented values:";
      continue;
    }
    std::string loss = loss_of(line.substr(kIndented.size()), is_invented);
    if (loss.empty()) continue;
    if (std::find(losses.begin(), losses.end(), loss) == losses.end()) {
      losses.push_back(std::move(loss));
    }
  }
  const std::string what =
      losses.empty() ? "not every value comes back" : listed(losses);
  return {label_of(step.id, step.name) + ": " + what};
}

void read_head(Step& step, std::string_view down) {
  Directives head = parse_directives(down);
  step.rebuilds = std::move(head.rebuilds);
  step.flags = (head.foreign_keys_on ? kForeignKeysOn : 0u) |
               (head.batch ? kBatch : 0u) |
               (head.nothing_to_undo ? kNothingToUndo : 0u) |
               (head.shape_only ? kDownLosesData : 0u) |
               (head.no_transaction ? kDownNoTransaction : 0u);
  step.alone = (step.flags & (kDownNoTransaction | kBatch)) != 0;
  if (head.shape_only) step.losses = losses_of(step, down);
}

Result<Done> check_down(const Step& step, const Cell& down) {
  if (!down) {
    return refuse(step, ErrorCode::refused,
                  "has no down script, so it cannot be undone; write "
                  "one, or undo it by hand");
  }
  if (!has_statement(*down) && (step.flags & kNothingToUndo) == 0) {
    return refuse(step, ErrorCode::refused,
                  "its down script is empty; say `-- schemagen: nothing to "
                  "undo` in it where that is meant");
  }
  return Done{};
}

Result<Step> known_step(const HistoryRow& row,
                        const EmbeddedMigration& migration) {
  Step step;
  step.id = row.id;
  step.name = row.name;
  step.undo = true;
  step.migration = &migration;
  if (row.checksum != migration.checksum) {
    return refuse(step, ErrorCode::changed,
                  "was applied with another text than this program has; "
                  "restore the script, or accept the new text with repair " +
                      step.id);
  }
  if (migration.code_up != nullptr || migration.code_down != nullptr) {
    step.code = migration.code_down;
    step.flags = migration.flags | kForeignKeysOn;
    step.alone = (step.flags & kDownNoTransaction) != 0;
    if (step.code != nullptr) return step;
    return refuse(step, ErrorCode::refused,
                  "is code without a way down, so it cannot be undone");
  }
  Cell down;
  if (migration.down.text != nullptr) {
    down.emplace(migration.down.text, migration.down.size);
    read_head(step, *down);
  }
  if (auto fine = check_down(step, down); !fine) return fine.failure();
  return step;
}

// The program does not have it: its way back lies in the history row.
Result<Step> stored_step(Session& session, const HistoryRow& row) {
  Step step;
  step.id = row.id;
  step.name = row.name;
  step.undo = true;
  auto texts = session.driver().scripts_of(row.id);
  if (!texts) return texts.failure();
  if (!texts->first) {
    return refuse(step, ErrorCode::refused,
                  "is code that this program does not have; undo it with a "
                  "program that does");
  }
  if (texts->second) read_head(step, *texts->second);
  if (auto fine = check_down(step, texts->second); !fine) return fine.failure();
  step.stored = std::move(*texts->second);
  return step;
}

Result<Step> step_for(Session& session, const HistoryRow& row) {
  const EmbeddedMigration* migration = session.find_available(row.id);
  auto step = migration == nullptr ? stored_step(session, row)
                                   : known_step(row, *migration);
  if (!step) return step;
  if (row.state == kStarted) {
    return refuse(*step, ErrorCode::refused,
                  "stopped half-way; finish it with up before it is undone");
  }
  if (!step->losses.empty() && !session.options().allow_data_loss) {
    return refuse(*step, ErrorCode::refused,
                  "undoing it loses data (" + listed(step->losses) +
                      "); allow data loss where that is meant");
  }
  return step;
}

}  // namespace

std::vector<const HistoryRow*> latest_first(
    const std::vector<HistoryRow>& rows) {
  std::vector<const HistoryRow*> sorted;
  sorted.reserve(rows.size());
  for (const HistoryRow& row : rows) sorted.push_back(&row);
  const auto later = [](const HistoryRow* a, const HistoryRow* b) {
    if (a->applied_at != b->applied_at) return a->applied_at > b->applied_at;
    return a->id > b->id;
  };
  std::sort(sorted.begin(), sorted.end(), later);
  return sorted;
}

Result<std::vector<Step>> DownChoice::steps(Session& session,
                                            std::size_t done) {
  if (!target.empty() && session.find_row(target) == nullptr) {
    return core::refuse(ErrorCode::usage,
                        "migration %s is not applied, so there is no way down "
                        "to it; status lists those that are",
                        std::string(target).c_str());
  }
  std::vector<Step> steps;
  for (const HistoryRow* row : latest_first(session.rows())) {
    if (limit && done + steps.size() >= *limit) break;
    if (!target.empty() && row->id == target) break;
    auto step = step_for(session, *row);
    if (!step) return step.failure();
    steps.push_back(std::move(*step));
  }
  return steps;
}

}  // namespace schemagen::core
