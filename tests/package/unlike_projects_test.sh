# Projects as other people have them: a library with entities that is installed,
# exported and used elsewhere; a superbuild; flags, standards and extensions set
# from outside, with quotes; a build by presets with several configurations.
. "$(dirname "$0")/harness.sh"

make_project lib <<'CMAKE'
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
add_library(store STATIC store.cpp)
add_library(my::store ALIAS store)
schemagen_add_entities(store HEADERS models/user.hpp NAMESPACE app)
target_include_directories(store PUBLIC
  "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>" $<INSTALL_INTERFACE:include>)
foreach(program IN ITEMS one two)
  add_executable(${program} main.cpp)
  target_link_libraries(${program} PRIVATE my::store)
endforeach()
add_library(only_headers INTERFACE)
schemagen_add_entities(only_headers HEADERS models/user.hpp SCHEMA_DIR headers)
install(TARGETS store only_headers only_headers_migrations
  EXPORT store ARCHIVE DESTINATION lib)
install(FILES models/user.hpp DESTINATION include/models)
install(EXPORT store NAMESPACE my:: FILE my-store.cmake DESTINATION lib/cmake/store)
install(FILES storeConfig.cmake DESTINATION lib/cmake/store)
CMAKE
cat >lib/storeConfig.cmake <<'CMAKE'
include(CMakeFindDependencyMacro)
find_dependency(SchemaGen)
include("${CMAKE_CURRENT_LIST_DIR}/my-store.cmake")
CMAKE
cat >lib/store.cpp <<'CPP'
#include "embedded_migrations.hpp"
#include "models/user.hpp"
const schemagen::MigrationSet& store_migrations() { return app::migrations(); }
CPP
run configure lib lib_build -DCMAKE_CXX_STANDARD=23 \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo
for target in store only_headers; do
  run build lib_build --target ${target}_schemagen_generate
done
run build lib_build
grep -q 'std=c++2[3b]' lib_build/schemagen/store/flags.CXX ||
  fail "the standard is not the project's"
for program in one two; do
  run ./lib_build/$program up --url "sqlite:$HERE/lib.db"
done
expect "nothing to do"
run "$CMAKE" --install lib_build --prefix "$HERE/store"
mv store "moved store"
rm -rf lib_build

mkdir user
cat >user/main.cpp <<'CPP'
#include <schemagen/cli.hpp>

#include "models/user.hpp"
const schemagen::MigrationSet& store_migrations();
namespace only_headers {
const schemagen::MigrationSet& migrations() noexcept;
}
int main(int argc, char** argv) {
  return schemagen::run_cli(
      argc, argv, argc ? store_migrations() : only_headers::migrations());
}
CPP
cat >user/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.21)
project(user LANGUAGES CXX)
find_package(store REQUIRED)
add_executable(user main.cpp)
target_link_libraries(user PRIVATE my::store my::only_headers)
CMAKE
run "$CMAKE" -S user -B user_build -DCMAKE_PREFIX_PATH="$PREFIX;$HERE/moved store"
run build user_build
run ./user_build/user status --url "sqlite:$HERE/lib.db"
expect "1 applied, 0 pending"

# A superbuild: the project is configured while the outer one builds.
make_project inner <<<"$default_targets"
prepare inner inner_build
rm -rf inner_build
mkdir super
cat >super/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.21)
project(super LANGUAGES NONE)
include(ExternalProject)
ExternalProject_Add(inner SOURCE_DIR "${CMAKE_CURRENT_SOURCE_DIR}/../inner"
  CMAKE_CACHE_ARGS "-DCMAKE_PREFIX_PATH:STRING=${CMAKE_PREFIX_PATH}"
  BUILD_ALWAYS ON INSTALL_COMMAND "")
CMAKE
run configure super super_build
run build super_build
add_member inner 'int age = 0;'
run_failing build super_build
expect "$HERE/inner/models/user.hpp:9:7: error: column users.age of User is new; run: cmake --build $HERE/super_build/inner-prefix/src/inner-build --target app_schemagen_generate [drift]"
run bash -c "$(grep -o 'cmake --build .*_schemagen_generate' out.txt | head -1)"
run build super_build

# What distributions and people put into the flags of everything.
flags="-DQUOTED='\"a b\"' -DESCAPED=\\\"a\\\" -DLIST=1,2 -DMORE='1 > 0' -Wp,-D_GLIBCXX_ASSERTIONS -include string -g -fno-rtti"
cat >>inner/models/user.hpp <<'CPP'
static_assert(sizeof(QUOTED) == 4 && sizeof(ESCAPED) == 2 && MORE && (HARD) == 0);
struct Two { int a[2] = {LIST}; };
CPP
run configure inner flags_build -DCMAKE_CXX_FLAGS="$flags" \
  -DCMAKE_BUILD_TYPE=Hard -DCMAKE_CXX_FLAGS_HARD="-DHARD='2 > 1,0'" -DCMAKE_UNITY_BUILD=ON \
  -DCMAKE_CXX_EXTENSIONS=OFF -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON
run build flags_build
run ./flags_build/app up --url "sqlite:$HERE/flags.db"
sed -i '/ESCAPED/,$d' inner/models/user.hpp

# Presets with several configurations.
cat >inner/CMakePresets.json <<'JSON'
{"version": 3, "configurePresets": [{"name": "all", "generator": "Ninja Multi-Config",
  "binaryDir": "${sourceDir}/build/${presetName}"}],
 "buildPresets": [{"name": "fast", "configurePreset": "all", "configuration": "Release"}]}
JSON
cd inner
run "$CMAKE" --preset all -DCMAKE_PREFIX_PATH="$PREFIX"
run "$CMAKE" --build --preset fast
add_member . 'int size = 0;'
run_failing "$CMAKE" --build --preset fast
expect "--target app_schemagen_generate --config Release [drift]"
run "$SCHEMAGEN" generate
run "$CMAKE" --build --preset fast
