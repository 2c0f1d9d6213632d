#include "support/header_text.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace schemagen::test {
namespace {

using gen::Column;
using gen::Literal;
using gen::Schema;
using gen::Table;
using gen::Type;
using gen::TypeKind;

/// Octal escapes end by themselves after three digits.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain =
        byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\' && c != '?';
    if (is_plain) {
      out += c;
      continue;
    }
    out += '\\';
    for (const int shift : {6, 3, 0}) {
      out += static_cast<char>('0' + ((byte >> shift) & 7));
    }
  }
  return out + '"';
}

std::string duration_of(const std::string& unit) {
  static const std::map<std::string, std::string> kUnits = {
      {"ns", "nanoseconds"}, {"us", "microseconds"}, {"ms", "milliseconds"},
      {"s", "seconds"},      {"min", "minutes"},     {"h", "hours"},
      {"d", "days"}};
  const auto known = kUnits.find(unit);
  if (known != kUnits.end()) return "std::chrono::" + known->second;
  const std::size_t cut = unit.find('/');
  return "std::chrono::duration<std::int64_t, std::ratio<" +
         unit.substr(0, cut) + ", " + unit.substr(cut + 1) + ">>";
}

/// `.name = value` joined by commas.
class Words {
 public:
  Words& raw(const std::string& name, const std::string& value) {
    text_ += (text_.empty() ? "." : ", .") + name + " = " + value;
    return *this;
  }
  Words& text(const std::string& name, const std::string& value) {
    return value.empty() ? *this : raw(name, quoted(value));
  }
  Words& flag(const std::string& name, bool value) {
    return value ? raw(name, "true") : *this;
  }
  Words& list(const std::string& name, const std::vector<std::string>& values) {
    std::string all;
    for (const std::string& value : values) {
      all += (all.empty() ? "" : ", ") + quoted(value);
    }
    return values.empty() ? *this : raw(name, "{" + all + "}");
  }
  Words& action(const std::string& name, gen::Action action) {
    static const char* const kActions[] = {"SG_NO_ACTION", "SG_RESTRICT",
                                           "SG_CASCADE", "SG_SET_NULL",
                                           "SG_SET_DEFAULT"};
    if (action == gen::Action::no_action) return *this;
    return raw(name, kActions[static_cast<int>(action)]);
  }
  const std::string& str() const { return text_; }

 private:
  std::string text_;
};

class HeaderWriter {
 public:
  HeaderWriter(Schema& schema, Dice& dice) : schema_(schema), dice_(dice) {}

  std::string write() {
    std::string text = "struct Opaque;\n";
    for (std::size_t i = 0; i < schema_.enums.size(); ++i) write_enum(i, text);
    std::vector<std::string> structs;
    for (std::size_t i = 0; i < schema_.tables.size(); ++i) {
      structs.push_back(write_table(i));
    }
    while (!structs.empty()) {  // in any order
      const std::size_t next = dice_.below(structs.size());
      text += structs[next];
      structs.erase(structs.begin() + static_cast<std::ptrdiff_t>(next));
    }
    return text;
  }

 private:
  using Names = std::vector<std::string>;

  void write_enum(std::size_t index, std::string& text) {
    static const char* const kStorage[] = {"SG_TEXT", "SG_INTEGER",
                                           "SG_NATIVE"};
    gen::Enum& e = schema_.enums[index];
    for (std::size_t i = 0; i < e.values.size(); ++i) {
      std::string& own = e.values[i].enumerator;
      if (!own.empty()) own = "e" + std::to_string(i);
    }
    Words words;
    words.raw("storage", kStorage[static_cast<int>(e.storage)]);
    words.text("name", e.name);
    text += "enum class SG_ENUM(" + words.str() + ") E" +
            std::to_string(index) + " : std::int64_t {\n";
    for (std::size_t i = 0; i < e.values.size(); ++i) {
      const gen::EnumValue& value = e.values[i];
      const bool is_integer = e.storage == gen::EnumStorage::integer;
      text += "  " + enumerator(i) + " SG_VALUE(.name = " + quoted(value.name) +
              ") = " +
              std::to_string(is_integer ? value.number
                                        : static_cast<std::int64_t>(i)) +
              ",\n";
    }
    text += "};\n";
  }

  static std::string enumerator(std::size_t value) {
    return "e" + std::to_string(value);
  }

  std::size_t enum_index(const std::string& name) const {
    std::size_t index = 0;
    while (schema_.enums[index].name != name) ++index;
    return index;
  }

  std::string type_text(const Type& type) const {
    switch (type.kind) {
      case TypeKind::boolean:
        return "bool";
      case TypeKind::float32:
        return "float";
      case TypeKind::float64:
        return "double";
      case TypeKind::text:
      case TypeKind::decimal:
      case TypeKind::uuid:
      case TypeKind::json:
        return "std::string";
      case TypeKind::blob:
        return type.fixed ? "std::array<std::uint8_t, " +
                                std::to_string(type.max_length) + ">"
                          : "std::vector<std::byte>";
      case TypeKind::timestamp:
        return "std::chrono::system_clock::time_point";
      case TypeKind::local_time:
        return "std::chrono::local_time<std::chrono::nanoseconds>";
      case TypeKind::date:
        return "std::chrono::sys_days";
      case TypeKind::time_of_day:
        return "std::chrono::hh_mm_ss<" + duration_of(type.unit) + ">";
      case TypeKind::duration:
        return duration_of(type.unit);
      case TypeKind::enumeration:
        return "E" + std::to_string(enum_index(type.enum_name));
      case TypeKind::custom:
        return "Opaque*";
      default:
        return std::string("std::") + type_kind_name(type.kind) + "_t";
    }
  }

  /// Without a value: C++ has no constant for it.
  std::optional<std::string> constant(const Type& type, const Literal& value) {
    switch (type.kind) {
      case TypeKind::time_of_day:
      case TypeKind::custom:
        return std::nullopt;
      case TypeKind::blob:
        if (!value.text.empty()) return std::nullopt;
        return type_text(type) + "{}";  // `{}` alone would be no value
      case TypeKind::text:
      case TypeKind::decimal:
      case TypeKind::uuid:
      case TypeKind::json:
        return quoted(value.text);
      case TypeKind::timestamp:
      case TypeKind::local_time:
        return type_text(type) + "{std::chrono::nanoseconds{" + value.text +
               "}}";
      case TypeKind::date:
        return "std::chrono::sys_days{std::chrono::days{" + value.text + "}}";
      case TypeKind::duration:
        return type_text(type) + "{" + value.text + "}";
      case TypeKind::uint64:
        return value.text + "u";
      case TypeKind::int64:
        if (value.text != "-9223372036854775808") return value.text;
        return "-9223372036854775807 - 1";
      case TypeKind::float32:
        return "static_cast<float>(" + value.text + ")";
      case TypeKind::enumeration: {
        const std::size_t e = enum_index(type.enum_name);
        std::size_t at = 0;
        while (schema_.enums[e].values[at].name != value.text) ++at;
        return "E" + std::to_string(e) + "::" + enumerator(at);
      }
      default:
        return value.text;
    }
  }

  /// uuid and json have no C++ type of their own: they are spelled in SQL.
  static void spell_out(Type& type) {
    if (type.kind != TypeKind::uuid && type.kind != TypeKind::json) return;
    const std::string name = type_kind_name(type.kind);
    type = Type{};
    type.sql = {{"", name}};
  }

  std::string write_member(Table& table, std::size_t index) {
    Column& column = table.columns[index];
    spell_out(column.type);
    const bool is_key = table.primary_key == Names{column.name};
    if (is_key) column.default_value.reset();
    Words words;
    words.text("name", column.name);
    for (const auto& [dialect, sql] : column.type.sql) {
      words.text((dialect.empty() ? "sql" : dialect) + "_type", sql);
    }
    if (column.type.max_length > 0 && !column.type.fixed) {
      words.raw("max_length", std::to_string(column.type.max_length));
    }
    if (column.type.kind == TypeKind::decimal) {
      words.raw("precision", std::to_string(column.type.precision));
      words.raw("scale", std::to_string(column.type.scale));
    }
    words.flag("primary_key", is_key)
        .flag("autoincrement", column.autoincrement);
    words.text("default_sql", column.default_sql);
    words.text("collate", column.collate).text("generated", column.generated);
    words.flag("stored", column.stored);
    for (gen::Check& check : table.checks) {
      if (check.column != column.name) continue;
      words.text("check", check.sql);
      check.name.clear();
    }
    std::string text;
    if (dice_.chance(50) && column.comment.find('\n') == std::string::npos &&
        !column.comment.empty()) {
      text = "  /// " + column.comment + "\n";
    } else {
      words.text("comment", column.comment);
    }
    const std::string type = type_text(column.type);
    text += "  SG_COLUMN(" + words.str() + ") " +
            (column.nullable ? "std::optional<" + type + ">" : type) + " " +
            member_name(index);
    if (column.default_value) {
      if (column.default_value->text == "-1e20") {
        column.default_value->text = "-1e+20";
      }
      const auto value = constant(column.type, *column.default_value);
      if (value) text += " = " + *value;
      if (!value) column.default_value.reset();
    }
    return text + ";\n";
  }

  static std::string member_name(std::size_t index) {
    return "m" + std::to_string(index);
  }

  static Names members(const Table& table, const Names& columns) {
    Names names;
    for (const std::string& column : columns) {
      std::size_t at = 0;
      while (table.columns[at].name != column) ++at;
      names.push_back(member_name(at));
    }
    return names;
  }

  std::string head_of(const Table& table) const {
    Words words;
    words.text("name", table.name).text("schema", table.schema);
    words.text("comment", table.comment).flag("strict", table.strict);
    words.flag("without_rowid", table.without_rowid);
    return "SG_TABLE(" + words.str() + ")\n";
  }

  std::string keys_of(const Table& table) const {
    std::string text;
    if (table.primary_key.size() > 1) {
      text += "SG_PRIMARY_KEY(" +
              Words().list("columns", members(table, table.primary_key)).str() +
              ")\n";
    }
    for (const gen::Unique& unique : table.uniques) {
      Words words;
      words.list("columns", members(table, unique.columns));
      text += "SG_UNIQUE(" + words.text("name", unique.name).str() + ")\n";
    }
    for (const gen::Check& check : table.checks) {
      if (!check.column.empty()) continue;
      Words words;
      words.text("sql", check.sql).text("name", check.name);
      text += "SG_CHECK(" + words.str() + ")\n";
    }
    return text;
  }

  static std::string index_of(const Table& table, const gen::Index& index) {
    Names all, down;
    for (const gen::IndexColumn& column : index.columns) {
      all.push_back(column.name);
      if (column.descending) down.push_back(column.name);
    }
    Words words;
    words.list("columns", members(table, all));
    words.list("descending", members(table, down));
    words.flag("unique", index.unique).text("name", index.name);
    words.text("where", index.where).text("method", index.method);
    words.text("expression", index.expression);
    return "SG_INDEX(" + words.str() + ")\n";
  }

  std::string foreign_key_of(const Table& table,
                             const gen::ForeignKey& key) const {
    std::size_t target = 0;
    while (schema_.tables[target].name != key.table ||
           schema_.tables[target].schema != key.schema) {
      ++target;
    }
    Words words;
    words.list("columns", members(table, key.columns));
    words.text("references", "T" + std::to_string(target));
    words.list("to", members(schema_.tables[target], key.references));
    words.action("on_delete", key.on_delete);
    words.action("on_update", key.on_update).text("name", key.name);
    return "SG_FOREIGN_KEY(" + words.str() + ")\n";
  }

  std::string write_table(std::size_t number) {
    Table& table = schema_.tables[number];
    Names lines;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      lines.push_back(write_member(table, i));
    }
    std::string text = "struct " + head_of(table) + keys_of(table);
    for (const gen::Index& index : table.indexes) {
      text += index_of(table, index);
    }
    for (const gen::ForeignKey& key : table.foreign_keys) {
      text += foreign_key_of(table, key);
    }
    text += "T" + std::to_string(number) + " {\n";
    while (!lines.empty()) {
      const std::size_t next = dice_.below(lines.size());
      text += lines[next];
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(next));
    }
    return text + "};\n";
  }

  Schema& schema_;
  Dice& dice_;
};

}  // namespace

std::string header_text(Schema& schema, Dice& dice) {
  return HeaderWriter(schema, dice).write();
}

}  // namespace schemagen::test
