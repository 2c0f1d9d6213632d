// What the user said, by flags and annotations, about which object became
// which. Enums come before tables and tables before columns: a later flag may
// name what an earlier one has renamed.
#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "model/diagnostics.hpp"
#include "model/text.hpp"
#include "plan/by_hand.hpp"
#include "plan/flags.hpp"
#include "plan/identity.hpp"
#include "plan/wishes.hpp"

namespace schemagen::gen {
namespace {

/// Finds what flags and annotations name, and how the two schemas belong
/// together. A local class because every step reads what earlier ones decided.
class Agreeing {
 public:
  Agreeing(const Schema& from, const Schema& to, const Consents& consents,
           Diagnostics& diagnostics)
      : from_(from),
        to_(to),
        diagnostics_(diagnostics),
        open_renames_(consents.renames),
        open_drops_(consents.drops) {}

  Agreement run() {
    take(open_renames_,
         [this](const std::string& f) { return enum_rename(f); });
    take(open_renames_,
         [this](const std::string& f) { return table_rename(f); });
    take(open_drops_, [this](const std::string& f) { return table_drop(f); });
    annotated_tables();
    move_tables(from_, to_, flagged_.tables, result_);
    replace_tables();
    take(open_renames_,
         [this](const std::string& f) { return value_rename(f); });
    take(open_drops_, [this](const std::string& f) { return enum_drop(f); });
    take(open_renames_,
         [this](const std::string& f) { return column_rename(f); });
    take(open_drops_, [this](const std::string& f) { return column_drop(f); });
    annotated_columns();
    move_columns(from_, to_, flagged_.columns, result_);
    move_values(from_, to_, flagged_.values, result_);
    for (const std::string& flag : open_renames_) {
      report_unmatched("rename", flag, from_, diagnostics_);
    }
    for (const std::string& flag : open_drops_) {
      report_unmatched("drop", flag, from_, diagnostics_);
    }
    return std::move(result_);
  }

 private:
  using Flags = std::vector<std::string>;

  static void take(Flags& flags,
                   const std::function<bool(const std::string&)>& takes) {
    flags.erase(std::remove_if(flags.begin(), flags.end(), takes), flags.end());
  }

  void error(std::string id, std::string message) {
    diagnostics_.error({}, std::move(id), std::move(message));
  }

  // Tables and enums --------------------------------------------------------

  bool table_rename(const std::string& flag) {
    for (const Split& cut : splits(flag, '=')) {
      const Table* old = find_displayed(from_, cut.left);
      if (old == nullptr) continue;
      const Table* now = find_displayed(to_, cut.right);
      if (now == nullptr && !old->schema.empty()) {
        now = to_.find_table(old->schema, cut.right);
      }
      if (now == nullptr) {
        error("unknown-rename",
              "--rename " + flag + ": there is no entity with the table " +
                  cut.right + suggest(cut.right, displayed_tables(to_)) +
                  "; give the name that the model has now");
        return true;
      }
      claim_table(name_of(*now), name_of(*old), "--rename " + flag, {});
      flagged_.tables.push_back(name_of(*now));
      return true;
    }
    return false;
  }

  void claim_table(const TableName& now, const TableName& old,
                   const std::string& source, const SourceLocation& at) {
    auto& renames = result_.identity.tables;
    for (const auto& [other, from] : renames) {
      if (!(from == old) && !(other == now)) continue;
      diagnostics_.error(at, "rename-conflict",
                         source + ": table " + display(from) +
                             " is already renamed to " + display(other) +
                             "; keep one of the two");
      return;
    }
    if (!(now == old)) renames[now] = old;
  }

  bool table_drop(const std::string& flag) {
    const Table* old = find_displayed(from_, flag);
    if (old == nullptr || is_enum_flag(flag)) return false;
    result_.dropped_tables.insert(name_of(*old));
    const std::string both =
        "--drop " + flag + ": table " + flag + " is renamed to ";
    for (const auto& [now, from] : result_.identity.tables) {
      if (from == name_of(*old)) {
        error("rename-conflict",
              both + display(now) + " in the same call; keep one of the two");
      }
    }
    return true;
  }

  /// Entities that only share their name with a table that was dropped.
  void replace_tables() {
    for (const TableName& name : result_.dropped_tables) {
      const Table* now = to_.find_table(name.schema, name.name);
      if (now == nullptr || result_.identity.tables.count(name) != 0) continue;
      if (*now == *from_.find_table(name.schema, name.name)) {
        still_declared(display(name), "table " + display(name));
      } else {
        result_.identity.replaced_tables.insert(name);
      }
    }
  }

  std::optional<Split> enum_sides(const std::string& flag) {
    if (!is_enum_flag(flag)) return std::nullopt;
    for (const Split& cut : splits(enum_words(flag), '=')) {
      if (from_.find_enum(cut.left) != nullptr) return cut;
    }
    return std::nullopt;
  }

  bool enum_rename(const std::string& flag) {
    auto cut = enum_sides(flag);
    if (!cut) return false;
    if (to_.find_enum(cut->right) == nullptr) {
      error("unknown-rename", "--rename " + flag + ": there is no enum " +
                                  cut->right +
                                  "; give the name that the model has now");
      return true;
    }
    result_.identity.enums[cut->right] = cut->left;
    return true;
  }

  bool enum_drop(const std::string& flag) {
    if (!is_enum_flag(flag)) return false;
    const std::string words = enum_words(flag);
    if (const Enum* old = from_.find_enum(words)) {
      if (to_.find_enum(old->name) != nullptr) still_declared(flag, words);
      return true;
    }
    return value_drop(flag, words);
  }

  /// The enum of `to` that continues `old`, or nullptr.
  const Enum* continued(const Enum& old) const {
    for (const auto& [now, from] : result_.identity.enums) {
      if (from == old.name) return to_.find_enum(now);
    }
    return to_.find_enum(old.name);
  }

  bool value_drop(const std::string& flag, const std::string& words) {
    for (const Split& cut : splits(words, '.')) {
      const Enum* old = from_enum(cut.left);
      const EnumValue* value =
          old == nullptr ? nullptr : find_named(*old, cut.right);
      if (value == nullptr) continue;
      const Enum* now = continued(*old);
      if (now == nullptr) return true;
      const bool is_replaced =
          result_.identity.values.count({now->name, value->name}) != 0;
      if (now->find_value(value->name) != nullptr && !is_replaced) {
        still_declared(flag, words);
      }
      result_.dropped_values.insert({now->name, value->name});
      return true;
    }
    return false;
  }

  /// By its old name, or by the new one of a rename in the same call.
  const Enum* from_enum(const std::string& name) const {
    if (const Enum* old = from_.find_enum(name)) return old;
    auto renamed = result_.identity.enums.find(name);
    return renamed == result_.identity.enums.end()
               ? nullptr
               : from_.find_enum(renamed->second);
  }

  bool value_rename(const std::string& flag) {
    if (!is_enum_flag(flag)) return false;
    for (const Split& sides : splits(enum_words(flag), '=')) {
      for (const Split& cut : splits(sides.left, '.')) {
        const Enum* old = from_enum(cut.left);
        const EnumValue* value =
            old == nullptr ? nullptr : find_named(*old, cut.right);
        if (value == nullptr) continue;
        const Enum* now = continued(*old);
        if (now != nullptr) claim_value(flag, *now, *value, sides.right);
        return now != nullptr;
      }
    }
    return false;
  }

  void claim_value(const std::string& flag, const Enum& now,
                   const EnumValue& value, const std::string& right) {
    const EnumValue* target = find_named(now, right);
    if (target == nullptr) {
      std::vector<std::string> names;
      for (const EnumValue& each : now.values) names.push_back(each.name);
      error("unknown-rename", "--rename " + flag + ": enum " + now.name +
                                  " has no value " + right +
                                  suggest(right, names) +
                                  "; give the name that the model has now");
      return;
    }
    if (target->name == value.name) return;
    result_.identity.values[{now.name, target->name}] = value.name;
    flagged_.values.push_back({now.name, target->name});
  }

  void still_declared(const std::string& flag, const std::string& what) {
    error("still-declared", "--drop " + flag + ": " + what +
                                " is still declared; remove it from the "
                                "header first, or leave the flag out");
  }

  // Annotations -------------------------------------------------------------

  void annotated_tables() {
    RenameWishes wishes;
    std::map<std::string, const Table*> now;
    for (const Table& table : from_.tables) {
      wishes.olds.insert(display(name_of(table)));
    }
    for (const TableName& name : result_.dropped_tables) {
      wishes.leaving.insert(display(name));
    }
    for (const auto& [to, from] : result_.identity.tables) {
      wishes.leaving.insert(display(from));
    }
    for (const Table& table : to_.tables) {
      now[display(name_of(table))] = &table;
      if (table.renamed_from.empty() ||
          result_.identity.tables.count(name_of(table)) != 0) {
        continue;
      }
      const Table* old = from_.find_table(table.schema, table.renamed_from);
      if (old == nullptr) old = find_displayed(from_, table.renamed_from);
      if (old == nullptr || name_of(*old) == name_of(table)) continue;
      if (wishes.leaving.count(display(name_of(*old))) != 0) continue;
      wishes.all.push_back(
          {display(name_of(table)), display(name_of(*old)), table.at});
    }
    wishes.alike = [&](const std::string& old, const std::string& name) {
      const Table* a = find_displayed(from_, old);
      const Table* b = now[name];
      return std::equal(a->columns.begin(), a->columns.end(),
                        b->columns.begin(), b->columns.end(),
                        [](const Column& x, const Column& y) {
                          return x.name == y.name && x.type == y.type;
                        });
    };
    const Granted granted = grant(std::move(wishes));
    for (const RenameWish& wish : granted.due) {
      claim_table(name_of(*now[wish.now]),
                  name_of(*find_displayed(from_, wish.old)),
                  "renamed_from = \"" + wish.old + "\"", wish.at);
    }
    report_undecided(granted, "");
  }

  /// The old table that `table` continues, or nullptr.
  const Table* origin(const Table& table) const {
    auto renamed = result_.identity.tables.find(name_of(table));
    if (renamed != result_.identity.tables.end()) {
      return from_.find_table(renamed->second.schema, renamed->second.name);
    }
    for (const auto& [to, from] : result_.identity.tables) {
      if (from == name_of(table)) return nullptr;
    }
    return from_.find_table(table.schema, table.name);
  }

  void annotated_columns() {
    for (const Table& table : to_.tables) {
      const bool any = std::any_of(
          table.columns.begin(), table.columns.end(),
          [](const Column& column) { return !column.renamed_from.empty(); });
      const Table* old = any ? origin(table) : nullptr;
      if (old != nullptr) annotated_columns(*old, table);
    }
  }

  void annotated_columns(const Table& old, const Table& table) {
    const TableName name = name_of(table);
    RenameWishes wishes;
    for (const Column& column : old.columns) wishes.olds.insert(column.name);
    for (const auto& [owner, column] : result_.dropped_columns) {
      if (owner == name_of(old)) wishes.leaving.insert(column);
    }
    for (const auto& [key, from] : result_.identity.columns) {
      if (key.first == name) wishes.leaving.insert(from);
    }
    for (const Column& column : table.columns) {
      if (column.renamed_from.empty() || column.renamed_from == column.name ||
          result_.identity.columns.count({name, column.name}) != 0 ||
          wishes.olds.count(column.renamed_from) == 0 ||
          wishes.leaving.count(column.renamed_from) != 0) {
        continue;
      }
      wishes.all.push_back({column.name, column.renamed_from, column.at});
    }
    wishes.alike = [&](const std::string& from, const std::string& to) {
      return old.find_column(from)->type == table.find_column(to)->type;
    };
    const Granted granted = grant(std::move(wishes));
    for (const RenameWish& wish : granted.due) {
      claim_column(name, wish.now, wish.old,
                   "renamed_from = \"" + wish.old + "\"", wish.at);
    }
    report_undecided(granted, display(name) + ".");
  }

  /// Silence here could leave values under each other's names.
  void report_undecided(const Granted& granted, const std::string& owner) {
    for (const std::vector<RenameWish>& circle : granted.undecided) {
      report_circle(circle, owner);
    }
  }

  void report_circle(const std::vector<RenameWish>& circle,
                     const std::string& owner) {
    std::string names, flags;
    for (const RenameWish& wish : circle) {
      const bool is_last = &wish == &circle.back();
      names += (names.empty() ? ""
                : is_last     ? " and "
                              : ", ") +
               owner + wish.now;
      flags += " " + typed_flag("rename", owner + wish.old + "=" + wish.now);
    }
    diagnostics_.error(
        circle.front().at, "ambiguous-swap",
        names +
            " trade names by renamed_from and are alike, so nothing tells "
            "whether that was done already; if it was, remove the "
            "annotations; if not, run generate once with" +
            flags + ", and remove them then");
  }

  // Columns -----------------------------------------------------------------

  /// Finds "table.column" in the old schema, the table by either name, and
  /// what the table is now.
  struct Place {
    const Table* from = nullptr;
    const Table* to = nullptr;
    const Column* column = nullptr;
  };
  Place find_place(const std::string& words) const {
    for (const Split& cut : splits(words, '.')) {
      for (const Table* table : old_tables(cut.left)) {
        if (table == nullptr) continue;
        Place place;
        place.from = table;
        place.column = table->find_column(cut.right);
        if (place.column == nullptr) continue;
        place.to = successor(*table);
        return place;
      }
    }
    return {};
  }

  /// Where names move round, one word may mean two tables: by its new name,
  /// as messages have it, and by its old one.
  std::array<const Table*, 2> old_tables(const std::string& words) const {
    std::array<const Table*, 2> found{nullptr, find_displayed(from_, words)};
    for (const auto& [to, from] : result_.identity.tables) {
      if (display(to) == words) {
        found[0] = from_.find_table(from.schema, from.name);
      }
    }
    return found;
  }

  const Table* successor(const Table& old) const {
    for (const auto& [to, from] : result_.identity.tables) {
      if (from == name_of(old)) return to_.find_table(to.schema, to.name);
    }
    if (result_.identity.tables.count(name_of(old)) != 0) return nullptr;
    return to_.find_table(old.schema, old.name);
  }

  /// "users.street=address.street": its values go on in another table.
  bool column_to_other_table(const Place& place, const std::string& right) {
    const std::string& old = place.column->name;
    if (place.to->find_column(old) != nullptr) return false;
    for (const Split& cut : splits(right, '.')) {
      const Table* target = find_displayed(to_, cut.left);
      if (target == nullptr || target == place.to) continue;
      if (target->find_column(cut.right) == nullptr) continue;
      move_column({name_of(*place.from), name_of(*place.to), old},
                  name_of(*target), cut.right, result_);
      return true;
    }
    return false;
  }

  bool column_rename(const std::string& flag) {
    for (const Split& cut : splits(flag, '=')) {
      const Place place = find_place(cut.left);
      if (place.column == nullptr || place.to == nullptr) continue;
      const std::string source = "--rename " + flag;
      if (place.to->find_column(cut.right) == nullptr) {
        if (column_to_other_table(place, cut.right)) return true;
        error("unknown-rename",
              source + ": table " + display(name_of(*place.to)) +
                  " has no column " + cut.right +
                  suggest(cut.right, column_names(*place.to)) +
                  "; give the name that the model has now");
        return true;
      }
      claim_column(name_of(*place.to), cut.right, place.column->name, source,
                   {});
      flagged_.columns.push_back({name_of(*place.to), cut.right});
      return true;
    }
    return false;
  }

  void claim_column(const TableName& table, const std::string& now,
                    const std::string& old, const std::string& source,
                    const SourceLocation& at) {
    auto& renames = result_.identity.columns;
    for (auto other = renames.lower_bound({table, ""});
         other != renames.end() && other->first.first == table; ++other) {
      if (other->second != old && other->first.second != now) continue;
      diagnostics_.error(at, "rename-conflict",
                         source + ": column " + display(table) + "." +
                             other->second + " is already renamed to " +
                             other->first.second + "; keep one of the two");
      return;
    }
    if (now != old) renames[{table, now}] = old;
  }

  bool column_drop(const std::string& flag) {
    const Place place = find_place(flag);
    if (place.column == nullptr) return false;
    result_.dropped_columns.insert({name_of(*place.from), place.column->name});
    if (place.to == nullptr) return true;
    const Column* same = place.to->find_column(place.column->name);
    if (same == nullptr) return true;
    const TableName table = name_of(*place.to);
    if (result_.identity.columns.count({table, same->name}) != 0) return true;
    // A column that a member of another kind takes the name of.
    const bool other_kind =
        same->type != place.column->type ||
        same->generated.empty() != place.column->generated.empty();
    if (other_kind) {
      result_.identity.replaced_columns.insert({table, same->name});
    } else if (!wished(*place.to, *same)) {
      still_declared(flag, flag);
    }
    return true;
  }

  /// An annotation will put another column in this place.
  static bool wished(const Table& table, const Column& column) {
    return !column.renamed_from.empty() && column.renamed_from != column.name &&
           table.find_column(column.renamed_from) == nullptr;
  }

  static std::vector<std::string> column_names(const Table& table) {
    std::vector<std::string> names;
    for (const Column& column : table.columns) names.push_back(column.name);
    return names;
  }

  const Schema& from_;
  const Schema& to_;
  Diagnostics& diagnostics_;
  Flags open_renames_;
  Flags open_drops_;
  Flagged flagged_;
  Agreement result_;
};

}  // namespace

Agreement agree(const Schema& from, const Schema& to, const Consents& consents,
                Diagnostics& diagnostics) {
  return Agreeing(from, to, consents, diagnostics).run();
}

}  // namespace schemagen::gen
