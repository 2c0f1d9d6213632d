// Keys, uniques, checks, foreign keys and indexes on their way: which go before
// anything changes, and which come when all else is done.
#include <algorithm>

#include "dialect/postgres_online.hpp"
#include "model/names.hpp"

namespace schemagen::gen::postgres {
namespace {

using Kind = Object::Kind;

bool is_index(const Object& object) { return object.kind == Kind::index; }

const char* word_of(Kind kind) {
  switch (kind) {
    case Kind::primary:
      return "primary key ";
    case Kind::unique:
      return "unique ";
    case Kind::check:
      return "check ";
    case Kind::foreign:
      return "foreign key ";
    case Kind::index:
      return "index ";
  }
  return "";
}

class Objects {
 public:
  Objects(const Rendering& rendering, Statements& out)
      : rendering_(rendering), out_(out) {}

  void drop() {
    for (const TableWork& work : rendering_.works) {
      drop_constraints(work, true);
    }
    for (const Change& change : plan().changes) {
      auto* c = std::get_if<DropForeignKey>(&change);
      if (c == nullptr || !is_gone(c->table)) continue;
      const Table* table =
          plan().from.find_table(c->table.schema, c->table.name);
      if (table == nullptr) continue;
      const std::string name = foreign_key_name(*table, c->value);
      if (is_gone_already(c->table, name)) continue;
      out_.alter(c->table, {"DROP CONSTRAINT " + quote(name)},
                 "lets go of a table that goes later or with it");
    }
    drop_keys_of_gone();
    for (const TableWork& work : rendering_.works) {
      drop_constraints(work, false);
    }
  }

  void add() {
    for (const TableWork& work : rendering_.works) {
      const std::vector<Object> fresh = fresh_objects(work);
      add_constraints(work.to, fresh, false);
      add_indexes(work.to, fresh);
    }
    for (const Change& change : plan().changes) {
      auto* c = std::get_if<CreateTable>(&change);
      if (c == nullptr) continue;
      std::vector<Object> now;
      for (const Object& object : objects_of(c->table, plan().to)) {
        if (leans_on_later(object)) {
          online_up()->make(name_of(c->table), object);
        } else {
          now.push_back(object);
        }
      }
      add_constraints(name_of(c->table), now, true);
    }
    for (const TableWork& work : rendering_.works) {
      add_constraints(work.to, fresh_objects(work), true);
    }
  }

  /// With a table that is new: what its CREATE TABLE has no place for.
  void add_first(const Table& table) {
    const TableName name = name_of(table);
    add_constraints(name, doubled_uniques(table, plan().to), false);
    add_indexes(name, objects_of(table, plan().to));
  }

 private:
  const Plan& plan() const { return rendering_.plan; }

  Online* online_up() const {
    return rendering_.is_up() ? rendering_.online : nullptr;
  }

  /// On the way back: what the later migrations made is gone already, and what
  /// they dropped is there again.
  bool is_gone_already(const TableName& table, const std::string& name) const {
    return !rendering_.is_up() && rendering_.online != nullptr &&
           rendering_.online->maker(table, name) != nullptr;
  }
  bool is_back_already(const TableName& table, const std::string& name) const {
    return !rendering_.is_up() && rendering_.online != nullptr &&
           rendering_.online->dropper(table, name) != nullptr;
  }

  /// An index that can stay beside the new ones until those are built.
  bool can_drop_later(const TableWork& work, std::size_t i) const {
    const Object& object = work.old_objects[i];
    if (online_up() == nullptr || !is_index(object) || !work.stands(i)) {
      return false;
    }
    return std::none_of(plan().to.tables.begin(), plan().to.tables.end(),
                        [&](const Table& table) {
                          if (table.schema != work.to.schema) return false;
                          if (table.name == object.name) return true;
                          const auto objects = objects_of(table, plan().to);
                          return std::any_of(objects.begin(), objects.end(),
                                             [&](const Object& other) {
                                               return other.name == object.name;
                                             });
                        });
  }

  /// Keys of tables that go, to columns that change or go before that.
  void drop_keys_of_gone() {
    for (const Change& change : plan().changes) {
      auto* c = std::get_if<DropTable>(&change);
      if (c == nullptr) continue;
      const TableName table = name_of(c->table);
      for (const ForeignKey& key : c->table.foreign_keys) {
        const std::string name = foreign_key_name(c->table, key);
        if (!loses_ground(key) || is_gone_already(table, name)) continue;
        if (is_closing(table, key)) continue;  // it has gone already
        out_.alter(
            table, {"DROP CONSTRAINT " + quote(name)},
            "the columns that it refers to change before its table goes");
      }
    }
  }

  bool loses_ground(const ForeignKey& key) const {
    return std::any_of(
        rendering_.works.begin(), rendering_.works.end(),
        [&](const TableWork& work) {
          if (!(work.from == TableName{key.schema, key.table})) return false;
          if (!work.retyped.empty() || !work.gone.empty()) return true;
          for (std::size_t i = 0; i < work.kept.size(); ++i) {
            if (work.old_objects[i].is_unique && work.kept[i] < 0) return true;
          }
          return false;
        });
  }

  bool is_closing(const TableName& table, const ForeignKey& key) const {
    return std::any_of(plan().changes.begin(), plan().changes.end(),
                       [&](const Change& change) {
                         auto* c = std::get_if<DropForeignKey>(&change);
                         return c != nullptr && c->table == table &&
                                c->value == key;
                       });
  }

  bool is_gone(const TableName& table) const {
    return std::any_of(plan().changes.begin(), plan().changes.end(),
                       [&](const Change& change) {
                         auto* c = std::get_if<DropTable>(&change);
                         return c != nullptr && name_of(c->table) == table;
                       });
  }

  void drop_constraints(const TableWork& work, bool foreign) {
    std::vector<std::string> clauses;
    std::string reasons;
    for (std::size_t i = 0; i < work.kept.size(); ++i) {
      const Object& object = work.old_objects[i];
      const bool is_foreign = object.kind == Kind::foreign;
      if (work.kept[i] >= 0 || is_foreign != foreign) continue;
      if (is_gone_already(work.from, object.name)) continue;
      if (can_drop_later(work, i)) {
        online_up()->drop(work.from, object, work.to, work.carried_objects[i]);
        continue;
      }
      if (is_index(object)) {
        out_.add(
            "DROP INDEX " + quote(TableName{work.from.schema, object.name}),
            "drop index " + object.name + " of " + display(work.from));
        continue;
      }
      clauses.push_back("DROP CONSTRAINT " + quote(object.name));
      reasons += (reasons.empty() ? "drop " : ", ") +
                 std::string(word_of(object.kind)) + object.name;
    }
    out_.alter(work.from, clauses, reasons + " of " + display(work.from));
  }

  /// New objects of a table that stays, without those that another migration
  /// makes.
  std::vector<Object> fresh_objects(const TableWork& work) {
    std::vector<Object> fresh;
    for (std::size_t i = 0; i < work.new_objects.size(); ++i) {
      const Object& object = work.new_objects[i];
      if (!work.is_new[i] || is_back_already(work.to, object.name)) continue;
      const bool waits =
          object.kind != Kind::primary && object.kind != Kind::check;
      if (online_up() == nullptr || !waits) {
        fresh.push_back(object);
      } else if (online_up()->maker(work.to, object.name) == nullptr) {
        online_up()->make(work.to, object);
      }
    }
    return fresh;
  }

  /// A key of a new table to a unique that another migration makes.
  bool leans_on_later(const Object& object) const {
    if (online_up() == nullptr || object.key == nullptr) return false;
    const TableName target{object.key->schema, object.key->table};
    return std::any_of(
        rendering_.works.begin(), rendering_.works.end(),
        [&](const TableWork& work) {
          return work.to == target &&
                 std::any_of(work.new_objects.begin(), work.new_objects.end(),
                             [&](const Object& other) {
                               return other.is_unique &&
                                      online_up()->maker(target, other.name);
                             });
        });
  }

  void add_constraints(const TableName& table,
                       const std::vector<Object>& objects, bool foreign) {
    std::vector<std::string> clauses;
    std::string reasons;
    for (const Object& object : objects) {
      if (is_index(object)) continue;
      if ((object.kind == Kind::foreign) != foreign) continue;
      const bool is_asked_later =
          online_up() != nullptr && object.kind == Kind::check;
      clauses.push_back(is_asked_later
                            ? online_up()->add_unasked(table, object)
                            : "ADD CONSTRAINT " + quote(object.name) + " " +
                                  object.definition);
      reasons += (reasons.empty() ? "add " : ", ") +
                 std::string(word_of(object.kind)) + object.name;
    }
    out_.alter(table, clauses, reasons + " to " + display(table));
  }

  void add_indexes(const TableName& table, const std::vector<Object>& objects) {
    for (const Object& object : objects) {
      if (!is_index(object)) continue;
      out_.add(create_index_sql(table, object),
               "index " + object.name + " of " + display(table));
    }
  }

  const Rendering& rendering_;
  Statements& out_;
};

}  // namespace

void renew_unfinished(Rendering& rendering) {
  if (rendering.is_up() || rendering.online == nullptr) return;
  for (TableWork& work : rendering.works) {
    for (std::size_t i = 0; i < work.kept.size(); ++i) {
      const bool is_there =
          !rendering.online->is_unfinished(work.from, work.old_objects[i].name);
      if (work.kept[i] < 0 || is_there) continue;
      work.is_new[static_cast<std::size_t>(work.kept[i])] = true;
      work.kept[i] = -1;
    }
  }
}

void drop_objects(const Rendering& rendering, Statements& out) {
  Objects(rendering, out).drop();
}

void add_objects(const Rendering& rendering, Statements& out) {
  Objects(rendering, out).add();
}

void add_first_objects(const Rendering& rendering, const Table& table,
                       Statements& out) {
  Objects(rendering, out).add_first(table);
}

}  // namespace schemagen::gen::postgres
