// Primary keys, uniques, indexes and checks: what an entity says about several
// of its columns.
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
    index.method = fold_case(options.text("method"));
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
    if (table_.primary_key.empty() && !composite &&
        !entity_.record->members.empty()) {
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

}  // namespace

void lower_keys(Lowering& lowering, std::vector<Entity>& entities) {
  for (Entity& entity : entities) KeyReader(lowering, entity).read();
}

}  // namespace schemagen::gen
