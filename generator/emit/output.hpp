// The only place of the generator that changes files. A command hands over all
// it wants to have written as one set: either every file is as wanted, or every
// file is as it was.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/diagnostics.hpp"

namespace schemagen::gen {

struct OutputFile {
  std::string path;
  std::string content;
};

/// What a command wants changed; files are written in this order.
struct OutputSet {
  std::vector<OutputFile> files;
  std::vector<std::string> removed;
};

/// Makes the files so, through temporary names beside them; one that already
/// has its content keeps its time stamp. On failure an error says why and the
/// tree is as before. Missing folders are made. Who holds `locked_folder` alone
/// names it: then a set that is killed half-way is finished by the next lock.
bool write_outputs(const OutputSet& outputs, Diagnostics& diagnostics,
                   const std::string& locked_folder = "");

/// Removes from a folder that nobody locks what killed commands left there.
void sweep_outputs(const std::string& folder);

/// Makes `path` a symbolic link to `file`, and the folders above it. On failure
/// an error says why.
bool write_link(const std::string& path, const std::string& file,
                Diagnostics& diagnostics);

/// The whole file; of what may have no end, as a pipe or a device, nothing. No
/// value: an error was added.
std::optional<std::string> read_file(const std::string& path,
                                     Diagnostics& diagnostics);

/// The same error for a file that others are going to read; a missing one is
/// left to them.
void check_has_end(const std::string& path, Diagnostics& diagnostics);

/// Keeps two commands from working on one folder at once. The lock is the
/// kernel's, on the folder itself: no file to leave behind, freed by a crash.
class FolderLock {
 public:
  /// shared: many readers, waits for a writer; exclusive: alone, and makes the
  /// folder when it is missing (and takes it away again if it stays empty).
  enum class Mode { shared, exclusive };

  /// Alone also finishes or sweeps what a killed command left in the folder.
  /// No value: an error was added. A missing folder has nothing to share, so
  /// the shared lock of one is an empty lock.
  static std::optional<FolderLock> acquire(const std::string& folder, Mode mode,
                                           Diagnostics& diagnostics);

  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  FolderLock() = default;
  int descriptor_ = -1;
  std::vector<std::string> made_;  ///< folders, outermost first
};

}  // namespace schemagen::gen
