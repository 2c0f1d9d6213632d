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

constexpr const char kPrefix[] = "schemagen.";

// "foreign_key" -> "SG_FOREIGN_KEY": the macro that the user wrote.
std::string macro_name(const std::string& kind) {
  std::string name = "SG_" + kind;
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return name;
}

std::string annotation_kind(const clang::AnnotateAttr* attribute) {
  const std::string text = attribute->getAnnotation().str();
  if (text.rfind(kPrefix, 0) != 0) return "";
  return text.substr(sizeof(kPrefix) - 1);
}

class AnnotationReader {
 public:
  AnnotationReader(const Places& places, Diagnostics& diagnostics)
      : places_(places), diagnostics_(diagnostics) {}

  // `allowed` names the kinds that make sense at this place, `thing` the place.
  void check(const clang::Decl* declaration,
             const std::vector<std::string>& allowed,
             const std::string& thing) {
    for (const auto* attribute :
         declaration->specific_attrs<clang::AnnotateAttr>()) {
      const std::string kind = annotation_kind(attribute);
      if (kind.empty() ||
          std::find(allowed.begin(), allowed.end(), kind) != allowed.end()) {
        continue;
      }
      diagnostics_.error(places_.of(attribute->getLocation()),
                         "misplaced-annotation",
                         macro_name(kind) + " means nothing on " + thing +
                             "; " + where_it_belongs(kind));
    }
  }

  std::vector<Annotation> read(const clang::Decl* declaration) {
    std::vector<Annotation> all;
    for (const auto* attribute :
         declaration->specific_attrs<clang::AnnotateAttr>()) {
      Annotation annotation;
      annotation.kind = annotation_kind(attribute);
      if (annotation.kind.empty()) continue;
      annotation.at = places_.of(attribute->getLocation());
      for (const clang::Expr* argument : attribute->args()) {
        read_options(argument, annotation.options);
      }
      all.push_back(std::move(annotation));
    }
    return all;
  }

 private:
  static std::string where_it_belongs(const std::string& kind) {
    if (kind == "column" || kind == "embed" || kind == "ignore") {
      return "put it before a public data member";
    }
    if (kind == "enum") return "put it after `enum class`";
    if (kind == "value") return "put it after an enumerator";
    if (kind == "map_type") return "put it on a line of its own";
    return "put it after `struct` or `class`";
  }

  static const clang::InitListExpr* list_of(const clang::Expr* expression) {
    expression = expression->IgnoreImplicit();
    if (const auto* constant =
            llvm::dyn_cast<clang::ConstantExpr>(expression)) {
      expression = constant->getSubExpr()->IgnoreImplicit();
    }
    if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(expression)) {
      expression = cast->getSubExpr()->IgnoreImplicit();
    }
    const auto* list = llvm::dyn_cast<clang::InitListExpr>(expression);
    if (list != nullptr && list->isSyntacticForm() &&
        list->getSemanticForm() != nullptr) {
      list = list->getSemanticForm();
    }
    return list;
  }

  void read_options(const clang::Expr* argument, std::vector<Option>& options) {
    const auto* constant = llvm::dyn_cast<clang::ConstantExpr>(argument);
    const clang::InitListExpr* list = list_of(argument);
    if (constant == nullptr || list == nullptr ||
        !constant->getAPValueResult().isStruct()) {
      diagnostics_.error(places_.of(argument->getExprLoc()),
                         "annotation-not-constant",
                         "this annotation is no constant; use literals and "
                         "constexpr values only");
      return;
    }
    refuse_unnamed_options(list);
    const clang::APValue value = constant->getAPValueResult();
    const clang::RecordDecl* layout = list->getType()->getAsRecordDecl();
    for (const clang::FieldDecl* field : layout->fields()) {
      const unsigned index = field->getFieldIndex();
      if (index >= list->getNumInits()) break;
      const clang::Expr* written = list->getInit(index);
      if (llvm::isa<clang::ImplicitValueInitExpr>(written)) continue;
      Option option;
      option.name = field->getNameAsString();
      option.at = places_.of(written->getBeginLoc());
      read_value(value.getStructField(index), written, option, options);
    }
  }

  // `SG_TABLE("users")` would set whatever option happens to be the first.
  void refuse_unnamed_options(const clang::InitListExpr* list) {
    const clang::InitListExpr* written =
        list->getSyntacticForm() ? list->getSyntacticForm() : list;
    for (const clang::Expr* init : written->inits()) {
      if (llvm::isa<clang::DesignatedInitExpr>(init) ||
          llvm::isa<clang::ImplicitValueInitExpr>(init)) {
        continue;
      }
      if (written == list) return;  // no written form was kept
      diagnostics_.error(places_.of(init->getBeginLoc()), "option-without-name",
                         "a value without the name of its option; write "
                         "`.name = value`");
    }
  }

  void read_value(const clang::APValue& value, const clang::Expr* written,
                  Option& option, std::vector<Option>& options) {
    const clang::QualType type = written->getType();
    if (type->isArrayType()) {
      if (!read_names(value, written, option)) return;
    } else if (type->isPointerType()) {
      std::string text;
      if (!read_text(value, written, option.name, text)) return;
      option.at = places_.of_text(written->getBeginLoc(), text);
      option.value = text;
    } else if (value.isInt() && type->isBooleanType()) {
      option.value = value.getInt().getBoolValue();
    } else if (value.isInt()) {
      option.value = value.getInt().getExtValue();
    }
    options.push_back(std::move(option));
  }

  bool read_text(const clang::APValue& value, const clang::Expr* written,
                 const std::string& option, std::string& text) {
    const std::optional<std::string> found = ConstantText::of_pointer(value);
    if (found) {
      text = *found;
      return true;
    }
    diagnostics_.error(
        places_.of(written->getBeginLoc()), "option-not-text",
        value.isLValue() && value.isNullPointer()
            ? "." + option +
                  " is a null pointer; give a string or leave the "
                  "option out"
            : "." + option +
                  " is no constant string; use a literal or a "
                  "constexpr array of char");
    return false;
  }

  bool read_names(const clang::APValue& value, const clang::Expr* written,
                  Option& option) {
    std::vector<std::string> names;
    const auto* list = llvm::dyn_cast<clang::InitListExpr>(written);
    if (list == nullptr || !value.isArray()) return false;
    option.at = places_.of(written->getBeginLoc());
    for (unsigned i = 0; i < list->getNumInits(); ++i) {
      const clang::Expr* element = list->getInit(i);
      if (llvm::isa<clang::ImplicitValueInitExpr>(element)) continue;
      const clang::APValue& item = i < value.getArrayInitializedElts()
                                       ? value.getArrayInitializedElt(i)
                                       : value.getArrayFiller();
      std::string text;
      if (!read_text(item, element, option.name, text)) return false;
      names.push_back(text);
      option.element_at.push_back(
          places_.of_text(element->getBeginLoc(), text));
    }
    option.value = std::move(names);
    return true;
  }

  const Places& places_;
  Diagnostics& diagnostics_;
};
