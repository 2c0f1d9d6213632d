// Names of C++ members, as annotations write them, to names of columns. A
// wrong one is reported at its own string.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/lower_entity.hpp"

namespace schemagen::gen {

class MemberNames {
 public:
  /// Both are borrowed.
  MemberNames(const Entity& entity, Diagnostics& diagnostics)
      : entity_(entity), diagnostics_(diagnostics) {}

  /// The columns of a list option. No value when one name is at fault.
  std::optional<std::vector<std::string>> columns(const Option& option);
  /// "" when `member` is no column. `before` stands before it in its string,
  /// like "Team::".
  std::string column(const std::string& member, const SourceLocation& at,
                     const std::string& before = "");

 private:
  void report_other(const std::string& member, const std::string& what,
                    const SourceLocation& at);
  void report_missing(const std::string& member, const SourceLocation& at,
                      const std::string& before);

  const Entity& entity_;
  Diagnostics& diagnostics_;
};

}  // namespace schemagen::gen
