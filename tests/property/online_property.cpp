// For any two models: the online form leads a filled PostgreSQL database from
// the one to the other, part by part, each part leads back to where it began,
// and no row is lost that the ordinary form would keep.
// SCHEMAGEN_PROPERTY_CASES=1000 tries that many histories,
// SCHEMAGEN_EVOLUTION_SEED=7 begins with number 7.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "dialect/catalog.hpp"
#include "dialect/dialect.hpp"
#include "support/fresh_database.hpp"
#include "support/kept_rows.hpp"
#include "support/plan_runner.hpp"
#include "support/random_history.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

class Server {
 public:
  Database& empty(std::unique_ptr<Database>& database) {
    if (!database) database = fresh_postgres();
    wipe_postgres(*database);
    return *database;
  }

  std::unique_ptr<Database> travelled, fresh;
};

class Trip {
 public:
  Trip(Server& server, std::uint64_t seed)
      : server_(server),
        database_(server.empty(server.travelled)),
        dice_(seed) {
    Recipe recipe;
    recipe.seed = seed;
    recipe.versions = 2 + dice_.below(6);
    recipe.edits = 1 + dice_.below(8);
    history_ = random_history(recipe);
  }

  void run() {
    Schema before;
    for (const Version& version : history_) {
      Diagnostics diagnostics;
      plan_ = make_plan(before, version.schema, version.consents, diagnostics);
      stages_ = dialect_.render_online(plan_);
      parts_ += stages_.size();
      insert_random_rows(database_, before, dice_, 4, row_);
      const KeptRows kept(database_, plan_);
      if (!there()) return;
      expect_none("not as if made at once:\n", difference_to_fresh());
      expect_none("lost: ", kept.lost_by_step());
      if (!back()) return;
      std::set<std::string> invented;
      for (const Stage& stage : stages_) {
        invented.insert(stage.down_script.invented.begin(),
                        stage.down_script.invented.end());
      }
      expect_none("there and back: ", kept.lost_by_return(invented));
      if (!there()) return;
      before = version.schema;
    }
  }

  std::size_t parts() const { return parts_; }
  std::size_t versions() const { return history_.size(); }
  bool refused() const { return refused_; }

 private:
  /// False when the rows forbid it.
  bool go(const Script& script, const std::string& what) {
    const Outcome outcome = run_script(database_, script);
    if (outcome.done) return true;
    static const char* const kRows[] = {"constraint", "unique", "null value",
                                        "violat", "refers"};
    for (const char* word : kRows) {
      refused_ = refused_ || outcome.refused ||
                 outcome.message.find(word) != std::string::npos;
    }
    if (!refused_) fail(what + ": " + outcome.message);
    return false;
  }

  bool there() {
    states_.clear();
    for (const Stage& stage : stages_) {
      states_.push_back(state());
      if (!go(stage.up_script, "up " + stage.name)) return false;
    }
    return true;
  }

  bool back() {
    for (std::size_t left = stages_.size(); left > 0; --left) {
      const Stage& stage = stages_[left - 1];
      if (!go(stage.down_script, "down " + stage.name)) return false;
      std::string lines;
      for (const std::string& line : difference(states_[left - 1], state())) {
        lines += line + "\n";
      }
      expect_none("down " + stage.name + " leads elsewhere:\n", lines);
    }
    return true;
  }

  Catalog state() {
    auto catalog = read_catalog(database_);
    if (!catalog) fail(catalog.error().message);
    return std::move(*catalog);
  }

  std::string difference_to_fresh() {
    Database& fresh = server_.empty(server_.fresh);
    const Outcome made = run_script(fresh, creation(dialect_, plan_.to));
    if (!made.done) fail("fresh: " + made.message);
    auto wanted = read_catalog(fresh);
    if (!wanted) fail(wanted.error().message);
    std::string lines;
    for (const std::string& line : difference(*wanted, state())) {
      lines += line + "\n";
    }
    return lines;
  }

  void expect_none(const std::string& what, const std::string& found) {
    if (!found.empty()) fail(what + found);
  }

  [[noreturn]] void fail(const std::string& what) {
    std::string text = what + "\n";
    for (const Change& change : plan_.changes) text += describe(change) + "\n";
    for (const Stage& stage : stages_) {
      text += "-- up " + stage.name + "\n" + test::text_of(stage.up_script);
    }
    for (const Stage& stage : stages_) {
      text += "-- down " + stage.name + "\n" + test::text_of(stage.down_script);
    }
    throw std::runtime_error(text);
  }

  Server& server_;
  Database& database_;
  Dice dice_;
  const Dialect& dialect_ = *find_dialect("postgres");
  std::vector<Version> history_;
  Plan plan_;
  std::vector<Stage> stages_;
  std::vector<Catalog> states_;
  std::size_t parts_ = 0;
  int row_ = 0;
  bool refused_ = false;
};

std::uint64_t number(const char* name, std::uint64_t usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

TEST(Evolution, P09_leads_online_there_and_back) {
  Server server;
  const std::uint64_t first = number("SCHEMAGEN_EVOLUTION_SEED", 1);
  const std::uint64_t cases = number("SCHEMAGEN_PROPERTY_CASES", 6);
  std::size_t parts = 0, versions = 0, refusals = 0;
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    try {
      Trip trip(server, seed);
      trip.run();
      parts += trip.parts();
      versions += trip.versions();
      refusals += trip.refused() ? 1 : 0;
    } catch (const std::runtime_error& failure) {
      ADD_FAILURE() << "SCHEMAGEN_EVOLUTION_SEED=" << seed << ": "
                    << failure.what();
    }
  }
  std::printf("%zu pairs of models in %zu parts, %zu refusals\n", versions,
              parts, refusals);
}

}  // namespace
}  // namespace schemagen::test
