// From C++ types to the neutral types of columns: one row per C++ type. What an
// engine makes of a neutral type is its dialect's business.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/declarations.hpp"
#include "model/diagnostics.hpp"
#include "model/options.hpp"
#include "model/schema.hpp"

namespace schemagen::gen {

/// What the type says by itself. No value: there is no mapping, or it is an
/// optional, a record or an enum, which need more than the type to judge.
std::optional<Type> map_type(const CppType& cpp);

/// The type of a column: `mapped` (no value: nothing is known about the C++
/// type) together with what the options say. Reports contradictions at the
/// option. No value: still no type, and nothing was reported.
std::optional<Type> apply_options(const std::optional<Type>& mapped,
                                  const Options& options,
                                  const std::vector<std::string>& dialects,
                                  Diagnostics& diagnostics);

bool is_integer(TypeKind kind);

/// Whether SQL that names a type names one of numbers: "int8", "Numeric(9)".
bool is_number_sql(const std::string& sql);

/// Whether the C++ value says what the DEFAULT is. In SQL types of the user's
/// own it need not: a point in time as an integer counts in units that only
/// the program knows. `values` are those of an enum.
bool keeps_default(const Type& type, const Enum* values);

/// "int64", "text", "decimal(10,2)", "enum role": for messages.
std::string describe(const Type& type);

/// Whether a foreign key of type `a` may refer to a column of type `b`.
bool is_comparable(const Type& a, const Type& b);

/// Whether it may although the ranges differ: every engine compares these
/// integers by value. (PostgreSQL holds 64 bits without sign as a numeric.)
bool differs_in_range(const Type& a, const Type& b);

}  // namespace schemagen::gen
