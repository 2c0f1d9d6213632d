// What `down` is to do: the newest applied first, each with the script of this
// program or, where it does not know the migration, the one in the history row.
// Nothing is undone that loses values without consent.
#include <algorithm>

#include "core/choices.hpp"
#include "core/migration_file.hpp"
#include "core/text.hpp"

namespace schemagen::core {
namespace {

bool refuse(Session& session, const Step& step, ErrorCode code,
            const std::string& why) {
  session.failure().refuse(code, "%s_%s: %s", step.id.c_str(),
                           step.name.c_str(), why.c_str());
  session.failure()->migration = step.id;
  return false;
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

bool check_down(Session& session, const Step& step, const Cell& down) {
  if (!down) {
    return refuse(session, step, ErrorCode::refused,
                  "has no down script, so it cannot be undone; write "
                  "one, or undo it by hand");
  }
  if (!has_statement(*down) && (step.flags & kNothingToUndo) == 0) {
    return refuse(session, step, ErrorCode::refused,
                  "its down script is empty; say `-- schemagen: nothing to "
                  "undo` in it where that is meant");
  }
  return true;
}

bool make_known(Session& session, Step& step, const HistoryRow& row) {
  const EmbeddedMigration& migration = *step.migration;
  if (row.checksum != migration.checksum) {
    return refuse(session, step, ErrorCode::changed,
                  "was applied with another text than this program has; "
                  "restore the script, or accept the new text with repair " +
                      step.id);
  }
  if (migration.code_up != nullptr || migration.code_down != nullptr) {
    step.code = migration.code_down;
    step.flags = migration.flags | kForeignKeysOn;
    step.alone = (step.flags & kDownNoTransaction) != 0;
    return step.code != nullptr ||
           refuse(session, step, ErrorCode::refused,
                  "is code without a way down, so it cannot be undone");
  }
  Cell down;
  if (migration.down.text != nullptr) {
    down.emplace(migration.down.text, migration.down.size);
    read_head(step, *down);
  }
  return check_down(session, step, down);
}

// The build never saw this text.
std::vector<EmbeddedStatement> cut(Driver& driver, const std::string& text) {
  std::vector<EmbeddedStatement> cuts;
  std::size_t from = 0;
  for (std::size_t end = 1; end <= text.size(); ++end) {
    if (text[end - 1] != ';' && end < text.size()) continue;
    const std::string piece = text.substr(from, end - from);
    if (!has_statement(piece) ||
        (end < text.size() && !driver.is_complete(piece.c_str()))) {
      continue;
    }
    cuts.push_back({static_cast<std::uint32_t>(from),
                    static_cast<std::uint32_t>(piece.size()), is_guard(piece)});
    from = end;
  }
  return cuts;
}

// The program does not have it: its way back lies in the history row.
bool make_stored(Session& session, Step& step, const HistoryRow& row) {
  HistoryRow texts(row);
  if (!session.driver().read_scripts(texts)) return false;
  if (!texts.script) {
    return refuse(session, step, ErrorCode::refused,
                  "is code that this program does not have; undo it with a "
                  "program that does");
  }
  if (!has_own_scripts(texts)) {
    return refuse(session, step, ErrorCode::changed,
                  "its row in the history was edited: the scripts there are "
                  "not those of its checksum; restore the row from a backup, "
                  "or undo it with a program that has it");
  }
  if (texts.down_script) read_head(step, *texts.down_script);
  if (!check_down(session, step, texts.down_script)) return false;
  step.stored = std::move(*texts.down_script);
  step.cuts = cut(session.driver(), step.stored);
  return true;
}

bool make_step(Session& session, Step& step, const HistoryRow& row) {
  step.id = row.id;
  step.name = row.name;
  step.undo = true;
  step.migration = session.find_available(row.id);
  if (!(step.migration == nullptr ? make_stored(session, step, row)
                                  : make_known(session, step, row))) {
    return false;
  }
  if (row.state == kStarted) {
    return refuse(session, step, ErrorCode::refused,
                  "stopped half-way; finish it with up before it is undone");
  }
  return step.losses.empty() || session.options().allow_data_loss ||
         refuse(session, step, ErrorCode::refused,
                "undoing it loses data (" + listed(step.losses) +
                    "); allow data loss where that is meant");
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

bool DownChoice::choose(Session& session, std::size_t done,
                        std::vector<Step>& steps) {
  if (!target.empty() && session.find_row(target) == nullptr) {
    return session.failure().refuse(
        ErrorCode::usage,
        "migration %s is not applied, so there is no way down to it; status "
        "lists those that are",
        std::string(target).c_str());
  }
  for (const HistoryRow* row : latest_first(session.rows())) {
    if (limit && done + steps.size() >= *limit) break;
    if (!target.empty() && row->id == target) break;
    steps.emplace_back();
    if (!make_step(session, steps.back(), *row)) return false;
  }
  return true;
}

}  // namespace schemagen::core
