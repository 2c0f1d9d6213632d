// Makes SQLite fail: its allocator and its file calls, once, at the N-th call.
// Installed for the whole process before SQLite's first use.
#pragma once

namespace schemagen::faults {

enum class Fault {
  allocation,
  file_call,
  full_disk,
  sync,
  crash,  ///< a file call does not fail: the process dies in front of it
};

/// Puts the failing allocator in place; before install_failing_files().
void install_failing_allocator();
/// Puts the failing file system in place.
void install_failing_files();

/// The `at`-th call from now fails (from 1); 0 lets everything pass.
void fail_sqlite(Fault fault, long at);

/// Calls of that kind since fail_sqlite().
long calls_so_far();

}  // namespace schemagen::faults
