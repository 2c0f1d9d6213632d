#include "scan/scan.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include "scan/cache.hpp"
#include "scan/clang_scan.hpp"
#include "scan/flags.hpp"
#include "scan/partial.hpp"
#include "scan/paths.hpp"
#include "scan/prelude.hpp"
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
                        "there is no such header; put it back, or take it off "
                        "HEADERS");
    } else if (path.find_first_of("\"\n") != std::string::npos) {
      diagnostics.error({header, 0, 0}, "header-name",
                        "no #include can name this file; rename it, or the "
                        "folder that has a \" in its name");
    } else if (job.shown.emplace(path, header).second) {
      job.headers.push_back(path);
    }
  }
}

// All but the headers: where nothing has changed, nobody looks at them.
ParseJob make_job(const ScanRequest& request, Diagnostics& diagnostics) {
  ParseJob job;
  const fs::path here = fs::current_path();
  job.directory = (here / request.directory).lexically_normal().string();
  if (job.directory.size() > 1 && job.directory.back() == '/') {
    job.directory.pop_back();
  }
  job.files = request.files;
  job.flags =
      scanner_flags(request.flags, clang_major_version(), diagnostics).kept;
  const char* search_path = std::getenv("PATH");
  job.resource_dir =
      find_resource_dir(request.resource_dir, clang_major_version(),
                        search_path == nullptr ? "" : search_path, diagnostics);
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

// A misspelt annotation is one mistake, however long Clang stumbles over it: it
// is told once, and the headers are read again without it. Returns the job
// that does so, and its outcome in `outcome`.
ParseJob without_slips(ParseJob job, ParseOutcome& outcome,
                       Diagnostics& diagnostics) {
  for (std::size_t round = 0; round < kMostSuspects; ++round) {
    if (outcome.slips.empty()) break;
    add_all(outcome.slips, diagnostics);
    for (VirtualFile& mended : outcome.mended) {
      mended.path = (fs::path(job.directory) / mended.path).string();
      auto known = std::find_if(
          job.files.begin(), job.files.end(),
          [&](const VirtualFile& file) { return file.path == mended.path; });
      if (known == job.files.end()) {
        job.files.push_back(std::move(mended));
      } else {
        *known = std::move(mended);
      }
    }
    outcome = parse_headers(job);
  }
  return job;
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

// Everything but files that can change the answer.
std::string cache_key(const ScanRequest& request, const ParseJob& job) {
  std::string key =
      clang_version() + '\n' + job.resource_dir + '\n' + job.directory + '\n';
  std::error_code error;
  const fs::path tool = fs::read_symlink("/proc/self/exe", error);
  key += std::to_string(fs::file_size(tool, error)) + ' ' +
         std::to_string(
             fs::last_write_time(tool, error).time_since_epoch().count());
  for (const char* name : {"CPATH", "CPLUS_INCLUDE_PATH", "C_INCLUDE_PATH",
                           "COMPILER_PATH", "GCC_EXEC_PREFIX", "SDKROOT"}) {
    const char* value = std::getenv(name);
    key += std::string("\n") + (value == nullptr ? "" : value);
  }
  for (const std::string& flag : job.flags) key += '\n' + flag;
  for (const std::string& flag : request.flags) {
    if (flag.rfind("-std=", 0) == 0) key += '\n' + flag;
  }
  return key;
}

std::int64_t now() {
  // The kernel stamps files with a clock that ticks more slowly than this one.
  return std::chrono::nanoseconds(
             std::chrono::system_clock::now().time_since_epoch())
             .count() -
         10'000'000;
}

// One request's place in the cache folder.
class ScanCache {
 public:
  ScanCache(const ScanRequest& request, const ParseJob& job)
      : job_(job), folder_(request.cache_dir) {
    is_on_ = !folder_.empty() && request.files.empty();
    if (!is_on_) return;
    std::error_code error;
    fs::create_directories(folder_, error);
    key_ = cache_key(request, job);
    std::string all = key_;
    for (const std::string& header : request.headers) all += '\n' + header;
    path_ = (fs::path(folder_) /
             ("scan-" + std::to_string(hash_bytes(all)) + ".cache"))
                .string();
    entry_ = read_cache(path_);
  }

  CacheEntry* fresh() {
    if (!entry_) return nullptr;
    const Freshness freshness = check_freshness(*entry_, &edited_);
    if (freshness == Freshness::stale) return nullptr;
    if (freshness == Freshness::fresh_by_content) write_cache(path_, *entry_);
    return &*entry_;
  }

  // The first scan of all would wait longer for a prelude than it gains.
  std::optional<Prelude> prelude() const {
    if (!entry_) return std::nullopt;
    return find_prelude(job_, entry_->prelude, folder_, key_, true);
  }

  std::vector<std::string> prelude_headers() const {
    return entry_ ? entry_->prelude : std::vector<std::string>();
  }

  /// What the last scan knew, when nothing but contents changed since.
  CacheEntry* stale() {
    return entry_ && !edited_.empty() && entry_->traces != 0 ? &*entry_
                                                             : nullptr;
  }
  const std::vector<std::string>& edited() const { return edited_; }

  std::optional<Traces> traces() const {
    return read_traces(path_ + kTraces, entry_->traces);
  }

  // `began`: what changed since then may have been read before it changed.
  void keep(ParseOutcome& outcome, std::int64_t began) {
    if (!is_on_) return;
    auto stamps = stamp_files(outcome.dependencies, began);
    if (stamps) keep(outcome, std::move(*stamps));
  }

  // After a scan that read nothing else that could have changed.
  void keep_edited(ParseOutcome& outcome, std::int64_t began) {
    const auto renewed = stamp_files(edited_, began);
    if (!renewed) return;
    std::vector<FileStamp> stamps = std::move(entry_->files);
    for (const FileStamp& stamp : *renewed) {
      std::find_if(stamps.begin(), stamps.end(),
                   [&](const FileStamp& old) { return old.path == stamp.path; })
          ->
          operator=(stamp);
    }
    keep(outcome, std::move(stamps));
  }

 private:
  static constexpr const char kTraces[] = ".traces";

  void keep(ParseOutcome& outcome, std::vector<FileStamp> stamps) {
    CacheEntry entry;
    entry.files = std::move(stamps);
    entry.absent = outcome.absent;
    entry.diagnostics = outcome.diagnostics;
    entry.declarations = pack(outcome.declarations);
    entry.prelude = outcome.system_includes;
    if (!outcome.traces.files.empty()) {
      entry.traces = write_traces(path_ + kTraces, outcome.traces);
    }
    write_cache(path_, entry);
  }

  const ParseJob& job_;
  std::string folder_;
  std::string key_;
  std::string path_;
  std::optional<CacheEntry> entry_;
  std::vector<std::string> edited_;
  bool is_on_ = false;
};

void merge(std::vector<std::string>& into,
           const std::vector<std::string>& more) {
  into.insert(into.end(), more.begin(), more.end());
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

// So many headers gain more than one parse in vain would lose.
constexpr std::size_t kManyHeaders = 200;

ParseOutcome parse_many(ParseJob job) {
  job.reads_plain = job.headers.size() >= kManyHeaders;
  ParseOutcome outcome = parse_headers(job);
  if (!job.reads_plain || outcome.complete) return outcome;
  // A prelude may be at fault for an error, but not for an option.
  if (!job.prelude.empty() && !outcome.is_refused) return outcome;
  job.reads_plain = false;
  return parse_headers(job);
}

// Whatever is wrong with a parse on a prelude, the one without it decides.
ParseOutcome parse(const ParseJob& job, const ScanCache& cache) {
  const std::optional<Prelude> prelude = cache.prelude();
  if (prelude) {
    ParseJob quick = job;
    quick.prelude = prelude->path;
    quick.prelude_text = prelude->text;
    quick.wants_traces = true;
    ParseOutcome outcome = parse_many(quick);
    // A header that is no longer included must not be at hand.
    const auto wanted = standard_headers(outcome.system_includes);
    const auto given = cache.prelude_headers();
    if (outcome.complete && std::includes(wanted.begin(), wanted.end(),
                                          given.begin(), given.end())) {
      std::vector<std::string> files;
      for (const FileStamp& stamp : prelude->made_of.files) {
        files.push_back(stamp.path);
      }
      merge(outcome.dependencies, files);
      merge(outcome.absent, prelude->made_of.absent);
      outcome.system_includes = wanted;
      return outcome;
    }
  }
  ParseOutcome outcome = parse_many(job);
  outcome.system_includes = standard_headers(outcome.system_includes);
  return outcome;
}

// Nothing complete where the declarations cannot be read.
ScanResult from_cache(CacheEntry& entry, Diagnostics& found) {
  ScanResult result;
  if (!unpack(entry.declarations, result.declarations)) return {};
  result.complete = true;
  result.from_cache = true;
  for (FileStamp& stamp : entry.files) {
    result.dependencies.push_back(std::move(stamp.path));
  }
  add_all(entry.diagnostics, found);
  return result;
}

// Reads only the headers that an edit can have reached; nothing when it cannot
// be told for certain that the others stayed what they were.
std::optional<ParseOutcome> parse_partly(const ParseJob& job, ScanCache& cache,
                                         std::size_t& parsed) {
  CacheEntry* entry = cache.stale();
  const std::optional<Traces> before =
      entry ? cache.traces() : std::optional<Traces>();
  if (!before || !entry->diagnostics.empty()) return std::nullopt;
  const auto reach = find_reach(*before, job.headers, cache.edited());
  const std::optional<Prelude> prelude =
      reach ? cache.prelude() : std::optional<Prelude>();
  if (!prelude) return std::nullopt;
  ParseJob part = only(job, reach->headers);
  part.prelude = prelude->path;
  part.prelude_text = prelude->text;
  part.wants_traces = true;
  ParseOutcome outcome = parse_many(part);
  if (!outcome.complete || !outcome.diagnostics.empty() ||
      !stands_alone(*reach, *before, outcome.traces) ||
      !std::includes(entry->absent.begin(), entry->absent.end(),
                     outcome.absent.begin(), outcome.absent.end())) {
    return std::nullopt;
  }
  Declarations known;
  if (!unpack(entry->declarations, known)) return std::nullopt;
  parsed = reach->headers.size();
  outcome.declarations =
      merged(std::move(known), std::move(outcome.declarations), outcome.traces);
  outcome.traces = merged(*before, std::move(outcome.traces));
  outcome.dependencies.clear();
  for (const FileStamp& stamp : entry->files) {
    outcome.dependencies.push_back(stamp.path);
  }
  outcome.absent = entry->absent;
  outcome.system_includes = entry->prelude;
  return outcome;
}

ScanResult from_headers(const ParseJob& job, ScanCache& cache,
                        Diagnostics& found) {
  const std::int64_t began = now();
  ScanResult result;
  std::size_t parsed = 0;
  if (auto outcome = parse_partly(job, cache, parsed)) {
    cache.keep_edited(*outcome, began);
    result.complete = true;
    result.parsed_headers = parsed;
    result.dependencies = std::move(outcome->dependencies);
    result.declarations = std::move(outcome->declarations);
    return result;
  }
  ParseOutcome outcome = parse(job, cache);
  result.dependencies = outcome.dependencies;
  if (outcome.complete) {
    arrange(outcome.declarations);
    cache.keep(outcome, began);
    add_all(outcome.diagnostics, found);
    result.declarations = std::move(outcome.declarations);
    result.complete = true;
  } else {
    const ParseJob readable = without_slips(job, outcome, found);
    result.declarations = outcome.declarations;
    if (!outcome.complete) explain_failure(readable, std::move(outcome), found);
  }
  return result;
}

// Clang may have failed for want of a flag that only other compilers have.
void tell_left_out(const ScanRequest& request, Diagnostics& found) {
  const auto all = found.sorted();
  if (std::none_of(all.begin(), all.end(),
                   [](const Diagnostic& d) { return d.id == "clang"; })) {
    return;
  }
  Diagnostics told;
  std::string words;
  for (const std::string& flag :
       scanner_flags(request.flags, clang_major_version(), told).left_out) {
    words += " " + flag;
  }
  if (words.empty()) return;
  found.note({}, "flags-left-out",
             "the headers were read without" + words +
                 ", which Clang may not know; what needs that can stand under "
                 "#ifndef SCHEMAGEN_SCAN");
}

}  // namespace

std::string scanner_version() { return clang_version(); }

ScanResult scan(const ScanRequest& request, Diagnostics& diagnostics) {
  Diagnostics found;
  ParseJob job = make_job(request, found);
  ScanResult result;
  if (!found.has_errors()) {
    ScanCache cache(request, job);
    if (CacheEntry* fresh = cache.fresh()) result = from_cache(*fresh, found);
    if (!result.complete) {
      add_headers(request, job, found);
      if (!found.has_errors()) result = from_headers(job, cache, found);
    }
  }
  if (!result.complete) tell_left_out(request, found);
  add_all(found.sorted(), diagnostics);
  return result;
}

}  // namespace schemagen::gen
