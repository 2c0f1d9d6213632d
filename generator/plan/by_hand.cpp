#include "plan/by_hand.hpp"

#include <algorithm>
#include <map>

#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

using Place = ByHand::Place;

TableName old_name(const TableName& now, const Identity& identity) {
  auto renamed = identity.tables.find(now);
  return renamed == identity.tables.end() ? now : renamed->second;
}

/// No rename takes `old` of `owner` away.
template <class Owner>
bool keeps(const std::map<std::pair<Owner, std::string>, std::string>& renames,
           const std::pair<Owner, std::string>& old) {
  return std::none_of(renames.begin(), renames.end(), [&](const auto& each) {
    return each.first.first == old.first && each.second == old.second;
  });
}

/// " (users.role, teams.role)": the columns of an enum.
std::string holders(const Schema& schema, const Enum& e) {
  std::string names;
  for (const Table& table : schema.tables) {
    for (const Column& column : table.columns) {
      if (column.type.enum_name != e.name) continue;
      names += (names.empty() ? "" : ", ") + display(name_of(table)) + "." +
               column.name;
    }
  }
  return names.empty() ? "" : " (" + names + ")";
}

/// Tables that the plan makes and that rows which are there refer to, or whose
/// rows a column is filled from. By table: why.
class NewRows {
 public:
  explicit NewRows(Plan& plan) : plan_(plan) {
    for (const Change& change : plan.changes) {
      if (auto* made = std::get_if<CreateTable>(&change)) {
        reasons_[name_of(made->table)];
      }
    }
  }

  void run() {
    if (reasons_.empty()) return;
    for (const Change& change : plan_.changes) {
      if (auto* c = std::get_if<AddForeignKey>(&change)) refer(*c);
      if (auto* c = std::get_if<AddColumn>(&change)) {
        if (c->fill.kind == Fill::Kind::backfill) read(c->table, c->column);
      }
      if (auto* c = std::get_if<AlterColumn>(&change)) read(c->table, c->to);
    }
    for (const auto& [table, reasons] : reasons_) {
      if (reasons.empty()) continue;
      plan_.by_hand.push_back(
          {Place::after_create,
           table,
           "",
           {},
           "fill " + display(table) + ": " + join(reasons, ", and ")});
    }
  }

 private:
  void refer(const AddForeignKey& c) {
    auto made = reasons_.find({c.value.schema, c.value.table});
    if (made == reasons_.end() || is_null(c)) return;
    note(made->second, "rows of " + display(c.table) +
                           " refer to its rows by " +
                           join(c.value.columns, ", "));
  }

  /// No row has a value in one of the key's columns.
  bool is_null(const AddForeignKey& key) const {
    return std::any_of(
        plan_.changes.begin(), plan_.changes.end(), [&](const Change& change) {
          auto* c = std::get_if<AddColumn>(&change);
          return c != nullptr && c->table == key.table && c->column.nullable &&
                 c->fill.kind == Fill::Kind::none && !c->column.default_value &&
                 c->column.default_sql.empty() &&
                 std::count(key.value.columns.begin(), key.value.columns.end(),
                            c->column.name) != 0;
        });
  }

  void read(const TableName& table, const Column& column) {
    for (auto& [made, reasons] : reasons_) {
      if (!mentions_name(column.backfill, made.name) &&
          !mentions_name(column.using_sql, made.name)) {
        continue;
      }
      note(reasons,
           display(table) + "." + column.name + " gets its values from there");
    }
  }

  static void note(std::vector<std::string>& reasons, std::string reason) {
    if (std::count(reasons.begin(), reasons.end(), reason) == 0) {
      reasons.push_back(std::move(reason));
    }
  }

  Plan& plan_;
  std::map<TableName, std::vector<std::string>> reasons_;
};

}  // namespace

void move_tables(const Schema& from, const Schema& to,
                 const std::vector<TableName>& claimed, Agreement& agreement) {
  auto& renames = agreement.identity.tables;
  for (const TableName& now : claimed) {
    const auto found = renames.find(now);
    if (found == renames.end()) continue;
    const TableName old = found->second;
    const bool stays =
        from.find_table(now.schema, now.name) != nullptr &&
        agreement.dropped_tables.count(now) == 0 &&
        std::none_of(renames.begin(), renames.end(),
                     [&](const auto& each) { return each.second == now; });
    if (!stays || to.find_table(old.schema, old.name) != nullptr) continue;
    renames.erase(found);
    agreement.dropped_tables.insert(old);
    agreement.by_hand.push_back(
        {Place::before_drop, old, "", now,
         "move the rows of " + display(old) + " to " + display(now)});
  }
}

void move_columns(const Schema& from, const Schema& to,
                  const std::vector<std::pair<TableName, std::string>>& claimed,
                  Agreement& agreement) {
  auto& renames = agreement.identity.columns;
  for (const auto& key : claimed) {
    const auto found = renames.find(key);
    if (found == renames.end()) continue;
    const TableName before = old_name(key.first, agreement.identity);
    const Table* table = from.find_table(before.schema, before.name);
    const Table* now = to.find_table(key.first.schema, key.first.name);
    if (table == nullptr || now == nullptr) continue;
    const std::string old = found->second;
    const bool stays =
        table->find_column(key.second) != nullptr &&
        agreement.dropped_columns.count({before, key.second}) == 0 &&
        keeps(renames, key);
    if (!stays || now->find_column(old) != nullptr) continue;
    renames.erase(found);
    move_column({before, key.first, old}, key.first, key.second, agreement);
  }
}

void move_column(const Leaving& leaving, const TableName& target,
                 const std::string& now, Agreement& agreement) {
  agreement.dropped_columns.insert({leaving.from, leaving.column});
  agreement.by_hand.push_back(
      {Place::before_drop, leaving.to, leaving.column, target,
       "move the values of " + display(leaving.to) + "." + leaving.column +
           " to " + display(target) + "." + now});
}

void move_values(
    const Schema& from, const Schema& to,
    const std::vector<std::pair<std::string, std::string>>& claimed,
    Agreement& agreement) {
  auto& renames = agreement.identity.values;
  for (const auto& key : claimed) {
    const auto found = renames.find(key);
    if (found == renames.end()) continue;
    auto renamed = agreement.identity.enums.find(key.first);
    const Enum* before = from.find_enum(
        renamed == agreement.identity.enums.end() ? key.first
                                                  : renamed->second);
    const Enum* now = to.find_enum(key.first);
    if (before == nullptr || now == nullptr) continue;
    const std::string old = found->second;
    const bool stays = before->find_value(key.second) != nullptr &&
                       agreement.dropped_values.count(key) == 0 &&
                       keeps(renames, key);
    if (!stays || now->find_value(old) != nullptr) continue;
    renames.erase(found);
    agreement.dropped_values.insert({key.first, old});
    agreement.by_hand.push_back({Place::first,
                                 {},
                                 "",
                                 {},
                                 "give " + key.second +
                                     " to the rows that hold " + old +
                                     holders(from, *before)});
  }
}

void find_new_rows(Plan& plan) { NewRows(plan).run(); }

std::vector<std::string> blocks_at(const Plan& plan, ByHand::Place place,
                                   const TableName& table,
                                   const std::string& column) {
  std::vector<std::string> texts;
  for (const ByHand& each : plan.by_hand) {
    const bool is_here =
        each.place == place && each.table == table && each.column == column;
    if (is_here) texts.push_back(each.text);
  }
  return texts;
}

}  // namespace schemagen::gen
