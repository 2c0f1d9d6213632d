// Part of random_history.cpp: the model on its way, what makes it whole again
// after an edit, and the consents of a user between two versions.
#pragma once

using namespace gen;

using Names = std::vector<std::string>;

const Names kColumnNames = {
    "name",  "email", "select", "we\"ird", "größe", "two words",
    "Upper", "score", "it's",   "a.b",     "note",  "amount",
    "from",  "x",     "y",      "kind",    "ref",   "semi;colon",
    "a=b",   "NAME",  "-- no",  "$1",      "new",   "old"};
const Names kTableNames = {"users", "teams",  "order",    "Mixed", "USERS",
                           "logs",  "größen", "my table", "t\"q",  "a.t"};
const Names kValueNames = {"alpha", "beta", "it's", "omega", "Alpha", "größer"};
const std::vector<TypeKind> kKinds = {
    TypeKind::boolean,     TypeKind::int8,        TypeKind::int16,
    TypeKind::int32,       TypeKind::int32,       TypeKind::int64,
    TypeKind::uint8,       TypeKind::uint16,      TypeKind::uint32,
    TypeKind::uint64,      TypeKind::uint64,      TypeKind::float32,
    TypeKind::float64,     TypeKind::text,        TypeKind::text,
    TypeKind::text,        TypeKind::blob,        TypeKind::timestamp,
    TypeKind::date,        TypeKind::duration,    TypeKind::decimal,
    TypeKind::time_of_day, TypeKind::uuid,        TypeKind::json,
    TypeKind::enumeration, TypeKind::enumeration, TypeKind::local_time};

std::string quoted(const std::string& name) {
  return find_dialect("sqlite")->quote(name);
}

template <class List, class Test>
void erase_if(List& list, Test test) {
  list.erase(std::remove_if(list.begin(), list.end(), test), list.end());
}

bool has(const Names& names, const std::string& name) {
  return std::count(names.begin(), names.end(), name) != 0;
}

bool is_integer_kind(TypeKind kind) {
  return kind >= TypeKind::int8 && kind <= TypeKind::uint32;
}

Column* find(Table& table, const std::string& name) {
  for (Column& column : table.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

/// Everything in which SQL of the user or a list of names mentions columns.
template <class NameVisitor, class SqlVisitor>
void visit_mentions(Table& table, NameVisitor name, SqlVisitor sql) {
  for (std::string& each : table.primary_key) name(each);
  for (Unique& unique : table.uniques) {
    for (std::string& each : unique.columns) name(each);
  }
  for (Index& index : table.indexes) {
    for (IndexColumn& column : index.columns) name(column.name);
    sql(index.where);
    sql(index.expression);
  }
  for (Check& check : table.checks) {
    name(check.column);
    sql(check.sql);
  }
  for (ForeignKey& key : table.foreign_keys) {
    for (std::string& each : key.columns) name(each);
  }
  for (Column& column : table.columns) sql(column.generated);
}

bool sql_mentions(const std::string& sql, const std::string& column) {
  return sql.find(quoted(column)) != std::string::npos;
}

bool is_in_sql(Table& table, const std::string& column) {
  bool found = false;
  visit_mentions(
      table, [](const std::string&) {},
      [&](const std::string& sql) {
        found = found || sql_mentions(sql, column);
      });
  return found;
}

void rename_in_sql(std::string& sql, const std::string& from,
                   const std::string& to) {
  const std::string old = quoted(from), now = quoted(to);
  for (std::size_t at = sql.find(old); at != std::string::npos;
       at = sql.find(old, at + now.size())) {
    sql.replace(at, old.size(), now);
  }
}

/// The model on its way. Tables, columns, enums and values carry an identity
/// that no edit changes (entity, member, cpp_name, line), from which the
/// consents of a version follow.
struct Draft {
  Schema schema;
  Names edits;
  int serial = 0;
  /// Of columns whose `.backfill` or `.using_sql` computes with another one
  /// (or with what they were): their members.
  std::map<std::string, std::string> sources;

  Table* some_table(Dice& dice) {
    return schema.tables.empty() ? nullptr : &dice.pick(schema.tables);
  }
  Table* find_table(const std::string& in, const std::string& name) {
    for (Table& table : schema.tables) {
      if (table.name == name && table.schema == in) return &table;
    }
    return nullptr;
  }
  Enum* find_enum(const std::string& name) {
    for (Enum& e : schema.enums) {
      if (e.name == name) return &e;
    }
    return nullptr;
  }
};

// What an edit leaves behind in a shape that no header could have -------------

bool may_be_key(const Column& column) {
  return !column.nullable && column.generated.empty() &&
         column.type.kind != TypeKind::json;
}

bool is_unique_target(const Table& table, const Names& columns) {
  auto same = [&](Names other) {
    Names mine = columns;
    std::sort(mine.begin(), mine.end());
    std::sort(other.begin(), other.end());
    return mine == other;
  };
  if (same(table.primary_key)) return true;
  return std::any_of(table.uniques.begin(), table.uniques.end(),
                     [&](const Unique& u) { return same(u.columns); });
}

bool needs_null(Action action) { return action == Action::set_null; }

bool is_sound(Draft& draft, Table& table, const ForeignKey& key) {
  Table* target = draft.find_table(key.schema, key.table);
  if (target == nullptr || !is_unique_target(*target, key.references)) {
    return false;
  }
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const Column* from = find(table, key.columns[i]);
    const Column* to = find(*target, key.references[i]);
    if (from == nullptr || to == nullptr || from->type != to->type ||
        !from->generated.empty() || !to->generated.empty() ||
        from->type.kind == TypeKind::enumeration) {
      return false;
    }
    if ((needs_null(key.on_delete) || needs_null(key.on_update)) &&
        !from->nullable) {
      return false;
    }
    if ((key.on_delete == Action::set_default) && !from->nullable &&
        !from->default_value) {
      return false;
    }
  }
  return true;
}

/// No header can initialise with an enumerator that is gone.
void forget_lost_value(Draft& draft, Column& column) {
  const Enum* e = draft.find_enum(column.type.enum_name);
  if (e == nullptr || !column.default_value) return;
  const bool known = std::any_of(
      e->values.begin(), e->values.end(), [&](const EnumValue& value) {
        return value.name == column.default_value->text;
      });
  if (!known) column.default_value->text = e->values.front().name;
}

void repair(Draft& draft, Table& table) {
  Names key;
  for (const std::string& name : table.primary_key) {
    const Column* column = find(table, name);
    if (column != nullptr && may_be_key(*column)) key.push_back(name);
  }
  if (key.empty()) {
    for (const Column& column : table.columns) {
      if (is_row_name(column)) key = {column.name};
    }
  }
  table.primary_key = key;
  for (Column& column : table.columns) {
    if (table.without_rowid || key.size() != 1 || key[0] != column.name) {
      column.autoincrement = false;
    }
    if (column.autoincrement) column.default_value.reset();
    forget_lost_value(draft, column);
  }
}

void repair(Draft& draft) {
  for (Table& table : draft.schema.tables) repair(draft, table);
  bool more = true;
  while (more) {
    more = false;
    for (Table& table : draft.schema.tables) {
      const std::size_t count = table.foreign_keys.size();
      erase_if(table.foreign_keys, [&](const ForeignKey& key) {
        return !is_sound(draft, table, key);
      });
      more = more || table.foreign_keys.size() != count;
    }
  }
}

// Values out of the old row ---------------------------------------------------

bool is_number(const Type& type) {
  return type.sql.empty() &&
         (is_integer_kind(type.kind) || type.kind == TypeKind::uint64);
}

/// `to` can be computed from `from` in SQL that both engines read.
bool is_computable(const Type& from, const Type& to) {
  if (to.kind == TypeKind::text) return from.kind != TypeKind::blob;
  return is_number(from) && is_number(to);
}

/// Writes `.backfill` and `.using_sql` of computed columns: over the old row,
/// whose columns have their new names or, where they go, their old ones.
class SourceWriter {
 public:
  SourceWriter(const Schema& before,
               const std::map<std::string, std::string>& sources)
      : before_(before), sources_(sources) {}

  void run(Schema& schema) const {
    for (Table& table : schema.tables) {
      const Table* old = nullptr;
      for (const Table& each : before_.tables) {
        if (each.entity == table.entity) old = &each;
      }
      for (Column& column : table.columns) {
        auto source = sources_.find(column.member);
        if (source == sources_.end() || old == nullptr) continue;
        write(table, *old, source->second, column);
      }
    }
  }

 private:
  static const Column* by_member(const Table& table,
                                 const std::string& member) {
    for (const Column& column : table.columns) {
      if (column.member == member) return &column;
    }
    return nullptr;
  }

  static void write(Table& table, const Table& old, const std::string& source,
                    Column& column) {
    const Column* before = by_member(old, source);
    if (before == nullptr) return;
    const bool is_itself = source == column.member;
    const Column* now = by_member(table, source);
    if (now == nullptr && find(table, before->name) != nullptr) return;
    if (!is_computable(before->type, column.type)) return;
    const std::string sql = expression(
        quoted(now != nullptr ? now->name : before->name), column.type);
    if (is_itself && !column.using_sql.empty()) column.using_sql = sql;
    if (!is_itself && by_member(old, column.member) == nullptr) {
      column.backfill = sql;
    }
  }

  static std::string expression(const std::string& source, const Type& type) {
    if (type.kind != TypeKind::text) {
      return "abs(coalesce(" + source + ", 0) % 100)";
    }
    const int length = type.max_length > 0 ? type.max_length : 60;
    return "substr(coalesce(CAST(" + source + " AS TEXT), '-'), 1, " +
           std::to_string(length) + ")";
  }

  const Schema& before_;
  const std::map<std::string, std::string>& sources_;
};

// Consents --------------------------------------------------------------------

class ConsentFinder {
 public:
  ConsentFinder(const Schema& before, Schema& after, Dice& dice)
      : before_(before), after_(after), dice_(dice) {}

  Consents run() {
    for (const Table& old : before_.tables) {
      const std::string name = display(name_of(old));
      Table* now = successor(old);
      if (now == nullptr) {
        consents_.drops.push_back(name);
        continue;
      }
      const std::string new_name = display(name_of(*now));
      if (new_name != name) rename_table(old, *now);
      columns(old, *now, new_name);
    }
    for (const Enum& old : before_.enums) values(old);
    return std::move(consents_);
  }

 private:
  Table* successor(const Table& old) {
    for (Table& table : after_.tables) {
      if (table.entity == old.entity) return &table;
    }
    return nullptr;
  }

  void rename_table(const Table& old, Table& now) {
    const bool free = std::none_of(
        after_.tables.begin(), after_.tables.end(), [&](const Table& t) {
          return fold_case(t.name) == fold_case(old.name);
        });
    if (free && old.schema == now.schema && dice_.chance(50)) {
      now.renamed_from = old.name;
    } else {
      now.renamed_from.clear();
      consents_.renames.push_back(display(name_of(old)) + "=" +
                                  display(name_of(now)));
    }
  }

  void columns(const Table& old, Table& now, const std::string& name) {
    for (const Column& column : old.columns) {
      Column* same = nullptr;
      for (Column& each : now.columns) {
        if (each.member == column.member) same = &each;
      }
      if (same == nullptr) {
        if (column.generated.empty() || is_taken(now, column.name)) {
          consents_.drops.push_back(name + "." + column.name);
        }
      } else if (same->name != column.name) {
        rename_column(old, column, now, *same, name);
      } else if (column.generated.empty() && !same->generated.empty()) {
        consents_.drops.push_back(name + "." + column.name);
      }
    }
  }

  static bool is_taken(const Table& table, const std::string& name) {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [&](const Column& c) { return c.name == name; });
  }

  void rename_column(const Table& old, const Column& column, const Table& now,
                     Column& same, const std::string& name) {
    const bool free =
        !is_taken(now, column.name) &&
        std::none_of(old.columns.begin(), old.columns.end(),
                     [&](const Column& c) { return c.name == same.name; });
    if (free && dice_.chance(50)) {
      same.renamed_from = column.name;
      return;
    }
    same.renamed_from.clear();
    consents_.renames.push_back(name + "." + column.name + "=" + same.name);
  }

  void values(const Enum& old) {
    for (const Enum& now : after_.enums) {
      if (now.cpp_name != old.cpp_name) continue;
      if (now.name != old.name) {
        consents_.renames.push_back("enum:" + old.name + "=" + now.name);
      }
      for (const EnumValue& value : old.values) one_value(old, value, now);
      return;
    }
  }

  void one_value(const Enum& old, const EnumValue& value, const Enum& now) {
    const std::string name = "enum:" + old.name + "." + value.name;
    for (const EnumValue& each : now.values) {
      if (each.at.line != value.at.line) continue;
      if (each.name != value.name) {
        consents_.renames.push_back(name + "=" + each.name);
      }
      return;
    }
    consents_.drops.push_back(name);
  }

  const Schema& before_;
  Schema& after_;
  Dice& dice_;
  Consents consents_;
};
