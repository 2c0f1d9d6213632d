#include "commands/merge_sides.hpp"

#include <algorithm>
#include <filesystem>

#include "commands/git.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

/// Whether git puts commits on top of HEAD: then what is picked is mine, and
/// HEAD holds what others may have already.
bool is_replaying(const fs::path& folder) {
  for (const char* state :
       {"rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD"}) {
    auto path = ask_git(folder, std::string("rev-parse --git-path ") + state);
    if (!path) return false;
    while (!path->empty() && path->back() == '\n') path->pop_back();
    std::error_code failure;
    if (fs::exists(folder / *path, failure)) return true;
  }
  return false;
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
  if (ours && theirs) sides = {*ours, *theirs};
  sides.mine_is_theirs = is_replaying(folder);
  return sides;
}

}  // namespace schemagen::gen
