// For any two models between which a migration calls itself compatible: the
// statements of the program that was built for the first one. What works on
// the database before, works on the migrated one, whose rows its types hold.
// SCHEMAGEN_PROPERTY_CASES=1000 tries that many histories,
// SCHEMAGEN_EVOLUTION_SEED=7 begins with number 7.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "dialect/dialect.hpp"
#include "emit/prepared.hpp"
#include "plan/compatible.hpp"
#include "plan/identity.hpp"
#include "support/fresh_database.hpp"
#include "support/plan_runner.hpp"
#include "support/random_history.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

using Lines = std::vector<std::string>;

/// The statements of a program, which knows its schema and nothing else. Their
/// values are those of rows that another database holds.
class Program {
 public:
  Program(const Dialect& dialect, const Schema& schema)
      : dialect_(dialect), schema_(schema) {}

  Lines statements(Database& other) const {
    Lines all;
    for (const Table& table : schema_.tables) {
      const Lines rows = rows_of(other, table);
      const std::string name = quoted(table);
      all.push_back("SELECT " + list(written(table)) + " FROM " + name);
      for (const std::string& row : rows) write(table, row, all);
      all.push_back("DELETE FROM " + name + " WHERE " + first_key(table) +
                    " IS NOT NULL");
      for (const std::string& row : rows) all.push_back(insert(table, row));
    }
    return all;
  }

  /// Values that the program's types do not hold.
  Lines unreadable() const {
    Lines all;
    for (const Table& table : schema_.tables) {
      for (const Column& column : table.columns) {
        if (column.nullable) continue;
        all.push_back("SELECT 1 FROM " + quoted(table) + " WHERE " +
                      dialect_.quote(column.name) + " IS NULL");
      }
    }
    return all;
  }

 private:
  bool is_sqlite() const { return dialect_.name() == "sqlite"; }

  std::string quoted(const Table& table) const {
    return table.schema.empty() || is_sqlite()
               ? dialect_.quote(table.name)
               : dialect_.quote(table.schema) + "." +
                     dialect_.quote(table.name);
  }

  static Lines written(const Table& table) {
    Lines names;
    for (const Column& column : table.columns) {
      if (column.generated.empty()) names.push_back(column.name);
    }
    return names;
  }

  std::string list(const Lines& names) const {
    std::string all;
    for (const std::string& name : names) {
      all += (all.empty() ? "" : ", ") + dialect_.quote(name);
    }
    return all;
  }

  std::string first_key(const Table& table) const {
    return dialect_.quote(table.primary_key.empty() ? table.columns[0].name
                                                    : table.primary_key[0]);
  }

  /// Rows as lists of literals, each value between two marks.
  Lines rows_of(Database& other, const Table& table) const {
    std::string values;
    for (const std::string& name : written(table)) {
      const std::string column = dialect_.quote(name);
      values += (values.empty() ? "" : " || ',\x01' || ") +
                (is_sqlite() ? "quote(" + column + ")"
                             : "quote_nullable(" + column + "::text)");
    }
    Lines all;
    const auto rows =
        other.query("SELECT " + values + " FROM " + quoted(table) + " LIMIT 8");
    EXPECT_TRUE(rows) << (rows ? "" : rows.error().message);
    for (const Row& row : *rows) all.push_back(row[0].value_or("NULL"));
    return all;
  }

  static Lines values_in(const std::string& row) {
    Lines all;
    std::size_t from = 0, to = 0;
    while ((to = row.find(",\x01", from)) != std::string::npos) {
      all.push_back(row.substr(from, to - from));
      from = to + 2;
    }
    all.push_back(row.substr(from));
    return all;
  }

  static std::string joined(const Lines& values) {
    std::string all;
    for (const std::string& one : values)
      all += (all.empty() ? "" : ", ") + one;
    return all;
  }

  std::string insert(const Table& table, const std::string& row) const {
    return "INSERT INTO " + quoted(table) + " (" + list(written(table)) +
           ") VALUES (" + joined(values_in(row)) + ")";
  }

  /// Only what a new row must have.
  std::string short_insert(const Table& table, const Lines& values) const {
    Lines names, given;
    const Lines all = written(table);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Column& column = *table.find_column(all[i]);
      const bool is_spared = column.nullable || column.default_value ||
                             !column.default_sql.empty() ||
                             column.autoincrement;
      if (is_spared) continue;
      names.push_back(all[i]);
      given.push_back(values[i]);
    }
    const std::string head = "INSERT INTO " + quoted(table);
    return names.empty()
               ? head + " DEFAULT VALUES"
               : head + " (" + list(names) + ") VALUES (" + joined(given) + ")";
  }

  Lines conflict_targets(const Table& table) const {
    Lines all;
    if (!table.primary_key.empty()) {
      all.push_back("(" + list(table.primary_key) + ")");
    }
    for (const Unique& unique : table.uniques) {
      all.push_back("(" + list(unique.columns) + ")");
    }
    for (const Index& index : table.indexes) {
      if (!index.unique) continue;
      Lines names;
      for (const IndexColumn& column : index.columns) {
        names.push_back(column.name);
      }
      const std::string where =
          index.where.empty() ? "" : " WHERE " + index.where;
      const std::string what =
          index.expression.empty() ? list(names) : "(" + index.expression + ")";
      all.push_back("(" + what + ")" + where);
    }
    return all;
  }

  void write(const Table& table, const std::string& row, Lines& all) const {
    const Lines names = written(table);
    const Lines values = values_in(row);
    const std::string name = quoted(table);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string column = dialect_.quote(names[i]);
      all.push_back("UPDATE " + name + " SET " + column + " = " + values[i]);
      all.push_back("UPDATE " + name + " SET " + column + " = " + column +
                    " WHERE " + column + " = " + values[i]);
      all.push_back("UPDATE " + name + " SET " + column + " = DEFAULT");
    }
    all.push_back(insert(table, row));
    all.push_back(short_insert(table, values));
    for (const std::string& target : conflict_targets(table)) {
      const std::string column = dialect_.quote(names[0]);
      all.push_back(insert(table, row) + " ON CONFLICT " + target +
                    " DO UPDATE SET " + column + " = excluded." + column);
      all.push_back(short_insert(table, values) + " ON CONFLICT " + target +
                    " DO NOTHING");
    }
    all.push_back(insert(table, row) + " ON CONFLICT DO NOTHING");
    if (is_sqlite()) {
      all.push_back("INSERT OR REPLACE" + insert(table, row).substr(6));
    }
  }

  const Dialect& dialect_;
  const Schema& schema_;
};

struct Count {
  int plans = 0;
  int statements = 0;
  int worked = 0;
};

class Trial {
 public:
  using Fresh = std::unique_ptr<Database> (*)();

  Trial(const char* dialect, Fresh fresh)
      : dialect_(*find_dialect(dialect)), is_sqlite_(fresh == fresh_sqlite) {
    for (auto* one : {&other_, &old_, &now_}) *one = fresh();
    fresh_ = fresh;
  }

  /// "" or the statement that no longer works.
  std::string run(const Plan& plan, std::uint64_t seed, Count& count) {
    Dice dice(seed);
    int row = 0;
    for (auto* one : {&other_, &old_, &now_}) {
      clear(*one);
      const Outcome made = run_script(**one, creation(dialect_, plan.from));
      if (!made.done) return made.message;
    }
    Dice first = dice, again = dice;
    int row_again = 0;
    insert_random_rows(*old_, plan.from, first, 4, row);
    insert_random_rows(*now_, plan.from, again, 4, row_again);
    Dice different(seed + 1);
    insert_random_rows(*other_, plan.from, different, 4, row);
    const Outcome up = run_script(*now_, dialect_.render(plan));
    if (!up.done) return "";  // the rows forbid it
    ++count.plans;
    return compare(plan, count);
  }

 private:
  void clear(std::unique_ptr<Database>& one) {
    if (is_sqlite_) {
      one = fresh_();
      (void)one->execute("PRAGMA foreign_keys = ON");
    } else {
      wipe_postgres(*one);
    }
  }

  /// What failed took numbers all the same; the other database takes them too.
  void use_up_keys(const std::string& sql) {
    (void)now_->execute("BEGIN");
    (void)now_->execute(sql);
    (void)now_->execute("ROLLBACK");
  }

  std::string compare(const Plan& plan, Count& count) {
    const Program program(dialect_, plan.from);
    for (const std::string& sql : program.statements(*other_)) {
      ++count.statements;
      const auto before = old_->execute(sql);
      if (!before) {
        use_up_keys(sql);
        continue;
      }
      ++count.worked;
      const auto after = now_->execute(sql);
      if (!after) return sql + "\n" + after.error().message;
      if (*before != *after) return sql + "\nanother number of rows";
    }
    Dice dice(7);
    int row = 5000;
    insert_random_rows(*now_, plan.to, dice, 8, row);
    for (const std::string& sql : program.unreadable()) {
      const auto rows = now_->query(sql);
      if (!rows) return sql + "\n" + rows.error().message;
      if (!rows->empty()) return sql + "\nfinds rows";
    }
    return "";
  }

  const Dialect& dialect_;
  bool is_sqlite_;
  Fresh fresh_;
  std::unique_ptr<Database> other_, old_, now_;
};

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string told(const Plan& plan, const Dialect& dialect) {
  std::string text;
  for (const Change& change : plan.changes) text += describe(change) + "\n";
  return text + text_of(dialect.render(plan));
}

/// What it did to rows of other tables ends with it, so that the two databases
/// part; the statements work.
bool drops_reference(const Plan& plan) {
  return std::any_of(plan.changes.begin(), plan.changes.end(),
                     [](const Change& change) {
                       return std::holds_alternative<DropForeignKey>(change);
                     });
}

void try_histories(const char* name, Trial::Fresh fresh) {
  const std::uint64_t first = number_in("SCHEMAGEN_EVOLUTION_SEED", 1);
  const std::uint64_t cases = number_in("SCHEMAGEN_PROPERTY_CASES", 40);
  const Dialect& dialect = *find_dialect(name);
  Trial trial(name, fresh);
  Count count;
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    Recipe recipe;
    recipe.seed = seed;
    recipe.versions = 6;
    recipe.edits = 3;
    Schema before;
    for (const Version& version : random_history(recipe)) {
      Diagnostics diagnostics;
      const Plan plan =
          make_plan(before, version.schema, version.consents, diagnostics);
      before = version.schema;
      if (plan.from.tables.empty() || !is_compatible(plan)) continue;
      if (drops_reference(plan)) continue;
      EXPECT_EQ(trial.run(plan, seed, count), "")
          << "SCHEMAGEN_EVOLUTION_SEED=" << seed << "\n"
          << told(plan, dialect);
    }
  }
  std::printf("%d compatible plans, %d statements, %d of which work\n",
              count.plans, count.statements, count.worked);
}

TEST(CompatibleProperty, older_programs_work_on_sqlite) {
  try_histories("sqlite", fresh_sqlite);
}

TEST(CompatibleProperty, older_programs_work_on_postgres) {
  try_histories("postgres", fresh_postgres);
}

}  // namespace
}  // namespace schemagen::test
