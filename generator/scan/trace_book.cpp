#include "scan/trace_book.hpp"

#include <algorithm>
#include <iterator>

#include "scan/cache.hpp"
#include "scan/paths.hpp"

namespace schemagen::gen {
namespace {

// The words of the annotations are everybody's; nobody can redefine them.
bool is_vocabulary(const std::string& path) {
  const std::string_view ending = "/schemagen/annotations.hpp";
  return path.size() >= ending.size() &&
         path.compare(path.size() - ending.size(), ending.size(), ending) == 0;
}

void sort(std::vector<NameHash>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace

void TraceBook::note_include(File from, File included) {
  includes_.emplace_back(from, included);
}

void TraceBook::note_skipped(File from, const void* entry) {
  skipped_.emplace_back(from, entry);
}

void TraceBook::note_macro(File file, std::string_view name) {
  macros_.emplace_back(file, hash_name(name));
}

bool TraceBook::add_file(File file, const void* entry, const std::string& path,
                         const std::string& shown) {
  FileTrace*& known = by_entry_[entry];
  const bool is_new = known == nullptr;
  if (is_new) {
    known = &by_path_[path];
    if (!known->path.empty()) doubt();
    known->path = path;
    known->shown = shown;
    last_ = known;
    is_vocabulary_ = is_vocabulary(path);
    is_directive_ = false;
    directive_.clear();
  }
  by_file_[file] = known;
  return is_new;
}

void TraceBook::add_word(std::string_view text, bool begins_line, Role role) {
  if (begins_line || text.empty()) {
    if (!is_vocabulary_) judge_directive();
    directive_.clear();
    is_directive_ = role == Role::hash;
  }
  if (is_directive_) {
    directive_.push_back(text);
    last_->directives = hash_bytes(text, last_->directives + 1);
  }
  if (is_vocabulary_ || role != Role::name) return;
  if (text == "_Pragma" || text == "__pragma" || text == "__COUNTER__") {
    doubt();
  }
  last_->hears.push_back(hash_name(text));
}

// A pragma can change anything that comes after it.
void TraceBook::judge_directive() {
  if (directive_.size() < 2) return;
  const bool is_harmless =
      directive_.size() > 2 &&
      (directive_[2] == "once" || directive_[2] == "region" ||
       directive_[2] == "endregion");
  if (directive_[1] == "line" || (directive_[1] == "pragma" && !is_harmless)) {
    doubt();
  }
}

void TraceBook::say(File file, std::string_view name) {
  if (FileTrace* trace = find(file)) trace->says.push_back(hash_name(name));
}

void TraceBook::add_namespace(File file, std::string_view path,
                              std::string_view name) {
  if (FileTrace* trace = find(file)) {
    trace->namespaces.push_back({hash_name(path), hash_name(name)});
  }
}

Traces TraceBook::take() {
  take_notes();
  for (auto& [path, trace] : by_path_) {
    sort(trace.says);
    sort(trace.hears);
    sort_unique(trace.includes);
    traces_.files.push_back(std::move(trace));
  }
  return std::move(traces_);
}

FileTrace* TraceBook::find(File file) {
  const auto known = by_file_.find(file);
  return known == by_file_.end() ? nullptr : known->second;
}

void TraceBook::take_notes() {
  for (const auto& [from, included] : includes_) {
    FileTrace* trace = find(from);
    const FileTrace* known = find(included);
    if (trace != nullptr && known != nullptr) {
      trace->includes.push_back(known->path);
    }
  }
  for (const auto& [from, entry] : skipped_) {
    FileTrace* trace = find(from);
    const auto known = by_entry_.find(entry);
    if (trace != nullptr && known != by_entry_.end()) {
      trace->includes.push_back(known->second->path);
    }
  }
  for (const auto& [file, name] : macros_) {
    if (FileTrace* trace = find(file)) trace->says.push_back(name);
  }
}

bool is_called_unseen(std::string_view function) {
  static constexpr std::string_view kKnown[] = {"begin",
                                                "end",
                                                "rbegin",
                                                "rend",
                                                "size",
                                                "data",
                                                "empty",
                                                "get",
                                                "swap",
                                                "iter_swap",
                                                "iter_move",
                                                "tuple_size",
                                                "strong_order",
                                                "weak_order",
                                                "partial_order",
                                                "make_error_code",
                                                "make_error_condition",
                                                "hash_value",
                                                "format_as",
                                                "to_address"};
  return std::find(std::begin(kKnown), std::end(kKnown), function) !=
         std::end(kKnown);
}

}  // namespace schemagen::gen
