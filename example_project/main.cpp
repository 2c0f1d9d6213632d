// A bicycle workshop's books: the database is brought up to date at start, then
// the command is carried out. The same program speaks SQLite and PostgreSQL.
//
//   workshop                              lists what is in the workshop
//   workshop receive NAME EMAIL FRAME TEXT  takes a bicycle in
//   workshop serve [PORT]                 http://127.0.0.1:PORT/migrations
//   workshop migrate up|down|status|...   the migrations by hand
//
// The database is DATABASE_URL, else workshop.db in this folder.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <schemagen/cli.hpp>
#include <schemagen/migrator.hpp>
#include <schemagen/postgres.hpp>
#include <schemagen/sqlite.hpp>
#include <string>
#include <vector>

#include "embedded_migrations.hpp"
#include "status_page.hpp"

namespace {

using schemagen::Database;
using schemagen::Result;

std::string database_url() {
  const char* url = std::getenv("DATABASE_URL");
  return url ? url : "sqlite:workshop.db";
}

Result<std::unique_ptr<Database>> open_database() {
  const std::string url = database_url();
  return url.rfind("postgres", 0) == 0 ? schemagen::postgres::open(url)
                                       : schemagen::sqlite::open(url);
}

int fail(const schemagen::Error& error) {
  std::cerr << "workshop: " << error.message << '\n';
  return 1;
}

int list_jobs(Database& db) {
  auto jobs = db.query(
      "SELECT jobs.id, customers.name, bicycles.frame_number, jobs.status, "
      "jobs.description FROM jobs "
      "JOIN bicycles ON bicycles.id = jobs.bicycle_id "
      "JOIN customers ON customers.id = bicycles.owner_id ORDER BY jobs.id");
  if (!jobs) return fail(jobs.error());
  if (jobs->empty()) std::cout << "The workshop is empty.\n";
  for (const schemagen::Row& job : *jobs) {
    std::cout << '#' << *job[0] << "  " << *job[1] << ", frame " << *job[2]
              << ": " << *job[4] << " (" << *job[3] << ")\n";
  }
  return 0;
}

int receive(Database& db, const std::vector<std::string>& words) {
  const std::string& email = words[2];
  const std::string& frame = words[3];
  const struct {
    const char* sql;
    schemagen::Row values;
  } steps[] = {
      {"INSERT INTO customers (name, email) VALUES ($1, $2) "
       "ON CONFLICT (email) DO NOTHING",
       {words[1], email}},
      {"INSERT INTO bicycles (owner_id, frame_number, make) "
       "SELECT id, $1, 'unknown' FROM customers WHERE email = $2 "
       "ON CONFLICT (frame_number) DO NOTHING",
       {frame, email}},
      {"INSERT INTO jobs (bicycle_id, description) "
       "SELECT id, $1 FROM bicycles WHERE frame_number = $2",
       {words[4], frame}},
  };
  for (const auto& step : steps) {
    if (auto done = db.execute(step.sql, step.values); !done) {
      return fail(done.error());
    }
  }
  return list_jobs(db);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words[0] == "migrate") {
    setenv("DATABASE_URL", database_url().c_str(), 0);
    return schemagen::run_cli(argc - 1, argv + 1, workshop::migrations());
  }

  auto db = open_database();
  if (!db) return fail(db.error());
  schemagen::Migrator migrator{**db, workshop::migrations()};
  if (auto done = migrator.up(); !done) return fail(done.error());

  if (words.empty()) return list_jobs(**db);
  if (words[0] == "receive" && words.size() == 5) return receive(**db, words);
  if (words[0] == "serve" && words.size() <= 2) {
    const int port = words.size() == 2 ? std::atoi(words[1].c_str()) : 8080;
    if (serve_status(database_url(), port)) return 0;
    std::cerr << "workshop: port " << port << " is taken; name another\n";
    return 1;
  }
  std::cerr << "usage: workshop [receive NAME EMAIL FRAME TEXT | serve [PORT] "
               "| migrate ...]\n";
  return 2;
}
