// Part of clang_scan.cpp: annotations. Clang has checked the spelling and the
// type of every option already; here they become rows with places.

// Bytes of a constant C string, as far as they are known at compile time.
class ConstantText {
 public:
  static std::optional<std::string> of_literal(
      const clang::StringLiteral* text) {
    if (text->getCharByteWidth() != 1) return std::nullopt;
    return text->getString().str();
  }

  // What an evaluated `const char*` points at.
  static std::optional<std::string> of_pointer(const clang::APValue& value) {
    if (!value.isLValue() || value.isNullPointer()) return std::nullopt;
    const clang::APValue::LValueBase base = value.getLValueBase();
    const auto offset =
        static_cast<std::size_t>(value.getLValueOffset().getQuantity());
    std::optional<std::string> whole;
    if (const auto* expression = base.dyn_cast<const clang::Expr*>()) {
      if (const auto* literal =
              llvm::dyn_cast<clang::StringLiteral>(expression)) {
        whole = of_literal(literal);
      }
    } else if (const auto* named = base.dyn_cast<const clang::ValueDecl*>()) {
      whole = of_variable(named);
    }
    if (!whole || offset > whole->size()) return std::nullopt;
    return whole->substr(offset);
  }

 private:
  static std::optional<std::string> of_variable(const clang::ValueDecl* named) {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(named);
    if (variable == nullptr) return std::nullopt;
    const clang::APValue* value = variable->evaluateValue();
    if (value == nullptr || !value->isArray()) return std::nullopt;
    std::string text;
    for (unsigned i = 0; i < value->getArrayInitializedElts(); ++i) {
      const clang::APValue& element = value->getArrayInitializedElt(i);
      if (!element.isInt()) return std::nullopt;
      text += static_cast<char>(element.getInt().getExtValue());
    }
    if (!text.empty() && text.back() == '\0') text.pop_back();
    return text;
  }
};

using AnnotationKind = llvm::StringRef;

AnnotationKind annotation_kind(const clang::AnnotateAttr* attribute) {
  constexpr std::size_t kLength = sizeof(kPrefix) - 1;
  const llvm::StringRef text = attribute->getAnnotation();
  return text.substr(0, kLength) == kPrefix ? text.substr(kLength)
                                            : llvm::StringRef();
}

// With one look-up in Clang's table, and none where there is nothing. An enum
// in an instance of a template has each of its attributes twice.
llvm::SmallVector<const clang::AnnotateAttr*, 2> attributes_of(
    const clang::Decl* declaration) {
  llvm::SmallVector<const clang::AnnotateAttr*, 2> found;
  if (!declaration->hasAttrs()) return found;
  for (const clang::Attr* attribute : declaration->getAttrs()) {
    const auto* ours = llvm::dyn_cast<clang::AnnotateAttr>(attribute);
    const bool is_known = llvm::any_of(found, [&](const auto* other) {
      return other->getLocation() == attribute->getLocation();
    });
    if (ours != nullptr && !is_known) found.push_back(ours);
  }
  return found;
}

class AnnotationReader {
 public:
  AnnotationReader(const clang::ASTContext& ast, const Places& places,
                   PlainOptions& plain, Diagnostics& diagnostics)
      : ast_(ast),
        places_(places),
        plain_(plain),
        reports_(places, diagnostics) {}

  // `thing` is the place, where `is_allowed` says what makes sense.
  void check(const clang::Decl* declaration, bool (*is_allowed)(AnnotationKind),
             const char* thing) {
    for (const auto* attribute : attributes_of(declaration)) {
      const AnnotationKind kind = annotation_kind(attribute);
      if (kind.empty() || is_allowed(kind)) continue;
      reports_.error(attribute->getLocation(), "misplaced-annotation",
                     macro_name(kind.str()) + " means nothing on " + thing +
                         "; " + where_it_belongs(kind));
    }
  }

  std::vector<Annotation> read(const clang::Decl* declaration) {
    std::vector<Annotation> all;
    for (const auto* attribute : attributes_of(declaration)) {
      Annotation annotation;
      annotation.kind = annotation_kind(attribute).str();
      if (annotation.kind.empty()) continue;
      annotation.at = places_.of(attribute->getLocation());
      for (const clang::Expr* argument : attribute->args()) {
        read_options(argument, annotation.options);
      }
      // That one keeps its own macro.
      if (attribute->args_size() == 0 && annotation.kind != "map_type") {
        read_plain(declaration, attribute, annotation);
      }
      all.push_back(std::move(annotation));
    }
    return all;
  }

 private:
  // Whether somebody calls something else so, nearer than the vocabulary.
  static bool is_hidden(const clang::IdentifierInfo* word,
                        const clang::DeclContext* context) {
    if (!context->lookup(word).empty()) return true;
    const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(context);
    if (record == nullptr || !record->hasDefinition()) return false;
    for (const clang::CXXBaseSpecifier& base : record->bases()) {
      const auto* inside = base.getType()->getAsCXXRecordDecl();
      if (inside != nullptr && is_hidden(word, inside)) return true;
    }
    return false;
  }

  static bool is_hidden_at(const clang::IdentifierInfo* word,
                           const clang::Decl* declaration) {
    const clang::DeclContext* context = declaration->getDeclContext();
    for (; !context->isTranslationUnit(); context = context->getParent()) {
      if (is_hidden(word, context)) return true;
    }
    return false;
  }

  void read_plain(const clang::Decl* declaration,
                  const clang::AnnotateAttr* attribute,
                  Annotation& annotation) {
    const clang::SourceLocation at = attribute->getLocation();
    const auto* found =
        at.isMacroID()
            ? plain_.find(
                  places_.sources().getImmediateExpansionRange(at).getBegin())
            : nullptr;
    if (found == nullptr) return;
    for (const PlainOptions::Plain& plain : *found) {
      if (plain.word != nullptr && is_hidden_at(plain.word, declaration)) {
        plain_.refuse();
      }
      Option option;
      option.name = plain.row->name;
      option.value = plain.value;
      const auto* text = std::get_if<std::string>(&plain.value);
      option.at = text != nullptr ? places_.of_text(plain.at, *text)
                                  : places_.of(plain.at);
      if (const auto* list =
              std::get_if<std::vector<std::string>>(&plain.value)) {
        for (std::size_t i = 0; i < list->size(); ++i) {
          option.element_at.push_back(
              places_.of_text(plain.element_at[i], (*list)[i]));
        }
      }
      annotation.options.push_back(std::move(option));
    }
  }

  static const char* where_it_belongs(AnnotationKind kind) {
    if (kind == "column" || kind == "embed" || kind == "ignore") {
      return "put it before a public data member";
    }
    if (kind == "enum") return "put it after `enum class`";
    if (kind == "value") return "put it after an enumerator";
    if (kind == "map_type") return "put it on a line of its own";
    return "put it after `struct` or `class`";
  }

  // `Type{...}` as it was written, with the designators.
  static const clang::InitListExpr* written_list(
      const clang::Expr* expression) {
    expression = expression->IgnoreImplicit();
    if (const auto* constant =
            llvm::dyn_cast<clang::ConstantExpr>(expression)) {
      expression = constant->getSubExpr()->IgnoreImplicit();
    }
    if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(expression)) {
      expression = cast->getSubExpr()->IgnoreImplicit();
    }
    const auto* list = llvm::dyn_cast<clang::InitListExpr>(expression);
    return list && list->getSyntacticForm() ? list->getSyntacticForm() : list;
  }

  // The options are a union for Clang: it checks each initialiser and keeps it
  // as it was written, so the values are worked out here.
  void read_options(const clang::Expr* argument, std::vector<Option>& options) {
    const clang::InitListExpr* list = written_list(argument);
    const auto* layout = argument->getType()->getAsRecordDecl();
    if (list == nullptr || layout == nullptr) {
      refuse_variable(argument->getExprLoc(), {});
      return;
    }
    refuse_unnamed_options(list);
    for (const clang::FieldDecl* field : layout->fields()) {
      for (const clang::Expr* init : list->inits()) {
        const auto* named = llvm::dyn_cast<clang::DesignatedInitExpr>(init);
        if (named != nullptr && names_option(named, field->getIdentifier())) {
          read_option(field, named->getInit(), options);
        }
      }
    }
  }

  static bool names_option(const clang::DesignatedInitExpr* init,
                           const clang::IdentifierInfo* name) {
    return init->size() == 1 && init->getDesignator(0)->getFieldName() == name;
  }

  // `SG_TABLE("users")` would set whatever option happens to be the first.
  void refuse_unnamed_options(const clang::InitListExpr* list) {
    for (const clang::Expr* init : list->inits()) {
      const auto* named = llvm::dyn_cast<clang::DesignatedInitExpr>(init);
      if (named != nullptr && named->size() == 1) continue;
      reports_.error(init->getBeginLoc(), "option-without-name",
                     "a value without the name of its option; write "
                     "`.name = value`");
    }
  }

  void read_option(const clang::FieldDecl* field, const clang::Expr* written,
                   std::vector<Option>& options) {
    Option option;
    option.name = field->getNameAsString();
    option.at = places_.of(written->getBeginLoc());
    if (!options.empty() && options.back().name == option.name) {
      Diagnostic first;
      first.severity = Severity::note;
      first.id = "option-twice";
      first.message = "it is given here";
      first.at = options.back().at;
      reports_
          .error(written->getBeginLoc(), "option-twice",
                 "this option is given twice; keep one of them")
          .notes.push_back(std::move(first));
      return;
    }
    const clang::QualType type = field->getType();
    const bool is_read = type->isArrayType() ? read_names(written, option)
                         : type->isPointerType()
                             ? read_one_text(written, option)
                             : read_number(written, type, option);
    if (is_read) options.push_back(std::move(option));
  }

  // `{value}` is the value.
  static const clang::Expr* without_braces(const clang::Expr* written) {
    const auto* list = llvm::dyn_cast<clang::InitListExpr>(written);
    while (list != nullptr && list->getNumInits() == 1) {
      written = list->getInit(0);
      list = llvm::dyn_cast<clang::InitListExpr>(written);
    }
    return written;
  }

  static bool is_empty_list(const clang::Expr* written) {
    const auto* list = llvm::dyn_cast<clang::InitListExpr>(written);
    return list != nullptr && list->getNumInits() == 0;
  }

  // As strict as Clang is about constant expressions: what it would take with
  // a remark is refused.
  std::optional<clang::APValue> evaluate(const clang::Expr* written) {
    clang::Expr::EvalResult result;
    llvm::SmallVector<clang::PartialDiagnosticAt, 4> remarks;
    result.Diag = &remarks;
    const bool is_known = !written->isValueDependent() &&
                          (written->getType()->isArrayType()
                               ? written->EvaluateAsLValue(result, ast_, true)
                               : written->EvaluateAsRValue(result, ast_, true));
    if (is_known && remarks.empty()) return result.Val;
    refuse_variable(written->getBeginLoc(), remarks);
    return std::nullopt;
  }

  void refuse_variable(clang::SourceLocation where,
                       llvm::ArrayRef<clang::PartialDiagnosticAt> remarks) {
    Diagnostic& found = reports_.error(
        where, "annotation-not-constant",
        "an option here is not constant; use literals and constexpr values");
    for (const auto& [at, remark] : remarks) {
      llvm::SmallString<128> text;
      remark.EmitToString(ast_.getDiagnostics(), text);
      Diagnostic note;
      note.severity = Severity::note;
      note.id = "clang";
      note.message = text.str().str();
      note.at = places_.of(at);
      found.notes.push_back(std::move(note));
    }
  }

  bool read_number(const clang::Expr* written, clang::QualType type,
                   Option& option) {
    written = without_braces(written);
    std::int64_t number = 0;
    if (!is_empty_list(written)) {
      const std::optional<clang::APValue> value = evaluate(written);
      if (!value) return false;
      if (!value->isInt()) {
        refuse_variable(written->getBeginLoc(), {});
        return false;
      }
      number = value->getInt().getExtValue();
    }
    if (type->isBooleanType()) {
      option.value = number != 0;
    } else {
      option.value = number;
    }
    return true;
  }

  bool read_one_text(const clang::Expr* written, Option& option) {
    std::string text;
    if (!read_text(written, option.name, text)) return false;
    option.at = places_.of_text(written->getBeginLoc(), text);
    option.value = text;
    return true;
  }

  bool read_text(const clang::Expr* written, const std::string& option,
                 std::string& text) {
    const clang::Expr* bare = without_braces(written)->IgnoreParens();
    std::optional<std::string> found;
    bool is_null = is_empty_list(bare);
    if (const auto* literal = llvm::dyn_cast<clang::StringLiteral>(bare)) {
      found = ConstantText::of_literal(literal);
    } else if (!is_null) {
      const std::optional<clang::APValue> value = evaluate(bare);
      if (!value) return false;
      is_null = value->isInt() || (value->isLValue() && value->isNullPointer());
      found = ConstantText::of_pointer(*value);
    }
    if (found) {
      text = *found;
      return true;
    }
    reports_.error(written->getBeginLoc(), "option-not-text",
                   is_null
                       ? "." + option +
                             " is a null pointer; give a string or leave the "
                             "option out"
                       : "." + option +
                             " is no constant string; use a literal or a "
                             "constexpr array of char");
    return false;
  }

  bool read_names(const clang::Expr* written, Option& option) {
    const auto* list = llvm::dyn_cast<clang::InitListExpr>(written);
    if (list == nullptr) return false;
    std::vector<std::string> names;
    for (const clang::Expr* element : list->inits()) {
      std::string text;
      if (!read_text(element, option.name, text)) return false;
      names.push_back(text);
      option.element_at.push_back(
          places_.of_text(element->getBeginLoc(), text));
    }
    option.value = std::move(names);
    return true;
  }

  const clang::ASTContext& ast_;
  const Places& places_;
  PlainOptions& plain_;
  Reports reports_;
};
