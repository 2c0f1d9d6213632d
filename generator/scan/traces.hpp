// What the files of a scan have to do with each other: enough to tell which of
// them an edit can reach. A name stands here as a hash; two names that share
// one cost a full scan and nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace schemagen::gen {

using NameHash = std::uint32_t;

struct NamespaceTrace {
  NameHash path = 0;  ///< of "a::b"
  NameHash name = 0;  ///< of "b"
};

/// One file that is no part of the prelude. The lists are sorted.
struct FileTrace {
  std::string path;   ///< absolute
  std::string shown;  ///< as places in messages name it
  /// Names that it gives to whoever comes after it: of namespace members, of
  /// macros, of enumerators without a scope, of what it specialises.
  std::vector<NameHash> says;
  std::vector<NameHash> hears;  ///< every identifier in it
  std::vector<NamespaceTrace> namespaces;
  std::vector<std::string> includes;  ///< paths, of traced files only
  std::uint64_t directives = 0;       ///< of its preprocessor's lines
};

struct Traces {
  /// Something was seen whose reach no name tells: an operator of builtin
  /// types, a using directive, a foreign pragma, a pasted identifier, ...
  bool is_doubtful = false;
  std::vector<FileTrace> files;  ///< sorted by path
};

NameHash hash_name(std::string_view name);

}  // namespace schemagen::gen
