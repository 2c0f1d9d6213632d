// Part of clang_scan.cpp: running Clang over the synthetic translation unit.

// What the annotation header may expand at, and was seen to have an effect.
// Whatever is left at the end stands somewhere where nothing can carry it.
class Expansions : public clang::PPCallbacks {
 public:
  struct Seen {
    llvm::DenseSet<clang::SourceLocation> open;
    std::vector<std::string> system_includes;
    PlainOptions plain;
  };

  Expansions(std::shared_ptr<Seen> seen, const clang::SourceManager& sources,
             bool reads_plain)
      : seen_(std::move(seen)), sources_(sources), reads_plain_(reads_plain) {}

  void MacroExpands(const clang::Token& name,
                    const clang::MacroDefinition& definition,
                    clang::SourceRange,
                    const clang::MacroArgs* arguments) override {
    const llvm::StringRef text = name.getIdentifierInfo()->getName();
    if (text.substr(0, 3) != "SG_" || text.substr(text.size() - 1) == "_") {
      return;
    }
    const clang::MacroInfo* macro = definition.getMacroInfo();
    if (macro == nullptr || !is_ours(macro)) return;
    if (text != "SG_MAP_TYPE") seen_->open.insert(name.getLocation());
    if (reads_plain_ && text != "SG_MAP_TYPE") {
      seen_->plain.add(*name.getIdentifierInfo(), name.getLocation(),
                       arguments);
    }
  }

  // The line of the #include is read again, because the callback that would
  // have its words has another signature in every Clang.
  void FileChanged(clang::SourceLocation where, FileChangeReason reason,
                   clang::SrcMgr::CharacteristicKind kind,
                   clang::FileID) override {
    if (reason != EnterFile || kind == clang::SrcMgr::C_User) return;
    note_include(sources_.getIncludeLoc(sources_.getFileID(where)));
  }

  // Included before, perhaps by the prelude.
  void FileSkipped(const clang::FileEntryRef&, const clang::Token& name,
                   clang::SrcMgr::CharacteristicKind kind) override {
    if (kind != clang::SrcMgr::C_User) note_include(name.getLocation());
  }

 private:
  void note_include(clang::SourceLocation written) {
    if (written.isInvalid()) return;
    const clang::SourceLocation from = sources_.getFileLoc(written);
    if (sources_.getFileCharacteristic(from) != clang::SrcMgr::C_User) return;
    const llvm::StringRef rest(sources_.getCharacterData(from));
    const llvm::StringRef line = rest.substr(0, rest.find('\n'));
    const std::size_t open = line.find('<');
    const std::size_t close = line.find('>');
    if (open != llvm::StringRef::npos && close != llvm::StringRef::npos) {
      seen_->system_includes.push_back(line.slice(open, close + 1).str());
    }
  }

  bool is_ours(const clang::MacroInfo* macro) {
    const auto [known, is_new] = ours_.try_emplace(macro, false);
    if (!is_new) return known->second;
    const llvm::StringRef file =
        sources_.getFilename(macro->getDefinitionLoc());
    constexpr std::size_t kLength = sizeof("annotations.hpp") - 1;
    known->second = file.size() >= kLength &&
                    file.substr(file.size() - kLength) == "annotations.hpp";
    return known->second;
  }

  std::shared_ptr<Seen> seen_;
  const clang::SourceManager& sources_;
  llvm::DenseMap<const clang::MacroInfo*, bool> ours_;
  bool reads_plain_;
};

class ScanConsumer : public clang::ASTConsumer {
 public:
  ScanConsumer(clang::CompilerInstance& compiler, const ParseJob& job,
               ParseOutcome& outcome, std::shared_ptr<Expansions::Seen> seen,
               std::shared_ptr<TraceRecorder::Seen> traced)
      : compiler_(compiler),
        job_(job),
        outcome_(outcome),
        seen_(std::move(seen)),
        traced_(std::move(traced)) {}

  // Members' initialisers of nested classes are parsed after this call, so it
  // only takes notes.
  void HandleTagDeclDefinition(clang::TagDecl* tag) override {
    bool is_annotated = claim(tag);
    if (const auto* record = llvm::dyn_cast<clang::RecordDecl>(tag)) {
      for (const clang::FieldDecl* field : record->fields()) {
        if (field->hasAttrs()) is_annotated |= claim_field(field);
      }
    } else if (const auto* enumeration = llvm::dyn_cast<clang::EnumDecl>(tag)) {
      for (const auto* constant : enumeration->enumerators()) {
        is_annotated |= claim(constant);
      }
    }
    if (is_annotated) tags_.push_back(tag);
  }

  // Returning false at the sentinel spares the end of the translation unit,
  // where Clang would instantiate every function the standard headers used.
  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    if (seen_->plain.is_refused()) {
      outcome_.is_refused = true;
      return false;
    }
    for (const clang::Decl* declaration : group) {
      const auto* tag = llvm::dyn_cast<clang::TagDecl>(declaration);
      if (tag != nullptr && tag->getName() == kEnd) {
        finish();
        return false;
      }
      if (job_.wants_traces) declarations_.push_back(declaration);
      if (!compiler_.getSourceManager().isInSystemHeader(
              declaration->getLocation())) {
        note_aliases(declaration);
      }
    }
    return true;
  }

 private:
  // Those inside of an entity are read with it.
  void note_aliases(const clang::Decl* declaration) {
    if (const auto* alias =
            llvm::dyn_cast<clang::TypedefNameDecl>(declaration)) {
      aliases_.push_back(alias);
    } else if (const auto* space =
                   llvm::dyn_cast<clang::NamespaceDecl>(declaration)) {
      for (const clang::Decl* inside : space->decls()) note_aliases(inside);
    }
  }

  bool claim_field(const clang::FieldDecl* field) {
    bool is_annotated = false;
    for (const auto* attribute : attributes_of(field)) {
      if (field->getAccess() == clang::AS_public ||
          annotation_kind(attribute) == "ignore") {
        claim(attribute);
        is_annotated = true;
      }
    }
    return is_annotated;
  }

  bool claim(const clang::Decl* declaration) {
    bool is_annotated = false;
    for (const auto* attribute : attributes_of(declaration)) {
      claim(attribute);
      is_annotated = true;
    }
    return is_annotated;
  }

  void claim(const clang::AnnotateAttr* attribute) {
    const clang::SourceManager& sources = compiler_.getSourceManager();
    clang::SourceLocation at = attribute->getLocation();
    seen_->open.erase(at);
    while (at.isMacroID()) {
      at = sources.isMacroArgExpansion(at)
               ? sources.getImmediateSpellingLoc(at)
               : sources.getImmediateExpansionRange(at).getBegin();
      seen_->open.erase(at);
    }
  }

  void finish() {
    seen_->plain.look_up_words(compiler_.getASTContext());
    outcome_.is_refused = seen_->plain.is_refused();
    if (outcome_.is_refused) return;
    outcome_.complete = true;
    Diagnostics diagnostics;
    const Places places(compiler_.getSourceManager(), job_.shown);
    RecordReader reader(compiler_.getSema(), places, seen_->plain, diagnostics);
    if (compiler_.getDiagnostics().hasErrorOccurred()) {
      reader.check_options(tags_);
      keep(diagnostics);
      return;
    }
    outcome_.declarations = reader.read(tags_, aliases_);
    outcome_.is_refused = job_.reads_plain && seen_->plain.is_refused();
    outcome_.system_includes = std::move(seen_->system_includes);
    sort_unique(outcome_.system_includes);
    for (const clang::SourceLocation open : seen_->open) {
      diagnostics.error(places.of(open), "annotation-without-effect",
                        "this annotation is not where it can have an effect; "
                        "annotate structs, enums, enumerators and public data "
                        "members outside of functions");
    }
    keep(diagnostics);
    if (job_.wants_traces) {
      Tracer tracer(compiler_.getLangOpts(), places, *traced_, job_.directory);
      outcome_.traces = tracer.trace(declarations_);
    }
  }

  void keep(const Diagnostics& diagnostics) {
    for (Diagnostic& diagnostic : diagnostics.sorted()) {
      outcome_.diagnostics.push_back(std::move(diagnostic));
    }
  }

  clang::CompilerInstance& compiler_;
  const ParseJob& job_;
  ParseOutcome& outcome_;
  std::shared_ptr<Expansions::Seen> seen_;
  std::shared_ptr<TraceRecorder::Seen> traced_;
  std::vector<const clang::TagDecl*> tags_;
  std::vector<const clang::TypedefNameDecl*> aliases_;
  std::vector<const clang::Decl*> declarations_;
};

// Warnings are nobody's business here, but as soon as one file has a pragma
// about them, Clang looks every suppressed one up in a table of files.
void ignore_warning_pragmas(clang::Preprocessor& preprocessor) {
#ifndef SCHEMAGEN_LLVM_ASSERTS  // which refuse a second handler of one name
  for (const char* space : {"GCC", "clang"}) {
    preprocessor.AddPragmaHandler(space,
                                  new clang::EmptyPragmaHandler("diagnostic"));
  }
#endif
}

// Every file counts: the standard library may change under a program.
class EveryDependency : public clang::DependencyCollector {
 public:
  bool needSystemDependencies() override { return true; }
};

void take_dependencies(const clang::DependencyCollector& collector,
                       const std::string& directory, ParseOutcome& outcome) {
  for (const std::string& name : collector.getDependencies()) {
    const std::string path = normal_path(path_in(directory, name));
    if (!is_synthetic(file_name(path))) outcome.dependencies.push_back(path);
  }
  sort_unique(outcome.dependencies);
}

class ScanAction : public clang::ASTFrontendAction {
 public:
  ScanAction(const ParseJob& job, ParseOutcome& outcome)
      : job_(job), outcome_(outcome) {}

 private:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(
      clang::CompilerInstance& compiler, llvm::StringRef) override {
    compiler.getFrontendOpts().SkipFunctionBodies = true;
    clang::Preprocessor& preprocessor = compiler.getPreprocessor();
    ignore_warning_pragmas(preprocessor);
    dependencies_.attachToPreprocessor(preprocessor);
    auto seen = std::make_shared<Expansions::Seen>();
    preprocessor.addPPCallbacks(std::make_unique<Expansions>(
        seen, compiler.getSourceManager(), job_.reads_plain));
    auto traced = std::make_shared<TraceRecorder::Seen>();
    if (job_.wants_traces) {
      preprocessor.addPPCallbacks(
          std::make_unique<TraceRecorder>(traced, compiler.getSourceManager()));
    }
    return std::make_unique<ScanConsumer>(compiler, job_, outcome_, seen,
                                          traced);
  }

  void EndSourceFileAction() override {
    take_dependencies(dependencies_, job_.directory, outcome_);
  }

  const ParseJob& job_;
  ParseOutcome& outcome_;
  EveryDependency dependencies_;
};

class PreludeAction : public clang::GeneratePCHAction {
 public:
  PreludeAction(std::string path, std::string directory, ParseOutcome& outcome)
      : path_(std::move(path)),
        directory_(std::move(directory)),
        outcome_(outcome) {}

 private:
  bool BeginInvocation(clang::CompilerInstance& compiler) override {
    compiler.getFrontendOpts().OutputFile = path_;
    return GeneratePCHAction::BeginInvocation(compiler);
  }
  bool BeginSourceFileAction(clang::CompilerInstance& compiler) override {
    ignore_warning_pragmas(compiler.getPreprocessor());
    dependencies_.attachToPreprocessor(compiler.getPreprocessor());
    return GeneratePCHAction::BeginSourceFileAction(compiler);
  }
  void EndSourceFileAction() override {
    take_dependencies(dependencies_, directory_, outcome_);
    GeneratePCHAction::EndSourceFileAction();
  }

  std::string path_;
  std::string directory_;
  ParseOutcome& outcome_;
  EveryDependency dependencies_;
};

// Clang's own findings, at their place and in its words.
class DiagnosticCollector : public clang::DiagnosticConsumer {
 public:
  DiagnosticCollector(const ParseJob& job, ParseOutcome& outcome)
      : job_(job), outcome_(outcome), log_(job, outcome) {}

  void BeginSourceFile(const clang::LangOptions&,
                       const clang::Preprocessor* preprocessor) override {
    preprocessor_ = preprocessor;
  }

  void EndSourceFile() override {
    if (preprocessor_ == nullptr) return;
    log_.finish();
    log_.drop_echoes();
    const Places places(preprocessor_->getSourceManager(), job_.shown);
    for (const clang::FileID file : faulty_files_) {
      FaultyFile faulty = words_of(file, *preprocessor_, places);
      faulty.error_lines = std::move(error_lines_[file.getHashValue()]);
      find_slips(std::move(faulty), outcome_);
    }
    preprocessor_ = nullptr;
  }

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                        const clang::Diagnostic& info) override {
    clang::DiagnosticConsumer::HandleDiagnostic(level, info);
    llvm::SmallString<128> text;
    info.FormatDiagnostic(text);
    ErrorLog::Finding found;
    found.level = level_of(level);
    found.message = text.str().str();
    if (info.hasSourceManager() && info.getLocation().isValid()) {
      locate(info, found);
      if (level >= clang::DiagnosticsEngine::Error) note_line(info);
    }
    log_.add(std::move(found));
  }

  void finish() override { log_.finish(); }

 private:
  static ErrorLog::Level level_of(clang::DiagnosticsEngine::Level level) {
    if (level == clang::DiagnosticsEngine::Fatal) return ErrorLog::Level::fatal;
    if (level == clang::DiagnosticsEngine::Error) return ErrorLog::Level::error;
    return level == clang::DiagnosticsEngine::Note ? ErrorLog::Level::note
                                                   : ErrorLog::Level::remark;
  }

  void locate(const clang::Diagnostic& info, ErrorLog::Finding& found) const {
    const clang::SourceManager& sources = info.getSourceManager();
    const clang::SourceLocation file = sources.getFileLoc(info.getLocation());
    for (clang::SourceLocation at = file; at.isValid();
         at = sources.getIncludeLoc(sources.getFileID(at))) {
      if (sources.isInMainFile(at)) {
        found.main_line = sources.getSpellingLineNumber(at);
        break;
      }
    }
    if (sources.isInMainFile(file)) {
      found.at.file = log_.header_at(*found.main_line);
      return;
    }
    const Places places(sources, job_.shown);
    found.at = places.of(info.getLocation());
    for (const clang::FixItHint& hint : info.getFixItHints()) {
      if (hint.BeforePreviousInsertions || hint.InsertFromRange.isValid()) {
        continue;
      }
      const clang::CharSourceRange range = clang::Lexer::makeFileCharRange(
          hint.RemoveRange, sources, clang::LangOptions());
      if (range.isInvalid()) continue;
      found.fixes.push_back({places.of(range.getBegin()),
                             places.of(range.getEnd()), hint.CodeToInsert});
    }
  }

  void note_line(const clang::Diagnostic& info) {
    const clang::SourceManager& sources = info.getSourceManager();
    const clang::SourceLocation at = sources.getFileLoc(info.getLocation());
    if (sources.getFileCharacteristic(at) != clang::SrcMgr::C_User) return;
    const clang::FileID file = sources.getFileID(at);
    std::set<int>& lines = error_lines_[file.getHashValue()];
    if (lines.empty()) faulty_files_.push_back(file);
    lines.insert(static_cast<int>(sources.getSpellingLineNumber(at)));
  }

  const ParseJob& job_;
  ParseOutcome& outcome_;
  ErrorLog log_;
  const clang::Preprocessor* preprocessor_ = nullptr;
  llvm::SmallVector<clang::FileID, 4> faulty_files_;
  std::map<unsigned, std::set<int>> error_lines_;
};

// Takes down where files were looked for in vain: one that appears there later
// changes the answer, although no file that was read has changed.
class MissingFiles : public llvm::vfs::ProxyFileSystem {
 public:
  using ProxyFileSystem::ProxyFileSystem;

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine& path) override {
    auto found = ProxyFileSystem::status(path);
    if (!found) note(path, found.getError());
    return found;
  }

  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(
      const llvm::Twine& path) override {
    auto found = ProxyFileSystem::openFileForRead(path);
    if (!found) note(path, found.getError());
    return found;
  }

  std::vector<std::string> take() {
    sort_unique(paths_);
    return std::move(paths_);
  }

 private:
  void note(const llvm::Twine& path, std::error_code error) {
    if (error != std::errc::no_such_file_or_directory) return;
    const llvm::ErrorOr<std::string> here = getCurrentWorkingDirectory();
    paths_.push_back(path_in(here ? *here : "/", path.str()));
  }

  std::vector<std::string> paths_;
};

bool run_clang(const ParseJob& job, const ClangInput& input,
               std::unique_ptr<clang::FrontendAction> action,
               clang::DiagnosticConsumer& consumer, ParseOutcome& outcome) {
  llvm::IntrusiveRefCntPtr<MissingFiles> disk(
      new MissingFiles(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>(
          llvm::vfs::createPhysicalFileSystem().release())));
  llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem> files(
      new llvm::vfs::OverlayFileSystem(disk));
  llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> memory(
      new llvm::vfs::InMemoryFileSystem);
  files->pushOverlay(memory);
  files->setCurrentWorkingDirectory(job.directory);
  for (const VirtualFile& file : input.files) {
    memory->addFile(file.path, 0,
                    llvm::MemoryBuffer::getMemBufferCopy(file.text));
  }
  clang::FileSystemOptions options;
  options.WorkingDir = job.directory;
  llvm::IntrusiveRefCntPtr<clang::FileManager> manager(
      new clang::FileManager(options, files));
  clang::tooling::ToolInvocation invocation(input.command_line,
                                            std::move(action), manager.get());
  invocation.setDiagnosticConsumer(&consumer);
  const bool ran = invocation.run();
  outcome.absent = disk->take();
  return ran;
}
