// kill -9 at any moment: the next start ends where an undisturbed run ends, no
// row twice, nothing damaged. SCHEMAGEN_KILLS raises the number of runs.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <random>

#include "faults/world.hpp"
#include "support/postgres_server.hpp"

namespace schemagen::faults {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

struct Engine {
  const char* name;
  long kills;  ///< of the short form
  std::string (*make_database)(const Scratch&, int number);
};

const Engine kEngines[] = {
    {"sqlite", 200,
     [](const Scratch& scratch, int number) {
       return "sqlite:" + scratch.file("kill" + std::to_string(number) + ".db");
     }},
    {"postgres", 200,
     [](const Scratch&, int) {
       return test::PostgresServer::instance().create_database();
     }},
};

/// The test's name shall not hold an address.
void PrintTo(const Engine& engine, std::ostream* out) { *out << engine.name; }

class Kill : public testing::TestWithParam<Engine> {
 protected:
  std::string make_database() {
    return GetParam().make_database(scratch_, next_++);
  }

  void run(const char* command, const std::string& url) {
    std::vector<std::string> words{"mixed", command, "--url", url};
    if (std::string(command) == "down") words.emplace_back("--all");
    EXPECT_EQ(run_app(words), 0) << command;
  }

  /// Starts the command and kills it after `delay`.
  void run_and_kill(const char* command, const std::string& url,
                    microseconds delay) {
    std::vector<std::string> words{"mixed", command, "--url", url};
    if (std::string(command) == "down") words.emplace_back("--all");
    const pid_t process = start_app(words);
    usleep(static_cast<useconds_t>(delay.count()));
    kill(process, SIGKILL);
    wait_for(process);
  }

  void find_references(const std::string& url) {
    const auto before = steady_clock::now();
    run("up", url);
    duration_ =
        std::chrono::duration_cast<microseconds>(steady_clock::now() - before);
    up_ = state_of(url);
    run("down", url);
    empty_ = state_of(url);
  }

  Scratch scratch_;
  int next_ = 0;
  microseconds duration_{0};
  std::string up_;
  std::string empty_;
};

TEST_P(Kill, L01_S32_at_random_moments_the_next_start_ends_as_undisturbed) {
  const std::string url = make_database();
  ASSERT_NO_FATAL_FAILURE(find_references(url));
  const auto seed = static_cast<unsigned>(setting("SCHEMAGEN_SEED", 20261120));
  std::mt19937 random(seed);
  std::uniform_int_distribution<long> delay(0, duration_.count() * 11 / 10);
  const long kills = setting("SCHEMAGEN_KILLS", GetParam().kills);
  for (long done = 0; done < kills; done += 2) {
    const microseconds first(delay(random));
    const microseconds second(delay(random));
    run_and_kill("up", url, first);
    run("up", url);
    ASSERT_EQ(difference(up_, state_of(url)), "")
        << "up killed after " << first.count() << "us";
    run_and_kill("down", url, second);
    run("down", url);
    ASSERT_EQ(difference(empty_, state_of(url)), "")
        << "down killed after " << second.count() << "us";
  }
}

TEST_P(Kill, L12_S32_at_every_event_of_up_the_next_start_ends_as_undisturbed) {
  const std::string url = make_database();
  ASSERT_NO_FATAL_FAILURE(find_references(url));
  for (int at = 1; at < 1000; ++at) {
    const int code =
        run_app({"mixed", "kill-at", std::to_string(at), "up", url});
    if (code == 0) {
      EXPECT_GT(at, 30) << "the run has far too few events";
      return;
    }
    ASSERT_EQ(code, -1) << "event " << at;
    run("up", url);
    ASSERT_EQ(difference(up_, state_of(url)), "") << "killed at event " << at;
    run("down", url);
  }
  FAIL() << "the run never ends";
}

TEST_P(Kill, at_every_event_of_down_the_next_start_ends_as_undisturbed) {
  const std::string url = make_database();
  ASSERT_NO_FATAL_FAILURE(find_references(url));
  for (int at = 1; at < 1000; ++at) {
    run("up", url);
    const int code =
        run_app({"mixed", "kill-at", std::to_string(at), "down", url});
    if (code == 0) {
      EXPECT_GT(at, 30) << "the run has far too few events";
      return;
    }
    ASSERT_EQ(code, -1) << "event " << at;
    run("down", url);
    ASSERT_EQ(difference(empty_, state_of(url)), "")
        << "killed at event " << at;
  }
  FAIL() << "the run never ends";
}

INSTANTIATE_TEST_SUITE_P(Engines, Kill, testing::ValuesIn(kEngines),
                         [](const testing::TestParamInfo<Engine>& engine) {
                           return engine.param.name;
                         });

}  // namespace
}  // namespace schemagen::faults
