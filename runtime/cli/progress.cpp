#include "cli/progress.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "cli/report.hpp"

namespace schemagen::cli {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kBarWidth = 20;
constexpr std::size_t kLineWidth = 79;
constexpr milliseconds kBetweenDrawings{50};
constexpr milliseconds kBetweenWaitLines{5000};

bool is_terminal(std::FILE* stream) { return isatty(fileno(stream)) == 1; }

}  // namespace

// For reading only, so that printing there still fails and is told.
void keep_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) == -1) open("/dev/null", O_RDONLY);
  }
}

KeepGoing::KeepGoing() : before_{} {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &before_);
}

KeepGoing::~KeepGoing() { sigaction(SIGPIPE, &before_, nullptr); }

void write_output(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void write_error(std::string_view text) {
  // What came before it on standard output is read before it.
  std::fflush(stdout);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

bool finish_output() {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

std::string bar_text(std::size_t number, std::size_t of) {
  const std::size_t full = of == 0 ? 0 : kBarWidth * number / of;
  return '[' + std::string(full, '#') + std::string(kBarWidth - full, '-') +
         ']';
}

Progress::Progress(bool silent)
    : silent_(silent), has_bar_(!silent && is_terminal(stderr)) {}

void Progress::on_lock_wait(milliseconds waited, std::string_view holder) {
  if (silent_ || waited < next_wait_line_) return;
  next_wait_line_ = waited + kBetweenWaitLines;
  std::string line = "waiting for another migrator";
  if (!holder.empty()) line += " (" + std::string(holder) + ')';
  write_error(line + ", " + duration_text(waited.count()) + '\n');
}

void Progress::on_start(std::string_view id, std::string_view name,
                        std::size_t number, std::size_t of) {
  title_ = std::string(id) + ' ' + std::string(name);
  number_ = number;
  of_ = of;
  started_ = steady_clock::now();
  draw_bar("");
}

void Progress::on_statement(std::string_view, std::size_t number,
                            std::size_t of, std::int64_t,
                            std::chrono::microseconds) {
  if (!has_bar_ || steady_clock::now() - drawn_ < kBetweenDrawings) return;
  draw_bar(", statement " + std::to_string(number) + '/' + std::to_string(of));
}

void Progress::on_finish(std::string_view, std::chrono::microseconds took) {
  erase_bar();
  if (silent_) return;
  write_output(
      std::to_string(number_) + '/' + std::to_string(of_) + ' ' + title_ +
      " (" + duration_text(duration_cast<milliseconds>(took).count()) + ")\n");
  std::fflush(stdout);
}

void Progress::on_error(const Error&) { erase_bar(); }

void Progress::draw_bar(std::string_view detail) {
  if (!has_bar_) return;
  drawn_ = steady_clock::now();
  const auto took = duration_cast<milliseconds>(drawn_ - started_);
  const std::string text = bar_text(number_ == 0 ? 0 : number_ - 1, of_) + ' ' +
                           std::to_string(number_) + '/' + std::to_string(of_) +
                           ' ' + title_ + ' ' + duration_text(took.count()) +
                           std::string(detail);
  // Longer than a line, the bar would scroll instead of being drawn over.
  const std::string line = '\r' + text.substr(0, kLineWidth) + "\x1b[K";
  std::fwrite(line.data(), 1, line.size(), stderr);
  bar_is_shown_ = true;
}

void Progress::erase_bar() {
  if (!bar_is_shown_) return;
  std::fputs("\r\x1b[K", stderr);
  bar_is_shown_ = false;
}

}  // namespace schemagen::cli
