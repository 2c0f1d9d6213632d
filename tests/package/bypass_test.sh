# In an emergency the check can be skipped, by cache variable or environment:
# loudly, for that build only, and never in a way that stays unnoticed.
# ON_DRIFT WARN tells it in every build and goes on; GENERATE writes the
# migration.
. "$(dirname "$0")/harness.sh"

make_project project <<<"$default_targets"
prepare project build
add_member project 'bool active = true;'
run_failing build build

SCHEMAGEN_SKIP_CHECK=1 run build build
expect "SCHEMAGEN_SKIP_CHECK"
run ./build/app up --url "sqlite:$HERE/app.db"
run_failing build build # nothing of it is remembered
expect "user.hpp:9:8: error: "

run configure project build -DSCHEMAGEN_SKIP_CHECK=ON
expect "SCHEMAGEN_SKIP_CHECK is on; drift and edited scripts go unnoticed until it is off"
run build build
expect "SCHEMAGEN_SKIP_CHECK"
run configure project build -DSCHEMAGEN_SKIP_CHECK=OFF
run_failing build build

sed -i 's/user.hpp)/user.hpp ON_DRIFT WARN)/' project/CMakeLists.txt
run build build
expect "user.hpp:9:8: warning: "
run build build # as long as it is so, and without compiling anything again
expect "user.hpp:9:8: warning: "
expect_not "Building"
ls project/migrations >before.txt

sed -i 's/ON_DRIFT WARN/ON_DRIFT GENERATE/' project/CMakeLists.txt
run build build
expect_equal "new files" 2 "$(ls project/migrations | diff before.txt - | grep -c '^>')"
run ./build/app up --url "sqlite:$HERE/app.db"
run build build
run build build
expect "ninja: no work to do."
