// Part of clang_scan.cpp: what each file says to the others and hears of them.
// Only a scan on a prelude is traced; the files of the prelude are not.

std::string_view view_of(llvm::StringRef text) {
  return {text.data(), text.size()};
}

// Follows the preprocessor.
class TraceRecorder : public clang::PPCallbacks {
 public:
  struct Seen {
    TraceBook book;
    llvm::SmallVector<clang::FileID, 0> files;
  };

  TraceRecorder(std::shared_ptr<Seen> seen, const clang::SourceManager& sources)
      : seen_(std::move(seen)), sources_(sources) {}

  void FileChanged(clang::SourceLocation where, FileChangeReason reason,
                   clang::SrcMgr::CharacteristicKind, clang::FileID) override {
    if (reason != EnterFile) return;
    const clang::FileID file = sources_.getFileID(where);
    const clang::SourceLocation from = sources_.getIncludeLoc(file);
    seen_->files.push_back(file);
    if (from.isValid()) {
      seen_->book.note_include(number_of(from), file.getHashValue());
    }
  }

  void FileSkipped(const clang::FileEntryRef& file, const clang::Token& name,
                   clang::SrcMgr::CharacteristicKind) override {
    seen_->book.note_skipped(number_of(name.getLocation()),
                             &file.getFileEntry());
  }

  void MacroDefined(const clang::Token& name,
                    const clang::MacroDirective*) override {
    note_macro(name);
  }
  void MacroUndefined(const clang::Token& name, const clang::MacroDefinition&,
                      const clang::MacroDirective*) override {
    note_macro(name);
  }

  // A pasted identifier stands in no file.
  void MacroExpands(const clang::Token& name,
                    const clang::MacroDefinition& definition,
                    clang::SourceRange, const clang::MacroArgs*) override {
    const clang::MacroInfo* macro = definition.getMacroInfo();
    if (macro == nullptr || seen_->book.is_doubtful()) return;
    for (const clang::Token& token : macro->tokens()) {
      if (token.is(clang::tok::hashhash) &&
          name.getIdentifierInfo()->getName() != "SG_MAP_AT_") {
        seen_->book.doubt();
      }
    }
  }

 private:
  TraceBook::File number_of(clang::SourceLocation where) const {
    return sources_.getFileID(sources_.getFileLoc(where)).getHashValue();
  }

  void note_macro(const clang::Token& name) {
    seen_->book.note_macro(number_of(name.getLocation()),
                           view_of(name.getIdentifierInfo()->getName()));
  }

  std::shared_ptr<Seen> seen_;
  const clang::SourceManager& sources_;
};

// Goes through files and declarations when everything has been parsed.
class Tracer {
 public:
  Tracer(const clang::LangOptions& language, const Places& places,
         TraceRecorder::Seen& seen, const std::string& directory)
      : places_(places),
        sources_(places.sources()),
        language_(language),
        book_(seen.book),
        directory_(directory) {
    for (const clang::FileID file : seen.files) add_file(file);
  }

  Traces trace(llvm::ArrayRef<const clang::Decl*> declarations) {
    for (const clang::Decl* declaration : declarations) read(declaration);
    return book_.take();
  }

 private:
  void add_file(clang::FileID file) {
    const auto entry = sources_.getFileEntryRefForID(file);
    if (!entry || file == sources_.getMainFileID()) return;
    const std::string name = entry->getName().str();
    if (is_plain_macros(file_name(name))) return;
    if (book_.add_file(file.getHashValue(), &entry->getFileEntry(),
                       normal_path(path_in(directory_, name)),
                       places_.name_of(file))) {
      read_words(file);
    }
  }

  void read_words(clang::FileID file) {
    clang::Lexer lexer(file, sources_.getBufferOrFake(file), sources_,
                       language_);
    for (bool is_end = false; !is_end;) {
      clang::Token token;
      is_end = lexer.LexFromRawLexer(token);
      const bool is_name = token.is(clang::tok::raw_identifier);
      if (is_name && token.needsCleaning()) book_.doubt();
      book_.add_word(
          {sources_.getCharacterData(token.getLocation()), token.getLength()},
          token.isAtStartOfLine(),
          is_name                      ? TraceBook::Role::name
          : token.is(clang::tok::hash) ? TraceBook::Role::hash
                                       : TraceBook::Role::other);
    }
  }

  void say(const clang::Decl* declaration, llvm::StringRef name) {
    book_.say(file_of(declaration->getLocation()).getHashValue(),
              view_of(name));
  }

  clang::FileID file_of(clang::SourceLocation where) const {
    return sources_.getFileID(sources_.getFileLoc(where));
  }

  void doubt() { book_.doubt(); }

  void read(const clang::Decl* declaration) {
    if (declaration->isImplicit() || declaration->isFromASTFile()) return;
    const clang::FileID file = file_of(declaration->getLocation());
    if (!book_.has(file.getHashValue())) return;
    if (file != file_of(declaration->getBeginLoc()) ||
        file != file_of(declaration->getEndLoc())) {
      doubt();
    }
    if (const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(declaration)) {
      read_namespace(space, file);
    } else if (const auto* linkage =
                   llvm::dyn_cast<clang::LinkageSpecDecl>(declaration)) {
      for (const clang::Decl* inside : linkage->decls()) read(inside);
    } else if (llvm::isa<clang::UsingDirectiveDecl>(declaration)) {
      doubt();
    } else if (!llvm::isa<clang::StaticAssertDecl>(declaration) &&
               !llvm::isa<clang::EmptyDecl>(declaration) &&
               !llvm::isa<clang::FileScopeAsmDecl>(declaration)) {
      const auto* named = llvm::dyn_cast<clang::NamedDecl>(declaration);
      named != nullptr ? read_named(named) : doubt();
    }
  }

  void read_namespace(const clang::NamespaceDecl* space, clang::FileID file) {
    const llvm::StringRef name = space->getName();
    book_.add_namespace(file.getHashValue(), space->getQualifiedNameAsString(),
                        view_of(name));
    if (space->isInline()) doubt();
    for (const clang::Decl* inside : space->decls()) {
      // What stands in std is found by people who never name it.
      const bool is_in_std =
          space->isStdNamespace() || space->isInStdNamespace();
      if (is_in_std &&
          !llvm::isa<clang::ClassTemplateSpecializationDecl>(inside)) {
        doubt();
      }
      read(inside);
    }
  }

  void read_named(const clang::NamedDecl* named) {
    if (const auto* function = named->getAsFunction()) {
      read_function(named, function);
      return;
    }
    if (const clang::IdentifierInfo* name = named->getIdentifier()) {
      say(named, name->getName());
    } else if (!llvm::isa<clang::TagDecl>(named)) {
      doubt();  // structured bindings
    }
    if (llvm::isa<clang::UsingEnumDecl>(named)) doubt();
    if (const auto* instance =
            llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(named)) {
      read_specialization(instance);
    } else if (llvm::isa<clang::VarTemplateSpecializationDecl>(named)) {
      doubt();
    }
    if (const auto* declared = llvm::dyn_cast<clang::EnumDecl>(named)) {
      for (const auto* constant : declared->enumerators()) {
        if (!declared->isScoped()) say(declared, constant->getName());
      }
    }
    const auto* pattern = llvm::dyn_cast<clang::ClassTemplateDecl>(named);
    const auto* record = pattern != nullptr
                             ? pattern->getTemplatedDecl()
                             : llvm::dyn_cast<clang::CXXRecordDecl>(named);
    if (record != nullptr && record->isThisDeclarationADefinition()) {
      if (record->isAnonymousStructOrUnion()) doubt();
      read_friends(record);
    }
  }

  // Friends are found through their arguments.
  void read_friends(const clang::CXXRecordDecl* record) {
    for (const clang::Decl* inside : record->decls()) {
      if (const auto* made = llvm::dyn_cast<clang::FriendDecl>(inside)) {
        const clang::NamedDecl* named = made->getFriendDecl();
        const auto* function = named ? named->getAsFunction() : nullptr;
        if (function != nullptr) read_function(named, function);
      } else if (const auto* nested =
                     llvm::dyn_cast<clang::CXXRecordDecl>(inside)) {
        if (nested != record && nested->isThisDeclarationADefinition()) {
          read_friends(nested);
        }
      }
    }
  }

  void read_function(const clang::NamedDecl* named,
                     const clang::FunctionDecl* function) {
    const clang::IdentifierInfo* name = named->getIdentifier();
    if (const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(function)) {
      say(named, method->getParent()->getName());
      if (name != nullptr) say(named, name->getName());
      return;
    }
    if (name != nullptr) {
      say(named, name->getName());
      if (is_called_unseen(view_of(name->getName()))) doubt();
      return;
    }
    // An operator is used by whoever has something to use it on.
    bool has_operand = false;
    for (const clang::ParmVarDecl* parameter : function->parameters()) {
      const clang::QualType type = parameter->getType().getNonReferenceType();
      const auto* tag = type->getAsTagDecl();
      if (tag == nullptr || tag->isFromASTFile()) continue;
      say(named, tag->getName());
      has_operand = true;
    }
    const bool is_plain = function->getDeclName().getNameKind() ==
                              clang::DeclarationName::CXXOperatorName &&
                          !llvm::isa<clang::FunctionTemplateDecl>(named);
    if (!has_operand || !is_plain) doubt();
  }

  // One of the standard library is used by whoever has the type in it; of one
  // of the user's own the name is told.
  void read_specialization(
      const clang::ClassTemplateSpecializationDecl* instance) {
    if (!instance->getSpecializedTemplate()->isFromASTFile()) return;
    bool has_own = false;
    for (const clang::TemplateArgument& argument :
         instance->getTemplateArgs().asArray()) {
      if (argument.getKind() != clang::TemplateArgument::Type) continue;
      const auto* tag = argument.getAsType()->getAsTagDecl();
      if (tag == nullptr || tag->isFromASTFile()) continue;
      say(instance, tag->getName());
      has_own = true;
    }
    if (!has_own ||
        llvm::isa<clang::ClassTemplatePartialSpecializationDecl>(instance)) {
      doubt();
    }
  }

  const Places& places_;
  const clang::SourceManager& sources_;
  const clang::LangOptions& language_;
  TraceBook& book_;
  const std::string& directory_;
};
