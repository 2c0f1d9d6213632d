# Entities that include what the build makes: by a custom target behind an
# INTERFACE library or an imported one (as ExternalProject is used), by a library
# with generated headers, by one with a set of them that is linked under a
# condition, wherever in that it is named, and in libraries that need each other. The
# rules of SchemaGen wait for it, without being told.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
function(make_header name)
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/${name}/${name}.hpp
    COMMAND ${CMAKE_COMMAND} -E sleep 1
    COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/${name}.in
            ${CMAKE_BINARY_DIR}/${name}/${name}.hpp
    DEPENDS ${CMAKE_SOURCE_DIR}/${name}.in VERBATIM)
endfunction()
make_header(config)
add_custom_target(make_config DEPENDS ${CMAKE_BINARY_DIR}/config/config.hpp)
add_library(config INTERFACE)
add_dependencies(config make_config)
target_include_directories(config INTERFACE ${CMAKE_BINARY_DIR}/config)
add_library(app::config ALIAS config)
add_executable(app main.cpp)
target_link_libraries(app PRIVATE $<BUILD_INTERFACE:app::config> middle
  $<$<CONFIG:Debug,Release,>:app::limits>
  $<IF:$<CONFIG:Nothing>,nothing,chosen> $<1:joined$<SEMICOLON>nothing> outer)
schemagen_add_entities(app HEADERS models/user.hpp)
schemagen_add_entities(middle HEADERS models/other.hpp SCHEMA_DIR other)
add_subdirectory(libraries)
CMAKE
mkdir project/libraries
cat >project/libraries/CMakeLists.txt <<'CMAKE'
make_header(proto)
add_library(proto STATIC proto.cpp ${CMAKE_BINARY_DIR}/proto/proto.hpp)
target_include_directories(proto PUBLIC ${CMAKE_BINARY_DIR}/proto)
make_header(limits)
add_library(limits STATIC loop.cpp)
target_sources(limits PUBLIC FILE_SET HEADERS
  BASE_DIRS ${CMAKE_BINARY_DIR}/limits
  FILES ${CMAKE_BINARY_DIR}/limits/limits.hpp)
add_library(app::limits ALIAS limits)
foreach(name IN ITEMS chosen joined)
  make_header(${name})
  add_library(${name} STATIC loop.cpp ${CMAKE_BINARY_DIR}/${name}/${name}.hpp)
  target_include_directories(${name} PUBLIC ${CMAKE_BINARY_DIR}/${name})
endforeach()
add_library(nothing INTERFACE)
make_header(outer)
add_custom_target(make_outer DEPENDS ${CMAKE_BINARY_DIR}/outer/outer.hpp)
add_library(outer INTERFACE IMPORTED GLOBAL)
add_dependencies(outer make_outer)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/outer)
target_include_directories(outer INTERFACE ${CMAKE_BINARY_DIR}/outer)
make_header(self)
add_library(middle STATIC middle.cpp ${CMAKE_BINARY_DIR}/self/self.hpp)
target_link_libraries(middle PUBLIC proto loop)
target_include_directories(middle PUBLIC ${CMAKE_BINARY_DIR}/self)
add_library(loop STATIC loop.cpp)
target_link_libraries(loop PRIVATE middle)
CMAKE
sed -i 's/add_executable(app/add_subdirectory(libraries)\n&/; $d' \
  project/CMakeLists.txt
echo 'constexpr int kMostLetters = 64;' >project/config.in
echo 'constexpr int kLetters = 1;' >project/limits.in
echo 'constexpr int kChosen = 1;' >project/chosen.in
echo 'constexpr int kJoined = 1;' >project/joined.in
echo 'constexpr int kOuter = 1;' >project/outer.in
echo 'struct Base { int base; };' >project/proto.in
echo 'struct Self { int self; };' >project/self.in
echo '#include "proto.hpp"' >project/libraries/proto.cpp
echo '#include "self.hpp"' >project/libraries/middle.cpp
echo 'int loop() { return 1; }' >project/libraries/loop.cpp
sed -i 's/^#include <string>/&\n#include <config.hpp>\n#include <chosen.hpp>\n#include <joined.hpp>\n#include <outer.hpp>\n#include <limits.hpp>\n#include <proto.hpp>/
        s/User {/User : Base {/
        s/^  std::string email/  SG_COLUMN(.max_length = kMostLetters) std::string email/' \
  project/models/user.hpp
cat >project/models/other.hpp <<'CPP'
#include <proto.hpp>
#include <schemagen/annotations.hpp>
struct SG_TABLE() Other : Base { int id; };
CPP

run configure project build
run build build --target app_schemagen_generate
grep -q 'length("email") <= 64' project/migrations/*.up.sql ||
  fail "the made header was not read"
run build build --target middle_schemagen_generate
run build build
rm -rf build
run configure project build
run build build --target app_schemagen_check
rm -rf build
run configure project build
run build build
run build build
expect "no work to do"
echo 'constexpr int kMostLetters = 65;' >project/config.in
run_failing build build
expect "text(64) -> text(65)"

# Without the build there is no such header yet.
rm -rf build
run configure project build
run_failing "$SCHEMAGEN" diff -p build --target app
expect "error: 'config.hpp' file not found [clang]"
expect "note: when the build makes it, build the target that does so first; when schemagen runs before that, name it after DEPENDS in schemagen_add_entities"

# Headers with entities that a rule of another folder, or a later one, makes.
make_project entities <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_entities(app DEPENDS make_team ${CMAKE_BINARY_DIR}/user.hpp
  HEADERS ${CMAKE_BINARY_DIR}/user.hpp ${CMAKE_BINARY_DIR}/made/team.hpp)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/user.hpp
  COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/models/user.hpp
          ${CMAKE_BINARY_DIR}/user.hpp
  DEPENDS models/user.hpp VERBATIM)
add_subdirectory(made)
CMAKE
mkdir entities/made
cat >entities/made/CMakeLists.txt <<'CMAKE'
add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/team.hpp
  COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_SOURCE_DIR}/team.in
          ${CMAKE_CURRENT_BINARY_DIR}/team.hpp
  DEPENDS team.in VERBATIM)
add_custom_target(make_team DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/team.hpp)
CMAKE
cat >entities/made/team.in <<'CPP'
#include <schemagen/annotations.hpp>
struct SG_TABLE() Team { int id; };
CPP
for GENERATOR in Ninja "Unix Makefiles"; do
  rm -rf entities/migrations
  prepare entities "entities by $GENERATOR"
done
GENERATOR=Ninja

# Twice as many libraries that make headers take twice as many commands of CMake,
# and not four times as many.
steps() { # number of libraries
  mkdir -p "long $1"
  echo 'int nothing();' >"long $1/nothing.cpp"
  echo '#pragma once' >"long $1/user.hpp"
  cat >"long $1/CMakeLists.txt" <<CMAKE
cmake_minimum_required(VERSION 3.21)
project(long LANGUAGES CXX)
find_package(SchemaGen REQUIRED)
add_library(app STATIC nothing.cpp)
set(last app)
foreach(number RANGE 1 $1)
  set(header \${CMAKE_BINARY_DIR}/\${number}.hpp)
  add_custom_command(OUTPUT \${header} COMMAND true)
  add_library(library\${number} STATIC nothing.cpp \${header})
  target_link_libraries(\${last} PRIVATE library\${number})
  set(last library\${number})
endforeach()
schemagen_add_entities(app HEADERS user.hpp)
CMAKE
  run configure "long $1" "long build $1" --trace
  grep -c "/SchemaGen.cmake(" out.txt
}
few=$(steps 40)
many=$(steps 80)
[ "$many" -lt $((few * 5 / 2)) ] || fail "$few commands of CMake became $many"
