// Enums that are types of their own. A value that ALTER TYPE ... ADD VALUE made
// cannot be used before the transaction ends, so it serves only where nothing
// in the plan uses it; for all else the type is made anew and the columns are
// cast over.
#include <algorithm>

#include "dialect/postgres_plan.hpp"
#include "model/names.hpp"
#include "plan/order.hpp"

namespace schemagen::gen::postgres {
namespace {

bool is_native(const Enum* e) {
  return e != nullptr && e->storage == EnumStorage::native;
}

std::string old_name(const std::string& name) {
  return shorten(name + "__schemagen_old");
}

std::string create_type_sql(const Enum& e) {
  std::string list;
  for (const EnumValue& value : e.values) {
    list += (list.empty() ? "" : ", ") + quote_text(value.name);
  }
  return "CREATE TYPE " + quote(e.name) + " AS ENUM (" + list + ")";
}

/// Without what a literal doubles or escapes.
std::string plain(std::string text) {
  const auto is_escaped = [](char c) { return c == '\'' || c == '\\'; };
  text.erase(std::remove_if(text.begin(), text.end(), is_escaped), text.end());
  return text;
}

/// Rather once too often than not.
bool has_text(const std::string& sql, const std::string& value) {
  return !sql.empty() && plain(sql).find(plain(value)) != std::string::npos;
}

bool uses(const Column& column, const std::string& value) {
  return (column.default_value && column.default_value->text == value) ||
         has_text(column.default_sql, value) ||
         has_text(column.generated, value) ||
         has_text(column.backfill, value) || has_text(column.using_sql, value);
}

bool uses(const Table& table, const std::string& value) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const Column& c) { return uses(c, value); }) ||
         std::any_of(table.checks.begin(), table.checks.end(),
                     [&](const Check& c) { return has_text(c.sql, value); }) ||
         std::any_of(
             table.indexes.begin(), table.indexes.end(), [&](const Index& i) {
               return has_text(i.where, value) || has_text(i.expression, value);
             });
}

/// The plan brings values of another kind into the type.
bool casts_into(const Plan& plan, const Enum& e) {
  return std::any_of(plan.changes.begin(), plan.changes.end(),
                     [&](const Change& change) {
                       auto* c = std::get_if<AlterColumn>(&change);
                       return c != nullptr && c->to.type.enum_name == e.name &&
                              c->from.type != c->to.type;
                     });
}

bool only_adds(const AlterEnum& c) {
  if (!c.renamed.empty()) return false;
  std::size_t at = 0;
  for (const EnumValue& value : c.to.values) {
    if (at < c.from.values.size() && c.from.values[at].name == value.name) ++at;
  }
  return at == c.from.values.size();
}

bool can_add(const Plan& plan, const AlterEnum& c) {
  if (!only_adds(c) || casts_into(plan, c.to)) return false;
  for (const EnumValue& value : c.to.values) {
    if (c.from.find_value(value.name) != nullptr) continue;
    const bool used = std::any_of(
        plan.to.tables.begin(), plan.to.tables.end(),
        [&](const Table& table) { return uses(table, value.name); });
    if (used) return false;
  }
  return true;
}

/// Values keep their places and only some names are new.
bool only_renames(const AlterEnum& c) {
  if (c.from.values.size() != c.to.values.size()) return false;
  for (std::size_t i = 0; i < c.from.values.size(); ++i) {
    const std::string& before = c.from.values[i].name;
    const std::string& after = c.to.values[i].name;
    if (before == after) continue;
    const bool named = std::find(c.renamed.begin(), c.renamed.end(),
                                 std::pair(before, after)) != c.renamed.end();
    if (!named || c.from.find_value(after) != nullptr) return false;
  }
  return true;
}

void add_values(const AlterEnum& c, Statements& out) {
  std::string before;
  for (const EnumValue& value : c.to.values) {
    if (c.from.find_value(value.name) == nullptr) {
      std::string sql = "ALTER TYPE " + quote(c.to.name) + " ADD VALUE " +
                        quote_text(value.name);
      if (!before.empty()) {
        sql += " AFTER " + quote_text(before);
      } else if (!c.from.values.empty()) {
        sql += " BEFORE " + quote_text(c.from.values.front().name);
      }
      out.add(std::move(sql),
              "add value " + value.name + " to enum " + c.to.name);
    }
    before = value.name;
  }
}

void alter(const Rendering& rendering, const AlterEnum& c, Statements& out) {
  if (!is_native(&c.to)) return;
  if (!is_native(&c.from)) {
    out.add(create_type_sql(c.to), "enum " + c.to.name + " becomes a type");
  } else if (rendering.renewed_enums.count(c.to.name) != 0) {
    out.add("ALTER TYPE " + quote(c.to.name) + " RENAME TO " +
                quote(old_name(c.to.name)),
            "make enum " + c.to.name +
                " anew: its values cannot be removed, moved or used at once");
    out.add(create_type_sql(c.to), "");
  } else if (only_renames(c)) {
    for (std::size_t i = 0; i < c.from.values.size(); ++i) {
      const std::string& before = c.from.values[i].name;
      const std::string& after = c.to.values[i].name;
      if (before == after) continue;
      out.add("ALTER TYPE " + quote(c.to.name) + " RENAME VALUE " +
                  quote_text(before) + " TO " + quote_text(after),
              "rename value " + before + " of enum " + c.to.name);
    }
  } else {
    add_values(c, out);
  }
}

/// Gone types whose name another one takes make way at once.
std::set<std::string> names_in_way(const Rendering& rendering) {
  std::set<std::string> names;
  for (const Change& change : rendering.plan.changes) {
    auto* gone = std::get_if<DropEnum>(&change);
    if (gone == nullptr || !is_native(&gone->value)) continue;
    if (is_native(rendering.to().find_enum(gone->value.name))) {
      names.insert(gone->value.name);
    }
  }
  return names;
}

void rename_types(const Rendering& rendering, Statements& out) {
  std::vector<std::pair<TableName, TableName>> renames;
  std::set<TableName> names;
  for (const Enum& e : rendering.plan.from.enums) names.insert({"", e.name});
  for (const Enum& e : rendering.to().enums) names.insert({"", e.name});
  for (const Change& change : rendering.plan.changes) {
    auto* c = std::get_if<RenameEnum>(&change);
    if (c == nullptr) continue;
    if (!is_native(rendering.plan.from.find_enum(c->from))) continue;
    renames.push_back({{"", c->from}, {"", c->to}});
  }
  for (auto& [from, to] : order_renames(std::move(renames), names)) {
    out.add("ALTER TYPE " + quote(from.name) + " RENAME TO " + quote(to.name),
            "rename enum " + from.name + " to " + to.name);
  }
}

}  // namespace

void create_types(const Rendering& rendering, Statements& out) {
  for (const std::string& name : names_in_way(rendering)) {
    out.add("ALTER TYPE " + quote(name) + " RENAME TO " + quote(old_name(name)),
            "make way for the enum that takes its name");
  }
  rename_types(rendering, out);
  for (const Change& change : rendering.plan.changes) {
    if (auto* made = std::get_if<CreateEnum>(&change)) {
      if (!is_native(&made->value)) continue;
      out.add(create_type_sql(made->value), "create enum " + made->value.name);
    } else if (auto* altered = std::get_if<AlterEnum>(&change)) {
      alter(rendering, *altered, out);
    }
  }
}

void drop_types(const Rendering& rendering, Statements& out) {
  const std::set<std::string> moved = names_in_way(rendering);
  for (const Change& change : rendering.plan.changes) {
    if (auto* gone = std::get_if<DropEnum>(&change)) {
      if (!is_native(&gone->value)) continue;
      const std::string& name = gone->value.name;
      out.add("DROP TYPE " + quote(moved.count(name) ? old_name(name) : name),
              "drop enum " + name);
    } else if (auto* c = std::get_if<AlterEnum>(&change)) {
      const std::string& name = c->to.name;
      if (rendering.renewed_enums.count(name) != 0) {
        out.add("DROP TYPE " + quote(old_name(name)),
                "the old form of enum " + name);
      } else if (is_native(&c->from) && !is_native(&c->to)) {
        out.add("DROP TYPE " + quote(name), "enum " + name + " is no type now");
      }
    }
  }
}

bool is_renewed(const Plan& plan, const AlterEnum& c) {
  if (!is_native(&c.from) || !is_native(&c.to)) return false;
  return !only_renames(c) && !can_add(plan, c);
}

std::map<std::string, std::string> value_map(const Rendering& rendering,
                                             const Enum& from, const Enum& to) {
  std::map<std::string, std::string> map;
  for (const EnumValue& value : to.values) {
    auto renamed = rendering.identity.values.find({to.name, value.name});
    const bool is_same = from.name == to.name;
    const std::string& before =
        is_same && renamed != rendering.identity.values.end() ? renamed->second
                                                              : value.name;
    const EnumValue* old = from.find_value(before);
    if (old != nullptr) map[stored_text(from, *old)] = stored_text(to, value);
  }
  return map;
}

std::vector<std::string> removed_values(const Rendering& rendering,
                                        const Enum& from, const Enum& to) {
  const auto map = value_map(rendering, from, to);
  std::vector<std::string> removed;
  for (const EnumValue& value : from.values) {
    const std::string text = stored_text(from, value);
    if (map.count(text) == 0) removed.push_back(text);
  }
  return removed;
}

}  // namespace schemagen::gen::postgres
