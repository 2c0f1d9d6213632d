// Reads the annotated declarations of one target out of its headers, with Clang
// and nothing else: what does not compile is not guessed at. No Clang type
// leaves this room.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/declarations.hpp"
#include "model/diagnostics.hpp"

namespace schemagen::gen {

struct VirtualFile {
  std::string path;
  std::string text;
};

struct ScanRequest {
  std::vector<std::string> headers;  ///< shown in messages as they stand here
  std::vector<std::string> flags;    ///< raw, of any compiler; filtered here
  std::string directory;     ///< what relative paths count from; "" = here
  std::string resource_dir;  ///< Clang's own headers; "" = look for them
  std::string cache_dir;     ///< "" = no cache, every scan is a full one
  std::vector<VirtualFile> files;  ///< laid over the disk; switch caching off
};

struct ScanResult {
  bool complete = false;  ///< false after any error
  /// After errors in annotations only, all but these: for further errors.
  Declarations declarations;
  /// Every file that the answer depends on, absolute and sorted.
  std::vector<std::string> dependencies;
  /// Nothing was parsed, because nothing had changed.
  bool from_cache = false;
  /// Only that many headers were parsed; the rest could not have changed.
  std::optional<std::size_t> parsed_headers;
};

ScanResult scan(const ScanRequest& request, Diagnostics& diagnostics);

/// "19.1.7": the Clang that this tool was built with.
std::string scanner_version();

}  // namespace schemagen::gen
