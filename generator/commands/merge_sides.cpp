#include "commands/merge_sides.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "commands/git.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

/// Whether git is at work on `state`; no value: git does not know the folder.
std::optional<bool> git_has(const fs::path& folder, const std::string& state) {
  auto path = ask_git(folder, "rev-parse --git-path " + state);
  if (!path) return std::nullopt;
  while (!path->empty() && path->back() == '\n') path->pop_back();
  std::error_code failure;
  return fs::exists(folder / *path, failure);
}

/// Only a merge brings others' commits to HEAD. A rebase, a cherry-pick, a
/// stash that is taken out bring mine to what others may have already. No
/// value: that is over, and what the markers call HEAD may be either.
std::optional<bool> is_head_mine(const fs::path& folder, bool is_in_index) {
  const auto merges = git_has(folder, "MERGE_HEAD");
  if (!merges)
    return true;  // nobody knows better than the markers' usual order
  const auto has = [&](const char* state) {
    return git_has(folder, state).value_or(false);
  };
  const bool rebases = has("rebase-merge") || has("rebase-apply");
  if (*merges && !rebases) return true;
  if (is_in_index || rebases || has("CHERRY_PICK_HEAD") || has("REVERT_HEAD")) {
    return false;
  }
  return std::nullopt;
}

/// With or without the common ancestor of diff3.
MergeSides split_at_markers(const std::string& text) {
  enum class Part { both, ours, ancestor, theirs };
  MergeSides sides;
  Part part = Part::both;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1);
    const std::string line = text.substr(at, end + 1 - at);
    at = end + 1;
    const std::string mark = line.substr(0, 7);
    if (mark == "<<<<<<<") {
      part = Part::ours;
      sides.is_guess = true;
    } else if (mark == "|||||||" && part == Part::ours) {
      part = Part::ancestor;
    } else if (mark == "=======" && part != Part::both) {
      part = Part::theirs;
    } else if (mark == ">>>>>>>" && part != Part::both) {
      part = Part::both;
    } else {
      if (part == Part::both || part == Part::ours) sides.ours += line;
      if (part == Part::both || part == Part::theirs) sides.theirs += line;
    }
  }
  return sides;
}

}  // namespace

MergeSides merge_sides(const std::string& path, const std::string& text) {
  const fs::path folder = fs::path(path).parent_path();
  const std::string file = fs::path(path).filename().string();
  MergeSides sides = split_at_markers(text);
  if (!sides.is_guess) return sides;
  const auto ours = ask_git(folder, "show " + shell_word(":2:./" + file));
  const auto theirs = ask_git(folder, "show " + shell_word(":3:./" + file));
  const bool is_in_index = ours && theirs;
  if (is_in_index) sides = {*ours, *theirs};
  const auto head_is_mine = is_head_mine(folder, is_in_index);
  sides.mine_is_theirs = !head_is_mine.value_or(true);
  sides.is_mine_unknown = !head_is_mine && sides.ours != sides.theirs;
  return sides;
}

}  // namespace schemagen::gen
