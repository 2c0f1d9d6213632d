// Members to columns: names, types, defaults, value structs.
#include <algorithm>

#include "model/literals.hpp"
#include "model/lower_entity.hpp"
#include "model/names.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"
#include "model/types.hpp"

namespace schemagen::gen {
namespace {

/// Types refer to each other by name, so broken rows could run in a circle.
constexpr int kMaxNesting = 32;

/// How far into value structs a member is.
struct Scope {
  std::string path;    ///< "home."
  std::string prefix;  ///< of column names, "home_"
  bool optional = false;
  int depth = 0;
};

/// A member's type with optionals and strong typedefs taken off.
struct Core {
  CppType type;
  bool nullable = false;
  const Options* mapping = nullptr;
  /// What the strong typedef says where the member itself says nothing.
  const Initializer* initializer = nullptr;
};

bool is_strong_typedef(const Record& record) {
  return record.annotations.empty() && !record.hides_data &&
         record.members.size() == 1 && !record.members[0].name.empty() &&
         record.members[0].annotations.empty();
}

bool says_nothing(const Initializer* initializer) {
  return initializer == nullptr || initializer->kind == Initializer::Kind::none;
}

class ColumnReader {
 public:
  ColumnReader(Lowering& lowering, Entity& entity)
      : lowering_(lowering),
        diagnostics_(lowering.diagnostics),
        entity_(entity) {}

  void read(const Record& record, const Scope& scope) {
    std::size_t first = entity_.members.size();
    std::map<std::string, std::string> renamed;
    for (const Member& member : record.members) {
      check_places(member.annotations, Place::member, diagnostics_);
      read_member(member, scope);
    }
    if (scope.prefix.empty()) return;
    // SQL inside a value struct speaks of the struct's own columns.
    for (std::size_t i = first; i < entity_.members.size(); ++i) {
      const std::string& name = entity_.table.columns[i].name;
      renamed[name.substr(scope.prefix.size())] = name;
    }
    for (std::size_t i = first; i < entity_.members.size(); ++i) {
      Column& column = entity_.table.columns[i];
      column.generated = rename_identifiers(column.generated, renamed);
      column.backfill = rename_identifiers(column.backfill, renamed);
      column.using_sql = rename_identifiers(column.using_sql, renamed);
      prefix_check(entity_.members[i], renamed);
    }
  }

 private:
  /// A column that is about to be made.
  struct Draft {
    const Member& member;
    const Scope& scope;
    Core core;
    Options options;
    Column column;
  };

  void prefix_check(EntityMember& member,
                    const std::map<std::string, std::string>& renamed) {
    const Option* check = member.options.find("check");
    if (!check) return;
    Option changed = *check;
    changed.value =
        rename_identifiers(std::get<std::string>(check->value), renamed);
    member.options.replace(changed);
  }

  void report(const SourceLocation& at, const char* id,
              const std::string& message) {
    diagnostics_.error(at, id, message);
  }

  std::string shown(const Member& member) const {
    return "'" + entity_.record->name + "::" + member.name + "'";
  }

  void read_member(const Member& member, const Scope& scope) {
    if (member.name.empty()) {
      report(member.at, "member-without-name",
             "a member without a name cannot be a column; name it, or put "
             "SG_IGNORE after `struct` or `union`");
      return;
    }
    bool ignored = has_annotation(member.annotations, "ignore");
    bool embedded = has_annotation(member.annotations, "embed");
    bool column = has_annotation(member.annotations, "column");
    if ((ignored && (embedded || column)) || (embedded && column)) {
      report(member.at, "contradicting-options",
             shown(member) + " has " + (ignored ? "SG_IGNORE" : "SG_EMBED") +
                 " and " + (ignored && embedded ? "SG_EMBED" : "SG_COLUMN") +
                 "; keep one of them");
    }
    if (ignored) {
      entity_.others[scope.path + member.name] = "left out by SG_IGNORE";
    } else if (embedded) {
      embed(member, scope);
    } else {
      add_column(member, scope);
    }
  }

  void embed(const Member& member, const Scope& scope) {
    Options options = read_options(member.annotations, "embed",
                                   lowering_.dialects, diagnostics_);
    CppType type = member.type;
    bool optional = type.kind == CppType::Kind::optional && !type.inner.empty();
    if (optional) type = CppType(type.inner[0]);
    auto found = lowering_.records.find(type.name);
    bool is_record = type.kind == CppType::Kind::record;
    entity_.others[scope.path + member.name] = "a value struct";
    if (!is_record || found == lowering_.records.end()) {
      report(member.at, "not-embeddable",
             "SG_EMBED on " + shown(member) + " of type '" + member.type.name +
                 "', which is no struct with public members; remove SG_EMBED, "
                 "or give .sql_type with SG_COLUMN");
      return;
    }
    const Record& record = *found->second;
    if (scope.depth >= kMaxNesting || !may_embed(record, member)) return;
    note_initializer(member);
    read(record,
         {scope.path + member.name + '.', scope.prefix + options.text("prefix"),
          scope.optional || optional, scope.depth + 1});
  }

  bool may_embed(const Record& record, const Member& member) {
    if (has_annotation(record.annotations, "table")) {
      report(member.at, "not-embeddable",
             "SG_EMBED on " + shown(member) + ", but '" + record.name +
                 "' is a table of its own; refer to it by its key: "
                 "SG_COLUMN(.references = \"" +
                 unqualified(record.name) + "\")");
      return false;
    }
    if (record.members.empty()) {
      report(member.at, "not-embeddable",
             "SG_EMBED on " + shown(member) + ", but '" + record.name +
                 "' has no public members; write SG_IGNORE, or give .sql_type "
                 "with SG_COLUMN");
    }
    return true;
  }

  /// Defaults of an embedded struct are those of its own members.
  void note_initializer(const Member& member) {
    const Initializer& init = member.initializer;
    if (init.kind != Initializer::Kind::not_constant || init.spelled == "{}") {
      return;
    }
    diagnostics_.note(init.at, "default-not-constant",
                      "the initialiser of " + shown(member) +
                          " gives no DEFAULT; initialise the members of '" +
                          member.type.name + "' instead");
  }

  /// Takes optionals and strong typedefs off until a mapping or a real type is
  /// reached. No value: an optional in an optional.
  std::optional<Core> core_of(const CppType& type) {
    Core core{type, false, nullptr, nullptr};
    for (int depth = 0; depth < kMaxNesting; ++depth) {
      auto mapping = lowering_.mappings.find(core.type.name);
      if (mapping != lowering_.mappings.end()) {
        core.mapping = &mapping->second;
        return core;
      }
      if (core.type.kind == CppType::Kind::optional &&
          !core.type.inner.empty()) {
        if (core.nullable) return std::nullopt;
        core.nullable = true;
        core.type = CppType(core.type.inner[0]);
        continue;
      }
      auto record = lowering_.records.find(core.type.name);
      if (core.type.kind != CppType::Kind::record ||
          record == lowering_.records.end() ||
          !is_strong_typedef(*record->second)) {
        return core;
      }
      const Member& inside = record->second->members[0];
      core.type = inside.type;
      if (!core.nullable && says_nothing(core.initializer)) {
        core.initializer = &inside.initializer;
      }
    }
    return core;
  }

  void add_column(const Member& member, const Scope& scope) {
    Draft draft{member, scope, {}, {}, {}};
    draft.options = read_options(member.annotations, "column",
                                 lowering_.dialects, diagnostics_);
    std::optional<Core> core = core_of(member.type);
    if (!core) {
      report(member.at, "no-mapping",
             shown(member) + " is an optional in an optional; use one");
      return;
    }
    draft.core = *core;
    if (core->mapping) take_mapping(draft);
    if (take_type(draft)) {
      take_names(draft);
      take_rest(draft);
      take_default(draft);
    }
    finish(draft);
  }

  /// Options of SG_MAP_TYPE hold where the member says nothing.
  void take_mapping(Draft& draft) {
    for (const Option& option : draft.core.mapping->all()) {
      if (!draft.options.has(option.name)) draft.options.add(option);
    }
  }

  bool take_type(Draft& draft) {
    const CppType& cpp = draft.core.type;
    std::optional<Type> mapped = map_type(cpp);
    if (cpp.kind == CppType::Kind::enumeration) {
      if (const Enum* e = use_enum(lowering_, cpp.name)) {
        mapped = Type{};
        mapped->kind = TypeKind::enumeration;
        mapped->enum_name = e->name;
      }
    }
    std::optional<Type> type =
        apply_options(mapped, draft.options, lowering_.dialects, diagnostics_);
    if (!type) {
      report_no_mapping(draft);
      return false;
    }
    draft.column.type = *type;
    draft.column.nullable = draft.core.nullable || draft.scope.optional;
    return true;
  }

  void report_no_mapping(const Draft& draft) {
    const CppType& cpp = draft.core.type;
    auto record = lowering_.records.find(cpp.name);
    bool is_record = record != lowering_.records.end();
    if (is_record && has_annotation(record->second->annotations, "table")) {
      report(draft.member.at, "no-mapping",
             shown(draft.member) + " holds the entity '" + cpp.name +
                 "'; refer to it by its key, SG_COLUMN(.references = \"" +
                 unqualified(cpp.name) + "\"), or write SG_IGNORE");
      return;
    }
    if (std::string missing = uncovered(draft.options); !missing.empty()) {
      report(draft.member.at, "no-mapping",
             shown(draft.member) + " of type '" + draft.member.type.name +
                 "' has no SQL type for " + missing + "; add ." + missing +
                 "_type or .sql_type");
      return;
    }
    report(draft.member.at, "no-mapping",
           "no column type is known for " + shown(draft.member) + " of type '" +
               draft.member.type.name +
               "'; give .sql_type, or write SG_EMBED for a value struct or "
               "SG_IGNORE to leave it out");
  }

  /// The first dialect without an SQL type, where another one has it.
  std::string uncovered(const Options& options) const {
    std::string missing;
    bool any = false;
    for (const std::string& dialect : lowering_.dialects) {
      bool has = options.has(dialect + "_type");
      any = any || has;
      if (!has && missing.empty()) missing = dialect;
    }
    return any ? missing : "";
  }

  void take_names(Draft& draft) {
    const Options& options = draft.options;
    const std::string& prefix = draft.scope.prefix;
    Column& column = draft.column;
    column.name =
        prefix + (options.has("name") ? options.text("name")
                                      : snake_case(draft.member.name));
    check_name(column.name, "the column of " + shown(draft.member),
               options.at("name", draft.member.at), diagnostics_);
    if (options.has("renamed_from")) {
      column.renamed_from = prefix + options.text("renamed_from");
    }
    column.member = draft.scope.path + draft.member.name;
    column.at = draft.member.at;
  }

  void take_rest(Draft& draft) {
    const Options& options = draft.options;
    Column& column = draft.column;
    column.autoincrement = options.flag("autoincrement");
    column.stored = options.flag("stored");
    column.default_sql = options.text("default_sql");
    column.generated = options.text("generated");
    column.collate = options.text("collate");
    column.backfill = options.text("backfill");
    column.using_sql = options.text("using_sql");
    column.comment =
        options.has("comment") ? options.text("comment") : draft.member.comment;
    check_comment(column.comment, shown(draft.member),
                  options.at("comment", draft.member.at), diagnostics_);
    check_contradictions(draft);
    check_collation(draft);
  }

  void check_collation(const Draft& draft) {
    const Type& type = draft.column.type;
    const auto used = lowering_.used_enums.find(draft.core.type.name);
    const bool is_text = type.kind == TypeKind::text || !type.sql.empty() ||
                         (used != lowering_.used_enums.end() &&
                          used->second.storage == EnumStorage::text);
    if (draft.column.collate.empty() || is_text) return;
    report(draft.options.at("collate", draft.member.at), "unusable-option",
           ".collate orders text, not " + describe(type) + "; remove it");
  }

  void check_contradictions(const Draft& draft) {
    struct Pair {
      const char* one;
      const char* other;
    };
    constexpr Pair kPairs[] = {{"default_sql", "generated"},
                               {"default_sql", "autoincrement"},
                               {"generated", "autoincrement"},
                               {"generated", "backfill"}};
    const Options& options = draft.options;
    auto given = [&](const std::string& name) {
      const Option* option = options.find(name);
      const bool* flag = option ? std::get_if<bool>(&option->value) : nullptr;
      return option && (!flag || *flag);
    };
    for (const Pair& pair : kPairs) {
      if (!given(pair.one) || !given(pair.other)) continue;
      report(options.at(pair.other, draft.member.at), "contradicting-options",
             std::string(".") + pair.one + " and ." + pair.other +
                 " exclude each other; keep one");
    }
    if (given("stored") && !given("generated")) {
      report(options.at("stored", draft.member.at), "contradicting-options",
             ".stored is about a generated column; add .generated, or remove "
             "it");
    }
    for (const char* action : {"on_delete", "on_update"}) {
      if (!given(action) || given("references")) continue;
      report(options.at(action, draft.member.at), "contradicting-options",
             std::string(".") + action +
                 " is about a foreign key; add .references, or remove it");
    }
  }

  static const Initializer& initializer_of(const Draft& draft) {
    const Initializer& own = draft.member.initializer;
    const Initializer* inner = draft.core.initializer;
    return says_nothing(&own) && inner ? *inner : own;
  }

  void take_default(Draft& draft) {
    Column& column = draft.column;
    const Initializer& init = initializer_of(draft);
    // A computed or counted value leaves the initialiser to C++, and the
    // initialiser of a struct that is absent means nothing.
    bool other_source = !column.default_sql.empty() ||
                        !column.generated.empty() || column.autoincrement ||
                        draft.scope.optional;
    if (init.kind == Initializer::Kind::none || other_source) return;
    bool constant = init.kind == Initializer::Kind::constant;
    if (constant && init.value.kind == Literal::Kind::null) return;
    const auto used = lowering_.used_enums.find(draft.core.type.name);
    const Enum* values =
        used == lowering_.used_enums.end() ? nullptr : &used->second;
    if (constant && keeps_default(column.type, values)) {
      column.default_value = to_default(init.value, column.type, values);
    }
    if (column.default_value) {
      check_length(draft);
      check_digits(draft);
    } else if (column.type.kind != TypeKind::custom || init.spelled != "{}") {
      note_not_constant(draft);
    }
  }

  void note_not_constant(const Draft& draft) {
    const Initializer& init = initializer_of(draft);
    std::string spelled = init.spelled.empty() ? "" : " '" + init.spelled + "'";
    diagnostics_.note(init.at, "default-not-constant",
                      "the initialiser" + spelled + " of " +
                          shown(draft.member) +
                          " is no constant that a column can hold, so there "
                          "is no DEFAULT; write .default_sql for one");
  }

  void check_length(const Draft& draft) {
    const Column& column = draft.column;
    const std::string& text = column.default_value->text;
    if (column.type.kind != TypeKind::text || column.type.max_length == 0) {
      return;
    }
    auto length = std::count_if(text.begin(), text.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    });
    if (length <= column.type.max_length) return;
    report(initializer_of(draft).at, "contradicting-options",
           "the default of " + shown(draft.member) + " has " +
               std::to_string(length) + " characters, the column " +
               std::to_string(column.type.max_length) +
               "; shorten it, or raise .max_length");
  }

  /// PostgreSQL would round, or refuse each row that takes the default.
  void check_digits(const Draft& draft) {
    const Type& type = draft.column.type;
    if (type.kind != TypeKind::decimal || !type.sql.empty()) return;
    const std::string& text = draft.column.default_value->text;
    const DecimalSize size = decimal_size(text);
    if (size.whole <= type.precision - type.scale && size.after <= type.scale) {
      return;
    }
    report(initializer_of(draft).at, "contradicting-options",
           "the default " + text + " of " + shown(draft.member) + " is no " +
               describe(type) + "; change it, or .precision and .scale");
  }

  /// A member at fault is known as well, so that keys which name it are not
  /// reported as unknown on top.
  void finish(Draft& draft) {
    std::string path = draft.scope.path + draft.member.name;
    if (draft.column.member.empty()) {
      entity_.others[path] = "";
      return;
    }
    draft.column.position = static_cast<int>(entity_.members.size()) + 1;
    entity_.members.push_back({path, std::move(draft.options)});
    entity_.table.columns.push_back(std::move(draft.column));
  }

  Lowering& lowering_;
  Diagnostics& diagnostics_;
  Entity& entity_;
};

}  // namespace

Entity lower_columns(Lowering& lowering, const Record& record) {
  Diagnostics& diagnostics = lowering.diagnostics;
  Entity entity;
  entity.record = &record;
  check_places(record.annotations, Place::record, diagnostics);
  Options options =
      read_options(record.annotations, "table", lowering.dialects, diagnostics);
  Table& table = entity.table;
  table.name = options.has("name") ? options.text("name")
                                   : snake_case(unqualified(record.name));
  check_name(table.name, "the table of '" + record.name + "'",
             options.at("name", record.at), diagnostics);
  table.schema = options.text("schema");
  table.renamed_from = options.text("renamed_from");
  table.strict = options.flag("strict");
  table.without_rowid = options.flag("without_rowid");
  table.comment =
      options.has("comment") ? options.text("comment") : record.comment;
  check_comment(table.comment, "'" + record.name + "'",
                options.at("comment", record.at), diagnostics);
  table.entity = record.name;
  table.at = record.at;
  ColumnReader(lowering, entity).read(record, {});
  if (record.members.empty()) {
    diagnostics.error(record.at, "no-columns",
                      "'" + record.name +
                          "' has no public data members; a table needs one "
                          "column at least");
  }
  return entity;
}

}  // namespace schemagen::gen
