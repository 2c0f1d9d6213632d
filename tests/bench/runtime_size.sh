#!/usr/bin/env bash
# What the runtime adds to a program: text of a stripped -O2 binary that opens
# an SQLite file and runs one embedded migration, over one that does the same
# with raw sqlite3 calls. Usage: runtime_size.sh SOURCE_DIR CXX LIMIT
set -euo pipefail
source_dir=$1 cxx=$2 limit=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake -S "$source_dir" -B "$work/build" -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_CXX_COMPILER="$cxx" -DSCHEMAGEN_BUILD_TOOL=OFF \
  -DSCHEMAGEN_BUILD_TESTS=OFF -DSCHEMAGEN_INSTALL=OFF > "$work/log"
cmake --build "$work/build" --target schemagen_sqlite >> "$work/log" ||
  { cat "$work/log"; exit 1; }

cat > "$work/raw.cpp" <<'END'
#include <sqlite3.h>
#include <cstdio>
int main(int argc, char** argv) {
  sqlite3* db = nullptr;
  if (argc != 2 || sqlite3_open(argv[1], &db) != SQLITE_OK) return 1;
  char* error = nullptr;
  const int done =
      sqlite3_exec(db, "CREATE TABLE t (x)", nullptr, nullptr, &error);
  if (done != SQLITE_OK) std::fprintf(stderr, "%s\n", error);
  sqlite3_close(db);
  return done == SQLITE_OK ? 0 : 1;
}
END
cat > "$work/app.cpp" <<'END'
#include <schemagen/migrator.hpp>
#include <schemagen/sqlite.hpp>
#include <cstdio>
namespace {
using namespace schemagen;
constexpr char kUp[] = "CREATE TABLE t (x)";
constexpr EmbeddedStatement kCuts[] = {{0, sizeof kUp - 1, false}};
constexpr EmbeddedMigration kRows[] = {
    {"20260101000000", "t", 0, {kUp, sizeof kUp - 1, kCuts, 1}, {}, nullptr, 0,
     nullptr, nullptr, "sha256-1:a", "sha256-1:b"}};
constexpr EmbeddedDialect kDialects[] = {{"sqlite", &sqlite::kConnector, kRows, 1}};
constexpr MigrationSet kSet{"app", kDialects, 1};
}
int main(int argc, char** argv) {
  if (argc != 2) return 1;
  auto db = sqlite::open(argv[1]);
  if (!db) return 1;
  Migrator migrator{**db, kSet};
  auto done = migrator.up();
  if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
END
cd "$work"
"$cxx" -std=c++17 -O2 raw.cpp -o raw -lsqlite3 -s
"$cxx" -std=c++17 -O2 -I"$source_dir/runtime/include" app.cpp -o app \
  build/runtime/libschemagen_sqlite.a build/runtime/libschemagen_runtime.a \
  build/runtime/libschemagen_core.a -lsqlite3 -s
./app app.db

# Small, but not by what a sanitized program asks of the objects: their types.
"$cxx" -std=c++17 -fsanitize=undefined -fno-sanitize-recover=all \
  -I"$source_dir/runtime/include" app.cpp -o sanitized \
  build/runtime/libschemagen_sqlite.a build/runtime/libschemagen_runtime.a \
  build/runtime/libschemagen_core.a -lsqlite3
./sanitized sanitized.db

text() { size "$1" | awk 'NR == 2 {print $1}'; }
added=$(($(text app) - $(text raw)))
echo "the runtime adds $added bytes of text; the limit is $limit"
[ "$added" -le "$limit" ]
