#include "scan/partial.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace schemagen::gen {
namespace {

using Names = std::unordered_set<NameHash>;

const FileTrace* find(const Traces& traces, const std::string& path) {
  const auto at = std::lower_bound(
      traces.files.begin(), traces.files.end(), path,
      [](const FileTrace& a, const std::string& b) { return a.path < b; });
  return at != traces.files.end() && at->path == path ? &*at : nullptr;
}

bool has_any(const Names& names, const std::vector<NameHash>& list) {
  return std::any_of(list.begin(), list.end(),
                     [&](NameHash name) { return names.count(name) != 0; });
}

// What the files of `reach.changed` tell the others.
Names said(const Reach& reach, const Traces& traces) {
  Names names;
  for (const std::string& path : reach.changed) {
    if (const FileTrace* trace = find(traces, path)) {
      names.insert(trace->says.begin(), trace->says.end());
    }
  }
  return names;
}

bool is_heard_outside(const Names& names, const Reach& reach,
                      const Traces& traces) {
  return std::any_of(traces.files.begin(), traces.files.end(),
                     [&](const FileTrace& trace) {
                       return reach.changed.count(trace.path) == 0 &&
                              has_any(names, trace.hears);
                     });
}

// Files that no header of the target brings in, such as that of -include, are
// there in every parse.
std::vector<std::string> roots(const Traces& traces,
                               const std::set<std::string>& headers) {
  std::set<std::string> included;
  for (const FileTrace& trace : traces.files) {
    included.insert(trace.includes.begin(), trace.includes.end());
  }
  std::vector<std::string> found;
  for (const FileTrace& trace : traces.files) {
    if (included.count(trace.path) == 0 && headers.count(trace.path) == 0) {
      found.push_back(trace.path);
    }
  }
  return found;
}

std::set<std::string> with_includes(const Traces& traces,
                                    std::vector<std::string> pending) {
  std::set<std::string> found;
  while (!pending.empty()) {
    const std::string path = std::move(pending.back());
    pending.pop_back();
    const FileTrace* trace = find(traces, path);
    if (!found.insert(path).second || trace == nullptr) continue;
    pending.insert(pending.end(), trace->includes.begin(),
                   trace->includes.end());
  }
  return found;
}

std::set<std::string> with_includers(const Traces& traces,
                                     std::vector<std::string> pending) {
  std::map<std::string, std::vector<std::string>> includers;
  for (const FileTrace& trace : traces.files) {
    for (const std::string& path : trace.includes) {
      includers[path].push_back(trace.path);
    }
  }
  std::set<std::string> found;
  while (!pending.empty()) {
    const std::string path = std::move(pending.back());
    pending.pop_back();
    if (!found.insert(path).second) continue;
    const std::vector<std::string>& more = includers[path];
    pending.insert(pending.end(), more.begin(), more.end());
  }
  return found;
}

bool are_equal(const std::vector<NamespaceTrace>& a,
               const std::vector<NamespaceTrace>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const NamespaceTrace& one, const NamespaceTrace& other) {
                      return one.path == other.path;
                    });
}

// The preprocessor goes the same way through every file as it did before.
bool has_same_frame(const Reach& reach, const Traces& before,
                    const Traces& now) {
  if (now.files.size() != reach.read.size()) return false;
  return std::all_of(
      now.files.begin(), now.files.end(), [&](const FileTrace& trace) {
        const FileTrace* old = find(before, trace.path);
        return old != nullptr && reach.read.count(trace.path) != 0 &&
               old->directives == trace.directives &&
               old->includes == trace.includes &&
               are_equal(old->namespaces, trace.namespaces);
      });
}

// Nothing that was read could mean something else beside the files that were
// left out.
bool hears_only_itself(const Reach& reach, const Traces& before,
                       const Traces& now) {
  Names heard;
  Names spaces;
  for (const FileTrace& trace : now.files) {
    heard.insert(trace.hears.begin(), trace.hears.end());
    for (const NamespaceTrace& space : trace.namespaces) {
      spaces.insert(space.path);
    }
  }
  return std::none_of(
      before.files.begin(), before.files.end(), [&](const FileTrace& trace) {
        if (reach.read.count(trace.path) != 0) return false;
        return has_any(heard, trace.says) ||
               std::any_of(trace.namespaces.begin(), trace.namespaces.end(),
                           [&](const NamespaceTrace& space) {
                             return spaces.count(space.path) == 0 &&
                                    heard.count(space.name) != 0;
                           });
      });
}

bool has_annotation(const std::vector<Annotation>& all, const char* kind) {
  return std::any_of(all.begin(), all.end(),
                     [&](const Annotation& one) { return one.kind == kind; });
}

bool is_entity(const Record& record) {
  return has_annotation(record.annotations, "table");
}

template <class Row>
auto place_of(const Row& row) {
  return std::tie(row.at.file, row.at.line, row.at.column);
}

template <class Row>
void sort_by_place(std::vector<Row>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return place_of(a) < place_of(b);
  });
}

// Follows types from the tables to the records and enums behind them.
class Arrangement {
 public:
  explicit Arrangement(Declarations& from) : from_(from) {
    for (Record& record : from.records) {
      if (is_entity(record)) {
        out_.records.push_back(std::move(record));
      } else {
        records_.emplace(record.name, &record);
      }
    }
    for (EnumDeclaration& declared : from.enums) {
      enums_.emplace(declared.name, &declared);
    }
    sort_by_place(out_.records);
    sort_by_place(from.mappings);
    sort_by_place(from.aliases);
  }

  Declarations take() {
    for (std::size_t i = 0; i < out_.records.size(); ++i) {
      std::vector<Record*> found;
      for (const Member& member : out_.records[i].members) {
        follow(member.type, !has_annotation(member.annotations, "ignore"),
               found);
      }
      for (Record* record : found) out_.records.push_back(std::move(*record));
    }
    out_.mappings = std::move(from_.mappings);
    out_.aliases = std::move(from_.aliases);
    return std::move(out_);
  }

 private:
  void follow(const CppType& type, bool takes_records,
              std::vector<Record*>& found) {
    if (type.kind == CppType::Kind::enumeration) {
      if (auto row = enums_.extract(type.name)) {
        out_.enums.push_back(std::move(*row.mapped()));
      }
    } else if (type.kind == CppType::Kind::record && takes_records) {
      if (auto row = records_.extract(type.name)) {
        found.push_back(row.mapped());
      }
    }
    for (const CppType& inner : type.inner) {
      follow(inner, takes_records, found);
    }
  }

  Declarations& from_;
  Declarations out_;
  std::map<std::string, Record*> records_;
  std::map<std::string, EnumDeclaration*> enums_;
};

template <class Row, class IsKept>
void add_rows(std::vector<Row>& into, std::vector<Row>& from, IsKept is_kept) {
  std::copy_if(std::make_move_iterator(from.begin()),
               std::make_move_iterator(from.end()), std::back_inserter(into),
               is_kept);
}

}  // namespace

NameHash hash_name(std::string_view name) {
  NameHash hash = 2166136261U;
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  return hash;
}

std::optional<Reach> find_reach(const Traces& before,
                                const std::vector<std::string>& headers,
                                const std::vector<std::string>& edited) {
  if (before.is_doubtful) return std::nullopt;
  Reach reach;
  reach.edited = {edited.begin(), edited.end()};
  for (const std::string& path : edited) {
    if (find(before, path) == nullptr) return std::nullopt;
  }
  reach.changed = with_includers(before, edited);
  for (const std::string& header : headers) {
    if (reach.changed.count(header) != 0) reach.headers.push_back(header);
  }
  std::vector<std::string> from =
      roots(before, {headers.begin(), headers.end()});
  const bool is_everywhere = std::any_of(
      from.begin(), from.end(),
      [&](const std::string& path) { return reach.changed.count(path) != 0; });
  if (is_everywhere || reach.headers.size() * 2 > headers.size() ||
      is_heard_outside(said(reach, before), reach, before)) {
    return std::nullopt;
  }
  from.insert(from.end(), reach.headers.begin(), reach.headers.end());
  reach.read = with_includes(before, std::move(from));
  return reach;
}

bool stands_alone(const Reach& reach, const Traces& before, const Traces& now) {
  return !now.is_doubtful && has_same_frame(reach, before, now) &&
         !is_heard_outside(said(reach, now), reach, before) &&
         hears_only_itself(reach, before, now);
}

Traces merged(const Traces& before, Traces now) {
  Traces all;
  for (const FileTrace& trace : before.files) {
    if (find(now, trace.path) == nullptr) all.files.push_back(trace);
  }
  add_rows(all.files, now.files, [](const FileTrace&) { return true; });
  std::sort(
      all.files.begin(), all.files.end(),
      [](const FileTrace& a, const FileTrace& b) { return a.path < b.path; });
  return all;
}

Declarations merged(Declarations before, Declarations now,
                    const Traces& traces_now) {
  std::set<std::string> read;
  for (const FileTrace& trace : traces_now.files) read.insert(trace.shown);
  const auto is_elsewhere = [&](const auto& row) {
    return read.count(row.at.file) == 0;
  };
  // Of two rows with one name the first counts.
  add_rows(now.records, before.records, [&](const Record& record) {
    return !is_entity(record) || is_elsewhere(record);
  });
  add_rows(now.enums, before.enums,
           [](const EnumDeclaration&) { return true; });
  add_rows(now.mappings, before.mappings, is_elsewhere);
  add_rows(now.aliases, before.aliases, is_elsewhere);
  arrange(now);
  return now;
}

void arrange(Declarations& declarations) {
  declarations = Arrangement(declarations).take();
}

}  // namespace schemagen::gen
