// How a set of files on its way to disk names what it has not done yet: hidden
// files beside the real ones, and the journal that the next command goes by
// when this one is killed. The journal may come back in any state, from a disk
// or from version control, and so is believed only where it could be ours.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace schemagen::gen {

inline constexpr const char* kNewEnd = ".schemagen-new";
inline constexpr const char* kOldEnd = ".schemagen-old";
/// What a set still has to do, while it does it.
inline constexpr const char* kJournal = ".schemagen-unfinished";

/// Whether a file of this name is one of those hidden ones.
bool is_leftover(const std::string& name);

struct Move {
  std::string temporary;  ///< "": the file at `path` goes away
  std::string path;
};

/// Pairs of words, each ended by a NUL. They are relative to the folder, which
/// may have moved when they are read.
std::string journal_text(const std::filesystem::path& folder,
                         const std::vector<Move>& moves);

/// No value: it is no such text, or it would touch what no set of this folder
/// touches (its own files, and what a link among them leads to).
std::optional<std::vector<Move>> parse_journal(
    const std::filesystem::path& folder, const std::string& text);

}  // namespace schemagen::gen
