// One behaviour as one text file: a sentence, then sections that begin with
// `-- name --`. Read and written here, so that expected sections can be renewed
// without touching the rest.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace schemagen::test {

struct CaseFile {
  std::string path;
  std::string sentence;
  std::vector<std::pair<std::string, std::string>> sections;

  /// nullptr: there is no such section.
  const std::string* find(const std::string& name) const;
  /// Replaces the section, or adds it at the end.
  void set(const std::string& name, const std::string& text);
  /// The text of `name`.`dialect`, else of `name`, else "".
  std::string text_for(const std::string& name,
                       const std::string& dialect) const;
};

CaseFile read_case(const std::string& path);
void write_case(const CaseFile& file);

/// The lines of a section that are not blank.
std::vector<std::string> lines_of(const std::string& text);

}  // namespace schemagen::test
