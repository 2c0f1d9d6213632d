# SchemaGen as a part of another project: the same names, nothing at the top
# level changed, no tests and no install rules of ours.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp)
install(TARGETS app)
include(CTest)
CMAKE
sed -i "s|find_package(SchemaGen REQUIRED)|add_subdirectory(\"$SOURCE\" schemagen_build)|" \
  project/CMakeLists.txt
# The tool takes minutes to compile; the built one stands in as host program.
prepare project build -DSCHEMAGEN_BUILD_TOOL=OFF -DCMAKE_BUILD_TYPE=Debug \
  -DSchemaGen_EXECUTABLE="$SCHEMAGEN"
run ./build/app up --url "sqlite:$HERE/app.db"
run build build
expect "ninja: no work to do."
run ctest --test-dir build -N
expect "Total Tests: 1"
run "$CMAKE" --install build --prefix "$HERE/prefix"
expect_equal "installed files" "prefix/bin/app" "$(find prefix -type f)"

# With the tool: its targets are there and the call accepts them.
run configure project "with tool"
run "$CMAKE" --build "with tool" --target help
expect "app_schemagen_generate"
