// Years of a random model on a database that fills up on the way: every version
// is reached, left and reached again as if it had been made at once, and no
// value is lost that nobody named. SCHEMAGEN_PROPERTY_CASES=1000 tries that
// many histories, SCHEMAGEN_EVOLUTION_SEED=7 begins with number 7.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <regex>
#include <stdexcept>

#include "dialect/catalog.hpp"
#include "dialect/dialect.hpp"
#include "emit/folder.hpp"
#include "emit/prepared.hpp"
#include "emit/script_text.hpp"
#include "model/snapshot.hpp"
#include "plan/identity.hpp"
#include "plan/type_step.hpp"
#include "schemagen/migrator.hpp"
#include "support/plan_runner.hpp"
#include "support/postgres_server.hpp"
#include "support/random_history.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

struct Engine {
  const char* dialect;
  std::unique_ptr<Database> travelled;
  std::unique_ptr<Database> fresh;
};

std::unique_ptr<Database> open(const std::string& dialect,
                               const std::string& url) {
  auto opened = find_driver(dialect)(url);
  if (!opened) throw std::runtime_error(opened.error().message);
  if (dialect == "sqlite") {
    (void)(*opened)->execute("PRAGMA foreign_keys = ON");
  }
  return std::move(*opened);
}

void wipe_postgres(Database& database) {
  for (const char* sql :
       {"DROP SCHEMA IF EXISTS public, app CASCADE", "CREATE SCHEMA public"}) {
    if (auto done = database.execute(sql); !done) {
      throw std::runtime_error(done.error().message);
    }
  }
}

/// A database without anything in it.
Database& empty(const std::string& dialect, std::unique_ptr<Database>& kept) {
  if (dialect == "sqlite") {
    kept = open(dialect, ":memory:");
  } else {
    if (!kept) {
      kept = open(dialect, PostgresServer::instance().create_database());
    }
    wipe_postgres(*kept);
  }
  return *kept;
}

std::string id_of(std::size_t version) {
  return std::to_string(20260101000000 + static_cast<long long>(version));
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

class Journey {
 public:
  Journey(Engine& engine, std::uint64_t seed, std::size_t versions,
          std::size_t edits)
      : engine_(engine),
        dialect_(*find_dialect(engine.dialect)),
        dice_(seed),
        history_(random_history(seed, versions, edits)) {
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
      before = version.schema;
    }
  }

  void second_look(const Version& version) {
    Snapshot snapshot;
    snapshot.dialects = dialect_names();
    snapshot.schema = version.schema;
    Diagnostics diagnostics;
    const Snapshot read =
        read_snapshot(write_snapshot(snapshot), "snapshot", diagnostics);
    const Plan again = make_plan(read.schema, version.schema, {}, diagnostics);
    std::string found = to_text(diagnostics.sorted(), false);
    for (const Change& change : again.changes) found += describe(change) + "\n";
    if (!found.empty()) fail("a second look finds:\n" + found, plans_.size());
  }

  std::string script(std::size_t version, bool up) const {
    const Plan plan = up ? plans_[version - 1] : reverse(plans_[version - 1]);
    return script_text(dialect_.render(plan), plan);
  }

  std::vector<PreparedDialect> prepared() {
    using Kind = core::MigrationFileName::Kind;
    Folder folder;
    for (std::size_t v = 1; v <= plans_.size(); ++v) {
      FolderMigration made;
      made.id = id_of(v);
      made.name = "step";
      for (const Kind kind : {Kind::up, Kind::down}) {
        ScriptFile file;
        file.name = {made.id, made.name, engine_.dialect, kind};
        file.path = core::format_file_name(file.name);
        file.text = script(v, kind == Kind::up);
        file.directives = core::parse_directives(file.text);
        made.files.push_back(std::move(file));
      }
      folder.migrations.push_back(std::move(made));
    }
    Diagnostics diagnostics;
    auto all = prepare(folder, {engine_.dialect}, diagnostics);
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
    const Plan plan = up ? plans_[version - 1] : reverse(plans_[version - 1]);
    if (is_sqlite()) tables_before_ = tables();
    const std::string before = kept(plan, true);
    if (!go(migrator, to, version, up)) {
      delete_rows(schema(from));
      if (!go(migrator, to, version, up)) {
        fail("refused without a row: " + refused_, version, up);
      }
      return arrive(to, version, up);
    }
    arrive(to, version, up);
    const std::string after = kept(plan, false);
    if (before != after) {
      fail(before + "became\n" + after, version, up);
    }
  }

  /// False when the rows forbid it; the database is as it was then.
  bool go(Migrator& migrator, std::size_t to, std::size_t version, bool up) {
    const std::size_t from = up ? to - 1 : to + 1;
    const std::string before = dump(schema(from));
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

  void arrive(std::size_t at, std::size_t version, bool up) {
    Database& fresh = empty(engine_.dialect, engine_.fresh);
    const Outcome made = run_script(fresh, creation(dialect_, schema(at)));
    if (!made.done) fail("fresh: " + made.message, version, up);
    auto expected = read_catalog(fresh), actual = read_catalog(*database_);
    if (!expected) fail(expected.error().message, version, up);
    if (!actual) fail(actual.error().message, version, up);
    const std::string found = joined(difference(*expected, *actual));
    if (!found.empty()) fail("not as if made at once:\n" + found, version, up);
  }

  // Rows --------------------------------------------------------------------

  bool is_sqlite() const { return dialect_.name() == "sqlite"; }

  std::string quoted(const Table& table) const {
    const std::string name = dialect_.quote(table.name);
    return table.schema.empty() || is_sqlite()
               ? name
               : dialect_.quote(table.schema) + "." + name;
  }

  std::string selected(const Column& column) const {
    const std::string name = dialect_.quote(column.name);
    return is_sqlite() ? "typeof(" + name + ") || ':' || quote(" + name + ")"
                       : name + "::text";
  }

  std::string rows_of(const Table& table,
                      const std::vector<const Column*>& columns) {
    std::string list, order;
    for (const Column* column : columns) list += selected(*column) + ", ";
    for (const Column& column : table.columns) {
      if (is_row_name(column)) order = dialect_.quote(column.name);
    }
    return rows_text(*database_, "SELECT " + list + "t." + order + " FROM " +
                                     quoted(table) + " AS t ORDER BY t." +
                                     order);
  }

  std::string tables() {
    return rows_text(*database_, "SELECT sql FROM sqlite_master");
  }

  std::string dump(const Schema& schema) {
    std::string text;
    for (const Table& table : schema.tables) {
      std::vector<const Column*> all;
      for (const Column& column : table.columns) all.push_back(&column);
      text += rows_of(table, all);
    }
    return text;
  }

  /// `a` and `b` in the direction of the step, as its plan has them.
  static bool keeps_values(const Plan& plan, const Column& a, const Column& b) {
    if (!a.generated.empty() || !b.generated.empty()) return false;
    if (a.nullable != b.nullable) return false;
    if (a.type.kind == TypeKind::enumeration) {
      const Enum* one = plan.from.find_enum(a.type.enum_name);
      const Enum* two = plan.to.find_enum(b.type.enum_name);
      return a.type == b.type && *one == *two && plan.renamed_values.empty();
    }
    if (a.type == b.type) return true;
    const TypeStep step = type_step(plan.from, a.type, plan.to, b.type);
    const bool same_kind =
        a.type.kind == b.type.kind &&
        (a.type.kind == TypeKind::text || a.type.kind == TypeKind::blob);
    return same_kind && b.using_sql.empty() && step == TypeStep::lossless;
  }

  /// What must be the same on both sides of a step.
  std::string kept(const Plan& plan, bool before) {
    std::string text;
    const Matching matching = match(plan.from, plan.to, identity_of(plan));
    for (const TablePair& pair : matching.tables) {
      if (pair.from == nullptr || pair.to == nullptr) continue;
      std::vector<const Column*> columns;
      for (const ColumnPair& column : pair.columns) {
        if (column.from != nullptr && column.to != nullptr &&
            keeps_values(plan, *column.from, *column.to)) {
          columns.push_back(before ? column.from : column.to);
        }
      }
      text += rows_of(before ? *pair.from : *pair.to, columns);
    }
    return text;
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
      if (version <= plans_.size()) text += script(version, up);
    }
    if (is_sqlite() && database_ != nullptr) {
      text += "-- BEFORE\n" + tables_before_ + "-- NOW\n" + tables();
    }
    throw std::runtime_error(text);
  }

  Engine& engine_;
  const Dialect& dialect_;
  Dice dice_;
  std::vector<Version> history_;
  std::vector<Plan> plans_;
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

/// Each history has its number, so that a failure is told by one.
void travel_all(const char* dialect, std::uint64_t usual) {
  const std::uint64_t first = number("SCHEMAGEN_EVOLUTION_SEED", 1);
  const std::uint64_t cases = number("SCHEMAGEN_PROPERTY_CASES", usual);
  int rows = 0, refusals = 0;
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    try {
      Dice dice(seed);
      Journey journey(engine(dialect), seed, 5 + dice.below(21),
                      2 + dice.below(7));
      journey.run();
      rows += journey.rows();
      refusals += journey.refusals();
    } catch (const std::runtime_error& error) {
      ADD_FAILURE() << "SCHEMAGEN_EVOLUTION_SEED=" << seed << ": "
                    << error.what();
    }
  }
  std::printf("%d rows, %d refusals\n", rows, refusals);
}

TEST(Evolution, leads_a_filled_sqlite_database_through_the_years) {
  travel_all("sqlite", 15);
}

TEST(Evolution, leads_a_filled_postgres_database_through_the_years) {
  travel_all("postgres", 4);
}

}  // namespace
}  // namespace schemagen::test
