# A program for SQLite builds where libpq is not installed and does not link it;
# asking for PostgreSQL there is an error that says what to install.
. "$(dirname "$0")/harness.sh"

make_project project <<<"$default_targets"
prepare project build -DCMAKE_DISABLE_FIND_PACKAGE_PostgreSQL=ON
run readelf -d build/app
expect "libsqlite3"
expect_not "libpq"
run ./build/app up --url "sqlite:$HERE/app.db"
run_failing ./build/app up --url postgresql://localhost/nothing
expect "postgresql"

sed -i 's/user.hpp)/user.hpp DIALECTS postgres)/' project/CMakeLists.txt
run_failing build build
expect 'schemagen_add_entities(app): DIALECTS "postgres" cannot be linked, because libpq (libpq-dev) was not found; install it and configure again'

printf '%s\n' 'cmake_minimum_required(VERSION 3.21)' 'project(p CXX)' \
  'find_package(SchemaGen REQUIRED COMPONENTS postgres)' >project/CMakeLists.txt
run_failing configure project build2 -DCMAKE_DISABLE_FIND_PACKAGE_PostgreSQL=ON
expect "postgres: PostgreSQL was not found; install it."
