// A whole plan as PostgreSQL's SQL, in fixed phases: foreign keys go first and
// come last, so tables stand in any circle; names are free before they are
// taken; nothing is ever dropped with CASCADE.
#include <algorithm>

#include "dialect/fidelity.hpp"
#include "dialect/postgres_online.hpp"
#include "model/names.hpp"
#include "plan/order.hpp"

namespace schemagen::gen::postgres {
namespace {

using Kind = Object::Kind;

class Render {
 public:
  Render(const Plan& plan, Online* online)
      : rendering_{plan, identity_of(plan), {}, {}, {}, {}, {}, {}, online},
        out_(script_),
        first_(first_change()) {
    rendering_.matching = match(plan.from, plan.to, rendering_.identity);
    rendering_.from_enums.enums = plan.from.enums;
    for (Enum& e : rendering_.from_enums.enums) {
      for (const auto& [to, from] : rendering_.identity.enums) {
        if (e.name != from) continue;
        e.name = to;
        break;
      }
    }
    canonicalize(rendering_.from_enums);
    find_works(rendering_);
    renew_unfinished(rendering_);
  }

  Script run() {
    out_.leave(blocks_at(plan(), ByHand::Place::first, {}));
    append_guards(rendering_, out_);
    drop_objects(rendering_, out_);
    drop_generated();
    drops(true);
    create_types(rendering_, out_);
    create_schemas();
    renames();
    rename_objects();
    create_tables();
    for (const TableWork& work : rendering_.works) {
      add_columns(rendering_, work, out_);
    }
    for (const TableWork& work : rendering_.works) {
      alter_columns(rendering_, work, out_);
    }
    comments();
    drop_columns(false);
    add_objects(rendering_, out_);
    drop_tables(false);
    drop_types(rendering_, out_);
    judge_fidelity(plan(), script_);
    return std::move(script_);
  }

 private:
  const Plan& plan() const { return rendering_.plan; }

  // Names ---------------------------------------------------------------------

  void create_schemas() {
    std::set<std::string> known, wanted;
    for (const Table& table : plan().from.tables) known.insert(table.schema);
    for (const Table& table : plan().to.tables) wanted.insert(table.schema);
    for (const std::string& schema : wanted) {
      if (schema.empty() || known.count(schema) != 0) continue;
      out_.add("CREATE SCHEMA IF NOT EXISTS " + quote(schema),
               "schema " + schema + "; the way back leaves it in place");
    }
  }

  void renames() {
    std::set<std::pair<TableName, std::string>> skipped;
    for (const TableWork& work : rendering_.works) {
      for (const ColumnPair& pair : work.pair->columns) {
        if (pair.from == nullptr || pair.to == nullptr) continue;
        if (work.recreated.count(pair.to->name) == 0) continue;
        skipped.insert({work.to, pair.from->name});
      }
    }
    for (const Change& change : plan().changes) {
      if (auto* table = std::get_if<RenameTable>(&change)) rename(*table);
      auto* c = std::get_if<RenameColumn>(&change);
      if (c == nullptr) continue;
      // A column that is made anew is not there to be renamed.
      if (skipped.erase({c->table, c->from}) != 0) {
        skipped.insert({c->table, c->to});
        continue;
      }
      out_.add("ALTER TABLE " + quote(c->table) + " RENAME COLUMN " +
                   quote(c->from) + " TO " + quote(c->to),
               describe(*c));
    }
  }

  void rename(const RenameTable& c) {
    TableName now = c.from;
    std::string comment = describe(c);
    const bool moves = c.from.schema != c.to.schema;
    if (moves && c.from.name != c.to.name) {
      now.name = shorten(c.to.name + "__schemagen_move");
      out_.add("ALTER TABLE " + quote(c.from) + " RENAME TO " + quote(now.name),
               comment);
      comment.clear();
    }
    if (moves) {
      out_.add(set_schema_sql(now, c.to.schema), comment);
      comment.clear();
      now.schema = c.to.schema;
    }
    if (now.name == c.to.name) return;
    out_.add("ALTER TABLE " + quote(now) + " RENAME TO " + quote(c.to.name),
             comment);
  }

  static std::string set_schema_sql(const TableName& table,
                                    const std::string& schema) {
    if (schema.empty()) return move_home_sql(quote(table));
    return "ALTER TABLE " + quote(table) + " SET SCHEMA " + quote(schema);
  }

  struct Renamed {
    const TableWork* work;
    bool index;
  };

  /// Names of keys and indexes follow those of their table and columns. Indexes
  /// share one space of names in a schema, constraints one in their table.
  void rename_objects() {
    std::map<TableName, Renamed> owners;
    std::vector<std::pair<TableName, TableName>> renames;
    std::set<TableName> names;
    for (const TableWork& work : rendering_.works) {
      for (std::size_t i = 0; i < work.kept.size(); ++i) {
        if (work.kept[i] < 0) continue;
        const Object& old = work.old_objects[i];
        const auto at = static_cast<std::size_t>(work.kept[i]);
        const std::string& name = work.new_objects[at].name;
        const TableName before{scope_of(work, old), old.name};
        const TableName after{before.schema, name};
        names.insert(before);
        names.insert(after);
        if (old.name == name) continue;
        owners[before] = Renamed{&work, old.kind == Kind::index};
        renames.push_back({before, after});
      }
    }
    for (const auto& [from, to] : order_renames(std::move(renames), names)) {
      const Renamed owner = owners[from];
      owners[to] = owner;
      const TableName& table = owner.work->to;
      const std::string sql =
          owner.index
              ? "ALTER INDEX " + quote(TableName{table.schema, from.name}) +
                    " RENAME TO " + quote(to.name)
              : "ALTER TABLE " + quote(table) + " RENAME CONSTRAINT " +
                    quote(from.name) + " TO " + quote(to.name);
      out_.add(sql, "the name follows that of " + display(table) +
                        " and its columns");
    }
  }

  static std::string scope_of(const TableWork& work, const Object& object) {
    const bool in_table =
        object.kind == Kind::check || object.kind == Kind::foreign;
    return in_table ? work.to.schema + "\n" + work.to.name : work.to.schema;
  }

  // Tables and columns --------------------------------------------------------

  void create_tables() {
    for (const Change& change : plan().changes) {
      auto* c = std::get_if<CreateTable>(&change);
      if (c == nullptr) continue;
      const TableName name = name_of(c->table);
      out_.add(create_table_sql(c->table, plan().to),
               "create table " + display(name));
      add_first_objects(rendering_, c->table, out_);
      if (!c->table.comment.empty()) {
        out_.add(comment_sql("TABLE " + quote(name), c->table.comment), "");
      }
      for (const Column* column : c->table.columns_in_order()) {
        if (!column->comment.empty()) comment(name, *column);
      }
      out_.leave(blocks_at(plan(), ByHand::Place::after_create, name));
    }
  }

  void comment(const TableName& table, const Column& column) {
    out_.add(comment_sql("COLUMN " + quote(table) + "." + quote(column.name),
                         column.comment),
             "");
  }

  void comments() {
    for (const TableWork& work : rendering_.works) {
      if (work.carried.comment != work.pair->to->comment) {
        out_.add(comment_sql("TABLE " + quote(work.to), work.pair->to->comment),
                 "comment of " + display(work.to));
      }
      for (const ColumnPair& pair : work.pair->columns) {
        if (pair.to == nullptr) continue;
        const bool is_new =
            pair.from == nullptr || work.recreated.count(pair.to->name) != 0;
        const std::string before = is_new ? "" : pair.from->comment;
        if (before != pair.to->comment) comment(work.to, *pair.to);
      }
    }
  }

  /// Generated columns let go of those they are made of, which may go.
  void drop_generated() {
    for (const TableWork& work : rendering_.works) {
      std::vector<std::string> clauses;
      for (const ColumnPair& pair : work.pair->columns) {
        if (pair.from == nullptr || pair.from->generated.empty()) continue;
        const std::string name = quote(pair.from->name);
        if (pair.to == nullptr || work.recreated.count(pair.to->name) != 0) {
          clauses.push_back("DROP COLUMN " + name);
        } else if (pair.to->generated.empty()) {
          clauses.push_back("ALTER COLUMN " + name + " DROP EXPRESSION");
        }
      }
      out_.alter(work.from, clauses,
                 "generated columns of " + display(work.from) +
                     " that go, become ordinary or are computed anew");
      drop_plain(work);
    }
  }

  /// An ordinary column that becomes a generated one.
  void drop_plain(const TableWork& work) {
    for (const ColumnPair& pair : work.pair->columns) {
      if (pair.from == nullptr || pair.to == nullptr) continue;
      if (!pair.from->generated.empty()) continue;
      if (work.recreated.count(pair.to->name) == 0) continue;
      out_.alter(work.from, {"DROP COLUMN " + quote(pair.from->name)},
                 display(work.from) + "." + pair.from->name +
                     " is computed from now on");
    }
  }

  /// Early drops stand before the first change that makes or names something.
  std::size_t first_change() const {
    std::size_t at = 0;
    for (; at < plan().changes.size(); ++at) {
      const Change& c = plan().changes[at];
      const bool drops = std::holds_alternative<DropTable>(c) ||
                         std::holds_alternative<DropColumn>(c) ||
                         std::holds_alternative<DropForeignKey>(c) ||
                         std::holds_alternative<DropUnique>(c) ||
                         std::holds_alternative<DropIndex>(c) ||
                         std::holds_alternative<DropCheck>(c);
      if (!drops) break;
    }
    return at;
  }

  void drops(bool early) {
    drop_columns(early);
    drop_tables(early);
  }

  bool is_now(std::size_t at, bool early) const {
    return (at < first_) == early;
  }

  void drop_tables(bool early) {
    for (std::size_t at = 0; at < plan().changes.size(); ++at) {
      auto* c = std::get_if<DropTable>(&plan().changes[at]);
      if (c == nullptr || !is_now(at, early)) continue;
      out_.leave(
          blocks_at(plan(), ByHand::Place::before_drop, name_of(c->table)));
      out_.add("DROP TABLE " + quote(name_of(c->table)), describe(*c));
    }
  }

  TableName new_name(const TableName& old) const {
    for (const auto& [to, from] : rendering_.identity.tables) {
      if (from == old) return to;
    }
    return old;
  }

  void drop_columns(bool early) {
    std::vector<std::string> clauses;
    std::string reasons;
    TableName table;
    for (std::size_t at = 0; at < plan().changes.size(); ++at) {
      auto* c = std::get_if<DropColumn>(&plan().changes[at]);
      if (c == nullptr || !is_now(at, early)) continue;
      if (!c->column.generated.empty()) continue;
      if (!(c->table == table)) {
        out_.alter(table, clauses, reasons);
        clauses.clear();
        reasons.clear();
        table = c->table;
      }
      out_.leave(blocks_at(plan(), ByHand::Place::before_drop,
                           early ? new_name(c->table) : c->table,
                           c->column.name));
      clauses.push_back("DROP COLUMN " + quote(c->column.name));
      reasons += (reasons.empty() ? "" : "\n") + describe(*c);
    }
    out_.alter(table, clauses, reasons);
  }

  Rendering rendering_;
  Script script_;
  Statements out_;
  std::size_t first_;
};

}  // namespace

void Statements::add(std::string sql, std::string comment, bool guard) {
  script_.statements.push_back({std::move(sql), std::move(comment), guard});
}

void Statements::leave(const std::vector<std::string>& blocks) {
  for (const std::string& block : blocks) {
    script_.statements.push_back({"", block, false, true});
  }
}

void Statements::alter(const TableName& table,
                       const std::vector<std::string>& clauses,
                       std::string comment) {
  if (clauses.empty()) return;
  std::string text = "ALTER TABLE " + quote(table);
  for (const std::string& clause : clauses) {
    text += (&clause == &clauses.front() ? "\n  " : ",\n  ") + clause;
  }
  add(std::move(text), std::move(comment));
}

Script render(const Plan& plan) { return Render(plan, nullptr).run(); }

Script render_first(const Plan& plan, Online& online) {
  return Render(plan, &online).run();
}

}  // namespace schemagen::gen::postgres
