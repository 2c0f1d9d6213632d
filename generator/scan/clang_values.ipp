// Part of clang_scan.cpp: what a member's initialiser is worth as a DEFAULT.
// Clang's own evaluation decides; whatever it cannot settle is "not constant",
// because a wrong default is worse than none.

// Evaluated values as literals of a type; nothing where the type cannot hold
// the value exactly.

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
    return real_literal(number.convertToFloat());
  }
  number.convert(llvm::APFloat::IEEEdouble(),
                 llvm::APFloat::rmNearestTiesToEven, &loses);
  return real_literal(number.convertToDouble());
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
// anything else or one that is too large.
bool flatten(const clang::APValue& value, std::vector<std::int64_t>& numbers) {
  if (value.isInt()) {
    if (!value.getInt().isSignedIntN(64)) return false;
    numbers.push_back(value.getInt().getExtValue());
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

class ValueReader {
 public:
  ValueReader(const clang::ASTContext& ast, const Places& places,
              const Instances& instances, TypeReader& types)
      : ast_(ast), places_(places), instances_(instances), types_(types) {}

  Initializer read(const clang::FieldDecl* field, const CppType& type) {
    Initializer out;
    const clang::Expr* written = instances_.initializer(field);
    if (written == nullptr) return out;
    out.at = places_.of(written->getBeginLoc());
    out.spelled = source_of(written);
    const clang::QualType to = field->getType();
    if (std::optional<Literal> value = constant(written, to, type)) {
      out.kind = Initializer::Kind::constant;
      out.value = std::move(*value);
    } else if (is_empty_form(written) && (type.kind == CppType::Kind::record ||
                                          type.kind == CppType::Kind::other)) {
      return {};  // `= {}` of a struct says nothing that a column could hold
    } else {
      out.kind = Initializer::Kind::not_constant;
    }
    return out;
  }

 private:
  using Kind = CppType::Kind;

  std::string source_of(const clang::Expr* written) const {
    const clang::SourceManager& sources = places_.sources();
    const auto range = clang::CharSourceRange::getTokenRange(
        sources.getFileLoc(written->getBeginLoc()),
        sources.getFileLoc(written->getEndLoc()));
    return clang::Lexer::getSourceText(range, sources, ast_.getLangOpts())
        .str();
  }

  // Steps through everything that only carries one value along.
  static const clang::Expr* carried(const clang::Expr* from) {
    for (;;) {
      const clang::Expr* next = carried_on(from);
      if (next == from) return from;
      from = next;
    }
  }

  // One of these steps.
  static const clang::Expr* carried_on(const clang::Expr* from) {
    const clang::Expr* next = from->IgnoreParens()->IgnoreImplicit();
    if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(next)) {
      list = as_written(list);
      if (list->getNumInits() == 1) return only_element(list);
    } else if (const auto* cast =
                   llvm::dyn_cast<clang::ExplicitCastExpr>(next)) {
      if (cast->getType()->isRecordType()) return cast->getSubExpr();
    } else if (const auto* made =
                   llvm::dyn_cast<clang::CXXConstructExpr>(next)) {
      if (written_arguments(made) == 1 && !hides_conversion(made)) {
        return made->getArg(0);
      }
    }
    return next;
  }

  // A class of the library takes a class of the user's by what that converts
  // to, which is out of our sight.
  static bool hides_conversion(const clang::CXXConstructExpr* made) {
    const auto* given =
        made->getArg(0)->IgnoreImplicit()->getType()->getAsCXXRecordDecl();
    return given != nullptr && given != made->getType()->getAsCXXRecordDecl() &&
           qualified_name(given).rfind("std::", 0) != 0;
  }

  // `{value}` or `{.name = value}`.
  static const clang::Expr* only_element(const clang::InitListExpr* list) {
    const auto* named =
        llvm::dyn_cast<clang::DesignatedInitExpr>(list->getInit(0));
    return named != nullptr ? named->getInit() : list->getInit(0);
  }

  // Without the members that Clang filled in.
  static const clang::InitListExpr* as_written(
      const clang::InitListExpr* list) {
    return list->getSyntacticForm() ? list->getSyntacticForm() : list;
  }

  static unsigned written_arguments(const clang::CXXConstructExpr* made) {
    unsigned count = 0;
    for (const clang::Expr* argument : made->arguments()) {
      if (!llvm::isa<clang::CXXDefaultArgExpr>(argument)) ++count;
    }
    return count;
  }

  static bool is_empty_form(const clang::Expr* written) {
    return has_no_arguments(carried(written));
  }

  // The same of a value of `type` itself: one that is made of something empty,
  // Name{std::string{}}, is not.
  bool is_empty_of(const clang::Expr* written, clang::QualType type) const {
    for (const clang::Expr* at = written;;) {
      const clang::Expr* next = carried_on(at);
      if (next == at || !ast_.hasSameUnqualifiedType(next->getType(), type)) {
        return has_no_arguments(at);
      }
      at = next;
    }
  }

  static bool has_no_arguments(const clang::Expr* bare) {
    if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(bare)) {
      return as_written(list)->getNumInits() == 0;
    }
    if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(bare)) {
      return written_arguments(made) == 0;
    }
    return llvm::isa<clang::ImplicitValueInitExpr>(bare) ||
           llvm::isa<clang::CXXScalarValueInitExpr>(bare);
  }

  std::optional<Literal> constant(const clang::Expr* written,
                                  clang::QualType to, const CppType& type) {
    if (written->isInstantiationDependent()) return std::nullopt;
    switch (type.kind) {
      case Kind::string:
      case Kind::path:
      case Kind::char_array:
        return text(written, type);
      case Kind::optional:
        return optional(written, to, type);
      case Kind::record:
        return wrapped(written, to);
      case Kind::bytes:
        return bytes(written, type);
      case Kind::other:
        return std::nullopt;
      default:
        break;
    }
    if (const std::optional<clang::APValue> value = evaluate(written)) {
      return of_value(*value, written->getType(), to, type);
    }
    const bool is_zero =
        is_empty_form(written) && type.name != "std::chrono::year_month_day";
    return is_zero ? zero(to, type) : std::nullopt;
  }

  std::optional<clang::APValue> evaluate(const clang::Expr* written) const {
    clang::Expr::EvalResult result;
    if (written->isValueDependent() || written->isTypeDependent() ||
        written->getType()->isVoidType() ||
        !written->EvaluateAsRValue(result, ast_, true) ||
        result.HasSideEffects) {
      return std::nullopt;
    }
    return result.Val;
  }

  std::optional<Literal> zero(clang::QualType to, const CppType& type) {
    const llvm::APSInt none(llvm::APInt(64, 0), false);
    return of_value(clang::APValue(none), to, to, type);
  }

  // `from` is the type that the value was evaluated in.
  std::optional<Literal> of_value(const clang::APValue& value,
                                  clang::QualType from, clang::QualType to,
                                  const CppType& type) {
    switch (type.kind) {
      case Kind::boolean:
        return boolean(value);
      case Kind::integer:
        return integer(value, type);
      case Kind::floating:
        return real(value, type);
      case Kind::enumeration:
        return enumerator(value, to);
      case Kind::duration:
      case Kind::time_point:
      case Kind::local_time:
      case Kind::date:
      case Kind::time_of_day:
        return ticks(value, from, type);
      default:
        return std::nullopt;
    }
  }

  std::optional<Literal> ticks(const clang::APValue& value,
                               clang::QualType from, const CppType& type) {
    std::vector<std::int64_t> numbers;
    if (!flatten(value, numbers)) return std::nullopt;
    return time_literal(numbers,
                        from->isRecordType() ? types_.read(from) : type, type);
  }

  std::optional<Literal> text(const clang::Expr* written,
                              const CppType& type) const {
    if (is_empty_form(written)) return Literal{Literal::Kind::text, ""};
    std::optional<std::string> found = text_of(carried(written));
    if (!found && type.kind == Kind::char_array) found = characters(written);
    if (!found) return std::nullopt;
    if (type.kind == Kind::char_array) {
      while (!found->empty() && found->back() == '\0') found->pop_back();
    }
    return Literal{Literal::Kind::text, *found};
  }

  // An array that is given its characters one by one.
  std::optional<std::string> characters(const clang::Expr* written) const {
    const std::optional<clang::APValue> value = evaluate(written);
    std::vector<std::int64_t> numbers;
    if (!value || !flatten(*value, numbers)) return std::nullopt;
    std::string text;
    for (const std::int64_t number : numbers) text += static_cast<char>(number);
    return text;
  }

  std::optional<std::string> text_of(const clang::Expr* bare) const {
    if (const auto* literal = llvm::dyn_cast<clang::StringLiteral>(bare)) {
      return ConstantText::of_literal(literal);
    }
    if (const auto* suffixed =
            llvm::dyn_cast<clang::UserDefinedLiteral>(bare)) {
      return of_standard_suffix(suffixed);
    }
    if (bare->isValueDependent()) return std::nullopt;
    if (bare->getType()->isArrayType()) {
      clang::Expr::EvalResult result;
      if (!bare->EvaluateAsLValue(result, ast_, true)) return std::nullopt;
      return terminated(ConstantText::of_pointer(result.Val));
    }
    if (bare->getType()->isPointerType()) {
      const std::optional<clang::APValue> value = evaluate(bare);
      return value ? terminated(ConstantText::of_pointer(*value))
                   : std::nullopt;
    }
    return of_constant_object(bare);
  }

  // A C string ends at its first NUL.
  static std::optional<std::string> terminated(
      std::optional<std::string> text) {
    const std::size_t end = text ? text->find('\0') : std::string::npos;
    if (end != std::string::npos) text->resize(end);
    return text;
  }

  // "x"s and "x"sv of the standard library say what the literal says.
  static std::optional<std::string> of_standard_suffix(
      const clang::UserDefinedLiteral* literal) {
    const clang::FunctionDecl* callee = literal->getDirectCallee();
    if (callee == nullptr || literal->getNumArgs() == 0 ||
        qualified_name(callee).rfind("std::", 0) != 0) {
      return std::nullopt;
    }
    const auto* text = llvm::dyn_cast<clang::StringLiteral>(
        literal->getArg(0)->IgnoreImplicit());
    return text ? ConstantText::of_literal(text) : std::nullopt;
  }

  // A const std::string or std::string_view that is named.
  std::optional<std::string> of_constant_object(const clang::Expr* bare) const {
    const clang::VarDecl* variable = constant_variable(bare);
    if (variable == nullptr) return std::nullopt;
    const clang::Expr* origin = variable->getAnyInitializer();
    if (origin == nullptr || carried(origin) == bare) return std::nullopt;
    if (is_empty_form(origin)) return std::string();
    return text_of(carried(origin));
  }

  static const clang::VarDecl* constant_variable(const clang::Expr* bare) {
    const auto* named = llvm::dyn_cast<clang::DeclRefExpr>(bare);
    const auto* variable =
        named ? llvm::dyn_cast<clang::VarDecl>(named->getDecl()) : nullptr;
    return variable && variable->getType().isConstQualified() ? variable
                                                              : nullptr;
  }

  std::optional<Literal> bytes(const clang::Expr* written,
                               const CppType& type) const {
    if (type.count == 0) {
      if (!is_empty_form(written)) return std::nullopt;
      return Literal{Literal::Kind::blob, ""};
    }
    const std::optional<clang::APValue> value = evaluate(written);
    std::vector<std::int64_t> numbers;
    if (!value || !flatten(*value, numbers) ||
        numbers.size() != static_cast<std::size_t>(type.count)) {
      return std::nullopt;
    }
    return blob_literal(numbers);
  }

  static bool is_optional(clang::QualType type) {
    const auto* record = type->getAsCXXRecordDecl();
    return record != nullptr && record->getName() == "optional" &&
           qualified_name(record).rfind("std::optional", 0) == 0;
  }

  std::optional<Literal> optional(const clang::Expr* written,
                                  clang::QualType to, const CppType& type) {
    const clang::Expr* at = written;
    for (;;) {
      at = at->IgnoreParens()->IgnoreImplicit();
      if (type_name(at->getType().getUnqualifiedType()) == "std::nullopt_t") {
        return Literal{};
      }
      const bool is_list = llvm::isa<clang::InitListExpr>(at);
      const bool is_layer = is_list || is_optional(at->getType());
      if (is_layer && has_no_arguments(at)) return Literal{};
      if (!is_list && !is_optional(at->getType())) break;
      const clang::Expr* inside = one_level(at);
      if (inside == nullptr) return std::nullopt;
      at = inside;
    }
    const clang::QualType inner = value_type(to);
    // A conversion between classes is hidden in the library's constructor.
    if (type.inner[0].kind == Kind::record &&
        !ast_.hasSameUnqualifiedType(at->getType(), inner)) {
      return std::nullopt;
    }
    if (type.inner[0].kind == Kind::enumeration &&
        !ast_.hasSameUnqualifiedType(at->getType(), inner)) {
      return std::nullopt;
    }
    return constant(at, inner, type.inner[0]);
  }

  static clang::QualType value_type(clang::QualType optional) {
    const auto* instance = llvm::cast<clang::ClassTemplateSpecializationDecl>(
        optional->getAsCXXRecordDecl());
    return instance->getTemplateArgs()[0].getAsType();
  }

  // What one layer of optional-making was given; nullptr when it was not one
  // value.
  static const clang::Expr* one_level(const clang::Expr* at) {
    if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(at)) {
      list = as_written(list);
      return list->getNumInits() == 1 ? list->getInit(0) : nullptr;
    }
    if (const auto* cast = llvm::dyn_cast<clang::ExplicitCastExpr>(at)) {
      return cast->getSubExpr();
    }
    if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(at)) {
      return written_arguments(made) == 1 ? made->getArg(0) : nullptr;
    }
    if (const clang::VarDecl* variable = constant_variable(at)) {
      return variable->getAnyInitializer();
    }
    return nullptr;
  }

  // A strong typedef: one value inside a struct of its own.
  std::optional<Literal> wrapped(const clang::Expr* written,
                                 clang::QualType to) {
    const clang::CXXRecordDecl* record =
        to->getAsCXXRecordDecl()->getDefinition();
    if (record->getNumBases() != 0 ||
        std::distance(record->field_begin(), record->field_end()) != 1) {
      return std::nullopt;
    }
    const clang::FieldDecl* field = *record->field_begin();
    const CppType inner = types_.read(field->getType());
    if (is_empty_of(written, to) && field->hasInClassInitializer()) {
      return read(field, inner).kind == Initializer::Kind::constant
                 ? std::optional<Literal>(read(field, inner).value)
                 : std::nullopt;
    }
    if (const std::optional<clang::APValue> value = evaluate(written)) {
      if (value->isStruct() && value->getStructNumFields() == 1) {
        const clang::QualType type = field->getType();
        return of_value(value->getStructField(0), type, type, inner);
      }
    }
    return wrapped_text(written, record, inner);
  }

  // Only an aggregate passes its text on unchanged for certain.
  std::optional<Literal> wrapped_text(const clang::Expr* written,
                                      const clang::CXXRecordDecl* record,
                                      const CppType& inner) const {
    if (inner.kind != Kind::string || !record->isAggregate()) {
      return std::nullopt;
    }
    return text(written, inner);
  }

  const clang::ASTContext& ast_;
  const Places& places_;
  const Instances& instances_;
  TypeReader& types_;
};
