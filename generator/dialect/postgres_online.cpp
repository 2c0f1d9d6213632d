// The online form: a plan in several migrations, each with the weakest lock
// that it can do with. CREATE INDEX CONCURRENTLY stops nobody but may not stand
// in a transaction; a constraint that is NOT VALID is added in a moment and
// validated while rows are written; SET NOT NULL reads no row where a valid
// check proves it.
#include "dialect/postgres_online.hpp"

#include <algorithm>

#include "model/names.hpp"

namespace schemagen::gen::postgres {
namespace {

using Kind = Object::Kind;

/// Small enough that no row stays locked for long.
constexpr const char* kBatchRows = "10000";

void add(Script& script, std::string sql, std::string comment) {
  script.statements.push_back({std::move(sql), std::move(comment), false});
}

std::string drop_constraint(const std::string& name) {
  return "DROP CONSTRAINT " + quote(name);
}

std::string add_constraint(const std::string& name,
                           const std::string& definition) {
  return "ADD CONSTRAINT " + quote(name) + " " + definition;
}

std::string alter_table(const TableName& table, const std::string& clauses) {
  return "ALTER TABLE " + quote(table) + "\n  " + clauses;
}

std::string index_on(const TableName& table, Object index) {
  if (index.kind == Kind::unique) {
    index.definition = "UNIQUE (" + quote_list(index.columns) + ")";
  }
  std::string sql = create_index_sql(table, index);
  const std::string word = "INDEX ";
  return sql.insert(sql.find(word) + word.size(), "CONCURRENTLY ");
}

std::string drop_index(const TableName& table, const std::string& name) {
  return "DROP INDEX CONCURRENTLY " + quote(TableName{table.schema, name});
}

std::string is_present(const std::string& column) {
  return "CHECK (" + quote(column) + " IS NOT NULL)";
}

Plan only(const Plan& plan, std::vector<Change> changes) {
  Plan part = plan;
  part.changes = std::move(changes);
  return part;
}

/// A cast that cuts nothing off: the assignment behind it knows the length.
std::string without_length(std::string type) {
  const std::size_t open = type.find('(');
  const std::size_t close = type.find(')', open);
  if (close != std::string::npos) type.erase(open, close + 1 - open);
  return type;
}

/// Which step carries out a change, for the heads of the scripts.
struct StepOf {
  const Plan& up;
  const Online& online;
  bool is_up;

  const Online::Step* operator()(const AddIndex& c) const {
    return made(c.table,
                [&](const Table& t) { return index_name(t, c.value); });
  }
  const Online::Step* operator()(const DropIndex& c) const {
    return gone(c.table,
                [&](const Table& t) { return index_name(t, c.value); });
  }
  const Online::Step* operator()(const AddUnique& c) const {
    return made(c.table,
                [&](const Table& t) { return unique_name(t, c.value); });
  }
  const Online::Step* operator()(const DropUnique& c) const {
    return gone(c.table,
                [&](const Table& t) { return unique_name(t, c.value); });
  }
  const Online::Step* operator()(const AddForeignKey& c) const {
    return made(c.table,
                [&](const Table& t) { return foreign_key_name(t, c.value); });
  }
  const Online::Step* operator()(const DropForeignKey& c) const {
    return gone(c.table,
                [&](const Table& t) { return foreign_key_name(t, c.value); });
  }
  template <class Other>
  const Online::Step* operator()(const Other&) const {
    return nullptr;
  }

 private:
  template <class NameIn>
  const Online::Step* made(const TableName& table, NameIn name_in) const {
    const Table* found =
        (is_up ? up.to : up.from).find_table(table.schema, table.name);
    if (found == nullptr) return nullptr;
    return is_up ? online.maker(table, name_in(*found))
                 : online.dropper(table, name_in(*found));
  }
  template <class NameIn>
  const Online::Step* gone(const TableName& table, NameIn name_in) const {
    const Table* found =
        (is_up ? up.from : up.to).find_table(table.schema, table.name);
    if (found == nullptr) return nullptr;
    return is_up ? online.dropper(table, name_in(*found))
                 : online.maker(table, name_in(*found));
  }
};

std::vector<Change> changes_of(const Online::Step* step, const Plan& plan,
                               const StepOf& step_of) {
  std::vector<Change> changes;
  for (const Change& change : plan.changes) {
    if (std::visit(step_of, change) == step) changes.push_back(change);
  }
  return changes;
}

}  // namespace

const Online::Step* Online::maker(const TableName& table,
                                  const std::string& object) const {
  if (made_.count({table, object}) == 0) return nullptr;
  return foreign_.count({table, object}) == 0 ? &indexes_ : &constraints_;
}

const Online::Step* Online::dropper(const TableName& table,
                                    const std::string& object) const {
  return dropped_.count({table, object}) == 0 ? nullptr : &indexes_;
}

void Online::make(const TableName& table, const Object& object) {
  made_.insert({table, object.name});
  if (object.kind == Kind::foreign) {
    const std::string key = "foreign key " + object.name;
    foreign_.insert({table, object.name});
    add(constraints_.up,
        alter_table(table, add_constraint(object.name,
                                          object.definition + " NOT VALID")),
        key + " of " + display(table));
    add(constraints_.down, alter_table(table, drop_constraint(object.name)),
        "drop " + key + " of " + display(table));
    validate(table, object.name, object.definition, key);
    return;
  }
  asked_.insert({table, object.name});
  const bool is_unique = object.kind == Kind::unique;
  const std::string what = (is_unique ? "unique " : "index ") + object.name +
                           " of " + display(table);
  add(indexes_.up, index_on(table, object), what);
  if (!is_unique) {
    add(indexes_.down, drop_index(table, object.name), "drop " + what);
    return;
  }
  add(indexes_.up,
      alter_table(table, add_constraint(object.name, "UNIQUE USING INDEX " +
                                                         quote(object.name))),
      "");
  add(indexes_.down, alter_table(table, drop_constraint(object.name)),
      "drop " + what);
}

void Online::drop(const TableName& before, const Object& old,
                  const TableName& now, const Object& carried) {
  dropped_.insert({before, old.name});
  Object named = carried;
  named.name = old.name;
  drops_.push_back({drop_index(now, old.name),
                    "drop index " + old.name + " of " + display(now), false});
  rebuilds_.push_back({index_on(now, named),
                       "index " + old.name + " of " + display(now), false});
}

std::string Online::add_unasked(const TableName& table, const Object& check) {
  validate(table, check.name, check.definition, "check " + check.name);
  return add_constraint(check.name, check.definition + " NOT VALID");
}

void Online::fill(const TableName& table, const std::string& column,
                  const std::string& sql) {
  const std::string name = quote(column);
  fills_[{table, column}] = sql;
  // A row for which there is no value would be chosen for ever.
  add(fill_.up,
      "UPDATE " + quote(table) + " SET " + name + " = " + sql +
          "\nWHERE ctid = ANY (ARRAY(\n  SELECT ctid FROM " + quote(table) +
          " WHERE " + name + " IS NULL AND " + sql + " IS NOT NULL LIMIT " +
          kBatchRows + "))",
      "give existing rows of " + display(table) + " their values");
}

void Online::require(const TableName& table, const std::string& column,
                     const std::string& check, const std::string& type) {
  const std::string of = " of " + display(table) + "." + column;
  const std::string name = quote(column);
  const std::string not_valid =
      add_constraint(check, is_present(column) + " NOT VALID");
  add(constraints_.up, alter_table(table, not_valid), "values" + of);
  add(constraints_.down, alter_table(table, drop_constraint(check)),
      "values" + of + " are demanded no more");
  std::string empty = "FROM " + quote(table) + " WHERE " + name + " IS NULL";
  const auto fill = fills_.find({table, column});
  if (fill != fills_.end()) {
    empty += " AND " + fill->second + " IS NULL";
    late_fills_[table].push_back({name, fill->second, without_length(type)});
  }
  Statements guards(validation_.up);
  append_guard(display(table) + "." + column,
               "row(s) have no value, and the column will demand one; give "
               "them one first",
               empty, guards);
  validate(table, check, is_present(column), "values" + of);
  add(required_.up,
      alter_table(table, "ALTER COLUMN " + name + " SET NOT NULL"),
      "not null" + of);
  add(required_.up, alter_table(table, drop_constraint(check)), "");
  // In reverse, statement by statement: no long lock on the way back either.
  add(required_.down,
      alter_table(table, "ALTER COLUMN " + name + " DROP NOT NULL"), "");
  add(required_.down,
      "ALTER TABLE " + quote(table) + " VALIDATE CONSTRAINT " + quote(check),
      "");
  add(required_.down, alter_table(table, not_valid),
      "the check" + of + " is back before NOT NULL goes");
}

void Online::validate(const TableName& table, const std::string& name,
                      const std::string& definition, const std::string& what) {
  asked_.insert({table, name});
  add(validation_.up,
      "ALTER TABLE " + quote(table) + " VALIDATE CONSTRAINT " + quote(name),
      "validate " + what);
  add(validation_.down,
      alter_table(table, drop_constraint(name) + ",\n  " +
                             add_constraint(name, definition + " NOT VALID")),
      "as if " + what + " had never been validated");
}

void Online::append_guards(const Schema& to) {
  Plan there;
  there.from = to;
  there.to = to;
  Rendering rendering{there, {}, {}, {}, {}, {}, {}, {}, nullptr};
  rendering.matching = match(there.from, there.to, rendering.identity);
  rendering.from_enums.enums = there.from.enums;
  for (const TablePair& pair : rendering.matching.tables) {
    const auto first = asked_.lower_bound({name_of(*pair.to), ""});
    if (first == asked_.end() || !(first->first == name_of(*pair.to))) continue;
    rendering.works.push_back(compare(rendering, pair));
  }
  for (const bool unique : {true, false}) {
    Script guards;
    Statements out(guards);
    for (TableWork& work : rendering.works) {
      for (std::size_t i = 0; i < work.new_objects.size(); ++i) {
        const Object& object = work.new_objects[i];
        work.is_new[i] = asked_.count({work.to, object.name}) != 0 &&
                         object.is_unique == unique;
      }
    }
    postgres::append_guards(rendering, out);
    auto& statements = (unique ? indexes_ : validation_).up.statements;
    statements.insert(statements.begin(), guards.statements.begin(),
                      guards.statements.end());
  }
  // Those of required values stand between the validations.
  std::stable_partition(validation_.up.statements.begin(),
                        validation_.up.statements.end(),
                        [](const Statement& s) { return s.guard; });
}

/// Rows written between the fill and the checks. One statement per table: a row
/// may lack several values, and a check that is not valid yet holds for it.
void Online::append_late_fills() {
  std::vector<Statement> updates;
  for (const auto& [table, columns] : late_fills_) {
    std::string update = "UPDATE " + quote(table) + " SET ";
    std::string where = "\nWHERE ";
    for (const LateFill& each : columns) {
      const bool is_first = &each == &columns.front();
      update +=
          (is_first ? "" : ", ") + each.column + " = " +
          (columns.size() == 1 ? each.value
                               : "coalesce(" + each.column + ", CAST(" +
                                     each.value + " AS " + each.type + "))");
      where += (is_first ? "" : " OR ") + each.column + " IS NULL";
    }
    updates.push_back({update + where,
                       "rows of " + display(table) +
                           " that were written after the others were filled",
                       false});
  }
  if (updates.empty()) return;
  updates.push_back({"SET CONSTRAINTS ALL IMMEDIATE",
                     "no check may be pending when a table is altered", false});
  auto& all = validation_.up.statements;
  all.insert(all.begin(), updates.begin(), updates.end());
}

void Online::finish(const Schema& to) {
  const auto append = [](const std::vector<Statement>& from,
                         std::vector<Statement>& list) {
    list.insert(list.end(), from.begin(), from.end());
  };
  append(drops_, indexes_.up.statements);
  append(rebuilds_, indexes_.down.statements);
  for (Step* step :
       {&fill_, &indexes_, &constraints_, &validation_, &required_}) {
    auto& back = step->down.statements;
    std::reverse(back.begin(), back.end());
  }
  append_late_fills();
  append_guards(to);
  fill_.up.batch = true;
  fill_.up.transactional = false;
  indexes_.up.transactional = false;
  indexes_.down.transactional = false;
  required_.down.transactional = false;
}

std::vector<const Online::Step*> Online::steps() const {
  std::vector<const Step*> all;
  for (const Step* step :
       {&fill_, &indexes_, &constraints_, &validation_, &required_}) {
    if (!step->up.statements.empty()) all.push_back(step);
  }
  return all;
}

std::vector<Stage> render_online(const Plan& plan) {
  Online online;
  const Plan back = reverse(plan);
  std::vector<Stage> stages;
  const StepOf up_step{plan, online, true}, down_step{plan, online, false};
  Script first = render_first(plan, online);
  const Script first_down = render_first(back, online);
  online.finish(plan.to);
  const bool does_anything =
      std::any_of(first.statements.begin(), first.statements.end(),
                  [](const Statement& statement) { return !statement.guard; });
  if (does_anything || online.steps().empty()) {
    stages.push_back({"", "What takes a moment, and what cannot be split.",
                      only(plan, changes_of(nullptr, plan, up_step)),
                      only(back, changes_of(nullptr, back, down_step)),
                      std::move(first), first_down});
  }
  for (const Online::Step* step : online.steps()) {
    stages.push_back(
        {step->name, step->what, only(plan, changes_of(step, plan, up_step)),
         only(back, changes_of(step, back, down_step)), step->up, step->down});
  }
  return stages;
}

}  // namespace schemagen::gen::postgres
