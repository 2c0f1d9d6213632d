// Part of clang_scan.cpp: SG_ words that Clang stumbles over. A slip in one of
// them makes many strange errors, so it is looked for among the words near an
// error, told once, and blanked out for another parse. So is an annotation
// whose options Clang refuses, for the rest to be read nevertheless.

class SlipFinder {
 public:
  SlipFinder(const clang::Preprocessor& preprocessor, const Places& places,
             ParseOutcome& outcome)
      : preprocessor_(preprocessor),
        places_(places),
        macros_(annotation_macros()),
        outcome_(outcome) {}

  // `error_lines`: where in `file` Clang found something.
  void look_through(clang::FileID file, const std::set<unsigned>& error_lines) {
    const std::vector<clang::Token> tokens = words_of(file);
    std::string text = places_.sources().getBufferData(file).str();
    const std::size_t known = outcome_.slips.size();
    is_include_told_ = false;
    blank_all(tokens, error_lines, text, &SlipFinder::report);
    // A misspelt one spoils its neighbours, whose errors count only without it.
    if (outcome_.slips.size() == known) {
      blank_all(tokens, error_lines, text, &SlipFinder::take_errors);
    }
    if (outcome_.slips.size() == known) return;
    const auto entry = places_.sources().getFileEntryRefForID(file);
    if (entry) outcome_.mended.push_back({entry->getName().str(), text});
  }

 private:
  using Judge = bool (SlipFinder::*)(const std::vector<clang::Token>& tokens,
                                     std::size_t word, std::size_t last);

  void blank_all(const std::vector<clang::Token>& tokens,
                 const std::set<unsigned>& error_lines, std::string& text,
                 Judge is_faulty) {
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      if (tokens[at].isNot(clang::tok::raw_identifier) ||
          !llvm::StringRef(name_of(tokens[at]))
               .substr(0, 3)
               .equals_insensitive("SG_")) {
        continue;
      }
      std::size_t last = last_of_call(tokens, at);
      if (!is_near_error(tokens, at, last, error_lines)) continue;
      if (!(this->*is_faulty)(tokens, at, last)) continue;
      const bool is_known = is_faulty == &SlipFinder::take_errors;
      blank(is_known ? tokens[at + 1].getEndLoc() : tokens[at].getLocation(),
            is_known ? tokens[last].getLocation()
                     : end_of_fault(tokens, at, last),
            text);
    }
  }

 private:
  // Without comments and directives.
  std::vector<clang::Token> words_of(clang::FileID file) const {
    const clang::SourceManager& sources = places_.sources();
    clang::Lexer lexer(file, sources.getBufferOrFake(file), sources,
                       preprocessor_.getLangOpts());
    std::vector<clang::Token> tokens;
    bool is_directive = false;
    for (bool is_end = false; !is_end;) {
      clang::Token token;
      is_end = lexer.LexFromRawLexer(token);
      if (token.isAtStartOfLine()) is_directive = token.is(clang::tok::hash);
      if (!is_directive) tokens.push_back(token);
    }
    return tokens;
  }

  // The `)` that ends what the word calls, else the word itself.
  static std::size_t last_of_call(const std::vector<clang::Token>& tokens,
                                  std::size_t word) {
    int depth = 0;
    for (std::size_t at = word + 1; at < tokens.size(); ++at) {
      if (tokens[at].is(clang::tok::l_paren)) ++depth;
      if (tokens[at].is(clang::tok::r_paren)) --depth;
      if (depth == 0) return tokens[at].is(clang::tok::r_paren) ? at : word;
    }
    return word;
  }

  static bool is_unclosed(const std::vector<clang::Token>& tokens,
                          std::size_t word, std::size_t last) {
    return last == word && word + 1 < tokens.size() &&
           tokens[word + 1].is(clang::tok::l_paren);
  }

  // Where the parenthesis was meant to be closed: after the last value before
  // the declaration goes on.
  static std::size_t last_option(const std::vector<clang::Token>& tokens,
                                 std::size_t word) {
    std::size_t last = word + 1;
    for (std::size_t at = last; at < tokens.size(); ++at) {
      const clang::Token& token = tokens[at];
      const bool is_list = tokens[at - 1].is(clang::tok::equal);
      if (token.is(clang::tok::semi)) break;
      if (token.is(clang::tok::l_brace) && !is_list) break;
      if (token.isOneOf(clang::tok::string_literal, clang::tok::r_brace,
                        clang::tok::numeric_constant) ||
          (is_list && token.is(clang::tok::raw_identifier))) {
        last = at;
      }
    }
    return last;
  }

  // A string in the options that does not end on its line.
  const clang::Token* open_text(const std::vector<clang::Token>& tokens,
                                std::size_t word, std::size_t last) const {
    for (std::size_t at = word + 1; at < tokens.size(); ++at) {
      const clang::Token& token = tokens[at];
      if (at > last && last != word) return nullptr;
      if (token.is(clang::tok::unknown) &&
          spelled(token).find('"') != llvm::StringRef::npos) {
        return &token;
      }
      if (token.is(clang::tok::semi) ||
          (token.is(clang::tok::l_brace) &&
           tokens[at - 1].isNot(clang::tok::equal))) {
        return nullptr;
      }
    }
    return nullptr;
  }

  // One that no parenthesis before the word has opened.
  static bool is_extra(const std::vector<clang::Token>& tokens,
                       std::size_t word, std::size_t last) {
    if (last == word || last + 1 >= tokens.size() ||
        tokens[last + 1].isNot(clang::tok::r_paren)) {
      return false;
    }
    int depth = 0;
    for (std::size_t at = word; at > 0 && depth >= 0; --at) {
      const clang::Token& token = tokens[at - 1];
      if (token.isOneOf(clang::tok::semi, clang::tok::l_brace)) break;
      if (token.is(clang::tok::r_paren)) ++depth;
      if (token.is(clang::tok::l_paren)) --depth;
    }
    return depth >= 0;
  }

  clang::SourceLocation end_of_fault(const std::vector<clang::Token>& tokens,
                                     std::size_t word, std::size_t last) const {
    if (const clang::Token* text = open_text(tokens, word, last)) {
      // What was meant to be behind the annotation is still of use.
      const std::size_t close = spelled(*text).find(')');
      if (close != llvm::StringRef::npos) {
        return text->getLocation().getLocWithOffset(static_cast<int>(close) +
                                                    1);
      }
      return last == word ? text->getEndLoc() : tokens[last].getEndLoc();
    }
    if (is_unclosed(tokens, word, last)) last = last_option(tokens, word);
    if (is_extra(tokens, word, last)) ++last;
    return tokens[last].getEndLoc();
  }

  // Between the word and the end of the declaration that it stands in.
  bool is_near_error(const std::vector<clang::Token>& tokens, std::size_t word,
                     std::size_t last, const std::set<unsigned>& lines) const {
    while (last + 1 < tokens.size() &&
           !tokens[last].isOneOf(clang::tok::l_brace, clang::tok::r_brace,
                                 clang::tok::semi)) {
      ++last;
    }
    const auto first = lines.lower_bound(line_of(tokens[word]));
    return first != lines.end() && *first <= line_of(tokens[last]);
  }

  unsigned line_of(const clang::Token& token) const {
    return places_.sources().getSpellingLineNumber(token.getLocation());
  }

  bool report(const std::vector<clang::Token>& tokens, std::size_t word,
              std::size_t last) {
    const std::string name = name_of(tokens[word]);
    const bool is_call = last != word;
    const bool is_ours =
        std::find(macros_.begin(), macros_.end(), name) != macros_.end();
    const clang::MacroInfo* macro =
        preprocessor_.getMacroInfo(preprocessor_.getIdentifierInfo(name));
    if (macro == nullptr) {
      return is_ours ? report_include(tokens[word], name)
                     : report_name(tokens[word], name, is_call);
    }
    if (!is_ours) return false;
    if (const clang::Token* open = open_text(tokens, word, last)) {
      return report_text(*open);
    }
    if (macro->isFunctionLike() && is_extra(tokens, word, last)) {
      return report_extra(tokens[last + 1], name);
    }
    if (macro->isFunctionLike() == is_call) return false;
    if (macro->isFunctionLike() && is_unclosed(tokens, word, last)) {
      Diagnostic slip =
          slip_at(tokens[word + 1], "the parenthesis after " + name +
                                        " is never closed; write ) behind the "
                                        "last option");
      slip.id = "annotation-parentheses";
      outcome_.slips.push_back(std::move(slip));
      return true;
    }
    Diagnostic slip =
        slip_at(tokens[word],
                is_call ? name + " has no parentheses; remove them"
                        : name + " without parentheses; write " + name + "()");
    slip.id = "annotation-parentheses";
    SourceLocation from = end_of(tokens[word]);
    slip.fixes.push_back(
        {from, is_call ? end_of(tokens[last]) : from, is_call ? "" : "()"});
    outcome_.slips.push_back(std::move(slip));
    return true;
  }

  // What Clang says of the options of an annotation.
  bool take_errors(const std::vector<clang::Token>& tokens, std::size_t word,
                   std::size_t last) {
    const std::string name = name_of(tokens[word]);
    if (std::find(macros_.begin(), macros_.end(), name) == macros_.end()) {
      return false;
    }
    const SourceLocation begin = places_.of(tokens[word].getLocation());
    const SourceLocation end = end_of(tokens[last]);
    std::vector<Diagnostic>& all = outcome_.diagnostics;
    const auto inside = std::stable_partition(
        all.begin(), all.end(), [&](const Diagnostic& diagnostic) {
          const SourceLocation& at = diagnostic.at;
          return at.file != begin.file || is_before(at, begin) ||
                 !is_before(at, end);
        });
    // An option that Clang cannot read is not constant either.
    const bool is_reason_known = std::any_of(
        inside, all.end(),
        [](const Diagnostic& diagnostic) { return diagnostic.id == "clang"; });
    if (is_reason_known) {
      all.erase(std::remove_if(inside, all.end(),
                               [](const Diagnostic& diagnostic) {
                                 return diagnostic.id ==
                                        "annotation-not-constant";
                               }),
                all.end());
    }
    // Without a mapping the members of its type would seem wrong.
    if (inside == all.end() || name == "SG_MAP_TYPE") return false;
    std::move(inside, all.end(), std::back_inserter(outcome_.slips));
    all.erase(inside, all.end());
    return true;
  }

  bool report_text(const clang::Token& open) {
    Diagnostic slip =
        slip_at(open,
                "this string is never closed; write \" behind its "
                "last character");
    slip.id = "annotation-string";
    outcome_.slips.push_back(std::move(slip));
    return true;
  }

  bool report_extra(const clang::Token& extra, const std::string& name) {
    Diagnostic slip = slip_at(
        extra, "one ) too many behind the options of " + name + "; remove it");
    slip.id = "annotation-parentheses";
    slip.fixes.push_back({slip.at, end_of(extra), ""});
    outcome_.slips.push_back(std::move(slip));
    return true;
  }

  // Every annotation of the file is unknown then, for one reason.
  bool report_include(const clang::Token& word, const std::string& name) {
    if (is_include_told_) return true;
    is_include_told_ = true;
    Diagnostic slip = slip_at(word, name +
                                        " is not known here; add #include "
                                        "<schemagen/annotations.hpp>");
    slip.id = "missing-include";
    outcome_.slips.push_back(std::move(slip));
    return true;
  }

  bool report_name(const clang::Token& word, const std::string& name,
                   bool is_call) {
    std::vector<std::string> candidates;
    for (const std::string& macro : macros_) {
      // Without parentheses it may be a word of the vocabulary, SG_CASCAD.
      if (is_call || macro == "SG_IGNORE")
        candidates.push_back(macro.substr(3));
    }
    std::string near = closest(name.substr(3), candidates);
    if (near.empty()) return false;
    near = "SG_" + near;
    Diagnostic slip = slip_at(word, "there is no annotation '" + name +
                                        "'; did you mean '" + near + "'?");
    slip.id = "unknown-annotation";
    slip.fixes.push_back({slip.at, end_of(word), near});
    outcome_.slips.push_back(std::move(slip));
    return true;
  }

  // As the preprocessor understands it, which may be another spelling.
  std::string name_of(const clang::Token& word) const {
    return clang::Lexer::getSpelling(word, places_.sources(),
                                     preprocessor_.getLangOpts());
  }

  llvm::StringRef spelled(const clang::Token& token) const {
    return {places_.sources().getCharacterData(token.getLocation()),
            token.getLength()};
  }

  Diagnostic slip_at(const clang::Token& word, std::string message) const {
    Diagnostic slip;
    slip.at = places_.of(word.getLocation());
    slip.message = std::move(message);
    return slip;
  }

  SourceLocation end_of(const clang::Token& token) const {
    return places_.of(token.getEndLoc());
  }

  // Lines and columns stay what they are.
  void blank(clang::SourceLocation begin, clang::SourceLocation end,
             std::string& text) const {
    const clang::SourceManager& sources = places_.sources();
    const std::size_t stop = sources.getFileOffset(end);
    for (std::size_t at = sources.getFileOffset(begin); at < stop; ++at) {
      if (text[at] != '\n') text[at] = ' ';
    }
  }

  const clang::Preprocessor& preprocessor_;
  const Places& places_;
  const std::vector<std::string> macros_;
  ParseOutcome& outcome_;
  bool is_include_told_ = false;
};
