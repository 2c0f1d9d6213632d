// Part of clang_scan.cpp: what each file says to the others and hears of them.
// Only a scan on a prelude is traced; the files of the prelude are not.

// Follows the preprocessor.
class TraceRecorder : public clang::PPCallbacks {
 public:
  struct Seen {
    bool is_doubtful = false;
    std::map<clang::FileID, std::set<clang::FileID>> includes;
    std::map<clang::FileID, std::vector<std::string>> macros;
    std::map<clang::FileID, std::vector<const clang::FileEntry*>> skipped;
  };

  TraceRecorder(std::shared_ptr<Seen> seen, const clang::SourceManager& sources)
      : seen_(std::move(seen)), sources_(sources) {}

  void FileChanged(clang::SourceLocation where, FileChangeReason reason,
                   clang::SrcMgr::CharacteristicKind, clang::FileID) override {
    if (reason != EnterFile) return;
    const clang::FileID file = sources_.getFileID(where);
    const clang::SourceLocation from = sources_.getIncludeLoc(file);
    seen_->includes[file];
    if (from.isValid()) {
      seen_->includes[sources_.getFileID(sources_.getFileLoc(from))].insert(
          file);
    }
  }

  void FileSkipped(const clang::FileEntryRef& file, const clang::Token& name,
                   clang::SrcMgr::CharacteristicKind) override {
    seen_->skipped[sources_.getFileID(sources_.getFileLoc(name.getLocation()))]
        .push_back(&file.getFileEntry());
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
    if (macro == nullptr || seen_->is_doubtful) return;
    const bool pastes = std::any_of(macro->tokens_begin(), macro->tokens_end(),
                                    [](const clang::Token& token) {
                                      return token.is(clang::tok::hashhash);
                                    });
    const llvm::StringRef text = name.getIdentifierInfo()->getName();
    if (pastes && text != "SG_MAP_AT_") seen_->is_doubtful = true;
  }

 private:
  void note_macro(const clang::Token& name) {
    seen_->macros[sources_.getFileID(sources_.getFileLoc(name.getLocation()))]
        .push_back(name.getIdentifierInfo()->getName().str());
  }

  std::shared_ptr<Seen> seen_;
  const clang::SourceManager& sources_;
};

// Puts the traces together when everything has been parsed.
class Tracer {
 public:
  Tracer(const clang::LangOptions& language, const Places& places,
         const TraceRecorder::Seen& seen, const std::string& directory)
      : places_(places),
        sources_(places.sources()),
        language_(language),
        seen_(seen),
        directory_(directory) {
    traces_.is_doubtful = seen.is_doubtful;
  }

  Traces trace(const std::vector<const clang::Decl*>& declarations) {
    for (const auto& [file, inside] : seen_.includes) add_file(file);
    for (const auto& [file, inside] : seen_.includes)
      add_includes(file, inside);
    for (const auto& [file, names] : seen_.macros) {
      for (const std::string& name : names) say(file, name);
    }
    for (const clang::Decl* declaration : declarations) read(declaration);
    for (auto& [path, trace] : by_path_) {
      sort(trace.says);
      sort(trace.hears);
      std::sort(trace.includes.begin(), trace.includes.end());
      trace.includes.erase(
          std::unique(trace.includes.begin(), trace.includes.end()),
          trace.includes.end());
      traces_.files.push_back(std::move(trace));
    }
    return std::move(traces_);
  }

 private:
  static void sort(std::vector<NameHash>& names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
  }

  FileTrace* trace_of(clang::FileID file) {
    const auto known = by_file_.find(file);
    return known == by_file_.end() ? nullptr : known->second;
  }

  void add_file(clang::FileID file) {
    const auto entry = sources_.getFileEntryRefForID(file);
    if (!entry || file == sources_.getMainFileID() ||
        std::filesystem::path(entry->getName().str()).filename() ==
            kPlainFile) {
      return;
    }
    FileTrace*& known = by_entry_[&entry->getFileEntry()];
    if (known == nullptr) {
      const std::string path = normal_path(
          (std::filesystem::path(directory_) / entry->getName().str())
              .string());
      known = &by_path_[path];
      if (!known->path.empty()) doubt();
      known->path = path;
      known->shown = places_.name_of(file);
      read_words(file, *known);
    }
    by_file_[file] = known;
  }

  void add_includes(clang::FileID file, const std::set<clang::FileID>& inside) {
    FileTrace* trace = trace_of(file);
    if (trace == nullptr) return;
    for (const clang::FileID included : inside) {
      if (const FileTrace* known = trace_of(included)) {
        trace->includes.push_back(known->path);
      }
    }
    const auto skipped = seen_.skipped.find(file);
    if (skipped == seen_.skipped.end()) return;
    for (const clang::FileEntry* entry : skipped->second) {
      const auto known = by_entry_.find(entry);
      if (known != by_entry_.end()) {
        trace->includes.push_back(known->second->path);
      }
    }
  }

  // The words of the annotations are everybody's; nobody can redefine them.
  static bool is_vocabulary(const std::string& path) {
    const std::string_view ending = "/schemagen/annotations.hpp";
    return path.size() >= ending.size() &&
           path.compare(path.size() - ending.size(), ending.size(), ending) ==
               0;
  }

  void read_words(clang::FileID file, FileTrace& trace) {
    clang::Lexer lexer(file, sources_.getBufferOrFake(file), sources_,
                       language_);
    const bool is_ours = is_vocabulary(trace.path);
    std::vector<llvm::StringRef> directive;
    bool is_directive = false;
    for (bool is_end = false; !is_end;) {
      clang::Token token;
      is_end = lexer.LexFromRawLexer(token);
      if (token.isAtStartOfLine() || is_end) {
        if (!is_ours) judge(directive);
        directive.clear();
        is_directive = token.is(clang::tok::hash);
      }
      const llvm::StringRef text(sources_.getCharacterData(token.getLocation()),
                                 token.getLength());
      if (is_directive) {
        directive.push_back(text);
        trace.directives =
            hash_bytes({text.data(), text.size()}, trace.directives + 1);
      }
      if (is_ours || token.isNot(clang::tok::raw_identifier)) continue;
      if (token.needsCleaning() || text == "_Pragma" || text == "__pragma" ||
          text == "__COUNTER__") {
        doubt();
      }
      trace.hears.push_back(hash_name({text.data(), text.size()}));
    }
  }

  // A pragma can change anything that comes after it.
  void judge(const std::vector<llvm::StringRef>& directive) {
    if (directive.size() < 2) return;
    const bool is_harmless =
        directive.size() > 2 &&
        (directive[2] == "once" || directive[2] == "region" ||
         directive[2] == "endregion");
    if (directive[1] == "line" || (directive[1] == "pragma" && !is_harmless)) {
      doubt();
    }
  }

  void say(clang::FileID file, llvm::StringRef name) {
    if (FileTrace* trace = trace_of(file)) {
      trace->says.push_back(hash_name({name.data(), name.size()}));
    }
  }

  void say(const clang::Decl* declaration, llvm::StringRef name) {
    say(file_of(declaration->getLocation()), name);
  }

  clang::FileID file_of(clang::SourceLocation where) const {
    return sources_.getFileID(sources_.getFileLoc(where));
  }

  void doubt() { traces_.is_doubtful = true; }

  void read(const clang::Decl* declaration) {
    if (declaration->isImplicit() || declaration->isFromASTFile()) return;
    const clang::FileID file = file_of(declaration->getLocation());
    if (trace_of(file) == nullptr) return;
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
    const std::string path = space->getQualifiedNameAsString();
    trace_of(file)->namespaces.push_back(
        {hash_name(path), hash_name({name.data(), name.size()})});
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
      if (is_called_unseen(name->getName())) doubt();
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

  // By the language or by the standard library, without being named.
  static bool is_called_unseen(llvm::StringRef name) {
    for (const char* known : {"begin",
                              "end",
                              "rbegin",
                              "rend",
                              "size",
                              "data",
                              "empty",
                              "get",
                              "swap",
                              "iter_swap",
                              "iter_move",
                              "tuple_size",
                              "strong_order",
                              "weak_order",
                              "partial_order",
                              "make_error_code",
                              "make_error_condition",
                              "hash_value",
                              "format_as",
                              "to_address"}) {
      if (name == known) return true;
    }
    return false;
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
  const TraceRecorder::Seen& seen_;
  const std::string& directory_;
  Traces traces_;
  std::map<std::string, FileTrace> by_path_;
  std::map<const clang::FileEntry*, FileTrace*> by_entry_;
  std::map<clang::FileID, FileTrace*> by_file_;
};
