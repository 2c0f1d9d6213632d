#include "scan/scan.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include "scan/clang_scan.hpp"
#include "scan/flags.hpp"
#include "scan/resource_dir.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

// A header that fails is read again alone; more than so many would take longer
// than a person waits.
constexpr std::size_t kMostSuspects = 8;

bool is_there(const ScanRequest& request, const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) ||
         std::any_of(
             request.files.begin(), request.files.end(),
             [&](const VirtualFile& file) { return file.path == path; });
}

// Absolute paths of the headers; what cannot be included is reported.
void add_headers(const ScanRequest& request, ParseJob& job,
                 Diagnostics& diagnostics) {
  for (const std::string& header : request.headers) {
    const std::string path =
        normal_path((fs::path(job.directory) / header).string());
    if (!is_there(request, path)) {
      diagnostics.error({header, 0, 0}, "no-header",
                        "there is no such header; correct the list of headers");
    } else if (path.find_first_of("\"\n") != std::string::npos) {
      diagnostics.error({header, 0, 0}, "header-name",
                        "no #include can name this file; rename it");
    } else if (job.shown.emplace(path, header).second) {
      job.headers.push_back(path);
    }
  }
}

ParseJob make_job(const ScanRequest& request, Diagnostics& diagnostics) {
  ParseJob job;
  job.directory =
      fs::absolute(request.directory.empty() ? "." : request.directory)
          .lexically_normal()
          .string();
  job.files = request.files;
  job.flags = scanner_flags(request.flags, clang_major_version(), diagnostics);
  const char* search_path = std::getenv("PATH");
  job.resource_dir =
      find_resource_dir(request.resource_dir, clang_major_version(),
                        search_path == nullptr ? "" : search_path, diagnostics);
  add_headers(request, job, diagnostics);
  return job;
}

ParseJob only(const ParseJob& job, const std::vector<std::string>& headers) {
  ParseJob part = job;
  part.headers = headers;
  return part;
}

void add_all(const std::vector<Diagnostic>& found, Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : found) diagnostics.add(diagnostic);
}

// Reads every suspect alone. Returns those that fail by themselves, and reports
// what is wrong with them.
std::set<std::string> report_lone_faults(const ParseJob& job,
                                         const ParseOutcome& joint,
                                         Diagnostics& diagnostics) {
  std::set<std::string> faulty;
  for (const std::size_t index : joint.suspects) {
    if (faulty.size() >= kMostSuspects) break;
    const std::string& header = job.headers[index];
    const ParseOutcome alone = parse_headers(only(job, {header}));
    if (alone.complete) continue;
    faulty.insert(header);
    const std::string shown = job.shown.at(header);
    for (Diagnostic found : alone.diagnostics) {
      if (found.at.file != shown && found.severity == Severity::error) {
        Diagnostic origin;
        origin.severity = Severity::note;
        origin.id = "scanned-header";
        origin.message = "found while scanning this header";
        origin.at = {shown, 0, 0};
        found.notes.push_back(std::move(origin));
      }
      diagnostics.add(std::move(found));
    }
  }
  return faulty;
}

void report_clash(const ParseJob& job, const ParseOutcome& joint,
                  Diagnostics& diagnostics) {
  add_all(joint.diagnostics, diagnostics);
  for (const std::size_t index : joint.suspects) {
    diagnostics.error({job.shown.at(job.headers[index]), 0, 0}, "headers-clash",
                      "this header compiles alone but not after the other "
                      "headers of the target; look for a macro, a name or an "
                      "include that only one of them may have");
  }
}

// Finds out which headers are at fault, round by round: a fatal error hides
// what comes after it.
void explain_failure(const ParseJob& job, ParseOutcome joint,
                     Diagnostics& diagnostics) {
  ParseJob rest = job;
  for (std::size_t round = 0; round < kMostSuspects; ++round) {
    if (rest.headers.size() == 1 || joint.suspects.empty()) {
      add_all(joint.diagnostics, diagnostics);
      return;
    }
    const std::set<std::string> faulty =
        report_lone_faults(rest, joint, diagnostics);
    if (faulty.empty()) {
      report_clash(rest, joint, diagnostics);
      return;
    }
    std::vector<std::string> others;
    for (const std::string& header : rest.headers) {
      if (faulty.count(header) == 0) others.push_back(header);
    }
    if (!joint.was_fatal || others.empty()) return;
    rest = only(job, others);
    joint = parse_headers(rest);
    if (joint.complete) return;
  }
}

}  // namespace

std::string scanner_version() { return clang_version(); }

ScanResult scan(const ScanRequest& request, Diagnostics& diagnostics) {
  Diagnostics found;
  const ParseJob job = make_job(request, found);
  ScanResult result;
  if (!found.has_errors()) {
    ParseOutcome outcome = parse_headers(job);
    result.dependencies = outcome.dependencies;
    if (outcome.complete) {
      add_all(outcome.diagnostics, found);
      result.declarations = std::move(outcome.declarations);
      result.complete = true;
    } else {
      explain_failure(job, std::move(outcome), found);
    }
  }
  add_all(found.sorted(), diagnostics);
  return result;
}

std::string depfile_text(const std::string& target,
                         const std::vector<std::string>& dependencies) {
  const auto escaped = [](const std::string& path) {
    std::string out;
    for (const char c : path) {
      if (c == ' ' || c == '#') out += '\\';
      if (c == '$') out += '$';
      out += c;
    }
    return out;
  };
  std::string text = escaped(target) + ":";
  for (const std::string& path : dependencies) {
    text += " \\\n  " + escaped(path);
  }
  return text + "\n";
}

}  // namespace schemagen::gen
