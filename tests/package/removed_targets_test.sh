# A target, or a configuration, that CMakeLists.txt no longer has is none that
# the tool asks about: what an earlier configuration left in the build folder
# is gone. The folders' names are no patterns for that.
. "$(dirname "$0")/harness.sh"

make_project "[x]" <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp)
add_executable(old main.cpp)
schemagen_add_entities(old HEADERS models/user.hpp SCHEMA_DIR old NAMESPACE app)
CMAKE
built="build [x] *"
run configure "[x]" "$built"
run_failing "$SCHEMAGEN" diff -p "$built"
expect "several targets have entities; say which one with --target: app, old [which-target]"
sed -i '/old/d' "[x]/CMakeLists.txt"
run configure "[x]" "$built"
run_failing "$SCHEMAGEN" diff -p "$built" # of app, which is all new
expect "create table users"
run_failing "$SCHEMAGEN" diff -p "$built" --target old
expect 'error: no target "old" has entities; there are: app [which-target]'

# The last one gone: then there is no project.
sed -i '/add_entities/d' "[x]/CMakeLists.txt"
run configure "[x]" "$built"
run_failing "$SCHEMAGEN" diff -p "$built"
expect "[no-project]"

echo 'schemagen_add_entities(app HEADERS models/user.hpp)' >>"[x]/CMakeLists.txt"
GENERATOR="Ninja Multi-Config"
run configure "[x]" multi -DCMAKE_CONFIGURATION_TYPES="Debug;Release;Fast"
run_failing "$SCHEMAGEN" diff -p multi --config Fast
expect "create table users"
run configure "[x]" multi -DCMAKE_CONFIGURATION_TYPES="Debug;Release"
run_failing "$SCHEMAGEN" diff -p multi --config Fast
expect 'there is no configuration "Fast"; there are: Debug, Release [unknown-config]'
