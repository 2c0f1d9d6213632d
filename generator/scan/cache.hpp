// What a scan found, kept between runs, and the proof that it still holds: the
// content of every file that was read, and every place where a file was looked
// for in vain. Times of modification are never believed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/declarations.hpp"
#include "model/diagnostics.hpp"

namespace schemagen::gen {

struct FileStamp {
  std::string path;
  std::uint64_t size = 0;
  std::uint64_t hash = 0;
};

struct CacheEntry {
  std::vector<FileStamp> files;
  std::vector<std::string> absent;
  std::vector<Diagnostic> diagnostics;  ///< no errors: those are not kept
  Declarations declarations;
  std::vector<std::string> prelude;  ///< standard headers, "<string>"
};

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0);

/// Stamps of the files as they are now; nothing when one cannot be read, or was
/// written after `began` (nanoseconds since 1970): it may have been read in
/// another state.
std::optional<std::vector<FileStamp>> stamp_files(
    const std::vector<std::string>& paths, std::int64_t began);

/// True when every file has the stamped content and every absent one is absent
/// still.
bool is_fresh(const CacheEntry& entry);

/// Nothing when there is no such file or it is not, to the byte, what
/// write_cache wrote.
std::optional<CacheEntry> read_cache(const std::string& path);

/// Through a temporary name. A cache that cannot be written is no error.
void write_cache(const std::string& path, const CacheEntry& entry);

/// The text form that the two above keep in files.
std::string encode(const CacheEntry& entry);
bool decode(const std::string& bytes, CacheEntry& entry);

}  // namespace schemagen::gen
