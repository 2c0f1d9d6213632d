// Part of clang_scan.cpp: the tokens of a file in which something is wrong.

Word::Kind word_kind(const clang::Token& token) {
  switch (token.getKind()) {
    case clang::tok::raw_identifier:
      return Word::Kind::name;
    case clang::tok::numeric_constant:
      return Word::Kind::number;
    case clang::tok::string_literal:
      return Word::Kind::text;
    case clang::tok::l_paren:
      return Word::Kind::open_paren;
    case clang::tok::r_paren:
      return Word::Kind::close_paren;
    case clang::tok::l_brace:
      return Word::Kind::open_brace;
    case clang::tok::r_brace:
      return Word::Kind::close_brace;
    case clang::tok::equal:
      return Word::Kind::equal;
    case clang::tok::semi:
      return Word::Kind::semicolon;
    case clang::tok::unknown:
      return Word::Kind::unknown;
    default:
      return Word::Kind::other;
  }
}

Word::Macro macro_called(const std::string& name,
                         const clang::Preprocessor& preprocessor) {
  const clang::MacroInfo* macro =
      preprocessor.getMacroInfo(preprocessor.getIdentifierInfo(name));
  if (macro == nullptr) return Word::Macro::none;
  return macro->isFunctionLike() ? Word::Macro::takes_arguments
                                 : Word::Macro::plain;
}

Word word_of(const clang::Token& token, const clang::Preprocessor& preprocessor,
             const Places& places) {
  const clang::SourceManager& sources = places.sources();
  Word word;
  word.kind = word_kind(token);
  if (word.kind == Word::Kind::name) {
    word.spelled =
        clang::Lexer::getSpelling(token, sources, preprocessor.getLangOpts());
    if (looks_like_annotation(word.spelled)) {
      word.macro = macro_called(word.spelled, preprocessor);
    }
  } else if (word.kind == Word::Kind::unknown) {
    word.spelled.assign(sources.getCharacterData(token.getLocation()),
                        token.getLength());
  }
  word.begin = sources.getFileOffset(token.getLocation());
  word.end = word.begin + token.getLength();
  const SourceLocation begin = places.of(token.getLocation());
  const SourceLocation end = places.of(token.getEndLoc());
  word.line = begin.line;
  word.column = begin.column;
  word.end_line = end.line;
  word.end_column = end.column;
  return word;
}

FaultyFile words_of(clang::FileID file, const clang::Preprocessor& preprocessor,
                    const Places& places) {
  const clang::SourceManager& sources = places.sources();
  FaultyFile found;
  if (const auto entry = sources.getFileEntryRefForID(file)) {
    found.path = entry->getName().str();
  }
  found.shown = places.name_of(file);
  found.text = sources.getBufferData(file).str();
  clang::Lexer lexer(file, sources.getBufferOrFake(file), sources,
                     preprocessor.getLangOpts());
  bool is_directive = false;
  for (bool is_end = false; !is_end;) {
    clang::Token token;
    is_end = lexer.LexFromRawLexer(token);
    if (token.isAtStartOfLine()) is_directive = token.is(clang::tok::hash);
    if (!is_directive) {
      found.words.push_back(word_of(token, preprocessor, places));
    }
  }
  return found;
}
