#include "scan/error_log.hpp"

#include <algorithm>
#include <utility>

namespace schemagen::gen {
namespace {

Diagnostic advice_to_make(const SourceLocation& at) {
  Diagnostic advice;
  advice.severity = Severity::note;
  advice.id = "missing-file";
  advice.message =
      "when the build makes it, build the target that does so first; when "
      "schemagen runs before that, name it after DEPENDS in "
      "schemagen_add_entities";
  advice.at = at;
  return advice;
}

bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

void ErrorLog::add(Finding finding) {
  Diagnostic found;
  found.id = "clang";
  found.message = std::move(finding.message);
  found.at = std::move(finding.at);
  found.fixes = std::move(finding.fixes);
  if (finding.level == Level::note) {
    if (!takes_notes_) return;
    found.severity = Severity::note;
    suspect(finding.main_line);
    open_.notes.push_back(std::move(found));
    return;
  }
  finish();
  takes_notes_ = finding.level != Level::remark;
  if (!takes_notes_) return;
  // Later versions say 'clang::annotate'.
  if (has(found.message, "annotate' attribute requires parameter")) {
    found.id = "annotation-not-constant";
    found.message =
        "an option here is not constant; use literals and constexpr values";
  }
  if (has(found.message, "' file not found")) {
    found.notes.push_back(advice_to_make(found.at));
  }
  open_ = std::move(found);
  is_open_ = true;
  outcome_.was_fatal = outcome_.was_fatal || finding.level == Level::fatal;
  suspect(finding.main_line);
}

void ErrorLog::finish() {
  if (is_open_) outcome_.diagnostics.push_back(std::move(open_));
  is_open_ = false;
  takes_notes_ = false;
  open_ = {};
}

// The slip finder sees the annotations that stand there themselves.
void ErrorLog::drop_echoes() {
  std::vector<Diagnostic>& all = outcome_.diagnostics;
  const std::vector<Diagnostic> told = all;
  const auto is_echo = [&](const Diagnostic& one) {
    return one.id == "annotation-not-constant" &&
           std::any_of(told.begin(), told.end(), [&](const Diagnostic& why) {
             return why.id == "clang" && why.at.file == one.at.file &&
                    !is_before(why.at, one.at) && !is_before(one.at, why.at);
           });
  };
  all.erase(std::remove_if(all.begin(), all.end(), is_echo), all.end());
}

std::string ErrorLog::header_at(unsigned line) const {
  const std::size_t index = index_of(line);
  if (index >= job_.headers.size()) return "";
  const auto shown = job_.shown.find(job_.headers[index]);
  return shown == job_.shown.end() ? job_.headers[index] : shown->second;
}

// Line n of the main file includes header n - 1.
std::size_t ErrorLog::index_of(unsigned line) const {
  const std::size_t index = line == 0 ? 0 : line - 1;
  return job_.headers.empty() ? 0 : std::min(index, job_.headers.size() - 1);
}

void ErrorLog::suspect(const std::optional<unsigned>& main_line) {
  if (!main_line) return;
  const std::size_t index = index_of(*main_line);
  auto& suspects = outcome_.suspects;
  if (std::find(suspects.begin(), suspects.end(), index) == suspects.end()) {
    suspects.push_back(index);
  }
}

}  // namespace schemagen::gen
