// For any two models: the generated way leads a filled SQLite database from the
// one to the other and back, and loses nothing that was not named.
// SCHEMAGEN_PROPERTY_CASES=10000 tries that many, other ones at each run.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "dialect/catalog.hpp"
#include "dialect/dialect.hpp"
#include "schemagen/sqlite.hpp"
#include "support/cases.hpp"
#include "support/plan_runner.hpp"
#include "support/random_model.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

std::string quoted(const Dialect& dialect, const std::string& name) {
  return dialect.quote(name);
}

/// The values that must survive, in the order of ids; by old or new names.
std::string kept_values(Database& database, const Dialect& dialect,
                        const std::vector<Survivor>& kept, bool is_new) {
  std::string text;
  for (const Survivor& each : kept) {
    const std::string& table = is_new ? each.new_table : each.old_table;
    const std::string& column = is_new ? each.new_column : each.old_column;
    text += rows_text(database, "SELECT " + quoted(dialect, column) + " FROM " +
                                    quoted(dialect, table) + " ORDER BY " +
                                    quoted(dialect, "id"));
  }
  return text;
}

struct Trip {
  explicit Trip(const Evolution& e) : evolution(e) {
    up = make_plan(e.before, e.after, e.consents, diagnostics);
    down = reverse(up);
    up_script = dialect.render(up);
    down_script = dialect.render(down);
  }

  const Evolution& evolution;
  const Dialect& dialect = *find_dialect("sqlite");
  Diagnostics diagnostics;
  Plan up, down;
  Script up_script, down_script;

  std::string story() const {
    std::string text;
    for (const std::string& edit : evolution.edits) text += edit + "\n";
    for (const std::string& flag : evolution.consents.drops) {
      text += "--drop " + flag + "\n";
    }
    for (const std::string& flag : evolution.consents.renames) {
      text += "--rename " + flag + "\n";
    }
    return text + to_text(diagnostics.sorted(), false) + "\n-- UP\n" +
           text_of(up_script) + "\n-- DOWN\n" + text_of(down_script);
  }
};

std::unique_ptr<Database> memory() {
  auto opened = sqlite::open(":memory:");
  return opened ? std::move(*opened) : nullptr;
}

std::vector<std::string> against_fresh(Database& database, const Schema& schema,
                                       const Dialect& dialect) {
  auto fresh = memory();
  const Outcome made = run_script(*fresh, creation(dialect, schema));
  if (!made.done) return {"fresh: " + made.message};
  auto expected = read_catalog(*fresh), actual = read_catalog(database);
  if (!expected) return {expected.error().message};
  if (!actual) return {actual.error().message};
  return difference(*expected, *actual);
}

void expect_arrived(Database& database, const Schema& schema,
                    const Trip& trip) {
  std::string text;
  for (const std::string& line :
       against_fresh(database, schema, trip.dialect)) {
    text += line + "\n";
  }
  if (!text.empty()) RC_FAIL(text + trip.story());
}

void expect_done(const Outcome& outcome, const Trip& trip) {
  if (!outcome.done) RC_FAIL(outcome.message + "\n" + trip.story());
}

void travel(std::uint64_t seed, int tables, int edits) {
  const Evolution evolution = random_evolution(seed, tables, edits);
  const Trip trip(evolution);
  if (trip.diagnostics.has_errors()) RC_FAIL(trip.story());

  Diagnostics quiet;
  RC_ASSERT(
      make_plan(evolution.after, evolution.after, {}, quiet).changes.empty());
  const Trip again(evolution);
  RC_ASSERT(text_of(again.up_script) == text_of(trip.up_script));
  RC_ASSERT(text_of(again.down_script) == text_of(trip.down_script));

  auto database = memory();
  expect_done(run_script(*database, creation(trip.dialect, evolution.before)),
              trip);
  expect_done(run_statements(*database,
                             random_rows(evolution.before, "sqlite", seed, 3)),
              trip);

  const auto kept = survivors(trip.up);
  const std::string before = kept_values(*database, trip.dialect, kept, false);
  const Outcome up = run_script(*database, trip.up_script);
  RC_CLASSIFY(up.refused, "refused up");
  if (up.refused) return;
  expect_done(up, trip);
  expect_arrived(*database, evolution.after, trip);
  const std::string after = kept_values(*database, trip.dialect, kept, true);
  if (after != before) RC_FAIL(before + "became\n" + after + trip.story());

  const Outcome down = run_script(*database, trip.down_script);
  RC_CLASSIFY(down.refused, "refused down");
  if (down.refused) return;
  expect_done(down, trip);
  expect_arrived(*database, evolution.before, trip);
  const std::string back = kept_values(*database, trip.dialect, kept, false);
  if (back != before) RC_FAIL(before + "came back as\n" + back + trip.story());
}

TEST(SqlitePlan, leads_filled_databases_there_and_back) {
  set_property_cases(200);
  EXPECT_TRUE(rc::check([] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const int tables = *rc::gen::inRange(1, 5);
    const int edits = *rc::gen::inRange(0, 9);
    travel(seed, tables, edits);
  }));
}

}  // namespace
}  // namespace schemagen::test
