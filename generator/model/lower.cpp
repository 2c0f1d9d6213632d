#include "model/lower.hpp"

#include <algorithm>

#include "model/lower_entity.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

bool same_place(const SourceLocation& a, const SourceLocation& b) {
  return a.file == b.file && a.line == b.line && a.column == b.column;
}

/// By name. A header that reached us twice is the same; one name at two places
/// is not.
template <class List, class Map>
void index_by_name(const List& list, Map& map, const std::string& what,
                   Diagnostics& diagnostics) {
  for (const auto& entry : list) {
    auto added = map.emplace(entry.name, &entry);
    if (added.second || same_place(added.first->second->at, entry.at)) continue;
    report_double(diagnostics, entry.at, added.first->second->at,
                  "duplicate-declaration",
                  what + " '" + entry.name +
                      "' is declared twice; keep one, or rename one");
  }
}

void read_mappings(Lowering& lowering) {
  std::map<std::string, const TypeMapping*> seen;
  for (const TypeMapping& mapping : lowering.declarations.mappings) {
    Options options =
        read_options(mapping, lowering.dialects, lowering.diagnostics);
    auto added = seen.emplace(mapping.type, &mapping);
    if (added.second) {
      lowering.mappings[mapping.type] = options;
      continue;
    }
    Options both = lowering.mappings[mapping.type];
    bool same = both.all().size() == options.all().size();
    for (const Option& option : options.all()) {
      const Option* known = both.find(option.name);
      same = same && known && known->value == option.value;
    }
    if (same) continue;
    report_double(lowering.diagnostics, mapping.at, added.first->second->at,
                  "contradicting-options",
                  "two SG_MAP_TYPE of '" + mapping.type + "' differ; keep one");
  }
}

/// A value struct and everything that is no entity has nothing to say about a
/// table.
void check_value_struct(const Lowering& lowering, const Record& record) {
  for (const Annotation& annotation : record.annotations) {
    const AnnotationRow* row = find_annotation(annotation.kind);
    if (!row || row->place != Place::record) continue;
    lowering.diagnostics.error(annotation.at, "misplaced-annotation",
                               std::string(row->macro) + " on '" + record.name +
                                   "', which is no entity; add SG_TABLE(), or "
                                   "move it to the entity");
  }
}

std::vector<Entity> read_entities(Lowering& lowering) {
  std::vector<Entity> entities;
  // The map is sorted, so that the order of headers does not count.
  for (const auto& entry : lowering.records) {
    if (has_annotation(entry.second->annotations, "table")) {
      entities.push_back(lower_columns(lowering, *entry.second));
    } else {
      check_value_struct(lowering, *entry.second);
    }
  }
  return entities;
}

}  // namespace

std::size_t Entity::find(const std::string& path) const {
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].path == path) return i;
  }
  return std::string::npos;
}

std::vector<std::string> Entity::paths() const {
  std::vector<std::string> paths;
  for (const EntityMember& member : members) paths.push_back(member.path);
  return paths;
}

std::string unqualified(const std::string& cpp_name) {
  std::size_t start = 0;
  int depth = 0;
  std::string plain;
  for (std::size_t i = 0; i < cpp_name.size(); ++i) {
    char c = cpp_name[i];
    if (c == '<') ++depth;
    if (depth == 0) plain += c;
    if (c == '>') --depth;
  }
  start = plain.rfind("::");
  return start == std::string::npos ? plain : plain.substr(start + 2);
}

void check_places(const std::vector<Annotation>& annotations, Place place,
                  Diagnostics& diagnostics) {
  constexpr const char* kPlaces[] = {"a struct", "a data member", "an enum",
                                     "an enumerator", "a type"};
  for (const Annotation& annotation : annotations) {
    const AnnotationRow* row = find_annotation(annotation.kind);
    if (!row) {
      diagnostics.error(annotation.at, "unknown-annotation",
                        "unknown annotation 'schemagen." + annotation.kind +
                            "'; use the macros of schemagen/annotations.hpp");
    } else if (row->place != place) {
      diagnostics.error(annotation.at, "misplaced-annotation",
                        std::string(row->macro) + " belongs on " +
                            kPlaces[static_cast<int>(row->place)] +
                            "; move it there");
    }
  }
}

void check_comment(const std::string& comment, const std::string& of,
                   const SourceLocation& at, Diagnostics& diagnostics) {
  if (comment.find('\0') != std::string::npos) {
    diagnostics.error(
        at, "nul-byte",
        "the comment of " + of + " holds a NUL character; remove it");
  } else if (find_broken_utf8(comment) != std::string::npos) {
    diagnostics.error(
        at, "not-utf8",
        "the comment of " + of + " is not UTF-8; save the header as UTF-8");
  }
}

void report_unknown(Diagnostics& diagnostics, const UnknownWord& unknown) {
  if (unknown.near.empty()) {
    diagnostics.error(unknown.at, unknown.id,
                      unknown.what + "; " + unknown.advice);
    return;
  }
  Diagnostic& entry = diagnostics.error(
      unknown.at, unknown.id,
      unknown.what + "; did you mean '" + unknown.near + "'?");
  if (unknown.at.literal_end == 0) return;
  SourceLocation end = unknown.at;
  end.column = unknown.at.literal_end;
  entry.fixes.push_back(
      {unknown.at, end, '"' + unknown.before + unknown.near + '"'});
}

void report_double(Diagnostics& diagnostics, const SourceLocation& at,
                   const SourceLocation& other, const std::string& id,
                   const std::string& message) {
  Diagnostic note{Severity::note, "", "the other one is here", other, {}, {}};
  diagnostics.error(at, id, message).notes.push_back(note);
}

Schema lower(const Declarations& declarations,
             const std::vector<std::string>& dialects,
             Diagnostics& diagnostics) {
  Lowering lowering{declarations, dialects, diagnostics, {}, {}, {}, {}};
  index_by_name(declarations.records, lowering.records, "struct", diagnostics);
  index_by_name(declarations.enums, lowering.enums, "enum", diagnostics);
  read_mappings(lowering);
  std::vector<Entity> entities = read_entities(lowering);
  lower_keys(lowering, entities);
  lower_references(lowering, entities);
  check_names(lowering, entities);
  Schema schema;
  for (Entity& entity : entities) {
    schema.tables.push_back(std::move(entity.table));
  }
  for (auto& entry : lowering.used_enums) {
    // Instances of a template may share one.
    if (schema.find_enum(entry.second.name) != nullptr) continue;
    schema.enums.push_back(std::move(entry.second));
  }
  canonicalize(schema);
  return schema;
}

}  // namespace schemagen::gen
