// embedded_migrations.{hpp,cpp}: the prepared migrations as C++ data. No logic
// is generated, so a fault in the runtime never asks for regeneration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emit/output.hpp"
#include "emit/prepared.hpp"

namespace schemagen::gen {

/// `output_dir`/embedded_migrations.hpp and .cpp, with the accessor
/// `name_space::migrations()`; `name_space` may be nested ("a::b").
std::vector<OutputFile> embed(const std::vector<PreparedDialect>& dialects,
                              const std::string& set_name,
                              const std::string& name_space,
                              const std::string& output_dir);

/// An expression for a `const char[]` that holds exactly `text`, whatever its
/// bytes but NUL: raw string pieces, or single characters where compilers
/// limit the length of a literal.
std::string cpp_literal(std::string_view text);

/// True for identifiers joined by "::" that C++ takes as a namespace.
bool is_namespace(std::string_view name);

}  // namespace schemagen::gen
