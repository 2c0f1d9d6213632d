// The reference in generator/README.md as cases: the C++ block "```cpp check"
// is an entry, "```cpp check.before" what was there until then, and the blocks
// "```sql check.sqlite", "```sql check.postgres" are the statements of each
// engine. The table of types has a case per row: what the columns are, and
// which values each engine takes and refuses.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cases/case_file.hpp"

namespace schemagen::test {

/// The table of types as one case. The member types of its rows are the
/// columns `m` of the tables `t0`, `t1`, ...
struct TypeTable {
  CaseFile file;
  /// By dialect, what stands after `"m" ` in each table.
  std::map<std::string, std::vector<std::string>> held;
};
TypeTable read_type_table(const std::string& path);

/// "SG_TABLE .name" and so on: what `annotations`, the public header, offers
/// and no entry uses.
std::vector<std::string> unused_options(const std::string& annotations,
                                        const std::string& path);

std::vector<std::string> entry_names(const std::string& path);

/// Throws std::runtime_error when the entry lacks the SQL of a dialect.
CaseFile read_entry(const std::string& path, const std::string& name);

/// Puts the statements back where they were read.
void write_entry(const CaseFile& entry);

}  // namespace schemagen::test
