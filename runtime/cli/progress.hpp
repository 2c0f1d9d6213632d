// Shows a run while it goes: a bar on a terminal, one plain line per migration
// elsewhere. Results go to standard output, waiting and warnings to standard
// error.
#pragma once

#include <csignal>
#include <string>
#include <string_view>

#include "schemagen/migrator.hpp"

namespace schemagen::cli {

/// Before anything is opened: a stream that the caller closed would lend its
/// number to the database's connection, and what is printed would go there.
void keep_standard_streams();
/// While it lives, a reader that goes (`up | head -1`) is an error of the
/// output and does not kill the program in the middle of a migration.
class KeepGoing {
 public:
  KeepGoing();
  KeepGoing(const KeepGoing&) = delete;
  KeepGoing& operator=(const KeepGoing&) = delete;
  ~KeepGoing();

 private:
  struct sigaction before_;
};
void write_output(std::string_view text);
void write_error(std::string_view text);
/// False when standard output could not take everything.
bool finish_output();

class Progress : public Observer {
 public:
  /// `silent`: nothing but warnings, for --quiet and --json.
  explicit Progress(bool silent);

  void on_lock_wait(std::chrono::milliseconds waited,
                    std::string_view holder) override;
  void on_start(std::string_view id, std::string_view name, std::size_t number,
                std::size_t of) override;
  void on_statement(std::string_view id, std::size_t number, std::size_t of,
                    std::int64_t rows, std::chrono::microseconds took) override;
  void on_finish(std::string_view id, std::chrono::microseconds took) override;
  void on_error(const Error& error) override;

 private:
  void draw_bar(std::string_view detail);
  void erase_bar();

  bool silent_;
  bool has_bar_;
  bool bar_is_shown_ = false;
  std::string title_;
  std::size_t number_ = 0;
  std::size_t of_ = 0;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point drawn_;
  std::chrono::milliseconds next_wait_line_{0};
};

/// "[##########----------]" for `number` of `of`.
std::string bar_text(std::size_t number, std::size_t of);

}  // namespace schemagen::cli
