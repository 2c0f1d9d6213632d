# A stand-alone migrator from the same set, and `schemagen migrate` without any
# program: both bring the same database to the same state. Code migrations have in it
# what they have in the target.
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

# A code migration that needs a library, a standard and options of the target, which
# are said after the call.
make_project coded <<'CMAKE'
add_library(util STATIC util.cpp)
target_include_directories(util PUBLIC util)
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp)
schemagen_add_migrator(app_migrate FROM app)
target_link_libraries(app PRIVATE $<BUILD_INTERFACE:util>)
set_target_properties(app PROPERTIES CXX_STANDARD 20 CXX_EXTENSIONS OFF)
target_compile_options(app PRIVATE -fsanitize=address)
target_link_options(app PRIVATE -fsanitize=address)
target_compile_definitions(app PRIVATE STANDARD=202002L)
add_library(headers INTERFACE)
target_link_libraries(headers INTERFACE util)
target_compile_definitions(headers INTERFACE STANDARD=201703L)
schemagen_add_entities(headers HEADERS models/user.hpp SCHEMA_DIR headers)
schemagen_add_migrator(headers_migrate FROM headers)
CMAKE
mkdir coded/util
echo 'int nick_length();' >coded/util/util.hpp
echo 'int nick_length() { return 3; }' >coded/util.cpp
run configure coded "coded build"
for target in app headers; do
  NAME=first run build "coded build" --target ${target}_schemagen_generate
done
for folder in migrations headers; do
  cat >coded/$folder/29990101000000_use_util.cpp <<'CPP'
#include <schemagen/database.hpp>
#include <schemagen/migration.hpp>
#include <util.hpp>

SCHEMAGEN_MIGRATION(29990101000000, use_util) {
constexpr int revision = 1;
schemagen::Result<schemagen::Done> up(schemagen::Database&) {
  static_assert(__cplusplus >= STANDARD);
  if (nick_length() != 3) return schemagen::Error{};
  return schemagen::Done{};
}
schemagen::Result<schemagen::Done> down(schemagen::Database&) {
  return schemagen::Done{};
}
}
CPP
done
run "$SCHEMAGEN" accept -p "coded build" --target app
run "$SCHEMAGEN" accept -p "coded build" --target headers
run build "coded build"
for migrate in app_migrate headers_migrate; do
  run "./coded build/$migrate" up --url "sqlite:$HERE/$migrate.db"
  expect use_util
done
