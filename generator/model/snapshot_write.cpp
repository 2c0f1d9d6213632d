// Schema -> canonical text: sorted, one column per line, nothing of the machine
// or the day, so that two branches conflict where they really differ.
#include "model/snapshot_words.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

/// One object on one line: `{"name": "id", "type": "int64"}`.
class Line {
 public:
  explicit Line(std::string& out) : out_(out) { out_ += '{'; }
  ~Line() { out_ += '}'; }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  std::string& key(const char* name) {
    if (!first_) out_ += ", ";
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\": ";
    return out_;
  }
  void required(const char* name, const std::string& value) {
    append_json(key(name), value);
  }
  // The others are left out where they say nothing.
  void text(const char* name, const std::string& value) {
    if (!value.empty()) required(name, value);
  }
  void flag(const char* name, bool value) {
    if (value) key(name) += "true";
  }
  void number(const char* name, int value) {
    if (value != 0) key(name) += std::to_string(value);
  }
  void list(const char* name, const std::vector<std::string>& values);

 private:
  std::string& out_;
  bool first_ = true;
};

void append_list(std::string& out, const std::vector<std::string>& values) {
  out += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ", ";
    append_json(out, values[i]);
  }
  out += ']';
}

void Line::list(const char* name, const std::vector<std::string>& values) {
  if (!values.empty()) append_list(key(name), values);
}

/// `values` one per line at `indent`, in brackets.
template <class List, class Append>
void append_lines(std::string& out, const char* indent, const List& values,
                  Append append) {
  out += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    out += i > 0 ? ",\n" : "\n";
    out += indent;
    out += "  ";
    append(out, values[i]);
  }
  if (!values.empty()) {
    out += '\n';
    out += indent;
  }
  out += ']';
}

void append_type(Line& line, const Type& type) {
  line.text("type", type_kind_name(type.kind));
  line.number("max_length", type.max_length);
  line.flag("fixed", type.fixed);
  line.number("precision", type.precision);
  line.number("scale", type.scale);
  line.text("unit", type.unit);
  line.text("enum", type.enum_name);
  if (type.sql.empty()) return;
  Line sql(line.key("sql"));
  for (const auto& entry : type.sql) {
    append_json(sql.key(entry.first.empty() ? "*" : entry.first.c_str()),
                entry.second);
  }
}

void append_column(std::string& out, const Column& column) {
  Line line(out);
  line.required("name", column.name);
  append_type(line, column.type);
  line.flag("null", column.nullable);
  line.flag("autoincrement", column.autoincrement);
  if (column.default_value) {
    Line literal(line.key("default"));
    append_json(literal.key(word_of(kLiteralWords, column.default_value->kind)),
                column.default_value->text);
  }
  line.text("default_sql", column.default_sql);
  line.text("generated", column.generated);
  line.flag("stored", column.stored);
  line.text("collate", column.collate);
  line.text("comment", column.comment);
}

void append_unique(std::string& out, const Unique& unique) {
  Line line(out);
  line.list("columns", unique.columns);
  line.text("name", unique.name);
}

void append_index(std::string& out, const Index& index) {
  std::vector<std::string> columns;
  std::vector<std::string> descending;
  for (const IndexColumn& column : index.columns) {
    columns.push_back(column.name);
    if (column.descending) descending.push_back(column.name);
  }
  Line line(out);
  line.list("columns", columns);
  line.list("descending", descending);
  line.text("expression", index.expression);
  line.flag("unique", index.unique);
  line.text("where", index.where);
  line.text("method", index.method);
  line.text("name", index.name);
}

void append_check(std::string& out, const Check& check) {
  Line line(out);
  line.text("column", check.column);
  line.required("sql", check.sql);
  line.text("name", check.name);
}

void append_foreign_key(std::string& out, const ForeignKey& key) {
  Line line(out);
  line.list("columns", key.columns);
  line.text("schema", key.schema);
  line.required("table", key.table);
  line.list("references", key.references);
  if (key.on_delete != Action::no_action) {
    line.text("on_delete", word_of(kActionWords, key.on_delete));
  }
  if (key.on_update != Action::no_action) {
    line.text("on_update", word_of(kActionWords, key.on_update));
  }
  line.text("name", key.name);
}

/// An object over several lines, one key each.
class Block {
 public:
  Block(std::string& out, const char* indent) : out_(out), indent_(indent) {
    out_ += '{';
  }
  std::string& key(const char* name) {
    out_ += first_ ? "\n" : ",\n";
    first_ = false;
    out_ += indent_;
    out_ += "  \"";
    out_ += name;
    out_ += "\": ";
    return out_;
  }
  void text(const char* name, const std::string& value) {
    if (!value.empty()) append_json(key(name), value);
  }
  void flag(const char* name, bool value) {
    if (value) key(name) += "true";
  }
  template <class List, class Append>
  void lines(const char* name, const char* indent, const List& values,
             Append append) {
    if (!values.empty()) append_lines(key(name), indent, values, append);
  }
  void close() {
    out_ += '\n';
    out_ += indent_;
    out_ += '}';
  }

 private:
  std::string& out_;
  const char* indent_;
  bool first_ = true;
};

void append_table(std::string& out, const Table& table) {
  constexpr const char* kIndent = "      ";
  Block block(out, "    ");
  block.text("schema", table.schema);
  append_json(block.key("name"), table.name);
  block.text("comment", table.comment);
  block.flag("strict", table.strict);
  block.flag("without_rowid", table.without_rowid);
  append_lines(block.key("columns"), kIndent, table.columns, append_column);
  append_list(block.key("primary_key"), table.primary_key);
  block.lines("uniques", kIndent, table.uniques, append_unique);
  block.lines("indexes", kIndent, table.indexes, append_index);
  block.lines("checks", kIndent, table.checks, append_check);
  block.lines("foreign_keys", kIndent, table.foreign_keys, append_foreign_key);
  block.close();
}

void append_enum(std::string& out, const Enum& value) {
  Block block(out, "    ");
  append_json(block.key("name"), value.name);
  block.text("storage", word_of(kStorageWords, value.storage));
  auto append = [&value](std::string& to, const EnumValue& v) {
    Line line(to);
    line.required("name", v.name);
    line.text("enumerator", v.enumerator);
    if (value.storage == EnumStorage::text) return;
    line.key("number") += std::to_string(v.number);
  };
  append_lines(block.key("values"), "      ", value.values, append);
  block.close();
}

void append_migration(std::string& out, const MigrationEntry& migration) {
  Line line(out);
  line.required("id", migration.id);
  line.required("name", migration.name);
  line.required("digest", migration.digest);
}

void append_schema(Block& block, const Schema& schema) {
  append_lines(block.key("enums"), "  ", schema.enums, append_enum);
  append_lines(block.key("tables"), "  ", schema.tables, append_table);
}

void append_before(std::string& out, const Before& before) {
  Block block(out, "  ");
  block.text("migration", before.migration);
  if (!before.parts.empty()) append_list(block.key("parts"), before.parts);
  append_list(block.key("added"), before.added);
  append_schema(block, before.schema);
  block.close();
}

}  // namespace

std::string write_snapshot(const Snapshot& snapshot) {
  std::string out;
  Block block(out, "");
  block.key("format") += std::to_string(kSnapshotFormat);
  append_list(block.key("dialects"), snapshot.dialects);
  append_lines(block.key("migrations"), "  ", snapshot.migrations,
               append_migration);
  append_schema(block, snapshot.schema);
  if (!snapshot.before.migration.empty()) {
    append_before(block.key("before"), snapshot.before);
  }
  block.close();
  return out + '\n';
}

std::string scan_json(const Schema& schema) {
  std::string out;
  Block block(out, "");
  append_schema(block, schema);
  block.close();
  return out + '\n';
}

}  // namespace schemagen::gen
