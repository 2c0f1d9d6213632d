// The part of Runner for migrations outside a transaction: their row goes in
// first, counts the statements as they are done, and tells where to resume.
#include <algorithm>

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
    return run;
  }
  const EmbeddedScript& script =
      step.undo ? step.migration->down : step.migration->up;
  run.text = std::string_view(script.text, script.size);
  run.statements = script.statements;
  run.count = script.statement_count;
  return run;
}

// A transaction is open; it is committed with the row that says "started". The
// step is the caller's copy, since a look at the history replaces steps_.
Result<Done> Runner::run_alone(Step&& step) {
  const auto begun = Clock::now();
  note_start(step);
  auto row = begin_alone(step);
  if (!row) return take_back(step, row.failure());
  auto done = step.code != nullptr
                  ? session_.callbacks().run(step.code, session_.database())
                  : run_statements(step, *row);
  if (done) done = session_.callbacks().verdict();
  if (done) done = ask(options_.after, step, "after");
  if (!done) return fail(note_stop(step, *row, done.failure()));
  auto finished = finish_alone(step, std::move(*row), begun);
  return finished ? finished
                  : fail(describe(finished.failure(), step,
                                  "its statements are done, run it again"));
}

Result<HistoryRow> Runner::begin_alone(const Step& step) {
  if (auto asked = ask(options_.before, step, "before"); !asked) {
    return asked.failure();
  }
  HistoryRow row;
  if (const HistoryRow* old = session_.find_row(step.id); old != nullptr) {
    row = *old;
    auto texts = driver_.scripts_of(step.id);
    if (!texts) return texts.failure();
    row.script = std::move(texts->first);
    row.down_script = std::move(texts->second);
  } else {
    row = session_.row_for(*step.migration);
  }
  const std::string_view state = step.undo ? kUndoing : kStarted;
  if (row.state != state) row.statements_done = 0;
  row.state = state;
  row.error.clear();
  if (auto written = session_.write(row); !written) {
    return written.failure();
  }
  // run_alone() records this copy again after each statement.
  row.chain = session_.find_row(row.id)->chain;
  if (auto closed = close(); !closed) return closed.failure();
  return row;
}

Result<Done> Runner::run_statements(const Step& step, HistoryRow& row) {
  const ScriptRun run = script_of(step, options_.observer);
  // A stored script is not cut: it is one piece.
  const std::size_t count = run.statements == nullptr ? 1 : run.count;
  auto index = static_cast<std::size_t>(row.statements_done);
  for (; index < count; ++index) {
    const auto begun = Clock::now();
    auto rows = driver_.run_alone(run, index, row);
    if (!rows) return rows.failure();
    if (options_.observer == nullptr) continue;
    options_.observer->on_statement(step.id, index + 1, count, *rows,
                                    microseconds_since(begun));
    if (auto fine = session_.callbacks().verdict(); !fine) return fine;
  }
  return driver_.reset_session();
}

Result<Done> Runner::finish_alone(const Step& step, HistoryRow row,
                                  Clock::time_point begun) {
  // Others may have finished it with us; open() then brings other steps.
  auto same = open(step);
  if (!same) return same.failure();
  const HistoryRow* now = session_.find_row(step.id);
  Result<Done> done = Done{};
  if (now != nullptr && now->state == row.state) {
    row.state = kApplied;
    row.execution_ms += microseconds_since(begun).count() / 1000;
    done = step.undo ? session_.remove(step.id) : session_.write(row);
  }
  if (!done) return done;
  if (auto heard = note_finish(step, begun); !heard) return heard;
  note_done(step);
  if (!*same) {
    const auto is_it = [&](const Step& one) { return one.id == step.id; };
    steps_.erase(std::remove_if(steps_.begin(), steps_.end(), is_it),
                 steps_.end());
    next_ = 0;
  }
  return close();
}

ErrorBox Runner::note_stop(const Step& step, HistoryRow& row, ErrorBox error) {
  error = describe(
      std::move(error), step,
      print("%lld of its statements are done and stay, since it runs outside a "
            "transaction; mend the cause and run it again, it goes on there",
            static_cast<long long>(row.statements_done))
          .c_str());
  if (!open(step)) return error;
  const HistoryRow* now = session_.find_row(step.id);
  if (now == nullptr || now->state != row.state ||
      now->statements_done > row.statements_done) {
    return error;
  }
  row.error = error->message;
  if (session_.write(row)) (void)static_cast<bool>(close());
  return error;
}

}  // namespace schemagen::core
