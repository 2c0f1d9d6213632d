# A stand-alone migrator from the same set, and `schemagen migrate` without any
# program: both bring the same database to the same state.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp NAMESPACE app)
add_subdirectory(deploy)
CMAKE
mkdir project/deploy
echo 'schemagen_add_migrator(app_migrate FROM app)' >project/deploy/CMakeLists.txt
prepare project build
migrate=build/deploy/app_migrate
run readelf -d $migrate
for library in libstdc++ libgcc libsqlite3 libpq; do expect_not $library; done
run $migrate up --url "sqlite:$HERE/app.db"
run $migrate status --json --url "sqlite:$HERE/app.db"
expect '"pending_migrations":[]'
run ./build/app verify --url "sqlite:$HERE/app.db"
run "$SCHEMAGEN" migrate -p build status --url "sqlite:$HERE/app.db"
run "$SCHEMAGEN" migrate --dir project/migrations down --url "sqlite:$HERE/app.db"
run "$SCHEMAGEN" migrate --dir project/migrations up --url "sqlite:$HERE/app.db"
run $migrate verify --url "sqlite:$HERE/app.db"
run build build
expect "ninja: no work to do."

# A program may wait for its own check and its own migrator, and for what waits for
# these.
cat >>project/CMakeLists.txt <<'CMAKE'
add_custom_target(late)
add_dependencies(late app_migrate)
add_dependencies(app schemagen_check app_migrate late)
CMAKE
run build build
run build build
expect_not "Linking"
