// Foreign keys: which entity and which of its columns a reference means, and
// whether a database could hold it to that.
#include <algorithm>

#include "model/lower_entity.hpp"
#include "model/member_names.hpp"
#include "model/text.hpp"
#include "model/types.hpp"

namespace schemagen::gen {
namespace {

using Names = std::vector<std::string>;

std::set<std::string> as_set(const Names& names) {
  return {names.begin(), names.end()};
}

/// Finds the entity that "Team", "models::Team" or "::app::Team" means where
/// `from` is the qualified name of the one who says so.
class EntityNames {
 public:
  EntityNames(const Lowering& lowering, std::vector<Entity>& entities)
      : lowering_(lowering) {
    for (Entity& entity : entities) by_name_[entity.record->name] = &entity;
    with_aliases_ = by_name_;
    for (const Alias& alias : lowering.declarations.aliases) {
      const auto named = by_name_.find(alias.entity);
      if (named != by_name_.end()) {
        with_aliases_.emplace(alias.name, named->second);
      }
    }
  }

  /// "Type" as C++ would look it up, else the only one whose name ends so.
  Entity* find(const std::string& from, const std::string& type) const {
    if (Entity* near = look_up(with_aliases_, from, type)) return near;
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
    report_unknown(lowering_.diagnostics,
                   {at, "unknown-entity", "there is no entity '" + type + "'",
                    closest(type, candidates),
                    "name a struct with SG_TABLE, and list its header in "
                    "HEADERS",
                    ""});
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
    const std::string inner = "::" + type;
    while (true) {
      auto found = all.find(scope.empty() ? type : scope + inner);
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
  std::map<std::string, Entity*> with_aliases_;
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
          MemberNames(*target, diagnostics_)
              .column(member, option.at,
                      text.substr(0, text.size() - member.size()))};
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
    if (!check_computed(key, at)) return;
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
      std::string what = "'" + entity_.record->name + "::" + from->member +
                         "' is " + describe(from->type) + ", '" +
                         target.record->name + "::" + to->member + "' is " +
                         describe(to->type);
      if (differs_in_range(from->type, to->type)) {
        diagnostics_.warning(at.columns, "foreign-key-width",
                             what +
                                 ", so not every value of one fits the "
                                 "other; give both the same type");
        continue;
      }
      report(at.columns, "foreign-key-type",
             what + "; give both the same type");
      good = false;
    }
    return good;
  }

  /// Nothing can be written to a computed column.
  bool check_computed(const ForeignKey& key, const Places& at) {
    const auto writes = [](Action action) {
      return action == Action::set_null || action == Action::set_default;
    };
    const bool on_delete = writes(key.on_delete);
    if (!on_delete && !writes(key.on_update) &&
        key.on_update != Action::cascade) {
      return true;
    }
    for (const std::string& name : key.columns) {
      const Column* column = column_named(entity_.table, name);
      if (!column || column->generated.empty()) continue;
      report(on_delete ? at.on_delete : at.on_update, "foreign-key-action",
             "'" + entity_.record->name + "::" + column->member +
                 "' is computed, so no action can write to it; choose "
                 "SG_RESTRICT or SG_NO_ACTION");
      return false;
    }
    return true;
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

void lower_references(const Lowering& lowering, std::vector<Entity>& entities) {
  EntityNames names(lowering, entities);
  for (Entity& entity : entities) {
    ReferenceReader(lowering, names, entity).read();
  }
}

}  // namespace schemagen::gen
