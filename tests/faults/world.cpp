#include "faults/world.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <set>
#include <sstream>

#include "schemagen/postgres.hpp"
#include "schemagen/sqlite.hpp"

extern char** environ;

namespace schemagen::faults {
namespace {

constexpr const char* kSqliteSchema =
    "SELECT type, name, tbl_name, sql FROM sqlite_master "
    "WHERE name NOT LIKE 'schemagen_%' AND name NOT LIKE 'sqlite_%'";
constexpr const char* kSqliteQueries[] = {
    kSqliteSchema,
    "PRAGMA integrity_check",
    "PRAGMA foreign_key_check",
};

constexpr const char* kPostgresColumns =
    "SELECT table_name, column_name, data_type, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema = 'public' AND "
    "table_name NOT LIKE 'schemagen_%'";
constexpr const char* kPostgresIndexes =
    "SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index i JOIN "
    "pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = "
    "'public'::regnamespace AND c.relname NOT LIKE 'schemagen_%'";
constexpr const char* kPostgresConstraints =
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE "
    "connamespace = 'public'::regnamespace AND conname NOT LIKE "
    "'schemagen_%'";
constexpr const char* kPostgresQueries[] = {kPostgresColumns, kPostgresIndexes,
                                            kPostgresConstraints};

std::string line_of(const Row& row) {
  std::string line;
  for (const Cell& cell : row) line += '|' + cell.value_or("NULL");
  return line + '\n';
}

std::string rows_of(Database& database, const std::string& sql) {
  const auto rows = database.query(sql);
  if (!rows) {
    ADD_FAILURE() << sql << ": " << rows.error().message;
    return {};
  }
  std::vector<std::string> lines;
  for (const Row& row : *rows) lines.push_back(line_of(row));
  std::sort(lines.begin(), lines.end());
  std::string text = sql + '\n';
  for (const std::string& line : lines) text += line;
  return text;
}

std::vector<std::string> tables_of(Database& database, bool sqlite) {
  const auto rows = database.query(
      sqlite ? "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
             : "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
               "ORDER BY 1");
  std::vector<std::string> names;
  if (!rows) return names;
  for (const Row& row : *rows) names.push_back(row[0].value_or(""));
  return names;
}

}  // namespace

Scratch::Scratch() {
  std::error_code error;
  std::string pattern = std::filesystem::is_directory("/dev/shm", error)
                            ? "/dev/shm"
                            : std::filesystem::temp_directory_path().string();
  pattern += "/schemagen-faults-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    ADD_FAILURE() << "no scratch folder can be made at " << pattern;
  }
  path_ = pattern;
}

Scratch::~Scratch() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

pid_t start_app(const std::vector<std::string>& words,
                const std::string& output) {
  std::vector<char*> argv;
  std::vector<std::string> kept{FAULT_APP};
  kept.insert(kept.end(), words.begin(), words.end());
  for (std::string& word : kept) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const char* target = output.empty() ? "/dev/null" : output.c_str();
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, target,
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t process = -1;
  EXPECT_EQ(
      posix_spawn(&process, FAULT_APP, &actions, nullptr, argv.data(), environ),
      0);
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

int wait_for(pid_t process) {
  int status = 0;
  if (waitpid(process, &status, 0) != process) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int run_app(const std::vector<std::string>& words) {
  return wait_for(start_app(words));
}

std::string state_of(const std::string& url) {
  const bool sqlite = url.rfind("sqlite:", 0) == 0;
  const auto opened =
      sqlite ? schemagen::sqlite::open(url) : schemagen::postgres::open(url);
  if (!opened) {
    ADD_FAILURE() << opened.error().message;
    return {};
  }
  Database& database = **opened;
  std::string state;
  if (sqlite) {
    for (const char* sql : kSqliteQueries) state += rows_of(database, sql);
  } else {
    for (const char* sql : kPostgresQueries) state += rows_of(database, sql);
  }
  for (const std::string& table : tables_of(database, sqlite)) {
    const bool history = table == "schemagen_migrations";
    state += rows_of(database,
                     history ? "SELECT id, name, checksum, chain, state, error "
                               "FROM schemagen_migrations"
                             : "SELECT * FROM \"" + table + '"');
  }
  return state;
}

std::string difference(const std::string& want, const std::string& got) {
  const auto lines_of = [](const std::string& text) {
    std::multiset<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.insert(line);
    return lines;
  };
  const auto wanted = lines_of(want);
  const auto found = lines_of(got);
  std::vector<std::string> lost;
  std::vector<std::string> added;
  std::set_difference(wanted.begin(), wanted.end(), found.begin(), found.end(),
                      std::back_inserter(lost));
  std::set_difference(found.begin(), found.end(), wanted.begin(), wanted.end(),
                      std::back_inserter(added));
  std::string text;
  for (const std::string& line : lost) text += "- " + line + '\n';
  for (const std::string& line : added) text += "+ " + line + '\n';
  return text;
}

long setting(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr || *text == '\0' ? otherwise : std::atol(text);
}

}  // namespace schemagen::faults
