# The way of a newcomer: an empty folder, the first migration, a changed header,
# a build that fails at its line and names the command that mends it.
. "$(dirname "$0")/harness.sh"

make_project project <<<"$default_targets"
run configure project build

# Nothing is committed yet: the build says what to type, and it is right.
run_failing build build
expect "build $HERE/build --target app_schemagen_generate"
[ ! -e project/migrations ] || fail "a failed build wrote into the source tree"
NAME=first run build build --target app_schemagen_generate
ls project/migrations/*_first.up.sql project/migrations/*_first.down.sql \
  project/migrations/schema.snapshot.json >/dev/null
run build build
run ./build/app up --url "sqlite:$HERE/app.db"

add_member project 'std::int64_t age = 0;'
cp -r project before
run_failing build build
expect "$HERE/project/models/user.hpp:9:16: error: "
expect "users.age"
expect "build $HERE/build --target app_schemagen_generate"
diff -r project before || fail "a failed build changed the source tree"
run_failing build build # and it stays red
run_failing build build --target app_schemagen_check
run_failing build build --target schemagen_check
run_failing build build --target app_schemagen_diff
expect "users.age"
run_failing ctest --test-dir build -L schemagen

NAME=add_age run build build --target app_schemagen_generate
ls project/migrations/*_add_age.up.sql >/dev/null
run build build
run build build --target schemagen_check
run ctest --test-dir build -L schemagen
expect "100% tests passed, 0 tests failed out of 1"
run ./build/app up --url "sqlite:$HERE/app.db"
run ./build/app status --json --url "sqlite:$HERE/app.db"
expect '"pending_migrations":[]'

# An edited script is caught too, by its name, and nothing of it is embedded.
cp -r build/schemagen/app/include embedded
script=$(ls project/migrations/*_add_age.up.sql)
echo 'CREATE TABLE smuggled (id INTEGER);' >>"$script"
run_failing build build
expect "$(basename "$script")"
diff -r build/schemagen/app/include embedded || fail "a failed build embedded"
SCHEMAGEN_SKIP_CHECK=1 run build build
! diff -rq build/schemagen/app/include embedded || fail "the edit is no edit"
