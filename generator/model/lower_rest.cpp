// What a run can still say when some annotations could not be read: the faults
// of all entities that no such annotation has touched. A fault that only
// follows from another one is never told.
#include <algorithm>
#include <array>
#include <set>

#include "model/lower.hpp"

namespace schemagen::gen {
namespace {

/// Where a struct, a member or an enum is declared, and the struct or enum that
/// it is part of: of an inherited member the heir.
struct Declared {
  SourceLocation at;
  const void* owner = nullptr;
};

using Places = std::vector<Declared>;

Places places_of(const Declarations& declarations) {
  Places places;
  for (const Record& record : declarations.records) {
    places.push_back({record.at, &record});
    for (const Member& member : record.members) {
      places.push_back({member.at, &record});
    }
  }
  for (const EnumDeclaration& entry : declarations.enums) {
    places.push_back({entry.at, &entry});
    for (const EnumDeclaration::Value& value : entry.values) {
      places.push_back({value.at, &entry});
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Declared& a, const Declared& b) {
                     return is_before(a.at, b.at);
                   });
  return places;
}

/// Annotations stand before what they say something of.
Places::const_iterator declared_after(const Places& places,
                                      const SourceLocation& at) {
  return std::lower_bound(places.begin(), places.end(), at,
                          [](const Declared& place, const SourceLocation& it) {
                            return is_before(place.at, it);
                          });
}

std::set<const void*> owners_at(const Places& places,
                                const SourceLocation& at) {
  std::set<const void*> owners;
  const auto first = declared_after(places, at);
  for (auto it = first; it != places.end() && !is_before(first->at, it->at);
       ++it) {
    owners.insert(it->owner);
  }
  return owners;
}

/// Is about other declarations than the one at which it is reported.
bool looks_elsewhere(const Diagnostic& error) {
  constexpr std::array<const char*, 9> kIds = {
      "ambiguous-entity",   "composite-target",   "duplicate-name",
      "duplicate-table",    "foreign-key-action", "foreign-key-size",
      "foreign-key-target", "foreign-key-type",   "unknown-entity"};
  return std::find(kIds.begin(), kIds.end(), error.id) != kIds.end();
}

/// An SG_MAP_TYPE is missing or lacks something: the types of all members are
/// uncertain.
bool is_of_mappings(const Places& places, const Declarations& declarations,
                    const Diagnostic& error) {
  if (error.message.find("SG_MAP_TYPE") != std::string::npos) return true;
  return std::any_of(declarations.mappings.begin(), declarations.mappings.end(),
                     [&](const TypeMapping& mapping) {
                       return mapping.at.file == error.at.file &&
                              !is_before(error.at, mapping.at) &&
                              declared_after(places, mapping.at) ==
                                  declared_after(places, error.at);
                     });
}

}  // namespace

void lower_rest(const Declarations& declarations,
                const std::vector<std::string>& dialects,
                const std::vector<Diagnostic>& errors,
                Diagnostics& diagnostics) {
  Diagnostics found;
  lower(declarations, dialects, found);
  const Places places = places_of(declarations);
  std::set<const void*> touched;
  for (const Diagnostic& error : errors) {
    touched.merge(owners_at(places, error.at));
  }
  const auto is_apart = [&](const SourceLocation& at) {
    const std::set<const void*> owners = owners_at(places, at);
    return std::none_of(owners.begin(), owners.end(), [&](const void* owner) {
      return touched.count(owner) != 0;
    });
  };
  const bool knows_types =
      std::none_of(errors.begin(), errors.end(), [&](const Diagnostic& error) {
        return is_of_mappings(places, declarations, error);
      });
  for (const Diagnostic& error : found.sorted()) {
    if (error.severity == Severity::error && !looks_elsewhere(error) &&
        (knows_types || error.id != "no-mapping") && is_apart(error.at)) {
      diagnostics.add(error);
    }
  }
}

}  // namespace schemagen::gen
