// Carries out steps (ups and downs alike): locks, groups them into
// transactions, retries, records, and on failure knows what was kept.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/session.hpp"

namespace schemagen::core {

/// One migration to apply or to undo.
struct Step {
  Step();
  Step(Step&&) noexcept;
  ~Step();

  std::string id;
  std::string name;
  const EmbeddedMigration* migration = nullptr;  ///< none: a stored down
  bool undo = false;
  bool alone = false;  ///< outside a transaction, with recorded progress
  unsigned flags = 0;
  CodeStep code = nullptr;
  std::string stored;  ///< the text of a stored down, and its statements
  std::vector<EmbeddedStatement> cuts;
  std::vector<std::string> rebuilds;
  std::vector<std::string> losses;
};

/// The step's script for a driver; views into the step and the program.
ScriptRun script_of(const Step& step, Observer* observer);

/// Picks the steps out of a history. Asked again whenever the history turned
/// out to be another one under the lock; `done` steps were carried out before.
class Choice {
 public:
  virtual ~Choice() = default;
  virtual bool choose(Session& session, std::size_t done,
                      std::vector<Step>& steps) = 0;
};

class Runner {
 public:
  Runner(Session& session, Choice& choice)
      : session_(session),
        choice_(choice),
        driver_(session.driver()),
        failure_(session.failure()),
        options_(session.options()),
        observer_(session.observer()) {}

  /// Reads the history, and only if there is work takes the lock.
  Result<Report> run();

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kNone = SIZE_MAX;
  static std::chrono::microseconds microseconds_since(Clock::time_point begun);

  // What returns false has put its Error into the slot.
  bool choose();
  bool check_steps();
  bool carry_out();
  bool has_next() const;
  bool advance();

  /// `same`: false when under the lock the history was another one; the steps
  /// are new then.
  bool open(const Step& step, bool& same);
  bool refresh(bool& same);
  /// `last`: the step that was done last, where it is not steps_[next_ - 1].
  bool close(const Step* last = nullptr);
  bool settle(const Step* last);
  bool must_close(const Step& step) const;

  bool run_in_transaction(Step& step);
  bool attempt(Step& step, Clock::time_point begun, ScriptEnd& end);
  bool execute(Step& step, ScriptEnd& end);
  /// The step behind steps_[next_] can be in its transaction.
  bool goes_on() const;
  bool holds() const { return held_ <= next_; }
  bool record(Step& step, Clock::time_point begun);
  bool take_back(const Step& step);

  bool run_alone(Step step);
  bool run_statements(const Step& step, HistoryRow& row);
  bool begin_alone(const Step& step, HistoryRow& row);
  bool finish_alone(const Step& step, HistoryRow& row, Clock::time_point begun);
  void leave_block(const Step& step, HistoryRow& row);
  void note_stop(const Step& step, HistoryRow& row);

  bool ask(const Callbacks::Veto& veto, const Step& step, const char* when);
  bool run_code(const Step& step);
  bool verdict();
  void forget_uncommitted();
  /// The end of the run: rolls back what is open, tells the observer.
  bool fail();
  bool replay_group();
  /// Gives the error its migration and tells the `consequence`.
  bool describe(const Step& step, const char* consequence);
  void note_start(const Step& step);
  bool note_finish(const Step& step, Clock::time_point begun);
  void note_done(const Step& step);

  Session& session_;
  Choice& choice_;
  Driver& driver_;
  ErrorSlot& failure_;
  const MigrateOptions& options_;
  Observer* const observer_;

  std::vector<Step> steps_;
  std::size_t next_ = 0;
  /// The first of those that go together, since it left what they are to mend.
  std::size_t held_ = kNone;
  Report report_;
  std::size_t committed_ = 0;  // of report_.migrations
  std::size_t total_ = 0;      // for "n of m"
  std::string stop_at_;        // replay: the step that failed
  bool one_by_one_ = false;    // a group could not be committed
  bool is_open_ = false;
  bool foreign_keys_on_ = false;  // of the open transaction
  bool table_made_ = false;
  bool read_under_lock_ = false;
  bool is_fresh_ = false;
  Clock::time_point opened_{};
  Clock::duration last_commit_{};
};

}  // namespace schemagen::core
