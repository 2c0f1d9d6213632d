# Either half is a valid installation: the program alone, the libraries alone.
. "$(dirname "$0")/harness.sh"

run "$CMAKE" --install "$BUILD" --prefix "$HERE/tool" --component tool
run "$CMAKE" --install "$BUILD" --prefix "$HERE/runtime" --component runtime
[ -x tool/bin/schemagen ] || fail "the tool component has no program"
[ ! -e tool/include ] || fail "the tool component has headers"
[ ! -e runtime/bin ] || fail "the runtime component has a program"

mkdir project
project() { # lines of CMake
  printf '%s\n' 'cmake_minimum_required(VERSION 3.21)' 'project(p CXX)' "$@" \
    >project/CMakeLists.txt
  rm -rf build
}
PREFIX=$HERE/tool
project 'find_package(SchemaGen REQUIRED COMPONENTS tool)' \
  'add_custom_target(version ALL COMMAND SchemaGen::schemagen --version)'
run configure project build
run build build
project 'find_package(SchemaGen REQUIRED COMPONENTS runtime)'
run_failing configure project build
expect "runtime: this part of SchemaGen is not installed."
project 'find_package(SchemaGen COMPONENTS runtime)' \
  'if(SchemaGen_FOUND)' 'message(FATAL_ERROR "found")' 'endif()'
run configure project build

PREFIX=$HERE/runtime
project 'find_package(SchemaGen 0.1 REQUIRED COMPONENTS runtime sqlite)' \
  'add_executable(program main.cpp)' \
  'target_link_libraries(program SchemaGen::sqlite)'
cat >project/main.cpp <<'CPP'
#include <schemagen/migrator.hpp>
#include <schemagen/sqlite.hpp>
int main() {
  auto database = schemagen::sqlite::open(":memory:");
  if (!database) return 1;
  schemagen::MigrationSet none{"none", nullptr, 0};
  return schemagen::Migrator(**database, none).status() ? 0 : 0;
}
CPP
run configure project build
run build build
run ./build/program
project 'find_package(SchemaGen REQUIRED)' 'add_executable(program main.cpp)' \
  'schemagen_add_entities(program HEADERS main.cpp)'
run_failing configure project build
expect 'schemagen_add_entities(program): there is no schemagen program to run; this part of SchemaGen is not installed'
run configure project build -DSchemaGen_EXECUTABLE="$HERE/tool/bin/schemagen"
