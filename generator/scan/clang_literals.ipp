// Part of clang_scan.cpp: evaluated values as literals of a type; nothing where
// the type cannot hold the value exactly.

std::string digits(const llvm::APSInt& number) {
  llvm::SmallString<40> text;
  number.toString(text, 10);
  return std::string(text.begin(), text.end());
}

std::optional<Literal> boolean(const clang::APValue& value) {
  if (!value.isInt()) return std::nullopt;
  return Literal{Literal::Kind::boolean,
                 value.getInt().getBoolValue() ? "true" : "false"};
}

std::optional<Literal> integer(const clang::APValue& value,
                               const CppType& type) {
  if (!value.isInt()) return std::nullopt;
  const llvm::APSInt& number = value.getInt();
  const auto bits = static_cast<unsigned>(type.bits);
  // Inside an optional the conversion is the library's, out of our sight.
  const bool fits = type.is_signed
                        ? number.isSigned() ? number.isSignedIntN(bits)
                                            : number.isIntN(bits - 1)
                        : number.isNonNegative() && number.isIntN(bits);
  if (!fits) return std::nullopt;
  return Literal{Literal::Kind::integer, digits(number)};
}

template <class Number>
std::optional<Literal> shortest(Number number) {
  if (!std::isfinite(number)) return std::nullopt;
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return Literal{Literal::Kind::real, std::string(buffer.data(), end.ptr)};
}

std::optional<Literal> real(const clang::APValue& value, const CppType& type) {
  llvm::APFloat number(llvm::APFloat::IEEEdouble());
  bool loses = false;
  if (value.isInt()) {
    if (type.bits == 32) number = llvm::APFloat(llvm::APFloat::IEEEsingle());
    number.convertFromAPInt(value.getInt(), value.getInt().isSigned(),
                            llvm::APFloat::rmNearestTiesToEven);
  } else if (value.isFloat()) {
    number = value.getFloat();
  } else {
    return std::nullopt;
  }
  if (type.bits == 32) {
    number.convert(llvm::APFloat::IEEEsingle(),
                   llvm::APFloat::rmNearestTiesToEven, &loses);
    return shortest(number.convertToFloat());
  }
  number.convert(llvm::APFloat::IEEEdouble(),
                 llvm::APFloat::rmNearestTiesToEven, &loses);
  return shortest(number.convertToDouble());
}

std::optional<Literal> enumerator(const clang::APValue& value,
                                  clang::QualType to) {
  const auto* type = to.getCanonicalType()->getAs<clang::EnumType>();
  if (type == nullptr || !value.isInt()) return std::nullopt;
  const clang::EnumDecl* definition = type->getDecl()->getDefinition();
  for (const clang::EnumConstantDecl* constant : definition->enumerators()) {
    if (llvm::APSInt::isSameValue(constant->getInitVal(), value.getInt())) {
      return Literal{Literal::Kind::enumerator, constant->getNameAsString()};
    }
  }
  return std::nullopt;
}

// All integers of a value, in order of declaration; false when it holds
// anything else.
bool flatten(const clang::APValue& value, std::vector<llvm::APSInt>& numbers) {
  if (value.isInt()) {
    numbers.push_back(value.getInt());
    return true;
  }
  if (value.isArray()) {
    for (unsigned i = 0; i < value.getArraySize(); ++i) {
      const bool is_filler = i >= value.getArrayInitializedElts();
      if (!flatten(is_filler ? value.getArrayFiller()
                             : value.getArrayInitializedElt(i),
                   numbers)) {
        return false;
      }
    }
    return true;
  }
  if (!value.isStruct()) return false;
  for (unsigned i = 0; i < value.getStructNumBases(); ++i) {
    if (!flatten(value.getStructBase(i), numbers)) return false;
  }
  for (unsigned i = 0; i < value.getStructNumFields(); ++i) {
    if (!flatten(value.getStructField(i), numbers)) return false;
  }
  return true;
}

// Exactly, or not at all. Instants are counted in nanoseconds.
std::optional<Literal> rescaled(std::int64_t count, const CppType& from,
                                const CppType& to) {
  const bool is_instant = to.kind == CppType::Kind::time_point ||
                          to.kind == CppType::Kind::local_time;
  const std::int64_t to_num = is_instant ? 1 : to.period_num;
  const std::int64_t to_den = is_instant ? 1000000000 : to.period_den;
  __extension__ using Wide = __int128;
  const std::int64_t a = std::gcd(from.period_num, to_num);
  const std::int64_t b = std::gcd(from.period_den, to_den);
  const Wide factor = static_cast<Wide>(from.period_num / a) * (to_den / b);
  const Wide divisor = static_cast<Wide>(to_num / a) * (from.period_den / b);
  constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
  if (count != 0 && factor > kMost) return std::nullopt;
  const Wide product = count * factor;
  if (product % divisor != 0) return std::nullopt;
  const Wide result = product / divisor;
  if (result > kMost || result < -kMost) return std::nullopt;
  return Literal{Literal::Kind::integer,
                 std::to_string(static_cast<std::int64_t>(result))};
}

std::int64_t days_of(std::int64_t month, std::int64_t year) {
  const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (month == 2) return is_leap ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Days since 1970 of a year, month, day; the proleptic Gregorian calendar,
// counted from a 1 March so that the leap day is the last of its year.
std::optional<Literal> civil_day(const std::vector<llvm::APSInt>& numbers) {
  const std::int64_t month = numbers[1].getExtValue();
  const std::int64_t day = numbers[2].getExtValue();
  std::int64_t year = numbers[0].getExtValue();
  if (month < 1 || month > 12 || day < 1 || day > days_of(month, year)) {
    return std::nullopt;
  }
  if (month <= 2) --year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year =
      (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return Literal{Literal::Kind::integer,
                 std::to_string(era * 146097 + day_of_era - 719468)};
}

// What hh_mm_ss holds: a sign, hours, minutes, seconds and, where the type has
// one, a fraction. A time that no day has is no value of a column.
std::optional<Literal> since_midnight(const std::vector<llvm::APSInt>& numbers,
                                      const CppType& type) {
  constexpr std::int64_t kMostHours = 24;
  if (numbers.size() < 4 || numbers.size() > 5 || numbers[0] != 0 ||
      numbers[1].getExtValue() >= kMostHours) {
    return std::nullopt;
  }
  const std::int64_t seconds =
      (numbers[1].getExtValue() * 60 + numbers[2].getExtValue()) * 60 +
      numbers[3].getExtValue();
  CppType unit;
  const bool is_whole = numbers.size() == 4 || numbers[4] == 0;
  if (is_whole) return rescaled(seconds, unit, type);
  // The fraction is decimal whatever the type counts in.
  std::int64_t power = type.period_den;
  while (power % 10 == 0) power /= 10;
  if (type.period_num != 1 || power != 1) return std::nullopt;
  unit.period_den = type.period_den;
  return rescaled(seconds * unit.period_den + numbers[4].getExtValue(), unit,
                  type);
}
