// What both engines' cutters say of a script, told the same way.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/diagnostics.hpp"

namespace schemagen::gen {

/// A script and where it stands.
struct ScriptText {
  const std::string& text;
  const std::string& path;

  /// Line and column of a byte. Counts from the start: for faults only.
  SourceLocation place(std::size_t offset) const;
};

/// Statements that `engine` refuses in a transaction, `count` of them, the
/// first at `offset`: one directive mends them all, so they are told once.
void refuse_in_transaction(const ScriptText& script, std::size_t offset,
                           std::size_t count, const char* engine,
                           Diagnostics& diagnostics);

/// What some program was to fill, spelled as it stands at the front of `sql`:
/// "${schema}", "{{schema}}", "%(schema)s", ":schema", "@schema", "$schema",
/// "?". "" when there is none.
std::string placeholder_at(std::string_view sql);

/// An engine's words up to the end of a line: after an unclosed quote they hold
/// the rest of the script.
std::string first_line(const std::string& words);

void refuse_placeholder(const ScriptText& script, std::size_t offset,
                        const std::string& placeholder,
                        Diagnostics& diagnostics);

}  // namespace schemagen::gen
