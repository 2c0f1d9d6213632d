# CMake's target `codegen` makes what editors read; SCHEMAGEN_CLANGD: the .clangd that it writes makes clangd complete and explain
# annotations, and one of the user's own stays as it is.
. "$(dirname "$0")/harness.sh"

make_project project <<<"$default_targets"
run configure project build
[ ! -e project/.clangd ] || fail "a .clangd that nobody asked for"
run configure project build -DSCHEMAGEN_CLANGD=ON
for name in clangd clangd-19 clangd-14; do
  clangd=$(command -v $name) && break
done
run python3 "$SOURCE/tests/package/clangd_test.py" "$clangd" "$PREFIX/include" \
  project/.clangd
expect "clangd completes and explains annotations"

run configure project build
expect_not "Warning"
echo 'Diagnostics: {}' >project/.clangd
run configure project build
expect 'is there already and does not define SCHEMAGEN_IDE; write -DSCHEMAGEN_IDE into "Add:" of its "CompileFlags:"'
expect_equal .clangd 'Diagnostics: {}' "$(cat project/.clangd)"

# CMake 3.31 makes by `codegen` what `all` is made of: the rule belongs to `all`,
# unless its target does not.
make_project made <<'CMAKE'
if(POLICY CMP0171)
  cmake_policy(SET CMP0171 NEW)
endif()
add_executable(app main.cpp)
add_library(left_out STATIC EXCLUDE_FROM_ALL main.cpp)
add_subdirectory(folder EXCLUDE_FROM_ALL)
schemagen_add_entities(app HEADERS models/user.hpp)
schemagen_add_entities(left_out HEADERS models/user.hpp SCHEMA_DIR left_out)
schemagen_add_entities(far HEADERS models/user.hpp SCHEMA_DIR far)
CMAKE
mkdir made/folder
echo 'add_library(far STATIC ../main.cpp)' >made/folder/CMakeLists.txt
run configure made "made build"
NAME=first run build "made build" --target app_schemagen_generate
run build "made build" -- -t query all
expect " app_schemagen_embed "
expect_not "left_out"
expect_not "far"
run build "made build" -- -t targets all
if grep -q '^codegen: ' out.txt; then
  run build "made build" --target codegen
  [ -e "made build/schemagen/app/include/embedded_migrations.cpp" ] ||
    fail "codegen makes no source"
fi
run build "made build"
