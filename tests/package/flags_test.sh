# The scan sees what the compiler sees: standard from a feature, definitions
# through generator expressions and after the call, quoted values, forced
# includes, precompiled headers, include directories of linked libraries, flags of
# the target's own folder and of old properties, folders of system headers, symbols
# of targets that export, words behind the compiler's name - with C enabled too.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_library(base INTERFACE)
target_include_directories(base INTERFACE "base headers")
target_compile_definitions(base INTERFACE FROM_BASE=1)
target_precompile_headers(base INTERFACE <chrono>)
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp)
target_link_libraries(app PRIVATE base)
target_compile_features(app PRIVATE cxx_std_20)
target_compile_definitions(app PRIVATE
  $<$<COMPILE_LANGUAGE:CXX>:WITH_AGE> $<$<CONFIG:Debug>:DEBUG_ONLY>
  TITLE="a b")
target_compile_options(app PRIVATE
  "SHELL:-include \"${CMAKE_CURRENT_SOURCE_DIR}/forced.hpp\""
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-unused-but-set-variable> -O1)
set_target_properties(app PROPERTIES COMPILE_FLAGS "-DOLD='\"a b\"' -DOTHER")
string(APPEND CMAKE_CXX_FLAGS " -DLATE")
string(APPEND CMAKE_CXX_FLAGS_RELEASE " -DLATE_RELEASE")
add_subdirectory(folder)
foreach(number RANGE 400)
  target_include_directories(app PRIVATE
    ${CMAKE_CURRENT_SOURCE_DIR}/a/long/list/of/include/directories/${number})
endforeach()
CMAKE
# The flags are those of the folder of the target, not of the call.
mkdir project/folder
cat >project/folder/CMakeLists.txt <<'CMAKE'
add_library(other STATIC ../models/other.cpp)
string(APPEND CMAKE_CXX_FLAGS " -DIN_FOLDER")
add_library(reuses STATIC ../models/other.cpp)
target_precompile_headers(other PRIVATE <chrono>)
target_precompile_headers(reuses REUSE_FROM other)
CMAKE
cat >>project/CMakeLists.txt <<'CMAKE'
schemagen_add_entities(other HEADERS models/other.hpp SCHEMA_DIR other)
schemagen_add_entities(reuses HEADERS models/other.hpp SCHEMA_DIR reuses)
CMAKE
echo '#include "other.hpp"' >project/models/other.cpp
cat >project/models/other.hpp <<'CPP'
#include <schemagen/annotations.hpp>
#if !defined(IN_FOLDER) || !defined(LATE)
#error "wrong flags"
#endif
struct SG_TABLE() Other {
  SG_COLUMN(.primary_key = true) std::chrono::seconds age;
};
CPP
mkdir "project/base headers"
echo 'struct Base { std::string from_base; };' >"project/base headers/base.hpp"
echo '#define FORCED 1' >project/forced.hpp
cat >project/models/user.hpp <<'CPP'
#pragma once
#include <cstdint>
#include <schemagen/annotations.hpp>
#include <string>
#include <string_view>
#include "base.hpp"
#if !defined(FORCED) || !defined(FROM_BASE) || defined(DEBUG_ONLY) || \
    !defined(LATE) || !defined(LATE_RELEASE) || defined(IN_FOLDER)
#error "wrong flags"
#endif
static_assert(__cplusplus >= 202002L);
static_assert(std::string_view(TITLE) == "a b" && sizeof(OLD) == 4 && OTHER);

struct SG_TABLE(.name = "users") User : Base {
  std::int64_t id;
  std::chrono::seconds precompiled;
#ifdef WITH_AGE
  int age = 0;
#endif
};
CPP
run configure project build -DCMAKE_BUILD_TYPE=Release
for target in app other reuses; do
  run build build --target ${target}_schemagen_generate
done
run build build
grep -q '"age"' project/migrations/*.up.sql || fail "WITH_AGE was not seen"
grep -q from_base project/migrations/*.up.sql || fail "the base was not seen"

# A definition that changes the model re-runs the check and fails the build.
sed -i 's/CXX>:WITH_AGE>/CXX>:WITHOUT_AGE>/' project/CMakeLists.txt
run_failing build build
expect "users.age"

# An older C++ that was put into the flags, past CMake, is told in a word.
cat >>project/CMakeLists.txt <<'CMAKE'
add_library(older STATIC older.cpp)
target_link_libraries(older PRIVATE SchemaGen::runtime)
CMAKE
echo '#include <schemagen/migrator.hpp>' >project/older.cpp
run configure project build -DCMAKE_CXX_FLAGS=-std=c++14
run_failing build build --target older
expect "#error \"SchemaGen's runtime needs C++17; take an older -std out of the flags\""

# Folders that the compiler searches as system folders come last for the scan, too:
# of imported libraries, of those that say SYSTEM, and not where that is taken back.
make_project system <<'CMAKE'
add_subdirectory(app)
CMAKE
mkdir system/app
for name in imported marked kept mine; do
  mkdir "system/app/$name+c++"
  echo "struct Base { int from_$name; };" >"system/app/$name+c++/base.hpp"
done
sed -i 's/^#include <string>/&\n#include <base.hpp>/; s/User {/User : Base {/' \
  system/models/user.hpp
cat >system/app/CMakeLists.txt <<'CMAKE'
foreach(name IN ITEMS imported kept mine)
  add_library(${name} INTERFACE IMPORTED)
  set_property(TARGET ${name} PROPERTY INTERFACE_INCLUDE_DIRECTORIES
    "${CMAKE_CURRENT_SOURCE_DIR}/${name}+c++")
endforeach()
add_library(marked INTERFACE)
target_include_directories(marked SYSTEM INTERFACE marked+c++)
add_library(uses_marked INTERFACE)
target_link_libraries(uses_marked INTERFACE marked imported)
set_target_properties(mine PROPERTIES IMPORTED_NO_SYSTEM ON SYSTEM OFF)
foreach(target IN ITEMS last first)
  add_library(${target} STATIC ../models/user.cpp)
  schemagen_add_entities(${target} HEADERS ../models/user.hpp SCHEMA_DIR ${target})
endforeach()
add_library(headers INTERFACE)
schemagen_add_entities(headers HEADERS ../models/user.hpp SCHEMA_DIR headers)
target_link_libraries(headers INTERFACE uses_marked mine)
target_link_libraries(last PRIVATE uses_marked mine)
target_link_libraries(first PRIVATE kept mine)
set_target_properties(first PROPERTIES NO_SYSTEM_FROM_IMPORTED ON)
target_compile_definitions(last PRIVATE WANTED=from_mine)
target_compile_definitions(first PRIVATE WANTED=from_kept)
CMAKE
printf '#include "user.hpp"\nauto the_one = &User::WANTED;\n' \
  >system/models/user.cpp
run configure system "system build"
for target in last first headers; do
  run build "system build" --target ${target}_schemagen_generate
done
for target in last headers; do
  grep -q from_mine system/app/$target/*.up.sql || fail "a system header was read"
done
grep -q from_kept system/app/first/*.up.sql || fail "the scan read a later header"
run build "system build"

# The symbols of targets that export, and what stands behind the compiler's name.
make_project exporting <<'CMAKE'
add_library(user-lib SHARED user.cpp)
add_library(named SHARED user.cpp)
set_target_properties(named PROPERTIES DEFINE_SYMBOL NAMED_SYMBOL)
add_library(unnamed SHARED user.cpp)
set_target_properties(unnamed PROPERTIES DEFINE_SYMBOL "")
add_library(plugin MODULE user.cpp)
add_executable(host user.cpp)
set_target_properties(host PROPERTIES ENABLE_EXPORTS ON)
set(wanted user_lib_EXPORTS NAMED_SYMBOL 1 plugin_EXPORTS host_EXPORTS)
foreach(target IN ITEMS user-lib named unnamed plugin host)
  list(POP_FRONT wanted symbol)
  target_compile_definitions(${target} PRIVATE WANTED=${symbol})
  schemagen_add_entities(${target} HEADERS models/user.hpp SCHEMA_DIR ${target}
                         ON_DRIFT GENERATE)
endforeach()
CMAKE
printf '#include "models/user.hpp"\nint main() {}\n' >exporting/user.cpp
cat >>exporting/models/user.hpp <<'CPP'
#if !WANTED || !BEHIND_THE_NAME || defined(unnamed_EXPORTS)
#error "wrong flags"
#endif
CPP
CXX="$CXX -DBEHIND_THE_NAME" run configure exporting "exporting build"
run build "exporting build"
run configure exporting "other system" -DCMAKE_SYSROOT_COMPILE=/ \
  -DCMAKE_SYSROOT=/nowhere -DCMAKE_CXX_COMPILER_EXTERNAL_TOOLCHAIN=/usr
run cat "other system/schemagen/host/flags.CXX"
expect "--sysroot=/ --gcc-toolchain=/usr "
