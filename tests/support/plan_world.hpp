// A database in one state, its rows, and the way to another state and back,
// for the tests of a dialect.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "dialect/catalog.hpp"
#include "dialect/dialect.hpp"
#include "model/diagnostics.hpp"
#include "support/build_schema.hpp"
#include "support/lines.hpp"
#include "support/plan_runner.hpp"

namespace schemagen::test {

class PlanWorld {
 public:
  /// Opens a database that holds nothing yet.
  using Open = std::unique_ptr<Database> (*)();

  PlanWorld(const char* dialect, Open open, const gen::Schema& schema)
      : dialect_(*gen::find_dialect(dialect)),
        open_(open),
        schema_(snapshot_of(schema)),
        database_(open()) {
    run(creation(dialect_, schema_));
  }

  void rows(const std::vector<std::string>& statements) {
    const Outcome outcome = run_statements(*database_, statements);
    EXPECT_TRUE(outcome.done) << outcome.message;
  }

  /// Goes there; the catalogue must then be that of a fresh build. `by_hand` is
  /// what stands in the script's blocks.
  gen::Script go(const gen::Schema& to, const gen::Consents& consents = {},
                 const std::vector<std::string>& by_hand = {}) {
    gen::Script script = prepare(to, consents);
    run(filled(script, by_hand));
    expect_catalogue(to);
    return script;
  }

  gen::Script prepare(const gen::Schema& to,
                      const gen::Consents& consents = {}) {
    gen::Diagnostics diagnostics;
    plan_ = make_plan(schema_, to, consents, diagnostics);
    EXPECT_EQ(to_text(diagnostics.sorted(), false), "");
    return dialect_.render(plan_);
  }

  gen::Script way_back() const { return dialect_.render(reverse(plan_)); }

  gen::Script back() {
    gen::Script script = way_back();
    run(script);
    expect_catalogue(schema_);
    return script;
  }

  std::string refusal(const gen::Script& script) {
    const Outcome outcome = run_script(*database_, script);
    EXPECT_TRUE(outcome.refused) << outcome.message << text_of(script);
    return outcome.message;
  }

  std::string select(const std::string& sql) {
    return rows_text(*database_, sql);
  }
  Database& database() { return *database_; }

 private:
  void run(const gen::Script& script) {
    const Outcome outcome = run_script(*database_, script);
    EXPECT_TRUE(outcome.done) << outcome.message << "\n" << text_of(script);
  }

  void expect_catalogue(const gen::Schema& schema) {
    const auto fresh = open_();
    const Outcome made = run_script(*fresh, creation(dialect_, schema));
    EXPECT_TRUE(made.done) << made.message;
    auto expected = gen::read_catalog(*fresh);
    auto actual = gen::read_catalog(*database_);
    EXPECT_EQ(joined(gen::difference(*expected, *actual)), "");
  }

  const gen::Dialect& dialect_;
  Open open_;
  gen::Schema schema_;
  std::unique_ptr<Database> database_;
  gen::Plan plan_;
};

}  // namespace schemagen::test
