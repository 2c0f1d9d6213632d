# SchemaGen as a part of another project: the same names, nothing at the top
# level changed, no tests and no install rules of ours, unless the project asks
# for those; whatever the project wants of its own sources.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp)
install(TARGETS app)
include(CTest)
if(SCHEMAGEN_INSTALL)
  add_library(store STATIC store.cpp)
  schemagen_add_entities(store HEADERS models/user.hpp SCHEMA_DIR store)
  install(TARGETS store EXPORT store)
  install(EXPORT store NAMESPACE my:: DESTINATION lib/cmake/store)
  export(EXPORT store NAMESPACE my:: FILE "${CMAKE_BINARY_DIR}/store.cmake")
endif()
CMAKE
sed -i "s|find_package(SchemaGen REQUIRED)|add_compile_options(-Wpadded -Werror)\\
add_subdirectory(\"$SOURCE\" schemagen_build)\\
set_property(DIRECTORY PROPERTY COMPILE_OPTIONS)|" project/CMakeLists.txt
# The tool takes minutes to compile; the built one stands in as host program.
prepare project build -DSCHEMAGEN_BUILD_TOOL=OFF -DCMAKE_BUILD_TYPE=Debug \
  -DSchemaGen_EXECUTABLE="$SCHEMAGEN" -DCMAKE_UNITY_BUILD=ON
run ./build/app up --url "sqlite:$HERE/app.db"
run build build
expect "ninja: no work to do."
run ctest --test-dir build -N
expect "Total Tests: 1"
run "$CMAKE" --install build --prefix "$HERE/prefix"
expect_equal "installed files" "prefix/bin/app" "$(find prefix -type f)"

# A library with migrations that the project installs needs the runtime beside
# it. What the project packs is its own matter.
echo 'int store() { return 1; }' >project/store.cpp
run "$CMAKE" build -DSCHEMAGEN_INSTALL=ON
NAME=first run build build --target store_schemagen_generate
run build build
run "$CMAKE" --install build --prefix "$HERE/prefix"
[ ! -e build/CPackConfig.cmake ] || fail "the project's packages are ours"
mkdir user
cat >user/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.21)
project(user LANGUAGES CXX)
find_package(SchemaGen REQUIRED)
include("${CMAKE_PREFIX_PATH}/lib/cmake/store/store.cmake")
add_executable(user user.cpp)
target_link_libraries(user PRIVATE my::store)
CMAKE
cat >user/user.cpp <<'CPP'
#include <schemagen/cli.hpp>
namespace store {
const schemagen::MigrationSet& migrations() noexcept;
}
int main(int argc, char** argv) {
  return schemagen::run_cli(argc, argv, store::migrations());
}
CPP
run "$CMAKE" -S user -B user_build -DCMAKE_PREFIX_PATH="$HERE/prefix"
run build user_build
run ./user_build/user up --url "sqlite:$HERE/user.db"

# The same from the project's build folder, nothing installed.
cat >user/CMakeLists.txt <<CMAKE
cmake_minimum_required(VERSION 3.21)
project(user LANGUAGES C CXX)
find_package(SQLite3 REQUIRED)
include("$HERE/build/schemagen_build/SchemaGen-targets.cmake")
include("$HERE/build/store.cmake")
add_executable(user user.cpp)
target_link_libraries(user PRIVATE my::store)
CMAKE
run "$CMAKE" -S user -B user_in_place
run build user_in_place
run ./user_in_place/user up --url "sqlite:$HERE/in_place.db"

# With the tool: its targets are there and the call accepts them.
run configure project "with tool"
run "$CMAKE" --build "with tool" --target help
expect "app_schemagen_generate"
