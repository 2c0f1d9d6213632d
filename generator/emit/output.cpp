#include "emit/output.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "emit/journal.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

SourceLocation whole_file(const std::string& path) { return {path, 0, 0}; }

std::string system_text(int error) {
  if (error == ESPIPE) return "it is a pipe";
  return error == ENODEV ? "it is a device"
                         : std::generic_category().message(error);
}

/// What has no end is not read: a pipe, a terminal, /dev/zero. Of the devices
/// /dev/null alone is as good as a file, an empty one. The error number.
int kind_error(const struct stat& what) {
  if (S_ISREG(what.st_mode) || S_ISDIR(what.st_mode)) return 0;
  struct stat null {};
  const bool is_null = S_ISCHR(what.st_mode) &&
                       ::stat("/dev/null", &null) == 0 &&
                       null.st_rdev == what.st_rdev;
  if (is_null) return 0;
  return S_ISFIFO(what.st_mode) || S_ISSOCK(what.st_mode) ? ESPIPE : ENODEV;
}

/// Reads without a diagnostic; the error number, 0 when it went well. Opening a
/// pipe would wait until somebody writes to it.
int read_whole(const std::string& path, std::string& content) {
  const int descriptor =
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return errno;
  struct stat what {};
  const int kind = ::fstat(descriptor, &what) == 0 ? kind_error(what) : 0;
  if (kind != 0) {
    ::close(descriptor);
    return kind;
  }
  content.clear();
  char buffer[1 << 16];
  ssize_t got = 0;
  do {
    got = ::read(descriptor, buffer, sizeof buffer);
    if (got > 0) content.append(buffer, static_cast<std::size_t>(got));
  } while (got > 0 || (got < 0 && errno == EINTR));
  const int error = got < 0 ? errno : 0;
  ::close(descriptor);
  return error;
}

/// Writes and syncs a new file; the error number, 0 when it went well.
int write_new(const std::string& path, const std::string& content) {
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return errno;
  std::size_t done = 0;
  int error = 0;
  while (done < content.size() && error == 0) {
    const ssize_t count =
        ::write(descriptor, content.data() + done, content.size() - done);
    if (count < 0 && errno != EINTR) error = errno;
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  if (error == 0 && ::fsync(descriptor) != 0 && errno != EINVAL) error = errno;
  if (::close(descriptor) != 0 && error == 0) error = errno;
  return error;
}

/// Makes `folder` and what is missing above it, remembering what it made.
int make_folders(const fs::path& folder, std::vector<std::string>& made) {
  std::error_code failure;
  if (folder.empty() || fs::is_directory(folder, failure)) return 0;
  const int above = make_folders(folder.parent_path(), made);
  if (above != 0) return above;
  if (!fs::create_directory(folder, failure)) {
    return fs::is_directory(folder) ? 0 : failure.value();
  }
  made.push_back(folder.string());
  return 0;
}

void remove_folders(const std::vector<std::string>& made) {
  for (auto folder = made.rbegin(); folder != made.rend(); ++folder) {
    ::rmdir(folder->c_str());  // fails on one that is in use, as it should
  }
}

/// ".user.cpp.4711.schemagen-new" while 4711 runs.
bool is_in_use(const std::string& name) {
  const std::size_t end = name.rfind('.');
  const std::size_t dot = end > 0 ? name.rfind('.', end - 1) : end;
  if (dot == std::string::npos) return false;
  const int writer = std::atoi(name.c_str() + dot + 1);
  return writer > 0 && (::kill(writer, 0) == 0 || errno == EPERM);
}

void remove_leftovers(const std::string& folder, bool is_locked) {
  std::vector<fs::path> leftovers;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end;
       !failure && entry != end; entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    if (is_leftover(name) && (is_locked || !is_in_use(name))) {
      leftovers.push_back(entry->path());
    }
  }
  for (const fs::path& leftover : leftovers) ::unlink(leftover.c_str());
}

/// One set on its way to disk. Whatever was done is undone by the destructor
/// unless commit() was reached.
class Transaction {
 public:
  /// With a folder, a set that is killed half-way is finished by the next
  /// command that locks it.
  explicit Transaction(const std::string& folder)
      : journal_(folder.empty() ? "" : (fs::path(folder) / kJournal).string()) {
  }

  ~Transaction() {
    if (!journal_.empty() && has_journal_) ::unlink(journal_.c_str());
    if (!committed_) undo();
    for (const Step& step : steps_) {
      ::unlink(step.temporary.c_str());
      ::unlink(step.backup.c_str());
    }
    if (!committed_) remove_folders(made_);
  }

  /// Writes the new content beside `path`; nothing is visible yet.
  int stage(const std::string& path, const std::string& content) {
    std::string old;
    if (read_whole(path, old) == 0 && old == content) return 0;
    const int error = make_folders(fs::path(path).parent_path(), made_);
    if (error != 0) return error;
    steps_.push_back(make_step(path));
    return write_new(steps_.back().temporary, content);
  }

  void stage_removal(const std::string& path) {
    Step step = make_step(path);
    step.temporary.clear();
    steps_.push_back(std::move(step));
  }

  /// Puts everything in its place; `path` names the file that failed.
  int commit(std::string& path) {
    if (!journal_.empty() && steps_.size() > 1) {
      path = steps_.front().path;
      const int error = write_journal();
      if (error != 0) return error;
    }
    for (Step& step : steps_) {
      path = step.path;
      const int error = step.temporary.empty() ? remove(step) : replace(step);
      if (error != 0) return error;
      step.done = true;
    }
    committed_ = true;
    return 0;
  }

 private:
  struct Step {
    std::string path, temporary, backup;
    bool has_backup = false;
    bool done = false;
  };

  static Step make_step(const std::string& path) {
    std::error_code failure;
    fs::path target = path;
    if (fs::is_symlink(target, failure)) target = fs::canonical(path, failure);
    if (failure) target = path;
    const std::string hidden =
        "." + target.filename().string() + "." + std::to_string(::getpid());
    const fs::path folder = target.parent_path();
    Step step;
    step.path = target.string();
    step.temporary = (folder / (hidden + kNewEnd)).string();
    step.backup = (folder / (hidden + kOldEnd)).string();
    return step;
  }

  /// From here on the set is as good as done: all new content is on the disk,
  /// and the journal says where it belongs.
  int write_journal() {
    std::vector<Move> moves;
    for (const Step& step : steps_)
      moves.push_back({step.temporary, step.path});
    const std::string temporary = journal_ + kNewEnd;
    int error = write_new(
        temporary, journal_text(fs::path(journal_).parent_path(), moves));
    if (error == 0 && ::rename(temporary.c_str(), journal_.c_str()) != 0) {
      error = errno;
    }
    if (error != 0) ::unlink(temporary.c_str());
    has_journal_ = error == 0;
    return error;
  }

  static int keep_old(Step& step) {
    std::error_code failure;
    if (fs::is_directory(step.path, failure)) return EISDIR;
    ::unlink(step.backup.c_str());
    if (::link(step.path.c_str(), step.backup.c_str()) == 0) {
      step.has_backup = true;
      return 0;
    }
    if (errno == ENOENT) return 0;
    // A file system without hard links.
    fs::copy_file(step.path, step.backup, failure);
    step.has_backup = !failure;
    return failure.value();
  }

  static int replace(Step& step) {
    const int error = keep_old(step);
    if (error != 0) return error;
    const bool moved = ::rename(step.temporary.c_str(), step.path.c_str()) == 0;
    return moved ? 0 : errno;
  }

  static int remove(Step& step) {
    const int error = keep_old(step);
    if (error != 0) return error;
    const bool gone = ::unlink(step.path.c_str()) == 0 || errno == ENOENT;
    return gone ? 0 : errno;
  }

  void undo() {
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
      if (!step->done) continue;
      if (step->has_backup) {
        ::rename(step->backup.c_str(), step->path.c_str());
      } else {
        ::unlink(step->path.c_str());
      }
    }
  }

  std::vector<Step> steps_;
  std::vector<std::string> made_;
  std::string journal_;
  bool has_journal_ = false;
  bool committed_ = false;
};

/// Does what a killed set had left to do; the error number.
int finish_moves(const fs::path& folder, const std::vector<Move>& moves) {
  for (const Move& move : moves) {
    const fs::path path = folder / move.path;
    const bool done =
        move.temporary.empty()
            ? ::unlink(path.c_str()) == 0
            : ::rename((folder / move.temporary).c_str(), path.c_str()) == 0;
    if (!done && errno != ENOENT) return errno;  // ENOENT: done before
  }
  return 0;
}

void report_unfinished(const std::string& path, const std::string& why,
                       Diagnostics& diagnostics) {
  diagnostics.error(whole_file(path), "unfinished-write",
                    "a command was killed while it wrote here, and its work "
                    "cannot be finished: " +
                        why);
}

/// Whether nothing is left to be done for a killed set; else that is told.
bool finish_journal(const std::string& folder, Diagnostics& diagnostics) {
  const std::string journal = (fs::path(folder) / kJournal).string();
  std::string text;
  int error = read_whole(journal, text);
  if (error == ENOENT) return true;
  const auto moves = parse_journal(folder, text);
  if (error == 0 && !moves) {
    report_unfinished(journal,
                      "this is not what schemagen writes; see what version "
                      "control says of the folder, then delete this file",
                      diagnostics);
    return false;
  }
  if (error == 0) error = finish_moves(folder, *moves);
  if (error == 0 && ::unlink(journal.c_str()) != 0) error = errno;
  if (error == 0) return true;
  report_unfinished(
      folder, system_text(error) + "; give write permission and run this again",
      diagnostics);
  return false;
}

/// Finishes or clears away what a killed command left in a folder that is
/// locked for us alone.
bool tidy(const std::string& folder, Diagnostics& diagnostics) {
  if (!finish_journal(folder, diagnostics)) return false;
  remove_leftovers(folder, /*is_locked=*/true);
  return true;
}

/// For those who only look: what they would see is neither the old nor the new.
bool is_whole(const std::string& folder, Diagnostics& diagnostics) {
  std::error_code failure;
  if (!fs::exists(fs::path(folder) / kJournal, failure)) return true;
  diagnostics.error(whole_file(folder), "unfinished-write",
                    "a command was killed while it wrote here; the next "
                    "`schemagen generate` or `schemagen new` finishes its "
                    "work");
  return false;
}

void report_lock(const std::string& folder, int error,
                 Diagnostics& diagnostics) {
  diagnostics.error(
      whole_file(folder), "folder-busy",
      error == 0 ? "another schemagen command is at work on this folder; run "
                   "this one again when that is done"
                 : "cannot be locked: " + system_text(error) +
                       "; keep SCHEMA_DIR on a file system with locks");
}

void report_unreadable(const std::string& path, int error,
                       Diagnostics& diagnostics) {
  diagnostics.error(whole_file(path), "cannot-read",
                    "cannot be read: " + system_text(error) +
                        "; check the path and its permissions");
}

}  // namespace

std::optional<std::string> read_file(const std::string& path,
                                     Diagnostics& diagnostics) {
  std::string content;
  const int error = read_whole(path, content);
  if (error == 0) return content;
  report_unreadable(path, error, diagnostics);
  return std::nullopt;
}

void check_has_end(const std::string& path, Diagnostics& diagnostics) {
  struct stat what {};
  if (::stat(path.c_str(), &what) != 0) return;
  const int error = kind_error(what);
  if (error != 0) report_unreadable(path, error, diagnostics);
}

bool write_outputs(const OutputSet& outputs, Diagnostics& diagnostics,
                   const std::string& locked_folder) {
  Transaction transaction(locked_folder);
  std::string path;
  int error = 0;
  for (const OutputFile& file : outputs.files) {
    if (error == 0) path = file.path;
    if (error == 0) error = transaction.stage(file.path, file.content);
  }
  for (const std::string& file : outputs.removed) {
    transaction.stage_removal(file);
  }
  if (error == 0) error = transaction.commit(path);
  if (error == 0) return true;
  diagnostics.error(whole_file(path), "cannot-write",
                    "cannot be written: " + system_text(error) +
                        "; nothing was changed, free space or give write "
                        "permission and run it again");
  return false;
}

void sweep_outputs(const std::string& folder) {
  remove_leftovers(folder, /*is_locked=*/false);
}

bool write_link(const std::string& path, const std::string& file,
                Diagnostics& diagnostics) {
  std::error_code failure;
  if (fs::read_symlink(path, failure) == file) return true;
  fs::create_directories(fs::path(path).parent_path(), failure);
  fs::remove(path, failure);
  fs::create_symlink(file, path, failure);
  if (!failure) return true;
  diagnostics.error(whole_file(path), "cannot-write",
                    "cannot be made a link to " + file + ": " +
                        failure.message() +
                        "; give write permission and run it again");
  return false;
}

std::optional<FolderLock> FolderLock::acquire(const std::string& folder,
                                              Mode mode,
                                              Diagnostics& diagnostics) {
  FolderLock lock;
  const bool alone = mode == Mode::exclusive;
  int error = alone ? make_folders(folder, lock.made_) : 0;
  if (error == 0) {
    lock.descriptor_ =
        ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock.descriptor_ < 0) error = errno;
  }
  if (!alone && error == ENOENT) return lock;
  if (error != 0) {
    diagnostics.error(whole_file(folder), "cannot-open",
                      "cannot be opened as a folder: " + system_text(error) +
                          "; check SCHEMA_DIR and its permissions");
    return std::nullopt;
  }
  // A reader holds the lock for milliseconds, a writer for as long as it
  // thinks: a second writer soon knows that it is one.
  const auto deadline = std::chrono::steady_clock::now() +
                        std::chrono::milliseconds(alone ? 500 : 20'000);
  const int wanted = (alone ? LOCK_EX : LOCK_SH) | LOCK_NB;
  while (::flock(lock.descriptor_, wanted) != 0) {
    error = errno;
    const bool busy = error == EWOULDBLOCK || error == EINTR;
    if (!busy && !alone) return lock;  // a file system without locks
    if (!busy || std::chrono::steady_clock::now() > deadline) {
      report_lock(folder, busy ? 0 : error, diagnostics);
      return std::nullopt;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const bool is_fit =
      alone ? tidy(folder, diagnostics) : is_whole(folder, diagnostics);
  if (!is_fit) return std::nullopt;
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      made_(std::exchange(other.made_, {})) {}

FolderLock::~FolderLock() {
  remove_folders(made_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace schemagen::gen
