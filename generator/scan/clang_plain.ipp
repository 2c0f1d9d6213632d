// Part of clang_scan.cpp: options that are plain literals. As expressions they
// cost Clang more than all the members of a table, so in a large target the
// macros expand to their kinds alone, and the options come from the tokens
// between the parentheses. What is not plain for certain is refused, and the
// target is read again with every option as an expression.

class PlainOptions {
 public:
  struct Plain {
    const OptionRow* row = nullptr;
    OptionValue value;
    const clang::IdentifierInfo* word = nullptr;  ///< SG_CASCADE
    clang::SourceLocation at;
    std::vector<clang::SourceLocation> element_at;
  };

  bool is_refused() const { return is_refused_; }
  void refuse() { is_refused_ = true; }

  // `where` is the place of the macro's name.
  void add(const clang::IdentifierInfo& macro, clang::SourceLocation where,
           const clang::MacroArgs* arguments) {
    std::vector<Plain>& kept = found_[where];
    if (arguments == nullptr || arguments->getNumMacroArguments() != 1) return;
    token_ = arguments->getUnexpArgument(0);
    if (token_->is(clang::tok::eof)) return;
    do {
      Plain option;
      if (!take_name(macro, option) || !take_value(option)) {
        is_refused_ = true;
        return;
      }
      kept.push_back(std::move(option));
    } while (take(clang::tok::comma) && token_->isNot(clang::tok::eof));
    if (token_->isNot(clang::tok::eof)) is_refused_ = true;
    // The order of the rows, which is that of the vocabulary.
    for (std::size_t i = 1; i < kept.size(); ++i) {
      for (std::size_t at = i; at > 0 && kept[at].row < kept[at - 1].row; --at)
        std::swap(kept[at], kept[at - 1]);
    }
    for (std::size_t i = 1; i < kept.size(); ++i) {
      if (kept[i].row == kept[i - 1].row) is_refused_ = true;
    }
  }

  // The numbers of the words, once the vocabulary has been parsed.
  void look_up_words(clang::ASTContext& ast) {
    for (auto& [where, options] : found_) {
      for (Plain& option : options) {
        if (option.word != nullptr && !look_up(ast, option)) is_refused_ = true;
      }
    }
  }

  // A macro of the user's own may have carried the annotation elsewhere.
  const std::vector<Plain>* find(clang::SourceLocation where) {
    const auto known = found_.find(where);
    if (known != found_.end()) return &known->second;
    is_refused_ = true;
    return nullptr;
  }

 private:
  bool take(clang::tok::TokenKind kind) {
    if (token_->isNot(kind)) return false;
    ++token_;
    return true;
  }

  bool take_name(const clang::IdentifierInfo& macro, Plain& option) {
    if (!take(clang::tok::period) || !is_plain_word()) return false;
    const clang::IdentifierInfo& name = *token_->getIdentifierInfo();
    const auto [row, is_new] = rows_.try_emplace({&macro, &name}, nullptr);
    if (is_new) {
      row->second =
          find_option(kind_of(macro.getName().str()), name.getName().str());
    }
    option.row = row->second;
    ++token_;
    return option.row != nullptr && take(clang::tok::equal);
  }

  bool is_plain_word() const {
    return token_->is(clang::tok::identifier) &&
           !token_->getIdentifierInfo()->hasMacroDefinition();
  }

  bool take_value(Plain& option) {
    option.at = token_->getLocation();
    switch (option.row->kind) {
      case OptionKind::flag:
        return take_flag(option);
      case OptionKind::size:
        return take_number(option);
      case OptionKind::action:
      case OptionKind::storage:
        if (!is_plain_word()) return false;
        option.word = token_->getIdentifierInfo();
        ++token_;
        return true;
      case OptionKind::members:
        return take_list(option);
      case OptionKind::name:
      case OptionKind::collation:
      case OptionKind::sql:
      case OptionKind::text:
      case OptionKind::entity:
        break;
    }
    std::string text;
    if (!take_text(text)) return false;
    option.value = std::move(text);
    return true;
  }

  bool take_flag(Plain& option) {
    const bool is_true = token_->is(clang::tok::kw_true);
    if (!is_true && token_->isNot(clang::tok::kw_false)) return false;
    if (token_->getIdentifierInfo()->hasMacroDefinition()) return false;
    option.value = is_true;
    ++token_;
    return true;
  }

  bool take_number(Plain& option) {
    constexpr std::size_t kMostDigits = 9;
    if (token_->isNot(clang::tok::numeric_constant)) return false;
    const llvm::StringRef digits = spelled();
    if (digits.empty() || digits.size() > kMostDigits ||
        (digits.size() > 1 && digits[0] == '0') ||
        digits.find_first_not_of("0123456789") != llvm::StringRef::npos) {
      return false;
    }
    std::int64_t number = 0;
    for (const char digit : digits) number = number * 10 + (digit - '0');
    option.value = number;
    ++token_;
    return true;
  }

  bool take_list(Plain& option) {
    if (!take(clang::tok::l_brace)) return false;
    std::vector<std::string> names;
    do {
      if (token_->is(clang::tok::r_brace) && !names.empty()) break;
      option.element_at.push_back(token_->getLocation());
      names.emplace_back();
      if (!take_text(names.back())) return false;
    } while (take(clang::tok::comma));
    option.value = std::move(names);
    return option.element_at.size() <= kMostNames && take(clang::tok::r_brace);
  }

  // "text", or several in a row: no prefix, no suffix, no escape.
  bool take_text(std::string& text) {
    if (token_->isNot(clang::tok::string_literal)) return false;
    for (; token_->is(clang::tok::string_literal); ++token_) {
      const llvm::StringRef literal = spelled();
      if (literal.size() < 2 || token_->hasUDSuffix() ||
          literal.substr(0, 1) != "\"" ||
          literal.find('\\') != llvm::StringRef::npos) {
        return false;
      }
      const llvm::StringRef bytes = literal.slice(1, literal.size() - 1);
      const auto* begin = reinterpret_cast<const llvm::UTF8*>(bytes.data());
      if (!llvm::isLegalUTF8String(&begin, begin + bytes.size())) return false;
      text += bytes.str();
    }
    return true;
  }

  // Nothing where the file has it in other characters.
  llvm::StringRef spelled() const {
    return token_->needsCleaning() || token_->getLiteralData() == nullptr
               ? llvm::StringRef()
               : llvm::StringRef(token_->getLiteralData(), token_->getLength());
  }

  static bool look_up(clang::ASTContext& ast, Plain& option) {
    const bool is_action = option.row->kind == OptionKind::action;
    for (const clang::NamedDecl* named :
         ast.getTranslationUnitDecl()->lookup(option.word)) {
      const auto* value = llvm::dyn_cast<clang::EnumConstantDecl>(named);
      const auto* set =
          value ? llvm::dyn_cast<clang::EnumDecl>(value->getDeclContext())
                : nullptr;
      if (set == nullptr ||
          set->getName() != (is_action ? "SG_ACTION" : "SG_STORAGE")) {
        continue;
      }
      option.value = value->getInitVal().getExtValue();
      return true;
    }
    return false;
  }

  static constexpr std::size_t kMostNames = 64;  // of ::schemagen::Names

  const clang::Token* token_ = nullptr;
  llvm::DenseMap<
      std::pair<const clang::IdentifierInfo*, const clang::IdentifierInfo*>,
      const OptionRow*>
      rows_;
  llvm::DenseMap<clang::SourceLocation, std::vector<Plain>> found_;
  bool is_refused_ = false;
};
