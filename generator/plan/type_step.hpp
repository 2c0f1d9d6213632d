// What happens to a column's values when its type changes, judged for every
// engine alike.
#pragma once

#include "model/schema.hpp"

namespace schemagen::gen {

enum class TypeStep {
  none,       ///< the same type
  lossless,   ///< every value has one place in the new type
  narrowing,  ///< values keep their meaning, some may not fit: rows are asked
  unclear,    ///< only the user can say what a value becomes
};

/// `a` is a type of `from`, `b` of `to`; an enum of equal name is the same one.
TypeStep type_step(const Schema& from, const Type& a, const Schema& to,
                   const Type& b);

/// The integers a kind holds, as decimal text; false for other kinds.
struct IntegerRange {
  const char* least;
  const char* greatest;
  int digits;  ///< of the longest value, without its sign
};
bool integer_range(TypeKind kind, IntegerRange* range);

}  // namespace schemagen::gen
