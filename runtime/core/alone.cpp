// The part of Runner for migrations outside a transaction: their row goes in
// first, counts the statements as they are done, and tells where to resume.
#include "core/runner.hpp"
#include "core/text.hpp"

namespace schemagen::core {

ScriptRun script_of(const Step& step, Observer* observer) {
  ScriptRun run;
  run.id = step.id;
  run.flags = step.flags;
  run.rebuilds = &step.rebuilds;
  run.observer = observer;
  if (step.migration == nullptr) {
    run.text = step.stored;
    run.statements = step.cuts.data();
    run.count = step.cuts.size();
    return run;
  }
  const EmbeddedScript& script =
      step.undo ? step.migration->down : step.migration->up;
  run.text = std::string_view(script.text, script.size);
  run.statements = script.statements;
  run.count = script.statement_count;
  return run;
}

// A transaction is open; it is committed with the row that says "started".
bool Runner::run_alone(Step step) {
  const auto begun = Clock::now();
  note_start(step);
  HistoryRow row;
  if (!begin_alone(step, row)) return take_back(step);
  if ((step.code != nullptr ? run_code(step) : run_statements(step, row)) &&
      verdict() && ask(options_.after, step, "after")) {
    return finish_alone(step, row, begun) ||
           describe(step, "its statements are done, run it again") || fail();
  }
  note_stop(step, row);
  return fail();
}

bool Runner::begin_alone(const Step& step, HistoryRow& row) {
  if (!ask(options_.before, step, "before")) return false;
  if (const HistoryRow* old = session_.find_row(step.id); old != nullptr) {
    row = HistoryRow(*old);
    if (!driver_.read_scripts(row)) return false;
  } else {
    row = session_.row_for(*step.migration);
  }
  const std::string_view state = step.undo ? kUndoing : kStarted;
  if (row.state != state) row.statements_done = 0;
  row.state = copy_of(state);
  row.error.clear();
  if (!session_.write(HistoryRow(row))) return false;
  // run_alone() records this copy again after each statement.
  row.chain = session_.find_row(row.id)->chain;
  return close();
}

bool Runner::run_statements(const Step& step, HistoryRow& row) {
  const ScriptRun run = script_of(step, observer_);
  // Not cut: it is one piece.
  const std::size_t count = run.statements == nullptr ? 1 : run.count;
  auto index = static_cast<std::size_t>(row.statements_done);
  for (; index < count; ++index) {
    const auto begun = Clock::now();
    std::int64_t rows = 0;
    if (!driver_.run_alone(run, index, row, rows)) return false;
    if (observer_ == nullptr) continue;
    observer_->on_statement(step.id, index + 1, count, rows,
                            microseconds_since(begun));
    if (!verdict()) return false;
  }
  return driver_.reset_session();
}

bool Runner::finish_alone(const Step& step, HistoryRow& row,
                          Clock::time_point begun) {
  // Others may have finished it with us; open() then brings other steps.
  bool same = true;
  if (!open(step, same)) return false;
  const HistoryRow* now = session_.find_row(step.id);
  if (now != nullptr && now->state == row.state) {
    row.state = copy_of(kApplied);
    row.execution_ms += microseconds_since(begun).count() / 1000;
    if (!(step.undo ? session_.remove(step.id)
                    : session_.write(std::move(row)))) {
      return false;
    }
  }
  if (!note_finish(step, begun)) return false;
  note_done(step);
  // New steps were chosen while it was still to do.
  return close(&step) && (same || choose());
}

// A transaction that the script or code began goes, and its progress with it.
void Runner::leave_block(const Step& step, HistoryRow& row) {
  if (!driver_.in_transaction()) return;
  ErrorBox cause = failure_.take();
  driver_.rollback();
  if (session_.read_history()) {
    const HistoryRow* now = session_.find_row(step.id);
    if (now != nullptr) row.statements_done = now->statements_done;
  }
  failure_.take();
  failure_.keep(std::move(cause));
}

void Runner::note_stop(const Step& step, HistoryRow& row) {
  leave_block(step, row);
  describe(
      step,
      print("%lld of its statements are done and stay, since it runs outside a "
            "transaction; mend the cause and run it again, it goes on there",
            static_cast<long long>(row.statements_done))
          .c_str());
  ErrorBox cause = failure_.take();
  bool same = true;
  const HistoryRow* now =
      open(step, same) ? session_.find_row(step.id) : nullptr;
  if (now != nullptr && now->state == row.state &&
      now->statements_done <= row.statements_done) {
    row.error = cause->message;
    if (session_.write(std::move(row))) close();
  }
  failure_.keep(std::move(cause));
}

}  // namespace schemagen::core
