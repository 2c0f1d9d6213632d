# Unix Makefiles: one run after an edit, none after none, nothing recompiled
# when the output is unchanged, and a parallel build of two targets.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp)
add_executable(other other.cpp)
schemagen_add_entities(other HEADERS models/user.hpp SCHEMA_DIR other_migrations)
CMAKE
sed 's/app::/other::/' project/main.cpp >project/other.cpp
GENERATOR="Unix Makefiles"
run configure project build
run build build --target app_schemagen_generate
run build build --target other_schemagen_generate
run build build -- -j2

run build build -- -j2
expect_not "Checking the schema"
expect_not "Building"
sleep 1.1
touch project/migrations/schema.snapshot.json
run build build -- -j2
expect "Checking the schema of app"
expect_not "Checking the schema of other"
expect_not "Building"
run build build -- -j2
expect_not "Checking the schema"

add_member project 'bool active = true;'
run_failing build build
expect "$HERE/project/models/user.hpp:9:8: error: "
find project -type f | sort | xargs sha256sum >before.txt
run build build --target clean
find project -type f | sort | xargs sha256sum >after.txt
cmp before.txt after.txt || fail "clean changed the source tree"
