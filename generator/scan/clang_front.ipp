// Part of clang_scan.cpp: running Clang over the synthetic translation unit.

// What the annotation header may expand at, and was seen to have an effect.
// Whatever is left at the end stands somewhere where nothing can carry it.
class Expansions : public clang::PPCallbacks {
 public:
  struct Seen {
    llvm::DenseSet<clang::SourceLocation> open;
    std::set<std::string> system_includes;
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
      seen_->system_includes.insert(line.slice(open, close + 1).str());
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
    }
    return true;
  }

 private:
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
    RecordReader reader(compiler_.getASTContext(), places, seen_->plain,
                        diagnostics);
    if (compiler_.getDiagnostics().hasErrorOccurred()) {
      reader.check_options(tags_);
      keep(diagnostics);
      return;
    }
    outcome_.declarations = reader.read(tags_);
    outcome_.is_refused = job_.reads_plain && seen_->plain.is_refused();
    outcome_.system_includes.assign(seen_->system_includes.begin(),
                                    seen_->system_includes.end());
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
  const std::string here = directory + "/";
  for (const std::string& name : collector.getDependencies()) {
    const std::string path =
        normal_path(name.rfind('/', 0) == 0 ? name : here + name);
    const std::string file = path.substr(path.rfind('/') + 1);
    if (file != kMainFile && file != kPreludeFile && file != kPlainFile) {
      outcome.dependencies.push_back(path);
    }
  }
  std::sort(outcome.dependencies.begin(), outcome.dependencies.end());
  outcome.dependencies.erase(
      std::unique(outcome.dependencies.begin(), outcome.dependencies.end()),
      outcome.dependencies.end());
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
      : job_(job), outcome_(outcome) {}

  void BeginSourceFile(const clang::LangOptions&,
                       const clang::Preprocessor* preprocessor) override {
    preprocessor_ = preprocessor;
  }

  void EndSourceFile() override {
    if (preprocessor_ == nullptr) return;
    finish();
    drop_echoes();
    const Places places(preprocessor_->getSourceManager(), job_.shown);
    SlipFinder slips(*preprocessor_, places, outcome_);
    for (const auto& [file, lines] : error_lines_) {
      slips.look_through(file, lines);
    }
    preprocessor_ = nullptr;
  }

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                        const clang::Diagnostic& info) override {
    clang::DiagnosticConsumer::HandleDiagnostic(level, info);
    llvm::SmallString<128> text;
    info.FormatDiagnostic(text);
    Diagnostic found;
    found.id = "clang";
    found.message = std::string(text.begin(), text.end());
    locate(info, found);
    if (level == clang::DiagnosticsEngine::Note) {
      found.severity = Severity::note;
      if (takes_notes_ && info.hasSourceManager()) suspect(info);
      if (takes_notes_) open_.notes.push_back(std::move(found));
      return;
    }
    finish();
    takes_notes_ = level >= clang::DiagnosticsEngine::Error;
    if (!takes_notes_) return;
    // Later versions say 'clang::annotate'.
    if (found.message.find("annotate' attribute requires parameter") !=
        std::string::npos) {
      found.id = "annotation-not-constant";
      found.message =
          "an option here is not constant; use literals and constexpr values";
    }
    open_ = std::move(found);
    is_open_ = true;
    if (open_.message.find("' file not found") != std::string::npos) {
      advise_to_make_it();
    }
    outcome_.was_fatal =
        outcome_.was_fatal || level == clang::DiagnosticsEngine::Fatal;
    if (info.hasSourceManager()) suspect(info);
    if (info.hasSourceManager()) note_line(info);
  }

  void finish() override {
    if (is_open_) outcome_.diagnostics.push_back(std::move(open_));
    is_open_ = false;
    takes_notes_ = false;
    open_ = {};
  }

 private:
  // All that is wrong in a macro of the user's own stands where it is used.
  // SlipFinder sees the annotations that stand there themselves.
  void drop_echoes() {
    std::vector<Diagnostic>& all = outcome_.diagnostics;
    const std::vector<Diagnostic> told = all;
    const auto is_echo = [&](const Diagnostic& one) {
      return one.id == "annotation-not-constant" &&
             std::any_of(told.begin(), told.end(), [&](const Diagnostic& why) {
               return why.id == "clang" && why.at.file == one.at.file &&
                      !is_before(why.at, one.at) && !is_before(one.at, why.at);
             });
    };
    all.erase(std::remove_if(all.begin(), all.end(), is_echo), all.end());
  }

  void advise_to_make_it() {
    Diagnostic advice;
    advice.severity = Severity::note;
    advice.id = "missing-file";
    advice.message =
        "when the build makes it, build the target that does so first; when "
        "schemagen runs before that, name it after DEPENDS in "
        "schemagen_add_entities";
    advice.at = open_.at;
    open_.notes.push_back(std::move(advice));
  }

  void locate(const clang::Diagnostic& info, Diagnostic& found) const {
    if (!info.hasSourceManager() || info.getLocation().isInvalid()) return;
    const clang::SourceManager& sources = info.getSourceManager();
    const Places places(sources, job_.shown);
    const clang::SourceLocation file = sources.getFileLoc(info.getLocation());
    if (sources.isInMainFile(file)) {
      found.at = {header_shown(index_of(sources, file)), 0, 0};
      return;
    }
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
    if (info.getLocation().isInvalid()) return;
    const clang::SourceManager& sources = info.getSourceManager();
    const clang::SourceLocation at = sources.getFileLoc(info.getLocation());
    if (sources.getFileCharacteristic(at) != clang::SrcMgr::C_User) return;
    error_lines_[sources.getFileID(at)].insert(
        sources.getSpellingLineNumber(at));
  }

  // Line n of the main file includes header n - 1.
  std::size_t index_of(const clang::SourceManager& sources,
                       clang::SourceLocation in_main) const {
    const unsigned line = sources.getSpellingLineNumber(in_main);
    const std::size_t index = line == 0 ? 0 : line - 1;
    return job_.headers.empty() ? 0 : std::min(index, job_.headers.size() - 1);
  }

  std::string header_shown(std::size_t index) const {
    if (index >= job_.headers.size()) return "";
    const auto shown = job_.shown.find(job_.headers[index]);
    return shown == job_.shown.end() ? job_.headers[index] : shown->second;
  }

  void suspect(const clang::Diagnostic& info) {
    if (info.getLocation().isInvalid()) return;
    const clang::SourceManager& sources = info.getSourceManager();
    clang::SourceLocation at = sources.getFileLoc(info.getLocation());
    while (!sources.isInMainFile(at)) {
      at = sources.getIncludeLoc(sources.getFileID(at));
      if (at.isInvalid()) return;
    }
    const std::size_t index = index_of(sources, at);
    auto& suspects = outcome_.suspects;
    if (std::find(suspects.begin(), suspects.end(), index) == suspects.end()) {
      suspects.push_back(index);
    }
  }

  const ParseJob& job_;
  ParseOutcome& outcome_;
  const clang::Preprocessor* preprocessor_ = nullptr;
  std::map<clang::FileID, std::set<unsigned>> error_lines_;
  Diagnostic open_;
  bool is_open_ = false;
  bool takes_notes_ = false;
};

std::string plain_path(const ParseJob& job) {
  return job.directory + "/" + kPlainFile;
}

// One line per header, so that a line number of this file names a header; with
// plain options nobody asks.
std::string main_text(const ParseJob& job) {
  std::string text;
  if (job.reads_plain) {
    text += "#define SCHEMAGEN_PLAIN \"" + plain_path(job) + "\"\n";
  }
  for (const std::string& header : job.headers) {
    text += "#include \"" + header + "\"\n";
  }
  return text + "struct " + kEnd + ";\n";
}

std::vector<std::string> command_line(const ParseJob& job,
                                      const std::string& main_path,
                                      const std::vector<std::string>& extra) {
  // Where Clang thinks it is: it looks for the system's headers from there.
  std::vector<std::string> words = {"/usr/bin/clang++", "-fsyntax-only",
                                    "-fno-caret-diagnostics"};
  words.insert(words.end(), job.flags.begin(), job.flags.end());
  if (!job.resource_dir.empty()) {
    words.insert(words.end(), {"-resource-dir", job.resource_dir});
  }
  if (!job.prelude.empty()) {
    words.insert(words.end(), {"-include-pch", job.prelude});
  }
  words.insert(words.end(),
               {"-ferror-limit=0", "-Wno-everything", "-Xclang",
                "-fretain-comments-from-system-headers", "-DSCHEMAGEN_SCAN=1"});
  if (extra.empty()) words.insert(words.end(), {"-x", "c++"});
  words.insert(words.end(), extra.begin(), extra.end());
  words.push_back(main_path);
  return words;
}

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

  const std::set<std::string>& paths() const { return paths_; }

 private:
  void note(const llvm::Twine& path, std::error_code error) {
    if (error != std::errc::no_such_file_or_directory) return;
    const llvm::ErrorOr<std::string> here = getCurrentWorkingDirectory();
    paths_.insert(
        (std::filesystem::path(here ? *here : "/") / path.str()).string());
  }

  std::set<std::string> paths_;
};

bool run_clang(const ParseJob& job, const std::string& text,
               std::unique_ptr<clang::FrontendAction> action,
               clang::DiagnosticConsumer& consumer, ParseOutcome& outcome,
               const std::vector<std::string>& extra = {}) {
  llvm::IntrusiveRefCntPtr<MissingFiles> disk(
      new MissingFiles(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>(
          llvm::vfs::createPhysicalFileSystem().release())));
  llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem> files(
      new llvm::vfs::OverlayFileSystem(disk));
  llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> memory(
      new llvm::vfs::InMemoryFileSystem);
  files->pushOverlay(memory);
  files->setCurrentWorkingDirectory(job.directory);
  // A prelude wants to see the text it was made of under its old name.
  const bool makes_prelude = !extra.empty();
  const std::string main_path =
      job.directory + "/" + (makes_prelude ? kPreludeFile : kMainFile);
  memory->addFile(main_path, 0, llvm::MemoryBuffer::getMemBufferCopy(text));
  if (!job.prelude.empty()) {
    memory->addFile(job.directory + "/" + kPreludeFile, 0,
                    llvm::MemoryBuffer::getMemBufferCopy(job.prelude_text));
  }
  if (job.reads_plain) {
    memory->addFile(plain_path(job), 0,
                    llvm::MemoryBuffer::getMemBufferCopy(plain_macros()));
  }
  for (const VirtualFile& file : job.files) {
    memory->addFile(file.path, 0,
                    llvm::MemoryBuffer::getMemBufferCopy(file.text));
  }
  clang::FileSystemOptions options;
  options.WorkingDir = job.directory;
  llvm::IntrusiveRefCntPtr<clang::FileManager> manager(
      new clang::FileManager(options, files));
  clang::tooling::ToolInvocation invocation(command_line(job, main_path, extra),
                                            std::move(action), manager.get());
  invocation.setDiagnosticConsumer(&consumer);
  const bool ran = invocation.run();
  outcome.absent.assign(disk->paths().begin(), disk->paths().end());
  return ran;
}
