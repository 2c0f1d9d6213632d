// Constants: what a well-formed one looks like, and what an initialiser is
// worth in a column of a given type.
#pragma once

#include <optional>

#include "model/schema.hpp"

namespace schemagen::gen {

/// Whether `text` is what the kind promises. Dialects write a literal into SQL
/// on the strength of this, so nothing enters a schema without it.
bool is_well_formed(const Literal& literal);

/// Digits before and after the point of a well-formed real, without the zeros
/// at its ends.
struct DecimalSize {
  int whole = 0;
  int after = 0;
};
DecimalSize decimal_size(const std::string& real);

/// The DEFAULT that `value` means in a column of `type`: enumerators become
/// stored names, numbers the column's kind. Instants arrive in nanoseconds and
/// durations in the column's unit. No value: it cannot be a DEFAULT. `values`
/// belongs to an enum column.
std::optional<Literal> to_default(const Literal& value, const Type& type,
                                  const Enum* values);

}  // namespace schemagen::gen
