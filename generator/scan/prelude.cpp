#include "scan/prelude.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

// What entity headers use of the standard library. A header that is missing
// here is parsed with the target's own; nothing else depends on this list.
constexpr std::array<std::string_view, 62> kStandard = {{
    "<algorithm>", "<any>",         "<array>",         "<atomic>",
    "<bitset>",    "<cassert>",     "<cctype>",        "<cfloat>",
    "<charconv>",  "<chrono>",      "<climits>",       "<cmath>",
    "<compare>",   "<complex>",     "<concepts>",      "<condition_variable>",
    "<cstddef>",   "<cstdint>",     "<cstdio>",        "<cstdlib>",
    "<cstring>",   "<ctime>",       "<deque>",         "<exception>",
    "<expected>",  "<filesystem>",  "<format>",        "<forward_list>",
    "<fstream>",   "<functional>",  "<future>",        "<initializer_list>",
    "<iomanip>",   "<ios>",         "<iosfwd>",        "<iostream>",
    "<iterator>",  "<limits>",      "<list>",          "<locale>",
    "<map>",       "<memory>",      "<mutex>",         "<new>",
    "<numeric>",   "<optional>",    "<ostream>",       "<queue>",
    "<random>",    "<ranges>",      "<ratio>",         "<set>",
    "<span>",      "<sstream>",     "<string>",        "<string_view>",
    "<tuple>",     "<type_traits>", "<unordered_map>", "<utility>",
    "<variant>",   "<vector>",
}};

// Targets of one build may share a folder.
constexpr std::size_t kMostPreludes = 8;

struct WarmType {
  std::string_view header;
  std::string_view text;
};

// Members of the usual types: their templates are instantiated in the prelude,
// which is most of what is left of a scan.
constexpr std::array<WarmType, 9> kWarm = {{
    {"<string>", "std::string text;"},
    {"<vector>", "std::vector<unsigned char> bytes;"},
    {"<chrono>", "std::chrono::system_clock::time_point instant{};"},
    {"<chrono>", "std::chrono::seconds seconds{0};"},
    {"<chrono>", "std::chrono::milliseconds milliseconds{0};"},
    {"<filesystem>", "std::filesystem::path path;"},
    {"<optional>", "std::optional<int> number;"},
    {"<optional>", "std::optional<long> big_number;"},
    {"<optional>", "std::optional<double> real;"},
}};

bool has(const std::vector<std::string>& headers, std::string_view header) {
  return std::find(headers.begin(), headers.end(), header) != headers.end();
}

std::string prelude_text(const std::vector<std::string>& headers) {
  std::string text;
  for (const std::string& header : headers) {
    text += "#include " + header + "\n";
  }
  text += "namespace schemagen_prelude {\nstruct Warm {\n";
  for (const WarmType& type : kWarm) {
    if (has(headers, type.header)) text += std::string(type.text) + "\n";
  }
  if (has(headers, "<optional>") && has(headers, "<string>")) {
    text += "std::optional<std::string> note;\n";
  }
  if (has(headers, "<optional>") && has(headers, "<chrono>")) {
    text += "std::optional<std::chrono::system_clock::time_point> later;\n";
  }
  return text + "};\n}\n";
}

std::optional<Prelude> made(const ParseJob& job, const std::string& text,
                            const std::string& path) {
  const std::int64_t began =
      std::chrono::nanoseconds(
          std::chrono::system_clock::now().time_since_epoch())
          .count();
  const std::string temporary = path + "." + std::to_string(::getpid());
  const ParseOutcome outcome = write_prelude(job, text, temporary);
  auto stamps = stamp_files(outcome.dependencies, began);
  std::error_code error;
  if (!outcome.complete || !stamps) {
    fs::remove(temporary, error);
    return std::nullopt;
  }
  Prelude prelude{path, text, {}};
  prelude.made_of.files = std::move(*stamps);
  prelude.made_of.absent = outcome.absent;
  fs::rename(temporary, path, error);
  if (error) return std::nullopt;
  write_cache(path + ".cache", prelude.made_of);
  // Those of former flags and includes; each is as large as all the rest.
  const std::string folder = fs::path(path).parent_path().string();
  prune_folder(folder, "prelude-", ".pch", kMostPreludes);
  prune_folder(folder, "prelude-", ".pch.cache", kMostPreludes);
  return prelude;
}

}  // namespace

std::vector<std::string> standard_headers(
    const std::vector<std::string>& includes) {
  std::vector<std::string> headers;
  for (const std::string_view header : kStandard) {
    if (has(includes, header)) headers.emplace_back(header);
  }
  return headers;
}

std::optional<Prelude> find_prelude(const ParseJob& job,
                                    const std::vector<std::string>& headers,
                                    const std::string& folder,
                                    const std::string& key, bool may_make) {
  if (headers.empty()) return std::nullopt;
  const std::string text = prelude_text(headers);
  const std::uint64_t name = hash_bytes(text, hash_bytes(key));
  const std::string path =
      (fs::path(folder) / ("prelude-" + std::to_string(name) + ".pch"))
          .string();
  std::optional<CacheEntry> made_of = read_cache(path + ".cache");
  std::error_code error;
  const Freshness freshness =
      made_of ? check_freshness(*made_of) : Freshness::stale;
  if (freshness != Freshness::stale && fs::exists(path, error)) {
    if (freshness == Freshness::fresh_by_content) {
      write_cache(path + ".cache", *made_of);
    }
    return Prelude{path, text, std::move(*made_of)};
  }
  return may_make ? made(job, text, path) : std::nullopt;
}

}  // namespace schemagen::gen
