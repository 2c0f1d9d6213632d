// A plan in words: the lines of `diff`, the head of a script, the name of a
// migration. The runtime reads the heads of down scripts again (core/undo.cpp).
#include <algorithm>
#include <set>

#include "plan/identity.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {
namespace {

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += ", ";
    text += part;
  }
  return text;
}

std::string type_words(const Type& type) {
  if (!type.sql.empty()) return type.sql.begin()->second;
  if (type.kind == TypeKind::enumeration) return "enum " + type.enum_name;
  std::string words = type_kind_name(type.kind);
  if (type.kind == TypeKind::decimal && type.precision > 0) {
    words += "(" + std::to_string(type.precision) + ", " +
             std::to_string(type.scale) + ")";
  } else if (type.max_length > 0) {
    words += "(" + std::to_string(type.max_length) + ")";
  }
  return words;
}

std::string default_words(const Column& column) {
  if (!column.default_sql.empty()) return column.default_sql;
  if (!column.default_value) return "none";
  return column.default_value->kind == Literal::Kind::null
             ? "null"
             : column.default_value->text;
}

std::string columns_of(const Index& index) {
  if (!index.expression.empty()) return index.expression;
  std::vector<std::string> names;
  for (const IndexColumn& column : index.columns) {
    names.push_back(column.name + (column.descending ? " descending" : ""));
  }
  return join(names);
}

std::string index_words(const char* verb, const TableName& table,
                        const Index& index) {
  std::string text = verb;
  text += index.unique ? " unique index " : " index ";
  if (!index.name.empty()) text += index.name + " ";
  text += "on " + display(table) + " (" + columns_of(index) + ")";
  if (!index.where.empty()) text += " where " + index.where;
  return text;
}

std::string check_words(const char* verb, const TableName& table,
                        const Check& check) {
  std::string text = std::string(verb) + " check ";
  if (!check.name.empty()) text += check.name + " ";
  return text + "on " + display(table) + " (" + check.sql + ")";
}

std::string key_words(const char* verb, const TableName& table,
                      const ForeignKey& key) {
  return std::string(verb) + " foreign key " + display(table) + " (" +
         join(key.columns) + ") to " + display({key.schema, key.table}) + " (" +
         join(key.references) + ")";
}

std::string renaming_words(const std::string& from, const std::string& to) {
  return "rename " + from + " to " + to;
}

std::string column_changes(const Column& from, const Column& to) {
  std::vector<std::string> parts;
  auto changed = [&](const char* what, const std::string& before,
                     const std::string& after) {
    if (before == after) return;
    parts.push_back(std::string(what) + " " +
                    (before.empty() ? "none" : before) + " -> " +
                    (after.empty() ? "none" : after));
  };
  if (from.type != to.type) {
    parts.push_back("type " + type_words(from.type) + " -> " +
                    type_words(to.type));
  }
  if (from.nullable != to.nullable) {
    parts.push_back(to.nullable ? "becomes optional" : "becomes NOT NULL");
  }
  changed("default", default_words(from), default_words(to));
  changed("generated", from.generated, to.generated);
  changed("collation", from.collate, to.collate);
  if (from.comment != to.comment) parts.push_back("comment");
  if (from.autoincrement != to.autoincrement) {
    parts.push_back(to.autoincrement ? "autoincrement" : "no autoincrement");
  }
  if (from.stored != to.stored) {
    parts.push_back(to.stored ? "stored" : "not stored");
  }
  return join(parts);
}

struct Describe {
  std::string operator()(const CreateEnum& c) const {
    return "create enum " + c.value.name;
  }
  std::string operator()(const DropEnum& c) const {
    return "drop enum " + c.value.name;
  }
  std::string operator()(const RenameEnum& c) const {
    return renaming_words("enum " + c.from, c.to);
  }
  std::string operator()(const AlterEnum& c) const;
  std::string operator()(const CreateTable& c) const {
    std::vector<std::string> names;
    for (const Column* column : c.table.columns_in_order()) {
      names.push_back(column->name);
    }
    return "create table " + display(name_of(c.table)) + " (" + join(names) +
           ")";
  }
  std::string operator()(const DropTable& c) const {
    return "drop table " + display(name_of(c.table));
  }
  std::string operator()(const RenameTable& c) const {
    return renaming_words("table " + display(c.from), display(c.to));
  }
  std::string operator()(const AlterTableOptions& c) const;
  std::string operator()(const AddColumn& c) const {
    return "add column " + display(c.table) + "." + c.column.name + " (" +
           type_words(c.column.type) +
           (c.column.nullable ? ", optional)" : ")");
  }
  std::string operator()(const DropColumn& c) const {
    return "drop column " + display(c.table) + "." + c.column.name;
  }
  std::string operator()(const RenameColumn& c) const {
    return renaming_words("column " + display(c.table) + "." + c.from, c.to);
  }
  std::string operator()(const AlterColumn& c) const {
    return "change column " + display(c.table) + "." + c.to.name + " (" +
           column_changes(c.from, c.to) + ")";
  }
  std::string operator()(const AlterPrimaryKey& c) const {
    return "change primary key of " + display(c.table) + " from (" +
           join(c.from) + ") to (" + join(c.to) + ")";
  }
  std::string operator()(const AddUnique& c) const {
    return "add unique " + display(c.table) + " (" + join(c.value.columns) +
           ")";
  }
  std::string operator()(const DropUnique& c) const {
    return "drop unique " + display(c.table) + " (" + join(c.value.columns) +
           ")";
  }
  std::string operator()(const AddIndex& c) const {
    return index_words("add", c.table, c.value);
  }
  std::string operator()(const DropIndex& c) const {
    return index_words("drop", c.table, c.value);
  }
  std::string operator()(const AddCheck& c) const {
    return check_words("add", c.table, c.value);
  }
  std::string operator()(const DropCheck& c) const {
    return check_words("drop", c.table, c.value);
  }
  std::string operator()(const AddForeignKey& c) const {
    return key_words("add", c.table, c.value);
  }
  std::string operator()(const DropForeignKey& c) const {
    return key_words("drop", c.table, c.value);
  }
};

const char* storage_words(EnumStorage storage) {
  switch (storage) {
    case EnumStorage::text:
      return "text";
    case EnumStorage::integer:
      return "integer";
    case EnumStorage::native:
      return "native";
  }
  return "";
}

std::string Describe::operator()(const AlterEnum& c) const {
  std::vector<std::string> parts;
  std::set<std::string> old_names, new_names;
  for (const auto& [from, to] : c.renamed) {
    parts.push_back(renaming_words(from, to));
    old_names.insert(from);
    new_names.insert(to);
  }
  for (const EnumValue& value : c.to.values) {
    if (new_names.count(value.name) != 0) continue;
    const EnumValue* old = c.from.find_value(value.name);
    if (old == nullptr) {
      parts.push_back("add " + value.name);
    } else if (c.to.storage == EnumStorage::integer &&
               c.from.storage == EnumStorage::integer &&
               old->number != value.number) {
      parts.push_back("renumber " + value.name);
    }
  }
  for (const EnumValue& value : c.from.values) {
    if (old_names.count(value.name) == 0 &&
        c.to.find_value(value.name) == nullptr) {
      parts.push_back("drop " + value.name);
    }
  }
  if (c.from.storage != c.to.storage) {
    parts.push_back(std::string("stored as ") + storage_words(c.to.storage));
  }
  if (parts.empty()) parts.push_back("reorder");
  return "change enum " + c.to.name + " (" + join(parts) + ")";
}

std::string Describe::operator()(const AlterTableOptions& c) const {
  std::vector<std::string> parts;
  if (c.from.comment != c.to.comment) parts.push_back("comment");
  if (c.from.strict != c.to.strict) {
    parts.push_back(c.to.strict ? "strict" : "not strict");
  }
  if (c.from.without_rowid != c.to.without_rowid) {
    parts.push_back(c.to.without_rowid ? "without rowid" : "with rowid");
  }
  return "change table " + display(name_of(c.to)) + " (" + join(parts) + ")";
}

/// The words of a change's name, the most telling kind first.
struct Name {
  int weight = 0;
  std::string words;
};

struct Naming {
  static std::string of(const TableName& table, const std::string& column) {
    return table.name + "_" + column;
  }
  Name operator()(const CreateEnum& c) const {
    return {1, "create_" + c.value.name};
  }
  Name operator()(const DropEnum& c) const {
    return {1, "drop_" + c.value.name};
  }
  Name operator()(const RenameEnum& c) const {
    return {6, "rename_" + c.from + "_to_" + c.to};
  }
  Name operator()(const AlterEnum& c) const {
    return {5, "change_" + c.to.name};
  }
  Name operator()(const CreateTable& c) const {
    return {9, "create_" + c.table.name};
  }
  Name operator()(const DropTable& c) const {
    return {8, "drop_" + c.table.name};
  }
  Name operator()(const RenameTable& c) const {
    return {8, "rename_" + c.from.name + "_to_" + c.to.name};
  }
  Name operator()(const AlterTableOptions& c) const {
    return {3, "change_" + c.to.name};
  }
  Name operator()(const AddColumn& c) const {
    return {7, "add_" + of(c.table, c.column.name)};
  }
  Name operator()(const DropColumn& c) const {
    return {7, "drop_" + of(c.table, c.column.name)};
  }
  Name operator()(const RenameColumn& c) const {
    return {7, "rename_" + of(c.table, c.from) + "_to_" + c.to};
  }
  Name operator()(const AlterColumn& c) const {
    return {6, "change_" + of(c.table, c.to.name)};
  }
  Name operator()(const AlterPrimaryKey& c) const {
    return {5, "change_" + c.table.name + "_key"};
  }
  Name operator()(const AddUnique& c) const {
    return {4, "unique_" + c.table.name + "_" + list(c.value.columns)};
  }
  Name operator()(const DropUnique& c) const {
    return {3, "drop_unique_" + c.table.name + "_" + list(c.value.columns)};
  }
  Name operator()(const AddIndex& c) const {
    return {4, "index_" + c.table.name + index_list(c.value)};
  }
  Name operator()(const DropIndex& c) const {
    return {3, "drop_index_" + c.table.name + index_list(c.value)};
  }
  Name operator()(const AddCheck& c) const {
    return {4, "check_" + c.table.name};
  }
  Name operator()(const DropCheck& c) const {
    return {3, "drop_check_" + c.table.name};
  }
  Name operator()(const AddForeignKey& c) const {
    return {4, "link_" + c.table.name + "_to_" + c.value.table};
  }
  Name operator()(const DropForeignKey& c) const {
    return {3, "unlink_" + c.table.name + "_from_" + c.value.table};
  }
  static std::string list(const std::vector<std::string>& columns) {
    std::string text;
    for (const std::string& column : columns) {
      text += (text.empty() ? "" : "_") + column;
    }
    return text;
  }
  static std::string index_list(const Index& index) {
    std::string text;
    for (const IndexColumn& column : index.columns) text += "_" + column.name;
    return text;
  }
};

/// Lower-case letters, digits and single underscores: the grammar of names.
std::string slug(const std::string& words) {
  std::string text;
  for (const char c : words) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || upper;
    if (word) {
      text += static_cast<char>(upper ? c - 'A' + 'a' : c);
    } else if (!text.empty() && text.back() != '_') {
      text += '_';
    }
  }
  constexpr std::size_t kLongest = 60;
  if (text.size() > kLongest) text.resize(kLongest);
  while (!text.empty() && text.back() == '_') text.pop_back();
  return text.empty() ? "change" : text;
}

}  // namespace

std::string describe(const Change& change) {
  return std::visit(Describe{}, change);
}

std::string derive_name(const Plan& plan) {
  std::vector<Name> names;
  std::size_t created = 0;
  for (const Change& change : plan.changes) {
    names.push_back(std::visit(Naming{}, change));
    if (std::holds_alternative<CreateTable>(change)) ++created;
  }
  if (names.empty()) return "empty";
  if (plan.from.tables.empty() && created > 1) return "initial";
  std::stable_sort(
      names.begin(), names.end(),
      [](const Name& a, const Name& b) { return a.weight > b.weight; });
  std::size_t equals = 0;
  for (const Name& name : names) equals += name.weight == names[0].weight;
  std::string words = names[0].words;
  if (equals == 2) words += "_and_" + names[1].words;
  if (equals > 2) words += "_and_more";
  return slug(words);
}

}  // namespace schemagen::gen
