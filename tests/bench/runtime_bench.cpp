// The runtime beside raw C over the client libraries, as ratios of one run.
// Both sides do the same work: the statements, and a history row for each
// migration. Prints a table; `--check` exits 1 when a ratio is over its limit.
#include <libpq-fe.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "faults/history.hpp"
#include "faults/sqlite_faults.hpp"
#include "schemagen/migrator.hpp"
#include "schemagen/postgres.hpp"
#include "schemagen/sqlite.hpp"
#include "support/postgres_server.hpp"

namespace {

using namespace schemagen;
using std::chrono::steady_clock;

constexpr const char* kHistoryTable =
    "CREATE TABLE history (id text PRIMARY KEY NOT NULL, name text NOT NULL, "
    "applied_at text NOT NULL, script text, checksum text NOT NULL, "
    "down_script text, chain text NOT NULL, execution_ms bigint NOT NULL, "
    "compatible bigint NOT NULL, state text NOT NULL, statements_done bigint "
    "NOT NULL, error text, applied_by text)";

[[noreturn]] void stop(const std::string& what) {
  std::fprintf(stderr, "error: %s\n", what.c_str());
  std::exit(2);
}

/// A history of `count` migrations, one table each.
struct Tables {
  test::Embedded history;

  Tables(std::size_t count, const char* name, const Connector* driver)
      : history(name, driver) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string table = "table_" + std::to_string(i);
      const std::string down = "DROP TABLE " + table + ";\n";
      faults::add_next(
          history, ("create_" + table).c_str(),
          "CREATE TABLE " + table +
              " (id bigint PRIMARY KEY, title text NOT NULL, body text);\n",
          down.c_str());
    }
  }

  const MigrationSet& set() { return history.set(); }
  const EmbeddedMigration* begin() { return set().dialects[0].migrations; }
  const EmbeddedMigration* end() { return begin() + set().dialects[0].count; }
};

double milliseconds(const std::function<void()>& work) {
  const auto before = steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(steady_clock::now() - before)
      .count();
}

struct Contest {
  const char* name;
  double limit;
  std::function<void()> reset;  ///< before each side, not timed
  std::function<void()> floor;
  std::function<void()> ours;
};

/// Sides take turns, and turns at who is first, so that a slow moment of the
/// machine and what the side before left behind hit both; the best of each side
/// counts: whatever else the machine does only adds.
bool hold(const Contest& contest, int rounds) {
  std::vector<double> floors;
  std::vector<double> ours;
  const auto run = [&](const std::function<void()>& side,
                       std::vector<double>& times) {
    contest.reset();
    times.push_back(milliseconds(side));
  };
  for (int round = 0; round < rounds; ++round) {
    const bool is_floor_first = round % 2 == 0;
    if (is_floor_first) run(contest.floor, floors);
    run(contest.ours, ours);
    if (!is_floor_first) run(contest.floor, floors);
  }
  const double floor = *std::min_element(floors.begin(), floors.end());
  const double best = *std::min_element(ours.begin(), ours.end());
  const double ratio = best / floor;
  const bool is_fine = ratio <= contest.limit;
  std::printf("%-52s %9.2f %9.2f %7.3f %7.2f  %s\n", contest.name, floor, best,
              ratio, contest.limit, is_fine ? "ok" : "OVER");
  std::fflush(stdout);
  return is_fine;
}

// SQLite ---------------------------------------------------------------------

void run_sql(sqlite3* db, const char* sql) {
  if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    stop(sqlite3_errmsg(db));
  }
}

void insert_row(sqlite3_stmt* insert, const EmbeddedMigration& row) {
  const char* texts[] = {row.id,      row.name,     "2026-01-01T00:00:00Z",
                         row.up.text, row.checksum, row.down.text,
                         row.chain};
  for (int i = 0; i < 7; ++i) {
    sqlite3_bind_text(insert, i + 1, texts[i], -1, SQLITE_STATIC);
  }
  if (sqlite3_step(insert) != SQLITE_DONE) stop("raw insert failed");
  sqlite3_reset(insert);
}

/// The floor: prepare, step and one history row for each migration.
void apply_raw(const char* file, Tables& tables, bool one_transaction) {
  sqlite3* db = nullptr;
  if (sqlite3_open(file, &db) != SQLITE_OK) stop("raw open failed");
  run_sql(db, kHistoryTable);
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db,
                     "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, "
                     "'applied', 1, NULL, NULL)",
                     -1, &insert, nullptr);
  if (one_transaction) run_sql(db, "BEGIN IMMEDIATE");
  for (const EmbeddedMigration& row : tables) {
    if (!one_transaction) run_sql(db, "BEGIN IMMEDIATE");
    run_sql(db, row.up.text);
    insert_row(insert, row);
    if (!one_transaction) run_sql(db, "COMMIT");
  }
  if (one_transaction) run_sql(db, "COMMIT");
  sqlite3_finalize(insert);
  sqlite3_close(db);
}

void read_one_row_raw(const char* file) {
  sqlite3* db = nullptr;
  sqlite3_stmt* read = nullptr;
  if (sqlite3_open(file, &db) != SQLITE_OK) stop("raw open failed");
  sqlite3_prepare_v2(db,
                     "SELECT id, chain FROM schemagen_migrations ORDER BY id "
                     "DESC LIMIT 1",
                     -1, &read, nullptr);
  if (sqlite3_step(read) != SQLITE_ROW) stop("raw read failed");
  sqlite3_finalize(read);
  sqlite3_close(db);
}

void migrate(const Connector& driver, const std::string& url,
             const MigrationSet& set) {
  auto database = driver.open(url);
  if (!database) stop(database.error().message);
  const auto done = Migrator(**database, set).up();
  if (!done) stop(done.error().message);
}

bool race_sqlite(const std::string& folder) {
  Tables tables(1000, "sqlite", &sqlite::kConnector);
  const std::string file = folder + "/bench.db";
  const auto remove = [file] { std::filesystem::remove(file); };
  const auto ours = [&tables](const std::string& url) {
    return [&tables, url] { migrate(sqlite::kConnector, url, tables.set()); };
  };
  bool fine = true;
  fine &= hold(
      {"sqlite, 1000 pending, disk / one transaction", 1.15, remove,
       [&] { apply_raw(file.c_str(), tables, true); }, ours("sqlite:" + file)},
      9);
  fine &= hold(
      {"sqlite, 1000 pending, memory / one transaction", 1.15, [] {},
       [&] { apply_raw(":memory:", tables, true); }, ours("sqlite::memory:")},
      15);
  fine &= hold(
      {"sqlite, 1000 pending, disk / one each", 1.00, remove,
       [&] { apply_raw(file.c_str(), tables, false); }, ours("sqlite:" + file)},
      1);
  remove();
  faults::fail_sqlite(faults::Fault::sync, 0);
  migrate(sqlite::kConnector, "sqlite:" + file, tables.set());
  const double syncs = static_cast<double>(faults::calls_so_far()) / 1000;
  std::printf("%-52s %9s %9.3f %7s %7.2f  %s\n", "sqlite, syncs per migration",
              "", syncs, "", 0.2, syncs <= 0.2 ? "ok" : "OVER");
  fine &= syncs <= 0.2;
  fine &=
      hold({"sqlite, nothing pending of 1000 / read one row", 1.10, [] {},
            [&] { read_one_row_raw(file.c_str()); }, ours("sqlite:" + file)},
           101);
  remove();
  Tables many(10'000, "sqlite", &sqlite::kConnector);
  migrate(sqlite::kConnector, "sqlite:" + file, many.set());
  fine &=
      hold({"sqlite, nothing pending of 10000 / read one row", 1.10, [] {},
            [&] { read_one_row_raw(file.c_str()); },
            [&] { migrate(sqlite::kConnector, "sqlite:" + file, many.set()); }},
           31);
  return fine;
}

// PostgreSQL -----------------------------------------------------------------

void check(PGconn* connection, PGresult* result) {
  const auto status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    stop(PQerrorMessage(connection));
  }
  PQclear(result);
}

PGconn* connect_raw(const std::string& url) {
  PGconn* connection = PQconnectdb(url.c_str());
  if (PQstatus(connection) != CONNECTION_OK) stop(PQerrorMessage(connection));
  return connection;
}

void apply_raw(const std::string& url, Tables& tables) {
  PGconn* connection = connect_raw(url);
  check(connection, PQexec(connection, kHistoryTable));
  check(connection,
        PQprepare(connection, "record",
                  "INSERT INTO history VALUES ($1, $2, $3, $4, $5, $6, $7, 0, "
                  "0, 'applied', 1, NULL, NULL)",
                  7, nullptr));
  // Redone after a crash as long as a later commit is sure to come.
  check(connection, PQexec(connection, "SET synchronous_commit = off"));
  for (const EmbeddedMigration& row : tables) {
    if (&row + 1 == tables.end()) {
      check(connection, PQexec(connection, "SET synchronous_commit = on"));
    }
    const char* values[] = {row.id,      row.name,     "2026-01-01T00:00:00Z",
                            row.up.text, row.checksum, row.down.text,
                            row.chain};
    check(connection, PQexec(connection, "BEGIN"));
    check(connection, PQexec(connection, row.up.text));
    check(connection,
          PQexecPrepared(connection, "record", 7, values, nullptr, nullptr, 0));
    check(connection, PQexec(connection, "COMMIT"));
  }
  PQfinish(connection);
}

void read_one_row_raw(const std::string& url) {
  PGconn* connection = connect_raw(url);
  check(connection, PQexec(connection,
                           "SELECT id, chain FROM schemagen_migrations ORDER "
                           "BY id DESC LIMIT 1"));
  PQfinish(connection);
}

bool race_postgres() {
  Tables tables(1000, "postgres", &postgres::kConnector);
  auto& server = test::PostgresServer::instance();
  // A database of its own each time: dropped tables would slow the next side.
  std::string url;
  const auto reset = [&] { url = server.create_database(); };
  const auto ours = [&] { migrate(postgres::kConnector, url, tables.set()); };
  bool fine = true;
  fine &= hold({"postgres, 1000 pending / one transaction each", 1.10, reset,
                [&] { apply_raw(url, tables); }, ours},
               9);
  fine &= hold({"postgres, nothing pending of 1000 / read one row", 1.10, [] {},
                [&] { read_one_row_raw(url); }, ours},
               101);
  return fine;
}

}  // namespace

int main(int argc, char** argv) {
  faults::install_failing_files();
  std::printf("%-52s %9s %9s %7s %7s\n", "", "floor ms", "ours ms", "ratio",
              "limit");
  std::string folder = std::filesystem::current_path() / "bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) stop("no folder at " + folder);
  const bool sqlite_is_fine = race_sqlite(folder);
  std::filesystem::remove_all(folder);
  const bool postgres_is_fine = race_postgres();
  const bool check = argc > 1 && std::strcmp(argv[1], "--check") == 0;
  return check && !(sqlite_is_fine && postgres_is_fine) ? 1 : 0;
}
