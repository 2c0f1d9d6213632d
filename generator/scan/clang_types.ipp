// Part of clang_scan.cpp: names and types. A type is known by its canonical
// form and the qualified name of its declaration, never by how it is printed:
// every Clang prints differently.

// Columns count characters, as those of scripts do and as SARIF is told.
int characters_of(llvm::StringRef text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

// Where things are, in the user's words.
class Places {
 public:
  Places(const clang::SourceManager& sources,
         const std::map<std::string, std::string>& shown)
      : sources_(sources), shown_(shown) {}

  // The place in a file that a person looks at: the argument of a macro where
  // it was written, the body of a macro where the macro is used.
  SourceLocation of(clang::SourceLocation where) const {
    if (where.isInvalid()) return {};
    const clang::SourceLocation file = sources_.getFileLoc(where);
    const auto [id, offset] = sources_.getDecomposedLoc(file);
    const unsigned before = sources_.getColumnNumber(id, offset) - 1;
    const llvm::StringRef line =
        sources_.getBufferData(id).substr(offset - before, before);
    return {name_of(id), static_cast<int>(sources_.getLineNumber(id, offset)),
            characters_of(line) + 1};
  }

  // The same for a string: its end is known where it is one plain literal. A
  // constant, a macro or two pieces have other bytes than the value there.
  SourceLocation of_text(clang::SourceLocation where,
                         const std::string& value) const {
    SourceLocation at = of(where);
    if (where.isInvalid()) return at;
    const std::string plain = '"' + value + '"';
    const auto [id, offset] =
        sources_.getDecomposedLoc(sources_.getFileLoc(where));
    if (sources_.getBufferData(id).substr(offset, plain.size()) == plain) {
      at.literal_end = at.column + characters_of(plain);
    }
    return at;
  }

  const FileName& name_of(clang::FileID id) const {
    const auto [name, is_new] = names_.try_emplace(id);
    if (is_new) name->second = find_name(id);
    return name->second;
  }

  const clang::SourceManager& sources() const { return sources_; }

 private:
  std::string find_name(clang::FileID id) const {
    const auto* entry = sources_.getFileEntryForID(id);
    if (entry == nullptr) return "";
    const std::string path = normal_path(entry->tryGetRealPathName().str());
    const auto known = shown_.find(path);
    return known == shown_.end() ? path : known->second;
  }

  const clang::SourceManager& sources_;
  const std::map<std::string, std::string>& shown_;
  mutable std::map<clang::FileID, FileName> names_;
};

// Findings at a place of Clang's.
class Reports {
 public:
  Reports(const Places& places, Diagnostics& diagnostics)
      : places_(places), diagnostics_(diagnostics) {}

  Diagnostic& error(clang::SourceLocation where, const char* id,
                    std::string message) {
    return diagnostics_.error(places_.of(where), id, std::move(message));
  }
  void warning(clang::SourceLocation where, const char* id,
               std::string message) {
    diagnostics_.warning(places_.of(where), id, std::move(message));
  }

 private:
  const Places& places_;
  Diagnostics& diagnostics_;
};

// In an instance of a class template Clang makes the values of an enum and the
// initialiser of a member when the program first needs them. What is wrong with
// them then is for the program's own compiler to say.
class Instances {
 public:
  explicit Instances(clang::Sema& sema) : sema_(sema) {}

  // None when it is not defined.
  const clang::EnumDecl* definition(const clang::EnumDecl* declared) const {
    const clang::EnumDecl* known = declared->getDefinition();
    if (known != nullptr) return known;
    const Silence silence(sema_.getDiagnostics());
    sema_.RequireCompleteEnumDecl(const_cast<clang::EnumDecl*>(declared),
                                  declared->getLocation());
    return declared->getDefinition();
  }

  // None when there is none; that of the template when it does not fit.
  const clang::Expr* initializer(const clang::FieldDecl* field) const {
    if (!field->hasInClassInitializer()) return nullptr;
    if (const clang::Expr* own = field->getInClassInitializer()) return own;
    const Silence silence(sema_.getDiagnostics());
    sema_.BuildCXXDefaultInitExpr(field->getLocation(),
                                  const_cast<clang::FieldDecl*>(field));
    const clang::Expr* made = field->getInClassInitializer();
    if (made != nullptr && !made->containsErrors()) return made;
    const auto* record =
        llvm::dyn_cast<clang::CXXRecordDecl>(field->getParent());
    const clang::CXXRecordDecl* pattern =
        record ? record->getTemplateInstantiationPattern() : nullptr;
    if (pattern == nullptr) return nullptr;
    for (const clang::FieldDecl* candidate : pattern->fields()) {
      if (candidate->getFieldIndex() == field->getFieldIndex()) {
        return candidate->getInClassInitializer();
      }
    }
    return nullptr;
  }

 private:
  class Silence {
   public:
    explicit Silence(clang::DiagnosticsEngine& diagnostics)
        : diagnostics_(diagnostics),
          before_(diagnostics.getSuppressAllDiagnostics()) {
      diagnostics_.setSuppressAllDiagnostics(true);
    }
    ~Silence() { diagnostics_.setSuppressAllDiagnostics(before_); }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

   private:
    clang::DiagnosticsEngine& diagnostics_;
    bool before_;
  };

  clang::Sema& sema_;
};

std::string type_name(clang::QualType type);

std::string argument_name(const clang::TemplateArgument& argument) {
  using clang::TemplateArgument;
  switch (argument.getKind()) {
    case TemplateArgument::Type:
      return type_name(argument.getAsType());
    case TemplateArgument::Integral: {
      llvm::SmallString<32> digits;
      argument.getAsIntegral().toString(digits, 10);
      return std::string(digits.begin(), digits.end());
    }
    case TemplateArgument::Declaration:
      return "&" + argument.getAsDecl()->getQualifiedNameAsString();
    case TemplateArgument::NullPtr:
      return "nullptr";
    case TemplateArgument::Template:
      return argument.getAsTemplate()
          .getAsTemplateDecl()
          ->getQualifiedNameAsString();
    case TemplateArgument::Pack: {
      std::string all;
      for (const TemplateArgument& part : argument.pack_elements()) {
        all += (all.empty() ? "" : ", ") + argument_name(part);
      }
      return all;
    }
    default:
      return "...";
  }
}

// The allocators, comparisons and traits that nobody writes.
bool is_usual_default(const std::string& argument) {
  for (const char* usual :
       {"std::allocator<", "std::less<", "std::char_traits<", "std::equal_to<",
        "std::hash<", "std::default_delete<"}) {
    if (argument.rfind(usual, 0) == 0) return true;
  }
  return false;
}

std::string arguments_text(const clang::TemplateArgumentList& list) {
  std::vector<std::string> names;
  for (const clang::TemplateArgument& argument : list.asArray()) {
    names.push_back(argument_name(argument));
  }
  while (names.size() > 1 && is_usual_default(names.back())) names.pop_back();
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return "<" + text + ">";
}

// "app::User"; the versioning namespaces inside std are left out, those of
// users are not: two versions of a type are two types.
std::string qualified_name(const clang::NamedDecl* declaration) {
  std::string name = declaration->getNameAsString();
  if (name.empty()) name = "(unnamed)";
  if (const auto* instance =
          llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(declaration)) {
    name += arguments_text(instance->getTemplateArgs());
  }
  const clang::DeclContext* context = declaration->getDeclContext();
  std::vector<std::string> parts;
  bool is_std = false;
  for (; context != nullptr && !context->isTranslationUnit();
       context = context->getParent()) {
    const auto* outer = llvm::dyn_cast<clang::NamedDecl>(context);
    if (outer == nullptr) continue;
    if (const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(outer)) {
      is_std = space->isStdNamespace() || is_std;
      if (space->isInline()) {
        parts.push_back("?" + space->getNameAsString());
      } else {
        parts.push_back(space->isAnonymousNamespace()
                            ? "(anonymous namespace)"
                            : space->getNameAsString());
      }
    } else if (llvm::isa<clang::TagDecl>(outer)) {
      parts.push_back(qualified_name(outer));
      break;
    }
  }
  for (const std::string& part : parts) {
    if (part[0] != '?') {
      name.insert(0, part + "::");
    } else if (!is_std) {
      name.insert(0, part.substr(1) + "::");
    }
  }
  return name;
}

std::string type_name(clang::QualType type) {
  const clang::QualType canonical = type.getCanonicalType();
  if (canonical.isConstQualified() && !canonical->isArrayType()) {
    return "const " + type_name(canonical.getUnqualifiedType());
  }
  const clang::Type* bare = canonical.getTypePtr();
  if (const auto* tag = bare->getAsTagDecl()) {
    const std::string name = qualified_name(tag);
    return name == "std::basic_string<char>" ? "std::string" : name;
  }
  if (bare->isPointerType()) return type_name(bare->getPointeeType()) + " *";
  if (bare->isLValueReferenceType()) {
    return type_name(bare->getPointeeType()) + " &";
  }
  if (bare->isRValueReferenceType()) {
    return type_name(bare->getPointeeType()) + " &&";
  }
  if (const auto* array = llvm::dyn_cast<clang::ConstantArrayType>(bare)) {
    llvm::SmallString<20> count;
    array->getSize().toString(count, 10, false);
    return type_name(array->getElementType().getUnqualifiedType()) + "[" +
           std::string(count.begin(), count.end()) + "]";
  }
  clang::PrintingPolicy policy{clang::LangOptions()};
  policy.adjustForCPlusPlus();
  return canonical.getUnqualifiedType().getAsString(policy);
}

// Reads types, and remembers which records and enums they lead to.
class TypeReader {
 public:
  TypeReader(const clang::ASTContext& ast, const Instances& instances)
      : ast_(ast), instances_(instances) {}

  // Most members have one of a few types: what leads to no new record or enum
  // is remembered.
  CppType read(clang::QualType written) {
    const clang::QualType type =
        written.getCanonicalType().getUnqualifiedType();
    const auto known = known_.find(type.getAsOpaquePtr());
    if (known != known_.end()) return known->second;
    const std::size_t before = records_.size() + enums_.size();
    CppType out = read_new(type);
    if (records_.size() + enums_.size() == before) {
      known_.emplace(type.getAsOpaquePtr(), out);
    }
    return out;
  }

  std::vector<const clang::CXXRecordDecl*> take_records() {
    return std::exchange(records_, {});
  }
  const std::vector<const clang::EnumDecl*>& enums() const { return enums_; }

 private:
  using Arguments = llvm::ArrayRef<clang::TemplateArgument>;

  CppType read_new(clang::QualType type) {
    CppType out;
    out.name = type_name(type);
    if (const auto* builtin = type->getAs<clang::BuiltinType>()) {
      read_builtin(*builtin, type, out);
    } else if (const auto* array = ast_.getAsConstantArrayType(type)) {
      read_array(array->getElementType(),
                 static_cast<std::int64_t>(array->getSize().getZExtValue()),
                 out);
    } else if (const auto* as_enum = type->getAs<clang::EnumType>()) {
      read_enum(as_enum->getDecl(), out);
    } else if (const auto* record = type->getAsCXXRecordDecl()) {
      read_record(record, out);
    }
    return out;
  }

  void set_integer(clang::QualType type, CppType& out) const {
    out.kind = CppType::Kind::integer;
    out.bits = static_cast<int>(ast_.getTypeSize(type));
    out.is_signed = type->isSignedIntegerType();
    if (out.bits > 64) out.kind = CppType::Kind::other;
  }

  void read_builtin(const clang::BuiltinType& builtin, clang::QualType type,
                    CppType& out) const {
    if (type->isBooleanType()) {
      out.kind = CppType::Kind::boolean;
    } else if (builtin.isInteger()) {
      set_integer(type, out);
    } else if (builtin.getKind() == clang::BuiltinType::Float ||
               builtin.getKind() == clang::BuiltinType::Double) {
      out.kind = CppType::Kind::floating;
      out.bits = static_cast<int>(ast_.getTypeSize(type));
    }
  }

  // What one element of a sequence is to a database.
  enum class Element { character, byte, other };
  static Element element_of(clang::QualType type) {
    const clang::QualType bare = type.getCanonicalType().getUnqualifiedType();
    if (bare->isSpecificBuiltinType(clang::BuiltinType::Char_S) ||
        bare->isSpecificBuiltinType(clang::BuiltinType::Char_U)) {
      return Element::character;
    }
    return bare->isSpecificBuiltinType(clang::BuiltinType::UChar) ||
                   type_name(bare) == "std::byte"
               ? Element::byte
               : Element::other;
  }

  static void read_array(clang::QualType element, std::int64_t count,
                         CppType& out) {
    const Element kind = element_of(element);
    if (kind == Element::other || count == 0) return;
    out.kind = kind == Element::character ? CppType::Kind::char_array
                                          : CppType::Kind::bytes;
    out.count = count;
  }

  void read_enum(const clang::EnumDecl* declared, CppType& out) {
    const clang::EnumDecl* definition = instances_.definition(declared);
    const clang::QualType number = declared->getIntegerType();
    if (number.isNull()) return;
    set_integer(number.getCanonicalType(), out);
    if (out.name == "std::byte" || out.kind == CppType::Kind::other) return;
    if (definition == nullptr || definition->getName().empty()) {
      out.kind = CppType::Kind::other;
      return;
    }
    out.kind = CppType::Kind::enumeration;
    if (!llvm::is_contained(enums_, definition)) enums_.push_back(definition);
  }

  void read_record(const clang::CXXRecordDecl* declared, CppType& out) {
    const clang::CXXRecordDecl* record = declared->getDefinition();
    if (record == nullptr) return;
    const std::string family = family_name(record);
    if (family.rfind("std::", 0) == 0) {
      read_standard(record, family, out);
    } else if (!record->isUnion() && !record->isLambda() &&
               !record->getName().empty()) {
      out.kind = CppType::Kind::record;
      records_.push_back(record);
    }
  }

  static std::string family_name(const clang::CXXRecordDecl* record) {
    const std::string name = qualified_name(record);
    return name.substr(0, name.find('<'));
  }

  // One row per type of the standard library.
  void read_standard(const clang::CXXRecordDecl* record,
                     const std::string& family, CppType& out) {
    struct Row {
      const char* family;
      void (TypeReader::*read)(Arguments, CppType&);
    };
    static constexpr Row kRows[] = {
        {"std::basic_string", &TypeReader::read_string},
        {"std::basic_string_view", &TypeReader::read_string},
        {"std::vector", &TypeReader::read_vector},
        {"std::array", &TypeReader::read_std_array},
        {"std::optional", &TypeReader::read_optional},
        {"std::chrono::duration", &TypeReader::read_duration},
        {"std::chrono::time_point", &TypeReader::read_time_point},
        {"std::chrono::year_month_day", &TypeReader::read_date},
        {"std::chrono::hh_mm_ss", &TypeReader::read_time_of_day},
        {"std::filesystem::path", &TypeReader::read_path},
    };
    const auto* instance =
        llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
    for (const Row& row : kRows) {
      if (family != row.family) continue;
      (this->*row.read)(
          instance ? instance->getTemplateArgs().asArray() : Arguments(), out);
    }
  }

  void read_string(Arguments arguments, CppType& out) {
    if (element_of(arguments[0].getAsType()) == Element::character) {
      out.kind = CppType::Kind::string;
    }
  }

  void read_vector(Arguments arguments, CppType& out) {
    if (element_of(arguments[0].getAsType()) != Element::other) {
      out.kind = CppType::Kind::bytes;
    }
  }

  void read_std_array(Arguments arguments, CppType& out) {
    read_array(
        arguments[0].getAsType(),
        static_cast<std::int64_t>(arguments[1].getAsIntegral().getZExtValue()),
        out);
  }

  void read_optional(Arguments arguments, CppType& out) {
    out.kind = CppType::Kind::optional;
    out.inner.push_back(read(arguments[0].getAsType()));
  }

  static void read_ratio(clang::QualType ratio, CppType& out) {
    const auto* instance =
        llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
            ratio->getAsCXXRecordDecl());
    if (instance == nullptr) return;
    const auto arguments = instance->getTemplateArgs().asArray();
    set_period(out, arguments[0].getAsIntegral().getExtValue(),
               arguments[1].getAsIntegral().getExtValue());
  }

  void read_duration(Arguments arguments, CppType& out) {
    const clang::QualType ticks = arguments[0].getAsType();
    if (!ticks->isIntegerType()) return;
    set_integer(ticks.getCanonicalType(), out);
    read_ratio(arguments[1].getAsType(), out);
    if (out.kind == CppType::Kind::integer) {
      out.kind = CppType::Kind::duration;
    }
  }

  void read_time_point(Arguments arguments, CppType& out) {
    const std::string clock = type_name(arguments[0].getAsType());
    const bool is_local = clock == "std::chrono::local_t";
    if (!is_local && clock != "std::chrono::system_clock") return;
    const CppType ticks = read(arguments[1].getAsType());
    if (ticks.kind != CppType::Kind::duration) return;
    const std::string name = out.name;
    out = ticks;
    out.name = name;
    const bool is_days = out.period_num == 86400 && out.period_den == 1;
    out.kind = is_days    ? CppType::Kind::date
               : is_local ? CppType::Kind::local_time
                          : CppType::Kind::time_point;
  }

  void read_date(Arguments, CppType& out) {
    out.kind = CppType::Kind::date;
    out.period_num = 86400;
  }

  void read_time_of_day(Arguments arguments, CppType& out) {
    const CppType ticks = read(arguments[0].getAsType());
    if (ticks.kind != CppType::Kind::duration) return;
    out.kind = CppType::Kind::time_of_day;
    out.bits = ticks.bits;
    out.is_signed = ticks.is_signed;
    out.period_num = ticks.period_num;
    out.period_den = ticks.period_den;
  }

  void read_path(Arguments, CppType& out) { out.kind = CppType::Kind::path; }

  const clang::ASTContext& ast_;
  const Instances& instances_;
  std::vector<const clang::CXXRecordDecl*> records_;
  std::vector<const clang::EnumDecl*> enums_;
  std::map<const void*, CppType> known_;
};
