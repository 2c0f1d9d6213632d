# FetchContent: sources that are already there stand in for the download, so
# nothing asks a network; `find_package` elsewhere in the project gets the same
# targets; an installed package is taken first where the project says so.
. "$(dirname "$0")/harness.sh"

make_project project/program </dev/null
cat >project/program/CMakeLists.txt <<'CMAKE'
find_package(SchemaGen REQUIRED)
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp)
install(TARGETS app)
CMAKE
# No such host exists: what tries to download fails.
declare='include(FetchContent)
FetchContent_Declare(SchemaGen GIT_REPOSITORY https://nowhere.invalid/schemagen.git
  GIT_TAG v0.1.0 '
from() { # how FetchContent is used
  printf '%s\n' 'cmake_minimum_required(VERSION 3.24)' \
    'project(user_project LANGUAGES C CXX)' 'enable_testing()' "$@" \
    'add_subdirectory(program)' >project/CMakeLists.txt
}
fetched=(-DFETCHCONTENT_SOURCE_DIR_SCHEMAGEN="$SOURCE"
  -DFETCHCONTENT_FULLY_DISCONNECTED=ON
  # The tool takes minutes to compile; the built one stands in.
  -DSCHEMAGEN_BUILD_TOOL=OFF -DSchemaGen_EXECUTABLE="$SCHEMAGEN")

from "$declare OVERRIDE_FIND_PACKAGE)"
run "$CMAKE" -S project -B build -G Ninja "${fetched[@]}"
NAME=first run build build --target app_schemagen_generate
run build build
run ./build/program/app up --url "sqlite:$HERE/app.db"
run build build
expect "ninja: no work to do."
run ctest --test-dir build -N
expect "Total Tests: 1"
run "$CMAKE" --install build --prefix "$HERE/prefix"
expect_equal "installed files" "prefix/bin/app" "$(find prefix -type f)"

# By its own words, without find_package.
from "$declare)" 'FetchContent_MakeAvailable(SchemaGen)'
sed -i '/find_package/d' project/program/CMakeLists.txt
run "$CMAKE" -S project -B direct -G Ninja "${fetched[@]}"
run build direct --target app_schemagen_check

# An installed package goes first; nothing is fetched then.
from "$declare FIND_PACKAGE_ARGS)" 'FetchContent_MakeAvailable(SchemaGen)'
run configure project installed
run build installed
[ ! -e installed/_deps/schemagen-src ] || fail "it was fetched all the same"
run ./installed/program/app up --url "sqlite:$HERE/app.db"
