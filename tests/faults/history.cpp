#include "faults/history.hpp"

#include <cstdio>

#include "core/checksum.hpp"
#include "schemagen/postgres.hpp"
#include "schemagen/sqlite.hpp"

namespace schemagen::faults {
namespace {

using Step = History::Step;

Result<Done> log_nine(Database& database) {
  const auto done = database.execute("INSERT INTO log VALUES (9)");
  if (!done) return done.error();
  return Done{};
}

Result<Done> forget_nine(Database& database) {
  const auto done = database.execute("DELETE FROM log WHERE n = 9");
  if (!done) return done.error();
  return Done{};
}

std::string insert(int n) {
  return "INSERT INTO log VALUES (" + std::to_string(n) + ")";
}

std::string forget(int n) {
  return "DELETE FROM log WHERE n = " + std::to_string(n);
}

void add_tables(History& history) {
  history.add({"create_team",
               {"CREATE TABLE team (id bigint PRIMARY KEY, name text NOT NULL)",
                "INSERT INTO team VALUES (1, 'red'), (2, 'green')"},
               {"DROP TABLE team"}});
  history.add({"create_member",
               {"CREATE TABLE member (id bigint PRIMARY KEY, team_id bigint "
                "NOT NULL REFERENCES team (id) ON DELETE CASCADE, nick text)",
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
                "n WHERE i < 60) INSERT INTO member SELECT i, 1 + i % 2, "
                "'nick' FROM n"},
               {"DROP TABLE member"}});
  history.add({"add_score",
               {"ALTER TABLE member ADD COLUMN score bigint DEFAULT 0",
                "UPDATE member SET score = id * 2"},
               {"ALTER TABLE member DROP COLUMN score"}});
  history.add({"create_log",
               {"CREATE TABLE log (n bigint NOT NULL)", insert(1), insert(2)},
               {"DROP TABLE log"}});
  history.add({"log_more", {insert(3), insert(4)}, {forget(4), forget(3)}});
}

Step rebuild_team(bool sqlite) {
  if (!sqlite) {
    return {"check_team",
            {"ALTER TABLE team ADD CONSTRAINT named CHECK (name <> '')"},
            {"ALTER TABLE team DROP CONSTRAINT named"}};
  }
  const auto rebuild = [](const std::string& check) {
    return std::vector<std::string>{
        "CREATE TABLE new_team (id bigint PRIMARY KEY, name text NOT NULL" +
            check + ")",
        "INSERT INTO new_team (id, name) SELECT id, name FROM team",
        "DROP TABLE team", "ALTER TABLE new_team RENAME TO team"};
  };
  return {"check_team", rebuild(" CHECK (name <> '')"), rebuild(""), 0, "team"};
}

Step alone(bool sqlite) {
  if (sqlite) {
    return {"log_alone",
            {insert(7), "CREATE INDEX member_nick ON member (nick)", insert(8)},
            {forget(8), "DROP INDEX member_nick", forget(7)},
            kNoTransaction | kDownNoTransaction};
  }
  return {"index_alone",
          {"CREATE INDEX CONCURRENTLY member_nick ON member (nick)",
           "CREATE INDEX CONCURRENTLY team_name ON team (name)"},
          {"DROP INDEX CONCURRENTLY team_name",
           "DROP INDEX CONCURRENTLY member_nick"},
          kNoTransaction | kDownNoTransaction};
}

void add_mixed(History& history, bool sqlite) {
  add_tables(history);
  history.add(rebuild_team(sqlite));
  history.add(alone(sqlite));
  history.add({"index_score",
               {"CREATE INDEX member_score ON member (score)"},
               {"DROP INDEX member_score"}});
  Step code{"code", {}, {}};
  code.code_up = log_nine;
  code.code_down = forget_nine;
  history.add(code);
  history.add({"view_scores",
               {"CREATE VIEW scores AS SELECT id, score FROM member"},
               {"DROP VIEW scores"}});
  history.add({"rename_nick",
               {"ALTER TABLE member RENAME COLUMN nick TO nickname",
                "UPDATE member SET nickname = nickname || '!'"},
               {"UPDATE member SET nickname = 'nick'",
                "ALTER TABLE member RENAME COLUMN nickname TO nick"}});
  history.add({"log_last", {insert(12)}, {forget(12)}});
}

void add_hundred(History& history) {
  history.add({"create_log",
               {"CREATE TABLE log (n bigint NOT NULL)", insert(1)},
               {"DROP TABLE log"}});
  for (int n = 2; n <= 100; ++n) {
    const std::string table = "t" + std::to_string(n);
    history.add(
        {"create_" + table,
         {"CREATE TABLE " + table + " (id bigint PRIMARY KEY)", insert(n)},
         {forget(n), "DROP TABLE " + table}});
  }
}

/// Both dialects of one history.
struct BothDialects {
  History sqlite;
  History postgres;
  EmbeddedDialect dialects[2];
  MigrationSet set;

  explicit BothDialects(bool mixed) {
    if (mixed) {
      add_mixed(sqlite, true);
      add_mixed(postgres, false);
    } else {
      add_hundred(sqlite);
      add_hundred(postgres);
    }
    const auto& s = sqlite.migrations();
    const auto& p = postgres.migrations();
    dialects[0] = {"sqlite", schemagen::sqlite::open, s.data(), s.size()};
    dialects[1] = {"postgres", schemagen::postgres::open, p.data(), p.size()};
    set = {"faults", dialects, 2};
  }
};

/// The directives that the head of the script would carry.
std::string head_of(const Step& step, unsigned no_transaction) {
  std::string head;
  if ((step.flags & no_transaction) != 0) {
    head += "-- schemagen: no-transaction\n";
  }
  if (step.rebuilds != nullptr) {
    head += std::string("-- schemagen: rebuild ") + step.rebuilds + '\n';
  }
  return head;
}

}  // namespace

void History::add(const Step& step) {
  EmbeddedMigration row{};
  char id[32];
  std::snprintf(id, sizeof id, "2026010112%02u%02u",
                static_cast<unsigned>(rows_.size() / 60),
                static_cast<unsigned>(rows_.size() % 60));
  row.id = keep(id);
  row.name = keep(step.name);
  row.flags = step.flags;
  row.code_up = step.code_up;
  row.code_down = step.code_down;
  if (step.code_up == nullptr) {
    row.up = keep(head_of(step, kNoTransaction), step.up);
    row.down = keep(head_of(step, kDownNoTransaction), step.down);
  }
  rebuilds_.emplace_back();
  if (step.rebuilds != nullptr) rebuilds_.back().push_back(step.rebuilds);
  rebuilds_.back().push_back(nullptr);
  row.rebuilds = rebuilds_.back().data();
  const auto text = [](const EmbeddedScript& script) {
    return std::string(script.text == nullptr ? "" : script.text, script.size);
  };
  row.checksum =
      keep(core::migration_checksum(text(row.up), text(row.down), step.name));
  chain_ = core::chain_checksum(chain_, row.id, row.checksum);
  row.chain = keep(chain_);
  rows_.push_back(row);
}

const char* History::keep(std::string text) {
  return texts_.emplace_back(std::move(text)).c_str();
}

EmbeddedScript History::keep(std::string text,
                             const std::vector<std::string>& statements) {
  auto& places = statements_.emplace_back();
  for (const std::string& statement : statements) {
    places.push_back({static_cast<std::uint32_t>(text.size()),
                      static_cast<std::uint32_t>(statement.size()), false});
    text += statement + ";\n";
  }
  const std::size_t size = text.size();
  return {keep(std::move(text)), size, places.data(), places.size()};
}

const MigrationSet& history(const std::string& name) {
  static const BothDialects mixed(true);
  static const BothDialects hundred(false);
  return name == "mixed" ? mixed.set : hundred.set;
}

}  // namespace schemagen::faults
