#include "plan/type_step.hpp"

#include <algorithm>
#include <array>

namespace schemagen::gen {
namespace {

struct Integer {
  TypeKind kind;
  int bits;
  bool is_signed;
  IntegerRange range;
};

constexpr std::array<Integer, 9> kIntegers = {{
    {TypeKind::int8, 8, true, {"-128", "127", 3}},
    {TypeKind::int16, 16, true, {"-32768", "32767", 5}},
    {TypeKind::int32, 32, true, {"-2147483648", "2147483647", 10}},
    {TypeKind::int64,
     64,
     true,
     {"-9223372036854775808", "9223372036854775807", 19}},
    {TypeKind::uint8, 8, false, {"0", "255", 3}},
    {TypeKind::uint16, 16, false, {"0", "65535", 5}},
    {TypeKind::uint32, 32, false, {"0", "4294967295", 10}},
    {TypeKind::uint64, 64, false, {"0", "18446744073709551615", 20}},
    {TypeKind::boolean, 1, false, {"0", "1", 1}},
}};

const Integer* integer(TypeKind kind) {
  for (const Integer& row : kIntegers) {
    if (row.kind == kind) return &row;
  }
  return nullptr;
}

TypeStep wider(bool holds_all) {
  return holds_all ? TypeStep::lossless : TypeStep::narrowing;
}

TypeStep between_integers(const Integer& a, const Integer& b) {
  if (b.kind == TypeKind::boolean) return TypeStep::unclear;
  if (a.is_signed == b.is_signed) return wider(a.bits <= b.bits);
  return wider(!a.is_signed && a.bits < b.bits);
}

TypeStep between_lengths(const Type& a, const Type& b) {
  if (b.fixed) return wider(a.fixed && a.max_length == b.max_length);
  if (b.max_length == 0) return TypeStep::lossless;
  return wider(a.max_length > 0 && a.max_length <= b.max_length);
}

TypeStep between_decimals(const Type& a, const Type& b) {
  if (b.precision == 0) return TypeStep::lossless;
  if (a.precision == 0 || b.scale < a.scale) return TypeStep::unclear;
  return wider(b.precision - b.scale >= a.precision - a.scale);
}

TypeStep between_enums(const Enum* a, const Enum* b) {
  if (a == nullptr || b == nullptr) return TypeStep::unclear;
  const bool numbers = a->storage == EnumStorage::integer;
  if (numbers != (b->storage == EnumStorage::integer)) return TypeStep::unclear;
  auto kept = [&](const EnumValue& value) {
    const EnumValue* same = b->find_value(value.name);
    return same != nullptr && (!numbers || same->number == value.number);
  };
  return wider(std::all_of(a->values.begin(), a->values.end(), kept));
}

TypeStep same_kind(const Schema& from, const Type& a, const Schema& to,
                   const Type& b) {
  switch (a.kind) {
    case TypeKind::text:
    case TypeKind::blob:
      return between_lengths(a, b);
    case TypeKind::decimal:
      return between_decimals(a, b);
    case TypeKind::enumeration:
      return between_enums(from.find_enum(a.enum_name),
                           to.find_enum(b.enum_name));
    default:
      return TypeStep::unclear;  // another unit, or SQL that the user wrote
  }
}

TypeStep to_text(const Schema& from, const Type& a, const Type& b) {
  if (a.kind == TypeKind::enumeration) {
    const Enum* e = from.find_enum(a.enum_name);
    if (e == nullptr || e->storage == EnumStorage::integer) {
      return TypeStep::unclear;
    }
    return wider(b.max_length == 0);
  }
  IntegerRange range{};
  if (a.kind != TypeKind::boolean && integer_range(a.kind, &range)) {
    return wider(b.max_length == 0 || b.max_length > range.digits);
  }
  if (a.kind == TypeKind::uuid) {
    return wider(b.max_length == 0 || b.max_length >= 36);
  }
  return TypeStep::unclear;
}

TypeStep from_text(const Schema& to, const Type& b) {
  if (b.kind != TypeKind::enumeration) return TypeStep::unclear;
  const Enum* e = to.find_enum(b.enum_name);
  const bool words = e != nullptr && e->storage != EnumStorage::integer;
  return words ? TypeStep::narrowing : TypeStep::unclear;
}

TypeStep from_integer(const Integer& a, const Type& b) {
  if (b.kind == TypeKind::float64) {
    return a.bits <= 32 ? TypeStep::lossless : TypeStep::unclear;
  }
  if (b.kind == TypeKind::float32) {
    return a.bits <= 16 ? TypeStep::lossless : TypeStep::unclear;
  }
  if (b.kind == TypeKind::decimal && a.kind != TypeKind::boolean) {
    return wider(b.precision == 0 || b.precision - b.scale >= a.range.digits);
  }
  return TypeStep::unclear;
}

}  // namespace

bool integer_range(TypeKind kind, IntegerRange* range) {
  const Integer* row = integer(kind);
  if (row != nullptr) *range = row->range;
  return row != nullptr;
}

TypeStep type_step(const Schema& from, const Type& a, const Schema& to,
                   const Type& b) {
  if (a == b) return TypeStep::none;
  // What the user spelled in SQL is opaque: no table can compare it.
  if (a.sql != b.sql || !a.sql.empty()) return TypeStep::unclear;
  const Integer* number = integer(a.kind);
  const Integer* target = integer(b.kind);
  if (number != nullptr && target != nullptr) {
    return between_integers(*number, *target);
  }
  if (a.kind == b.kind) return same_kind(from, a, to, b);
  if (b.kind == TypeKind::text) return to_text(from, a, b);
  if (a.kind == TypeKind::text) return from_text(to, b);
  if (a.kind == TypeKind::float32 && b.kind == TypeKind::float64) {
    return TypeStep::lossless;
  }
  return number != nullptr ? from_integer(*number, b) : TypeStep::unclear;
}

}  // namespace schemagen::gen
