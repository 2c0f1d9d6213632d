// What the fault tests share: scratch folders, processes, and the whole state
// of a database as text.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "schemagen/database.hpp"

namespace schemagen::faults {

/// A folder that goes away with the value; in memory where the system has such
/// a place, since these tests commit thousands of times.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string file(const std::string& name) const { return path_ + '/' + name; }

 private:
  std::string path_;
};

/// Starts `fault_app` with these words, its output going to `output` ("" for
/// nowhere).
pid_t start_app(const std::vector<std::string>& words,
                const std::string& output = {});

/// The exit code; -1 when a signal ended it.
int wait_for(pid_t process);

int run_app(const std::vector<std::string>& words);

/// Schema, rows and history (without times) of a database, order-free. Fails
/// the running test when it cannot be read or is damaged.
std::string state_of(const std::string& url);

/// The lines that only one of two states has, marked - (wanted) and + (got);
/// "" when they are equal.
std::string difference(const std::string& want, const std::string& got);

/// A number from the environment, for tests that can do more than by default.
long setting(const char* name, long otherwise);

}  // namespace schemagen::faults
