#include "core/runner.hpp"

#include <algorithm>
#include <thread>

#include "core/text.hpp"

namespace schemagen::core {
namespace {

// A group is committed when it is as old as this or ten times the last commit,
// whichever is longer: a thousand small migrations then cost some dozen syncs,
// and a crash loses what takes a moment to redo.
constexpr std::chrono::milliseconds kGroupAge{100};
constexpr int kCommitShare = 10;
constexpr std::chrono::milliseconds kFirstRetry{50};

bool wants_foreign_keys(const Step& step) {
  return (step.flags & kForeignKeysOn) != 0;
}

}  // namespace

std::chrono::microseconds Runner::microseconds_since(Clock::time_point begun) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() -
                                                               begun);
}

Result<Report> Runner::run() {
  if (auto read = session_.read_history(); !read) {
    return read.failure();
  }
  is_fresh_ = session_.rows().empty();
  if (auto chosen = choose(); !chosen) return chosen.failure();
  if (steps_.empty()) return std::move(report_);
  if (auto locked = driver_.lock(); !locked) {
    return fail(locked.failure()).failure();
  }
  auto done = carry_out();
  auto unlocked = driver_.unlock();
  if (!done) return done.failure();
  if (!unlocked) return fail(unlocked.failure()).failure();
  return std::move(report_);
}

Result<Done> Runner::choose() {
  auto steps = choice_.steps(session_, report_.migrations.size());
  if (!steps) return steps.failure();
  steps_ = std::move(*steps);
  next_ = 0;
  total_ = report_.migrations.size() + steps_.size();
  return check_steps();
}

// What can be known before the first statement is said before it.
Result<Done> Runner::check_steps() const {
  for (const Step& step : steps_) {
    const int needed =
        step.migration == nullptr ? 0 : step.migration->minimum_server;
    if (needed > driver_.server_version()) {
      return core::refuse(
          ErrorCode::refused,
          "%s_%s: needs %s %s or newer, and this is %s; nothing was run",
          step.id.c_str(), step.name.c_str(), session_.available().dialect,
          driver_.version_text(needed).c_str(),
          driver_.version_text(driver_.server_version()).c_str());
    }
    if (auto can = driver_.check_script(script_of(step, nullptr), step.alone);
        !can) {
      return describe(can.failure(), step, "nothing was run");
    }
    if (!options_.all_or_nothing) continue;
    const bool other_keys =
        driver_.groups_migrations() &&
        wants_foreign_keys(step) != wants_foreign_keys(steps_.front());
    if (step.alone || other_keys) {
      return core::refuse(
          ErrorCode::usage,
          "%s_%s: %s, so the run cannot be all or nothing; run up to the one "
          "before it first, or without all-or-nothing",
          step.id.c_str(), step.name.c_str(),
          step.alone ? "runs outside a transaction"
                     : "wants another foreign key setting");
    }
  }
  return Done{};
}

Result<Done> Runner::carry_out() {
  while (next_ < steps_.size() && steps_[next_].id != stop_at_) {
    if (auto done = advance(); !done) return done;
  }
  if (!is_open_) return Done{};
  auto closed = close();
  return closed ? closed : fail(closed.failure());
}

Result<Done> Runner::advance() {
  if (must_close(steps_[next_])) {
    auto closed = close();
    return closed ? closed : fail(closed.failure());
  }
  if (!is_open_) {
    auto same = open(steps_[next_]);
    if (!same) return fail(same.failure());
    if (!*same) return Done{};
  }
  if (steps_[next_].alone) return run_alone(Step(steps_[next_]));
  return run_in_transaction(steps_[next_]);
}

// The group ends before a step that cannot be in it.
bool Runner::must_close(const Step& step) const {
  if (!is_open_ || options_.all_or_nothing) return false;
  if (report_.migrations.size() == committed_) {
    return driver_.groups_migrations() &&
           wants_foreign_keys(step) != foreign_keys_on_;
  }
  return step.alone || step.code != nullptr || foreign_keys_on_ ||
         wants_foreign_keys(step) || !driver_.groups_migrations() ||
         Clock::now() - opened_ >=
             std::max<Clock::duration>(kGroupAge, kCommitShare * last_commit_);
}

/// False: under the lock the history was another one, the steps are new.
Result<bool> Runner::open(const Step& step) {
  TransactionKind kind;
  kind.flags = step.flags;
  kind.durable = !is_fresh_ || step.alone || options_.all_or_nothing ||
                 next_ + 1 == steps_.size();
  foreign_keys_on_ = wants_foreign_keys(step);
  if (auto begun = driver_.begin(kind); !begun) {
    return begun.failure();
  }
  is_open_ = true;
  opened_ = Clock::now();
  if (!table_made_) {
    if (auto made = driver_.create_history(); !made) {
      return made.failure();
    }
  }
  return refresh();
}

Result<bool> Runner::refresh() {
  if (read_under_lock_) {
    if (driver_.lock_lasts()) return true;
    auto current = session_.is_current();
    if (!current || *current) return current;
  }
  if (auto read = session_.read_history(); !read) {
    return read.failure();
  }
  read_under_lock_ = true;
  if (auto chosen = choose(); !chosen) return chosen.failure();
  return false;
}

Result<Done> Runner::close() {
  const auto begun = Clock::now();
  auto committed = driver_.commit();
  is_open_ = false;
  last_commit_ = Clock::now() - begun;
  if (!committed) {
    if (auto settled = settle(committed.failure()); !settled) {
      return settled;
    }
  }
  table_made_ = true;
  committed_ = report_.migrations.size();
  return Done{};
}

// A commit that failed may have happened all the same: the history knows.
Result<Done> Runner::settle(ErrorBox error) {
  const bool lost = error->code == ErrorCode::connection;
  if (!lost) driver_.rollback();
  read_under_lock_ = false;
  if (report_.migrations.size() == committed_) return error;
  const std::string last = report_.migrations.back();
  const bool undo = next_ > 0 && steps_[next_ - 1].undo;
  const bool seen = (!lost || driver_.reconnect()) && session_.read_history();
  if (seen) {
    const HistoryRow* row = session_.find_row(last);
    if (undo ? row == nullptr : row != nullptr && row->state == kApplied) {
      return Done{};
    }
  }
  error = describe(std::move(error), steps_[next_ - 1],
                   seen ? "the commit failed and nothing of it was kept"
                        : "the connection was lost during the commit; look at "
                          "status before going on");
  forget_uncommitted();
  return error;
}

Result<Done> Runner::run_in_transaction(Step& step) {
  const bool savepoints =
      driver_.groups_migrations() || options_.all_or_nothing;
  const auto begun = Clock::now();
  note_start(step);
  for (int tries = 0;; ++tries) {
    if (savepoints) {
      if (auto set = driver_.savepoint(); !set) {
        return take_back(step, set.failure());
      }
    }
    auto kept = attempt(step, begun);
    if (kept && *kept) break;
    const bool is_locked = !kept && kept.error().code == ErrorCode::locked;
    if (!kept && (!is_locked || tries >= options_.lock_retries)) {
      return take_back(step, kept.failure());
    }
    if (savepoints) {
      if (auto back = driver_.rollback_to_savepoint(); !back) {
        return take_back(step, kept ? back.failure() : kept.failure());
      }
    } else {
      driver_.rollback();
      is_open_ = false;
    }
    if (is_locked) std::this_thread::sleep_for(kFirstRetry * (1 << tries % 6));
    if (!is_open_) {
      auto same = open(step);
      if (!same) return take_back(step, same.failure());
      if (!*same) return Done{};  // `step` is gone with the old choice
    }
  }
  if (savepoints) {
    if (auto released = driver_.release_savepoint(); !released) {
      return take_back(step, released.failure());
    }
  }
  note_done(step);
  return Done{};
}

/// False: it must be run once more, from the savepoint.
Result<bool> Runner::attempt(Step& step, Clock::time_point begun) {
  if (auto asked = ask(options_.before, step, "before"); !asked) {
    return asked.failure();
  }
  bool again = false;
  if (auto done = execute(step, &again); !done) return done.failure();
  if (again) return false;
  if (auto fine = session_.callbacks().verdict(); !fine) return fine.failure();
  if (auto asked = ask(options_.after, step, "after"); !asked) {
    return asked.failure();
  }
  if (!driver_.in_transaction()) {
    return core::refuse(ErrorCode::refused,
                        "it ended the transaction of its migration");
  }
  if (auto reset = driver_.reset_session(); !reset) {
    return reset.failure();
  }
  if (auto done = record(step, begun); !done) return done.failure();
  if (auto heard = note_finish(step, begun); !heard) return heard.failure();
  return true;
}

Result<Done> Runner::execute(Step& step, bool* again) {
  if (step.code != nullptr)
    return session_.callbacks().run(step.code, session_.database());
  const ScriptRun run = script_of(step, options_.observer);
  if (auto ready = driver_.prepare_script(run); !ready) return ready;
  if (auto done = driver_.run_script(run); !done) return done;
  auto finished = driver_.finish_script(run);
  if (!finished) return finished.failure();
  *again = !*finished;
  return Done{};
}

Result<Done> Runner::record(Step& step, Clock::time_point begun) {
  if (step.undo) return session_.remove(step.id);
  HistoryRow row = session_.row_for(*step.migration);
  row.execution_ms = microseconds_since(begun).count() / 1000;
  return session_.write(std::move(row));
}

// The step failed: it goes, those before it in the group stay.
Result<Done> Runner::take_back(const Step& failed, ErrorBox cause) {
  ErrorBox error = describe(std::move(cause), failed,
                            options_.all_or_nothing
                                ? "the whole run was rolled back"
                                : "it was rolled back, nothing of it was kept");
  stop_at_ = stop_at_.empty() ? failed.id : stop_at_;
  const bool replaying = stop_at_ != failed.id;
  const bool has_group = report_.migrations.size() > committed_;
  if (options_.all_or_nothing || !has_group) {
    driver_.rollback();
    is_open_ = false;
    forget_uncommitted();
  } else if (driver_.in_transaction() && driver_.rollback_to_savepoint()) {
    if (auto closed = close(); !closed) {
      error->message += "; then: " + closed.error().message;
    }
  } else if (!replaying) {
    if (auto replayed = replay_group(); !replayed) {
      error->message += "; then: " + replayed.error().message;
    }
  }
  return fail(std::move(error));
}

// The engine rolled back the migrations before the failed one too (disk full,
// RAISE(ROLLBACK)). They were good: they are applied again, up to stop_at_.
Result<Done> Runner::replay_group() {
  driver_.rollback();
  is_open_ = false;
  read_under_lock_ = false;
  forget_uncommitted();
  if (auto read = session_.read_history(); !read) return read;
  if (auto chosen = choose(); !chosen) return chosen;
  return carry_out();
}

void Runner::forget_uncommitted() {
  while (report_.migrations.size() > committed_) report_.migrations.pop_back();
}

Result<Done> Runner::fail(ErrorBox error) {
  if (is_open_) driver_.rollback();
  is_open_ = false;
  forget_uncommitted();
  error->applied = report_.migrations;
  if (options_.observer != nullptr) options_.observer->on_error(*error);
  return error;
}

ErrorBox Runner::describe(ErrorBox error, const Step& step,
                          const char* consequence) const {
  if (!error->migration.empty()) return error;
  error->migration = step.id;
  std::string place;
  if (error->statement > 0) place = print(", statement %d", error->statement);
  if (error->line > 0) {
    place += print(", line %d, column %d", error->line, error->column);
  }
  error->message = print("%s_%s%s%s: %s; %s", step.id.c_str(),
                         step.name.c_str(), step.undo ? " (down)" : "",
                         place.c_str(), error->message.c_str(), consequence);
  return error;
}

void Runner::note_start(const Step& step) {
  if (options_.observer == nullptr) return;
  options_.observer->on_start(step.id, step.name, report_.migrations.size() + 1,
                              total_);
}

// Before the commit, so that an observer which throws stops it.
Result<Done> Runner::note_finish(const Step& step, Clock::time_point begun) {
  if (options_.observer != nullptr) {
    options_.observer->on_finish(step.id, microseconds_since(begun));
  }
  return session_.callbacks().verdict();
}

void Runner::note_done(const Step& step) {
  report_.migrations.push_back(step.id);
  for (const std::string& loss : step.losses) report_.losses.push_back(loss);
  ++next_;
}

}  // namespace schemagen::core
