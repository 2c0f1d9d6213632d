#include "cases/plan_case.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <sstream>
#include <vector>

#include "cases/case_scan.hpp"
#include "dialect/catalog.hpp"
#include "dialect/dialect.hpp"
#include "model/lower.hpp"
#include "model/snapshot.hpp"
#include "plan/plan.hpp"
#include "schemagen/migrator.hpp"
#include "support/lines.hpp"
#include "support/plan_set.hpp"
#include "support/postgres_server.hpp"

namespace schemagen::test {
namespace {

using gen::Diagnostics;
using gen::Schema;

/// Header text to schema, in memory; nothing when there were errors.
std::optional<Schema> schema_of(const CaseFile& file, const std::string& name,
                                Diagnostics& diagnostics) {
  gen::ScanResult result = gen::scan(case_request(file, name), diagnostics);
  if (!result.complete) return std::nullopt;
  Schema schema =
      gen::lower(result.declarations, gen::dialect_names(), diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return schema;
}

gen::Consents consents_of(const CaseFile& file) {
  gen::Consents consents;
  const std::string* flags = file.find("flags");
  for (const std::string& line : lines_of(flags ? *flags : "")) {
    const std::size_t space = line.find(' ');
    auto& list = line.compare(0, space, "--drop") == 0 ? consents.drops
                                                       : consents.renames;
    list.push_back(line.substr(space + 1));
  }
  return consents;
}

/// A database that a case has for itself.
std::unique_ptr<Database> fresh_database(const std::string& dialect) {
  const std::string url = dialect == "sqlite"
                              ? ":memory:"
                              : PostgresServer::instance().create_database();
  auto opened = gen::find_driver(dialect)->open(url);
  if (!opened) {
    ADD_FAILURE() << opened.error().message;
    return nullptr;
  }
  return std::move(*opened);
}

std::string rows_text(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) {
    if (!text.empty()) text += "; ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += (i ? "|" : "") + row[i].value_or("NULL");
    }
  }
  return text;
}

/// Both states of a case, read once for all dialects.
struct States {
  std::optional<Schema> before, after;
  Diagnostics diagnostics;
};

States read_states(const CaseFile& file) {
  States states;
  states.before = file.find("before.hpp")
                      ? schema_of(file, "before.hpp", states.diagnostics)
                      : Schema{};
  states.after = file.find("after.hpp")
                     ? schema_of(file, "after.hpp", states.diagnostics)
                     : states.before;
  return states;
}

/// One case on one dialect: the plans between its states, the scripts.
class PlanCase {
 public:
  PlanCase(CaseFile& file, const States& states, const std::string& dialect)
      : file_(file),
        dialect_(gen::find_dialect(dialect)),
        diagnostics_(states.diagnostics),
        before_(states.before),
        after_(states.after) {}

  void run(const std::string& update) {
    if (!before_ || !after_) {
      check_diagnostics(update);
      return;
    }
    create_ = gen::make_plan(Schema{}, *before_, {}, diagnostics_);
    up_ = gen::make_plan(*before_, *after_, consents_of(file_), diagnostics_);
    dialect_->check(*after_, diagnostics_);
    check_own_sql(*dialect_, *after_, diagnostics_);
    if (!diagnostics_.empty() || file_.find("diagnostics")) {
      check_diagnostics(update);
    }
    if (diagnostics_.has_errors()) return;
    down_ = gen::reverse(up_);
    check_texts(update);
    prove_second_look_finds_nothing();
    prove_same_bytes();
    prove_on_database();
  }

 private:
  void check_diagnostics(const std::string& update) {
    const std::string actual = gen::to_text(diagnostics_.sorted(), false);
    if (!update.empty()) {
      file_.set("diagnostics", actual);
      return;
    }
    const std::string* expected = file_.find("diagnostics");
    EXPECT_EQ(expected ? *expected : "", actual) << file_.path;
  }

  void check_texts(const std::string& update) {
    const std::string name(dialect_->name());
    std::string changes;
    for (const gen::Change& change : up_.changes) {
      changes += gen::describe(change) + "\n";
    }
    const std::pair<std::string, std::string> sections[] = {
        {"plan", changes},
        {name + ".up.sql", text_of(up_)},
        {name + ".down.sql", text_of(down_)},
        {name + ".statements", statements_of(up_)}};
    for (const auto& [section, actual] : sections) {
      const std::string* expected = file_.find(section);
      const bool is_wanted = expected || (update == "all" && is_full(section));
      if (is_wanted && !update.empty()) {
        file_.set(section, actual);
      } else if (expected) {
        EXPECT_EQ(*expected, actual) << file_.path << " " << section;
      }
    }
  }

  std::string text_of(const gen::Plan& plan) const {
    return script_of(*dialect_, plan);
  }

  static bool is_full(const std::string& section) {
    return section.find(".statements") == std::string::npos;
  }

  /// What a reader of documentation wants to see.
  std::string statements_of(const gen::Plan& plan) const {
    std::string text;
    for (const std::string& line : lines_of(text_of(plan))) {
      if (line.compare(0, 2, "--") != 0) text += line + "\n";
    }
    return text;
  }

  void prove_second_look_finds_nothing() {
    Diagnostics diagnostics;
    EXPECT_TRUE(
        gen::make_plan(*after_, *after_, {}, diagnostics).changes.empty());
    gen::Snapshot snapshot;
    snapshot.dialects = gen::dialect_names();
    snapshot.schema = *after_;
    const std::string text = gen::write_snapshot(snapshot);
    const gen::Snapshot read =
        gen::read_snapshot(text, "snapshot", diagnostics);
    const gen::Plan again =
        gen::make_plan(read.schema, *after_, {}, diagnostics);
    EXPECT_EQ("", gen::to_text(diagnostics.sorted(), false));
    for (const gen::Change& change : again.changes) {
      ADD_FAILURE() << "a second look finds: " << gen::describe(change);
    }
    EXPECT_EQ(text, gen::write_snapshot(read));
  }

  void prove_same_bytes() {
    Diagnostics diagnostics;
    const gen::Plan again =
        gen::make_plan(*before_, *after_, consents_of(file_), diagnostics);
    EXPECT_EQ(text_of(up_), text_of(again));
    EXPECT_EQ(text_of(down_), text_of(gen::reverse(again)));
  }

  std::vector<gen::PreparedDialect> prepared(
      const std::vector<gen::Plan>& plans, Diagnostics& diagnostics) const {
    return prepare_plans(std::string(dialect_->name()), plans, diagnostics);
  }

  void prove_on_database() {
    Diagnostics diagnostics;
    gen::MemorySet set("case", prepared({create_, up_}, diagnostics));
    ASSERT_EQ("", gen::to_text(diagnostics.sorted(), false));
    database_ = fresh_database(std::string(dialect_->name()));
    ASSERT_TRUE(database_);
    Migrator migrator(*database_, set.set());
    ASSERT_TRUE(succeeds(migrator.up_to(id_of(1)), create_));
    ASSERT_NO_FATAL_FAILURE(seed());
    const gen::Catalog before = catalog(*database_);
    ASSERT_TRUE(succeeds(migrator.up(), up_));
    expect_rows("up");
    expect_statements();
    expect_same(fresh_catalog(), catalog(*database_), "fresh and migrated");
    ASSERT_TRUE(succeeds(migrator.down(), down_));
    expect_rows("down");
    expect_same(before, catalog(*database_), "before and after the way back");
    ASSERT_TRUE(succeeds(migrator.up(), up_));
    expect_same(fresh_catalog(), catalog(*database_), "fresh and up again");
  }

  testing::AssertionResult succeeds(const Result<Report>& result,
                                    const gen::Plan& plan) const {
    if (result) return testing::AssertionSuccess();
    return testing::AssertionFailure() << result.error().message << "\n"
                                       << text_of(plan);
  }

  void seed() {
    const std::string sql =
        file_.text_for("rows", std::string(dialect_->name()));
    Diagnostics diagnostics;
    for (const gen::StatementRange& range :
         dialect_->cut(sql, file_.path, true, false, diagnostics)) {
      auto done = database_->execute(sql.substr(range.offset, range.length));
      ASSERT_TRUE(done) << done.error().message;
    }
    ASSERT_EQ("", gen::to_text(diagnostics.sorted(), false));
  }

  /// Lines of the form `SELECT ... => cell|cell; cell|cell`.
  void expect_rows(const std::string& section) {
    for (const std::string& line :
         lines_of(file_.text_for(section, std::string(dialect_->name())))) {
      const std::size_t arrow = line.rfind(" => ");
      ASSERT_NE(std::string::npos, arrow) << line;
      auto rows = database_->query(line.substr(0, arrow));
      ASSERT_TRUE(rows) << section << ": " << rows.error().message;
      EXPECT_EQ(line.substr(arrow + 4), rows_text(*rows))
          << section << ": " << line;
    }
  }

  /// What the database takes and refuses after the way up, one line each.
  void expect_statements() {
    const std::string dialect(dialect_->name());
    for (const std::string& sql : lines_of(file_.text_for("takes", dialect))) {
      auto done = database_->execute(sql);
      EXPECT_TRUE(done) << sql << "\n" << done.error().message;
    }
    for (const std::string& sql :
         lines_of(file_.text_for("refuses", dialect))) {
      EXPECT_FALSE(database_->execute(sql)) << "not refused: " << sql;
    }
  }

  static gen::Catalog catalog(Database& database) {
    auto catalog = gen::read_catalog(database);
    if (catalog) return std::move(*catalog);
    ADD_FAILURE() << catalog.error().message;
    return {};
  }

  gen::Catalog fresh_catalog() {
    Diagnostics diagnostics;
    const gen::Plan plan = gen::make_plan(Schema{}, *after_, {}, diagnostics);
    gen::MemorySet set("fresh", prepared({plan}, diagnostics));
    auto database = fresh_database(std::string(dialect_->name()));
    if (!database) return {};
    Migrator migrator(*database, set.set());
    EXPECT_TRUE(succeeds(migrator.up(), plan));
    return catalog(*database);
  }

  void expect_same(const gen::Catalog& expected, const gen::Catalog& actual,
                   const char* what) {
    EXPECT_EQ("", joined(gen::difference(expected, actual)))
        << what << " differ\n"
        << text_of(up_) << "\n"
        << text_of(down_);
  }

  CaseFile& file_;
  const gen::Dialect* dialect_;
  Diagnostics diagnostics_;
  const std::optional<Schema>& before_;
  const std::optional<Schema>& after_;
  gen::Plan create_, up_, down_;
  std::unique_ptr<Database> database_;
};

}  // namespace

CaseFile run_plan_case(CaseFile file, const std::string& update) {
  const States states = read_states(file);
  for (const std::string& dialect : gen::dialect_names()) {
    SCOPED_TRACE(dialect);
    PlanCase(file, states, dialect).run(update);
  }
  return file;
}

}  // namespace schemagen::test
