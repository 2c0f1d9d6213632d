# The scan sees what the compiler sees: standard from a feature, definitions
# through generator expressions and after the call, quoted values, forced
# includes, include directories of linked libraries - with C enabled too.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_library(base INTERFACE)
target_include_directories(base INTERFACE "base headers")
target_compile_definitions(base INTERFACE FROM_BASE=1)
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
foreach(number RANGE 400)
  target_include_directories(app PRIVATE
    ${CMAKE_CURRENT_SOURCE_DIR}/a/long/list/of/include/directories/${number})
endforeach()
CMAKE
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
#if !defined(FORCED) || !defined(FROM_BASE) || defined(DEBUG_ONLY)
#error "wrong flags"
#endif
static_assert(__cplusplus >= 202002L);
static_assert(std::string_view(TITLE) == "a b");

struct SG_TABLE(.name = "users") User : Base {
  std::int64_t id;
#ifdef WITH_AGE
  int age = 0;
#endif
};
CPP
prepare project build -DCMAKE_BUILD_TYPE=Release
grep -q '"age"' project/migrations/*.up.sql || fail "WITH_AGE was not seen"
grep -q from_base project/migrations/*.up.sql || fail "the base was not seen"

# A definition that changes the model re-runs the check and fails the build.
sed -i 's/CXX>:WITH_AGE>/CXX>:WITHOUT_AGE>/' project/CMakeLists.txt
run_failing build build
expect "users.age"
