#include "core/runner.hpp"

#include <algorithm>

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
  if (!session_.read_history()) return failure_.take();
  is_fresh_ = session_.rows().empty();
  if (!choose()) return failure_.take();
  if (steps_.empty()) return std::move(report_);
  if (!driver_.lock()) {
    fail();
    return failure_.take();
  }
  carry_out();
  // The cause is told, whatever becomes of the lock.
  ErrorBox cause = failure_.take();
  if (!driver_.unlock() && cause.empty()) {
    fail();
    cause = failure_.take();
  }
  if (!cause.empty()) return cause;
  return std::move(report_);
}

bool Runner::choose() {
  steps_.clear();
  if (!choice_.choose(session_, report_.migrations.size(), steps_)) {
    return false;
  }
  next_ = 0;
  total_ = report_.migrations.size() + steps_.size();
  return check_steps();
}

// What can be known before the first statement is said before it.
bool Runner::check_steps() {
  for (const Step& step : steps_) {
    const int needed =
        step.migration == nullptr ? 0 : step.migration->minimum_server;
    if (needed > driver_.server_version()) {
      return failure_.refuse(
          ErrorCode::refused,
          "%s_%s: needs %s %s or newer, and this is %s; nothing was run",
          step.id.c_str(), step.name.c_str(), session_.available().dialect,
          driver_.version_text(needed).c_str(),
          driver_.version_text(driver_.server_version()).c_str());
    }
    if (!driver_.check_script(script_of(step, nullptr), step.alone)) {
      return describe(step, "nothing was run");
    }
    if (!options_.all_or_nothing) continue;
    const bool other_keys =
        driver_.groups_migrations() &&
        wants_foreign_keys(step) != wants_foreign_keys(steps_.front());
    if (step.alone || other_keys) {
      return failure_.refuse(
          ErrorCode::usage,
          "%s_%s: %s, so the run cannot be all or nothing; run up to the one "
          "before it first",
          step.id.c_str(), step.name.c_str(),
          step.alone ? "runs outside a transaction"
                     : "wants another foreign key setting");
    }
  }
  return true;
}

bool Runner::carry_out() {
  while (is_open_ || has_next()) {
    if (!advance()) return false;
  }
  return true;
}

bool Runner::has_next() const {
  return next_ < steps_.size() && steps_[next_].id != stop_at_;
}

bool Runner::advance() {
  if (!has_next() || must_close(steps_[next_])) return close() || fail();
  if (!is_open_) {
    bool same = true;
    if (!open(steps_[next_], same)) return fail();
    if (!same) return true;
  }
  // A look at the history replaces steps_ while it runs.
  if (steps_[next_].alone) return run_alone(std::move(steps_[next_]));
  return run_in_transaction(steps_[next_]);
}

// The group ends before a step that cannot be in it.
bool Runner::must_close(const Step& step) const {
  if (!is_open_ || options_.all_or_nothing || holds()) return false;
  if (report_.migrations.size() == committed_) {
    return driver_.groups_migrations() &&
           wants_foreign_keys(step) != foreign_keys_on_;
  }
  return one_by_one_ || step.alone || step.code != nullptr ||
         foreign_keys_on_ || wants_foreign_keys(step) ||
         !driver_.groups_migrations() ||
         Clock::now() - opened_ >=
             std::max<Clock::duration>(kGroupAge, kCommitShare * last_commit_);
}

bool Runner::open(const Step& step, bool& same) {
  TransactionKind kind;
  kind.flags = step.flags;
  kind.durable = !is_fresh_ || step.alone || options_.all_or_nothing ||
                 next_ + 1 == steps_.size();
  foreign_keys_on_ = wants_foreign_keys(step);
  if (!driver_.begin(kind)) return false;
  is_open_ = true;
  opened_ = Clock::now();
  return (table_made_ || driver_.create_history()) && refresh(same);
}

bool Runner::refresh(bool& same) {
  if (read_under_lock_) {
    if (driver_.lock_lasts()) return true;
    if (!session_.is_current(same)) return false;
    if (same) return true;
  }
  if (!session_.read_history()) return false;
  read_under_lock_ = true;
  same = false;
  return choose();
}

bool Runner::close(const Step* last) {
  const auto begun = Clock::now();
  const bool committed = driver_.commit();
  is_open_ = false;
  last_commit_ = Clock::now() - begun;
  if (!committed && !settle(last)) return false;
  if (report_.migrations.size() == committed_) return true;  // chosen anew
  table_made_ = true;
  committed_ = report_.migrations.size();
  return true;
}

// A commit that failed may have happened all the same: the history knows.
bool Runner::settle(const Step* last) {
  ErrorBox error = failure_.take();
  const bool lost = error->code == ErrorCode::connection;
  if (!lost) driver_.rollback();
  read_under_lock_ = false;
  if (report_.migrations.size() == committed_) {
    return failure_.keep(std::move(error));
  }
  const Step& done = last == nullptr ? steps_[next_ - 1] : *last;
  const bool seen = (!lost || driver_.reconnect()) && session_.read_history();
  if (seen) {
    const HistoryRow* row = session_.find_row(report_.migrations.back());
    if (done.undo ? row == nullptr : row != nullptr && row->state == kApplied) {
      return true;
    }
  }
  const bool in_group = report_.migrations.size() > committed_ + 1;
  forget_uncommitted();
  // Which of a group the disk had no room for is told by going singly.
  if (seen && in_group && !options_.all_or_nothing &&
      error->code != ErrorCode::locked) {
    one_by_one_ = true;
    return choose();
  }
  failure_.keep(std::move(error));
  return describe(
      done, seen ? "the commit failed and nothing of it was kept"
                 : "the connection was lost at the commit; look at status");
}

bool Runner::run_in_transaction(Step& step) {
  const bool savepoints =
      driver_.groups_migrations() || options_.all_or_nothing;
  const auto begun = Clock::now();
  note_start(step);
  for (int tries = 0;; ++tries) {
    ScriptEnd end = ScriptEnd::done;
    if (savepoints && !holds() && !driver_.savepoint()) return take_back(step);
    if (attempt(step, begun, end) && end != ScriptEnd::again) {
      if (end == ScriptEnd::done) {
        held_ = kNone;
      } else if (!holds()) {
        held_ = next_;
      }
      break;
    }
    if (!failure_.ok() && (failure_->code != ErrorCode::locked ||
                           tries >= options_.lock_retries || holds())) {
      // What it committed by itself is not ours to take back.
      if (failure_->code == ErrorCode::refused && !driver_.in_transaction()) {
        describe(step, "look at what it left behind");
      }
      const bool is_first = end == ScriptEnd::unmended && holds();
      return take_back(is_first ? steps_[held_] : step);
    }
    ErrorBox locked = failure_.take();
    const bool is_locked = !locked.empty();
    if (!savepoints) {
      driver_.rollback();
      is_open_ = false;
    } else if (!driver_.rollback_to_savepoint()) {
      if (is_locked) failure_.keep(std::move(locked));
      return take_back(step);
    }
    if (is_locked) driver_.sleep(kFirstRetry * (1 << tries % 6));
    if (!is_open_) {
      bool same = true;
      if (!open(step, same)) return take_back(step);
      if (!same) return true;  // `step` is gone with the old choice
    }
  }
  if (savepoints && !holds() && !driver_.release_savepoint()) {
    return take_back(step);
  }
  note_done(step);
  return true;
}

bool Runner::attempt(Step& step, Clock::time_point begun, ScriptEnd& end) {
  if (!ask(options_.before, step, "before") || !execute(step, end)) {
    return false;
  }
  if (end == ScriptEnd::again) return true;
  if (!verdict() || !ask(options_.after, step, "after")) return false;
  if (!driver_.in_transaction()) {
    return failure_.refuse(ErrorCode::refused,
                           "it ended the transaction of its migration");
  }
  return driver_.reset_session() && record(step, begun) &&
         note_finish(step, begun);
}

bool Runner::execute(Step& step, ScriptEnd& end) {
  if (step.code != nullptr) return run_code(step);
  ScriptRun run = script_of(step, observer_);
  run.goes_on = goes_on();
  return driver_.prepare_script(run) && driver_.run_script(run) &&
         driver_.finish_script(run, end);
}

bool Runner::goes_on() const {
  if (next_ + 1 >= steps_.size()) return false;
  const Step& step = steps_[next_ + 1];
  return step.id != stop_at_ && !step.alone && !wants_foreign_keys(step);
}

bool Runner::record(Step& step, Clock::time_point begun) {
  if (step.undo) return session_.remove(step.id);
  HistoryRow row = session_.row_for(*step.migration);
  row.execution_ms = microseconds_since(begun).count() / 1000;
  return session_.write(std::move(row));
}

// The step failed: it goes, with those that it was to mend; those before it in
// the group stay.
bool Runner::take_back(const Step& failed) {
  const Step& first = holds() ? steps_[held_] : failed;
  describe(failed, options_.all_or_nothing
                       ? "the whole run was rolled back"
                       : "it was rolled back, nothing of it was kept");
  if (stop_at_.empty()) stop_at_ = first.id;
  const bool replaying = stop_at_ != first.id;
  for (; next_ > held_; --next_) report_.migrations.pop_back();
  held_ = kNone;
  const bool has_group = report_.migrations.size() > committed_;
  ErrorBox cause = failure_.take();
  bool saved = true;
  if (options_.all_or_nothing || !has_group) {
    driver_.rollback();
    is_open_ = false;
    forget_uncommitted();
  } else if (driver_.in_transaction() && driver_.rollback_to_savepoint()) {
    saved = close() && carry_out();
  } else if (!replaying) {
    failure_.take();
    saved = replay_group();
  }
  if (!saved) {
    cause->message = print("%s; then: %s", cause->message.c_str(),
                           failure_->message.c_str());
  }
  failure_.keep(std::move(cause));
  return fail();
}

// The engine rolled back the migrations before the failed one too (disk full,
// RAISE(ROLLBACK)). They were good: they are applied again, up to stop_at_.
bool Runner::replay_group() {
  driver_.rollback();
  is_open_ = false;
  read_under_lock_ = false;
  forget_uncommitted();
  return session_.read_history() && choose() && carry_out();
}

void Runner::forget_uncommitted() {
  while (report_.migrations.size() > committed_) report_.migrations.pop_back();
}

bool Runner::fail() {
  if (is_open_) driver_.rollback();
  is_open_ = false;
  forget_uncommitted();
  for (const std::string& id : report_.migrations) {
    append(failure_->applied, id);
  }
  if (observer_ != nullptr) observer_->on_error(*failure_);
  return false;
}

bool Runner::describe(const Step& step, const char* consequence) {
  Error& error = *failure_;
  if (!error.migration.empty()) return false;
  error.migration = step.id;
  std::string place;
  if (error.statement > 0) place = print(", statement %d", error.statement);
  if (error.line > 0) {
    place.append(
        print(", line %d, column %d", error.line, error.column).c_str());
  }
  error.message = print("%s_%s%s%s: %s; %s", step.id.c_str(), step.name.c_str(),
                        step.undo ? " (down)" : "", place.c_str(),
                        error.message.c_str(), consequence);
  return false;
}

bool Runner::ask(const Callbacks::Veto& veto, const Step& step,
                 const char* when) {
  return failure_.pass(
      session_.callbacks().ask(veto, session_.database(), step.id, when));
}

bool Runner::run_code(const Step& step) {
  return failure_.pass(
      session_.callbacks().run(step.code, session_.database()));
}

bool Runner::verdict() { return failure_.pass(session_.callbacks().verdict()); }

void Runner::note_start(const Step& step) {
  if (observer_ == nullptr) return;
  observer_->on_start(step.id, step.name, report_.migrations.size() + 1,
                      total_);
}

// Before the commit, so that an observer which throws stops it.
bool Runner::note_finish(const Step& step, Clock::time_point begun) {
  if (observer_ != nullptr) {
    observer_->on_finish(step.id, microseconds_since(begun));
  }
  return verdict();
}

void Runner::note_done(const Step& step) {
  append(report_.migrations, step.id);
  for (const std::string& loss : step.losses) append(report_.losses, loss);
  ++next_;
}

}  // namespace schemagen::core
