// For any two models: the generated way leads a filled database from the one to
// the other and back, and loses nothing that nobody named. The models are the
// versions of a random history, whose database fills up on the way: every
// version is reached, left and reached again as if it had been made at once.
// SCHEMAGEN_PROPERTY_CASES=1000 tries that many histories,
// SCHEMAGEN_EVOLUTION_SEED=7 begins with number 7. A failure is brought down to
// the edits that it takes.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <regex>
#include <stdexcept>

#include "dialect/catalog.hpp"
#include "dialect/dialect.hpp"
#include "model/snapshot.hpp"
#include "plan/identity.hpp"
#include "schemagen/migrator.hpp"
#include "support/fresh_database.hpp"
#include "support/kept_rows.hpp"
#include "support/lines.hpp"
#include "support/plan_runner.hpp"
#include "support/plan_set.hpp"
#include "support/random_history.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

struct Engine {
  const char* dialect;
  std::unique_ptr<Database> travelled;
  std::unique_ptr<Database> fresh;
};

/// A database without anything in it.
Database& empty(const std::string& dialect, std::unique_ptr<Database>& kept) {
  if (dialect == "sqlite") {
    kept = fresh_sqlite();
    (void)kept->execute("PRAGMA foreign_keys = ON");
  } else {
    if (!kept) kept = fresh_postgres();
    wipe_postgres(*kept);
  }
  return *kept;
}

/// What went wrong, and on the way to or from which version.
struct Failure : std::runtime_error {
  Failure(const std::string& what, std::size_t at)
      : std::runtime_error(what), version(at) {}
  std::size_t version;
};

class Journey {
 public:
  Journey(Engine& engine, const Recipe& recipe)
      : engine_(engine),
        dialect_(*find_dialect(engine.dialect)),
        dice_(recipe.seed),
        history_(random_history(recipe)) {
    make_plans();
    database_ = &empty(engine.dialect, engine.travelled);
  }

  void run() {
    MemorySet set("evolution", prepared());
    MigrateOptions options;
    Migrator migrator(*database_, set.set(), options);
    walk(migrator, 0, history_.size());
    walk(migrator, history_.size(), 0);
    walk(migrator, 0, history_.size());
  }

  int rows() const { return rows_; }
  int refusals() const { return refusals_; }
  const std::vector<Version>& history() const { return history_; }

 private:
  void make_plans() {
    Schema before;
    for (const Version& version : history_) {
      Diagnostics diagnostics;
      plans_.push_back(
          make_plan(before, version.schema, version.consents, diagnostics));
      if (diagnostics.has_errors()) {
        fail(to_text(diagnostics.sorted(), false), plans_.size());
      }
      second_look(version);
      second_writing(version);
      before = version.schema;
    }
  }

  void second_look(const Version& version) {
    Diagnostics diagnostics;
    const Snapshot read =
        read_snapshot(snapshot(version.schema), "snapshot", diagnostics);
    const Plan again = make_plan(read.schema, version.schema, {}, diagnostics);
    std::string found = to_text(diagnostics.sorted(), false);
    for (const Change& change : again.changes) found += describe(change) + "\n";
    if (!found.empty()) fail("a second look finds:\n" + found, plans_.size());
  }

  /// The same input gives the same bytes.
  void second_writing(const Version& version) {
    Diagnostics diagnostics;
    const Plan again = make_plan(plans_.back().from, version.schema,
                                 version.consents, diagnostics);
    if (text_of(again) != text_of(plans_.back()) ||
        text_of(reverse(again)) != text_of(reverse(plans_.back()))) {
      fail("written twice, it differs", plans_.size());
    }
  }

  Plan plan_of(std::size_t version, bool up) const {
    return up ? plans_[version - 1] : reverse(plans_[version - 1]);
  }

  std::string text_of(const Plan& plan) const {
    return script_of(dialect_, plan);
  }

  std::vector<PreparedDialect> prepared() {
    Diagnostics diagnostics;
    auto all = prepare_plans(engine_.dialect, plans_, diagnostics);
    if (diagnostics.has_errors()) {
      fail(to_text(diagnostics.sorted(), false), 0);
    }
    return all;
  }

  void walk(Migrator& migrator, std::size_t from, std::size_t to) {
    while (from != to) {
      const std::size_t next = from < to ? from + 1 : from - 1;
      step(migrator, from, next);
      from = next;
      if (from > 0 && dice_.chance(60)) {
        rows_ += insert_random_rows(*database_, schema(from), dice_, 4, row_);
      }
    }
  }

  const Schema& schema(std::size_t version) const {
    static const Schema kNothing;
    return version == 0 ? kNothing : history_[version - 1].schema;
  }

  void step(Migrator& migrator, std::size_t from, std::size_t to) {
    const bool up = from < to;
    const std::size_t version = up ? to : from;
    const Plan plan = plan_of(version, up);
    if (is_sqlite()) tables_before_ = tables();
    const KeptRows kept(*database_, plan);
    const Foreign foreign = make_foreign(plan);
    if (!go(migrator, to, version, up)) {
      delete_rows(schema(from));
      if (!go(migrator, to, version, up)) {
        fail("refused without a row: " + refused_, version, up);
      }
      check_foreign(foreign, version, up);
      return arrive(to, version, up);
    }
    check_foreign(foreign, version, up);
    arrive(to, version, up);
    const std::string lost = kept.lost_by_step();
    if (!lost.empty()) fail(lost, version, up);
    if (up && dice_.chance(40)) there_and_back(migrator, kept, version);
  }

  /// From the version that was just reached to the one before, and here again.
  void there_and_back(Migrator& migrator, const KeptRows& kept,
                      std::size_t version) {
    if (!go(migrator, version - 1, version, false)) return;
    const auto invented = dialect_.render(plan_of(version, false)).invented;
    const std::string lost =
        kept.lost_by_return({invented.begin(), invented.end()});
    if (!lost.empty()) fail("there and back: " + lost, version, false);
    if (!go(migrator, version, version, true)) {
      delete_rows(schema(version - 1));
      if (!go(migrator, version, version, true)) {
        fail("refused without a row: " + refused_, version);
      }
    }
  }

  /// False when the rows forbid it; the database is as it was then.
  bool go(Migrator& migrator, std::size_t to, std::size_t version, bool up) {
    const std::size_t from = up ? to - 1 : to + 1;
    const Dump before = dump(schema(from));
    auto done = up ? migrator.up_to(id_of(to))
                   : migrator.down_to(to == 0 ? "" : id_of(to));
    if (done) return true;
    refused_ = done.error().message;
    static const std::regex kRows("constraint|unique|null value|violat|refers",
                                  std::regex::icase);
    if (done.error().code != ErrorCode::refused &&
        !std::regex_search(refused_, kRows)) {
      fail(refused_, version, up);
    }
    if (std::getenv("SCHEMAGEN_EVOLUTION_SHOW") != nullptr) {
      std::printf("%s %s\n", engine_.dialect, refused_.c_str());
    }
    ++refusals_;
    if (dump(schema(from)) != before) {
      fail("a refusal changed rows: " + refused_, version, up);
    }
    arrive(from, version, up);
    return false;
  }

  // What the model has no word for -------------------------------------------

  struct Foreign {
    const Table* to = nullptr;  ///< the table as it will be
  };

  void execute(const std::string& sql) {
    auto done = database_->execute(sql);
    if (!done) throw std::runtime_error(sql + ": " + done.error().message);
  }

  /// A trigger of a hand-written script on a table that stays, and a view of
  /// it where the engine takes changes below one.
  Foreign make_foreign(const Plan& plan) {
    std::vector<TablePair> staying;
    for (const TablePair& pair :
         match(plan.from, plan.to, identity_of(plan)).tables) {
      if (pair.from != nullptr && pair.to != nullptr) staying.push_back(pair);
    }
    if (staying.empty() || dice_.chance(50)) return {};
    const TablePair& pair = dice_.pick(staying);
    const std::string on = quoted(*pair.from);
    if (is_sqlite()) {
      execute("CREATE VIEW foreign_view AS SELECT count(*) FROM " + on);
      execute("CREATE TRIGGER foreign_trigger AFTER UPDATE OF " +
              dialect_.quote(pair.from->primary_key[0]) + " ON " + on +
              " WHEN 0 BEGIN DELETE FROM " + on + "; END");
    } else {
      execute(
          "CREATE OR REPLACE FUNCTION foreign_function() RETURNS trigger "
          "LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
      execute("CREATE TRIGGER foreign_trigger AFTER DELETE ON " + on +
              " FOR EACH ROW EXECUTE FUNCTION foreign_function()");
    }
    return {plan.to.find_table(pair.to->schema, pair.to->name)};
  }

  void check_foreign(const Foreign& foreign, std::size_t version, bool up) {
    if (foreign.to == nullptr) return;
    const std::string on = quoted(*foreign.to);
    if (is_sqlite()) {
      const std::string found = rows_text(
          *database_,
          "SELECT tbl_name FROM sqlite_master WHERE name = 'foreign_trigger'");
      if (found != foreign.to->name + "\n") {
        fail("the trigger is on \"" + found + "\"", version, up);
      }
      const std::string seen =
          rows_text(*database_, "SELECT * FROM foreign_view");
      if (seen != rows_text(*database_, "SELECT count(*) FROM " + on)) {
        fail("the view sees " + seen, version, up);
      }
      execute("DROP VIEW foreign_view");
      execute("DROP TRIGGER foreign_trigger");
    } else {
      execute("DROP TRIGGER foreign_trigger ON " + on);
      execute("DROP FUNCTION foreign_function");
    }
  }

  /// What a database holds that was made at once.
  const Catalog& fresh(std::size_t at) {
    auto known = fresh_.find(at);
    if (known != fresh_.end()) return known->second;
    Database& database = empty(engine_.dialect, engine_.fresh);
    const Outcome made = run_script(database, creation(dialect_, schema(at)));
    if (!made.done) fail("fresh: " + made.message, at);
    auto catalog = read_catalog(database);
    if (!catalog) fail(catalog.error().message, at);
    return fresh_[at] = std::move(*catalog);
  }

  void arrive(std::size_t at, std::size_t version, bool up) {
    auto actual = read_catalog(*database_);
    if (!actual) fail(actual.error().message, version, up);
    const std::string found = joined(difference(fresh(at), *actual));
    if (!found.empty()) fail("not as if made at once:\n" + found, version, up);
    if (!is_sqlite()) return;
    const std::string sound = rows_text(*database_, "PRAGMA integrity_check") +
                              rows_text(*database_, "PRAGMA foreign_key_check");
    if (sound != "ok\n") fail("unsound: " + sound, version, up);
  }

  // Rows --------------------------------------------------------------------

  bool is_sqlite() const { return dialect_.name() == "sqlite"; }

  std::string quoted(const Table& table) const {
    const std::string name = dialect_.quote(table.name);
    return table.schema.empty() || is_sqlite()
               ? name
               : dialect_.quote(table.schema) + "." + name;
  }

  std::string tables() {
    return rows_text(*database_, "SELECT sql FROM sqlite_master");
  }

  using Dump = std::map<TableName, TableCells>;

  Dump dump(const Schema& schema) {
    Dump all;
    for (const Table& table : schema.tables) {
      all[name_of(table)] = read_cells(*database_, table);
    }
    return all;
  }

  void delete_rows(const Schema& schema) {
    if (is_sqlite()) (void)database_->execute("PRAGMA foreign_keys = OFF");
    for (const Table& table : schema.tables) {
      const std::string sql = is_sqlite()
                                  ? "DELETE FROM " + quoted(table)
                                  : "TRUNCATE " + quoted(table) + " CASCADE";
      auto done = database_->execute(sql);
      if (!done) throw std::runtime_error(done.error().message);
    }
    if (is_sqlite()) (void)database_->execute("PRAGMA foreign_keys = ON");
  }

  [[noreturn]] void fail(const std::string& what, std::size_t version,
                         bool up = true) {
    std::string text = std::string(engine_.dialect) + ", version " +
                       std::to_string(version) + (up ? " up: " : " down: ") +
                       what + "\n";
    if (version > 0 && version <= history_.size()) {
      const Version& at = history_[version - 1];
      text += joined(at.edits);
      for (const auto& flag : at.consents.drops)
        text += "--drop " + flag + "\n";
      for (const auto& flag : at.consents.renames) {
        text += "--rename " + flag + "\n";
      }
      if (version <= plans_.size()) {
        const Plan plan = plan_of(version, up);
        text += text_of(plan) + "-- FROM\n" + snapshot(plan.from) + "-- TO\n" +
                snapshot(plan.to);
      }
    }
    if (is_sqlite() && database_ != nullptr) {
      text += "-- BEFORE\n" + tables_before_ + "-- NOW\n" + tables();
    }
    throw Failure(text, version);
  }

  static std::string snapshot(const Schema& schema) {
    Snapshot snapshot;
    snapshot.dialects = dialect_names();
    snapshot.schema = schema;
    return write_snapshot(snapshot);
  }

  Engine& engine_;
  const Dialect& dialect_;
  Dice dice_;
  std::vector<Version> history_;
  std::vector<Plan> plans_;
  std::map<std::size_t, Catalog> fresh_;  // by version
  Database* database_ = nullptr;
  std::string refused_;
  std::string tables_before_;
  int row_ = 0;
  int rows_ = 0;
  int refusals_ = 0;
};

std::uint64_t number(const char* name, std::uint64_t usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

Engine& engine(const char* dialect) {
  static Engine sqlite{"sqlite", nullptr, nullptr};
  static Engine postgres{"postgres", nullptr, nullptr};
  return std::string(dialect) == "sqlite" ? sqlite : postgres;
}

std::optional<Failure> failure_of(const char* dialect, const Recipe& recipe) {
  try {
    Journey(engine(dialect), recipe).run();
    return std::nullopt;
  } catch (const Failure& failure) {
    return failure;
  }
}

/// The failure with as few versions and edits as a minute finds.
Failure shrunk(const char* dialect, Recipe recipe, Failure failure) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::seconds(60);
  bool smaller = true;
  while (smaller) {
    smaller = false;
    if (failure.version > 0) recipe.versions = failure.version;
    std::vector<std::size_t> numbers;
    for (const Version& version : random_history(recipe)) {
      numbers.insert(numbers.end(), version.numbers.begin(),
                     version.numbers.end());
    }
    for (const std::size_t number : numbers) {
      if (Clock::now() > deadline) return failure;
      Recipe less = recipe;
      less.without.insert(number);
      if (auto again = failure_of(dialect, less)) {
        failure = *again;
        recipe = less;
        if (failure.version > 0) recipe.versions = failure.version;
        smaller = true;
      }
    }
  }
  return failure;
}

/// Each history has its number, so that a failure is told by one.
void travel_all(const char* dialect, std::uint64_t usual) {
  const std::uint64_t first = number("SCHEMAGEN_EVOLUTION_SEED", 1);
  const std::uint64_t cases = number("SCHEMAGEN_PROPERTY_CASES", usual);
  int rows = 0, refusals = 0;
  std::size_t pairs = 0;
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    Dice dice(seed);
    Recipe recipe;
    recipe.seed = seed;
    recipe.versions = 2 + dice.below(15);
    recipe.edits = 1 + dice.below(8);
    try {
      Journey journey(engine(dialect), recipe);
      journey.run();
      rows += journey.rows();
      refusals += journey.refusals();
      pairs += journey.history().size();
    } catch (const Failure& failure) {
      const Failure least = shrunk(dialect, recipe, failure);
      ADD_FAILURE() << "SCHEMAGEN_EVOLUTION_SEED=" << seed << ": "
                    << least.what();
    }
    if (seed % 50 != 0 && seed + 1 != first + cases) continue;
    std::printf("%s: up to %llu: %zu pairs of models, %d rows, %d refusals\n",
                dialect, static_cast<unsigned long long>(seed), pairs, rows,
                refusals);
    std::fflush(stdout);
  }
}

TEST(Evolution, leads_a_filled_sqlite_database_through_the_years) {
  travel_all("sqlite", 40);
}

TEST(Evolution, leads_a_filled_postgres_database_through_the_years) {
  travel_all("postgres", 8);
}

}  // namespace
}  // namespace schemagen::test
