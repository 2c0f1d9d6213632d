// Canonical text -> Schema. Strict: a word that the writer would not have
// written is an error at its line, so a bad merge never becomes a model.
#include <algorithm>
#include <limits>
#include <string_view>

#include "model/json_reader.hpp"
#include "model/literals.hpp"
#include "model/snapshot_check.hpp"
#include "model/snapshot_words.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

/// One key of an object: a new one is a row here and a line in the writer.
template <class T>
struct Key {
  const char* name;
  bool required;
  void (*read)(JsonReader&, T&);
};

template <class Keys>
std::size_t find_key(const Keys& keys, const std::string& name) {
  std::size_t i = 0;
  while (i < std::size(keys) && name != keys[i].name) ++i;
  return i;
}

template <class Keys>
void report_unknown(JsonReader& json, const SourceLocation& at,
                    const std::string& key, const char* what,
                    const Keys& keys) {
  std::vector<std::string> names;
  for (const auto& row : keys) names.emplace_back(row.name);
  std::string near = closest(key, names);
  json.error(at, "snapshot-unknown-key",
             "unknown key '" + key + "' in " + what +
                 (near.empty() ? "" : ", did you mean '" + near + "'?"));
}

/// Visits the keys of an object that is already open; it began at `start`.
template <class T, std::size_t N>
void read_keys(JsonReader& json, const char* what, const Key<T> (&keys)[N],
               T& value, const SourceLocation& start) {
  unsigned seen = 0;
  std::string key;
  SourceLocation at;
  while (json.next_key(key, at)) {
    std::size_t i = find_key(keys, key);
    if (i == N) {
      report_unknown(json, at, key, what, keys);
      json.skip_value();
    } else if (seen & (1u << i)) {
      json.error(at, "snapshot-duplicate",
                 "key '" + key + "' stands twice in " + what);
      json.skip_value();
    } else {
      seen |= 1u << i;
      keys[i].read(json, value);
    }
  }
  for (std::size_t i = 0; i < N && !json.failed(); ++i) {
    if (keys[i].required && !(seen & (1u << i))) {
      json.error(start, "snapshot-missing-key",
                 std::string(what) + " has no '" + keys[i].name + "'");
    }
  }
}

template <class T, std::size_t N>
void read_object(JsonReader& json, const char* what, const Key<T> (&keys)[N],
                 T& value) {
  SourceLocation start = json.here();
  if (json.begin_object()) read_keys(json, what, keys, value, start);
}

std::vector<std::string> read_strings(JsonReader& json) {
  std::vector<std::string> values;
  if (!json.begin_array()) return values;
  while (json.next_element()) values.push_back(json.read_string());
  return values;
}

int read_size(JsonReader& json) {
  SourceLocation at = json.here();
  std::int64_t number = json.read_integer();
  if (number >= 0 && number <= std::numeric_limits<int>::max()) {
    return static_cast<int>(number);
  }
  json.error(at, "snapshot-value",
             "number " + std::to_string(number) + " is out of range");
  return 0;
}

template <class Words>
auto read_word(JsonReader& json, const Words& words) {
  SourceLocation at = json.here();
  std::string word = json.read_string();
  auto value = value_of(words, word);
  if (!value && !json.failed()) {
    json.error(at, "snapshot-value", "unknown word '" + word + "'");
  }
  return value.value_or(words.front().first);
}

TypeKind read_type_kind(JsonReader& json) {
  SourceLocation at = json.here();
  std::string word = json.read_string();
  auto kind = type_kind_from_name(word);
  if (!kind && !json.failed()) {
    json.error(at, "snapshot-value", "unknown type '" + word + "'");
  }
  return kind.value_or(TypeKind::text);
}

void read_sql_types(JsonReader& json, Type& type) {
  if (!json.begin_object()) return;
  std::string key;
  SourceLocation at;
  while (json.next_key(key, at)) {
    std::string text = json.read_string();
    if (!type.sql.emplace(key == "*" ? "" : key, text).second) {
      json.error(at, "snapshot-duplicate",
                 "key '" + key + "' stands twice in a type");
    }
  }
}

std::optional<Literal> read_literal(JsonReader& json) {
  SourceLocation start = json.here();
  if (!json.begin_object()) return std::nullopt;
  std::optional<Literal> literal;
  bool good = true;
  std::string key;
  SourceLocation at;
  while (json.next_key(key, at)) {
    auto kind = value_of(kLiteralWords, key);
    good = good && kind && !literal;
    literal = Literal{kind.value_or(Literal::Kind::null), json.read_string()};
  }
  if (json.failed()) return std::nullopt;
  if (good && literal && is_well_formed(*literal)) return literal;
  json.error(start, "snapshot-value", "this is no constant");
  return std::nullopt;
}

/// A list of objects, each with its place.
template <class T, std::size_t N>
std::vector<T> read_list(JsonReader& json, const char* what,
                         const Key<T> (&keys)[N]) {
  std::vector<T> values;
  if (!json.begin_array()) return values;
  while (json.next_element()) {
    T value{};
    value.at = json.here();
    read_object(json, what, keys, value);
    values.push_back(std::move(value));
  }
  return values;
}

using J = JsonReader;

constexpr Key<Column> kColumnKeys[] = {
    {"name", true, [](J& j, Column& c) { c.name = j.read_string(); }},
    {"type", true, [](J& j, Column& c) { c.type.kind = read_type_kind(j); }},
    {"max_length", false,
     [](J& j, Column& c) { c.type.max_length = read_size(j); }},
    {"fixed", false, [](J& j, Column& c) { c.type.fixed = j.read_bool(); }},
    {"precision", false,
     [](J& j, Column& c) { c.type.precision = read_size(j); }},
    {"scale", false, [](J& j, Column& c) { c.type.scale = read_size(j); }},
    {"unit", false, [](J& j, Column& c) { c.type.unit = j.read_string(); }},
    {"enum", false,
     [](J& j, Column& c) { c.type.enum_name = j.read_string(); }},
    {"sql", false, [](J& j, Column& c) { read_sql_types(j, c.type); }},
    {"null", false, [](J& j, Column& c) { c.nullable = j.read_bool(); }},
    {"autoincrement", false,
     [](J& j, Column& c) { c.autoincrement = j.read_bool(); }},
    {"default", false,
     [](J& j, Column& c) { c.default_value = read_literal(j); }},
    {"default_sql", false,
     [](J& j, Column& c) { c.default_sql = j.read_string(); }},
    {"generated", false,
     [](J& j, Column& c) { c.generated = j.read_string(); }},
    {"stored", false, [](J& j, Column& c) { c.stored = j.read_bool(); }},
    {"collate", false, [](J& j, Column& c) { c.collate = j.read_string(); }},
    {"comment", false, [](J& j, Column& c) { c.comment = j.read_string(); }},
};

constexpr Key<Unique> kUniqueKeys[] = {
    {"columns", true, [](J& j, Unique& u) { u.columns = read_strings(j); }},
    {"name", false, [](J& j, Unique& u) { u.name = j.read_string(); }},
};

struct IndexRow {
  Index index;
  std::vector<std::string> columns;
  std::vector<std::string> descending;
  SourceLocation at;
};

constexpr Key<IndexRow> kIndexKeys[] = {
    {"columns", false, [](J& j, IndexRow& i) { i.columns = read_strings(j); }},
    {"descending", false,
     [](J& j, IndexRow& i) { i.descending = read_strings(j); }},
    {"expression", false,
     [](J& j, IndexRow& i) { i.index.expression = j.read_string(); }},
    {"unique", false,
     [](J& j, IndexRow& i) { i.index.unique = j.read_bool(); }},
    {"where", false,
     [](J& j, IndexRow& i) { i.index.where = j.read_string(); }},
    {"method", false,
     [](J& j, IndexRow& i) { i.index.method = j.read_string(); }},
    {"name", false, [](J& j, IndexRow& i) { i.index.name = j.read_string(); }},
};

std::vector<Index> read_indexes(JsonReader& json) {
  std::vector<Index> indexes;
  for (IndexRow& row : read_list(json, "an index", kIndexKeys)) {
    for (const std::string& name : row.columns) {
      bool down =
          std::count(row.descending.begin(), row.descending.end(), name) > 0;
      row.index.columns.push_back({name, down});
    }
    for (const std::string& name : row.descending) {
      if (std::count(row.columns.begin(), row.columns.end(), name) == 0) {
        json.error(row.at, "snapshot-value",
                   "'" + name + "' is descending and not in the index");
      }
    }
    row.index.at = row.at;
    indexes.push_back(std::move(row.index));
  }
  return indexes;
}

constexpr Key<Check> kCheckKeys[] = {
    {"column", false, [](J& j, Check& c) { c.column = j.read_string(); }},
    {"sql", true, [](J& j, Check& c) { c.sql = j.read_string(); }},
    {"name", false, [](J& j, Check& c) { c.name = j.read_string(); }},
};

constexpr Key<ForeignKey> kForeignKeyKeys[] = {
    {"columns", true, [](J& j, ForeignKey& k) { k.columns = read_strings(j); }},
    {"schema", false, [](J& j, ForeignKey& k) { k.schema = j.read_string(); }},
    {"table", true, [](J& j, ForeignKey& k) { k.table = j.read_string(); }},
    {"references", true,
     [](J& j, ForeignKey& k) { k.references = read_strings(j); }},
    {"on_delete", false,
     [](J& j, ForeignKey& k) { k.on_delete = read_word(j, kActionWords); }},
    {"on_update", false,
     [](J& j, ForeignKey& k) { k.on_update = read_word(j, kActionWords); }},
    {"name", false, [](J& j, ForeignKey& k) { k.name = j.read_string(); }},
};

constexpr Key<Table> kTableKeys[] = {
    {"schema", false, [](J& j, Table& t) { t.schema = j.read_string(); }},
    {"name", true, [](J& j, Table& t) { t.name = j.read_string(); }},
    {"comment", false, [](J& j, Table& t) { t.comment = j.read_string(); }},
    {"strict", false, [](J& j, Table& t) { t.strict = j.read_bool(); }},
    {"without_rowid", false,
     [](J& j, Table& t) { t.without_rowid = j.read_bool(); }},
    {"columns", true,
     [](J& j, Table& t) { t.columns = read_list(j, "a column", kColumnKeys); }},
    {"primary_key", true,
     [](J& j, Table& t) { t.primary_key = read_strings(j); }},
    {"uniques", false,
     [](J& j, Table& t) { t.uniques = read_list(j, "a unique", kUniqueKeys); }},
    {"indexes", false, [](J& j, Table& t) { t.indexes = read_indexes(j); }},
    {"checks", false,
     [](J& j, Table& t) { t.checks = read_list(j, "a check", kCheckKeys); }},
    {"foreign_keys", false,
     [](J& j, Table& t) {
       t.foreign_keys = read_list(j, "a foreign key", kForeignKeyKeys);
     }},
};

struct ReadValue : EnumValue {
  bool has_number = false;
};

constexpr Key<ReadValue> kValueKeys[] = {
    {"name", true, [](J& j, ReadValue& v) { v.name = j.read_string(); }},
    {"enumerator", false,
     [](J& j, ReadValue& v) { v.enumerator = j.read_string(); }},
    {"number", false,
     [](J& j, ReadValue& v) {
       v.number = j.read_integer();
       v.has_number = true;
     }},
};

/// Only the values of a text enum do without a number.
std::vector<EnumValue> read_values(J& json, EnumStorage storage) {
  std::vector<EnumValue> values;
  for (ReadValue& value : read_list(json, "a value", kValueKeys)) {
    if (storage != EnumStorage::text && !value.has_number && !json.failed()) {
      json.error(value.at, "snapshot-missing-key",
                 "a value of an enum stored by number has no key 'number'");
    }
    values.push_back(std::move(value));
  }
  return values;
}

constexpr Key<Enum> kEnumKeys[] = {
    {"name", true, [](J& j, Enum& e) { e.name = j.read_string(); }},
    {"storage", true,
     [](J& j, Enum& e) { e.storage = read_word(j, kStorageWords); }},
    {"values", true,
     [](J& j, Enum& e) { e.values = read_values(j, e.storage); }},
};

constexpr Key<MigrationEntry> kMigrationKeys[] = {
    {"id", true, [](J& j, MigrationEntry& m) { m.id = j.read_string(); }},
    {"name", true, [](J& j, MigrationEntry& m) { m.name = j.read_string(); }},
    {"digest", true,
     [](J& j, MigrationEntry& m) { m.digest = j.read_string(); }},
};

constexpr Key<Before> kBeforeKeys[] = {
    {"migration", true, [](J& j, Before& b) { b.migration = j.read_string(); }},
    {"parts", false, [](J& j, Before& b) { b.parts = read_strings(j); }},
    {"added", true, [](J& j, Before& b) { b.added = read_strings(j); }},
    {"enums", true,
     [](J& j, Before& b) {
       b.schema.enums = read_list(j, "an enum", kEnumKeys);
     }},
    {"tables", true,
     [](J& j, Before& b) {
       b.schema.tables = read_list(j, "a table", kTableKeys);
     }},
};

constexpr Key<Snapshot> kSnapshotKeys[] = {
    {"dialects", true, [](J& j, Snapshot& s) { s.dialects = read_strings(j); }},
    {"migrations", true,
     [](J& j, Snapshot& s) {
       s.migrations = read_list(j, "a migration", kMigrationKeys);
     }},
    {"enums", true,
     [](J& j, Snapshot& s) {
       s.schema.enums = read_list(j, "an enum", kEnumKeys);
     }},
    {"tables", true,
     [](J& j, Snapshot& s) {
       s.schema.tables = read_list(j, "a table", kTableKeys);
     }},
    {"before", false,
     [](J& j, Snapshot& s) {
       read_object(j, "what was before", kBeforeKeys, s.before);
     }},
};

constexpr const char* kAdvice = "restore the file from version control";

SourceLocation place_of(const std::string& text, const std::string& path,
                        std::size_t offset) {
  auto stop = text.begin() + static_cast<std::ptrdiff_t>(offset);
  auto line = std::count(text.begin(), stop, '\n');
  std::size_t start =
      offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
  std::size_t column = start == std::string::npos ? offset : offset - start - 1;
  return {path, static_cast<int>(line) + 1, static_cast<int>(column) + 1};
}

std::size_t find_conflict(const std::string& text) {
  for (std::string_view mark : {"<<<<<<<", ">>>>>>>", "=======", "|||||||"}) {
    if (text.compare(0, mark.size(), mark) == 0) return 0;
    std::size_t found = text.find('\n' + std::string(mark));
    if (found != std::string::npos) return found + 1;
  }
  return std::string::npos;
}

/// Faults of the bytes, which no reader of JSON would name well.
bool is_readable(const std::string& text, const std::string& path,
                 Diagnostics& diagnostics) {
  auto report = [&](std::size_t at, const char* id, const char* message) {
    diagnostics.error(place_of(text, path, at), id, message);
    return false;
  };
  if (text.empty()) {
    return report(0, "snapshot-truncated",
                  "the file is empty; restore it from version control");
  }
  if (text.compare(0, 3, "\xEF\xBB\xBF") == 0) {
    return report(0, "snapshot-syntax",
                  "a byte order mark; save the file without it");
  }
  if (std::size_t at = text.find('\0'); at != std::string::npos) {
    return report(at, "snapshot-nul",
                  "a NUL byte; restore the file from version control");
  }
  if (std::size_t at = find_conflict(text); at != std::string::npos) {
    return report(at, "snapshot-conflict",
                  "a merge conflict; keep the migrations of both sides and run "
                  "'schemagen rebase'");
  }
  if (std::size_t at = find_broken_utf8(text); at != std::string::npos) {
    return report(at, "snapshot-utf8",
                  "bytes that are not UTF-8; restore the file from version "
                  "control");
  }
  return true;
}

bool read_format(JsonReader& json, Diagnostics& diagnostics) {
  std::string key;
  SourceLocation at = json.here();
  if (!json.begin_object()) return false;
  bool any = json.next_key(key, at);
  if (json.failed()) return false;
  if (!any || key != "format") {
    json.error(at, "snapshot-missing-key",
               "the snapshot does not begin with its 'format'");
    return false;
  }
  at = json.here();
  std::int64_t format = json.read_integer();
  if (json.failed() || format == kSnapshotFormat) return !json.failed();
  if (format > kSnapshotFormat) {
    diagnostics.error(at, "snapshot-newer-format",
                      "the snapshot has format " + std::to_string(format) +
                          ", this schemagen reads up to " +
                          std::to_string(kSnapshotFormat) +
                          "; use the newer schemagen that wrote it");
  } else {
    json.error(at, "snapshot-value",
               "there is no format " + std::to_string(format));
  }
  return false;
}

}  // namespace

Snapshot read_snapshot(const std::string& text, const std::string& path,
                       Diagnostics& diagnostics) {
  Snapshot snapshot;
  if (!is_readable(text, path, diagnostics)) return snapshot;
  Diagnostics found;
  JsonReader json(text, path, kAdvice, found);
  SourceLocation start = json.here();
  if (read_format(json, found)) {
    read_keys(json, "the snapshot", kSnapshotKeys, snapshot, start);
    json.finish();
  }
  if (!found.has_errors()) {
    check_snapshot(snapshot, path, kAdvice, found);
    std::sort(snapshot.dialects.begin(), snapshot.dialects.end());
    std::stable_sort(snapshot.migrations.begin(), snapshot.migrations.end(),
                     [](const auto& a, const auto& b) { return a.id < b.id; });
    canonicalize(snapshot.schema);
    canonicalize(snapshot.before.schema);
  }
  if (!found.has_errors() && !snapshot.before.migration.empty()) {
    Snapshot earlier;
    earlier.schema = schema_before(snapshot);
    check_snapshot(earlier, path, kAdvice, found);
  }
  for (const Diagnostic& entry : found.sorted()) diagnostics.add(entry);
  return snapshot;
}

}  // namespace schemagen::gen
