// Scans headers that exist in memory only, and shows what came out as text: one
// line per declaration, so that a test's expectation is read at a glance.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/diagnostics.hpp"
#include "scan/scan.hpp"

namespace schemagen::test {

struct Scanned {
  gen::ScanResult result;
  std::string declarations;
  std::string diagnostics;
  std::vector<gen::Diagnostic> found;  ///< the same
};

/// What a scan of many headers does, whatever their number.
struct TokenReading {
  bool is_refused = false;  ///< or has errors: then the rest says nothing
  std::string declarations;
  std::vector<std::string> dependencies;
};
TokenReading read_off_tokens(const gen::ScanRequest& request);

/// Every scan is made both ways, and the test fails where they differ.
/// `headers` by path below the folder "/memory"; all of them are scanned, in
/// order of their names, unless `only` names some.
Scanned scan_headers(const std::map<std::string, std::string>& headers,
                     std::vector<std::string> flags = {"-std=c++20"},
                     std::vector<std::string> only = {});

/// One header, "a.hpp", that includes the annotations and, if asked, the usual
/// parts of the standard library; `text` begins at its line 2.
Scanned scan_text(const std::string& text,
                  std::vector<std::string> flags = {"-std=c++20"});

std::string to_text(const gen::CppType& type);
std::string to_text(const gen::Declarations& declarations);

}  // namespace schemagen::test
