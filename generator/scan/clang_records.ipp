// Part of clang_scan.cpp: from the classes that Clang completed to rows.

// Doc comments, whole, without their marks.
class CommentReader {
 public:
  CommentReader(clang::ASTContext& ast, const Places& places)
      : ast_(ast), sources_(places.sources()) {}

  std::string read(const clang::Decl* declaration) const {
    const clang::RawComment* comment = right_before(declaration);
    if (comment == nullptr) {
      comment = ast_.getRawCommentForDeclNoCache(declaration);
    }
    if (comment == nullptr) return "";
    return trimmed(without_frame(
        comment->getFormattedText(sources_, ast_.getDiagnostics())));
  }

 private:
  // Clang stops looking at a brace or a semicolon; an annotation may hold both
  // in its text. So a comment right above the first annotation counts here.
  const clang::RawComment* right_before(const clang::Decl* declaration) const {
    clang::SourceLocation first =
        sources_.getFileLoc(declaration->getBeginLoc());
    for (const auto* attribute : attributes_of(declaration)) {
      const clang::SourceLocation at =
          sources_.getFileLoc(attribute->getLocation());
      if (sources_.isWrittenInSameFile(at, first) &&
          sources_.isBeforeInTranslationUnit(at, first)) {
        first = at;
      }
    }
    const auto [file, offset] = sources_.getDecomposedLoc(first);
    const auto* comments = ast_.Comments.getCommentsInFile(file);
    if (comments == nullptr) return nullptr;
    auto after = comments->lower_bound(offset);
    if (after == comments->begin()) return nullptr;
    const clang::RawComment* candidate = (--after)->second;
    if (candidate->isTrailingComment() || candidate->isInvalid()) {
      return nullptr;
    }
    const unsigned end =
        sources_.getDecomposedLoc(candidate->getEndLoc()).second;
    const llvm::StringRef text = sources_.getBufferData(file);
    const bool is_adjacent =
        text.slice(end, offset).find_first_not_of(" \t\r\n\f\v") ==
        llvm::StringRef::npos;
    return is_adjacent ? candidate : nullptr;
  }

  // Lines that are made of nothing but a comment's own marks.
  static std::string without_frame(const std::string& text) {
    constexpr std::size_t kShortest = 3;
    std::string kept;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string line = trimmed(text.substr(at, end - at));
      if (line.size() < kShortest ||
          line.find_first_not_of("/*") != std::string::npos) {
        kept.append(text, at, end - at).append("\n");
      }
      at = end + 1;
    }
    return kept;
  }

  static std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  }

  clang::ASTContext& ast_;
  const clang::SourceManager& sources_;
};

class RecordReader {
 public:
  RecordReader(clang::Sema& sema, const Places& places, PlainOptions& plain,
               Diagnostics& diagnostics)
      : places_(places),
        reports_(places, diagnostics),
        instances_(sema),
        types_(sema.getASTContext(), instances_),
        values_(sema.getASTContext(), places, instances_, types_),
        annotations_(sema.getASTContext(), places, plain, diagnostics),
        comments_(sema.getASTContext(), places) {}

  // For a translation unit with errors, of which these are some.
  void check_options(const std::vector<const clang::TagDecl*>& tags) {
    for (const clang::TagDecl* tag : tags) {
      if (tag->isInvalidDecl()) continue;
      for (const clang::Decl* inside : tag->decls()) {
        if (!inside->isInvalidDecl()) annotations_.read(inside);
      }
      annotations_.read(tag);
    }
  }

  Declarations read(const std::vector<const clang::TagDecl*>& tags,
                    const std::vector<const clang::TypedefNameDecl*>& aliases) {
    for (const clang::TagDecl* tag : tags) check_places(tag);
    for (const clang::TagDecl* tag : tags) {
      const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(tag);
      if (record == nullptr) continue;
      if (const auto* table = find(record, "table")) {
        read_entity(record, table);
      } else if (const auto* mapping = find(record, "map_type")) {
        read_mapping(record, mapping);
      }
    }
    for (const clang::TypedefNameDecl* alias : aliases) {
      read_alias(alias, qualified_name(alias),
                 places_.of(alias->getLocation()));
    }
    read_member_records();
    for (const clang::EnumDecl* used : types_.enums()) read_enum(used);
    for (const clang::TagDecl* tag : tags) warn_of_unused(tag);
    return std::move(out_);
  }

 private:
  static const clang::AnnotateAttr* find(const clang::Decl* declaration,
                                         AnnotationKind kind) {
    for (const auto* attribute : attributes_of(declaration)) {
      if (annotation_kind(attribute) == kind) return attribute;
    }
    return nullptr;
  }

  // Wherever it stands: an annotation that is read by nobody is a mistake.
  void check_places(const clang::TagDecl* tag) {
    if (const auto* declared = llvm::dyn_cast<clang::EnumDecl>(tag)) {
      const auto is_enum = [](AnnotationKind kind) { return kind == "enum"; };
      const auto is_value = [](AnnotationKind kind) { return kind == "value"; };
      annotations_.check(declared, is_enum, "an enum");
      for (const auto* constant : declared->enumerators()) {
        annotations_.check(constant, is_value, "an enumerator");
      }
      return;
    }
    const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(tag);
    if (record == nullptr) return;
    annotations_.check(record,
                       record->getName().empty() ? is_on_unnamed : is_on_record,
                       "a struct");
    for (const clang::FieldDecl* field : record->fields()) {
      annotations_.check(field, is_on_member, "a member");
    }
  }

  static bool is_on_record(AnnotationKind kind) {
    return kind == "map_type" || llvm::is_contained(kOnRecord, kind);
  }
  static bool is_on_unnamed(AnnotationKind kind) {
    return kind == "ignore" || is_on_record(kind);
  }
  static bool is_on_member(AnnotationKind kind) {
    return kind == "column" || kind == "embed" || kind == "ignore";
  }

  void read_entity(const clang::CXXRecordDecl* record,
                   const clang::AnnotateAttr* table) {
    if (record->isDependentContext()) {
      reports_.error(table->getLocation(), "table-template",
                     "SG_TABLE on a template, which is a table only once "
                     "its parameters are known; put it on a struct that "
                     "derives from one instance of the template");
      return;
    }
    if (record->isUnion()) {
      reports_.error(table->getLocation(), "table-union",
                     "SG_TABLE on a union, whose members exclude each "
                     "other; make it a struct");
      return;
    }
    if (record->getName().empty()) {
      reports_.error(table->getLocation(), "table-unnamed",
                     "SG_TABLE on a struct without a name; give it one");
      return;
    }
    read_record(record);
  }

  void read_mapping(const clang::CXXRecordDecl* record,
                    const clang::AnnotateAttr* mapping) {
    const clang::FieldDecl* field = *record->field_begin();
    const clang::QualType type = field->getType()->getPointeeType();
    TypeMapping row;
    row.type = types_.read(type).name;
    row.at = places_.of(mapping->getLocation());
    for (Annotation& annotation : annotations_.read(record)) {
      row.options = std::move(annotation.options);
    }
    types_.take_records();  // a mapped type is opaque
    out_.mappings.push_back(std::move(row));
  }

  void read_alias(const clang::TypedefNameDecl* alias, std::string name,
                  const SourceLocation& at) {
    const auto* record = alias->getUnderlyingType()->getAsCXXRecordDecl();
    record = record ? record->getDefinition() : nullptr;
    if (record == nullptr || find(record, "table") == nullptr) return;
    out_.aliases.push_back({std::move(name), qualified_name(record), at});
  }

  // Records that members have as their type, and those inside them, once each.
  void read_member_records() {
    for (auto pending = std::move(pending_); !pending.empty();
         pending = std::move(pending_)) {
      pending_.clear();
      for (const clang::CXXRecordDecl* record : pending) {
        read_record(record);
      }
    }
  }

  void read_record(const clang::CXXRecordDecl* record) {
    if (!done_.insert(record).second) return;
    Record row;
    row.name = qualified_name(record);
    row.at = places_.of(record->getLocation());
    row.comment = comments_.read(record);
    row.annotations = annotations_.read(record);
    std::set<const clang::CXXRecordDecl*> seen;
    read_members(record, row, seen);
    out_.records.push_back(std::move(row));
  }

  void read_members(const clang::CXXRecordDecl* record, Record& row,
                    std::set<const clang::CXXRecordDecl*>& seen) {
    for (const clang::CXXBaseSpecifier& base : record->bases()) {
      const clang::CXXRecordDecl* inherited =
          base.getType()->getAsCXXRecordDecl();
      inherited = inherited ? inherited->getDefinition() : nullptr;
      if (inherited == nullptr) continue;
      if (base.getAccessSpecifier() != clang::AS_public) {
        row.hides_data = row.hides_data || !inherited->isEmpty();
        continue;
      }
      if (base.isVirtual() && !seen.insert(inherited).second) continue;
      bases_.insert(pattern_of(inherited));
      read_members(inherited, row, seen);
      inherit_annotations(inherited, row);
    }
    for (const clang::Decl* inside : record->decls()) {
      if (const auto* alias = llvm::dyn_cast<clang::TypedefNameDecl>(inside)) {
        read_alias(alias, row.name + "::" + alias->getNameAsString(), row.at);
      }
    }
    std::size_t count = row.members.size();
    for (auto at = record->field_begin(); at != record->field_end(); ++at) {
      ++count;
    }
    row.members.reserve(count);
    for (const clang::FieldDecl* field : record->fields()) {
      if (field->isBitField() && field->getName().empty()) continue;
      if (field->getAccess() == clang::AS_public) {
        read_member(field, row);
      } else {
        row.hides_data = true;
      }
    }
  }

  // Keys and indexes of a base hold for every table made of it.
  void inherit_annotations(const clang::CXXRecordDecl* base, Record& row) {
    for (Annotation& annotation : annotations_.read(base)) {
      const bool is_overridden = annotation.kind == "primary_key" &&
                                 has_annotation(row.annotations, "primary_key");
      if (annotation.kind != "table" && !is_overridden) {
        row.annotations.push_back(std::move(annotation));
      }
    }
  }

  void read_member(const clang::FieldDecl* field, Record& row) {
    Member member;
    member.name = field->getNameAsString();
    member.at = places_.of(field->getLocation());
    member.annotations = annotations_.read(field);
    const auto* type = field->getType()->getAsCXXRecordDecl();
    const bool is_ignored =
        (member.name.empty() && type && find(type, "ignore")) ||
        has_annotation(member.annotations, "ignore");
    if (member.name.empty()) {
      if (!is_ignored) row.members.push_back(std::move(member));
      return;
    }
    member.comment = comments_.read(field);
    member.type = types_.read(field->getType());
    if (field->isBitField()) {
      member.type = {};
      member.type.name = "bit-field of " + type_name(field->getType());
    }
    std::vector<const clang::CXXRecordDecl*> inside = types_.take_records();
    if (!is_ignored) {
      member.initializer = values_.read(field, member.type);
      pending_.insert(pending_.end(), inside.begin(), inside.end());
      types_.take_records();
    }
    row.members.push_back(std::move(member));
  }

  void read_enum(const clang::EnumDecl* declared) {
    EnumDeclaration row;
    row.name = qualified_name(declared);
    row.at = places_.of(declared->getLocation());
    row.annotations = annotations_.read(declared);
    for (const clang::EnumConstantDecl* constant : declared->enumerators()) {
      EnumDeclaration::Value value;
      value.name = constant->getNameAsString();
      value.at = places_.of(constant->getLocation());
      value.annotations = annotations_.read(constant);
      const llvm::APSInt& number = constant->getInitVal();
      value.is_beyond = number.isUnsigned() && number.getActiveBits() > 63;
      value.number =
          static_cast<std::int64_t>(number.extOrTrunc(64).getZExtValue());
      row.values.push_back(std::move(value));
    }
    out_.enums.push_back(std::move(row));
  }

  static const clang::TagDecl* pattern_of(const clang::CXXRecordDecl* record) {
    const clang::CXXRecordDecl* pattern =
        record->getTemplateInstantiationPattern();
    return pattern ? pattern : record;
  }

  // An index without a table is most likely a forgotten SG_TABLE.
  void warn_of_unused(const clang::TagDecl* tag) {
    const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(tag);
    if (record == nullptr || find(record, "table") != nullptr ||
        bases_.count(pattern_of(record)) != 0) {
      return;
    }
    for (const char* kind : kOnRecord) {
      if (const auto* attribute = find(record, kind)) {
        reports_.warning(
            attribute->getLocation(), "no-table",
            macro_name(kind) + " on " + qualified_name(record) +
                ", which is neither a table nor the base of one; add "
                "SG_TABLE()");
        return;
      }
    }
  }

  static constexpr const char* kOnRecord[] = {
      "table", "index", "unique", "primary_key", "check", "foreign_key"};

  const Places& places_;
  Reports reports_;
  Instances instances_;
  TypeReader types_;
  ValueReader values_;
  AnnotationReader annotations_;
  CommentReader comments_;
  Declarations out_;
  std::vector<const clang::CXXRecordDecl*> pending_;
  std::set<const clang::CXXRecordDecl*> done_;
  std::set<const clang::TagDecl*> bases_;
};
