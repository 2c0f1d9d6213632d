// What a scan found, kept between runs, and the proof that it still holds: the
// content of every file that was read, and every place where a file was looked
// for in vain. A file that the kernel says nobody touched is not read again;
// whenever there is room for a doubt, its content decides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/declarations.hpp"
#include "model/diagnostics.hpp"
#include "scan/traces.hpp"

namespace schemagen::gen {

struct FileStamp {
  std::string path;
  std::uint64_t size = 0;
  std::uint64_t hash = 0;
  /// Which file it was and when it last changed in any way (ctime, which no
  /// program can set), or 0 when that was too recent to tell two edits apart.
  std::uint64_t untouched = 0;
};

struct CacheEntry {
  std::vector<FileStamp> files;
  std::vector<std::string> absent;
  std::vector<Diagnostic> diagnostics;  ///< no errors: those are not kept
  /// Packed: they are most of an entry, and after an edit nobody may want them.
  std::string declarations;
  std::vector<std::string> prelude;  ///< standard headers, "<string>"
  std::uint64_t traces = 0;  ///< names the traces of this very scan, or 0
};

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0);

/// Stamps of the files as they are now; nothing when one cannot be read, or was
/// written after `began` (nanoseconds since 1970): it may have been read in
/// another state.
std::optional<std::vector<FileStamp>> stamp_files(
    const std::vector<std::string>& paths, std::int64_t began);

enum class Freshness { stale, fresh, fresh_by_content };

/// Fresh when every file has the stamped content and every absent one is absent
/// still; by content, when files had to be read to know that. Their stamps are
/// then renewed, and the entry is worth writing again. When it is stale and
/// nothing but contents changed, `edited` says in which files.
Freshness check_freshness(CacheEntry& entry,
                          std::vector<std::string>* edited = nullptr);

/// Nothing when there is no such file or it is not, to the byte, what
/// write_cache wrote.
std::optional<CacheEntry> read_cache(const std::string& path);

std::string pack(Declarations& declarations);
/// False when `bytes` are no packed declarations.
bool unpack(std::string_view bytes, Declarations& declarations);

/// Through a temporary name. A cache that cannot be written is no error.
/// The entry comes back as it was; it is too large to be copied.
void write_cache(const std::string& path, CacheEntry& entry);

/// The same for traces, in a file of their own that is read only after an edit.
/// What the first returns goes into the entry of the same scan.
std::uint64_t write_traces(const std::string& path, Traces& traces);
std::optional<Traces> read_traces(const std::string& path, std::uint64_t name);

/// Removes all but the `most` newest files of the folder that begin and end so.
void prune_folder(const std::string& folder, std::string_view prefix,
                  std::string_view suffix, std::size_t most);

/// The form that a file has.
std::string encode(CacheEntry& entry);
bool decode(std::string_view bytes, CacheEntry& entry);

}  // namespace schemagen::gen
