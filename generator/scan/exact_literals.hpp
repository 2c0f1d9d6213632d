// Numbers as literals of a column's type; nothing where the type cannot hold
// the value exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/declarations.hpp"

namespace schemagen::gen {

/// The shortest text that reads back as the same number.
std::optional<Literal> real_literal(double number);
std::optional<Literal> real_literal(float number);

/// A point or span of time. `numbers` are the integers that its object holds,
/// in order of declaration: a count in the unit of `from`, or the fields of a
/// calendar type.
std::optional<Literal> time_literal(const std::vector<std::int64_t>& numbers,
                                    const CppType& from, const CppType& to);

Literal blob_literal(const std::vector<std::int64_t>& bytes);

/// In lowest terms.
void set_period(CppType& type, std::int64_t num, std::int64_t den);

}  // namespace schemagen::gen
