// What plans cost: from two models to scripts, and a rebuild of a million rows
// beside the same procedure typed into the sqlite3 shell. Prints tables;
// `--check` exits 1 when a figure is over its limit.
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "model/snapshot.hpp"
#include "schemagen/migrator.hpp"
#include "schemagen/sqlite.hpp"
#include "support/build_schema.hpp"
#include "support/plan_runner.hpp"
#include "support/plan_set.hpp"

namespace {

using namespace schemagen;
using namespace schemagen::gen;
using namespace schemagen::test;
namespace fs = std::filesystem;

[[noreturn]] void stop(const std::string& what) {
  std::fprintf(stderr, "error: %s\n", what.c_str());
  std::exit(2);
}

double cpu_ms() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto ms = [](const timeval& t) {
    return double(t.tv_sec) * 1e3 + double(t.tv_usec) / 1e3;
  };
  return ms(used.ru_utime) + ms(used.ru_stime);
}

// Models to scripts -----------------------------------------------------------

/// 12 columns, 2 indexes and 1 foreign key each.
Schema wide_schema(int tables) {
  std::vector<Table> all;
  for (int i = 0; i < tables; ++i) {
    std::vector<Column> columns = {column("parent_id", TypeKind::int64)};
    for (int c = 0; c < 10; ++c) {
      columns.push_back(column("column_" + std::to_string(c),
                               c % 2 == 0 ? TypeKind::text : TypeKind::int32));
    }
    Table made = table("table_" + std::to_string(i), std::move(columns));
    for (const char* name : {"column_1", "column_2"}) {
      Index index;
      index.columns = {{name, false}};
      made.indexes.push_back(std::move(index));
    }
    made.foreign_keys = {
        refers("parent_id", "table_" + std::to_string(i == 0 ? 0 : i / 2))};
    all.push_back(std::move(made));
  }
  return schema(std::move(all));
}

struct PlanCost {
  double snapshot_ms = 1e9;  ///< read and written
  double plan_ms = 1e9;      ///< diff, scripts of both directions and dialects
};

PlanCost plan_cost(int tables) {
  Schema after = wide_schema(tables);
  Snapshot before;
  before.dialects = dialect_names();
  before.schema = after;
  const std::string text = write_snapshot(before);
  for (Column& each : after.tables[after.tables.size() / 2].columns) {
    if (each.name == "column_2") each.nullable = true;
  }
  PlanCost least;
  for (int round = 0; round < 7; ++round) {
    const double start = cpu_ms();
    Diagnostics diagnostics;
    Snapshot read = read_snapshot(text, "snapshot", diagnostics);
    const double planning = cpu_ms();
    const Plan up = make_plan(read.schema, after, {}, diagnostics);
    const Plan down = reverse(up);
    std::size_t bytes = 0;
    for (const std::string& name : dialect_names()) {
      bytes += script_of(*find_dialect(name), up).size();
      bytes += script_of(*find_dialect(name), down).size();
    }
    const double planned = cpu_ms();
    read.schema = after;
    bytes += write_snapshot(read).size();
    if (up.changes.size() != 1 || bytes == 0) stop("not one change");
    least.plan_ms = std::min(least.plan_ms, planned - planning);
    least.snapshot_ms =
        std::min(least.snapshot_ms, cpu_ms() - planned + planning - start);
  }
  return least;
}

bool race_plans() {
  std::printf("%-40s %9s %9s %7s %9s\n", "diff and render, tables", "cpu ms",
              "us/table", "limit", "snapshot");
  const double limit = 100;
  double thousand = 0;
  for (const int tables : {10, 100, 1000}) {
    const PlanCost cost = plan_cost(tables);
    thousand = cost.plan_ms;
    std::printf("%-40d %9.2f %9.1f %7.0f %9.2f\n", tables, cost.plan_ms,
                cost.plan_ms * 1e3 / tables, limit, cost.snapshot_ms);
    std::fflush(stdout);
  }
  return thousand <= limit;
}

// A rebuild -------------------------------------------------------------------

struct Usage {
  double cpu_ms = 0;
  double wall_ms = 0;
};

Usage run(const std::vector<std::string>& command, const std::string& input) {
  std::vector<char*> words;
  for (const std::string& word : command) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  if (!input.empty()) {
    posix_spawn_file_actions_addopen(&files, 0, input.c_str(), 0, 0);
  }
  const auto start = std::chrono::steady_clock::now();
  pid_t child = 0;
  if (posix_spawnp(&child, words[0], &files, nullptr, words.data(), environ)) {
    stop("cannot run " + command[0]);
  }
  posix_spawn_file_actions_destroy(&files);
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child || status != 0) {
    stop(command[0] + " failed");
  }
  const auto ms = [](const timeval& t) {
    return double(t.tv_sec) * 1e3 + double(t.tv_usec) / 1e3;
  };
  return {ms(used.ru_utime) + ms(used.ru_stime),
          std::chrono::duration<double, std::milli>(
              std::chrono::steady_clock::now() - start)
              .count()};
}

/// Users with posts that refer to them; the change demands a nickname.
std::vector<Plan> user_plans() {
  Table users = table("users", {column("email"), optional(column("nick")),
                                column("score", TypeKind::int32),
                                column("created_at", TypeKind::timestamp)});
  users.uniques = {{"", {"email"}, {}}};
  Table posts = table("posts", {column("user_id", TypeKind::int64)});
  posts.foreign_keys = {refers("user_id", "users")};
  posts.foreign_keys[0].on_delete = Action::cascade;
  const Schema before = schema({users, posts});
  Column& nick = users.columns[1];
  nick.nullable = false;
  nick.default_value = Literal{Literal::Kind::text, "nobody"};
  const Schema after = schema({users, posts});
  Diagnostics diagnostics;
  std::vector<Plan> plans = {make_plan({}, before, {}, diagnostics),
                             make_plan(before, after, {}, diagnostics)};
  if (diagnostics.has_errors()) stop(to_text(diagnostics.sorted(), false));
  return plans;
}

void migrate(const std::string& file, std::size_t version) {
  Diagnostics diagnostics;
  const MemorySet set("bench",
                      prepare_plans("sqlite", user_plans(), diagnostics));
  auto database = sqlite::open(file);
  if (!database) stop(database.error().message);
  auto done = Migrator(**database, set.set()).up_to(id_of(version));
  if (!done) stop(done.error().message);
}

void fill(const std::string& file, int rows) {
  migrate(file, 1);
  auto database = sqlite::open(file);
  const std::string numbers =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i "
      "< " +
      std::to_string(rows) + ") ";
  for (const std::string& sql :
       {numbers +
            "INSERT INTO users (id, email, nick, score, created_at) SELECT i, "
            "'user' || i || '@example.org', CASE i % 3 WHEN 0 THEN NULL ELSE "
            "'nick ' || i END, i % 1000, '2026-01-01 00:00:00' FROM n",
        numbers + "INSERT INTO posts (id, user_id) SELECT i, i FROM n WHERE i "
                  "% 4 = 0"}) {
    auto done = (*database)->execute(sql);
    if (!done) stop(done.error().message);
  }
}

/// What a person would type, by the book: sqlite.org/lang_altertable.html.
std::string typed_procedure() {
  const Plan plan = user_plans()[1];
  std::string text = "PRAGMA foreign_keys = OFF;\nBEGIN;\n";
  for (const Statement& each :
       find_dialect("sqlite")->render(plan).statements) {
    if (each.guard || each.sql.compare(0, 6, "PRAGMA") == 0) continue;
    text += each.sql + ";\n";
  }
  return text +
         "PRAGMA foreign_key_check;\nCOMMIT;\nPRAGMA foreign_keys = ON;\n";
}

/// The most memory that a process had since its start. Its rusage would count
/// that of the program that started it.
constexpr const char* kPeak = "VmHWM:";

long own_peak() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word && word != kPeak) continue;
  long kilobytes = 0;
  status >> kilobytes;
  return kilobytes;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// One side over all rounds.
struct Side {
  std::vector<double> cpu, wall;
  long kilobytes = 0;

  void add(const Usage& used, const std::string& peak) {
    cpu.push_back(used.cpu_ms);
    wall.push_back(used.wall_ms);
    std::ifstream(peak) >> kilobytes;
  }
};

struct Rebuild {
  Side shell, ours;
};

Rebuild rebuild(const std::string& self, const fs::path& folder, int rows,
                int rounds) {
  const std::string filled = (folder / "filled.db").string();
  const std::string file = (folder / "app.db").string();
  const std::string script = (folder / "typed.sql").string();
  const std::string peak = (folder / "peak").string();
  fs::remove(filled);
  run({self, "--fill", filled, std::to_string(rows)}, "");
  std::ofstream(script) << typed_procedure() << ".shell sed -n 's/" << kPeak
                        << "//p' /proc/$PPID/status > " << peak << '\n';
  Rebuild both;
  for (int round = 0; round < rounds; ++round) {
    fs::copy_file(filled, file, fs::copy_options::overwrite_existing);
    both.shell.add(run({"sqlite3", "-bail", file}, script), peak);
    fs::copy_file(filled, file, fs::copy_options::overwrite_existing);
    both.ours.add(run({self, "--migrate", file, peak}, ""), peak);
  }
  return both;
}

bool race_rebuild(const std::string& self, const fs::path& folder, int rows) {
  const auto [shell, ours] = rebuild(self, folder, rows, 5);
  // What the program itself takes, its planner included, is no cost of rows.
  const auto [small_shell, small_ours] = rebuild(self, folder, 10, 3);
  const double ratio = median(ours.cpu) / median(shell.cpu);
  std::printf("%-40s %9s %9s %7s %7s\n", "rebuild, rows", "shell", "ours",
              "ratio", "limit");
  std::printf("%-33d cpu ms %9.0f %9.0f %7.3f %7.2f\n", rows, median(shell.cpu),
              median(ours.cpu), ratio, 1.15);
  std::printf("%40s %9.0f %9.0f %7.3f\n", "ms", median(shell.wall),
              median(ours.wall), median(ours.wall) / median(shell.wall));
  const long shell_kb = shell.kilobytes - small_shell.kilobytes;
  const long ours_kb = ours.kilobytes - small_ours.kilobytes;
  std::printf("%40s %9ld %9ld %7.3f\n\n", "kB more than for 10 rows", shell_kb,
              ours_kb, double(ours_kb) / double(shell_kb));
  std::fflush(stdout);
  return ratio <= 1.15;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "--migrate") == 0) {
    migrate(argv[2], 2);
    std::ofstream(argv[3]) << own_peak() << '\n';
    return 0;
  }
  if (argc == 4 && std::strcmp(argv[1], "--fill") == 0) {
    fill(argv[2], std::atoi(argv[3]));
    return 0;
  }
  const char* rows = std::getenv("SCHEMAGEN_BENCH_ROWS");
  const fs::path folder = fs::current_path() / "plan-bench";
  fs::remove_all(folder);  // of a run that was killed
  fs::create_directories(folder);
  bool fine = race_rebuild(fs::canonical("/proc/self/exe").string(), folder,
                           rows != nullptr ? std::atoi(rows) : 1000000);
  fs::remove_all(folder);
  fine = race_plans() && fine;
  const bool check = argc > 1 && std::strcmp(argv[1], "--check") == 0;
  return check && !fine ? 1 : 0;
}
