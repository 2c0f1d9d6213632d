// Puts together what each file says to the others and hears of them. Clang goes
// through the files and tells; a file is a number of its own, an entry stands
// for a file on the disk that may have several.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scan/traces.hpp"

namespace schemagen::gen {

class TraceBook {
 public:
  using File = unsigned;

  void doubt() { traces_.is_doubtful = true; }
  bool is_doubtful() const { return traces_.is_doubtful; }

  /// Told by the preprocessor, before any file is added.
  void note_include(File from, File included);
  void note_skipped(File from, const void* entry);
  void note_macro(File file, std::string_view name);

  /// Whether the words of the file are still to be told.
  bool add_file(File file, const void* entry, const std::string& path,
                const std::string& shown);
  bool has(File file) const { return by_file_.count(file) != 0; }
  enum class Role { name, hash, other };
  /// One token of the file that was added last, in their order; the last one
  /// is empty.
  void add_word(std::string_view text, bool begins_line, Role role);

  void say(File file, std::string_view name);
  void add_namespace(File file, std::string_view path, std::string_view name);

  Traces take();

 private:
  FileTrace* find(File file);
  void judge_directive();
  void take_notes();

  Traces traces_;
  std::map<std::string, FileTrace> by_path_;
  std::unordered_map<const void*, FileTrace*> by_entry_;
  std::unordered_map<File, FileTrace*> by_file_;
  std::vector<std::pair<File, File>> includes_;
  std::vector<std::pair<File, const void*>> skipped_;
  std::vector<std::pair<File, NameHash>> macros_;
  FileTrace* last_ = nullptr;
  bool is_vocabulary_ = false;
  bool is_directive_ = false;
  std::vector<std::string_view> directive_;
};

/// A function that the language or the standard library calls without its name
/// being written.
bool is_called_unseen(std::string_view function);

}  // namespace schemagen::gen
