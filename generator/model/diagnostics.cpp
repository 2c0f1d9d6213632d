#include "model/diagnostics.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "model/text.hpp"

namespace schemagen::gen {
namespace {

auto place(const SourceLocation& at) {
  return std::tie(at.file, at.line, at.column);
}

bool same(const Diagnostic& a, const Diagnostic& b) {
  return std::tie(a.severity, a.id, a.message) ==
             std::tie(b.severity, b.id, b.message) &&
         place(a.at) == place(b.at);
}

const char* word(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

const char* escape_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "\x1b[1;36m";
    case Severity::warning:
      return "\x1b[1;35m";
    case Severity::error:
      break;
  }
  return "\x1b[1;31m";
}

std::string shown_place(const SourceLocation& at) {
  if (at.file.empty()) return "";
  std::string text = at.file;
  if (at.line > 0) {
    text += ':' + std::to_string(at.line);
    if (at.column > 0) text += ':' + std::to_string(at.column);
  }
  return text + ": ";
}

/// Names are data: one with an escape sequence in it must not steer the
/// terminal of whoever reads the message.
std::string printable(const std::string& text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string shown;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if ((byte >= 0x20 && byte != 0x7F) || c == '\n' || c == '\t') {
      shown += c;
    } else {
      shown += "\\x";
      shown += kHex[byte >> 4];
      shown += kHex[byte & 15];
    }
  }
  return shown;
}

void append(std::string& out, const Diagnostic& diagnostic, bool colour) {
  const char* reset = colour ? "\x1b[0m" : "";
  if (colour) out += "\x1b[1m";
  out += printable(shown_place(diagnostic.at));
  out += reset;
  if (colour) out += escape_of(diagnostic.severity);
  out += word(diagnostic.severity);
  out += ": ";
  out += reset;
  out += printable(diagnostic.message);
  if (!diagnostic.id.empty()) out += " [" + diagnostic.id + "]";
  out += '\n';
  for (const Diagnostic& note : diagnostic.notes) append(out, note, colour);
}

/// Optimal string alignment: a swap of neighbours is one edit.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

bool is_before(const SourceLocation& a, const SourceLocation& b) {
  return place(a) < place(b);
}

Diagnostic& Diagnostics::error(SourceLocation at, std::string id,
                               std::string message) {
  add({Severity::error,
       std::move(id),
       std::move(message),
       std::move(at),
       {},
       {}});
  return entries_.back();
}

Diagnostic& Diagnostics::warning(SourceLocation at, std::string id,
                                 std::string message) {
  add({Severity::warning,
       std::move(id),
       std::move(message),
       std::move(at),
       {},
       {}});
  return entries_.back();
}

Diagnostic& Diagnostics::note(SourceLocation at, std::string id,
                              std::string message) {
  add({Severity::note,
       std::move(id),
       std::move(message),
       std::move(at),
       {},
       {}});
  return entries_.back();
}

void Diagnostics::add(Diagnostic diagnostic) {
  entries_.push_back(std::move(diagnostic));
}

bool Diagnostics::has_errors() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const Diagnostic& d) {
    return d.severity == Severity::error && d.allowed.empty();
  });
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> list = entries_;
  std::stable_sort(list.begin(), list.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return is_before(a.at, b.at);
                   });
  std::vector<Diagnostic> unique;
  for (Diagnostic& entry : list) {
    // Doubles share a place, so they are near the end of what is kept.
    bool known = false;
    for (auto it = unique.rbegin();
         it != unique.rend() && place(it->at) == place(entry.at); ++it) {
      known = known || same(*it, entry);
    }
    if (!known) unique.push_back(std::move(entry));
  }
  return unique;
}

std::string to_text(const std::vector<Diagnostic>& diagnostics, bool colour) {
  std::string out;
  for (const Diagnostic& entry : diagnostics) {
    if (entry.allowed.empty()) append(out, entry, colour);
  }
  return out;
}

std::string closest(const std::string& word,
                    const std::vector<std::string>& candidates) {
  std::string wanted = fold_case(word);
  std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  const std::string* found = nullptr;
  for (const std::string& candidate : candidates) {
    std::size_t far = distance(wanted, fold_case(candidate));
    // As many edits as letters would be another word.
    if (far >= wanted.size() && far > 0) continue;
    if (far < best || (found && far == best && candidate < *found)) {
      best = far;
      found = &candidate;
    }
  }
  return found ? *found : "";
}

}  // namespace schemagen::gen
