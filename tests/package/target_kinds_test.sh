# Every kind of target, from another directory than the target's, in any order
# with linking, two sets on one target, unity builds, precompiled headers, hidden
# symbols: all linked into one program, which lists the migrations of all. Two
# libraries of one namespace, where nothing can see while configuring that they meet.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_executable(app main.cpp)
add_library(st STATIC empty.cpp)
add_library(sh SHARED empty.cpp)
add_library(ob OBJECT empty.cpp)
add_library(in INTERFACE)
add_library(Models::in ALIAS in)
add_subdirectory(database)
target_link_libraries(app st sh ob in)
set_target_properties(app st PROPERTIES UNITY_BUILD ON)
set_target_properties(st PROPERTIES POSITION_INDEPENDENT_CODE ON)
set_target_properties(sh PROPERTIES CXX_VISIBILITY_PRESET hidden)
target_precompile_headers(app PRIVATE <string>)
target_compile_definitions(in INTERFACE WITH_AGE)
target_compile_options(app PRIVATE -Wall -Wextra -Wpedantic -Wconversion
                                   -Wshadow -Werror)
CMAKE
mkdir project/database
cat >project/database/CMakeLists.txt <<'CMAKE'
foreach(target IN ITEMS app st sh ob)
  schemagen_add_entities(${target} HEADERS ../models/user.hpp
                         SCHEMA_DIR ${target})
endforeach()
schemagen_add_entities(st HEADERS ../models/user.hpp SCHEMA_DIR second
                       NAMESPACE st::second)
schemagen_add_entities(Models::in HEADERS ../models/user.hpp SCHEMA_DIR in)
CMAKE
echo 'int nothing = 0;' | sed 's/nothing/&_at_all/' >project/empty.cpp
sed -i 's/^int nothing_at_all/static &/; s/^static int/[[maybe_unused]] &/' \
  project/empty.cpp
add_member project '#ifdef WITH_AGE\n  int age = 0;\n#endif'
cat >project/main.cpp <<'CPP'
#include <cstdio>
#include <schemagen/migration.hpp>

#include "embedded_migrations.hpp"
#include "st/second/embedded_migrations.hpp"
// Libraries bring their header under the name of their namespace.
#include "in/embedded_migrations.hpp"
#include "ob/embedded_migrations.hpp"
#include "sh/embedded_migrations.hpp"
#include "st/embedded_migrations.hpp"

static void show(const schemagen::MigrationSet& set) {
  std::printf("%s %zu\n", set.dialects[0].migrations[0].name,
              set.dialects[0].count);
}

int main() {
  show(app::migrations());
  show(st::migrations());
  show(st::second::migrations());
  show(sh::migrations());
  show(ob::migrations());
  show(in::migrations());
}
CPP
run configure project build
for set in app st sh ob in st_st_second; do
  NAME=of_$set run build build --target ${set}_schemagen_generate
done
run build build
run ./build/app
expect_equal "the migrations" \
  "of_app 1 of_st 1 of_st_st_second 1 of_sh 1 of_ob 1 of_in 1 " "$(output)"
grep -q '"age"' project/database/in/*of_in.up.sql ||
  fail "the definition of an INTERFACE library did not reach the scan"
! grep -q '"age"' project/database/st/*of_st.up.sql ||
  fail "a definition of another target reached the scan"
run build build
expect "ninja: no work to do."

# Linters leave it alone, whatever they are asked for.
for source in build/schemagen/*/include/embedded_migrations.cpp; do
  run clang-tidy-14 --quiet --checks='*,-llvm-header-guard' \
    --header-filter=embedded_migrations \
    --warnings-as-errors='*' "$source" -- -std=c++17 -I"$PREFIX/include"
done

make_project meeting <<'CMAKE'
foreach(kind IN ITEMS SHARED STATIC)
  foreach(name IN ITEMS a b)
    string(TOLOWER "${name}_${kind}" library)
    add_library(${library} ${kind} ${name}.cpp)
    schemagen_add_entities(${library} HEADERS models/user.hpp NAMESPACE db
                           SCHEMA_DIR ${library} ON_DRIFT GENERATE)
  endforeach()
  string(TOLOWER "${kind}" kind)
  add_executable(uses_${kind} uses.cpp)
  target_link_libraries(uses_${kind} $<1:a_${kind}> $<1:b_${kind}>)
endforeach()
CMAKE
for name in a b; do
  cat >meeting/$name.cpp <<CPP
#include "embedded_migrations.hpp"
const char* of_$name() { return db::migrations().name; }
CPP
done
cat >meeting/uses.cpp <<'CPP'
#include <cstdio>
const char* of_a();
const char* of_b();
int main() { std::printf("%s %s\n", of_a(), of_b()); }
CPP
run configure meeting "meeting build"
run build "meeting build" --target uses_shared
run "./meeting build/uses_shared"
expect_equal "the sets" "a_shared b_shared " "$(output)"
run_failing build "meeting build" --target uses_static
expect "multiple definition of \`db::migrations()'"
