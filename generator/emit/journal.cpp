#include "emit/journal.hpp"

#include <system_error>

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

std::string word(const fs::path& folder, const std::string& path) {
  if (path.empty()) return path;
  std::error_code failure;
  const fs::path relative = fs::relative(path, folder, failure);
  return failure || relative.empty() ? path : relative.string();
}

/// Whether a link in the folder leads to `path`, which is written in its place.
bool is_linked(const fs::path& folder, const fs::path& path) {
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end;
       !failure && entry != end; entry.increment(failure)) {
    std::error_code none;
    if (!entry->is_symlink(none)) continue;
    const fs::path target = folder / fs::read_symlink(entry->path(), none);
    if (fs::weakly_canonical(target, none) == path) return true;
  }
  return false;
}

/// The text comes from the disk, where anything may have happened to it: no
/// name in it may lead to what none of our sets would touch.
bool is_ours(const fs::path& folder, const Move& move) {
  const fs::path path = (folder / move.path).lexically_normal();
  const fs::path temporary = (folder / move.temporary).lexically_normal();
  const bool is_one_folder = path.parent_path() == temporary.parent_path() &&
                             is_leftover(temporary.filename().string());
  if (!move.temporary.empty() && !is_one_folder) return false;
  if (!path.has_filename()) return false;
  std::error_code none;
  return path.parent_path() == (folder / "").lexically_normal().parent_path() ||
         is_linked(folder, fs::weakly_canonical(path, none));
}

}  // namespace

bool is_leftover(const std::string& name) {
  const auto ends_with = [&](const std::string& end) {
    return name.size() > end.size() &&
           name.compare(name.size() - end.size(), end.size(), end) == 0;
  };
  return name[0] == '.' && (ends_with(kNewEnd) || ends_with(kOldEnd));
}

std::string journal_text(const fs::path& folder,
                         const std::vector<Move>& moves) {
  std::string text;
  for (const Move& move : moves) {
    text +=
        word(folder, move.temporary) + '\0' + word(folder, move.path) + '\0';
  }
  return text;
}

std::optional<std::vector<Move>> parse_journal(const fs::path& folder,
                                               const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size(); at += words.back().size() + 1) {
    const std::size_t end = text.find('\0', at);
    if (end == std::string::npos) return std::nullopt;
    words.push_back(text.substr(at, end - at));
  }
  if (words.empty() || words.size() % 2 != 0) return std::nullopt;
  std::vector<Move> moves;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    moves.push_back({words[i], words[i + 1]});
    if (!is_ours(folder, moves.back())) return std::nullopt;
  }
  return moves;
}

}  // namespace schemagen::gen
