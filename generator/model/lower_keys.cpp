// Keys, indexes, checks and references: what an entity says about several of
// its columns, or about another entity.
#include <algorithm>

#include "model/lower_entity.hpp"
#include "model/text.hpp"
#include "model/types.hpp"

namespace schemagen::gen {
namespace {

using Names = std::vector<std::string>;

std::set<std::string> as_set(const Names& names) {
  return {names.begin(), names.end()};
}

/// Names of C++ members to names of columns.
class MemberNames {
 public:
  MemberNames(const Entity& entity, Diagnostics& diagnostics)
      : entity_(entity), diagnostics_(diagnostics) {}

  /// The columns of a list option, each reported at its own string. No value
  /// when one is at fault.
  std::optional<Names> columns(const Option& option) {
    Names columns;
    bool good = true;
    const auto& list = std::get<Names>(option.value);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const SourceLocation& at =
          i < option.element_at.size() ? option.element_at[i] : option.at;
      std::string column = this->column(list[i], at);
      good = good && !column.empty();
      if (column.empty()) continue;
      if (std::count(columns.begin(), columns.end(), column) > 0) {
        diagnostics_.error(at, "duplicate-member",
                           "member '" + list[i] + "' stands twice in ." +
                               option.name + "; remove one");
        good = false;
      }
      columns.push_back(column);
    }
    if (!good) return std::nullopt;
    return columns;
  }

  /// "" when `member` is no column; that is reported.
  std::string column(const std::string& member, const SourceLocation& at) {
    std::size_t found = entity_.find(member);
    if (found != std::string::npos) return entity_.table.columns[found].name;
    auto other = entity_.others.find(member);
    if (other != entity_.others.end()) {
      report_other(member, other->second, at);
    } else {
      report_missing(member, at);
    }
    return "";
  }

 private:
  void report_other(const std::string& member, const std::string& what,
                    const SourceLocation& at) {
    std::string example;
    for (const EntityMember& known : entity_.members) {
      if (known.path.compare(0, member.size() + 1, member + '.') == 0) {
        example = ", such as '" + known.path + "'";
        break;
      }
    }
    diagnostics_.error(at, "unknown-member",
                       "member '" + member + "' of '" + entity_.record->name +
                           "' is " + what + " and no column; name one" +
                           example);
  }

  void report_missing(const std::string& member, const SourceLocation& at) {
    std::string what =
        "'" + entity_.record->name + "' has no member '" + member + "'";
    // The commonest slip is the column's name.
    for (const EntityMember& known : entity_.members) {
      std::size_t i = entity_.find(known.path);
      if (entity_.table.columns[i].name != member) continue;
      report_unknown(diagnostics_, at, "unknown-member", what, known.path,
                     {known.path}, "name a C++ member");
      return;
    }
    report_unknown(diagnostics_, at, "unknown-member", what, member,
                   entity_.paths(), "name a C++ member");
  }

  const Entity& entity_;
  Diagnostics& diagnostics_;
};

/// Finds the entity that "Team", "models::Team" or "::app::Team" means where
/// `from` is the qualified name of the one who says so.
class EntityNames {
 public:
  EntityNames(const Lowering& lowering, std::vector<Entity>& entities)
      : lowering_(lowering) {
    for (Entity& entity : entities) by_name_[entity.record->name] = &entity;
  }

  /// "Type" as C++ would look it up, else the only one whose name ends so.
  Entity* find(const std::string& from, const std::string& type) const {
    if (Entity* near = look_up(by_name_, from, type)) return near;
    std::vector<Entity*> far = ending(type);
    return far.size() == 1 ? far[0] : nullptr;
  }

  void report(const std::string& from, const std::string& type,
              const SourceLocation& at) const {
    std::vector<Entity*> several = ending(type);
    if (several.size() > 1) {
      Names names;
      for (const Entity* entity : several) {
        names.push_back("'" + entity->record->name + "'");
      }
      lowering_.diagnostics.error(at, "ambiguous-entity",
                                  "'" + type + "' may be " +
                                      join(names, " or ") +
                                      "; write the qualified name");
      return;
    }
    if (const Record* record = look_up(records(), from, type)) {
      lowering_.diagnostics.error(
          at, "unknown-entity",
          "'" + record->name + "' is no entity; add SG_TABLE() to it");
      return;
    }
    Names candidates;
    for (const auto& entry : by_name_) {
      candidates.push_back(entry.first);
      candidates.push_back(unqualified(entry.first));
    }
    report_unknown(lowering_.diagnostics, at, "unknown-entity",
                   "there is no entity '" + type + "'", type, candidates,
                   "name a struct with SG_TABLE, and list its header in "
                   "HEADERS");
  }

 private:
  std::map<std::string, const Record*> records() const {
    return lowering_.records;
  }

  template <class Found>
  static Found* look_up(const std::map<std::string, Found*>& all,
                        std::string scope, const std::string& type) {
    if (type.compare(0, 2, "::") == 0) {
      auto found = all.find(type.substr(2));
      return found == all.end() ? nullptr : found->second;
    }
    while (true) {
      auto found = all.find(scope.empty() ? type : scope + "::" + type);
      if (found != all.end()) return found->second;
      if (scope.empty()) return nullptr;
      std::size_t cut = scope.rfind("::");
      scope = cut == std::string::npos ? "" : scope.substr(0, cut);
    }
  }

  std::vector<Entity*> ending(const std::string& type) const {
    std::vector<Entity*> found;
    std::string tail = "::" + type;
    for (const auto& entry : by_name_) {
      const std::string& name = entry.first;
      if (name.size() > tail.size() &&
          name.compare(name.size() - tail.size(), tail.size(), tail) == 0) {
        found.push_back(entry.second);
      }
    }
    return found;
  }

  const Lowering& lowering_;
  std::map<std::string, Entity*> by_name_;
};

bool is_unique_key(const Table& table, const Names& columns) {
  std::set<std::string> wanted = as_set(columns);
  if (as_set(table.primary_key) == wanted) return true;
  for (const Unique& unique : table.uniques) {
    if (as_set(unique.columns) == wanted) return true;
  }
  for (const Index& index : table.indexes) {
    if (!index.unique || !index.where.empty()) continue;
    std::set<std::string> names;
    for (const IndexColumn& column : index.columns) names.insert(column.name);
    if (names == wanted) return true;
  }
  return false;
}

const Column* column_named(const Table& table, const std::string& name) {
  for (const Column& column : table.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

/// Primary key, uniques, indexes and checks: all that other entities' foreign
/// keys may want to know.
class KeyReader {
 public:
  KeyReader(const Lowering& lowering, Entity& entity)
      : lowering_(lowering),
        diagnostics_(lowering.diagnostics),
        entity_(entity),
        table_(entity.table),
        names_(entity, lowering.diagnostics) {}

  void read() {
    read_primary_key();
    check_autoincrement();
    for (std::size_t i = 0; i < entity_.members.size(); ++i) {
      read_member(entity_.members[i], table_.columns[i]);
    }
    for (const Annotation& annotation : entity_.record->annotations) {
      if (annotation.kind == "unique") read_unique(annotation);
      if (annotation.kind == "index") read_index(annotation);
      if (annotation.kind == "check") read_check(annotation);
    }
  }

 private:
  Options options_of(const Annotation& annotation) {
    return read_options({annotation}, annotation.kind, lowering_.dialects,
                        diagnostics_);
  }

  void read_member(const EntityMember& member, const Column& column) {
    const Options& options = member.options;
    bool is_key = table_.primary_key == Names{column.name};
    // A primary key is unique and indexed already.
    if (options.flag("unique") && !is_key) {
      table_.uniques.push_back(
          {"", {column.name}, options.at("unique", column.at)});
    }
    if (options.flag("index") && !is_key) {
      Index index;
      index.columns.push_back({column.name, false});
      index.at = options.at("index", column.at);
      table_.indexes.push_back(index);
    }
    if (options.has("check")) {
      table_.checks.push_back({"", options.text("check"), column.name,
                               options.at("check", column.at)});
    }
  }

  std::optional<Names> required(const Options& options, const char* option,
                                const Annotation& annotation) {
    if (const Option* found = options.find(option)) {
      return names_.columns(*found);
    }
    // One that was written and is at fault has its message already.
    for (const Option& written : annotation.options) {
      if (written.name == option) return std::nullopt;
    }
    report_missing(annotation, std::string(".") + option);
    return std::nullopt;
  }

  void report_missing(const Annotation& annotation, const std::string& what) {
    diagnostics_.error(annotation.at, "missing-option",
                       std::string(find_annotation(annotation.kind)->macro) +
                           " has no " + what + "; add it");
  }

  void read_unique(const Annotation& annotation) {
    Options options = options_of(annotation);
    auto columns = required(options, "columns", annotation);
    if (!columns) return;
    table_.uniques.push_back({options.text("name"), *columns, annotation.at});
  }

  void read_check(const Annotation& annotation) {
    Options options = options_of(annotation);
    if (options.has("sql")) {
      table_.checks.push_back(
          {options.text("name"), options.text("sql"), "", annotation.at});
    } else if (annotation.options.empty() || options.has("name")) {
      report_missing(annotation, ".sql");
    }
  }

  void read_index(const Annotation& annotation) {
    Options options = options_of(annotation);
    Index index;
    index.name = options.text("name");
    index.unique = options.flag("unique");
    index.where = options.text("where");
    index.method = options.text("method");
    index.expression = options.text("expression");
    index.at = annotation.at;
    if (options.has("expression")) {
      if (options.has("columns") || options.has("descending")) {
        diagnostics_.error(annotation.at, "contradicting-options",
                           "SG_INDEX has .expression and a list of members; "
                           "keep one");
        return;
      }
    } else if (!read_index_columns(options, annotation, index)) {
      return;
    }
    table_.indexes.push_back(index);
  }

  bool read_index_columns(const Options& options, const Annotation& annotation,
                          Index& index) {
    auto columns = required(options, "columns", annotation);
    if (!columns) return false;
    const Option* descending = options.find("descending");
    Names down;
    if (descending) {
      auto found = names_.columns(*descending);
      if (!found) return false;
      down = *found;
    }
    for (const std::string& name : *columns) {
      bool is_down = std::count(down.begin(), down.end(), name) > 0;
      index.columns.push_back({name, is_down});
    }
    for (std::size_t i = 0; i < down.size(); ++i) {
      if (std::count(columns->begin(), columns->end(), down[i]) > 0) continue;
      diagnostics_.error(
          i < descending->element_at.size() ? descending->element_at[i]
                                            : descending->at,
          "unknown-member",
          "member '" + std::get<Names>(descending->value)[i] +
              "' is .descending and not in .columns; add it there");
      return false;
    }
    return true;
  }

  void read_primary_key() {
    Names marked = marked_members();
    const Annotation* composite = nullptr;
    for (const Annotation& annotation : entity_.record->annotations) {
      if (annotation.kind == "primary_key") composite = &annotation;
    }
    if (composite) {
      read_composite(*composite, marked);
    } else {
      table_.primary_key = marked.empty() ? conventional_key() : marked;
    }
    if (table_.primary_key.empty() && !composite) {
      diagnostics_.error(entity_.record->at, "no-primary-key",
                         "'" + entity_.record->name +
                             "' has no primary key; mark a member with "
                             ".primary_key = true, name one 'id', or add "
                             "SG_PRIMARY_KEY");
    }
    check_key_columns();
  }

  /// The order of members is no part of the model, so that a key which is
  /// marked on several members has them by name.
  Names marked_members() const {
    Names marked;
    for (std::size_t i = 0; i < entity_.members.size(); ++i) {
      if (entity_.members[i].options.flag("primary_key")) {
        marked.push_back(table_.columns[i].name);
      }
    }
    std::sort(marked.begin(), marked.end());
    return marked;
  }

  Names conventional_key() const {
    std::size_t id = entity_.find("id");
    if (id == std::string::npos ||
        entity_.members[id].options.has("primary_key")) {
      return {};
    }
    return {table_.columns[id].name};
  }

  void read_composite(const Annotation& annotation, const Names& marked) {
    Options options = read_options(entity_.record->annotations, "primary_key",
                                   lowering_.dialects, diagnostics_);
    auto columns = required(options, "columns", annotation);
    if (!columns) return;
    table_.primary_key = *columns;
    if (!marked.empty() && as_set(marked) != as_set(*columns)) {
      diagnostics_.error(annotation.at, "contradicting-options",
                         "SG_PRIMARY_KEY and the members with .primary_key "
                         "differ; keep one of both");
    }
  }

  void check_key_columns() {
    for (std::size_t i = 0; i < entity_.members.size(); ++i) {
      Column& column = table_.columns[i];
      if (std::count(table_.primary_key.begin(), table_.primary_key.end(),
                     column.name) == 0) {
        continue;
      }
      if (column.nullable) {
        diagnostics_.error(column.at, "nullable-key",
                           "'" + entity_.record->name + "::" + column.member +
                               "' is in the primary key and optional; a key "
                               "is never NULL: remove std::optional");
      }
      // `id = 0` is hygiene of C++; as a DEFAULT it would be one key for all.
      if (table_.primary_key.size() == 1) column.default_value.reset();
    }
  }

  void check_autoincrement() {
    for (std::size_t i = 0; i < entity_.members.size(); ++i) {
      const Column& column = table_.columns[i];
      if (!column.autoincrement) continue;
      SourceLocation at =
          entity_.members[i].options.at("autoincrement", column.at);
      if (!is_integer(column.type.kind) ||
          column.type.kind == TypeKind::uint64) {
        diagnostics_.error(at, "unusable-option",
                           ".autoincrement counts in an integer of up to 64 "
                           "bits with sign, not in " +
                               describe(column.type) +
                               "; change the type, or remove it");
      } else if (table_.primary_key != Names{column.name}) {
        diagnostics_.error(at, "unusable-option",
                           ".autoincrement needs a member that is the whole "
                           "primary key; mark it with .primary_key, or remove "
                           "it");
      } else if (table_.without_rowid) {
        diagnostics_.error(at, "contradicting-options",
                           ".autoincrement and .without_rowid exclude each "
                           "other; keep one");
      }
    }
  }

  const Lowering& lowering_;
  Diagnostics& diagnostics_;
  Entity& entity_;
  Table& table_;
  MemberNames names_;
};

/// The foreign keys of one entity, when every entity's keys are known.
class ReferenceReader {
 public:
  ReferenceReader(const Lowering& lowering, const EntityNames& entities,
                  Entity& entity)
      : lowering_(lowering),
        diagnostics_(lowering.diagnostics),
        entities_(entities),
        entity_(entity) {}

  void read() {
    for (std::size_t i = 0; i < entity_.members.size(); ++i) {
      const Options& options = entity_.members[i].options;
      if (const Option* option = options.find("references")) {
        read_member(options, *option, entity_.table.columns[i]);
      }
    }
    for (const Annotation& annotation : entity_.record->annotations) {
      if (annotation.kind == "foreign_key") read_composite(annotation);
    }
  }

 private:
  /// Where the parts of a key were written.
  struct Places {
    SourceLocation columns;
    SourceLocation target;
    SourceLocation on_delete;
    SourceLocation on_update;
  };

  void report(const SourceLocation& at, const char* id,
              const std::string& message) {
    diagnostics_.error(at, id, message);
  }

  static Action action_of(const Options& options, const char* name) {
    return static_cast<Action>(options.number(name));
  }

  void read_member(const Options& options, const Option& option,
                   const Column& column) {
    const auto& text = std::get<std::string>(option.value);
    std::string member;
    const Entity* target = find_target(text, option.at, &member);
    if (!target) return;
    ForeignKey key = start(options, *target, option.at);
    key.columns = {column.name};
    if (!member.empty()) {
      key.references = {
          MemberNames(*target, diagnostics_).column(member, option.at)};
      if (key.references[0].empty()) return;
    } else if (key.references.size() > 1) {
      report(option.at, "composite-target",
             "'" + target->record->name + "' has a primary key of " +
                 std::to_string(key.references.size()) +
                 " columns; use SG_FOREIGN_KEY on the struct, or name a "
                 "unique member: \"" +
                 text + "::member\"");
      return;
    }
    add(key, *target, places(options, column.at));
  }

  static Places places(const Options& options, const SourceLocation& at) {
    return {options.at("columns", at), options.at("references", at),
            options.at("on_delete", at), options.at("on_update", at)};
  }

  ForeignKey start(const Options& options, const Entity& target,
                   const SourceLocation& at) {
    ForeignKey key;
    key.table = target.table.name;
    key.schema = target.table.schema;
    key.references = target.table.primary_key;
    key.on_delete = action_of(options, "on_delete");
    key.on_update = action_of(options, "on_update");
    key.at = at;
    return key;
  }

  /// `member` stays empty for "Type"; nullptr when there is no such thing,
  /// which is reported. Without `member`, "Type::member" is no entity.
  const Entity* find_target(const std::string& text, const SourceLocation& at,
                            std::string* member) {
    const std::string& from = entity_.record->name;
    if (const Entity* whole = entities_.find(from, text)) return whole;
    std::size_t cut = text.rfind("::");
    if (member && cut != std::string::npos && cut > 0) {
      if (const Entity* type = entities_.find(from, text.substr(0, cut))) {
        *member = text.substr(cut + 2);
        return type;
      }
    }
    entities_.report(from, text, at);
    return nullptr;
  }

  void read_composite(const Annotation& annotation) {
    Options options = read_options({annotation}, "foreign_key",
                                   lowering_.dialects, diagnostics_);
    for (const char* name : {"columns", "references"}) {
      if (options.has(name)) continue;
      bool written = std::any_of(
          annotation.options.begin(), annotation.options.end(),
          [&](const Option& option) { return option.name == name; });
      if (!written) {
        report(annotation.at, "missing-option",
               std::string("SG_FOREIGN_KEY has no .") + name + "; add it");
      }
      return;
    }
    auto columns =
        MemberNames(entity_, diagnostics_).columns(*options.find("columns"));
    const Option& references = *options.find("references");
    const Entity* target = find_target(std::get<std::string>(references.value),
                                       references.at, nullptr);
    if (!columns || !target) return;
    ForeignKey key = start(options, *target, annotation.at);
    key.name = options.text("name");
    key.columns = *columns;
    if (const Option* to = options.find("to")) {
      auto found = MemberNames(*target, diagnostics_).columns(*to);
      if (!found) return;
      key.references = *found;
    }
    if (has_same_size(key, *target, options, annotation)) {
      add(key, *target, places(options, annotation.at));
    }
  }

  bool has_same_size(const ForeignKey& key, const Entity& target,
                     const Options& options, const Annotation& annotation) {
    if (key.columns.size() == key.references.size()) return true;
    report(options.at("to", options.at("columns", annotation.at)),
           "foreign-key-size",
           "the foreign key has " + std::to_string(key.columns.size()) +
               " columns, its target in '" + target.record->name + "' " +
               std::to_string(key.references.size()) +
               "; name as many in .columns as in .to");
    return false;
  }

  void add(const ForeignKey& key, const Entity& target, const Places& at) {
    if (key.references.empty()) return;  // its lack of a key is reported
    bool good = check_unique(key, target, at.target);
    good = check_types(key, target, at) && good;
    good = check_action(key, key.on_delete, ".on_delete", at.on_delete) && good;
    good = check_action(key, key.on_update, ".on_update", at.on_update) && good;
    if (good) entity_.table.foreign_keys.push_back(key);
  }

  bool check_unique(const ForeignKey& key, const Entity& target,
                    const SourceLocation& at) {
    if (is_unique_key(target.table, key.references)) return true;
    report(at, "foreign-key-target",
           "(" + join(key.references, ", ") + ") of '" + target.record->name +
               "' is not unique, so no foreign key can refer to it; add "
               ".unique or SG_UNIQUE there, or refer to its primary key");
    return false;
  }

  bool check_types(const ForeignKey& key, const Entity& target,
                   const Places& at) {
    bool good = true;
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
      const Column* from = column_named(entity_.table, key.columns[i]);
      const Column* to = column_named(target.table, key.references[i]);
      if (!from || !to || is_comparable(from->type, to->type)) continue;
      report(at.columns, "foreign-key-type",
             "'" + entity_.record->name + "::" + from->member + "' is " +
                 describe(from->type) + ", '" + target.record->name +
                 "::" + to->member + "' is " + describe(to->type) +
                 "; give both the same type");
      good = false;
    }
    return good;
  }

  bool check_action(const ForeignKey& key, Action action, const char* option,
                    const SourceLocation& at) {
    if (action != Action::set_null && action != Action::set_default) {
      return true;
    }
    for (const std::string& name : key.columns) {
      const Column* column = column_named(entity_.table, name);
      if (!column || column->nullable) continue;
      bool has_default = column->default_value || !column->default_sql.empty();
      if (action == Action::set_default && has_default) continue;
      std::string member = entity_.record->name + "::" + column->member;
      report(at, "foreign-key-action",
             std::string(option) +
                 (action == Action::set_null
                      ? " = SG_SET_NULL, but '" + member +
                            "' is never NULL; make it std::optional, or "
                            "choose another action"
                      : " = SG_SET_DEFAULT, but '" + member +
                            "' has no default; give it one, or choose "
                            "another action"));
      return false;
    }
    return true;
  }

  const Lowering& lowering_;
  Diagnostics& diagnostics_;
  const EntityNames& entities_;
  Entity& entity_;
};

}  // namespace

void lower_keys(Lowering& lowering, std::vector<Entity>& entities) {
  for (Entity& entity : entities) KeyReader(lowering, entity).read();
  EntityNames names(lowering, entities);
  for (Entity& entity : entities) {
    ReferenceReader(lowering, names, entity).read();
  }
}

}  // namespace schemagen::gen
